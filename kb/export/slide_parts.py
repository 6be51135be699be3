"""Slides, their layouts and the text on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from lxml import etree
from pptx.oxml.ns import qn
from pptx.util import Pt

from kb.export.words import ELLIPSIS, paragraphs, printable
from kb.references import Run

# Letters that a line break costs in a frame of text; looked at with the shipped template.
BREAK_CHARS = 60

Piece = TypeVar("Piece")


def layout_named(deck: Any, name: str) -> Any:
    """The layout of that name; else for an opening one that is made for it, else a bare title."""
    layouts = list(deck.slide_layouts)
    for layout in layouts:
        if layout.name == name:
            return layout
    titles = [layout for layout in layouts if _title_kind(layout) is not None]
    fitting = [
        layout
        for layout in titles
        if (_title_kind(layout) == "ctrTitle") == (name == "Opening")
        and (name == "Opening" or len(_held(layout)) == 1)
    ]
    return next(iter(fitting or titles))


def frames(deck: Any, slide: Any) -> tuple[Any, Any]:
    """Where the quote and its reference stand: the layout's places, or boxes below the title."""
    places = placeholder(slide, 1), placeholder(slide, 2)
    if slide.slide_layout.name == "Passage" and None not in places:
        return places
    left, top, width, height = free_area(deck, slide)
    return (
        text_box(slide, left, top, width, int(height * 0.78)),
        text_box(slide, left, top + int(height * 0.82), width, int(height * 0.18)),
    )


def quote_room(deck: Any, layout: Any) -> tuple[int, int]:
    """Width and height of the frame that `frames` gives a quote on a slide of the layout."""
    place = placeholder(layout, 1) if layout.name == "Passage" else None
    if place is not None and placeholder(layout, 2) is not None:
        return place.width, place.height
    _, _, width, height = free_area(deck, layout)
    return width, int(height * 0.78)


def free_area(deck: Any, slide: Any) -> tuple[int, int, int, int]:
    """Left, top, width and height of what a title leaves of a slide or layout."""
    left = int(deck.slide_width * 0.056)
    title = placeholder(slide, 0)
    below = title.top + title.height if title is not None else 0
    top = below if 0 < below < deck.slide_height * 0.4 else int(deck.slide_height * 0.2)
    return left, top, deck.slide_width - 2 * left, int(deck.slide_height * 0.92) - top


def weight(text: str) -> int:
    """How much room a text takes, in letters."""
    return len(text) + BREAK_CHARS * text.count("\n")


def _held(layout: Any) -> list[Any]:
    furniture = ("dt", "ftr", "sldNum")
    return [each for each in layout.placeholders if each.element.ph.get("type") not in furniture]


def _title_kind(layout: Any) -> str | None:
    title = placeholder(layout, 0)
    return None if title is None else str(title.element.ph.get("type", "title"))


def placeholder(slide: Any, idx: int) -> Any:
    """The placeholder with that index, or None."""
    for shape in slide.placeholders:
        if shape.placeholder_format.idx == idx:
            return shape
    return None


def of_several(at: int, count: int) -> str:
    """What the title of a slide says where its matter takes several, on one line."""
    return f" ({at}\u00a0of\u00a0{count})" if count > 1 else ""


def new_slide(deck: Any, layout: Any, title: str) -> Any:
    """A slide at the end with its title and, where the layout has one, its number."""
    slide = deck.slides.add_slide(layout)
    heading = placeholder(slide, 0)
    if heading is not None:
        heading.text_frame.text = printable(title)
    number = next((s for s in layout.placeholders if s.element.ph.get("type") == "sldNum"), None)
    if number is not None:
        slide.shapes.clone_placeholder(number)
        _numbered(slide.placeholders[number.placeholder_format.idx])
    return slide


def _numbered(shape: Any) -> None:
    paragraph = shape.text_frame.paragraphs[0]._p
    field = etree.SubElement(paragraph, qn("a:fld"))
    field.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    field.set("type", "slidenum")
    etree.SubElement(field, qn("a:rPr")).set("lang", "en-GB")
    etree.SubElement(field, qn("a:t")).text = "‹#›"


def pieces(quote: str, limit: int) -> list[str]:
    """The quote in stretches that weigh at most the limit, each cut marked on both sides.

    A cut falls at the end of a sentence if the last third of the stretch holds one, else
    between words; only a word longer than a slide is cut itself.
    """
    text = "\n\n".join(paragraphs(quote))
    stretches: list[str] = []
    while weight(text) > limit:
        cut = _cut(text, limit)
        stretches.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    stretches.append(text)
    last = len(stretches) - 1
    return [
        f"{f'{ELLIPSIS} ' if at else ''}{stretch}{f' {ELLIPSIS}' if at < last else ''}"
        for at, stretch in enumerate(stretches)
    ]


def _cut(text: str, limit: int) -> int:
    most, used = 0, 0
    while most < len(text) and used + weight(text[most]) <= limit:
        used += weight(text[most])
        most += 1
    ends = [found.end() for found in re.finditer(r"[.!?][”’\")]*\s", text[:most])]
    if ends and ends[-1] > most * 2 // 3:
        return ends[-1]
    space = max(text.rfind(mark, 0, most) for mark in (" ", "\n"))
    return space if space > 0 else max(most, 1)


def filled(pieces: Sequence[tuple[Piece, float]], room: float) -> list[list[Piece]]:
    """The pieces in their order on as few pages as they need, evenly if that fits.

    Args:
        pieces: Each with its height.
        room: Height of a page; a piece that is higher has one of its own.
    """
    pages: list[list[Piece]] = []
    used = room
    for piece, height in pieces:
        used += height
        if used > room:
            pages.append([])
            used = height
        pages[-1].append(piece)
    total = sum(height for _, height in pieces)
    even: list[list[Piece]] = [[] for _ in pages]
    tall = [0.0] * len(pages)
    for piece, height in pieces:
        at = int((sum(tall) + height / 2) / total * len(pages))
        even[at].append(piece)
        tall[at] += height
    return even if all(even) and max(tall, default=0) <= room else pages


def text_box(slide: Any, left: int, top: int, width: int, height: int) -> Any:
    """A text box whose lines are broken at its width."""
    box = slide.shapes.add_textbox(left, top, width, height)
    box.text_frame.word_wrap = True
    return box


def write_runs(paragraph: Any, runs: Sequence[Run]) -> None:
    """Adds stretches of text; a line break stays one."""
    for text, is_italic in runs:
        for at, line in enumerate(printable(text).split("\n")):
            if at:
                paragraph.add_line_break()
            run = paragraph.add_run()
            run.text = line
            run.font.italic = is_italic or None


def set_size(frame: Any, points: int) -> None:
    """Gives all text of a frame one size."""
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(points)


def plain_text(runs: Sequence[Run]) -> str:
    """The stretches without their italics."""
    return "".join(text for text, _ in runs)
