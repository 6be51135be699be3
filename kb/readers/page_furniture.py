"""What surrounds a pasted text: teasers, contents, readers' comments, ways to other pages."""

from __future__ import annotations

import re
from collections import Counter

from kb.readers.furniture import tail_kind
from kb.readers.shapes import (
    HEADING_WORDS,
    SOLID_WORDS,
    TITLE_WORDS,
    is_content,
    is_prose,
    is_short,
)
from kb.readers.units import Unit

# Of a page's words, this share stands before readers' comments and links to other pages.
TAIL_SHARE = 0.5
# So many lines of furniture make the end of a page one.
END_FURNITURE = 3
# A teaser repeats the text below it, a table of contents its headings; both stand at the top.
HEAD_UNITS = 60
TEASER_REACH_CHARS = 50_000
# A box in the midst of a text links to so few pages.
INSERT_LINES = 5
# A question of so many words may close a text; shorter ones stand on buttons.
CLOSING_WORDS = 6

_CREDIT = re.compile(
    r"(?:an? )?(?:excerpt(?:ed)?|adapted|reprinted|extract(?:ed)?|republished|originally published|"
    r"this (?:article|post|essay) (?:first |originally )?appeared)\b",
    re.I,
)
_CONTENTS = re.compile(
    r"(?:table of )?contents|(?:in|on) this (?:article|page|post|guide)|índice|inhalt|sommaire",
    re.I,
)
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*(?:read more|continue reading)?\W*$", re.I)


def mark_credits(units: list[Unit]) -> None:
    """Lines that say where a text was taken from are notes."""
    for unit in units:
        if unit.kind is None and unit.words <= TITLE_WORDS and _CREDIT.match(unit.text):
            unit.kind = "note"


def mark_teasers(units: list[Unit], text: str) -> None:
    """An excerpt that breaks off and goes on further down is furniture."""
    for unit in units[:HEAD_UNITS]:
        whole = text[unit.start : unit.end]
        cut = _ELLIPSIS.search(whole[-60:])
        if unit.kind == "furniture" or cut is None or len(whole) > 3000:
            continue
        words = whole[: len(whole) - len(whole[-60:]) + cut.start()].split()[-8:]
        below = " ".join(text[unit.end : unit.end + TEASER_REACH_CHARS].split())
        if len(words) == 8 and " ".join(words) in below:
            unit.kind = "furniture"


def mark_contents(units: list[Unit]) -> None:
    """A table of contents only repeats the headings below it."""
    place = 0
    while place < min(len(units), HEAD_UNITS):
        unit, place = units[place], place + 1
        if unit.words > 4 or not _CONTENTS.fullmatch(unit.text):
            continue
        below = Counter(other.text for other in units[place:] if other.words <= HEADING_WORDS)
        entries = place
        while entries < len(units) and below[units[entries].text] > 1:
            below[units[entries].text] -= 1
            entries += 1
        for other in units[place - 1 : entries] if entries > place else ():
            other.kind = "furniture"
        place = entries


def mark_inserts(units: list[Unit]) -> None:
    """A box of links in the midst of a text ("Recommended" and titles right below)."""
    for place, unit in enumerate(units):
        if unit.kind == "item" or tail_kind(unit.text) != "related":
            continue
        end = place + 1
        while end < len(units) and not units[end].gap and is_short(units[end]):
            end += 1
        below = units[end : end + 1]
        if 1 < end - place <= INSERT_LINES + 1 and below and below[0].gap and is_prose(below[0]):
            for other in units[place:end]:
                other.kind = "furniture"


def spread_furniture(units: list[Unit]) -> None:
    """Likely furniture is furniture beside furniture, and in runs of three."""
    likely = [unit.likely_furniture and unit.words <= 5 for unit in units]
    run = 0
    for place in range(len(units)):
        run = run + 1 if likely[place] else 0
        if run >= 3:
            for unit in units[place - run + 1 : place + 1]:
                unit.kind = "furniture"
    for steps in (range(1, len(units)), range(len(units) - 2, -1, -1)):
        towards = -1 if steps.step > 0 else 1
        for place in steps:
            if likely[place] and units[place + towards].kind == "furniture":
                units[place].kind = "furniture"
    for before, unit, after in zip(units, units[1:], units[2:], strict=False):
        beside = before.kind == after.kind == "furniture"
        if beside and unit.kind is None and unit.words <= 6 and is_short(unit):
            unit.kind = "furniture"


def mark_tail(units: list[Unit]) -> None:
    """Readers' comments and links to other pages, from where the page's text is over."""
    total = sum(unit.words for unit in units if is_content(unit))
    before, mode = 0, None
    for unit in units:
        if unit.kind == "furniture":
            if before >= TAIL_SHARE * total and mode != "comments":
                mode = tail_kind(unit.text) or mode
            continue
        if mode == "related" and (is_prose(unit, SOLID_WORDS) or unit.kind == "note"):
            mode = None
        if mode and not (unit.kind == "note" and unit.marker):
            unit.kind = "furniture"
        elif is_content(unit):
            before += unit.words
    after = None
    for unit in reversed(units):
        if unit.kind == "furniture":
            after = unit
        elif after and unit.kind is None and is_short(unit) and not _closes(unit):
            unit.kind = "furniture"
        else:
            break


def mark_end(units: list[Unit]) -> None:
    """Short lines after the text's last words, where the page's end is full of furniture."""
    content = [at for at, unit in enumerate(units)
               if unit.kind in ("item", "note", "table") or is_prose(unit)]  # fmt: skip
    last = content[-1] if content else -1
    while last >= 0 and (closing := _closing(units[last + 1 :])):
        last += closing
    end = units[last + 1 :]
    if last >= 0 and sum(unit.kind == "furniture" for unit in end) >= END_FURNITURE:
        for unit in end:
            unit.kind = "furniture"


def _closing(end: list[Unit]) -> int:
    """How many units go on with the text: sentences shorter than prose, and their headings."""
    for place, unit in enumerate(end[:2]):
        if unit.kind is not None or unit.likely_furniture:
            return 0
        sentence = unit.words >= 4 and unit.text[-1] in ".!" and not is_short(unit)
        if sentence or _closes(unit):
            return place + 1
    return 0


def _closes(unit: Unit) -> bool:
    return unit.text.endswith("?") and unit.words >= CLOSING_WORDS
