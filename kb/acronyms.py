"""What letters stand for: a run of words, or the members of a list, with these initials."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.lexical import STOPWORDS

_WORD = re.compile(r"[^\W_]+")


def expansion(letters: str, text: str) -> tuple[int, int] | None:
    """Span of the first run of words whose initials spell the letters; None if there is none.

    Small words may be left out of the letters or be among them ("management by objectives"),
    and "ex" may sound as X ("leader-member exchange").
    """
    found = [(m.start(), m.end(), m.group().lower()) for m in _WORD.finditer(text)]
    wanted = [letter for letter in letters.lower() if letter.isalpha()]
    for first in range(len(found)):
        end = _spelt(wanted, found, first)
        if end is not None:
            return found[first][0], end
    return None


def _spelt(
    wanted: Sequence[str], found: Sequence[tuple[int, int, str]], position: int
) -> int | None:
    """Where the words from a position on have spelt the letters; None if they do not."""
    spelt = 0
    for _, end, word in found[position:]:
        if word[0] == wanted[spelt] or (wanted[spelt] == "x" and word.startswith("ex")):
            spelt += 1
        elif word not in STOPWORDS or spelt == 0:
            return None
        if spelt == len(wanted):
            return end
    return None


def spells(letters: str, members: Sequence[str]) -> bool:
    """Whether the members begin with the letters, one each."""
    wanted = [letter for letter in letters.lower() if letter.isalpha()]
    opened = [member.lstrip(" \"'“‘(").lower() for member in members]
    return len(wanted) == len(opened) and all(
        member.startswith(letter) for member, letter in zip(opened, wanted, strict=True)
    )
