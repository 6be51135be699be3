"""What a page of a PDF yields, and what is made of it: lines, paragraphs, the layout."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.records import Block, BlockKind


@dataclass(slots=True)
class Line:
    """A line, or a part of one that stands apart; lengths are in points.

    Attributes:
        page: Number of its page, from 0.
        start: Offset in the raw text of the document.
        text: Its characters, a hyphen at the line end as pdfium marks it.
        baseline: Distance from the foot of the page.
        size: Size of its font as shown.
        cells: The parts that stand beside it on the same baseline.
    """

    page: int
    start: int
    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    cells: list[Line] = field(default_factory=list)
    column: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class PageLines:
    """What was read of one page; `label` is empty where the file prints none."""

    number: int
    label: str
    text: str
    width: float
    height: float
    lines: list[Line]
    is_image: bool


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together; `marker` counts the characters of a bullet or number."""

    lines: list[Line]
    kind: BlockKind
    level: int = 0
    ordered: bool = False
    marker: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of all pages with its blocks and the runs that lead to the raw text."""

    text: str
    blocks: tuple[Block, ...]
    raw_spans: tuple[tuple[int, int, int], ...]
