"""A sheet as slides: one passage a slide with its reference in the foot, a table to compare."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.exc import PackageNotFoundError
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from kb.errors import BadSetting
from kb.export.material import (
    ELLIPSIS,
    STATUS_SHAPES,
    STATUS_WORDS,
    Entry,
    Sheet,
    SheetCell,
    excerpt,
    on_one_line,
    paragraphs,
    printable,
    tied,
)
from kb.export.plain import place_text
from kb.references import Run

SHIPPED = Path(__file__).resolve().parent / "templates" / "leadership.pptx"
TABLE_COLUMNS = 4  # frameworks on one slide
TABLE_TOP = 1.25  # inches
CELL_WORDS = 20  # of a quote in the table; the whole quote stands in the notes
TITLE_WORDS = 14
# Characters that the quote's frame holds at a size in points, looked at with the shipped
# template; a longer quote goes on over the next slides.
SIZES = ((230, 32), (450, 28), (650, 24), (1000, 20))
SLIDE_CHARS = SIZES[-1][0]
REFERENCE_CHARS = 1500  # of a bibliography on one slide at 16 points
LINE_CHARS, LINE_INCHES = 142, 0.2  # of 12-point text across the table, and its height
STATUS_COLOURS = {"covered": "1E6B3A", "partly": "8A5A00", "none": "5A6675"}
BLUE, PALE, WHITE, INK, RULE = "1F5FA8", "EAF1FA", "FFFFFF", "1B2A41", "C9D3DF"


def sheet_pptx(sheet: Sheet, *, template: str = "") -> bytes:
    """The sheet as a .pptx file.

    Args:
        sheet: Any.
        template: A .pptx of your own; its slides stay in front. Layouts named Opening,
            Passage, Table and References are used where it has them, else those with a title
            and a text.

    Raises:
        BadSetting: The template is missing, no PowerPoint file or without such layouts.
    """
    deck = _open(template)
    _opening(deck, sheet)
    if sheet.columns:
        _tables(deck, sheet)
    else:
        for entry in sheet.entries:
            _passage(deck, entry)
    _references(deck, sheet)
    facts = deck.core_properties
    facts.title = excerpt(sheet.title, TITLE_WORDS)[:255]
    facts.comments = f"Index {sheet.generation}" if sheet.generation else ""
    facts.created = facts.modified = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def pieces(quote: str, limit: int = SLIDE_CHARS) -> list[str]:
    """The quote in stretches that fit a slide, each cut between words and marked there.

    A cut falls at the end of a sentence if the last third of the stretch holds one.
    """
    text = "\n\n".join(paragraphs(quote))
    stretches: list[str] = []
    while len(text) > limit:
        cut = _cut(text, limit)
        stretches.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    stretches.append(text)
    last = len(stretches) - 1
    return [
        f"{f'{ELLIPSIS} ' if at else ''}{stretch}{f' {ELLIPSIS}' if at < last else ''}"
        for at, stretch in enumerate(stretches)
    ]


def _cut(text: str, limit: int) -> int:
    ends = [found.end() for found in re.finditer(r"[.!?][”’\")]*\s", text[:limit])]
    if ends and ends[-1] > limit * 2 // 3:
        return ends[-1]
    space = max(text.rfind(mark, 0, limit) for mark in (" ", "\n"))
    if space > 0:
        return space
    after = re.search(r"\s", text)
    return after.start() if after else len(text)


def _open(template: str) -> Any:
    try:
        deck = Presentation(template or str(SHIPPED))
        if not any(_placeholder(layout, 0) is not None for layout in deck.slide_layouts):
            raise ValueError("none of its layouts has a title")
    except (PackageNotFoundError, BadZipFile, OSError, KeyError, ValueError) as error:
        raise BadSetting(
            f"template_pptx is {template!r}, which cannot be used ({error}). "
            "Name a .pptx file, or leave the setting empty for the shipped template."
        ) from None
    return deck


def _layout(deck: Any, name: str, *kinds: int) -> Any:
    """The layout of that name, else the first with a title and placeholders of these kinds."""
    for layout in deck.slide_layouts:
        if layout.name == name:
            return layout
    for layout in deck.slide_layouts:
        held = {shape.placeholder_format.idx for shape in layout.placeholders}
        if {0, *kinds} <= held and (kinds or 1 not in held):
            return layout
    return next(layout for layout in deck.slide_layouts if _placeholder(layout, 0) is not None)


def _placeholder(slide: Any, idx: int) -> Any:
    for shape in slide.placeholders:
        if shape.placeholder_format.idx == idx:
            return shape
    return None


def _slide(deck: Any, layout: Any, title: str) -> Any:
    slide = deck.slides.add_slide(layout)
    heading = _placeholder(slide, 0)
    if heading is not None:
        heading.text_frame.text = title
    number = next((s for s in layout.placeholders if s.element.ph.get("type") == "sldNum"), None)
    if number is not None:
        slide.shapes.clone_placeholder(number)
        _numbered(slide.placeholders[number.placeholder_format.idx])
    return slide


def _numbered(shape: Any) -> None:
    paragraph = shape.text_frame.paragraphs[0]._p
    field = etree.SubElement(paragraph, qn("a:fld"))
    field.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    field.set("type", "slidenum")
    etree.SubElement(field, qn("a:rPr")).set("lang", "en-GB")
    etree.SubElement(field, qn("a:t")).text = "‹#›"


def _opening(deck: Any, sheet: Sheet) -> None:
    layout = _layout(deck, "Opening", 1)
    slide = _slide(deck, layout, sheet.title)
    if len(sheet.title) > 120:
        _size(_placeholder(slide, 0).text_frame, 28 if len(sheet.title) < 260 else 18)
    below = _placeholder(slide, 1)
    if below is not None:
        below.text_frame.text = sheet.remark


def _passage(deck: Any, entry: Entry) -> None:
    layout = _layout(deck, "Passage", 1)
    stretches = pieces(entry.quote)
    heading = " · ".join((entry.title, *entry.locator.headings[-1:]))
    for at, stretch in enumerate(stretches, start=1):
        of = f" ({at} of {len(stretches)})" if len(stretches) > 1 else ""
        slide = _slide(deck, layout, f"{excerpt(heading, TITLE_WORDS)}{of}")
        frame = _placeholder(slide, 1)
        frame = frame if frame is not None else _box(deck, slide, 1.45, 4.25)
        _quote(frame.text_frame, stretch, entry, last=at == len(stretches), first=at == 1)
        foot = _placeholder(slide, 2) if layout.name == "Passage" else None
        foot = foot if foot is not None else _box(deck, slide, 5.95, 0.85)
        _runs(foot.text_frame.paragraphs[0], entry.reference)
        place = foot.text_frame.add_paragraph()
        _runs(place, ((f"{place_text(entry.locator)} · {on_one_line(entry.path)}", False),))
        _size(foot.text_frame, 14 if len(_plain(entry.reference)) < 260 else 10)
        slide.notes_slide.notes_text_frame.text = _notes(entry)


def _quote(frame: Any, stretch: str, entry: Entry, *, first: bool, last: bool) -> None:
    frame.word_wrap = True
    opening = "“" if first and not entry.is_block else ""
    closing = "”" if last and not entry.is_block else ""
    text = f"{opening}{stretch}{closing}"
    for at, paragraph in enumerate(text.split("\n\n")):
        line = frame.paragraphs[0] if not at else frame.add_paragraph()
        line.space_after = Pt(8)
        _runs(line, ((paragraph, False),))
    if last:
        _runs(line, ((" ", False), *tied(entry.citation)))
    size = next((points for most, points in SIZES if len(text) <= most), SIZES[-1][1])
    _size(frame, size)


def _notes(entry: Entry) -> str:
    parts = []
    if entry.note:
        parts.append(f"Note: {printable(entry.note)}")
    if entry.tags:
        parts.append(f"Tags: {', '.join(on_one_line(tag) for tag in entry.tags)}")
    if entry.before:
        parts.append(f"Before it in the source: {entry.before}")
    parts.append(f"The quote: “{on_one_line(entry.quote)}” {entry.cited}")
    if entry.after:
        parts.append(f"After it in the source: {entry.after}")
    parts.append(f"Source: {_plain(entry.reference)} {place_text(entry.locator)}")
    parts.append(f"File: {on_one_line(entry.path)}, characters {entry.start} to {entry.end}")
    return "\n\n".join(parts)


def _tables(deck: Any, sheet: Sheet) -> None:
    room = (deck.slide_height - Inches(TABLE_TOP) - Inches(0.65)) / Inches(1) - _HEAD_INCHES
    for first in range(0, len(sheet.columns), TABLE_COLUMNS):
        shown = slice(first, first + TABLE_COLUMNS)
        columns = sheet.columns[shown]
        rows = [(dimension, cells[shown]) for dimension, cells in sheet.rows]
        for page in _pages(rows, room):
            _table(deck, sheet, columns, page)


_HEAD_INCHES = 0.42
_Row = tuple[str, Sequence[SheetCell]]


def _pages(rows: Sequence[_Row], room: float) -> list[list[_Row]]:
    """The rows on as few slides as they need, evenly if that fits."""
    heights = [_row_inches(row) for row in rows]
    filled: list[list[_Row]] = []
    used = room
    for row, height in zip(rows, heights, strict=True):
        used += height
        if used > room:
            filled.append([])
            used = height
        filled[-1].append(row)
    even: list[list[_Row]] = [[] for _ in filled]
    tall = [0.0] * len(filled)
    for row, height in zip(rows, heights, strict=True):
        at = int(sum(tall) / sum(heights) * len(filled))
        even[at].append(row)
        tall[at] += height
    return even if all(even) and max(tall, default=0) <= room else filled


def _row_inches(row: _Row) -> float:
    wide = LINE_CHARS * 0.84 / len(row[1])
    lines = [1 + len(on_one_line(row[0])) / (LINE_CHARS * 0.13)]
    for cell in row[1]:
        quoted = [_shown(cell)] if cell.entries else []
        lines.append(1 + sum(math.ceil(len(text) / wide) for text in quoted))
    return 0.16 + LINE_INCHES * max(lines)


def _table(deck: Any, sheet: Sheet, columns: Sequence[str], rows: Sequence[_Row]) -> None:
    slide = _slide(deck, _layout(deck, "Table"), excerpt(sheet.title, TITLE_WORDS))
    left = Inches(0.75)
    width = deck.slide_width - 2 * left
    frame = slide.shapes.add_table(
        len(rows) + 1, len(columns) + 1, left, Inches(TABLE_TOP), width, Inches(_HEAD_INCHES)
    )
    table = frame.table
    table.columns[0].width = Emu(int(width * 0.16))
    for at in range(1, len(columns) + 1):
        table.columns[at].width = Emu(int(width * 0.84 / len(columns)))
    for at, name in enumerate(("", *columns)):
        _cell(table.cell(0, at), on_one_line(name), fill=BLUE, colour=WHITE, bold=True)
    table.rows[0].height = Inches(_HEAD_INCHES)
    for down, (dimension, cells) in enumerate(rows, start=1):
        table.rows[down].height = Inches(_row_inches((dimension, cells)))
        _cell(table.cell(down, 0), on_one_line(dimension), fill=PALE, colour=INK, bold=True)
        for across, said in enumerate(cells, start=1):
            _said(table.cell(down, across), said)
    slide.notes_slide.notes_text_frame.text = _table_notes(columns, rows)


def _table_notes(columns: Sequence[str], rows: Sequence[_Row]) -> str:
    lines = []
    for dimension, cells in rows:
        for name, cell in zip(columns, cells, strict=True):
            lines += [
                f"{on_one_line(dimension)}, {on_one_line(name)}: “{on_one_line(entry.quote)}” "
                f"{entry.cited}. {_plain(entry.reference)}"
                for entry in cell.entries
            ]
    return "\n\n".join(lines) or "No passage was found for this table."


def _cell(cell: Any, text: str, *, fill: str, colour: str, bold: bool = False) -> Any:
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(fill)
    for at, side in enumerate(("a:lnT", "a:lnB")):
        line = etree.Element(qn(side), w="9525")
        etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"), val=RULE)
        cell._tc.get_or_add_tcPr().insert(at, line)
    cell.vertical_anchor = MSO_ANCHOR.TOP if fill != BLUE else MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Inches(0.06)
    paragraph = cell.text_frame.paragraphs[0]
    run = paragraph.add_run()
    run.text = text
    run.font.bold = bold
    run.font.size = Pt(12)
    run.font.color.rgb = RGBColor.from_string(colour)
    return cell.text_frame


def _said(cell: Any, said: SheetCell) -> None:
    word = f"{STATUS_SHAPES[said.status]} {STATUS_WORDS[said.status]}"
    colour = STATUS_COLOURS[said.status]
    frame = _cell(cell, word, fill=WHITE, colour=colour, bold=said.status != "none")
    if said.entries:
        line = frame.add_paragraph()
        _runs(line, ((_shown(said), False),))
        for run in line.runs:
            run.font.size = Pt(12)
            run.font.color.rgb = RGBColor.from_string(INK)


def _shown(said: SheetCell) -> str:
    first = said.entries[0]
    more = f" and {len(said.entries) - 1} more" if len(said.entries) > 1 else ""
    return f"“{excerpt(first.quote, CELL_WORDS)}” {first.cited}{more}"


def _references(deck: Any, sheet: Sheet) -> None:
    layout = _layout(deck, "References", 1)
    page: list[tuple[Run, ...]] = []
    for at, reference in enumerate(sheet.bibliography):
        page.append(reference)
        following = sheet.bibliography[at + 1 : at + 2]
        used = sum(max(len(_plain(each)), 110) for each in (*page, *following))
        if following and used <= REFERENCE_CHARS:
            continue
        slide = _slide(deck, layout, "References")
        shape = _placeholder(slide, 1)
        frame = (shape if shape is not None else _box(deck, slide, 1.5, 5.2)).text_frame
        for line_number, each in enumerate(page):
            line = frame.add_paragraph() if line_number else frame.paragraphs[0]
            line.space_after = Pt(8)
            _runs(line, each)
        _size(frame, 16)
        page = []


def _box(deck: Any, slide: Any, top: float, height: float) -> Any:
    """A text box across the slide, for a layout without a place for this text."""
    scale = deck.slide_height / Inches(7.5)
    left = Inches(0.75)
    box = slide.shapes.add_textbox(
        left,
        int(Inches(top) * scale),
        deck.slide_width - 2 * left,
        int(Inches(height) * scale),
    )
    box.text_frame.word_wrap = True
    return box


def _runs(paragraph: Any, runs: Sequence[Run]) -> None:
    for text, is_italic in runs:
        for at, line in enumerate(printable(text).split("\n")):
            if at:
                paragraph.add_line_break()
            run = paragraph.add_run()
            run.text = line
            run.font.italic = is_italic or None


def _size(frame: Any, points: int) -> None:
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(points)


def _plain(runs: Sequence[Run]) -> str:
    return "".join(text for text, _ in runs)
