"""A sentence left out of a passage asks for it; neighbours stand together."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from support import REPOSITORY

from kb.library import Library

sys.path.insert(0, str(REPOSITORY / "eval"))
import left_out
import train_extractive

LONG = "The ferry to Turku leaves at seven from the northern pier."
TEXT = f"Ferries\n\nIt is late.  {LONG} Nobody waits."
BOUNDS = np.array([(9, 20), (22, 22 + len(LONG)), (23 + len(LONG), len(TEXT))], np.int32)


def test_the_sentence_goes_and_the_others_keep_their_words() -> None:
    """Only a long one is drawn; bounds behind it move to where the words now stand."""
    cut = left_out.without_one(TEXT, BOUNDS)
    assert cut is not None
    asked, text, kept = cut
    assert asked == LONG
    assert text == "Ferries\n\nIt is late.  Nobody waits."
    assert [text[a:b] for a, b in kept] == ["It is late.", "Nobody waits."]


def test_the_last_sentence_leaves_nothing_behind_it() -> None:
    """The text then ends where the one before ended, white space apart."""
    cut = left_out.without_one(TEXT[: BOUNDS[1, 1]], BOUNDS[:2])
    assert cut is not None and cut[1].rstrip() == "Ferries\n\nIt is late."
    assert left_out.without_one(TEXT, BOUNDS[:1]) is None


def test_each_row_stands_in_one_neighbourhood(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest come together, and the last group may be smaller."""
    monkeypatch.setattr(left_out, "TOGETHER", 2)
    angles = np.array([0.0, 1.5, 0.1, 1.6, 3.0])
    found = left_out.neighbourhoods(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert [set(rows.tolist()) for rows in found] == [{0, 2}, {1, 3}, {4}]


def test_passages_of_a_library_are_added(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind those that are there, without an answer; text and bounds fit each other."""
    monkeypatch.setattr(left_out, "SENTENCES", 2)
    found = train_extractive.Passages(
        ["A\n\nB."], [np.array([(3, 5)])], ["a"], ["b?"], [(0, 3, 5)],
        np.zeros((1, 1), np.int32), np.zeros((1, 1)), frozenset(),
    )  # fmt: skip
    left_out.add(found, "ours", library)
    assert len(found.texts) == len(found.sentences) == len(found.articles) > 1
    assert found.answers[1:] == [(row, 0, 0) for row in range(1, len(found.texts))]
    for asked, text, bounds in zip(
        found.questions[1:], found.texts[1:], found.sentences[1:], strict=True
    ):
        assert len(asked.split()) >= left_out.WORDS and asked not in text
        assert all(text[a:b].strip() == text[a:b] for a, b in bounds)
    assert set(found.articles[1:]) == {"ours: 0"}
