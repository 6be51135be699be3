"""Plain text, above all text pasted from a web page: headings, lists, notes and furniture.

The text is kept character for character; the page's structure is told from the shape of its
lines, the words of its furniture and their place on the page.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kb.errors import UnreadableFile
from kb.readers.decoding import decode
from kb.readers.lines import split_lines, unify_newlines
from kb.readers.page_furniture import (
    mark_contents,
    mark_credits,
    mark_end,
    mark_inserts,
    mark_tail,
    mark_teasers,
    spread_furniture,
)
from kb.readers.page_head import find_title, mark_head
from kb.readers.shapes import GLUED, MAIL, NOTES, SECTION, TITLE_WORDS, is_short
from kb.readers.units import Unit, gather_units
from kb.records import Block, Metadata, Reading

# 100 MB of wrapped prose stay below; data files do not.
MAX_LINES = 2_000_000
# A clause in a list that is parted by semicolons; unmeasured beyond the tests.
CLAUSE_WORDS = 40

_COUNT = re.compile(
    r"\b(?:(\d{1,2})|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.I
)
_COUNT_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_CLAUSE = re.compile(r"[;,](?: (?:and|or|y|et|und))?$")


def read(content: bytes, *, name: str) -> Reading:
    """The structure of a plain text; the text itself stays as it is in the file.

    Raises:
        UnreadableFile: Empty, binary, undecodable, or nothing but white space.
    """
    raw, problems = decode(content, name=name)
    if raw.count("\n") > MAX_LINES:
        raise UnreadableFile(
            f"{name} has {raw.count(chr(10)):,} lines; the limit is {MAX_LINES:,}. Split it"
        )
    text, raw_spans = unify_newlines(raw)
    blocks, metadata = outline(text)
    if not blocks:
        raise UnreadableFile(f"{name} holds only white space; expected text")
    return Reading(text, blocks, raw_spans, metadata, problems)


def outline(text: str) -> tuple[tuple[Block, ...], Metadata]:
    """Blocks and bibliographic facts of a plain text; white space belongs to no block."""
    units = gather_units(split_lines(text))
    if not units:
        return (), Metadata()
    mark_credits(units)
    mark_teasers(units, text)
    mark_contents(units)
    mark_inserts(units)
    spread_furniture(units)
    title = find_title(units)
    metadata = mark_head(units, title)
    mark_tail(units)
    mark_end(units)
    _mark_unmarked_lists(units)
    _mark_counted_lists(units)
    _mark_headings(units, title)
    _mark_notes(units)
    _set_item_levels(units)
    return _blocks(units), metadata


def _mark_unmarked_lists(units: list[Unit]) -> None:
    """Short lines one under another after a colon are a list that lost its bullets."""
    place = 0
    while place < len(units):
        run = place + 1
        lead = units[place]
        if lead.kind is None and lead.last == ":" and not MAIL.fullmatch(lead.text):
            while run < len(units) and _is_unmarked_item(units, run, place + 1):
                run += 1
            closed = run == len(units) or units[run].gap or units[run].kind is not None
            members = units[place + 1 : run if closed else run - 1]
            clauses = _clauses(units, place + 1)
            if len(clauses) > len(members):
                members, run = clauses, place + 1 + len(clauses)
            if len(members) >= 2:
                for unit in members:
                    unit.kind, unit.level = "item", 1
        place = run


def _clauses(units: list[Unit], first: int) -> list[Unit]:
    """Lines from `first` on that end in semicolons, and the one that closes them."""
    end = first
    while end < len(units) and _is_clause(units[end], end == first):
        end += 1
    closes = end > first and end < len(units) and not units[end].gap
    if closes and units[end].kind is None and units[end].words <= CLAUSE_WORDS:
        end += 1
    return units[first:end] if end - first >= 2 else []


def _is_clause(unit: Unit, opens: bool) -> bool:
    fits = unit.kind is None and unit.words <= CLAUSE_WORDS and (opens or not unit.gap)
    return fits and bool(_CLAUSE.search(unit.text))


def _mark_counted_lists(units: list[Unit]) -> None:
    """After "Six things to do" the next six short lines are its list."""
    for place, unit in enumerate(units):
        count = (
            _COUNT.search(unit.text) if unit.kind is None and unit.words <= TITLE_WORDS else None
        )
        if not count or not (is_short(unit) or unit.last == ":"):
            continue
        number = int(count[1]) if count[1] else _COUNT_WORDS.index(count.group().lower()) + 1
        members = units[place + 1 : place + 1 + number]
        if 2 <= number == len(members) and all(
            member.kind is None and is_short(member) for member in members
        ):
            after = units[place + 1 + number : place + 2 + number]
            if after and after[0].kind is None and not is_short(after[0]) and not after[0].gap:
                continue  # the last line heads the prose right below it
            for member in members:
                member.kind, member.level = "item", 1


def _is_unmarked_item(units: list[Unit], place: int, first: int) -> bool:
    unit = units[place]
    return unit.kind is None and is_short(unit) and (place == first or not unit.gap)


def _mark_headings(units: list[Unit], title: Unit | None) -> None:
    """Short lines that open something are headings; what remains is a paragraph."""
    shown = [unit for unit in units if unit.kind != "furniture"]
    run: list[Unit] = []
    for before, unit, after in zip([None, *shown], shown, [*shown[1:], None], strict=False):
        if unit is title:
            continue
        if _opens_section(unit, after) and not _closes_list(before, unit):
            run.append(unit)
            continue
        if run and _is_content(unit):
            _keep_headings(run, unit)
        run = []
        if unit.kind is None:
            unit.kind = "paragraph"
    for unit in shown:
        if unit.kind is None:
            unit.kind = "paragraph"
    headings = [unit for unit in shown if unit.kind == "heading" and unit is not title]
    _set_heading_levels(headings, title)


def _opens_section(unit: Unit, after: Unit | None) -> bool:
    if unit.underline and unit.underline in "=-~" and is_short(unit):
        return True
    if unit.number is not None and unit.kind == "item":
        # "1. Trust" with prose of its own below it heads a section; it is no list item.
        below = after is not None and after.kind is None and not after.marked and after.words >= 5
        return below and is_short(unit) and not is_short(after or unit)
    return unit.kind is None and is_short(unit)


def _closes_list(before: Unit | None, unit: Unit) -> bool:
    """Whether the unit is numbered on from the line right above it."""
    if before is None or unit.gap or None in (before.number, unit.number):
        return False
    return (before.number or 0) + 1 == unit.number


def _is_content(unit: Unit) -> bool:
    """Whether a heading may stand before the unit."""
    return unit.kind is not None or unit.words >= 4


def _keep_headings(run: list[Unit], content: Unit) -> None:
    """Of short lines in a row only those next to the content head it."""
    packed = len(run) > 2 and not any(unit.gap for unit in run[1:])
    kept = 2
    if packed:
        kept = 1 if not content.gap else 0
    for place, unit in enumerate(run):
        near = len(run) - place <= kept
        if near or unit.underline or SECTION.match(unit.text) or unit.depth:
            unit.kind = "heading"


def _set_heading_levels(headings: list[Unit], title: Unit | None) -> None:
    base = 2 if title else 1
    sections = any(SECTION.match(unit.text) for unit in headings)
    capitals = [unit.text.isupper() for unit in headings]
    mixed = any(capitals) and not all(capitals)
    for unit, capital in zip(headings, capitals, strict=True):
        if unit.depth:
            unit.level = base + unit.depth - 1
        elif sections:
            unit.level = base if SECTION.match(unit.text) else base + 1
        else:
            unit.level = base + (mixed and not capital)


def _mark_notes(units: list[Unit]) -> None:
    """Under a heading such as References everything is a note, up to the next heading."""
    inside = False
    for unit in units:
        if unit.kind == "heading":
            inside = bool(NOTES.fullmatch(unit.text))
        elif inside and unit.kind in ("paragraph", "item"):
            label = unit.words <= 3 and unit.text.replace(" ", "").isalpha()
            unit.kind, unit.level = "furniture" if label else "note", 0


def _set_item_levels(units: list[Unit]) -> None:
    """Depth in a list from the columns before the markers."""
    indents: list[int] = []
    for unit in units:
        if unit.kind == "furniture":
            continue
        if unit.kind != "item":
            indents = []
            continue
        while indents and indents[-1] > unit.indent:
            indents.pop()
        if not indents or indents[-1] < unit.indent:
            indents.append(unit.indent)
        unit.level = len(indents)


def _blocks(units: list[Unit]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for unit in units:
        kind = unit.kind or "paragraph"
        start = unit.start
        glued = GLUED.match(unit.text) if kind == "heading" else None
        if glued:
            # A picture's alternative text sticks to the heading after it: "teamKey lessons".
            blocks.append(Block("furniture", start, start + glued.end()))
            start += glued.end()
        ordered = kind == "item" and unit.number is not None
        level = unit.level if kind in ("heading", "item") else 0
        blocks.append(replace(Block(kind, start, unit.end, level), ordered=ordered))
    return tuple(blocks)
