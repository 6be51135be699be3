"""What every export is made from: quotes with their citations, a bibliography, a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kb.export.behind import Behind
from kb.records import CellStatus, Locator
from kb.references import Record, Run

Kind = Literal["answer", "search", "comparison", "collection"]

SHORT_WORDS = 14  # of a quote that is the item of a list; unmeasured
BLOCK_WORDS = 40  # APA 7, 8.27: a quotation of 40 words or more is set as a block
STATUS_WORDS: dict[CellStatus, str] = {
    "covered": "covered",
    "partly": "partly covered",
    "none": "no passage found",
}
STATUS_COLOURS: dict[CellStatus, str] = {"covered": "1E6B3A", "partly": "8A5A00", "none": "5A6675"}
STATUS_SHAPES: dict[CellStatus, str] = {"covered": "●", "partly": "◐", "none": "○"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One quote and everything that is printed with it.

    Attributes:
        quote: Word for word, whole.
        record: CSL-JSON of the work.
        before: Words of the source before the quote, marked with an ellipsis if they were
            cut; empty where they are not known.
        after: Words of the source after the quote, likewise.
        works: CSL-JSON of works that the words draw on, which they do not quote.
        works_named: Whether the paragraph names these works; else its whole source draws on
            them.
        citation: For the text, with the place: `(Heifetz, 1994, p. 12)`.
        reference: The work's entry in the bibliography.
        number: From 1 within the sheet.
    """

    quote: str
    record: Mapping[str, Any]
    document_id: str
    path: str
    title: str
    framework: str | None
    locator: Locator
    start: int
    end: int
    passage_id: str = ""
    before: str = ""
    after: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    score: float | None = None
    works: tuple[Record, ...] = ()
    works_named: bool = False
    citation: tuple[Run, ...] = ()
    reference: tuple[Run, ...] = ()
    number: int = 0

    @property
    def is_block(self) -> bool:
        """Whether the quote is long enough to stand as a block."""
        return len(self.quote.split()) >= BLOCK_WORDS

    @property
    def is_item(self) -> bool:
        """Whether the quote is short and bare, as the items of a list are."""
        return len(self.quote.split()) <= SHORT_WORDS and not self.note and not self.tags

    @property
    def cited(self) -> str:
        """The citation as plain text."""
        return "".join(text for text, _ in self.citation)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """What one framework says on one dimension; `entries` are of the sheet."""

    status: CellStatus
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One export: quotes in order, the works that they come from, a table if it compares.

    Attributes:
        title: The question, the query, the frameworks or the collection's name.
        remark: One sentence that says what stands below.
        bibliography: References of the works cited, in the order of the style.
        records: CSL-JSON of the same works, in the order of their first citation.
        behind: Works that the quotes draw on and that are not quoted, in the order of the style.
        columns: Names of the frameworks compared; empty unless this compares.
        rows: Dimension, with a capital, and one cell for each column.
    """

    kind: Kind
    title: str
    remark: str
    entries: tuple[Entry, ...]
    style: str
    generation: str = ""
    bibliography: tuple[tuple[Run, ...], ...] = ()
    records: tuple[Mapping[str, Any], ...] = ()
    behind: tuple[Behind, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[SheetCell, ...]], ...] = ()


def grouped(entries: Sequence[Entry], most: int) -> list[tuple[Entry, ...]]:
    """Neighbours that are items of one list together, at most so many, others alone."""
    groups: list[list[Entry]] = []
    for entry in entries:
        last = groups[-1][-1] if groups else None
        joins = last is not None and last.is_item and entry.is_item
        if joins and last is not None and last.path == entry.path and len(groups[-1]) < most:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return [tuple(group) for group in groups]
