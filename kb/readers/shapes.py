"""What the shape of a unit tells: whether it could be a heading, and whether it is prose."""

from __future__ import annotations

import re

from kb.readers.units import REFERENCE, Unit

# Shapes of a heading and of prose, in words and characters. Unmeasured beyond the tests.
HEADING_WORDS = 14
HEADING_CHARS = 110
QUESTION_WORDS = 12
TITLE_WORDS = 28
TITLE_CHARS = 180
PROSE_WORDS = 12
SOLID_WORDS = 25

# A picture's alternative text sticks to the heading after it: "teamKey lessons".
GLUED = re.compile(r"[a-z]{3,12}(?=[A-Z][a-z]{2,})")
SECTION = re.compile(r"(?:part|chapter|book|section|appendix|lesson|module)\s+[\divxlc]+\b", re.I)
NOTES = re.compile(
    r"(?:references|bibliography|works cited|(?:foot|end)?notes|literature)\W*", re.I
)
MAIL = re.compile(r"(?:to|from|cc|bcc|date|sent|attn|attachments?)\s?:", re.I)
_CAPTION = re.compile(
    r"(?:figure|fig\.|table|exhibit|chart|source|image|photo)\s?\d*(?:[:.–—]|$)|keywords?\s?:", re.I
)


def is_short(unit: Unit) -> bool:
    """Whether the unit could be a heading by its shape alone."""
    if not 1 <= unit.words <= HEADING_WORDS or unit.end - unit.start > HEADING_CHARS:
        return False
    text = REFERENCE.sub("", unit.text)
    if not text or (text[-1] in ".,;:…" and not text.endswith(("etc.", "Inc.", "Co.", "Ltd."))):
        return False
    if text[-1] in "?!" and unit.words > QUESTION_WORDS:
        return False
    if MAIL.match(text) or "://" in text:
        return False
    quoted = text[0] + text[-1] == "()" or (text[0] in "\"“'‘«" and text[-1] in "\"”'’»")
    opens = not (text[0].islower() or text[0] in "-–—") or bool(GLUED.match(text))
    return opens and not quoted and not _CAPTION.match(text) and any(map(str.isalpha, text))


def is_prose(unit: Unit, words: int = PROSE_WORDS) -> bool:
    """Whether the unit has so many words and is no heading by its shape."""
    return unit.kind is None and unit.words >= words and not is_short(unit)


def is_content(unit: Unit) -> bool:
    """Whether the unit's words are part of the text proper."""
    return unit.kind in ("item", "table") or is_prose(unit)
