"""A sheet as slides: one passage a slide with its reference in the foot, a table to compare."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from pptx import Presentation
from pptx.exc import PackageNotFoundError
from pptx.util import Inches, Pt

from kb.errors import BadSetting
from kb.export import behind
from kb.export.entries import Entry, Sheet, grouped
from kb.export.plain import place_text
from kb.export.slide_parts import (
    filled,
    frames,
    free_area,
    layout_named,
    new_slide,
    pieces,
    placeholder,
    plain_text,
    set_size,
    text_box,
    weight,
    write_runs,
)
from kb.export.slide_tables import table_slides
from kb.export.words import excerpt, on_one_line, printable, tied
from kb.references import Run

SHIPPED = Path(__file__).resolve().parent / "templates" / "leadership.pptx"
TITLE_WORDS = 14
LIST_ITEMS = 8  # short quotes on one slide
# Characters that the quote's frame holds at a size in points, looked at with the shipped
# template; a longer quote goes on over the next slides.
SIZES = ((230, 32), (450, 28), (650, 24), (1000, 20))
SLIDE_CHARS = SIZES[-1][0]
FRAME = Inches(11.53) * Inches(4.25)  # of the quote in the shipped template
# Of a list of references: letters on a line times their size in points, looked at with the
# shipped template, and the points between two entries.
LIST_LETTERS, LIST_GAP = 1680, 8


def sheet_pptx(sheet: Sheet, *, template: str = "") -> bytes:
    """The sheet as a .pptx file.

    Args:
        sheet: Any.
        template: A .pptx of your own; its slides stay in front. Layouts named Opening,
            Passage, Table and References are used where it has them, else those with a title,
            and the text stands in boxes below it.

    Raises:
        BadSetting: The template is missing, no PowerPoint file or has no layout with a title.
    """
    deck = _open(template)
    _opening(deck, sheet)
    if sheet.columns:
        table_slides(deck, sheet)
    else:
        for group in grouped(sheet.entries, LIST_ITEMS):
            if len(group) > 1:
                _items(deck, group)
            else:
                _passage(deck, group[0])
    _references(deck, sheet)
    facts = deck.core_properties
    facts.title = excerpt(sheet.title, TITLE_WORDS)[:255]
    facts.comments = f"Index {sheet.generation}" if sheet.generation else ""
    facts.created = facts.modified = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _open(template: str) -> Any:
    try:
        deck = Presentation(template or str(SHIPPED))
        if not any(placeholder(layout, 0) is not None for layout in deck.slide_layouts):
            raise ValueError("none of its layouts has a title")
    except (PackageNotFoundError, BadZipFile, OSError, KeyError, ValueError) as error:
        raise BadSetting(
            f"template_pptx is {template!r}, which cannot be used ({error}). "
            "Name a .pptx file, or leave the setting empty for the shipped template."
        ) from None
    return deck


def _opening(deck: Any, sheet: Sheet) -> None:
    layout = layout_named(deck, "Opening")
    slide = new_slide(deck, layout, sheet.title)
    if len(sheet.title) > 120:
        set_size(placeholder(slide, 0).text_frame, 28 if len(sheet.title) < 260 else 18)
    below = placeholder(slide, 1)
    if below is not None:
        below.text_frame.text = sheet.remark


def _passage(deck: Any, entry: Entry) -> None:
    layout = layout_named(deck, "Passage")
    heading = " · ".join((entry.title, *entry.locator.headings[-1:]))
    slide = _titled(deck, layout, excerpt(heading, TITLE_WORDS))
    body, foot = frames(deck, slide)
    room = body.width * body.height / FRAME
    stretches = pieces(entry.quote, int(SLIDE_CHARS * room))
    if len(stretches) > 1:
        slide.shapes.title.text_frame.paragraphs[0].add_run().text = f" (1 of {len(stretches)})"
    for at, stretch in enumerate(stretches, start=1):
        if at > 1:
            of = f" ({at} of {len(stretches)})"
            slide = _titled(deck, layout, excerpt(heading, TITLE_WORDS) + of)
            body, foot = frames(deck, slide)
        last = at == len(stretches)
        _quote(body.text_frame, stretch, entry, room=room, first=at == 1, last=last)
        place = f"{place_text(entry)} · {on_one_line(entry.path)}"
        _foot(foot.text_frame, entry, place)
        slide.notes_slide.notes_text_frame.text = printable(_notes(entry))


def _items(deck: Any, group: Sequence[Entry]) -> None:
    """The items of one list on one slide."""
    slide = _titled(deck, layout_named(deck, "Passage"), excerpt(group[0].title, TITLE_WORDS))
    body, foot = frames(deck, slide)
    for at, entry in enumerate(group):
        line = body.text_frame.paragraphs[0] if not at else body.text_frame.add_paragraph()
        line.space_after = Pt(6)
        quote = f"“{on_one_line(entry.quote)}” "
        write_runs(line, ((quote, False), *tied(entry.citation)))
    set_size(body.text_frame, 24 if len(group) <= LIST_ITEMS // 2 else 20)
    _foot(foot.text_frame, group[0], on_one_line(group[0].path))
    notes = "\n\n".join(_notes(entry) for entry in group)
    slide.notes_slide.notes_text_frame.text = printable(notes)


def _titled(deck: Any, layout: Any, title: str) -> Any:
    slide = new_slide(deck, layout, title)
    if layout.name != "Passage" and len(title) > 24:
        set_size(placeholder(slide, 0).text_frame, 28)
    return slide


def _quote(frame: Any, stretch: str, entry: Entry, *, room: float, first: bool, last: bool) -> None:
    opening = "“" if first and not entry.is_block else ""
    closing = "”" if last and not entry.is_block else ""
    text = f"{opening}{stretch}{closing}"
    for at, paragraph in enumerate(text.split("\n\n")):
        line = frame.paragraphs[0] if not at else frame.add_paragraph()
        line.space_after = Pt(8)
        write_runs(line, ((paragraph, False),))
    if last:
        write_runs(line, ((" ", False), *tied(entry.citation)))
    fitting = (points for most, points in SIZES if weight(text) <= most * room)
    set_size(frame, next(fitting, SIZES[-1][1]))


def _foot(frame: Any, entry: Entry, place: str) -> None:
    write_runs(frame.paragraphs[0], entry.reference)
    write_runs(frame.add_paragraph(), ((place, False),))
    set_size(frame, 14 if len(plain_text(entry.reference)) < 220 else 10)


def _notes(entry: Entry) -> str:
    parts = []
    if entry.note:
        parts.append(f"Note: {entry.note}")
    if entry.tags:
        parts.append(f"Tags: {', '.join(on_one_line(tag) for tag in entry.tags)}")
    if entry.before:
        parts.append(f"Before it in the source: {entry.before}")
    parts.append(f"The quote: “{on_one_line(entry.quote)}” {entry.cited}")
    if entry.after:
        parts.append(f"After it in the source: {entry.after}")
    parts.append(f"Source: {plain_text(entry.reference)} {place_text(entry)}")
    if entry.works:
        kind = behind.kind_text(entry.works_named)
        parts.append(f"Works behind it ({kind}): {behind.short_list(entry.works)}")
    parts.append(f"File: {on_one_line(entry.path)}, characters {entry.start} to {entry.end}")
    return "\n\n".join(parts)


def _references(deck: Any, sheet: Sheet) -> None:
    _list_slides(deck, "References", sheet.bibliography, points=16)
    for heading, works in behind.groups(sheet.behind):
        references = [work.reference for work, _ in works]
        title = f"{behind.TITLE}: {heading[:1].lower()}{heading[1:]}"
        points = 14 if heading == behind.NAMED else 12
        for slide in _list_slides(deck, title, references, points=points):
            slide.notes_slide.notes_text_frame.text = behind.REMARK


def _list_slides(
    deck: Any, title: str, references: Sequence[Sequence[Run]], *, points: int
) -> list[Any]:
    """The references on as few slides as they need, filled evenly."""
    layout = layout_named(deck, "References")
    room = free_area(deck, layout)[3] / Inches(1)
    letters = LIST_LETTERS / points
    heights = [
        (math.ceil(len(plain_text(each)) / letters) * points * 1.2 + LIST_GAP) / 72
        for each in references
    ]
    slides: list[Any] = []
    for page in filled(list(zip(references, heights, strict=True)), room):
        slides.append(new_slide(deck, layout, title))
        frame = _list_frame(deck, slides[-1])
        for at, reference in enumerate(page):
            paragraph = frame.add_paragraph() if at else frame.paragraphs[0]
            paragraph.space_after = Pt(LIST_GAP)
            write_runs(paragraph, reference)
        set_size(frame, points)
    return slides


def _list_frame(deck: Any, slide: Any) -> Any:
    shape = placeholder(slide, 1) if slide.slide_layout.name == "References" else None
    return (shape or text_box(slide, *free_area(deck, slide))).text_frame
