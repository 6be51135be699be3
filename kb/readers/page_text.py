"""Paragraphs of lines → one text with blocks and the runs that lead to the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kb.readers.line_ends import LineEnds
from kb.readers.lines import INVISIBLE, TextBuilder, trimmed
from kb.readers.page_lines import Layout, Line, Paragraph
from kb.records import Block
from kb.sentences import sentence_spans

_SPECIAL = re.compile("[\xad\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def written(paragraphs: list[Paragraph], raw: str, labels: list[str]) -> Layout:
    """The paragraphs as one text; `labels` are the printed names of the pages."""
    pairs = (
        (before.text, after.text)
        for paragraph in paragraphs
        for before, after in pairwise(paragraph.lines)
    )
    ends = LineEnds(pairs, raw)
    builder = TextBuilder(raw)
    blocks: list[Block] = []
    turned: dict[int, list[tuple[int, str | None]]] = {}
    for paragraph, previous in zip(paragraphs, [None, *paragraphs], strict=False):
        if previous is not None:
            packed = previous.kind == paragraph.kind and paragraph.kind in ("item", "table")
            builder.insert("\n" if packed else "\n\n")
        start = builder.length
        content, turns = _write_lines(builder, paragraph, ends)
        label = labels[paragraph.lines[0].page]
        if turns and paragraph.kind == "paragraph":
            turned[len(blocks)] = [(offset, labels[page]) for offset, page in turns]
        level = paragraph.level if paragraph.kind in ("heading", "item") else 0
        begin, end, ordered = max(start, content), builder.length, paragraph.ordered
        blocks.append(Block(paragraph.kind, begin, end, level, label, ordered))
    text = builder.text()
    paged = [
        part
        for number, block in enumerate(blocks)
        for part in _by_page(text, block, turned.get(number, ()))
    ]
    return Layout(text, _sound(text, paged), builder.spans())


def _by_page(text: str, block: Block, turns: Sequence[tuple[int, str | None]]) -> Iterator[Block]:
    """A paragraph that runs over pages as a block for each, so that a quote has its own page.

    It is parted between sentences; the one that runs over belongs to the page where it begins.

    Args:
        text: The whole text.
        block: The paragraph.
        turns: Where a page begins in it, and the label of that page.
    """
    if not turns:
        yield block
        return
    start, page = block.start, block.page
    for offset, label in turns:
        spans = sentence_spans(text, start, block.end)
        cut = next((first for first, _ in spans if first >= offset), None)
        if cut is None:
            break
        if cut > start:
            yield replace(block, start=start, end=cut, page=page)
        start, page = cut, label
    yield replace(block, start=start, page=page)


def _sound(text: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for block in (trimmed(text, b) for b in blocks) if block)


def _write_lines(
    builder: TextBuilder, paragraph: Paragraph, ends: LineEnds
) -> tuple[int, list[tuple[int, int]]]:
    """Adds a paragraph's lines.

    Returns:
        Where its words begin after the bullet or number, and where each further page begins.
    """
    content = builder.length
    turns: list[tuple[int, int]] = []
    for number, line in enumerate(paragraph.lines):
        text = line.text.rstrip(INVISIBLE)
        start = len(text) - len(text.lstrip(INVISIBLE))
        after = paragraph.lines[number + 1].text if number + 1 < len(paragraph.lines) else ""
        end, joint = ends.after(text, after)
        if number and line.page != paragraph.lines[number - 1].page:
            turns.append((builder.length, line.page))
        if number == 0 and paragraph.marker:
            cut = min(start + paragraph.marker, end)
            _keep(builder, line, start, cut)
            content, start = builder.length, cut
        _keep(builder, line, start, end)
        for cell in line.cells:
            builder.insert(" | " if paragraph.kind == "table" else " ")
            _keep(builder, cell, 0, len(cell.text.rstrip(INVISIBLE)))
        builder.insert(joint)
    return content, turns


def _keep(builder: TextBuilder, line: Line, start: int, end: int) -> None:
    """Takes over a stretch of a line, controls left out and pdfium's hyphen written out."""
    for match in _SPECIAL.finditer(line.text, start, end):
        builder.keep(line.start + start, line.start + match.start())
        builder.insert("-" if match.group() in "\ufffe\x02" else "")
        start = match.end()
    builder.keep(line.start + start, line.start + end)
