"""Candidates to ranked rows: fusion of both retrievers, then late interaction on the first.

Convex combination of normalised scores: Bruch, Gai and Ingber 2022, arXiv 2210.11934.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kb.index import Generation, Rows
from kb.interaction import maxsim
from kb.records import Vectors
from kb.search import Candidates

DENSE_WEIGHT = 0.6
INTERACTION_WEIGHT = 0.7
INTERACTION_LIMIT = 30  # passages compared word by word


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows best first with fused scores in [0, 1], descending."""

    rows: Rows
    scores: Vectors


def rank(
    generation: Generation, found: Candidates, vector: Vectors, question_words: Vectors
) -> Ranked:
    """The candidates in order of how well they match.

    Args:
        generation: The opened generation.
        found: Candidates of the question.
        vector: The question's unit vector.
        question_words: The question's word vectors, shape (words, word dimension).
    """
    if not len(found.rows):
        return Ranked(found.rows, found.cosines)
    best_sentence = np.array(
        [
            max((generation.sentence_vectors(row) @ vector).max(initial=-1.0), -1.0)
            for row in found.rows
        ],
        np.float32,
    )
    meaning = np.asarray((found.cosines + best_sentence) / 2, np.float32)
    fused = DENSE_WEIGHT * scaled(meaning) + (1 - DENSE_WEIGHT) * found.lexical / max(
        1e-9, float(found.lexical.max())
    )
    order = np.argsort(-fused, kind="stable")
    head = order[:INTERACTION_LIMIT]
    if len(question_words) and len(head) > 1:
        similarity = np.array(
            [maxsim(question_words, generation.word_vectors(row)) for row in found.rows[head]],
            np.float32,
        )
        again = INTERACTION_WEIGHT * scaled(similarity) + (1 - INTERACTION_WEIGHT) * scaled(
            fused[head]
        )
        head = head[np.argsort(-again, kind="stable")]
        floor = float(fused[order[INTERACTION_LIMIT:]].max(initial=0.0))
        fused[head] = floor + (1 - floor) * np.sort(again)[::-1]
        order = np.concatenate([head, order[INTERACTION_LIMIT:]])
    return Ranked(found.rows[order], np.clip(fused[order], 0.0, 1.0).astype(np.float32))


def scaled(values: Vectors) -> Vectors:
    """The values mapped to [0, 1] by their own least and greatest; 1 if all are equal."""
    least, greatest = float(values.min()), float(values.max())
    if greatest - least < 1e-9:
        return np.ones_like(values)
    return (values - least) / (greatest - least)
