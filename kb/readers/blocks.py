"""Builds a text from blocks, for formats whose parser yields pieces and no running text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kb.readers.lines import INVISIBLE
from kb.records import Block, BlockKind

# Control characters, and halves of surrogate pairs that no encoding can write.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Blocks of these kinds follow each other without a blank line.
_PACKED = frozenset({"item", "table", "furniture"})
LEAST_BROKEN = 60  # characters before the end of a page; a shorter line may be a verse or a label


class BlockWriter:
    """Appends blocks and parts them by line feeds: one inside a list or table, else two."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        level: int = 0,
        page: str | None = None,
        ordered: bool = False,
    ) -> None:
        """Appends a block; nothing happens if `text` is only white space."""
        text = _UNWANTED.sub("", text).strip(INVISIBLE)
        if not text:
            return
        if self.blocks:
            packed = kind in _PACKED and self.blocks[-1].kind == kind
            self._append("\n" if packed else "\n\n")
        start = self._length
        self._append(text)
        self.blocks.append(Block(kind, start, self._length, level, page, ordered))

    def text(self) -> str:
        """All blocks so far as one text."""
        return "".join(self._parts)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def rejoined(text: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, with a paragraph or item whole that the end of a page has cut in two.

    So converters of printed pages leave it: a long first half that opens in no small letter and
    breaks off in the middle, a second half of the same kind that goes on in one.
    """
    found: list[Block] = []
    for block in blocks:
        if found and _goes_on(text, found[-1], block):
            found[-1] = replace(found[-1], end=block.end)
        else:
            found.append(block)
    return tuple(found)


def _goes_on(text: str, before: Block, block: Block) -> bool:
    first, second = text[before.start : before.end], text[block.start : block.end]
    is_alike = before.kind == block.kind and before.level == block.level
    return (
        is_alike
        and block.kind in ("paragraph", "item")
        and len(first) >= LEAST_BROKEN
        and not first[:1].islower()
        and first[-1:].isalpha()
        and second[:1].islower()
    )


def first_heading(text: str, blocks: list[Block], *, level: int = 1) -> str | None:
    """The words of the first heading of a level, on one line."""
    for block in blocks:
        if block.kind == "heading" and block.level == level:
            return " ".join(text[block.start : block.end].split())
    return None
