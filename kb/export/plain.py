"""The JSON that other programs rely on, and plain text for the terminal."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from kb.answer import leant_on
from kb.export.behind import short_list
from kb.export.entries import STATUS_SHAPES, STATUS_WORDS, Entry, Group, Sheet, group_of
from kb.export.lists import as_lists
from kb.export.words import (
    CORRECTION,
    ELLIPSIS,
    SENTENCE_BEFORE,
    excerpt,
    on_one_line,
    paragraphs,
    printable,
    written_lines,
)
from kb.records import Answer, Cell, Citation, Comparison, Hit, Locator, SearchResult

LINE_WIDTH = 88  # characters
NEAREST = 3  # passages that are shown where nothing answers
CELL_WORDS = 30  # of a quote in a comparison's cell
_WHOLE_QUOTES = (
    f"Quotes that end in {ELLIPSIS} are cut. See them whole with: --format markdown (or json, csv)"
)


def answer_json(answer: Answer) -> dict[str, Any]:
    """The object that `kb ask --format json` prints."""
    return {
        "question": answer.question,
        "status": answer.status,
        "confidence": answer.confidence,
        "kind": answer.kind,
        "statements": [
            {"text": statement.text, "citation": statement.citation}
            for statement in answer.statements
        ],
        "citations": [citation_json(citation) for citation in answer.citations],
        "passages": [hit_json(hit) for hit in answer.passages],
        "generation": answer.generation,
        "elapsed_ms": dict(answer.elapsed_ms),
    }


def search_json(result: SearchResult) -> dict[str, Any]:
    """The object that `kb search --format json` prints."""
    return {
        "query": result.query,
        "passages": [hit_json(hit) for hit in result.passages],
        "generation": result.generation,
        "elapsed_ms": dict(result.elapsed_ms),
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The object that `kb compare --format json` prints."""
    return {
        "frameworks": list(comparison.frameworks),
        "dimensions": list(comparison.dimensions),
        "cells": [
            {
                "framework": cell.framework,
                "dimension": cell.dimension,
                "status": cell.status,
                "citations": [citation_json(citation) for citation in cell.citations],
            }
            for cell in comparison.cells
        ],
        "generation": comparison.generation,
    }


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    """Everything that any other export of the sheet prints."""
    return {
        "kind": sheet.kind,
        "title": sheet.title,
        "remark": sheet.remark,
        "style": sheet.style,
        "status": sheet.status,
        "generation": sheet.generation,
        "entries": [_entry_json(entry) for entry in sheet.entries],
        "frameworks": list(sheet.columns),
        "rows": [
            {
                "dimension": dimension,
                "cells": [
                    {"status": cell.status, "entries": [entry.number for entry in cell.entries]}
                    for cell in cells
                ],
            }
            for dimension, cells in sheet.rows
        ],
        "bibliography": ["".join(text for text, _ in runs) for runs in sheet.bibliography],
        "records": [dict(record) for record in sheet.records],
        "works_behind": [
            {
                "reference": "".join(text for text, _ in work.reference),
                "named_in": list(work.named_in),
                "chapter_of": list(work.chapter_of),
                "record": dict(work.record),
            }
            for work in sheet.behind
        ],
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation as the contract has it."""
    return {
        **asdict(citation),
        "authors": list(citation.authors),
        "locator": _locator_json(citation.locator),
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit as the contract has it."""
    return {**asdict(hit), "locator": _locator_json(hit.locator)}


def answer_text(answer: Answer, *, corrected: str = "") -> str:
    """The answer for a terminal: quotes with numbers, then the sources.

    Args:
        answer: As the library gave it.
        corrected: The question as it was understood, if its spelling was corrected.
    """
    asked = on_one_line(answer.question)
    lines = [asked, ""]
    if corrected and on_one_line(corrected) != asked:
        lines = [f"Shown for: {on_one_line(corrected)}", f"You wrote: {asked}", ""]
    if not answer.statements:
        lines += ["The library holds no answer to this question.", ""]
        if answer.passages:
            lines += ["Nearest passages:", ""]
            lines += [line for hit in answer.passages[:NEAREST] for line in _hit_lines(hit)]
        return _joined(lines)
    sure = f"confidence {answer.confidence:.2f}"
    lines += [f"{'Answered' if answer.status == 'answered' else 'Partly answered'}, {sure}"]
    lines += [CORRECTION] * answer.corrects + [""]
    before = leant_on(answer.citations)
    for statement in answer.statements:
        lead = f"{SENTENCE_BEFORE} " * (statement.citation in before)
        lines += [
            *_wrapped(f"{lead}“{on_one_line(statement.text)}” [{statement.citation}]", "  "),
            "",
        ]
    lines.append("Sources")
    for citation in answer.citations:
        lines += _source_lines(citation)
    return _joined(lines)


def search_text(result: SearchResult) -> str:
    """The passages found, for a terminal."""
    lines = [on_one_line(result.query), ""]
    if not result.passages:
        lines.append("No passage found.")
    return _joined(lines + [line for hit in result.passages for line in _hit_lines(hit)])


def comparison_text(comparison: Comparison) -> str:
    """The comparison for a terminal, dimension by dimension, and how to see quotes that are cut."""
    lines: list[str] = []
    is_cut = False
    by_place = {(cell.dimension, cell.framework): cell for cell in comparison.cells}
    for dimension in comparison.dimensions:
        lines += [dimension, "─" * len(dimension)]
        for framework in comparison.frameworks:
            cell = by_place.get((dimension, framework), Cell(framework, dimension, "none", ()))
            lines.append(f"{STATUS_SHAPES[cell.status]} {framework}: {STATUS_WORDS[cell.status]}")
            for citation in cell.citations:
                quote = excerpt(citation.quote, CELL_WORDS)
                is_cut = is_cut or quote != on_one_line(citation.quote)
                lines += _wrapped(f"“{quote}” ({citation.title}, {place_text(citation)})")
        lines.append("")
    if is_cut:
        lines.append(_WHOLE_QUOTES)
    return _joined(lines)


def collection_text(sheet: Sheet) -> str:
    """The passages of a collection for a terminal, numbered, with notes and tags."""
    lines = []
    for listed in as_lists(sheet.entries):
        first = listed[0]
        parts = [f"{first.number}. {cited_text(group_of(listed, sheet.style))}"]
        note = "\n".join(written_lines(first.note))
        parts += [f"Note: {note}"] * bool(first.note)
        parts += [f"Tags: {', '.join(map(on_one_line, first.tags))}"] * bool(first.tags)
        lines += ["\n".join(parts).replace("\n", "\n   ")]
    return "".join(f"{line}\n" for line in lines)


def cited_text(group: Group) -> str:
    """The quotes, each on a line of its own, with their citation behind the last one."""
    quotes = [
        f"{'• ' if group.is_list and entry.is_item else ''}“{printable(entry.quote)}”"
        for entry in group.entries
    ]
    text = "\n".join(quotes)
    return f"{text} {''.join(words for words, _ in group.citation)}"


def copied_text(groups: Sequence[Group]) -> str:
    """Quotes with citation and reference as plain text to paste; each reference once."""
    parts = [cited_text(group) for group in groups]
    references = dict.fromkeys(
        "".join(words for words, _ in group.entries[0].reference) for group in groups
    )
    return "\n\n".join((*parts, "\n".join(references)))


def place_text(cited: Citation | Hit | Entry) -> str:
    """Page, slide or paragraph, and the headings: `para. 12, Principles › On the balcony`."""
    return _place(cited, cited.locator)


def group_place(group: Group) -> str:
    """The same from the first to the last quote of a group: `paras. 6–15, Principles`."""
    return _place(group.entries[0], group.entries[-1].locator)


def _place(cited: Citation | Hit | Entry, last: Locator) -> str:
    locator = cited.locator
    is_deck = cited.path.lower().endswith(".pptx")
    marks = ("slide", "slides") if is_deck else ("p.", "pp.")
    marks = marks if locator.page else ("para.", "paras.")
    numbers = [each.page or str(each.paragraph) for each in (locator, last)]
    are_several = bool(locator.page) == bool(last.page) and numbers[0] != numbers[1]
    place = f"{marks[are_several]} {'–'.join(numbers) if are_several else numbers[0]}"
    path = " › ".join(on_one_line(heading) for heading in _headings(cited, last))
    return f"{on_one_line(place)}, {path}" if path else on_one_line(place)


def shared_headings(group: Group) -> tuple[str, ...]:
    """The headings below which the whole group stands, without the title of the source."""
    return _headings(group.entries[0], group.entries[-1].locator)


def _headings(cited: Citation | Hit | Entry, last: Locator) -> tuple[str, ...]:
    pairs = zip(cited.locator.headings, last.headings, strict=False)
    shared = [one for one, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)]
    is_title = bool(shared) and _main_title(shared[0]) == _main_title(cited.title)
    return tuple(shared[1:] if is_title else shared)


