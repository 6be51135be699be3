"""Candidates to ranked rows: fusion of the retrievers, then a learned ranker on the first.

The fusion is a convex combination of normalised scores (Bruch, Gai and Ingber 2022, arXiv
2210.11934). The ranker is linear; `eval/train.py` fits it and records what each feature
adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kb.expected import LIKE_NONE
from kb.extractive import NOWHERE
from kb.index import Generation, Rows
from kb.interaction import unit
from kb.matching import Asked, Match, match, read, word_means
from kb.records import Vectors
from kb.search import Candidates
from kb.weights import Weights

MEANING_WEIGHT = 0.6  # against .2 for each lexical view; eval/benchmarks/results/ablation.json
# Of passages and of their sources, for the choice of what the ranker reads. With 0 / .3, 0 / .5, .3
# it reads the right passage of .593 / .787 / .838 of our development questions in everyday words,
# of .899 / .960 / .974 of the others; in no result file.
EXPECTED_WEIGHTS = (0.5, 0.3)
HEAD = 30  # passages that the ranker reads
READ = 6  # of them, those that the extractive reader orders anew; ten gain nothing (no result file)
# Pseudo-relevance feedback: passages whose mean vector stands in for what is meant.
FEEDBACK_WEIGHTS = (1.0, 0.8, 0.6)
PASSAGE_FEATURES = (
    "sentence", "two_sentences", "terms", "maxsim", "rare_maxsim", "context_maxsim",
    "rare_context_maxsim", "pairs", "weakest_word", "feedback", "expected", "expected_source",
)  # fmt: skip
READ_FEATURES = ("ranked", "answers", "answers_by_one")


@dataclass(frozen=True, slots=True)
class Ranked:
    """Passages best first.

    Attributes:
        rows: Of the generation.
        scores: Probability of being relevant for the first `HEAD`, then less; in [0, 1] and
            descending.
        matches: Of the first `HEAD` rows, by row.
        features: Of those rows in the order of `matches`, shape (rows, PASSAGE_FEATURES).
    """

    rows: Rows
    scores: Vectors
    matches: dict[int, Match]
    features: Vectors


def rank(generation: Generation, found: Candidates, asked: Asked, weights: Weights) -> Ranked:
    """The candidates in order of how well they match the question.

    Args:
        generation: The opened generation.
        found: Candidates of the question.
        asked: The question.
        weights: Of the passages, and of those that are read.
    """
    if not len(found.rows):
        return Ranked(
            found.rows, found.cosines, {}, np.zeros((0, len(PASSAGE_FEATURES)), np.float32)
        )
    best, second = generation.best_sentences(found.rows, asked.vector)
    expected = expectation(generation, found, asked, best)
    fused = fuse(found, best, expected)
    order = np.argsort(-fused, kind="stable")
    head = order[:HEAD]
    features, matches = head_features(generation, found, asked, head, fused, best, second, expected)
    values = weights.passage.scores(features)
    again = np.argsort(-values, kind="stable")
    probabilities = _logistic(values[again])
    rows = [int(row) for row in found.rows[head[again[:READ]]]]
    closer = read(generation, asked, [matches[row] for row in rows])
    matches |= dict(zip(rows, closer, strict=True))
    anew = weights.read.scores(read_features(values[again[:READ]], closer))
    order_of_read = np.argsort(-anew, kind="stable")
    again[:READ] = again[:READ][order_of_read]
    probabilities[:READ] = _logistic(anew[order_of_read])
    # Those that were not read stay behind those that were.
    probabilities = np.minimum.accumulate(probabilities)
    rest = float(probabilities[-1]) * fused[order[HEAD:]] / max(float(fused.max()), 1e-9)
    return Ranked(
        found.rows[np.concatenate([head[again], order[HEAD:]])],
        np.concatenate([probabilities, rest]).astype(np.float32),
        matches,
        features,
    )


def read_features(values: Vectors, matches: Sequence[Match]) -> Vectors:
    """What orders passages that the extractive reader has read, shape (passages, READ_FEATURES).

    Args:
        values: Log-odds of the first ranking.
        matches: Of the passages, read.
    """
    columns = (
        values,
        [m.answers for m in matches],
        [m.answering.max(initial=NOWHERE) for m in matches],
    )
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _logistic(values: Vectors) -> Vectors:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -40, 40))), np.float32)


def followed(
    generation: Generation, found: Ranked, asked: Asked, limit: int, allowed: Rows | None
) -> Ranked:
    """The ranking with other passages after its last, nearest by meaning first.

    Args:
        generation: The opened generation.
        found: The question's ranked candidates.
        asked: The question.
        limit: Upper bound on rows in all.
        allowed: Rows that may follow; every row by default.
    """
    rows, cosines = generation.search(asked.vector, limit, allowed=allowed)
    new = ~np.isin(rows, found.rows)
    room = max(0, limit - len(found.rows))
    floor = float(found.scores[-1]) if len(found.scores) else 0.0
    scores = floor * np.clip(cosines[new][:room], 0.0, 1.0)
    return replace(
        found,
        rows=np.concatenate([found.rows, rows[new][:room]]),
        scores=np.concatenate([found.scores, scores]).astype(np.float32),
    )


def fuse(found: Candidates, best_sentence: Vectors, expected: Vectors) -> Vectors:
    """Convex combination of meaning and both lexical views, and what is expected above it."""
    meaning = scaled(np.asarray((found.cosines + best_sentence) / 2, np.float32))
    words = (found.terms + found.pieces) / 2
    both = MEANING_WEIGHT * meaning + (1 - MEANING_WEIGHT) * words
    return np.asarray(both + expected @ np.array(EXPECTED_WEIGHTS, np.float32), np.float32)


def expectation(
    generation: Generation, found: Candidates, asked: Asked, best_sentence: Vectors
) -> Vectors:
    """How much the candidates, and their sources, are expected among all of them, in [0, 1].

    Args:
        generation: The opened generation.
        found: All candidates.
        asked: The question.
        best_sentence: Highest sentence cosine of all candidates.

    Returns:
        Shape (candidates, 2).
    """
    numbers = generation.document_numbers
    expected = asked.likeness.of_rows(found.rows, best_sentence)
    of_sources = asked.likeness.of_sources(numbers)
    standing_in = ~asked.likeness.of_asked[found.rows]
    np.maximum.at(of_sources, numbers[found.rows[standing_in]], expected[standing_in])
    of_passages = asked.likeness.relative(expected)
    relative = of_sources / max(float(of_sources.max(initial=0.0)), LIKE_NONE)
    return np.stack([of_passages, relative[numbers[found.rows]]], axis=1)


def head_features(
    generation: Generation,
    found: Candidates,
    asked: Asked,
    head: Rows,
    fused: Vectors,
    best_sentence: Vectors,
    two_sentences: Vectors,
    expected: Vectors,
) -> tuple[Vectors, dict[int, Match]]:
    """Features of the first candidates, shape (head, PASSAGE_FEATURES), and their matches.

    Args:
        generation: The opened generation.
        found: All candidates.
        asked: The question.
        head: Positions among the candidates, best first by `fused`.
        fused: Of all candidates.
        best_sentence: Highest sentence cosine of all candidates.
        two_sentences: Mean of the two highest.
        expected: `expectation` of all candidates.
    """
    rows = found.rows[head]
    passages = generation.tables.passages([int(row) for row in rows])
    matches = match(generation, asked, passages)
    # Words in rows, passages in columns; then sentences, each with what stands above it.
    maxima = np.stack([m.word_maxima for m in matches], axis=1)
    in_context = np.hstack([m.in_context for m in matches])
    counts = np.array([len(m.maxsim) for m in matches])
    maxsim = word_means(maxima)
    vectors = generation.vectors(rows)
    preliminary = scaled(maxsim) + scaled(fused[head])
    first = np.argsort(-preliminary, kind="stable")[: len(FEEDBACK_WEIGHTS)]
    weights = np.array(FEEDBACK_WEIGHTS[: len(first)], np.float32)
    meant = unit(weights @ vectors[first])
    columns = (
        best_sentence[head],
        two_sentences[head],
        found.terms[head],
        maxsim,
        asked.weights @ maxima,
        _highest(word_means(in_context), counts),
        _highest(asked.weights @ in_context, counts),
        [asked.shared_pairs(p.passage.text) for p in passages],
        maxima.min(axis=0, initial=1.0),
        vectors @ meant,
        *expected[head].T,
    )
    features = np.stack([np.asarray(column, np.float32) for column in columns], axis=1)
    return features, dict(zip((int(row) for row in rows), matches, strict=True))


def _highest(values: Vectors, counts: NDArray[np.int64]) -> Vectors:
    """The greatest of each passage's values, at least 0.

    Args:
        values: Of one passage after the other.
        counts: How many of them each passage has.
    """
    firsts = np.cumsum(counts) - counts
    with_zeros = np.insert(values, firsts, 0.0)
    return np.asarray(np.maximum.reduceat(with_zeros, firsts + np.arange(len(counts))), np.float32)


def scaled(values: Vectors) -> Vectors:
    """The values mapped to [0, 1] by their own least and greatest; 1 if all are equal."""
    least, greatest = float(values.min()), float(values.max())
    if greatest - least < 1e-9:
        return np.ones_like(values)
    return np.asarray((values - least) / (greatest - least), np.float32)
