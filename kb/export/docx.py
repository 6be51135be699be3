"""A sheet as a Word document: real styles, footnotes, a bibliography, a table to compare."""

from __future__ import annotations

import copy
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles import BabelFish

from kb.export import behind
from kb.export.entries import (
    NEAREST,
    STATUS_COLOURS,
    STATUS_SHAPES,
    STATUS_WORDS,
    Entry,
    Group,
    Sheet,
    SheetCell,
    grouped,
    table_parts,
)
from kb.export.footnotes import Footnotes
from kb.export.own import opened, usable
from kb.export.plain import group_place
from kb.export.words import (
    directed,
    excerpt,
    on_one_line,
    paragraphs,
    printable,
    tied,
    written_lines,
)
from kb.references import Run

SHIPPED = Path(__file__).resolve().parent / "templates" / "leadership.docx"
CELL_WORDS = 30  # of a quote in the table; the whole quote follows below it
TITLE_WORDS = 14  # of the running head
BULLET = "•\t"
WORKS_POINTS = 9.5  # of the list of works behind, which is longer than that of the sources
FIRST_COLUMN = Cm(2.9)  # at least, for a long word in the name of a dimension
GREY = RGBColor(0x5A, 0x66, 0x75)
_STYLES = (
    "Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Place", "Quotation", "Quoted Item",
    "Quote", "Note", "Tags", "Bibliography", "Footnote Text", "Footnote Reference", "Table Cell",
    "Table Head", "Comparison",
)  # fmt: skip


_NUMBER = re.compile(r"^(\[\d+\]) ")


def sheet_docx(sheet: Sheet, *, template: str = "") -> bytes:
    """The sheet as a .docx file.

    Args:
        sheet: Any.
        template: A .docx or .dotx of your own. Its page, header, footer and styles are used and
            its text stays in front; styles that it lacks are taken from the shipped template.

    Raises:
        BadSetting: The template is missing, damaged or no Word file.
    """
    with usable("template_docx", template, "Word"):
        document = Document(opened(template, "Word") if template else str(SHIPPED))
        names = _with_styles(document)
        notes = Footnotes(
            document, text_style=names["Footnote Text"], mark_style=names["Footnote Reference"]
        )
    if sheet.columns and not template:
        _turn(document.sections[0])
    _line(document, "Title", ((sheet.title, False),))
    _line(document, "Subtitle", ((sheet.remark, False),))
    if sheet.columns:
        _tables(document, sheet, names["Comparison"])
        if sheet.entries:
            _upright(document)
            _line(document, "Heading 1", (("Passages", False),))
    if sheet.is_unanswered and sheet.entries:
        _line(document, "Heading 1", ((NEAREST, False),))
    _passages(document, sheet, notes)
    _references(document, sheet)
    notes.close()
    _properties(document, sheet)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _with_styles(document: Any) -> dict[str, str]:
    """Identifier by name of every style that is used, each taken over if it is missing."""
    for style in document.styles:  # python-docx finds "heading 1" only, other programs write both
        style.element.name_val = BabelFish.ui2internal(style.name)
    names = {style.name: style.style_id for style in document.styles}
    missing = [name for name in _STYLES if name not in names]
    if missing:
        shipped = {style.name: style for style in Document(str(SHIPPED)).styles}
        for name in missing:
            element = copy.deepcopy(shipped[name].element)
            for fonts in list(element.iter(qn("w:rFonts"))):  # those of the template's own text
                fonts.getparent().remove(fonts)
            document.styles.element.append(element)
            names[name] = shipped[name].style_id
    return names


def _passages(document: Any, sheet: Sheet, notes: Footnotes) -> None:
    cited: set[tuple[Run, ...]] = set()
    for heading, entries in _groups(sheet):
        if heading:
            _line(document, "Heading 2", ((heading, False),))
        for group in grouped(entries, sheet.style):
            first = group.entries[0]
            _place(document, group)
            quoted = _quoted(document, group)
            if first.reference not in cited:
                where = (f" · {on_one_line(first.path)}", False)
                notes.add(quoted, (*directed(first.reference), where))
            cited.add(first.reference)
            _remarks(document, quoted, first)


def _groups(sheet: Sheet) -> list[tuple[str, list[Entry]]]:
    if not sheet.columns:
        return [("", list(sheet.entries))]
    groups = [
        (on_one_line(dimension), [entry for cell in cells for entry in cell.entries])
        for dimension, cells in sheet.rows
    ]
    return [(heading, entries) for heading, entries in groups if entries]


def _place(document: Any, group: Group) -> None:
    first = group.entries[0]
    line = _line(document, "Place", ((f"{group.numbers}.  ", False),))
    line.add_run(on_one_line(first.title)).bold = True
    line.add_run(f"  ·  {group_place(group)}")


