"""Sentence spans: where prose is cut, and where it is not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.sentences import sentence_spans


def cut(text: str) -> list[str]:
    """The sentences themselves."""
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Listen first.", "Speak later!", "Why not now?"],
        ["She wrote “Stop.”", "Then she left."],
        ["It grew (Quince, 1987).", "Nobody saw why."],
        ["The note says so.[2]", "A second note disagrees."],
        ["Wait… Perhaps not."],
        ["It rose in 1987.", "By 2003 it fell."],
    ],
)
def test_a_sentence_ends_at_its_mark_with_the_closing_signs(sentences: list[str]) -> None:
    """Quotes, brackets and note marks belong to the sentence before."""
    if sentences == ["Wait… Perhaps not."]:
        sentences = ["Wait…", "Perhaps not."]
    assert cut(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "Prof. Quince met Dr. Tolliver.",
        "J. Boonstra wrote it with M. Eguiguren.",
        "Many traits (e.g. Patience) count.",
        "See vol. 3 and pp. 4 to 9.",
        "It rose by 3.5 per cent.",
        "Robert K. Greenleaf coined it.",
        "Goleman argues in What Makes a Leader? (1998) that restraint makes people feel safe.",
    ],
)
def test_an_abbreviation_an_initial_or_a_decimal_does_not_end_a_sentence(text: str) -> None:
    """These points belong to a word."""
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "work",
    [
        "Quince, Ann D. and Ole Tolliver. The Long Oar: How Crews Row. Old Quay: Elm Press, 1994.",
        "Quince, A. D., & Tolliver, O. (1994). The long oar. Journal of Rowing, 7(1), 1–20.",
    ],
)
def test_a_line_that_names_a_work_is_kept_whole(work: str) -> None:
    """Its authors, title and year tell nothing apart; the line may be numbered."""
    text = f"Crews row. They rest.\n[2] {work}\nThey row again."
    start, end = text.index(work), text.index(work) + len(work)
    assert sentence_spans(text, start, end) == [(start, end)]
    assert f"[2] {work}" in cut(text.replace("\n", "\n\n"))
    assert len(cut("Quince, Tolliver and Roe rowed. They won: it was in Paris, 1994.")) == 2


def test_an_abbreviation_may_close_a_sentence_when_the_next_word_opens_one() -> None:
    """“Inc.” closes before “The”, and not before “Magazine”."""
    assert cut("He led Acorn Inc. The board agreed.") == ["He led Acorn Inc.", "The board agreed."]
    assert cut("He read Inc. Magazine daily.") == ["He read Inc. Magazine daily."]


def test_a_blank_line_ends_a_sentence_without_a_mark() -> None:
    """A heading or an item that was left in a block stands alone."""
    assert cut("A line without a point\n\nAnother line") == [
        "A line without a point",
        "Another line",
    ]


def test_a_line_break_inside_a_sentence_does_not_end_it() -> None:
    """Wrapped lines stay one sentence, white space untouched."""
    assert cut("one line\nand the next.") == ["one line\nand the next."]


def test_a_sentence_may_go_on_behind_a_blank_line() -> None:
    """In a small letter behind a letter, where a page has ended."""
    assert cut("A tour is led by\n\na guide. It ends.") == [
        "A tour is led by\n\na guide.",
        "It ends.",
    ]
    assert cut("A tour.\n\na guide") == ["A tour.", "a guide"]
    assert cut("A tour\n\nA guide") == ["A tour", "A guide"]


def test_spans_refer_to_the_whole_text_and_keep_within_the_block() -> None:
    """Start and end choose a block; offsets stay those of the text."""
    text = "Outside. Inside one. Inside two. Outside."
    assert sentence_spans(text, 9, 32) == [(9, 20), (21, 32)]


@given(st.text(alphabet="ab. !?A\n1“”(•e.g", max_size=80))
@settings(deadline=None, max_examples=150)
def test_spans_hold_every_visible_character_once(text: str) -> None:
    """In order, not overlapping, no outer white space, nothing visible left out."""
    spans = sentence_spans(text)
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() and a < b for a, b in spans)
    kept = "".join(text[a:b] for a, b in spans)
    assert "".join(kept.split()) == "".join(text.split())
