"""Where a line ends within a word, an address or a dash, and how the next one is joined to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

_BROKEN = re.compile("((?:[^\\W\\d_]+[-\u2010])*[^\\W\\d_]+)[-\u2010\xad\ufffe\x02]$")
_BROKEN_ENDS = ("-", "\u2010", "\xad", "\ufffe", "\x02")
_URL_END = re.compile("(?:https?://|www\\.)\\S*[-/_=&?\ufffe\x02]$")
_TIGHT_END = re.compile("[\\w)\\]”’\"'][—–][\ufffe\x02]?$|\\d[-\ufffe\x02]$")
_TIGHT_ENDS = ("—", "–", "-", "\ufffe", "\x02")
# "short- and long-term": the hyphen stays, and so does the space.
_SUSPENDED = re.compile("\\s*(?:and|or|to|und|oder|y|o|et|ou)\\b(?!-)")
# Addresses are broken without a hyphen; what goes on with one has its signs.
_URL_OPEN = re.compile("(?:https?://|www\\.|%20)\\S*[^\\s.,;:)]$")
_URL_REST = re.compile("\\s*(?=\\S*[/=&%?_.-]\\S)[\\w/=&%?#~+][^\\s]{3,}")
_TIGHT_START = re.compile("\\s*—(?:\\S|$)")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_HYPHEN_KEEPERS = frozenset(
    ["self", "non", "well", "co", "ex", "cross", "all", "high", "low", "long", "short", "half"]
)
# Words within a compound ("day-to-day"); no broken word goes on with one.
_LINKS = frozenset(["to", "of", "in", "by", "the", "and", "or", "for", "up", "off", "down"])


class LineEnds:
    """Tells a word that was broken at a line end from one that is written with a hyphen."""

    def __init__(self, pairs: Iterable[tuple[str, str]], raw: str) -> None:
        self._raw = raw
        votes = Counter(self._evidence(text, after) for text, after in pairs)
        # Where nothing is known of a word, the document's other words decide.
        self._breaks_words = votes["break"] >= votes["hyphen"]

    @cached_property
    def _known(self) -> set[str]:
        """Words of the document; most of them are only looked at if a line ends within one."""
        return set(_WORD.findall(self._raw.casefold()))

    def _evidence(self, text: str, after: str) -> str:
        # Most lines end otherwise; the search itself looks at every word.
        if not text.endswith(_BROKEN_ENDS):
            return "none"
        parts = _BROKEN.search(text), re.match(r"\s*([^\W\d_]+)", after)
        if not parts[0] or not parts[1]:
            return "none"
        first, second = parts[0][1].casefold(), parts[1][1].casefold()
        if f"{first}-{second}" in self._known or not parts[1][1][0].islower():
            return "hyphen"
        if "-" in first or first in _HYPHEN_KEEPERS or second in _LINKS:
            return "hyphen"
        return "break" if first + second in self._known else "none"

    def after(self, text: str, after: str) -> tuple[int, str]:
        """How much of a line is kept, and what parts it from the next one."""
        if not after:
            return len(text), ""
        # Few lines hold a sign of an address; looking for it spares the others two searches.
        if "://" in text or "www." in text or "%20" in text:
            if _URL_END.search(text):
                return (len(text) - 1, "-") if text[-1] in "\ufffe\x02" else (len(text), "")
            if _URL_OPEN.search(text) and _URL_REST.match(after):
                return len(text), ""
        tight = text.endswith(_TIGHT_ENDS) and _TIGHT_END.search(text)
        if tight or _TIGHT_START.match(after):
            return len(text), ""
        if not text.endswith(_BROKEN_ENDS) or not _BROKEN.search(text):
            return len(text), " "
        if _SUSPENDED.match(after):
            return (len(text) - 1, "- ") if text[-1] in "\ufffe\x02" else (len(text), " ")
        evidence = self._evidence(text, after)
        broken = evidence == "break" or (evidence == "none" and self._breaks_words)
        return len(text) - 1, "" if broken and after.lstrip()[:1].isalpha() else "-"
