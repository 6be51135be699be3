"""How sure an answer is: a calibrated probability from what was found.

Closeness in meaning tells questions about other subjects apart; words of the question that
nothing in the passage stands for tell those that the library only seems to answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from kb.index import Generation
from kb.lexical import STOPWORDS, stem, terms, words
from kb.matching import Asked, Match
from kb.records import Vectors
from kb.selection import Sentence, asks_measure, wanted
from kb.weights import Linear, probability

SUPPORT_FEATURES = (
    "sentence", "sentence_lead", "passage", "passage_lead", "cosine", "sentence_cosine", "maxsim",
    "rare_maxsim", "weakest_word", "coverage", "sentence_coverage", "unknown", "names", "numbers",
    "wanted", "wants", "list_fit", "length", "unmet", "rarest_missing", "sentence_missing",
)  # fmt: skip
_FACTS = ("who", "when", "how_many", "where")
_NAME = re.compile(r"(?<=[\w,;:)] )[A-Z][\w’'-]+")
_NUMERAL = re.compile(r"\b\d[\d,.]*\b")


def support(
    generation: Generation,
    asked: Asked,
    matches: Sequence[Match],
    scores: Sequence[float],
    sentences: Sequence[Sentence],
    weights: Linear,
    *,
    list_fit: float,
) -> float:
    """Probability in [0, 1] that the chosen sentences answer the question; 0 without any.

    Args:
        generation: The opened generation.
        asked: The question.
        matches: Of the best passages, best first; one at least.
        scores: Of those passages.
        sentences: Scored, best first.
        weights: Over `SUPPORT_FEATURES`.
        list_fit: How well the quoted list fits the question; 0 if none is quoted.
    """
    if not matches or not sentences:
        return 0.0
    features = support_features(generation, asked, matches, scores, sentences, list_fit=list_fit)
    return probability(float(weights.scores(features[None])[0]))


def support_features(
    generation: Generation,
    asked: Asked,
    matches: Sequence[Match],
    scores: Sequence[float],
    sentences: Sequence[Sentence],
    *,
    list_fit: float,
) -> Vectors:
    """What the support model reads, shape (SUPPORT_FEATURES,); arguments as of `support`."""
    best = sentences[0]
    at = next(n for n, m in enumerate(matches) if m.passage.row == best.row)
    passage = matches[at].passage.passage
    maxima = matches[at].word_maxima()
    stems = set(terms(passage.text)) | set(terms(passage.context))
    question = asked.question
    unknown = [term for term in question.terms if not generation.lexical.holds(term)]
    others = [s.score for s in sentences[1:] if s.row != best.row]
    cosines = generation.vectors([m.passage.row for m in matches]) @ asked.vector
    is_fact = question.kind in _FACTS
    return np.array(
        [
            best.score,
            best.score - max(others, default=best.score - 4.0),
            scores[at],
            scores[0] - (scores[1] if len(scores) > 1 else 0.0),
            cosines.max(),
            max(float(m.sentence_cosines.max(initial=-1.0)) for m in matches),
            maxima.mean() if maxima.size else 0.0,
            float(maxima @ asked.weights) if maxima.size else 0.0,
            maxima.min(initial=1.0) if maxima.size else 0.0,
            asked.coverage(stems),
            asked.coverage(set(terms(best.text))),
            len(unknown) / max(1, len(question.terms)),
            _missing(_NAME, question.text, stems),
            _missing(_NUMERAL, question.text, set(words(passage.text))),
            wanted(question, best.text),
            float(is_fact),
            list_fit,
            float(np.log1p(len(question.terms))),
            float((is_fact or asks_measure(question)) and not wanted(question, passage.text)),
            asked.rarest_missing(stems),
            asked.rarest_missing(set(terms(best.text)) | set(terms(passage.context))),
        ],
        np.float32,
    )


def _missing(pattern: re.Pattern[str], text: str, found: set[str]) -> float:
    """Share of what the pattern finds in the question that is not among the words found."""
    names = [name.lower() for name in pattern.findall(text) if name.lower() not in STOPWORDS]
    if not names:
        return 0.0
    return sum(stem(name) not in found and name not in found for name in names) / len(names)
