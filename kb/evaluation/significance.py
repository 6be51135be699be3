"""Whether two systems differ on the same questions: paired tests, corrections, intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED = 7
RESAMPLES = 10_000
# Up to this many unequal pairs every assignment of signs is enumerated: the test is exact.
EXACT_PAIRS = 13
# Differences below this are ties: they come from the order of a sum, not from a ranking.
TIE = 1e-12
BATCH = 500

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of system B against system A over the same questions.

    Attributes:
        change: Mean of B minus mean of A.
        low: Lower end of the 95% bootstrap interval of the change.
        high: Upper end.
        p_value: Two-sided, of the paired randomisation test.
        adjusted: The p-value after Holm's correction over the measures compared.
    """

    measure: str
    questions: int
    before: float
    after: float
    change: float
    low: float
    high: float
    wins: int
    ties: int
    losses: int
    p_value: float
    adjusted: float


def randomisation_p(
    differences: Sequence[float], *, one_sided: bool = False, resamples: int = RESAMPLES
) -> float:
    """p-value of the paired randomisation test that both systems are the same.

    Under that hypothesis each difference could have had the other sign. Exact up to
    `EXACT_PAIRS` unequal pairs; else (1 + extreme) / (1 + resamples) with a fixed seed.

    Args:
        differences: B minus A for each question.
        one_sided: Ask only whether B is lower.
        resamples: Random assignments of signs when there are too many to enumerate.
    """
    values = np.asarray([d for d in differences if abs(d) > TIE], dtype=np.float64)
    if values.size == 0:
        return 1.0
    exact = values.size <= EXACT_PAIRS
    sums = _all_sign_sums(values) if exact else _random_sign_sums(values, resamples)
    observed = float(values.sum())
    slack = TIE * values.size
    if one_sided:
        extreme = int((sums <= observed + slack).sum())
    else:
        extreme = int((np.abs(sums) >= abs(observed) - slack).sum())
    return extreme / sums.size if exact else (1 + extreme) / (1 + sums.size)


def _all_sign_sums(values: Floats) -> Floats:
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums + value, sums - value])
    return sums


def _random_sign_sums(values: Floats, resamples: int) -> Floats:
    generator = np.random.default_rng(SEED)
    parts = []
    for start in range(0, resamples, BATCH):
        rows = min(BATCH, resamples - start)
        signs = generator.integers(0, 2, size=(rows, values.size), dtype=np.int8) * 2 - 1
        parts.append(signs @ values)
    return np.concatenate(parts)


def bootstrap_interval(
    differences: Sequence[float], *, level: float = 0.95, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """Percentile interval of the mean difference over resampled questions, with a fixed seed."""
    values = np.asarray(differences, dtype=np.float64)
    generator = np.random.default_rng(SEED)
    means = []
    for start in range(0, resamples, BATCH):
        rows = min(BATCH, resamples - start)
        means.append(values[generator.integers(0, values.size, (rows, values.size))].mean(axis=1))
    tail = (1 - level) / 2
    low, high = np.quantile(np.concatenate(means), [tail, 1 - tail])
    return float(low), float(high)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p-values corrected for several tests by Holm's step-down method, by name."""
    adjusted: dict[str, float] = {}
    worst = 0.0
    for place, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        worst = max(worst, min(1.0, (len(p_values) - place) * p_values[name]))
        adjusted[name] = worst
    return {name: adjusted[name] for name in p_values}


def compare_pairs(pairs: Mapping[str, Sequence[tuple[float, float]]]) -> list[Difference]:
    """Differences by measure, p-values corrected over all of them.

    Args:
        pairs: Values `(A, B)` of each question, by measure; measures without pairs are dropped.
    """
    known = {name: values for name, values in pairs.items() if values}
    changes = {name: [b - a for a, b in values] for name, values in known.items()}
    raw = {name: randomisation_p(values) for name, values in changes.items()}
    adjusted = holm(raw)
    return [
        _difference(name, known[name], changes[name], raw[name], adjusted[name]) for name in known
    ]


def _difference(
    name: str,
    pairs: Sequence[tuple[float, float]],
    changes: Sequence[float],
    p_value: float,
    adjusted: float,
) -> Difference:
    count = len(pairs)
    low, high = bootstrap_interval(changes)
    wins, losses = sum(d > TIE for d in changes), sum(d < -TIE for d in changes)
    return Difference(
        measure=name,
        questions=count,
        before=sum(a for a, _ in pairs) / count,
        after=sum(b for _, b in pairs) / count,
        change=sum(changes) / count,
        low=low,
        high=high,
        wins=wins,
        ties=count - wins - losses,
        losses=losses,
        p_value=p_value,
        adjusted=adjusted,
    )
