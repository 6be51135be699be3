"""Spelling: what the library does not know is corrected by its own words, or left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.spelling import Speller, write_words

TEXTS = ("Trust takes a break.", "The captain breaks the rules of leadership.", "A ferry captain.")


@pytest.fixture
def speller(tmp_path: Path) -> Speller:
    """Of a library of three sentences."""
    write_words(TEXTS, tmp_path)
    return Speller(tmp_path)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("What is ledership?", "What is leadership?"),
        ("Captian", "Captain"),
        ("leadershhhhip", "leadershhhhip"),
        ("bred", "bred"),
        ("Breaking rules", "Breaking rules"),
    ],
)
def test_a_slip_becomes_the_library_s_own_word(speller: Speller, written: str, read: str) -> None:
    """One slip, two in long words; short words, known stems and greater differences stay."""
    assert speller.corrected(written) == read


def test_a_word_that_is_known_elsewhere_is_no_mistake(speller: Speller) -> None:
    """Bread is no slip for break, though this library speaks of breaks alone."""
    assert speller.corrected("bread") == "break"
    assert speller.corrected("Bread", {"bread"}.__contains__) == "Bread"
    assert speller.corrected("ledership", {"bread"}.__contains__) == "leadership"


def test_what_denies_a_known_word_is_no_mistake(tmp_path: Path) -> None:
    """So "imprecise" is no slip for "improvise"; one letter may still be wrong."""
    write_words(("They improvise with precise moves: the function of a dysfunction.",), tmp_path)
    assert Speller(tmp_path).corrected("imprecise") == "imprecise"
    assert Speller(tmp_path).corrected("improvice") == "improvise"
    assert Speller(tmp_path).corrected("disfunction") == "dysfunction"


def test_a_word_is_like_none_without_one_of_its_stem_or_letters(speller: Speller) -> None:
    """An accent or a slip makes no other word; very short words are like many."""
    assert speller.is_like_none("Bergstrom")
    assert not speller.is_like_none("Captian")
    assert not speller.is_like_none("Léaders")
    assert not speller.is_like_none("Oz")
