"""Lines of plain text → paragraphs, list items and notes, before anyone judges them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from kb.readers.bylines import byline_names, date_year
from kb.readers.furniture import verdict
from kb.readers.lines import INVISIBLE, Line
from kb.records import BlockKind

# Lines of hand-wrapped text are at most this long; longer ones are whole paragraphs.
MAX_WRAP_CHARS = 120
# A wrapped line is full when the next word would have passed this share of the width.
FULL_SHARE = 0.85
# A line of bullets longer than this was not made by a person.
MAX_INLINE_LIST_CHARS = 20_000
# Numbered lists inside each other that are kept in mind.
MAX_LIST_DEPTH = 8

_SPACE = rf"[{re.escape(INVISIBLE)}]"
BULLET = re.compile(
    rf"[•●◦▪■□‣⁃∙·○◆◇★➢➤►▶→✓✔✗❖▸▹◾◽➜➔❯✅☑🔹🔸👉\uf0b7\uf0a7\uf0d8]\ufe0f?{_SPACE}*|"
    rf"[-*+–—]{_SPACE}+|o(?:\t|{_SPACE}{{2,}})(?=\S)"
)
_INNER_BULLET = re.compile(rf"{_SPACE}+[•●▪■‣\uf0b7]{_SPACE}+")
NUMBER = re.compile(
    rf"\(?(?:(?P<number>\d{{1,3}})|(?P<letter>[a-zA-Z])|(?P<roman>[ivxIVX]{{2,5}}))"
    rf"(?:(?:\.\)|[.)]){_SPACE}+|\ufe0f?\u20e3{_SPACE}*)(?=\S)"
)
OUTLINE = re.compile(rf"(?P<parts>\d{{1,3}}(?:\.\d{{1,3}}){{1,5}})\.?{_SPACE}+(?=[^\W\d_])")
_NOTE = re.compile(
    rf"(?:\[\d{{1,3}}\]|[†‡]|[¹²³⁴-⁹]{{1,3}}){_SPACE}*(?=\S)|\^{_SPACE}+|\^?\[\^\w+\]:{_SPACE}*"
)
_LABEL = re.compile(r"(?:Notes?|Footnotes?|Endnotes?|Disclaimer|Editor['’]s note):\s?\S")
_RULE = re.compile(r"[-=_*~#.•·—–\s]{3,}")
# Marks of footnotes at the end of a line: "leaders:[2]".
REFERENCE = re.compile(r"(?:\s?\[\d{1,3}\])+$")
# The link beside a heading of an encyclopedia.
_EDIT = re.compile(r"(?<=\w)\s?\[\s?edit(?: source)?\s?\]$")
_ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9,
           "x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15}  # fmt: skip


@dataclass(slots=True)
class Unit:
    """A paragraph, list item or note; `kind` is None until somebody has judged it.

    Attributes:
        start: Offset of its first character, the list marker left out.
        end: One past its last.
        text: Its first line from `start`; long paragraphs are joined in `words` only.
        words: Words of all its lines.
        last: Its last character, marks of footnotes left out.
        indent: Columns before the marker.
        gap: A blank line comes before.
        marked: A bullet or number stood before it.
        marker: The bullet or number itself with the white space after it.
        number: Its number in a numbered list, else None; letters count from 1001 and
            Roman numerals from 2001, so that only like follows like.
        depth: Parts of an outline number such as 1.2, else 0.
        underline: The character of a ruled line right under it, else empty.
    """

    start: int
    end: int
    text: str
    words: int
    last: str
    indent: int
    gap: bool
    kind: BlockKind | None = None
    level: int = 0
    marked: bool = False
    marker: str = ""
    number: int | None = None
    depth: int = 0
    underline: str = ""
    likely_furniture: bool = False


def gather_units(lines: list[Line]) -> list[Unit]:
    """The lines as units, wrapped lines joined, in order."""
    width = _wrap_width(lines)
    units: list[Unit] = []
    previous: Line | None = None
    for line in lines:
        if _RULE.fullmatch(line.text[:MAX_WRAP_CHARS]) and len(line.text) <= MAX_WRAP_CHARS:
            if units and not line.gap and previous:
                units[-1].underline = line.text[0]
            previous = None
            continue
        if previous and units and _continues(units[-1], previous, line, width):
            unit = units[-1]
            unit.end, unit.last = line.end, _last(line.text)
            unit.words += _word_count(line.text)
        else:
            units.extend(_opened(line, after_rule=previous is None))
        previous = line
    _confirm(units)
    return units


def _wrap_width(lines: list[Line]) -> int:
    """Columns at which the text was wrapped by hand; 0 if each paragraph is one line."""
    broken = sum(
        not after.gap and after.text[0].islower() and before.text[-1] not in ".!?:;"
        for before, after in pairwise(lines)
    )
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0
    enough = broken >= 2 and broken >= 0.05 * len(lines)
    return width if enough and 30 <= width <= MAX_WRAP_CHARS else 0


def _continues(unit: Unit, before: Line, line: Line, width: int) -> bool:
    """Whether `line` goes on with the unit that `before` ended."""
    if line.gap or unit.kind in ("furniture", "table") or _opens(line.text):
        return False
    first_word = line.text.split(None, 1)[0]
    if width and len(before.text) + 1 + len(first_word) >= FULL_SHARE * width:
        return True
    if verdict(line.text) == "certain":
        return False
    if unit.marked and line.indent > unit.indent:
        return True
    open_end = before.text[-1] in ",(—–" or (unit.kind == "note" and before.text[-1] != ".")
    if date_year(line.text) or byline_names(line.text):
        return False
    lower = line.text[0].islower() and before.text[-1] not in ".!?:;"
    return (open_end or lower) and len(before.text) > 15


def _opens(text: str) -> bool:
    """Whether a line opens a list item or note of its own."""
    patterns = (BULLET, NUMBER, _NOTE, _LABEL, OUTLINE)
    return any(pattern.match(text) for pattern in patterns)


def _opened(line: Line, *, after_rule: bool) -> list[Unit]:
    """The unit or, for bullets pasted onto one line, the units that a line opens."""
    text, start = line.text, line.start
    unit = Unit(start, line.end, text, 0, _last(text), line.indent, line.gap or after_rule)
    if match := _NOTE.match(text):
        unit.kind = "note"
    elif match := BULLET.match(text):
        unit.kind, unit.marked, unit.level = "item", True, 1
    elif match := OUTLINE.match(text):
        unit.depth = match["parts"].count(".") + 1
    elif match := NUMBER.match(text):
        unit.number, unit.marked = number_value(match), True
    elif "\t" in text:
        unit.kind = "table"
    elif _LABEL.match(text):
        unit.kind = "note"
    if match and match.end() < len(text):
        unit.marker = match.group()
        unit.start, unit.text = start + match.end(), text[match.end() :]
    if edit := _EDIT.search(unit.text):
        unit.text = unit.text[: edit.start()]
        unit.end, unit.last = unit.start + edit.start(), _last(unit.text)
    unit.words = _word_count(unit.text)
    judged = verdict(unit.text)
    if judged == "certain" or not any(map(str.isalnum, unit.text[:MAX_WRAP_CHARS])):
        unit.kind = "furniture"
    unit.likely_furniture = judged == "likely"
    return _split_bullets(unit) if unit.kind == "item" else [unit]


def _word_count(text: str) -> int:
    # A list of the words of a very long line would take many times its memory.
    return len(text.split()) if len(text) < MAX_INLINE_LIST_CHARS else text.count(" ") + 1


def _last(text: str) -> str:
    return (REFERENCE.sub("", text[-40:]) or text)[-1]


def _split_bullets(unit: Unit) -> list[Unit]:
    if len(unit.text) > MAX_INLINE_LIST_CHARS:
        return [unit]
    cuts = [(match.start(), match.end()) for match in _INNER_BULLET.finditer(unit.text)]
    if not cuts:
        return [unit]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(unit.text)]
    parts = []
    for start, end in zip(starts, ends, strict=True):
        text = unit.text[start:end]
        if text:
            parts.append(
                Unit(unit.start + start, unit.start + end, text, len(text.split()), _last(text),
                     unit.indent, unit.gap and not start, "item", 1, True)
            )  # fmt: skip
    return parts


def number_value(match: re.Match[str]) -> int:
    """The number that a match of `NUMBER` stands for, as `Unit.number` counts."""
    if match["number"]:
        return int(match["number"])
    symbol = (match["roman"] or match["letter"]).lower()
    if symbol in _ROMANS:
        return 2000 + _ROMANS[symbol]
    return 1000 + ord(symbol[0]) - ord("a") + 1


def _confirm(units: list[Unit]) -> None:
    """Makes items of numbered units that count on from a neighbour, and tables of rows."""
    numbered = [unit for unit in units if unit.number is not None]
    counted: set[int] = set()
    lists: list[Unit] = []  # the last item of each list that is open, outer lists first
    for unit in numbered:
        depth = next((depth for depth in range(len(lists) - 1, -1, -1)
                      if unit.number == (lists[depth].number or 0) + 1), None)  # fmt: skip
        if depth is None:
            lists = [*lists[-MAX_LIST_DEPTH:], unit]
        else:
            counted.update((id(lists[depth]), id(unit)))
            lists[depth:] = [unit]
    for unit in numbered:
        if id(unit) not in counted:
            _restore_marker(unit)
        elif unit.kind is None:
            unit.kind, unit.level = "item", 1
    for before, unit, after in zip([None, *units], units, [*units[1:], None], strict=False):
        beside = {other.marker.strip() for other in (before, after) if other}
        if (
            unit.kind == "item"
            and unit.marker.strip() in ("–", "—")
            and (unit.marker.strip() not in beside)
        ):
            _restore_marker(unit)  # "— Mary Parker Follett" below a quotation
            unit.kind, unit.level = None, 0
    rows = [False, *(unit.kind == "table" for unit in units), False]
    for place, unit in enumerate(units, start=1):
        if rows[place] and not rows[place - 1] and not rows[place + 1]:
            unit.kind = None


def _restore_marker(unit: Unit) -> None:
    """What looked like a bullet or number is the first of the unit's words."""
    unit.start -= len(unit.marker)
    unit.text = unit.marker + unit.text
    unit.number, unit.marked, unit.marker = None, False, ""
