"""Fit the learned parts: python eval/train.py ../shared/data --index index/training.

Four linear models, each fitted on the training half of every collection, on our own
development questions and on those of `eval/training`; the other halves are not read here. Halves
are parted by the document that holds the answer, so no paragraph is seen by both. Writes
`kb/weights.json` and the training record beside this script.

1. passage: softmax over the first passages of a question (listwise), then scaled to a
   probability by Platt's method (Platt 1999); read: the same over those that the extractive reader
   has read.
2. sentence: the same over the sentences of the best passages.
3. support: logistic regression of "the answer quotes a gold span" on what was found, with
   questions about other subjects and unanswerable ones among the negatives; a wrong answer
   to a question that has one counts as half right. Scaled afterwards to the share of right
   answers.

All that without the questions that our library is expected to be asked, which no other library
has. What they add is fitted afterwards (alone: `--expected`) on our questions and on those in
everyday words, beside what was fitted before; the support model of sources that have such
questions is one of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from placed import placed_bench
from scipy.optimize import minimize

from kb import weights
from kb.asking import Asker, Course
from kb.confidence import SUPPORT_FEATURES
from kb.corpus import document_id
from kb.evaluation.bench import Bench, prepare
from kb.evaluation.datasets import load_dataset
from kb.evaluation.questions import Question
from kb.expected import FILE as EXPECTED_QUESTIONS
from kb.library import Library
from kb.matching import Asked
from kb.ranking import HEAD, PASSAGE_FEATURES, READ, READ_FEATURES, Ranked, read_features
from kb.records import Filters
from kb.selection import PASSAGES_READ, SENTENCE_FEATURES, sentence_features
from kb.settings import Settings, load_settings
from kb.weights import Linear, Support, Weights

ROOT = Path(__file__).parent.parent
RECORD = ROOT / "eval" / "training.json"
COLLECTIONS = ("squad2_dev_a", "openstax_mgmt_terms", "xquad_en", "beir_scifact", "cranfield")
# Texts that are asked the questions of `eval/training/NAME.jsonl`: folders beside the collections.
TEXTS = {
    "textbook": "domain_openstax_principles_management",
    "manual": "domain_army_fm6_22",
    "essays": "../seeds",
}
OURS = ("own", *TEXTS)  # questions of ours, all of them fitted
# Questions in everyday words, for what expected questions add alone: of all features fitted on
# them too, what leads to a sentence of ours would cost what leads to those of others.
EVERYDAY = "everyday"
# Collections count the same in ranking; those over `TEXTS` count as one.
GROUPS = {name: "texts" for name in TEXTS}
WITH_SPANS = ("squad2_dev_a", "xquad_en", *OURS, EVERYDAY)
# Questions for the support model alone, right if a quote stands in a relevant document: names of
# things, which have an answer in their own library and none in another.
NAMES = "openstax_mgmt_terms"
OTHER_SUBJECT = 300  # questions of other collections put to each library
# Libraries that are asked the questions of another subject. Management terms are not put to our
# own library, which may well answer them.
FOREIGN = (
    ("squad2_dev_a", "xquad_en"),
    ("squad2_dev_a", "openstax_mgmt_terms"),
    ("own", "squad2_dev_a"),
    ("own", "beir_scifact"),
    ("xquad_en", "own"),
    ("xquad_en", "openstax_mgmt_terms"),
    ("textbook", "squad2_dev_a"),
    ("manual", "beir_scifact"),
    ("essays", "xquad_en"),
)
L2 = 1e-3
# Shares among the groups that no answer is right for; 1 for every other group. These and the
# weights of the collections were chosen in cross-validation, with the totals of SQuAD's other half
# and of our test questions in view; in no result file.
SHARES = {
    "unanswerable": 3.0,
    "near-unanswerable": 3.0,
    "false-premise": 0.5,
    "other subject": 3.0,
}
# Of sources that are expected to be asked questions; chosen in cross-validation over development
# questions, with totals of test questions in view; in no result file.
EXPECTED_SHARES = {**SHARES, "near-unanswerable": 6.0}
SUPPORT_SHARES = {
    "own": 3.0,
    "squad2_dev_a": 3.0,
    "textbook": 1.0,
    "manual": 0.5,
    "essays": 0.5,
    NAMES: 0.5,
    "xquad_en": 0.25,
    EVERYDAY: 1.0,
}
# What can only speak for an answer, and what only against. Unanswerable questions that borrow the
# texts' own words would else teach that shared words speak against one.
FOR = frozenset(
    """
    sentence sentence_lead passage passage_lead cosine near_cosine far_cosine sentence_cosine
    list_fit answering answering_share expected
    maxsim rare_maxsim weakest_word coverage sentence_coverage sentence_rare_maxsim expected_words
    wanted defined
    """.split()
)
AGAINST = frozenset(
    """
    unknown rarest_missing sentence_missing widest_gap far_words names numbers unmet uncounted
    titles numberless scattered listless denied particulars opposed numerals
    """.split()
)
# A right answer is worth 1; where an answer exists and another was given, this much. It parts
# questions that have an answer from those that have none; `calibrated` undoes its effect on scale.
ANSWERABLE = 0.5
Model = TypeVar("Model", bound=Linear)


@dataclass
class Case:
    """One question with what the library found for it."""

    name: str
    question: Question
    found: Asked
    ranked: Ranked
    relevant: np.ndarray


def training_half(key: str) -> bool:
    """Whether a document (or a question without one) belongs to the half that is fitted."""
    return hashlib.sha256(key.encode()).digest()[0] % 2 == 0


def key_of(question: Question, judgements: Any) -> str:
    """The document that decides on the half; the question itself if it has none."""
    relevant = sorted(judgements.get(question.question_id, {}))
    return question.gold[0].document if question.gold else (relevant or [question.question_id])[0]


def benches(data: Path, index: Path) -> dict[str, Bench]:
    """A library for each collection that is there, and one for our own questions."""
    settings = load_settings(corpus=ROOT / "corpus", index=index)
    found = {
        name: prepare(load_dataset(data / name), settings)
        for name in COLLECTIONS
        if (data / name).is_dir()
    }
    found["own"] = own_bench("questions", unasked(settings))
    for name, folder in TEXTS.items():
        if (data / folder).is_dir():
            settings = load_settings(corpus=data / folder, index=index / "texts" / name)
            found[name] = placed_bench(ROOT / "eval" / "training" / f"{name}.jsonl", settings)
    return found


def unasked(settings: Settings) -> Settings:
    """Of the same library without the questions that it is expected to be asked."""
    corpus, index = settings.index / "unasked" / "corpus", settings.index / "unasked" / "index"
    shutil.rmtree(corpus, ignore_errors=True)
    shutil.copytree(settings.corpus, corpus, ignore=shutil.ignore_patterns(EXPECTED_QUESTIONS))
    return load_settings(corpus=corpus, index=index)


def own_bench(folder: str, settings: Settings) -> Bench:
    """Our own library, with the development questions of a folder of `eval`."""
    return prepare(load_dataset(ROOT / "eval" / folder, split="development"), settings)


def case_of(name: str, bench: Bench, question: Question, parts: Weights) -> Case:
    """The question's ranking with features and labels of its first passages."""
    asker = asker_of(bench.library, parts)
    ranked, found = asker.ranked(asker.understood(question.text), Filters(), Course())
    # Passages that only a quoted phrase brought forward come last and have no features.
    matches = list(ranked.matches.values())[: len(ranked.features)]
    passages = [found.passage.passage for found in matches]
    relevant = np.array([_relevant(name, bench, question, passage) for passage in passages])
    return Case(name, question, found, ranked, relevant)


