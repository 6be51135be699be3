"""Question to candidate passages: both retrievers, filters, near-duplicates collapsed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
        lexical: BM25 scores, at least 0.
    """

    rows: Rows
    cosines: Vectors
    lexical: Vectors


def candidates(
    generation: Generation,
    vector: Vectors,
    question_terms: Sequence[str],
    *,
    limit: int = CANDIDATES,
    filters: Filters = Filters(),
) -> Candidates:
    """Union of the nearest passages by meaning and by terms.

    Args:
        generation: The opened generation.
        vector: The question's unit vector.
        question_terms: Stems of the question.
        limit: Upper bound on rows of each retriever.
        filters: Restrict the sources that may answer.
    """
    allowed = allowed_rows(generation, filters)
    if generation.count == 0 or (allowed is not None and not len(allowed)):
        empty = np.zeros(0, np.float32)
        return Candidates(np.zeros(0, np.int64), empty, empty)
    near, _ = generation.search(vector, limit, allowed=allowed)
    scores = generation.lexical.scores(question_terms)
    if allowed is not None:
        inside = np.zeros(len(scores), bool)
        inside[allowed] = True
        scores = np.where(inside, scores, 0.0).astype(np.float32)
    matching = min(limit, len(scores))
    best = np.argpartition(-scores, matching - 1)[:matching]
    rows = np.union1d(near, best[scores[best] > 0]).astype(np.int64)
    return Candidates(rows, generation.vectors(rows) @ vector, scores[rows])


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
        (not filters.frameworks or known.framework in filters.frameworks)
        and (not filters.families or known.family in filters.families)
        and (not filters.formats or source.format in filters.formats)
        and (filters.year_from is None or (known.year or -9999) >= filters.year_from)
        and (filters.year_to is None or (known.year or 9999) <= filters.year_to)
    )


def first_of_near_duplicates(texts: Sequence[str]) -> NDArray[np.bool_]:
    """For each text whether no earlier one says the same; shape (texts,)."""
    first = np.ones(len(texts), bool)
    sizes: dict[int, int] = {}
    holders: dict[int, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        found = _shingles(text)
        shared = Counter(kept for shingle in found for kept in holders.get(shingle, ()))
        first[position] = not any(
            common >= NEAR_DUPLICATE * (len(found) + sizes[kept] - common)
            for kept, common in shared.items()
        )
        if first[position]:
            sizes[position] = len(found)
            for shingle in found:
                holders[shingle].append(position)
    return first


def _shingles(text: str) -> set[int]:
    """Hashes of the text's runs of words; equal within one process only."""
    found = words(text)
    last = max(1, len(found) - SHINGLE_WORDS + 1)
    return {hash(tuple(found[first : first + SHINGLE_WORDS])) for first in range(last)}
