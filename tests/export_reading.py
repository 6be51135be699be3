"""Reading an export back: the quotes that a person would find in it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable
from typing import Any

from docx import Document
from markdown_it import MarkdownIt
from pptx import Presentation

from kb.export.entries import Sheet, group_of
from kb.settings import Settings

SETTINGS = Settings()


def flat(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def inner(text: str) -> list[str]:
    """What stands between the first opening and the last closing quotation mark."""
    found = re.search(r"“(.*)”", text, re.DOTALL)
    return [flat(found[1])] if found else []


def docx_quotes(content: bytes, sheet: Sheet) -> list[str]:
    """Quotations in the text, blocks without their citation, and the table's cells."""
    document = Document(io.BytesIO(content))
    quotes, block = [], []
    for paragraph in document.paragraphs:
        style = paragraph.style.name
        if style == "Quote":
            block.append(paragraph.text)
        elif block:
            quotes.append(_uncited("\n".join(block), sheet))
            block = []
        if style in ("Quotation", "Quoted Item"):
            quotes += inner(paragraph.text)
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return quotes + [each for cell in cells for p in cell.paragraphs for each in inner(p.text)]


def _uncited(text: str, sheet: Sheet) -> str:
    text = flat(text)
    for entry in sheet.entries:
        text = text.removesuffix(flat(entry.cited))
    for first, last in itertools.combinations(sheet.entries, 2):
        if text.endswith((")", "]")) and first.document_id == last.document_id:
            cited = group_of([first, last], sheet.style).citation
            text = text.removesuffix(flat("".join(words for words, _ in cited)))
    return text.strip().removeprefix("• ")


def pptx_quotes(content: bytes, sheet: Sheet) -> list[str]:
    """The quote on each passage's slide, the table's cells, and the quotes in the notes."""
    quotes = []
    for slide in Presentation(io.BytesIO(content)).slides:
        if slide.slide_layout.name == "Passage":
            text = slide.placeholders[1].text_frame.text.replace("\x0b", "\n")
            listed = [_uncited(line, sheet) for line in text.split("\n")]
            if len(listed) > 1 and all(line[:1] + line[-1:] == "“”" for line in listed):
                quotes += [line[1:-1] for line in listed]
            else:
                quotes.append(_uncited(text, sheet).removeprefix("“").removesuffix("”"))
        for shape in slide.shapes:
            if shape.has_table:
                quotes += [each for cell in shape.table.iter_cells() for each in inner(cell.text)]
        if slide.has_notes_slide:
            for line in slide.notes_slide.notes_text_frame.text.split("\n"):
                if line.removeprefix("The quote: ").startswith("“"):
                    quotes += inner(line)
    return quotes


def markdown_quotes(content: bytes, sheet: Sheet) -> list[str]:
    """Block quotations and what stands in quotation marks, as a renderer sees them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(content.decode("utf-8"))
    quotes: list[str] = []
    block: list[str] | None = None
    for token in tokens:
        if token.type == "blockquote_open":
            block = []
        elif token.type == "blockquote_close":
            quotes.append(flat("\n".join(block or [])))
            block = None
        elif token.type == "inline":
            text = "".join(_shown(child) for child in token.children or [])
            if block is not None:
                block.append(text)
            elif text.startswith("“") or "<br>“" in text:
                quotes += inner(text)
    return quotes


def _shown(token: Any) -> str:
    return "\n" if token.type in ("softbreak", "hardbreak") else str(token.content)


def csv_quotes(content: bytes, sheet: Sheet) -> list[str]:
    """The quote of each line, without the apostrophe that guards a formula."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [flat(row["quote"].removeprefix("'")) for row in rows if row["quote"]]


def json_quotes(content: bytes, sheet: Sheet) -> list[str]:
    """The quote of each entry."""
    return [flat(entry["quote"]) for entry in json.loads(content)["entries"]]


READERS: dict[str, Callable[[bytes, Sheet], list[str]]] = {
    "docx": docx_quotes,
    "pptx": pptx_quotes,
    "markdown": markdown_quotes,
    "csv": csv_quotes,
    "json": json_quotes,
}
