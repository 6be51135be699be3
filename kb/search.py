"""Question to candidate passages: both retrievers, filters, near-duplicates collapsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.expected import Likeness
from kb.index import Generation, Rows
from kb.lexical import words
from kb.records import Filters, Source, Vectors

CANDIDATES = 100  # of each retriever; eval/benchmarks/results/ablation.json
NEAR_DUPLICATE = 0.9  # share of common five-word shingles from which two passages are one
SHINGLE_WORDS = 5


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages worth ranking; every array has one entry a row.

    Attributes:
        rows: In ascending order.
        cosines: Of question and passage vectors.
        terms: BM25 scores of stems and their pairs, in [0, 1] by the question's best row.
        pieces: BM25 scores of pieces of words, likewise.
    """

    rows: Rows
    cosines: Vectors
    terms: Vectors
    pieces: Vectors


def candidates(
    generation: Generation,
    vector: Vectors,
    text: str,
    likeness: Likeness,
    *,
    limit: int = CANDIDATES,
    filters: Filters = Filters(),
) -> Candidates:
    """Union of the nearest passages by meaning, by words and by expected questions.

    Args:
        generation: The opened generation.
        vector: The question's unit vector.
        text: The question.
        likeness: Of the question with those that are expected.
        limit: Upper bound on rows of each retriever.
        filters: Restrict the sources that may answer.
    """
    allowed = allowed_rows(generation, filters)
    if generation.count == 0 or (allowed is not None and not len(allowed)):
        empty = np.zeros(0, np.float32)
        return Candidates(np.zeros(0, np.int64), empty, empty, empty)
    near, _ = generation.search(vector, limit, allowed=allowed)
    by_terms, by_pieces = (
        _relative(generation.lexical.scores(view, text), allowed) for view in ("terms", "pieces")
    )
    both = by_terms + by_pieces
    matching = min(limit, len(both))
    best = np.argpartition(-both, matching - 1)[:matching]
    alike = likeness.nearest(limit)
    if allowed is not None:
        alike = np.intersect1d(alike, allowed)
    rows = np.unique(np.concatenate([near, alike, best[both[best] > 0]])).astype(np.int64)
    return Candidates(
        rows,
        generation.vectors(rows) @ vector,
        by_terms[rows],
        by_pieces[rows],
    )


def _relative(scores: Vectors, allowed: Rows | None) -> Vectors:
    """Scores of the allowed rows divided by their greatest; 0 for every other row."""
    if allowed is not None:
        inside = np.zeros(len(scores), bool)
        inside[allowed] = True
        scores = np.where(inside, scores, 0.0)
    return np.asarray(scores / max(float(scores.max(initial=0.0)), 1e-9), np.float32)


def allowed_rows(generation: Generation, filters: Filters) -> Rows | None:
    """Rows of the sources that pass the filters, ascending; None if all may answer."""
    if filters == Filters():
        return None
    passes = np.array([_passes(source, filters) for source in generation.tables.sources], bool)
    found: Rows = np.flatnonzero(passes[generation.document_numbers]).astype(np.int64)
    return found


def _passes(source: Source, filters: Filters) -> bool:
    known = source.metadata
    return (
        (not filters.documents or source.document_id in filters.documents)
        and (not filters.frameworks or known.framework in filters.frameworks)
        and (not filters.families or known.family in filters.families)
        and (not filters.formats or source.format in filters.formats)
        and (filters.year_from is None or (known.year or -9999) >= filters.year_from)
        and (filters.year_to is None or (known.year or 9999) <= filters.year_to)
    )


def first_of_near_duplicates(texts: Sequence[str]) -> NDArray[np.bool_]:
    """For each text whether no earlier one says the same; shape (texts,)."""
    first = np.ones(len(texts), bool)
    kept: list[set[tuple[str, ...]]] = []
    for position, text in enumerate(texts):
        found = _shingles(text)
        shared = ((other, len(found & other)) for other in kept)
        first[position] = not any(
            common >= NEAR_DUPLICATE * (len(found) + len(other) - common)
            for other, common in shared
        )
        if first[position]:
            kept.append(found)
    return first


def _shingles(text: str) -> set[tuple[str, ...]]:
    """The text's runs of words; a shorter text is one run."""
    found = words(text)
    runs = set(zip(*(found[first:] for first in range(SHINGLE_WORDS)), strict=False))
    return runs or {tuple(found)}
