"""A whole source as HTML, block by block, with some words marked; and its outline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from kb.records import Block, Document
from kb.ui.markup import attribute, escape, marked

PART_CHARS = 120_000  # of a long text, one part is drawn at a time
_TAGS = {"paragraph": "p", "note": "aside", "table": "pre", "code": "pre"}


def parts(document: Document) -> list[list[Block]]:
    """The blocks in stretches that a browser draws at once; at least one stretch."""
    found: list[list[Block]] = [[]]
    for block in document.blocks:
        if found[-1] and block.end - found[-1][0].start > PART_CHARS:
            found.append([])
        found[-1].append(block)
    return found


def part_of(stretches: Sequence[Sequence[Block]], offset: int) -> int:
    """Number, from 0, of the stretch that holds a character."""
    for number, blocks in enumerate(stretches):
        if blocks and offset < blocks[-1].end:
            return number
    return 0


def text_html(
    text: str, blocks: Sequence[Block], *, span: tuple[int, int] | None = None, title: str = ""
) -> str:
    """The blocks as an article.

    Args:
        text: Of the document.
        blocks: Those to draw.
        span: Marked, with the identifier `kb-here`.
        title: A first heading of these words is left out: the page shows it already.
    """
    pieces = []
    waiting = span is not None
    if blocks and blocks[0].kind == "heading":
        first = text[blocks[0].start : blocks[0].end]
        blocks = blocks[1:] if first.casefold() == title.casefold() else blocks
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        drawn = []
        for block in group:
            inside = []
            if span and span[0] < block.end and block.start < span[1]:
                inside = [(span[0] - block.start, span[1] - block.start)]
            content = marked(
                text[block.start : block.end],
                inside,
                "mark",
                "kb-here" if waiting and inside else "",
            )
            waiting = waiting and not inside
            drawn.append(_element(block, content))
        pieces.append(_group(kind, drawn))
    return f'<article class="kb-document">{"".join(pieces)}</article>'


def outline_html(document: Document, blocks: Iterable[Block]) -> str:
    """Links to the headings among the blocks; empty if there are fewer than two."""
    rows = [
        f'<li class="kb-level-{min(block.level, 4)}"><a href="#kb-{block.start}">'
        f"{escape(document.text[block.start : block.end])}</a></li>"
        for block in blocks
        if block.kind == "heading"
    ]
    if len(rows) < 2:
        return ""
    return (
        f'<details class="kb-outline"><summary>Outline</summary><nav aria-label="Outline">'
        f"<ul>{''.join(rows)}</ul></nav></details>"
    )


def _element(block: Block, content: str) -> str:
    if block.kind == "heading":
        depth = min(max(block.level, 1) + 1, 6)
        return f'<h{depth} id="{attribute(f"kb-{block.start}")}">{content}</h{depth}>'
    if block.kind == "item":
        return f'<li class="kb-depth-{min(block.level, 4)}">{content}</li>'
    if block.kind == "furniture":
        return f"<p>{content}</p>"
    tag = _TAGS[block.kind]
    return f"<{tag}>{content}</{tag}>"


def _group(kind: str, drawn: Sequence[str]) -> str:
    inner = "".join(drawn)
    if kind == "item":
        return f"<ul>{inner}</ul>"
    if kind == "furniture":
        # What is marked is to be seen: an author's line is quoted from here.
        is_open = " open" if "<mark" in inner else ""
        return (
            f'<details class="kb-furniture"{is_open}>'
            f"<summary>Page furniture, not part of the text</summary>{inner}</details>"
        )
    return inner
