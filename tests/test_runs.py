"""Runs of entries in one array, worked by hand."""

import numpy as np

from kb.runs import consecutive, run_maxima, slices


def test_runs_stand_one_behind_the_other() -> None:
    """An empty run has its place too; what opens a run may be passed over."""
    entries = np.arange(6)
    assert [entries[each].tolist() for each in slices(np.array([2, 0, 4]))] == [
        [0, 1],
        [],
        [2, 3, 4, 5],
    ]
    assert [entries[each].tolist() for each in slices(np.array([2, 4]), 1)] == [[1], [3, 4, 5]]
    assert slices(np.zeros(0, np.int64)) == []


def test_consecutive_numbers_of_runs() -> None:
    """Each run has its own beginning, whatever came before."""
    firsts, counts = np.array([7, 3, 0]), np.array([2, 0, 3])
    assert consecutive(firsts, counts).tolist() == [7, 8, 0, 1, 2]
    assert consecutive(firsts[:0], counts[:0]).tolist() == []


def test_greatest_of_a_run_wherever_its_rows_stand() -> None:
    """Column by column; a run without rows has -1."""
    values = np.array([[0.1, 0.9], [0.5, -0.2], [0.4, 0.3]], np.float32)
    found, held = run_maxima(values, np.array([2, 0, 2]), 4)
    expected = np.array([[0.5, -0.2], [-1, -1], [0.4, 0.9], [-1, -1]], np.float32)
    assert found.tolist() == expected.tolist()
    assert held.tolist() == [True, False, True, False]
    nothing, held = run_maxima(values[:0], np.zeros(0, np.int64), 2)
    assert nothing.tolist() == [[-1, -1], [-1, -1]]
    assert not held.any()
