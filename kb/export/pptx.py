"""A sheet as slides: one passage a slide with its reference in the foot, a table to compare."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.util import Inches, Pt

from kb.export import behind
from kb.export.entries import Entry, Group, Sheet, group_of, grouped
from kb.export.own import opened, usable
from kb.export.plain import group_place, place_text, shared_headings
from kb.export.slide_parts import (
    filled,
    frames,
    free_area,
    layout_named,
    new_slide,
    of_several,
    pieces,
    placeholder,
    plain_text,
    quote_room,
    set_size,
    text_box,
    weight,
    write_runs,
)
from kb.export.slide_tables import table_slides
from kb.export.words import directed, excerpt, on_one_line, printable, tied
from kb.references import Run, same_work

SHIPPED = Path(__file__).resolve().parent / "templates" / "leadership.pptx"
TITLE_WORDS = 14
BULLET = "•  "
# Of several quotes on a slide: their sizes in points, and letters on an inch times their size.
SIZES_TOGETHER, LETTERS_INCH = (28, 24, 20, 18, 16), 135
GAP = 0.25  # of the size of the letters, between two of them; looked at with the template
LINE_HEIGHT = 1.22  # of the size of the letters; Calibri's own
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
        template: A .pptx or .potx of your own; its slides stay in front. Layouts named Opening,
            Passage, Table and References are used where it has them, else those with a title,
            and the text stands in boxes below it.

    Raises:
        BadSetting: The template is missing, damaged, no PowerPoint file or has no layout with a
            title.
    """
    with usable("template_pptx", template, "PowerPoint"):
        deck = _open(template)
    _opening(deck, sheet)
    if sheet.columns:
        table_slides(deck, sheet)
    else:
        for group in grouped(sheet.entries, sheet.style):
            if len(group.entries) > 1:
                _together(deck, group, sheet)
            else:
                _passage(deck, group.entries[0], sheet)
    _references(deck, sheet)
    facts = deck.core_properties
    facts.title = excerpt(sheet.title, TITLE_WORDS)[:255]
    facts.comments = f"Index {sheet.generation}" if sheet.generation else ""
    facts.created = facts.modified = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _open(template: str) -> Any:
    """The presentation; every layout is looked at, so that a damaged one shows here."""
    deck = Presentation(opened(template, "PowerPoint") if template else str(SHIPPED))
    titles = [placeholder(layout, 0) for layout in deck.slide_layouts]
    if not any(title is not None for title in titles):
        raise ValueError("none of its layouts has a title")
    return deck


def _opening(deck: Any, sheet: Sheet) -> None:
    layout = layout_named(deck, "Opening")
    slide = new_slide(deck, layout, sheet.title)
    if len(sheet.title) > 120:
        set_size(placeholder(slide, 0).text_frame, 28 if len(sheet.title) < 260 else 18)
    below = placeholder(slide, 1)
    if below is not None:
        below.text_frame.text = sheet.remark


def _passage(deck: Any, entry: Entry, sheet: Sheet) -> None:
    layout = layout_named(deck, "Passage")
    alone = group_of([entry], sheet.style)
    heading = _heading(sheet, entry.title, shared_headings(alone))
    width, height = quote_room(deck, layout)
    room = width * height / FRAME
    stretches = pieces(entry.quote, int(SLIDE_CHARS * room))
    place = f"{place_text(entry)} · {on_one_line(entry.path)}"
    for at, stretch in enumerate(stretches, start=1):
        title = excerpt(heading, TITLE_WORDS) + of_several(at, len(stretches))
        slide = _titled(deck, layout, title)
        body, foot = frames(deck, slide)
        last = at == len(stretches)
        _quote(body.text_frame, stretch, entry, room=room, first=at == 1, last=last)
        _foot(foot.text_frame, entry, place)
        slide.notes_slide.notes_text_frame.text = printable(_notes(alone))


def _together(deck: Any, group: Group, sheet: Sheet) -> None:
    """Several quotes of one source, on as few slides as they need."""
    layout = layout_named(deck, "Passage")
    heading = _heading(sheet, group.entries[0].title, shared_headings(group))
    width, room = (length / Inches(1) for length in quote_room(deck, layout))
    cited, least = len(plain_text(group.citation)), SIZES_TOGETHER[-1]
    heights = [(entry, _height([entry], least, width)) for entry in group.entries]
    pages = filled(heights, room)
    if any(_height(page, least, width, cited) > room for page in pages):
        pages = filled(heights, room - _height([], least, width, cited))
    for at, page in enumerate(pages, start=1):
        title = excerpt(heading, TITLE_WORDS) + of_several(at, len(pages))
        slide = _titled(deck, layout, title)
        body, foot = frames(deck, slide)
        part = group_of(page, sheet.style)
        fitting = (at for at in SIZES_TOGETHER if _height(page, at, width, cited) <= room)
        points = next(fitting, least)
        for place, entry in enumerate(page):
            line = body.text_frame.add_paragraph() if place else body.text_frame.paragraphs[0]
            line.space_before, line.space_after = Pt(0), Pt(GAP * points)
            bullet = BULLET if group.is_list and entry.is_item else ""
            write_runs(line, ((f"{bullet}“{on_one_line(entry.quote)}”", False),))
        write_runs(line, ((" ", False), *tied(part.citation)))
        set_size(body.text_frame, points)
        _foot(foot.text_frame, page[0], f"{group_place(part)} · {on_one_line(page[0].path)}")
        slide.notes_slide.notes_text_frame.text = printable(_notes(part))


