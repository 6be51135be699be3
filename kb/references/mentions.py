"""Which of the works that a text draws on it names by author and year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.references.names import creators, family_of
from kb.references.records import Record, year_of

NAMES_CHARS = 80  # before the bracket of `Kotter and Cohen (2002)`, in which names are looked for

_BRACKET = re.compile(r"\(([^()]*\b\d{4}[a-z]?\b[^()]*)\)")
_NO_FIT = (0.0, 0)
_YEAR = re.compile(r"\b(\d{4})[a-z]?\b")
# The end of a sentence, not the stop after an initial.
_BREAK = re.compile(r"(?<=[^\W\d_]{2})[.!?;:]\s+(?=[A-Z])|[()]|\n\s*\n")


def named_works(text: str, works: Sequence[Record]) -> list[Record]:
    """The works that the text names by author and year, in the order of the works.

    `Kotter and Cohen (2002)`, `Liden and colleagues (2008, 2014)` and `(Spears, 2010; Bass,
    1985)` name works. Of two works of one first author and year, the one whose other authors
    are named too is meant; where that does not tell them apart, both are given.

    Args:
        text: Of a passage.
        works: CSL-JSON of the works that the text draws on; no other work is looked for.
    """
    meant: set[int] = set()
    for names, year in _mentions(text):
        fits = {at: _fit(work, names) for at, work in enumerate(works) if year_of(work) == year}
        best = max(fits.values(), default=_NO_FIT)
        meant.update(at for at, fit in fits.items() if fit == best != _NO_FIT)
    return [work for at, work in enumerate(works) if at in meant]


def _mentions(text: str) -> Iterator[tuple[str, int]]:
    """Each year in brackets with the words in which its authors stand."""
    for bracket in _BRACKET.finditer(text):
        ahead = _BREAK.split(text[max(0, bracket.start() - NAMES_CHARS) : bracket.start()])[-1]
        names = ""
        for part in bracket[1].split(";"):
            years = list(_YEAR.finditer(part))
            own = part[: years[0].start()] if years else ""
            if re.search(r"[^\W\d_]", own):
                names = own
            for year in years:
                yield _plain(names or ahead), int(year[1])


def _fit(work: Record, names: str) -> tuple[float, int]:
    """Share and number of the work's authors that are named; nothing without the first."""
    families = [_plain(family_of(name)) for name in creators(work) or creators(work, "editor")]
    found = [bool(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", names)) for one in families]
    return (sum(found) / len(found), sum(found)) if found and found[0] else _NO_FIT


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())
