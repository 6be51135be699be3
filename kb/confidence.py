"""How sure an answer is: a calibrated probability from what was found.

Best cosine tells questions about other subjects apart, word-by-word closeness and covered
terms those that the library only seems to answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kb.index import Generation
from kb.interaction import maxsim
from kb.lexical import terms
from kb.questions import Question
from kb.records import Vectors
from kb.selection import Sentence
from kb.tables import PassageRow
from kb.weights import learned_weights, probability

SUPPORT_FEATURES = ("cosine", "maxsim", "coverage")


def support(
    generation: Generation,
    question: Question,
    vector: Vectors,
    question_words: Vectors,
    passages: Sequence[PassageRow],
    sentences: Sequence[Sentence],
    *,
    listed: bool,
) -> float:
    """Probability in [0, 1] that the chosen sentences answer the question; 0 without any."""
    if not passages or not sentences:
        return 0.0
    features = support_features(
        generation, question, vector, question_words, passages, sentences, listed=listed
    )
    return probability(float(learned_weights().support.scores(features[None])[0]))


def support_features(
    generation: Generation,
    question: Question,
    vector: Vectors,
    question_words: Vectors,
    passages: Sequence[PassageRow],
    sentences: Sequence[Sentence],
    *,
    listed: bool,
) -> Vectors:
    """What the support model reads, shape (SUPPORT_FEATURES,)."""
    rows = [found.row for found in passages]
    cosines = generation.vectors(rows) @ vector
    best = passages[0]
    rarity = {term: generation.lexical.rarity(term) for term in set(question.terms)}
    total = sum(rarity.values()) or 1.0
    found = set(terms(best.passage.text)) | set(terms(best.passage.context))
    covered = sum(weight for term, weight in rarity.items() if term in found) / total
    return np.array(
        [
            cosines.max(),
            maxsim(question_words, generation.word_vectors(best.row)),
            covered,
        ],
        np.float32,
    )
