"""Slides, their layouts and the text on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from kb.export.words import ELLIPSIS, paragraphs, printable
from kb.references import Run


def layout_named(deck: Any, name: str, *kinds: int) -> Any:
    """The layout of that name, else the first with a title and placeholders of these kinds."""
    for layout in deck.slide_layouts:
        if layout.name == name:
            return layout
    for layout in deck.slide_layouts:
        held = {shape.placeholder_format.idx for shape in layout.placeholders}
        if {0, *kinds} <= held and (kinds or 1 not in held):
            return layout
    return next(layout for layout in deck.slide_layouts if placeholder(layout, 0) is not None)


def placeholder(slide: Any, idx: int) -> Any:
    """The placeholder with that index, or None."""
    for shape in slide.placeholders:
        if shape.placeholder_format.idx == idx:
            return shape
    return None


def new_slide(deck: Any, layout: Any, title: str) -> Any:
    """A slide at the end with its title and, where the layout has one, its number."""
    slide = deck.slides.add_slide(layout)
    heading = placeholder(slide, 0)
    if heading is not None:
        heading.text_frame.text = title
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
    """The quote in stretches that fit a slide, each cut between words and marked there.

    A cut falls at the end of a sentence if the last third of the stretch holds one.
    """
    text = "\n\n".join(paragraphs(quote))
    stretches: list[str] = []
    while len(text) > limit:
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
    ends = [found.end() for found in re.finditer(r"[.!?][”’\")]*\s", text[:limit])]
    if ends and ends[-1] > limit * 2 // 3:
        return ends[-1]
    space = max(text.rfind(mark, 0, limit) for mark in (" ", "\n"))
    if space > 0:
        return space
    after = re.search(r"\s", text)
    return after.start() if after else len(text)


def text_box(deck: Any, slide: Any, top: float, height: float) -> Any:
    """A text box across the slide, for a layout without a place for this text."""
    scale = deck.slide_height / Inches(7.5)
    left = Inches(0.75)
    box = slide.shapes.add_textbox(
        left,
        int(Inches(top) * scale),
        deck.slide_width - 2 * left,
        int(Inches(height) * scale),
    )
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
