"""Opposites: what a question takes for granted and a sentence turns round."""

from __future__ import annotations

import pytest

from kb.opposites import FILE, opposed, undenied


@pytest.mark.parametrize(
    ("question", "sentence", "count"),
    [
        ("What happens before the bill is passed?", "After the bill is passed, it is law.", 1),
        ("Why did sales increase?", "Sales decreased in the north.", 1),
        ("What is higher in the north?", "The tide is lower in the south.", 2),
        ("What happens after the bill is passed?", "After the bill is passed, it is law.", 0),
        ("Is it before or after?", "It comes after the rest.", 0),
        ("Who spoke before?", "Before and after, the captain spoke.", 0),
        ("Who lit the lamp?", "The captain lit it.", 0),
    ],
)
def test_an_opposite_without_the_word_itself_counts(
    question: str, sentence: str, count: int
) -> None:
    """Inflected or not; a question that names both sides takes none for granted."""
    assert opposed(question, sentence) == count


def test_every_line_of_the_file_is_a_pair() -> None:
    """A line with one word, or three, would be passed over in silence."""
    lines = [line.partition("#")[0].strip() for line in FILE.read_text("utf-8").splitlines()]
    pairs = [line.split(",") for line in lines if line]
    assert all(len(pair) == 2 and all(word.strip().isalpha() for word in pair) for pair in pairs)


@pytest.mark.parametrize(
    ("word", "denied"),
    [
        ("imprecise", "precise"),
        ("Unofficial", "official"),
        ("non-member", "member"),
        ("discover", ""),
        ("understand", ""),
        ("independent", ""),
        ("precise", ""),
    ],
)
def test_a_prefix_may_deny_the_rest_of_a_word(word: str, denied: str) -> None:
    """Not where it only looks like one."""
    assert undenied(word) == denied
