"""Which sentences of the best passages answer: features of every sentence, and their score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.enumerations import ELSEWHERE, names_several
from kb.lexical import terms, words
from kb.matching import Asked, Match, sentence_stems, shared_pairs, word_means
from kb.questions import NUMBERS, Question
from kb.records import Vectors
from kb.weights import Linear

PASSAGES_READ = 8  # eval/benchmarks/results/ablation.json
SENTENCE_FEATURES = (
    "passage", "cosine", "maxsim", "rare_maxsim", "coverage", "context_coverage", "pairs",
    "wanted", "defines", "names_several", "count", "advice", "cross_reference", "place",
    "before", "after", "two_maxsim", "rare_two_maxsim", "three_maxsim", "rare_three_maxsim",
    "rare_next_maxsim", "far_words", "far_words_of_two", "answering", "answering_here",
)  # fmt: skip
# Similarity below which nothing in a sentence stands for a word of the question; unmeasured.
FAR = 0.45
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})s?\b|\b(\d{1,2}(st|nd|rd|th)?) century\b")
_DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_NUMBER = re.compile(
    r"\b(\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|billion|half|thirds?|quarters?|dozens?|couple|"
    r"several|once|twice|majority)\b",
    re.IGNORECASE,
)
# Before a number of four digits that is a year: "in 1995", "(1995)", "Hersey, 1995".
_BEFORE_YEAR = re.compile(
    r"(?:[(,;–-]|\b(?:in|since|by|from|until|of|and|to|between|before|after|around))\s*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+(?:\s+(?:[A-ZÀ-Þ][\w.’'-]*|of|the|de|van|von|and|’t))*")
_COPULA = re.compile(
    r"\b(is|are|was|were|means|refers? to|describes?|denotes?|defined as|consists? of|called|"
    r"known as|involves?)\b"
)
_REASON = re.compile(
    r"\b(because|since|due to|reason|in order to|so that|therefore|as a result|thus|cause[sd]?|"
    r"lead to|leads to|allow|enable|prevent)\b",
    re.IGNORECASE,
)


# Headings above advice.
_ADVICE = re.compile(r"\b(practice|how to|tips|advice|apply|applying|using|steps)\b", re.IGNORECASE)
MEASURED_KINDS = ("how_many", "open")  # "Why do leaders pay for it?" asks for no sum
_ASKS_MONEY = re.compile(
    r"\b(cost|costs|price|salary|earn|earns|paid|pay(?! (?:attention|heed))|fee|fees|worth|charge|"
    r"budget)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$£€¥]\s?\d|\b(dollars?|euros?|pounds?|cents|yen|francs?|free of charge)\b", re.IGNORECASE
)
_ASKS_DURATION = re.compile(r"\bhow (long|old)\b", re.IGNORECASE)
_DURATION = re.compile(
    r"\b(seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur\w+)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a ranked passage; offsets are in the document's text.

    Attributes:
        score: Log-odds that it answers.
        near: MaxSim of the question with it and its headings, weighted by rarity, in [-1, 1].
    """

    row: int
    document_id: str
    start: int
    end: int
    text: str
    score: float
    near: float


def scored_sentences(
    asked: Asked, matches: Sequence[Match], scores: Sequence[float], weights: Linear
) -> list[Sentence]:
    """Every sentence of the passages with the log-odds that it answers, best first.

    Args:
        asked: The question.
        matches: With the passages, best first.
        scores: Of the passages, in the same order.
        weights: Over `SENTENCE_FEATURES`.
    """
    found = [sentence for m in matches for sentence in _sentences(m)]
    if not found:
        return []
    features = np.concatenate(
        [
            sentence_features(asked, m, score)
            for m, score in zip(matches, scores, strict=True)
            if m.passage.sentences
        ]
    )
    values = weights.scores(features)
    near = features[:, SENTENCE_FEATURES.index("rare_maxsim")]
    scored = [
        replace(s, score=float(value), near=float(nearness))
        for s, value, nearness in zip(found, values, near, strict=True)
    ]
    return sorted(scored, key=lambda sentence: -sentence.score)


def _sentences(found: Match) -> list[Sentence]:
    passage = found.passage.passage
    return [
        Sentence(
            found.passage.row,
            passage.document_id,
            start,
            end,
            passage.text[start - passage.start : end - passage.start],
            0.0,
            0.0,
        )
        for start, end in found.passage.sentences
    ]


def sentence_features(asked: Asked, found: Match, score: float) -> Vectors:
    """Features of each sentence of one passage, shape (sentences, SENTENCE_FEATURES).

    Args:
        asked: The question.
        found: The passage.
        score: Of the passage, in [0, 1].
    """
    question, maxsim = asked.question, found.maxsim
    count = len(maxsim)
    context = set(terms(found.passage.passage.context))
    windows = _windows(asked, found)
    nearest = (found.passage.passage.locator.headings or ("",))[-1]
    advice = float(question.kind == "how_to" and bool(_ADVICE.search(nearest)))
    elsewhere = float(bool(ELSEWHERE.search(nearest)))
    told = [
        (
            asked.coverage(stems),
            asked.coverage(stems | context),
            shared_pairs(question.terms, sentence.text),
            wanted(question, sentence.text),
            defines(question, sentence.text),
            float(question.kind == "list" and names_several(sentence.text)),
            float(_holds_count(question, sentence.text)),
        )
        for sentence, stems in zip(_sentences(found), sentence_stems(found.passage), strict=True)
    ]
    columns = (
        np.full(count, _log_odds(score)),
        found.sentence_cosines,
        maxsim,
        windows[:, 0],
        np.array(told).reshape(count, -1),
        np.tile((advice, elsewhere), (count, 1)),
        np.arange(count) / max(1, count),
        np.append(0.0, maxsim[:-1]),
        np.append(maxsim[1:], 0.0),
        windows[:, 1:],
        found.answering,
        found.answering - found.answers,
    )
    return np.column_stack(columns).astype(np.float32)


