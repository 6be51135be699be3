"""What each part of the ranking adds: python eval/ablation.py ../shared/data --index DIR.

On the halves that `eval/train.py` did not fit, and on the questions in everyday words to
frameworks that it did not. Every row is nDCG@10 over documents (a
document counts by its best passage), its difference to the whole ranking with a 95%
bootstrap interval over questions, and what the part costs. Writes
`eval/benchmarks/results/ablation.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from train import OURS, ROOT, asker_of, benches, key_of, training_half

from kb.asking import Course
from kb.corpus import document_id
from kb.evaluation.bench import Bench, prepare
from kb.evaluation.datasets import load_dataset
from kb.evaluation.questions import Question
from kb.matching import Asked as Put
from kb.matching import asked as ask_of
from kb.ranking import PASSAGE_FEATURES, Ranked, expectation, fuse, rank, read_features
from kb.records import Filters, Vectors
from kb.search import Candidates, candidates
from kb.selection import by_best_sentence, is_shown_by_sentence, sentence_features
from kb.settings import load_settings
from kb.weights import Linear, learned_weights, probability

sys.path.insert(0, str(ROOT / "eval" / "benchmarks"))
from recording import record

RESAMPLES = 2000
SEED = 7
PARTS = {
    "late interaction (words)": ("maxsim", "rare_maxsim", "weakest_word"),
    "late interaction (sentences)": ("context_maxsim", "rare_context_maxsim"),
    "sentence vectors": ("sentence", "two_sentences"),
    "BM25 of stems and pairs": ("terms",),
    "shared pairs": ("pairs",),
    "feedback": ("feedback",),
    "expected questions": ("expected", "expected_source"),
}
# Stored bytes a passage, beside 4 bytes for each of its vector's numbers.
BYTES = {
    "late interaction (words)": "192 a word (int8)",
    "sentence vectors": "384 a sentence (int8)",
    "expected questions": "768 a question (float16), 192 a word of it (int8)",
}
EVERYDAY = "everyday_test"  # our own library, the one that is expected to be asked questions


@dataclass
class Asked:
    """One held-out question with everything its rankings need."""

    put: Put
    rows: Any
    documents: list[str]
    found: Candidates
    fused: Vectors
    ranked: Ranked
    relevant: dict[str, int]


def ndcg(order: Sequence[int], case: Asked) -> float:
    """nDCG@10 of documents with binary gains, each by its first passage."""
    seen: dict[str, None] = {}
    for position in order:
        seen.setdefault(case.documents[position])
        if len(seen) == 10:
            break
    gains = [
        1 / np.log2(place + 2)
        for place, document in enumerate(seen)
        if case.relevant.get(document, 0) > 0
    ]
    ideal = sum(1 / np.log2(n + 2) for n in range(min(10, len(case.relevant))))
    return float(sum(gains) / ideal)


def held_out(name: str, bench: Bench) -> list[Asked]:
    """Questions of the half that was not fitted."""
    if name in OURS:
        return []
    asker = asker_of(bench.library, learned_weights())
    generation = bench.library._generation
    cases = []
    for question in bench.dataset.questions:
        grades = bench.dataset.judgements.get(question.question_id, {})
        relevant = {document: grade for document, grade in grades.items() if grade > 0}
        if name == EVERYDAY:
            relevant = {document_id(path): grade for path, grade in relevant.items()}
        elif training_half(key_of(question, bench.dataset.judgements)):
            continue
        if relevant:
            cases.append(_case(asker, generation, question, relevant, bench))
    return cases


def _case(
    asker: Any, generation: Any, question: Question, relevant: dict[str, int], bench: Bench
) -> Asked:
    understood = asker.understood(question.text)
    _, embedding = next(iter(bench.library._embedder.encode_tokens([understood.text])))
    asked = ask_of(generation, understood, embedding)
    found = candidates(generation, asked.vector, asked.question.text, asked.likeness)
    left_out = bench.dataset.excluded.get(question.question_id, frozenset())
    sources = generation.tables.sources
    documents = [sources[generation.document_numbers[row]].document_id for row in found.rows]
    keep = np.array([document not in left_out for document in documents], bool)
    found = Candidates(*(getattr(found, each.name)[keep] for each in fields(Candidates)))
    best, _ = generation.best_sentences(found.rows, asked.vector)
    return Asked(
        asked,
        found.rows,
        [document for document, kept in zip(documents, keep, strict=True) if kept],
        found,
        fuse(found, best, expectation(generation, found, asked, best)),
        rank(generation, found, asked, asker.weights),
        relevant,
    )


def by_values(values: Vectors) -> list[int]:
    """Positions in descending order of the values."""
    return [int(position) for position in np.argsort(-values, kind="stable")]


def by_ranker(
    case: Asked, weights: Linear, *, reading: bool = True, telling: bool = True
) -> list[int]:
    """Positions as the ranker puts them with these weights.

    The first are ordered by the extractive reader, and then by their best sentences too.
    """
    place = {int(row): n for n, row in enumerate(case.rows)}
    matches = list(case.ranked.matches.values())
    head = [place[row] for row in case.ranked.matches]
    values = weights.scores(case.ranked.features)
    order = np.argsort(-values, kind="stable")
    if reading:
        read = np.array([n for n in order if len(matches[n].answering)], int)
        features = read_features(values[read], [matches[n] for n in read])
        values = learned_weights().read.scores(features)
        best = np.argsort(-values, kind="stable")
        anew = [int(n) for n in read[best]]
        if telling and is_shown_by_sentence(case.put.question):
            closer = [matches[n] for n in anew]
            told = sentence_features(case.put, closer, [probability(v) for v in values[best]])
            model = learned_weights().sentence
            anew = [anew[n] for n in by_best_sentence(case.put.question, closer, told, model)]
        order = [*anew, *(n for n in order if n not in set(read))]
    first = [head[n] for n in order]
    rest = [n for n in by_values(case.fused) if n not in set(head)]
    return [*first, *rest]


def without(names: Sequence[str]) -> Linear:
    """The passage model with some weights at 0."""
    model = learned_weights().passage
    return Linear(
        {name: 0.0 if name in names else model.weights[name] for name in PASSAGE_FEATURES},
        model.bias,
    )


def interval(differences: np.ndarray) -> list[float]:
    """95% percentile bootstrap interval of the mean."""
    drawn = np.random.default_rng(SEED).choice(differences, (RESAMPLES, len(differences)))
    low, high = np.percentile(drawn.mean(axis=1), [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def table(cases: Sequence[Asked]) -> dict[str, Any]:
    """nDCG@10 of every variant on one collection, with its difference to the whole."""
    whole = learned_weights().passage
    variants = {
        "whole ranking": lambda case: by_ranker(case, whole),
        "without the best sentence": partial(by_ranker, weights=whole, telling=False),
        "without reader and best sentence": partial(by_ranker, weights=whole, reading=False),
        "meaning alone": lambda case: by_values(case.found.cosines),
        "BM25 of stems and pairs alone": lambda case: by_values(case.found.terms),
        "BM25 of pieces alone": lambda case: by_values(case.found.pieces),
        "weighted fusion alone": lambda case: by_values(case.fused),
    } | {
        f"without {part}": partial(by_ranker, weights=without(names))
        for part, names in PARTS.items()
    }
    scores = {
        name: np.array([ndcg(order(case), case) for case in cases])
        for name, order in variants.items()
    }
    return {
        name: {
            "nDCG@10": round(float(values.mean()), 4),
            "difference": round(float((values - scores["whole ranking"]).mean()), 4),
            "interval": interval(values - scores["whole ranking"]),
        }
        for name, values in scores.items()
    }


def cost(bench: Bench) -> dict[str, float]:
    """Median milliseconds of each stage of a question."""
    spent: dict[str, list[float]] = {}
    asker = asker_of(bench.library, learned_weights())
    for question in bench.dataset.questions[:100]:
        course = Course()
        asker.finding(question.text, filters=Filters(), limit=8, course=course)
        for stage, milliseconds in course.elapsed().items():
            spent.setdefault(stage, []).append(milliseconds)
    return {stage: round(float(np.median(values)), 2) for stage, values in spent.items()}


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--index", type=Path, default=ROOT / "index" / "training")
    arguments = parser.parse_args()
    began = time.perf_counter()
    found = benches(arguments.data, arguments.index)
    settings = load_settings(corpus=ROOT / "corpus", index=arguments.index)
    everyday = load_dataset(ROOT / "eval" / "everyday", split="test")
    found[EVERYDAY] = prepare(everyday, settings)
    measured: dict[str, Any] = {"stored_bytes": BYTES, "collections": {}}
    for name, bench in found.items():
        if cases := held_out(name, bench):
            measured["collections"][name] = {
                "questions": len(cases),
                "passages": bench.library.manifest.passages,
                "milliseconds": cost(bench),
                "variants": table(cases),
            }
    measured["seconds"] = round(time.perf_counter() - began)
    file = record("ablation", measured, packages=("openvino", "faiss-cpu", "bm25s"))
    print(json.dumps(measured, indent=1))
    print(file.name)


if __name__ == "__main__":
    main()
