"""Answers, searches, comparisons and collections, written for taking away."""

from kb.export.entries import Entry, Sheet
from kb.export.formats import FORMATS, Format, check_target, format_of, held, render, write_export
from kb.export.lists import as_lists, marked_lists
from kb.export.material import (
    answer_sheet,
    comparison_sheet,
    entries_sheet,
    entry_of,
    search_sheet,
)

__all__ = [
    "FORMATS",
    "Entry",
    "Format",
    "Sheet",
    "answer_sheet",
    "as_lists",
    "check_target",
    "comparison_sheet",
    "entries_sheet",
    "entry_of",
    "format_of",
    "held",
    "marked_lists",
    "render",
    "search_sheet",
    "write_export",
]