def _windows(asked: Asked, found: Match) -> Vectors:
    """How the question's words are met in each sentence and with those around it.

    Title and headings are at hand for every sentence, and what a sentence leaves to a pronoun
    often stands in the one before. Shape (sentences, 8): MaxSim by rarity of the sentence; plain
    and by rarity together with the one before; the same with the two before; by rarity together
    with the one after; weight of the words that nothing stands for in the sentence, and in it
    and the one before.
    """
    maxima = found.in_context
    if not maxima.size:
        return np.zeros((len(found.passage.sentences), 8), np.float32)
    nothing = np.full((len(maxima), 1), -1.0, np.float32)
    before = np.hstack([nothing, maxima[:, :-1]])
    two = np.maximum(maxima, before)
    three = np.maximum(two, np.hstack([nothing, before[:, :-1]]))
    following = np.maximum(maxima, np.hstack([maxima[:, 1:], nothing]))
    rare = asked.weights
    return np.stack(
        [
            rare @ maxima,
            word_means(two),
            rare @ two,
            word_means(three),
            rare @ three,
            rare @ following,
            rare @ (maxima < FAR),
            rare @ (two < FAR),
        ],
        axis=1,
    ).astype(np.float32)


def _log_odds(score: float) -> float:
    bounded = min(max(score, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


def asks_measure(question: Question) -> bool:
    """Whether the question asks for a sum of money or a length of time."""
    if question.kind not in MEASURED_KINDS:
        return False
    return bool(_ASKS_MONEY.search(question.text) or _ASKS_DURATION.search(question.text))


def wanted(question: Question, sentence: str) -> float:
    """1 if the sentence holds what the kind of question asks for, beyond its own words, else 0."""
    if asks_measure(question):
        return float(bool(_measure(question).search(sentence)))
    if question.kind == "when":
        return float(bool(_YEAR.search(sentence) or _DATE.search(sentence)))
    if question.kind == "how_many":
        return float(bool(_new_numbers(question, sentence)))
    if question.kind in ("who", "where"):
        return float(bool(_new_names(question, sentence)))
    if question.kind == "reason":
        return float(bool(_REASON.search(sentence)))
    return 0.0


def _measure(question: Question) -> re.Pattern[str]:
    """What the answer to a question of `asks_measure` is counted in."""
    return _MONEY if _ASKS_MONEY.search(question.text) else _DURATION


def defines(question: Question, sentence: str) -> float:
    """1 if a definition is asked for and the sentence opens with the term and a copula."""
    if question.kind != "definition":
        return 0.0
    match = _COPULA.search(sentence)
    if not match:
        return 0.0
    subject = set(terms(sentence[: match.start()]))
    return float(bool(subject) and set(question.terms) <= subject | {"mean", "defin"})


def _holds_count(question: Question, sentence: str) -> bool:
    """Whether the sentence states the number of members that a list question names."""
    if question.count is None:
        return False
    stated = {str(question.count), *(w for w, n in NUMBERS.items() if n == question.count)}
    return bool(stated & set(words(sentence)))


def answer_marks(question: Question, sentence: str) -> tuple[tuple[int, int], ...]:
    """Spans of the words in the sentence that answer a who, when, where or how-many question."""
    if question.kind == "when":
        return tuple(
            match.span()
            for match in sorted(
                [*_YEAR.finditer(sentence), *_DATE.finditer(sentence)], key=lambda m: m.start()
            )
        )
    if question.kind == "how_many":
        return tuple(_new_numbers(question, sentence))
    if question.kind in ("who", "where"):
        return tuple(_new_names(question, sentence))
    return ()


def _new_numbers(question: Question, sentence: str) -> list[tuple[int, int]]:
    """Spans of numbers that are no years and that the question does not hold already."""
    asked = set(words(question.text))
    return [
        match.span()
        for match in _NUMBER.finditer(sentence)
        if match.group().lower() not in asked
        and not (_YEAR.fullmatch(match.group()) and _BEFORE_YEAR.search(sentence[: match.start()]))
    ]


def _new_names(question: Question, sentence: str) -> list[tuple[int, int]]:
    """Spans of capitalised names that the question does not hold already."""
    asked = set(question.terms)
    found = []
    for match in _NAME.finditer(sentence):
        name = match.group()
        own = terms(name)
        if not own or set(own) <= asked:
            continue
        starts_sentence = match.start() == 0 or sentence[: match.start()].strip() in ("", "“", '"')
        if starts_sentence and " " not in name:
            continue
        found.append(match.span())
    return found