def asker_of(library: Library, parts: Weights) -> Asker:
    """The library's own way of asking, with these weights."""
    return Asker(
        library.settings, library._generation, library._embedder, library.document, weights=parts
    )


def _relevant(name: str, bench: Bench, question: Question, passage: Any) -> bool:
    if name in WITH_SPANS:
        return any(
            _same_document(name, gold.document, passage.document_id)
            and start < passage.end
            and passage.start < end
            for gold in question.gold
            for start, end in gold.spans
        )
    grades = bench.dataset.judgements.get(question.question_id, {})
    return grades.get(passage.document_id, 0) > 0


def _same_document(name: str, document: str, found: str) -> bool:
    return found == (document_id(document) if name in (*OURS, EVERYDAY) else document)


def listwise(groups: Sequence[Sequence[tuple[np.ndarray, np.ndarray]]]) -> np.ndarray:
    """Weights that minimise the softmax loss; each collection counts the same.

    Args:
        groups: By collection, of each question the features and the labels.
    """
    width = groups[0][0][0].shape[1]

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        total, gradient = L2 * float(vector @ vector), 2 * L2 * vector
        for group in groups:
            for features, labels in group:
                values = features @ vector
                values -= values.max()
                shares = np.exp(values) / np.exp(values).sum()
                wanted = shares * labels
                mass = max(float(wanted.sum()), 1e-12)
                total -= np.log(mass) / len(group)
                gradient = gradient + features.T @ (shares - wanted / mass) / len(group)
        return total, gradient

    return np.asarray(minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B").x)


def logistic(
    features: np.ndarray, labels: np.ndarray, shares: np.ndarray, names: Sequence[str] = ()
) -> Linear:
    """Weighted logistic regression on standardised features, given back in plain units.

    Args:
        features: Shape (rows, features).
        labels: In [0, 1].
        shares: Of the rows in the loss.
        names: Of the features, if some may only speak for an answer or against it.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    bounds = [(0 if n in FOR else None, 0 if n in AGAINST else None) for n in names]
    scaled = np.hstack([(features - mean) / spread, np.ones((len(features), 1))])
    shares = shares / shares.sum()

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        values = scaled @ vector
        total = float(shares @ (np.logaddexp(0, values) - labels * values))
        total += L2 * float(vector[:-1] @ vector[:-1])
        slope = shares * (1 / (1 + np.exp(-values)) - labels)
        return total, scaled.T @ slope + 2 * L2 * np.append(vector[:-1], 0)

    found = minimize(
        loss,
        np.zeros(scaled.shape[1]),
        jac=True,
        method="L-BFGS-B",
        bounds=[*bounds, (None, None)] if bounds else None,
    ).x
    plain = found[:-1] / spread
    names = [str(n) for n in range(len(plain))]
    return Linear(dict(zip(names, plain.tolist(), strict=True)), float(found[-1] - plain @ mean))


def as_probability(vector: np.ndarray, groups: Any) -> tuple[np.ndarray, float]:
    """Weights and bias whose logistic function is the share of right rows (Platt's method)."""
    values, labels, shares = [], [], []
    for group in groups:
        for features, right in group:
            values.append(features @ vector)
            labels.append(right)
            shares.append(np.full(len(right), 1 / len(right) / len(group)))
    line = logistic(np.concatenate(values)[:, None], np.concatenate(labels), np.concatenate(shares))
    return vector * line.weights["0"], line.bias


def named(features: Sequence[str], vector: np.ndarray, bias: float) -> Linear:
    """The model with its features named and its numbers rounded."""
    return Linear(
        {name: round(float(w), 4) for name, w in zip(features, vector, strict=True)},
        round(float(bias), 4),
    )


def starting_weights() -> Weights:
    """The weights that ship, over the features as they are now: a new one begins at 0."""
    parts = weights.learned_weights()
    return replace(
        parts,
        passage=_over(PASSAGE_FEATURES, parts.passage),
        read=_over(READ_FEATURES, parts.read),
        sentence=_over(SENTENCE_FEATURES, parts.sentence),
        **{name: _over(SUPPORT_FEATURES, getattr(parts, name)) for name in weights.SUPPORT},
    )


def _over(features: Sequence[str], model: Model) -> Model:
    return replace(model, weights={name: model.weights.get(name, 0.0) for name in features})


def sentence_groups(cases: Sequence[Case]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Features and labels of the sentences of each question's best passages."""
    for case in cases:
        rows = [int(row) for row in case.ranked.rows[:PASSAGES_READ]]
        matches = [case.ranked.matches[row] for row in rows]
        labels = [
            _holds(case, m.passage.passage.document_id, span)
            for m in matches
            for span in m.passage.sentences
        ]
        if 0 < sum(labels) < len(labels):
            scores = case.ranked.scores[: len(rows)].tolist()
            yield sentence_features(case.found, matches, scores), np.array(labels, float)


def _holds(case: Case, document: str, span: tuple[int, int]) -> bool:
    return any(
        _same_document(case.name, gold.document, document) and start < span[1] and span[0] < end
        for gold in case.question.gold
        for start, end in gold.spans
    )


def support_case(case: Case, bench: Bench, parts: Weights) -> tuple[np.ndarray, bool] | None:
    """Features of the support model and whether the answer is right.

    It is if a quote holds a gold span or, in a collection without spans, if the first stands in
    a relevant document.
    """
    always = {
        name: replace(getattr(parts, name), answered_from=0.0, partial_from=0.0)
        for name in weights.SUPPORT
    }
    quoting = asker_of(bench.library, replace(parts, **always))
    finding = quoting.finding(
        case.question.text, filters=Filters(), limit=PASSAGES_READ, course=Course()
    )
    if finding.features is None:
        return None
    if case.name == NAMES:
        right = any(_relevant(NAMES, bench, case.question, quote) for quote in finding.quotes[:1])
    else:
        right = any(
            _holds(case, quote.document_id, (quote.start, quote.end)) for quote in finding.quotes
        )
    return finding.features, bool(right and case.question.answerable)


def every_case(found: dict[str, Bench], parts: Weights) -> list[Case]:
    """Every question of the training halves."""
    cases = []
    for name, bench in found.items():
        questions = [
            q
            for q in bench.dataset.questions
            if name in (*OURS, EVERYDAY) or training_half(key_of(q, bench.dataset.judgements))
        ]
        cases += [case_of(name, bench, question, parts) for question in questions]
        print(f"{name}: {len(questions)} questions", flush=True)
    return cases


def grouped(cases: Sequence[Case]) -> list[list[Case]]:
    """The cases by collection."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(GROUPS.get(case.name, case.name), []).append(case)
    return list(groups.values())


def passage_groups(cases: Sequence[Case]) -> list[list[tuple[np.ndarray, np.ndarray]]]:
    """By collection, features and labels of each question's first passages."""
    return [
        [
            (case.ranked.features, case.relevant.astype(float))
            for case in group
            if 0 < case.relevant.sum() < len(case.relevant)
        ]
        for group in grouped(cases)
    ]


def fit_passages(cases: Sequence[Case]) -> Linear:
    """The passage model."""
    groups = passage_groups(cases)
    vector, bias = as_probability(listwise(groups), groups)
    return named(PASSAGE_FEATURES, vector, bias)


def fit_read(cases: Sequence[Case], passage: Linear) -> Linear:
    """The model of the passages that were read, over what the passage model makes of them."""
    groups = []
    for group in grouped(cases):
        found = []
        for case in group:
            matches = list(case.ranked.matches.values())[: len(case.ranked.features)]
            rows = np.flatnonzero([len(m.answering) > 0 for m in matches])
            labels = case.relevant[rows].astype(float)
            if 0 < labels.sum() < len(rows):
                values = passage.scores(case.ranked.features[rows])
                found.append((read_features(values, [matches[row] for row in rows]), labels))
        groups.append(found)
    vector, bias = as_probability(listwise(groups), groups)
    return named(READ_FEATURES, vector, bias)


def fit_sentences(cases: Sequence[Case]) -> Linear:
    """The sentence model."""
    groups = [
        list(sentence_groups(group))
        for group in grouped([case for case in cases if case.name in WITH_SPANS])
    ]
    vector, bias = as_probability(listwise(groups), groups)
    return named(SENTENCE_FEATURES, vector, bias)


def support_rows(
    cases: Sequence[Case],
    found: Mapping[str, Bench],
    parts: Weights,
    questions: Mapping[str, Sequence[Question]],
) -> list[tuple[str, np.ndarray, bool]]:
    """Group, features and whether the answer is right, of every fitted question.

    Args:
        cases: Of the collections' own questions.
        found: The libraries.
        parts: Weights to answer with.
        questions: By collection, to be put to the libraries of other subjects.
    """
    rows: list[tuple[str, np.ndarray, bool]] = []
    for case in cases:
        if case.name in (*WITH_SPANS, NAMES) and (
            made := support_case(case, found[case.name], parts)
        ):
            group = "answerable" if case.question.answerable else case.question.kind
            rows.append((f"{case.name} {group}", *made))
    for name, other in FOREIGN:
        if name in found and other in questions:
            for question in fitted_foreign(questions[other]):
                foreign_question = replace(question, gold=(), answerable=False)
                case = case_of(name, found[name], foreign_question, parts)
                if made := support_case(case, found[name], parts):
                    rows.append((f"{name} other subject", *made))
    return rows


def targets(
    rows: Sequence[tuple[str, np.ndarray, bool]], shares: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """What the support model is to say of each row, and the row's share in the loss."""
    names = [group for group, _, _ in rows]
    each = np.array([_share(group, names, shares) for group in names])
    labels = np.array(
        [
            ANSWERABLE + (1 - ANSWERABLE) * right if group.split()[1] == "answerable" else 0.0
            for group, _, right in rows
        ]
    )
    return labels, each


def fit_support(
    rows: Sequence[tuple[str, np.ndarray, bool]], shares: Mapping[str, float], passing: float
) -> tuple[Support, dict[str, list[tuple[float, bool]]]]:
    """A support model, and its confidence on the fitted questions by group.

    Args:
        rows: Group, features and whether the answer is right, of every question.
        shares: Of the groups that no answer is right for.
        passing: Share of our answerable questions that are to get an answer.
    """
    features = np.stack([each for _, each, _ in rows])
    line = logistic(features, *targets(rows, shares), SUPPORT_FEATURES)
    fitted = named(SUPPORT_FEATURES, np.array(list(line.weights.values())), line.bias)
    by_group: dict[str, list[tuple[float, bool]]] = {}
    for (group, _, right), value in zip(rows, fitted.scores(features), strict=True):
        by_group.setdefault(group, []).append((weights.probability(float(value)), right))
    scaled, by_group = calibrated(fitted, by_group)
    return Support(scaled.weights, scaled.bias, *thresholds(by_group, passing)), by_group


def fitted_foreign(questions: Sequence[Question]) -> Sequence[Question]:
    """Those of a collection's questions that are put to the library of another subject."""
    return questions[:: max(1, len(questions) // OTHER_SUBJECT)][:OTHER_SUBJECT]


def calibrated(
    support: Linear, by_group: dict[str, list[tuple[float, bool]]]
) -> tuple[Linear, dict[str, list[tuple[float, bool]]]]:
    """The model scaled so that its probability is right on our own development questions."""
    ours = [
        pair
        for group, pairs in by_group.items()
        if group.startswith("own") and group != "own other subject"
        for pair in pairs
    ]
    odds = np.array([[_odds(value)] for value, _ in ours])
    line = logistic(odds, np.array([ok for _, ok in ours], float), np.ones(len(ours)))
    slope, shift = line.weights["0"], line.bias
    scaled = named(
        SUPPORT_FEATURES,
        slope * np.array(list(support.weights.values())),
        slope * support.bias + shift,
    )
    return scaled, {
        group: [(weights.probability(slope * _odds(value) + shift), ok) for value, ok in pairs]
        for group, pairs in by_group.items()
    }


def _odds(value: float) -> float:
    bounded = min(max(value, 1e-6), 1 - 1e-6)
    return float(np.log(bounded / (1 - bounded)))


def _share(group: str, groups: Sequence[str], shares: Mapping[str, float]) -> float:
    """Every collection's answerable questions weigh as much as all its others together."""
    collection, kind = group.split(maxsplit=1)
    whole = SUPPORT_SHARES[collection]
    if kind == "answerable":
        return whole / groups.count(group)
    kinds = {g.split(maxsplit=1)[1] for g in groups if g.split()[0] == collection}
    total = sum(shares.get(other, 1.0) for other in kinds - {"answerable"})
    return whole * shares.get(kind, 1.0) / total / groups.count(group)


def thresholds(
    by_group: dict[str, list[tuple[float, bool]]], passing: float
) -> tuple[float, float]:
    """Answered from 80% accuracy on; partial from where that share of our answerable ones pass.

    For the first our questions and those in everyday words, where there are any, count the same.
    """
    answerable = sorted(value for value, _ in by_group["own answerable"])
    partial = answerable[int((1 - passing) * len(answerable))]
    sets = [
        [pair for group, pairs in by_group.items() if group.split()[0] == name for pair in pairs]
        for name in ("own", EVERYDAY)
    ]
    judged = sorted(((*pair, 1 / len(pairs)) for pairs in sets for pair in pairs), reverse=True)
    values, right, each = np.array(judged).T
    good = np.flatnonzero(np.cumsum(right * each) / np.cumsum(each) >= 0.8)
    answered = values[good[-1]] if len(good) else 0.5
    return round(float(max(answered, partial)), 4), round(partial, 4)


def fit_expected(parts: Weights, data: Path, index: Path) -> tuple[Weights, dict[str, Any]]:
    """The weights with those of expected questions fitted, and a record.

    Libraries without such questions are ranked and judged by all others, so these stay: in the
    passage and the sentence model their sum is one feature beside the new ones. How sure an answer
    is has a model of its own there.
    """
    settings = load_settings(corpus=ROOT / "corpus", index=index)
    found = {"own": own_bench("questions", settings), EVERYDAY: own_bench(EVERYDAY, settings)}
    few = {"passage": ("expected", "expected_source"), "sentence": ("expected",)}
    none = {n: with_weights(getattr(parts, n), dict.fromkeys(f, 0.0)) for n, f in few.items()}
    parts = replace(parts, **none)
    cases = every_case(found, parts)
    weights_found = listwise_beside(parts.passage, few["passage"], passage_groups(cases))
    parts = replace(parts, passage=with_weights(parts.passage, weights_found))
    cases = [case_of(case.name, found[case.name], case.question, parts) for case in cases]
    groups = [list(sentence_groups(group)) for group in grouped(cases)]
    weights_found = listwise_beside(parts.sentence, few["sentence"], groups)
    parts = replace(parts, sentence=with_weights(parts.sentence, weights_found))
    others = [other for name, other in FOREIGN if name == "own" and (data / other).is_dir()]
    questions = {other: load_dataset(data / other).questions for other in others}
    rows = support_rows(cases, found, parts, questions)
    support, by_group = fit_support(rows, EXPECTED_SHARES, 0.97)
    record = {
        "questions": {name: sum(case.name == name for case in cases) for name in found},
        "support_groups": told(by_group),
        "thresholds": {"answered": support.answered_from, "partial": support.partial_from},
    }
    return replace(parts, support_expected=support), record


def told(by_group: dict[str, list[tuple[float, bool]]]) -> dict[str, dict[str, float]]:
    """Of each group the number of questions, their mean confidence and the share of right ones."""
    return {
        group: {
            "questions": len(pairs),
            "mean_confidence": round(float(np.mean([value for value, _ in pairs])), 4),
            "right": round(float(np.mean([ok for _, ok in pairs])), 4),
        }
        for group, pairs in by_group.items()
    }


def beside(model: Linear, few: Sequence[str], features: np.ndarray) -> np.ndarray:
    """The weighted sum of all features but a few, and these; shape (rows, 1 + few)."""
    others = replace(with_weights(model, dict.fromkeys(few, 0.0)), bias=0.0)
    places = [list(model.weights).index(feature) for feature in few]
    return np.column_stack([others.scores(features), features[:, places]])


def listwise_beside(
    model: Linear,
    few: Sequence[str],
    groups: Sequence[Sequence[tuple[np.ndarray, np.ndarray]]],
) -> dict[str, float]:
    """The weights of a few features that minimise the softmax loss, in the scale of the model."""
    reduced = [
        [(beside(model, few, features), labels) for features, labels in group] for group in groups
    ]
    others, *values = listwise(reduced)
    return {feature: float(value / others) for feature, value in zip(few, values, strict=True)}


def with_weights(model: Linear, changed: Mapping[str, float]) -> Linear:
    """The model with other weights for some features."""
    rounded = {feature: round(weight, 4) for feature, weight in changed.items()}
    return replace(model, weights={**model.weights, **rounded})


def write(parts: Weights) -> None:
    """Replaces the weights that ship."""
    written = asdict(parts)
    weights.FILE.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def fit_all(data: Path, index: Path) -> tuple[Weights, dict[str, Any]]:
    """All weights but those of expected questions, and a record."""
    found = benches(data, index)
    parts = starting_weights()
    cases = every_case(found, parts)
    passage = fit_passages(cases)
    parts = replace(parts, passage=passage, read=fit_read(cases, passage))
    cases = [case_of(case.name, found[case.name], case.question, parts) for case in cases]
    parts = replace(parts, sentence=fit_sentences(cases))
    questions = {name: bench.dataset.questions for name, bench in found.items()}
    support, by_group = fit_support(support_rows(cases, found, parts, questions), SHARES, 0.95)
    record = {
        "questions": {name: sum(case.name == name for case in cases) for name in found},
        "support_groups": told(by_group),
        "thresholds": {"answered": support.answered_from, "partial": support.partial_from},
        "embedder": found["own"].library.manifest.embedder,
        "l2": L2,
        "head": HEAD,
        "read": READ,
    }
    return replace(parts, support=support), record


def main() -> None:
    """Fit, write the weights and the record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="folder of collections in BEIR layout")
    parser.add_argument("--index", type=Path, default=ROOT / "index" / "training")
    parser.add_argument(
        "--expected", action="store_true", help="fit the weights of expected questions alone"
    )
    arguments = parser.parse_args()
    if arguments.expected:
        parts, record = starting_weights(), json.loads(RECORD.read_text(encoding="utf-8"))
    else:
        parts, record = fit_all(arguments.data, arguments.index)
    parts, record["expected"] = fit_expected(parts, arguments.data, arguments.index)
    write(parts)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