def _heading(sheet: Sheet, title: str, headings: Sequence[str]) -> str:
    """Of a slide; a passage that answers nothing is not shown as if it did."""
    marks = ("No answer, but near",) if sheet.is_unanswered else ()
    return " · ".join((*marks, title, *headings[-1:]))


def _height(entries: Sequence[Entry], points: int, width: float, cited: int = 0) -> float:
    """Inches that quotes take one below the other.

    Args:
        entries: Hold the quotes.
        points: Size of the letters.
        width: Of the frame, in inches.
        cited: Letters of the citation behind the last one.
    """
    letters = [len(entry.quote) + 4 for entry in entries] or [0]
    letters[-1] += cited
    lines = sum(math.ceil(each * points / (LETTERS_INCH * width)) for each in letters)
    return (lines * LINE_HEIGHT + len(letters) * GAP) * points / 72


def _titled(deck: Any, layout: Any, title: str) -> Any:
    """A slide whose title, in a template of one's own, is small enough for its length."""
    slide = new_slide(deck, layout, title)
    if layout.name not in ("Passage", "References") and len(title) > 24:
        set_size(placeholder(slide, 0).text_frame, 28 if len(title) <= 45 else 20)
    return slide


def _quote(frame: Any, stretch: str, entry: Entry, *, room: float, first: bool, last: bool) -> None:
    opening = "“" if first and not entry.is_block else ""
    closing = "”" if last and not entry.is_block else ""
    text = f"{opening}{stretch}{closing}"
    for at, paragraph in enumerate(text.split("\n\n")):
        line = frame.paragraphs[0] if not at else frame.add_paragraph()
        line.space_before, line.space_after = Pt(0), Pt(8)
        write_runs(line, ((paragraph, False),))
    if last:
        write_runs(line, ((" ", False), *tied(entry.citation)))
    fitting = (points for most, points in SIZES if weight(text) <= most * room)
    set_size(frame, next(fitting, SIZES[-1][1]))


def _foot(frame: Any, entry: Entry, place: str) -> None:
    write_runs(frame.paragraphs[0], directed(entry.reference))
    write_runs(frame.add_paragraph(), ((place, False),))
    set_size(frame, 14 if len(plain_text(entry.reference)) < 220 else 10)


def _notes(group: Group) -> str:
    entries = group.entries
    first, last = entries[0], entries[-1]
    parts = []
    if first.note:
        parts.append(f"Note: {first.note}")
    if first.tags:
        parts.append(f"Tags: {', '.join(on_one_line(tag) for tag in first.tags)}")
    if first.before:
        parts.append(f"Before it in the source: {first.before}")
    quotes = "\n".join(f"“{on_one_line(entry.quote)}”" for entry in entries)
    named = "The quotes:\n" if len(entries) > 1 else "The quote: "
    parts.append(f"{named}{quotes} {plain_text(group.citation)}")
    if last.after:
        parts.append(f"After it in the source: {last.after}")
    parts.append(f"Source: {plain_text(first.reference)} {group_place(group)}")
    for are_named in (True, False):
        found = [work for each in entries if each.works_named is are_named for work in each.works]
        works = list({same_work(work): work for work in found}.values())
        if works:
            parts.append(behind.told(works, are_named))
    parts.append(f"File: {on_one_line(first.path)}, characters {first.start} to {last.end}")
    return "\n\n".join(parts)


def _references(deck: Any, sheet: Sheet) -> None:
    _list_slides(deck, "References", sheet.bibliography, points=16, least=14)
    for heading, works in behind.groups(sheet.behind):
        references = [work.reference for work, _ in works]
        title = f"{behind.TITLE}: {heading[:1].lower()}{heading[1:]}"
        for slide in _list_slides(deck, title, references, points=14, least=12):
            slide.notes_slide.notes_text_frame.text = behind.REMARK


def _list_slides(
    deck: Any, title: str, references: Sequence[Sequence[Run]], *, points: int, least: int
) -> list[Any]:
    """The references on as few slides as they need, filled evenly; smaller if one is not enough."""
    layout = layout_named(deck, "References")
    room = free_area(deck, layout)[3] / Inches(1)
    heights = [_listed_inches(each, points) for each in references]
    if sum(heights) > room:
        points = least
        heights = [_listed_inches(each, points) for each in references]
    slides: list[Any] = []
    for page in filled(list(zip(references, heights, strict=True)), room):
        slides.append(_titled(deck, layout, title))
        frame = _list_frame(deck, slides[-1])
        for at, reference in enumerate(page):
            paragraph = frame.add_paragraph() if at else frame.paragraphs[0]
            paragraph.space_after = Pt(LIST_GAP)
            write_runs(paragraph, directed(reference))
        set_size(frame, points)
    return slides


def _listed_inches(reference: Sequence[Run], points: int) -> float:
    lines = math.ceil(len(plain_text(reference)) * points / LIST_LETTERS)
    return (lines * points * 1.2 + LIST_GAP) / 72


def _list_frame(deck: Any, slide: Any) -> Any:
    shape = placeholder(slide, 1) if slide.slide_layout.name == "References" else None
    return (shape or text_box(slide, *free_area(deck, slide))).text_frame
