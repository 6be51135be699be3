"""Text → non-blank lines with exact offsets; white space is measured, never rewritten."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.records import Block

# Everything that a person sees as nothing: str.isspace plus the invisible joiners.
INVISIBLE = "".join(map(chr, range(0x2000, 0x2010))) + (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\xad"
)
TAB_CHARS = 4

_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line.

    Attributes:
        start: Offset of its first visible character.
        end: One past its last visible character.
        text: What stands between them.
        indent: Columns before `start`; a tab counts as four.
        gap: A blank line, or the start of the text, comes before.
    """

    start: int
    end: int
    text: str
    indent: int
    gap: bool


def unify_newlines(raw: str) -> tuple[str, tuple[tuple[int, int, int], ...]]:
    r"""The text with `\r\n` as `\n`, and the runs that lead back; no runs if nothing changed."""
    if "\r\n" not in raw:
        return raw, ()
    spans, at, start = [], 0, 0
    pieces = raw.split("\r\n")
    for number, piece in enumerate(pieces):
        # A run holds a line and its line feed, which stands one further on in the raw text.
        if piece:
            spans.append((at, start, len(piece)))
        at += len(piece)
        start += len(piece) + 1
        if number < len(pieces) - 1:
            spans.append((at, start, 1))
        at, start = at + 1, start + 1
    return "\n".join(pieces), tuple(_merged(spans))


def _merged(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The same runs with those joined that follow each other on both sides."""
    merged = spans[:1]
    for at, start, length in spans[1:]:
        last_at, last_start, last_length = merged[-1]
        if last_at + last_length == at and last_start + last_length == start:
            merged[-1] = (last_at, last_start, last_length + length)
        else:
            merged.append((at, start, length))
    return merged


def split_lines(text: str) -> list[Line]:
    """The non-blank lines of `text`, in order."""
    lines: list[Line] = []
    last_end = -2  # of the last non-blank line, white space included
    for match in _LINE.finditer(text):
        whole = match.group()
        left = whole.lstrip(INVISIBLE)
        if not left:
            continue
        visible = left.rstrip(INVISIBLE)
        start = match.start() + len(whole) - len(left)
        lead = text[match.start() : start]
        indent = len(lead) + (TAB_CHARS - 1) * lead.count("\t")
        gap = last_end < 0 or match.start() > last_end + 1
        lines.append(Line(start, start + len(visible), visible, indent, gap))
        last_end = match.end()
    return lines


def trimmed(text: str, block: Block) -> Block | None:
    """The block without the white space at its ends; None if nothing is left."""
    whole = text[block.start : block.end]
    left = whole.lstrip(INVISIBLE)
    visible = left.rstrip(INVISIBLE)
    if not visible:
        return None
    start = block.start + len(whole) - len(left)
    end = start + len(visible)
    return Block(block.kind, start, end, block.level, block.page, block.ordered)


class TextBuilder:
    """Collects what is kept of a raw text, and the runs that lead back to it."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.length = 0
        self._parts: list[str] = []
        self._spans: list[tuple[int, int, int]] = []

    def keep(self, start: int, end: int) -> None:
        """Takes over `raw[start:end]`, which must not stand before what was kept already."""
        if end <= start:
            return
        self._parts.append(self.raw[start:end])
        if self._spans:
            at, raw_start, length = self._spans[-1]
            if at + length == self.length and raw_start + length == start:
                self._spans[-1] = (at, raw_start, length + end - start)
                self.length += end - start
                return
        self._spans.append((self.length, start, end - start))
        self.length += end - start

    def insert(self, text: str) -> None:
        """Adds characters that do not stand in the raw text as they are."""
        self._parts.append(text)
        self.length += len(text)

    def text(self) -> str:
        """Everything collected so far."""
        return "".join(self._parts)

    def spans(self) -> tuple[tuple[int, int, int], ...]:
        """The runs; one that covers all of an unchanged raw text is left out."""
        if self._spans == [(0, 0, len(self.raw))] and self.length == len(self.raw):
            return ()
        return tuple(self._spans)


Spans = tuple[tuple[int, int, int], ...]


def compose(inner: Spans, outer: Spans) -> Spans:
    """Runs from a text to a raw text through a text between: `inner` first, then `outer`.

    Empty runs mean that both texts are the same.
    """
    if not inner or not outer:
        return inner or outer
    runs: list[tuple[int, int, int]] = []
    place = 0
    for at, middle, length in inner:
        end = middle + length
        while place < len(outer) and outer[place][0] + outer[place][2] <= middle:
            place += 1
        step = place
        while step < len(outer) and outer[step][0] < end:
            start, raw, size = outer[step]
            low, high = max(middle, start), min(end, start + size)
            runs.append((at + low - middle, raw + low - start, high - low))
            step += 1
    return tuple(runs)
