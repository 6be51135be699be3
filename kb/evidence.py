"""Whether sentences are evidence for a row of a comparison: each is judged by its own meaning.

A sentence found for a question may share no more than a word with it ("results" of a study,
"values" of a variable). Alone, away from the passage that it stands in, its meaning tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from kb.compare import DIMENSION_QUESTIONS
from kb.embedding import BATCH_TEXTS
from kb.enumerations import is_pointer
from kb.frameworks import DIMENSIONS
from kb.index import Generation
from kb.records import Citation, Vectors

Span = tuple[int, int]

# Chosen by reading what 170 empty cells of the shipped library would show: from here on, the
# sentence speaks of the dimension in nine of ten; a tenth lower, in four of ten. That was .45 until
# the encoder was trained on; as many sentences lie above this since then.
EVIDENCE_FROM = 0.49
AT_MOST = 3  # sentences of one cell
_READ = 12  # sentences of a framework that are looked at for each dimension; unmeasured
_KEPT = 256  # frameworks whose sentences are remembered


class Evidence:
    """Holds sentences of one generation against dimensions and questions."""

    def __init__(self, generation: Generation, embedder: Any) -> None:
        self._generation = generation
        self._embedder = embedder
        self._touched = lru_cache(maxsize=_KEPT)(self._on_dimensions)

    def touching(self, document_ids: Sequence[str], dimension: str) -> tuple[tuple[str, Span], ...]:
        """Sentences that speak of a dimension, nearest first: document and span in its text.

        Args:
            document_ids: Of one framework.
            dimension: One of `DIMENSIONS`; a sentence belongs to the nearest of them only.
        """
        return self._touched(tuple(document_ids))[dimension]

    def closeness(self, question: str, citations: Sequence[Citation]) -> tuple[float, ...]:
        """Cosine of each quote with the question, alone or behind the heading above it."""
        if not citations:
            return ()
        headings = [cited.locator.heading for cited in citations]
        texts = [_on_one_line(cited.quote) for cited in citations]
        both = [f"{heading}. {text}" for heading, text in zip(headings, texts, strict=True)]
        vectors = self._encoded([question, *texts, *both])
        alone, headed = np.split(vectors[1:] @ vectors[0], 2)
        return tuple(float(value) for value in np.maximum(alone, headed))

    @cached_property
    def _dimensions(self) -> Vectors:
        """Unit vectors of the dimensions, each between its name and its question."""
        names = self._embedder.encode(list(DIMENSIONS))
        asked = self._embedder.encode([DIMENSION_QUESTIONS[name] for name in DIMENSIONS])
        both = names + asked
        return np.asarray(both / np.maximum(np.linalg.norm(both, axis=1), 1e-9)[:, None])

    def _on_dimensions(
        self, document_ids: tuple[str, ...]
    ) -> Mapping[str, tuple[tuple[str, Span], ...]]:
        places, texts, in_context = self._sentences(document_ids)
        if not places:
            return dict.fromkeys(DIMENSIONS, ())
        likely = np.argsort(-(in_context @ self._dimensions.T), axis=0, kind="stable")[:_READ]
        read = np.unique(likely)
        cosines = self._encoded([texts[n] for n in read]) @ self._dimensions.T
        nearest = cosines.argmax(axis=1)
        found = {}
        for number, dimension in enumerate(DIMENSIONS):
            own = cosines[:, number]
            fitting = np.flatnonzero((own >= EVIDENCE_FROM) & (nearest == number))
            best = fitting[np.argsort(-own[fitting], kind="stable")][:AT_MOST]
            found[dimension] = tuple(places[read[n]] for n in best)
        return found

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, so few at a time that the model for many is not prepared."""
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        vectors = np.zeros((len(texts), self._embedder.dimension), np.float32)
        for first in range(0, len(order), BATCH_TEXTS):
            few = order[first : first + BATCH_TEXTS]
            vectors[few] = self._embedder.encode([texts[number] for number in few])
        return vectors

    def _sentences(
        self, document_ids: Sequence[str]
    ) -> tuple[list[tuple[str, Span]], list[str], Vectors]:
        """Places, texts and vectors in context of the sentences, pointers elsewhere left out."""
        tables = self._generation.tables
        places: list[tuple[str, Span]] = []
        texts: list[str] = []
        vectors = []
        for document_id in document_ids:
            for found in tables.passages(tables.rows_of(document_id)):
                if is_pointer(found.passage):
                    continue
                vectors.append(self._generation.sentence_vectors(found.row))
                places += [(document_id, span) for span in found.sentences]
                texts += map(_on_one_line, found.texts)
        return places, texts, np.concatenate(vectors) if vectors else np.zeros((0, 1), np.float32)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
