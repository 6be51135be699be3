"""Word documents by python-docx: headings by style, lists by numbering, tables, footnotes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from kb.errors import UnreadableFile
from kb.readers.archive import Package
from kb.readers.blocks import BlockWriter, first_heading
from kb.readers.bylines import byline_names, date_year
from kb.readers.facts import stated_authors, stated_title
from kb.readers.limits import Limits
from kb.records import Block, BlockKind, Metadata, Reading

# A byline or date line stands among the first blocks.
HEAD_BLOCKS = 8

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"(?i)heading (\d)")
_FURNITURE = re.compile(r"(?i)toc \d|toc heading|table of figures|header|footer")
_CODE = re.compile(r"(?i).*\b(?:code|preformatted|html preformatted|plain text)\b.*")
_NOTE_STYLE = re.compile(r"(?i)(?:foot|end)note text")
_WHITE = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011"}


def read(content: bytes, *, name: str, limits: Limits) -> Reading:
    """Text and structure of a Word document; notes stand at the end in their order.

    Raises:
        UnreadableFile: Empty, damaged, encrypted, past a limit, or without text.
    """
    from docx import Document

    package = Package(content, name=name, kind="a Word document (.docx)", limits=limits)
    if "[Content_Types].xml" not in package.names:
        raise UnreadableFile(f"{name} is a zip archive but no Word document; expected .docx")
    document = Document(io.BytesIO(content))
    writer = BlockWriter()
    body = _Body(document, writer)
    body.add_all(document.element.body)
    body.add_notes()
    text = writer.text()
    if not text:
        raise UnreadableFile(f"{name} holds no text; expected a Word document with text")
    return Reading(text, tuple(writer.blocks), (), _metadata(document, text, writer.blocks))


class _Body:
    """Walks the elements of a document and adds their blocks."""

    def __init__(self, document: Any, writer: BlockWriter) -> None:
        self._document = document
        self._writer = writer
        self._styles = {style.style_id: style for style in document.styles}
        self._formats = _number_formats(document)
        self._notes: list[tuple[str, str]] = []
        self._title_shift = any(
            self._style_name(paragraph) == "title"
            for paragraph in document.element.body.iterchildren(f"{_W}p")
        )

    def add_all(self, parent: Any) -> None:
        """Adds every paragraph and table below `parent`, text boxes after their paragraph."""
        for element in parent:
            if element.tag == f"{_W}p":
                self._add_paragraph(element)
            elif element.tag == f"{_W}tbl":
                self._add_table(element)
            elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins",
                                 f"{_W}smartTag", f"{_W}txbxContent"):  # fmt: skip
                self.add_all(element)

    def add_notes(self) -> None:
        """Adds footnotes and endnotes, in the order in which the text refers to them."""
        parts: dict[str, dict[str, Any]] = {}
        for kind in ("footnote", "endnote"):
            parts[kind] = dict(_notes(self._document, kind))
        for kind, number in dict.fromkeys(self._notes):
            if number in parts[kind]:
                paragraphs = parts[kind][number].iter(f"{_W}p")
                self._writer.add("note", "\n".join(map(_text, paragraphs)))

    def _add_paragraph(self, element: Any) -> None:
        text = _text(element)
        for kind in ("footnote", "endnote"):
            for mark in element.iter(f"{_W}{kind}Reference"):
                self._notes.append((kind, mark.get(f"{_W}id", "")))
        kind_of, level, ordered = self._kind(element)
        self._writer.add(kind_of, text, level=level, ordered=ordered)
        for box in element.iter(f"{_W}txbxContent"):
            if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
                self.add_all(box)

    def _kind(self, element: Any) -> tuple[BlockKind, int, bool]:
        name = self._style_name(element)
        if name == "title":
            return "heading", 1, False
        if heading := _HEADING.match(name):
            return "heading", int(heading[1]) + self._title_shift, False
        if _FURNITURE.fullmatch(name):
            return "furniture", 0, False
        outline = self._property(element, "outlineLvl")
        if outline is not None and (outline.get(f"{_W}val") or "9") in "012345":
            return "heading", int(outline.get(f"{_W}val")) + 1 + self._title_shift, False
        numbering = self._property(element, "numPr")
        if numbering is not None:
            number = _value(numbering, "numId")
            level = int(_value(numbering, "ilvl") or 0)
            if number not in (None, "0"):
                form = self._formats.get((str(number), level), "bullet")
                if form != "none":
                    return "item", level + 1, form != "bullet"
        if _NOTE_STYLE.fullmatch(name):
            return "note", 0, False
        return ("code" if _CODE.fullmatch(name) else "paragraph"), 0, False

    def _style_name(self, element: Any) -> str:
        """Word's own English name of the style, or of the heading style that it is based on."""
        style = self._style(element)
        names: list[str] = []
        while style is not None and len(names) < 10:
            names.append((style.name or "").lower())
            style = style.base_style
        return next((name for name in names if _HEADING.match(name) or name == "title"),
                    names[0] if names else "")  # fmt: skip

    def _style(self, element: Any) -> Any:
        mark = element.find(f"{_W}pPr/{_W}pStyle")
        return self._styles.get(mark.get(f"{_W}val")) if mark is not None else None

    def _property(self, element: Any, name: str) -> Any:
        """A property of the paragraph, or the nearest of its styles that has it."""
        found = element.find(f"{_W}pPr/{_W}{name}")
        style, steps = self._style(element), 0
        while found is None and style is not None and steps < 10:
            found = style.element.find(f"{_W}pPr/{_W}{name}")
            style, steps = style.base_style, steps + 1
        return found

    def _add_table(self, table: Any) -> None:
        """Rows, or the content itself where a table of one column is only a frame."""
        rows = [row for row in table.iter(f"{_W}tr") if _owner(row, "tbl") is table]
        cells = [[cell for cell in row.iter(f"{_W}tc") if _owner(cell, "tr") is row]
                 for row in rows]  # fmt: skip
        if all(len(row) <= 1 for row in cells):
            for row in cells:
                for cell in row:
                    self.add_all(cell)
            return
        for row in cells:
            texts = [" ".join(" ".join(map(_text, cell.iter(f"{_W}p"))).split()) for cell in row]
            self._writer.add("table", " | ".join(texts) if any(texts) else "")
            for mark in (mark for cell in row for mark in cell.iter(f"{_W}footnoteReference")):
                self._notes.append(("footnote", mark.get(f"{_W}id", "")))


