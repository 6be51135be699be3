"""A comparison as tables on as many slides as it needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

from kb.export import behind
from kb.export.entries import (
    STATUS_COLOURS,
    STATUS_SHAPES,
    STATUS_WORDS,
    Sheet,
    SheetCell,
    table_parts,
)
from kb.export.slide_parts import (
    filled,
    free_area,
    layout_named,
    new_slide,
    of_several,
    plain_text,
    set_size,
    write_runs,
)
from kb.export.words import excerpt, on_one_line

CELL_WORDS = 20  # of a quote in the table; the whole quote stands in the notes
TITLE_WORDS, TITLE_CHARS = 14, 70  # at most, and as many as go on one line
# Points of the text in a table of so many frameworks, for a reader at the back of a room.
POINTS = {2: 16, 3: 14}
LEAST_POINTS = 12
LETTERS_INCH = 144  # letters on an inch times their size in points
LINE_HEIGHT = 1.2  # of the size
_HEAD_INCHES = 0.42
BLUE, PALE, WHITE, INK, RULE = "1F5FA8", "EAF1FA", "FFFFFF", "1B2A41", "C9D3DF"
_Row = tuple[str, Sequence[SheetCell]]


def table_slides(deck: Any, sheet: Sheet) -> None:
    """Adds the table, split by frameworks and by dimensions; whole quotes stand in the notes."""
    layout = layout_named(deck, "Table")
    area = free_area(deck, layout)
    width, room = area[2] / Inches(1), area[3] / Inches(1) - _HEAD_INCHES
    pages: list[tuple[slice, list[_Row]]] = []
    for shown in table_parts(len(sheet.columns)):
        rows: list[_Row] = [(dimension, cells[shown]) for dimension, cells in sheet.rows]
        points = POINTS.get(len(sheet.columns[shown]), LEAST_POINTS)
        heights = [_row_inches(row, width, points) for row in rows]
        parts = filled(list(zip(rows, heights, strict=True)), room)
        pages += [(shown, part) for part in parts]
    for at, (shown, part) in enumerate(pages, start=1):
        title = excerpt(sheet.title, TITLE_WORDS) + of_several(at, len(pages))
        slide = new_slide(deck, layout, title)
        if layout.name != "Table" or len(title) > TITLE_CHARS:
            set_size(slide.shapes.title.text_frame, 20)
        _table(slide, area, sheet.columns[shown], part)


def _row_inches(row: _Row, width: float, points: int) -> float:
    """Height of a row in a table of that width, both in inches, with letters of that size."""
    line = width * LETTERS_INCH / points
    wide = line * 0.84 / len(row[1])
    lines = [1 + len(on_one_line(row[0])) / (line * 0.13)]
    for cell in row[1]:
        quoted = [_shown(cell)] if cell.entries else []
        lines.append(1 + sum(math.ceil(len(text) / wide) for text in quoted))
    return 0.16 + LINE_HEIGHT * points / 72 * max(lines)


def _table(
    slide: Any, area: tuple[int, int, int, int], columns: Sequence[str], rows: Sequence[_Row]
) -> None:
    left, top, width, _ = area
    frame = slide.shapes.add_table(
        len(rows) + 1, len(columns) + 1, left, top, width, Inches(_HEAD_INCHES)
    )
    table = frame.table
    points = POINTS.get(len(columns), LEAST_POINTS)
    table.columns[0].width = Emu(int(width * 0.16))
    for at in range(1, len(columns) + 1):
        table.columns[at].width = Emu(int(width * 0.84 / len(columns)))
    for at, name in enumerate(("", *columns)):
        _cell(table.cell(0, at), on_one_line(name), fill=BLUE, colour=WHITE, bold=True)
    table.rows[0].height = Inches(_HEAD_INCHES)
    for down, (dimension, cells) in enumerate(rows, start=1):
        row = (dimension, cells)
        table.rows[down].height = Inches(_row_inches(row, width / Inches(1), points))
        _cell(table.cell(down, 0), on_one_line(dimension), fill=PALE, colour=INK, bold=True)
        for across, said in enumerate(cells, start=1):
            _said(table.cell(down, across), said)
    for cell in table.iter_cells():
        set_size(cell.text_frame, points)
    slide.notes_slide.notes_text_frame.text = _table_notes(columns, rows)


def _table_notes(columns: Sequence[str], rows: Sequence[_Row]) -> str:
    lines = []
    for dimension, cells in rows:
        for name, cell in zip(columns, cells, strict=True):
            lines += [
                f"{on_one_line(dimension)}, {on_one_line(name)}\n"
                f"“{on_one_line(entry.quote)}” {entry.cited}\n{plain_text(entry.reference)}"
                + (f"\n{behind.told(entry.works, entry.works_named)}" if entry.works else "")
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
    run.font.color.rgb = RGBColor.from_string(colour)
    return cell.text_frame


def _said(cell: Any, said: SheetCell) -> None:
    word = f"{STATUS_SHAPES[said.status]} {STATUS_WORDS[said.status]}"
    colour = STATUS_COLOURS[said.status]
    frame = _cell(cell, word, fill=WHITE, colour=colour, bold=said.status != "none")
    if said.entries:
        line = frame.add_paragraph()
        write_runs(line, ((_shown(said), False),))
        for run in line.runs:
            run.font.color.rgb = RGBColor.from_string(INK)


def _shown(said: SheetCell) -> str:
    first = said.entries[0]
    more = f" and {len(said.entries) - 1} more" if len(said.entries) > 1 else ""
    return f"“{excerpt(first.quote, CELL_WORDS)}” {first.cited}{more}"
