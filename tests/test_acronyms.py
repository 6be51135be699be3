"""Letters and the words that they stand for."""

from __future__ import annotations

import pytest

from kb.acronyms import expansion, spells


@pytest.mark.parametrize(
    ("letters", "text", "words"),
    [
        ("MBO", "They call it management by objectives here.", "management by objectives"),
        ("GLOBE", "Global Leadership and Organizational Behavior Effectiveness",
         "Global Leadership and Organizational Behavior Effectiveness"),
        ("LMX", "In leader-member exchange two people trade.", "leader-member exchange"),
        ("CRM", "Crew resources of ships.", None),
        ("CRM", "", None),
    ],
)  # fmt: skip
def test_letters_are_found_as_the_initials_of_words(
    letters: str, text: str, words: str | None
) -> None:
    """Small words may be skipped; a stranger in between ends the run."""
    found = expansion(letters, text)
    assert (text[slice(*found)] if found else None) == words


def test_members_spell_letters_one_each() -> None:
    """In order, and no more and no fewer than there are letters."""
    assert spells("GROW", ["goal", "reality", "options", "will"])
    assert not spells("GROW", ["goal", "reality", "options"])
    assert not spells("GROW", ["reality", "goal", "options", "will"])