def _main_title(title: str) -> str:
    """The title up to its colon, by which a text's first heading is known as its title."""
    return on_one_line(title).partition(":")[0].casefold()


def _entry_json(entry: Entry) -> dict[str, Any]:
    kept = asdict(replace(entry, record={}, works=(), work=None, citation=(), reference=()))
    del kept["work"]
    return kept | {
        "works": [short_list([work]) for work in entry.works],
        "record": dict(entry.record),
        "locator": _locator_json(entry.locator),
        "tags": list(entry.tags),
        "citation": entry.cited,
        "reference": "".join(text for text, _ in entry.reference),
    }


def _hit_lines(hit: Hit) -> list[str]:
    head = f"{hit.rank}. {on_one_line(hit.title)}, {place_text(hit)}"
    return [
        head,
        f"   {on_one_line(hit.path)}, score {hit.score:.2f}",
        *_wrapped(hit.text, "   "),
        "",
    ]


def _source_lines(citation: Citation) -> list[str]:
    lead = f"[{citation.number}] "
    place = f"{place_text(citation)}, in {on_one_line(citation.path)}"
    return [
        *textwrap.wrap(
            lead + on_one_line(citation.reference),
            LINE_WIDTH,
            initial_indent="  ",
            subsequent_indent="  " + " " * len(lead),
            break_long_words=False,
            break_on_hyphens=False,
        ),
        " " * (len(lead) + 2) + place,
    ]


def _wrapped(text: str, indent: str = "    ") -> list[str]:
    lines = []
    for paragraph in paragraphs(text):
        for line in paragraph.split("\n"):
            lines += textwrap.wrap(
                line,
                LINE_WIDTH,
                initial_indent=indent,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
    return lines


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _locator_json(locator: Locator) -> dict[str, Any]:
    return {
        "page": locator.page,
        "headings": list(locator.headings),
        "paragraph": locator.paragraph,
    }