def _owner(element: Any, tag: str) -> Any:
    return next(element.iterancestors(f"{_W}{tag}"), None)


def _text(paragraph: Any) -> str:
    """The words of a paragraph: tracked insertions in, deletions and text boxes out."""
    return "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _WHITE:
            yield _WHITE[child.tag]
        elif child.tag not in (_FALLBACK, f"{_W}txbxContent", f"{_W}del", f"{_W}pPr", f"{_W}rPr"):
            yield from _pieces(child)


def _value(parent: Any, name: str) -> str | None:
    found = parent.find(f"{_W}{name}")
    return None if found is None else found.get(f"{_W}val")


def _number_formats(document: Any) -> dict[tuple[str, int], str]:
    """The format (bullet, decimal, …) by number of the list and level."""
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}  # a document without lists
    abstract: dict[str | None, dict[int, str]] = {}
    for definition in numbering.iter(f"{_W}abstractNum"):
        levels = {
            int(level.get(f"{_W}ilvl") or 0): _value(level, "numFmt") or "bullet"
            for level in definition.iter(f"{_W}lvl")
        }
        abstract[definition.get(f"{_W}abstractNumId")] = levels
    formats: dict[tuple[str, int], str] = {}
    for number in numbering.iterchildren(f"{_W}num"):
        for level, form in abstract.get(_value(number, "abstractNumId"), {}).items():
            formats[str(number.get(f"{_W}numId")), level] = form
    return formats


def _notes(document: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """Identifier and element of each footnote or endnote; separators are left out."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}s") and not relation.is_external:
            for note in parse_xml(relation.target_part.blob).iter(f"{_W}{kind}"):
                if note.get(f"{_W}type") in (None, "normal"):
                    yield note.get(f"{_W}id", ""), note


def _metadata(document: Any, text: str, blocks: list[Block]) -> Metadata:
    """Properties of the document, then its own first lines."""
    facts = document.core_properties
    lines = [line for block in blocks[:HEAD_BLOCKS]
             for line in text[block.start : block.end].split("\n")]  # fmt: skip
    authors = stated_authors(facts.author)
    if not authors:
        authors = tuple(name for line in lines for name in byline_names(line))
    return Metadata(
        title=stated_title(facts.title) or first_heading(text, blocks),
        authors=authors,
        year=next((found for line in lines if (found := date_year(line))), None),
    )
