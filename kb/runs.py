"""Runs of entries that stand one behind the other in one array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kb.records import Vectors


def slices(counts: NDArray[np.int64], passed_over: int = 0) -> list[slice]:
    """Where each run stands; so many entries at its beginning are left out.

    Args:
        counts: How many entries each run has.
        passed_over: At most the least of them.
    """
    lasts = np.cumsum(counts)
    firsts = lasts - counts + passed_over
    return list(map(slice, firsts.tolist(), lasts.tolist()))


def consecutive(firsts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers `first`, `first + 1`, … of each run, so many as it has."""
    before = np.cumsum(counts) - counts
    found: NDArray[np.int64] = np.arange(counts.sum()) + np.repeat(firsts - before, counts)
    return found


def run_maxima(
    values: Vectors, runs: NDArray[np.int64], count: int
) -> tuple[Vectors, NDArray[np.bool_]]:
    """Greatest value of each column among the rows of each run, and which runs have rows.

    Args:
        values: Shape (rows, columns).
        runs: Number of the run that each row belongs to, in any order.
        count: Of runs.

    Returns:
        Shape (runs, columns), -1 for a run without rows; shape (runs,).
    """
    sizes = np.bincount(runs, minlength=count)
    held = sizes > 0
    found = np.full((count, values.shape[1]), -1.0, np.float32)
    if len(runs):
        begins = (np.cumsum(sizes) - sizes)[held]
        found[held] = np.maximum.reduceat(values[np.argsort(runs, kind="stable")], begins, axis=0)
    return found, held
