"""Paired tests against hand-worked cases and scipy."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy import stats

from kb.evaluation.significance import bootstrap_interval, compare_pairs, holm, randomisation_p


def test_three_wins_of_equal_size_have_the_p_value_worked_by_hand() -> None:
    """Of eight sign assignments two are as extreme as three wins: 2/8; one is as low: 8/8."""
    assert randomisation_p([0.1, 0.1, 0.1]) == 0.25
    assert randomisation_p([0.1, 0.1, 0.1], one_sided=True) == 1.0
    assert randomisation_p([-0.1, -0.1, -0.1], one_sided=True) == 0.125


def test_ties_do_not_move_the_p_value() -> None:
    """A question on which both systems agree tells nothing."""
    assert randomisation_p([0.2, 0.0, 0.3, 0.0]) == randomisation_p([0.2, 0.3]) == 0.5


def test_systems_that_never_differ_have_p_one() -> None:
    """Nothing speaks against equality."""
    assert randomisation_p([0.0] * 50) == 1.0


def test_many_pairs_agree_with_scipy() -> None:
    """Sampled signs come within sampling error of scipy's own permutation test."""
    chance = random.Random(5)
    changes = [chance.gauss(0.03, 0.2) for _ in range(120)]
    reference = stats.permutation_test(
        (np.array(changes),),
        np.mean,
        permutation_type="samples",
        n_resamples=20_000,
        rng=np.random.default_rng(1),
    )
    assert randomisation_p(changes) == pytest.approx(reference.pvalue, abs=0.02)


def test_the_same_pairs_give_the_same_numbers() -> None:
    """The seed is fixed."""
    chance = random.Random(6)
    changes = [chance.gauss(0, 0.2) for _ in range(60)]
    assert randomisation_p(changes) == randomisation_p(changes)
    assert bootstrap_interval(changes) == bootstrap_interval(changes)


def test_a_false_alarm_comes_about_as_often_as_the_level_says() -> None:
    """Of 300 comparisons of equal systems about 5% fall below .05 (within 1% to 9%)."""
    chance = random.Random(8)
    alarms = sum(
        randomisation_p([chance.gauss(0, 0.2) for _ in range(30)], resamples=500) < 0.05
        for _ in range(300)
    )
    assert 3 <= alarms <= 27


def test_the_bootstrap_interval_is_close_to_the_normal_one() -> None:
    """For many questions both intervals agree."""
    chance = random.Random(7)
    changes = [chance.gauss(0.05, 0.2) for _ in range(1000)]
    low, high = bootstrap_interval(changes)
    half = 1.96 * float(np.std(changes)) / 1000**0.5
    assert low == pytest.approx(np.mean(changes) - half, abs=0.002)
    assert high == pytest.approx(np.mean(changes) + half, abs=0.002)


def test_holm_corrects_as_in_the_textbook() -> None:
    """.01, .04, .03 become .03, .06, .06: times 3, 2, 1, never falling."""
    corrected = holm({"a": 0.01, "b": 0.04, "c": 0.03})
    assert corrected == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}


def test_a_comparison_counts_wins_ties_and_losses() -> None:
    """B wins two, loses one, ties one; an empty measure is dropped."""
    pairs = {"AP": [(0.1, 0.4), (0.5, 0.5), (0.9, 0.7), (0.0, 0.3)], "F1": []}
    (difference,) = compare_pairs(pairs)
    assert (difference.wins, difference.ties, difference.losses) == (2, 1, 1)
    assert difference.change == pytest.approx(0.1)
    assert difference.low <= difference.change <= difference.high
    assert difference.p_value == difference.adjusted
