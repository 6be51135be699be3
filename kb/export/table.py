"""A sheet as CSV, one line a quote, that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kb.export import behind
from kb.export.entries import Entry, Sheet
from kb.export.words import printable
from kb.references.records import year_of

BOM = "\ufeff"  # by which spreadsheets recognise UTF-8
# A cell that begins with one of these is a formula to some spreadsheet; the wide forms are
# taken for the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = (
    "number", "quote", "citation", "reference", "title", "authors", "year", "framework", "page",
    "headings", "paragraph", "path", "start", "end", "score", "before", "after", "note", "tags",
    "works_behind", "works_are", "in_list",
)  # fmt: skip


def sheet_csv(sheet: Sheet, *, bom: bool = False) -> str:
    """The sheet's quotes in order, with CRLF line ends; those of one list share a number.

    A comparison has three columns more at the front (`dimension`, `compared`, `status`) and a
    line without quote for each cell that has none. An answer has its status at the front of
    every line: the quotes of one that was not found only come near.

    Args:
        sheet: Any.
        bom: Put a byte-order mark first, which Excel needs to read UTF-8.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    if sheet.status:
        writer.writerow(("status", *COLUMNS))
        rows = [_values(entry) for entry in sheet.entries] or [[""] * len(COLUMNS)]
        writer.writerows([sheet.status, *row] for row in rows)
    elif not sheet.columns:
        writer.writerow(COLUMNS)
        writer.writerows(_values(entry) for entry in sheet.entries)
    else:
        writer.writerow(("dimension", "compared", "status", *COLUMNS))
        writer.writerows(_compared(sheet))
    return (BOM if bom else "") + out.getvalue()


def safe(text: str) -> str:
    """The text, behind an apostrophe if a spreadsheet could take it for a formula."""
    text = printable(text)
    bare = text.lstrip(" \u00a0")
    return f"'{text}" if bare.startswith(FORMULA_STARTS) else text


def _compared(sheet: Sheet) -> Iterator[list[str]]:
    for dimension, cells in sheet.rows:
        for name, cell in zip(sheet.columns, cells, strict=True):
            lead = [safe(dimension), safe(name), cell.status]
            if not cell.entries:
                yield lead + [""] * len(COLUMNS)
            for entry in cell.entries:
                yield lead + _values(entry)


def _values(entry: Entry) -> list[str]:
    record = entry.record
    reference = "".join(text for text, _ in entry.reference)
    names = record.get("author") or []
    authors = "; ".join(
        name.get("literal") or ", ".join(filter(None, (name.get("family"), name.get("given"))))
        for name in names
    )
    year = str(year_of(record) or "")
    in_list = ("opening sentence" if entry.opens_list else "item") if entry.list_id else ""
    values = (
        str(entry.number), entry.quote, entry.cited, reference, entry.title, authors, year,
        entry.framework or "", entry.locator.page or "", " › ".join(entry.locator.headings),
        str(entry.locator.paragraph), entry.path, str(entry.start), str(entry.end),
        "" if entry.score is None else f"{entry.score:.4f}", entry.before, entry.after,
        entry.note, "; ".join(entry.tags), behind.short_list(entry.works),
        behind.kind_text(entry.works_named) if entry.works else "", in_list,
    )  # fmt: skip
    return [safe(value) for value in values]