def _quoted(document: Any, group: Group) -> Any:
    """The quotes and their citation; the paragraph in which they end."""
    for entry in group.entries:
        if group.is_list and entry.is_item:
            lines, style = [f"{BULLET}“{on_one_line(entry.quote)}”"], "Quoted Item"
        elif entry.is_block:
            lines, style = paragraphs(entry.quote), "Quote"
        else:
            lines, style = [f"“{on_one_line(entry.quote)}”"], "Quotation"
        for line in lines:
            quoted = _line(document, style, ((line, False),))
        quoted.paragraph_format.keep_with_next = entry is not group.entries[-1] or None
    quoted.add_run(" ")
    _runs(quoted, tied(group.citation))
    return quoted


def _remarks(document: Any, quoted: Any, entry: Entry) -> None:
    written = written_lines(entry.note) if entry.note else []
    for at, paragraph in enumerate(written):
        quoted.paragraph_format.keep_with_next = True
        quoted = _line(document, "Note", ())
        if not at:
            quoted.add_run("Note  ").bold = True
        quoted.add_run(paragraph)
    if entry.tags:
        quoted.paragraph_format.keep_with_next = True
        tags = ", ".join(on_one_line(tag) for tag in entry.tags)
        _line(document, "Tags", ((f"Tags: {tags}", False),))


def _references(document: Any, sheet: Sheet) -> None:
    if sheet.bibliography:
        _line(document, "Heading 1", (("References", False),))
    for reference in sheet.bibliography:
        _line(document, "Bibliography", _hanging(reference))
    if sheet.behind:
        _line(document, "Heading 1", ((behind.TITLE, False),))
        _line(document, "Normal", ((behind.REMARK, False),)).paragraph_format.keep_with_next = True
    for heading, works in behind.groups(sheet.behind):
        _line(document, "Heading 2", ((heading, False),))
        for work, where in works:
            line = _line(document, "Bibliography", _hanging(work.reference))
            line.add_run(f"  ·\u00a0{where}").font.color.rgb = GREY
            line.paragraph_format.space_after = Pt(3)
            for run in line.runs:
                run.font.size = Pt(WORKS_POINTS)


def _hanging(reference: tuple[Run, ...]) -> tuple[Run, ...]:
    """The reference with its number, if it has one, out in the margin."""
    (text, is_italic), *rest = directed(reference)
    return ((_NUMBER.sub("\\1\t", text), is_italic), *rest)


def _line(document: Any, style: str, runs: tuple[Run, ...]) -> Any:
    paragraph = document.add_paragraph(style=style)
    _runs(paragraph, runs)
    return paragraph


def _runs(paragraph: Any, runs: tuple[Run, ...]) -> None:
    for text, is_italic in runs:
        paragraph.add_run(printable(text)).italic = is_italic or None


def _tables(document: Any, sheet: Sheet, style: str) -> None:
    for shown in table_parts(len(sheet.columns)):
        if shown.start:
            document.add_paragraph()
        _table(document, sheet, shown, style)


def _table(document: Any, sheet: Sheet, shown: slice, style: str) -> None:
    columns = sheet.columns[shown]
    table = document.add_table(rows=1, cols=len(columns) + 1)
    table._tblPr.get_or_add_tblStyle().val = style
    table.autofit = False
    _fill(table.rows[0].cells[0], "Table Head", "")
    for cell, name in zip(table.rows[0].cells[1:], columns, strict=True):
        _fill(cell, "Table Head", on_one_line(name))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for dimension, cells in sheet.rows:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _fill(row.cells[0], "Table Head", on_one_line(dimension))
        for cell, said in zip(row.cells[1:], cells[shown], strict=True):
            _said(cell, said)
    section = document.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin
    first = max(int(width * 0.16), FIRST_COLUMN)
    widths = [first] + [(width - first) // len(columns)] * len(columns)
    for at, column in enumerate(table.columns):
        column.width = widths[at]
        for cell in column.cells:
            cell.width = widths[at]


def _fill(cell: Any, style: str, text: str) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(text)
    return paragraph


def _said(cell: Any, said: SheetCell) -> None:
    status = _fill(cell, "Table Cell", "")
    word = status.add_run(f"{STATUS_SHAPES[said.status]} {STATUS_WORDS[said.status]}")
    word.font.color.rgb = RGBColor.from_string(STATUS_COLOURS[said.status])
    word.bold = said.status != "none"
    if not said.entries:
        return
    first = said.entries[0]
    quote = cell.add_paragraph(f"“{excerpt(first.quote, CELL_WORDS)}” ", style="Table Cell")
    _runs(quote, tied(first.citation))
    if len(said.entries) > 1:
        cell.add_paragraph(f"and {len(said.entries) - 1} more below", style="Table Cell")


def _turn(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(1.8)


def _upright(document: Any) -> None:
    if document.sections[-1].orientation != WD_ORIENT.LANDSCAPE:
        return
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(2.5)


def _properties(document: Any, sheet: Sheet) -> None:
    title = excerpt(sheet.title, TITLE_WORDS)
    facts = document.core_properties
    facts.title = title[:255]
    facts.comments = f"Index {sheet.generation}" if sheet.generation else ""
    facts.created = facts.modified = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    for section in document.sections:
        for field in section.header._element.iter(qn("w:fldSimple")):
            if field.get(qn("w:instr"), "").strip() == "TITLE":
                for shown in field.iter(qn("w:t")):
                    shown.text = title
