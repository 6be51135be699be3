"""PowerPoint presentations by python-pptx: slide numbers, titles, bullets, tables, notes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from kb.errors import UnreadableFile
from kb.readers.archive import Package
from kb.readers.blocks import BlockWriter, first_heading
from kb.readers.bylines import byline_names, date_year
from kb.readers.facts import stated_authors, stated_title
from kb.readers.limits import Limits
from kb.records import Block, Metadata, Reading

# A bold line on a slide that is longer is a sentence and heads nothing.
HEADING_WORDS = 14

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
# Kinds of placeholder, as the file names them.
_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"ftr", "dt", "sldNum", "hdr"})
_LISTS = frozenset({"body", "obj"})


def read(content: bytes, *, name: str, limits: Limits) -> Reading:
    """Text and structure of a presentation; the page of a block is its slide's number.

    Raises:
        UnreadableFile: Empty, damaged, encrypted, past a limit, or without text.
    """
    from pptx import Presentation

    package = Package(content, name=name, kind="a presentation (.pptx)", limits=limits)
    if "[Content_Types].xml" not in package.names:
        raise UnreadableFile(f"{name} is a zip archive but no presentation; expected .pptx")
    presentation = Presentation(io.BytesIO(content))
    first = int(presentation.element.get("firstSlideNum") or 1)
    writer = BlockWriter()
    problems = []
    count = len(presentation.slides)
    for number, slide in enumerate(presentation.slides):
        if number >= limits.max_pages:
            problems.append(f"{name}: only the first {number} of {count} slides were read")
            break
        _add_slide(slide, str(first + number), writer)
    text = writer.text()
    if not text:
        raise UnreadableFile(f"{name} holds no text on its {count} slides")
    metadata = _metadata(presentation, text, writer.blocks)
    return Reading(text, tuple(writer.blocks), (), metadata, tuple(problems))


def _add_slide(slide: Any, page: str, writer: BlockWriter) -> None:
    """The title first, then the shapes in their order, then the speaker's notes."""
    shapes = list(_shapes(slide.shapes))
    shapes.sort(key=lambda shape: _placeholder(shape) not in _TITLES)
    for shape in shapes:
        kind = _placeholder(shape)
        if kind in _TITLES:
            level = 1 if kind == "ctrTitle" else 2
            words = shape.text_frame.text.replace("\v", " ")
            writer.add("heading", words, level=level, page=page)
        elif kind in _FURNITURE:
            if shape.has_text_frame:
                writer.add("furniture", shape.text_frame.text, page=page)
        elif getattr(shape, "has_table", False) and shape.has_table:
            for row in shape.table.rows:
                cells = [" ".join(cell.text.split()) for cell in row.cells if not cell.is_spanned]
                writer.add("table", " | ".join(cells) if any(cells) else "", page=page)
        elif shape.has_text_frame:
            _add_paragraphs(shape, kind, page, writer)
        else:
            _add_diagram(shape, page, writer)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            writer.add("note", _words(paragraph), page=page)


def _shapes(shapes: Any) -> Iterator[Any]:
    """All shapes, those in groups included."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _placeholder(shape: Any) -> str | None:
    """The kind of placeholder, `obj` for one without a kind; None for other shapes."""
    if not shape.is_placeholder:
        return None
    return str(shape.element.ph.get("type") or "obj")


def _add_paragraphs(shape: Any, kind: str | None, page: str, writer: BlockWriter) -> None:
    paragraphs = [each for each in shape.text_frame.paragraphs if each.text.strip()]
    for paragraph, after in zip(paragraphs, [*paragraphs[1:], None], strict=False):
        properties = paragraph._p.pPr
        marks = {child.tag for child in properties} if properties is not None else set()
        ordered = f"{_A}buAutoNum" in marks
        bullet = ordered or f"{_A}buChar" in marks or f"{_A}buBlip" in marks
        if after is not None and not bullet and _is_heading(paragraph):
            writer.add("heading", _words(paragraph), level=3, page=page)
        elif (kind in _LISTS and f"{_A}buNone" not in marks) or bullet:
            level = paragraph.level + 1
            writer.add("item", _words(paragraph), level=level, page=page, ordered=ordered)
        else:
            writer.add("paragraph", _words(paragraph), page=page)


def _is_heading(paragraph: Any) -> bool:
    """Whether a line on a slide is bold from first to last, and short."""
    words = paragraph.text.strip()
    bold = all(run.font.bold for run in paragraph.runs if run.text.strip())
    return bold and len(words.split()) <= HEADING_WORDS and words[-1] not in ".,;:"


def _words(paragraph: Any) -> str:
    return str(paragraph.text).replace("\v", "\n")


def _add_diagram(shape: Any, page: str, writer: BlockWriter) -> None:
    """The words of a SmartArt drawing, which stand in a part of their own."""
    from pptx.oxml import parse_xml

    for mark in shape.element.iter(f"{_DIAGRAM}relIds"):
        points = parse_xml(shape.part.related_part(mark.get(_RELATION)).blob)
        for point in points.iter(f"{_DIAGRAM}pt"):
            if point.get("type") in (None, "node"):
                words = "".join(run.text or "" for run in point.iter(f"{_A}t"))
                writer.add("item", words, level=1, page=page)


def _metadata(presentation: Any, text: str, blocks: list[Block]) -> Metadata:
    """Properties of the file, then the words of its first slide."""
    facts = presentation.core_properties
    lines = [line for block in blocks if block.page == blocks[0].page
             for line in text[block.start : block.end].split("\n")]  # fmt: skip
    authors = stated_authors(facts.author)
    if not authors:
        authors = tuple(name for line in lines for name in byline_names(line))
    title = stated_title(facts.title) or first_heading(text, blocks)
    return Metadata(
        title=title or first_heading(text, blocks, level=2),
        authors=authors,
        year=next((found for line in lines if (found := date_year(line))), None),
    )
