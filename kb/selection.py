"""Which sentences of the best passages answer: features of every sentence, and their score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.enumerations import ELSEWHERE, names_several
from kb.lexical import terms, words
from kb.matching import Asked, Match, sentence_stems, shared_pairs
from kb.questions import NUMBERS, Question
from kb.records import Vectors
from kb.weights import Linear

PASSAGES_READ = 8  # eval/benchmarks/results/ablation.json
SENTENCE_FEATURES = (
    "passage", "behind_best", "cosine", "maxsim", "rare_maxsim", "coverage", "context_coverage",
    "pairs", "wanted", "defines", "first", "short", "question_mark", "long",
    "names_several", "count", "advice", "cross_reference",
)  # fmt: skip
SHORT_CHARS, LONG_CHARS = 40, 300
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})s?\b|\b(\d{1,2}(st|nd|rd|th)?) century\b")
_DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_NUMBER = re.compile(
    r"\b(\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|billion|half|dozen|couple|several)\b",
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
_ASKS_MONEY = re.compile(
    r"\b(cost|costs|price|salary|earn|earns|paid|pay|fee|fees|worth|charge|budget)\b", re.IGNORECASE
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
    """A sentence of a ranked passage; offsets are in the document's text."""

    row: int
    document_id: str
    start: int
    end: int
    text: str
    score: float


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
            sentence_features(asked, m, score, scores[0])
            for m, score in zip(matches, scores, strict=True)
            if m.passage.sentences
        ]
    )
    values = weights.scores(features)
    scored = [replace(s, score=float(value)) for s, value in zip(found, values, strict=True)]
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
        )
        for start, end in found.passage.sentences
    ]


def sentence_features(asked: Asked, found: Match, score: float, best: float) -> Vectors:
    """Features of each sentence of one passage, shape (sentences, SENTENCE_FEATURES).

    Args:
        asked: The question.
        found: The passage.
        score: Of the passage, in [0, 1].
        best: Score of the best passage.
    """
    question = asked.question
    passage = _log_odds(score)
    context = set(terms(found.passage.passage.context))
    maxsim = found.sentence_maxsim()
    rare = _rare_maxsim(asked, found)
    nearest = (found.passage.passage.locator.headings or ("",))[-1]
    advice = float(bool(_ADVICE.search(nearest)))
    elsewhere = float(bool(ELSEWHERE.search(nearest)))
    rows = []
    sentences = zip(_sentences(found), sentence_stems(found.passage), strict=True)
    for number, (sentence, stems) in enumerate(sentences):
        length = sentence.end - sentence.start
        rows.append(
            (
                passage,
                _log_odds(best) - passage,
                float(found.sentence_cosines[number]),
                float(maxsim[number]),
                float(rare[number]),
                asked.coverage(stems),
                asked.coverage(stems | context),
                shared_pairs(question.terms, sentence.text),
                wanted(question, sentence.text),
                defines(question, sentence.text),
                float(number == 0),
                float(length < SHORT_CHARS),
                float(sentence.text.rstrip().endswith("?")),
                float(length > LONG_CHARS),
                float(question.kind == "list" and names_several(sentence.text)),
                float(_holds_count(question, sentence.text)),
                advice if question.kind == "how_to" else 0.0,
                elsewhere,
            )
        )
    return np.array(rows, np.float32)


def _log_odds(score: float) -> float:
    bounded = min(max(score, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


def _rare_maxsim(asked: Asked, found: Match) -> list[float]:
    """MaxSim of each sentence together with the passage's context, words weighted by rarity."""
    if not found.similarity.size:
        return [0.0] * len(found.passage.sentences)
    context = found.similarity[:, found.sentence_of == -1].max(axis=1, initial=-1.0)
    both = np.maximum(context[:, None], found.sentence_maxima())
    return [float(value) for value in asked.weights @ both]


def asks_measure(question: Question) -> bool:
    """Whether the question asks for a sum of money or a length of time, whatever its kind."""
    return bool(_ASKS_MONEY.search(question.text) or _ASKS_DURATION.search(question.text))


def wanted(question: Question, sentence: str) -> float:
    """1 if the sentence holds what the kind of question asks for, beyond its own words, else 0."""
    if asks_measure(question):
        return float(bool(_measure(question).search(sentence)))
    if question.kind == "when":
        return float(bool(_YEAR.search(sentence) or _DATE.search(sentence)))
    if question.kind == "how_many":
        return float(bool(_measure(question).search(sentence)))
    if question.kind in ("who", "where"):
        return float(bool(_new_names(question, sentence)))
    if question.kind == "reason":
        return float(bool(_REASON.search(sentence)))
    return 0.0


def _measure(question: Question) -> re.Pattern[str]:
    """What a how-many question counts in: money, time, or plain numbers."""
    if _ASKS_MONEY.search(question.text):
        return _MONEY
    return _DURATION if _ASKS_DURATION.search(question.text) else _NUMBER


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
        return tuple(match.span() for match in _NUMBER.finditer(sentence))
    if question.kind in ("who", "where"):
        return tuple(_new_names(question, sentence))
    return ()


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
