"""Runs of entries that stand one behind the other in one array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


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
