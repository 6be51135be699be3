"""What every export is made from: quotes with their citations, a bibliography, a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kb.export.behind import Behind
from kb.records import CellStatus, Locator, Status
from kb.references import Record, Run, Work, in_text_runs

Kind = Literal["answer", "search", "comparison", "collection"]

NEAREST = "Nearest passages"  # heading of what stands below a question without an answer
TABLE_COLUMNS = 5  # frameworks side by side; as many as one comparison takes
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
        work: The record among the others of the sheet.
        citation: For the text, with the place: `(Heifetz, 1994, p. 12)`.
        reference: The work's entry in the bibliography.
        number: From 1 within the sheet; quotes of one list share it.
        list_id: What quotes of one list share, from 1; 0 outside a list.
        opens_list: Whether this is the sentence that announces the list.
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
    work: Work | None = None
    citation: tuple[Run, ...] = ()
    reference: tuple[Run, ...] = ()
    number: int = 0
    list_id: int = 0
    opens_list: bool = False

    @property
    def is_block(self) -> bool:
        """Whether the quote is long enough to stand as a block."""
        return len(self.quote.split()) >= BLOCK_WORDS

    @property
    def is_item(self) -> bool:
        """Whether the quote is an item of a list; outside a known one, if it looks like one."""
        if self.list_id:
            return not self.opens_list
        is_sentence = self.quote.rstrip('”’")').endswith((".", "?", "!", ":"))
        return len(self.quote.split()) <= SHORT_WORDS and not is_sentence

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
        status: Of an answer; None for the other kinds.
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
    status: Status | None = None
    generation: str = ""
    bibliography: tuple[tuple[Run, ...], ...] = ()
    records: tuple[Mapping[str, Any], ...] = ()
    behind: tuple[Behind, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[SheetCell, ...]], ...] = ()

    @property
    def is_unanswered(self) -> bool:
        """Whether this is a question without an answer: its entries are only what comes near."""
        return self.status == "not_found"


def table_parts(columns: int) -> list[slice]:
    """The columns in as few tables as are readable, as many in each as in the next."""
    tables = math.ceil(columns / TABLE_COLUMNS)
    each = math.ceil(columns / tables) if tables else 1
    return [slice(first, first + each) for first in range(0, columns, each)]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring quotes of one source that are printed together and cited once.

    Attributes:
        entries: At least one, in reading order, all with the same note and tags.
        citation: From the place of the first quote to that of the last.
    """

    entries: tuple[Entry, ...]
    citation: tuple[Run, ...]

    @property
    def is_list(self) -> bool:
        """Whether the quotes are items of a list; sentences may go before them."""
        items = [entry.is_item for entry in self.entries]
        return len(items) > 1 and items[-1] and items == sorted(items)

    @property
    def numbers(self) -> str:
        """`4` or `4–7`."""
        first, last = self.entries[0].number, self.entries[-1].number
        return str(first) if first == last else f"{first}–{last}"


def grouped(entries: Sequence[Entry], style: str) -> list[Group]:
    """The entries of a sheet in their order, those together that belong together.

    Sentences of one passage do, and the items of a list with the sentence before them. What
    has a note of its own stands alone, and so does a block, unless it opens a list.
    """
    runs: list[list[Entry]] = []
    for entry in entries:
        if runs and _joins(runs[-1], entry):
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return [group_of(run, style) for run in runs]


def group_of(entries: Sequence[Entry], style: str) -> Group:
    """These entries as one group, whatever they are; cited from the first to the last."""
    first, last = entries[0], entries[-1]
    citation = first.citation
    if first is not last and first.work is not None:
        citation = in_text_runs(
            first.work, locator=first.locator, through=last.locator, style=style
        )
    return Group(tuple(entries), citation)


def _joins(run: Sequence[Entry], entry: Entry) -> bool:
    last = run[-1]
    if last.list_id or entry.list_id:
        return last.list_id == entry.list_id
    if last.document_id != entry.document_id or last.end > entry.start:
        return False
    if (last.note, last.tags) != (entry.note, entry.tags) or last.is_block or entry.is_block:
        return False
    are_of_one_passage = bool(entry.passage_id) and last.passage_id == entry.passage_id
    return are_of_one_passage or (entry.is_item and (last.is_item or len(run) == 1))
