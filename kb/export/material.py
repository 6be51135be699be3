"""What every export is made from: quotes with their citations, a bibliography, a table."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from kb.export.words import around, on_one_line
from kb.records import Answer, CellStatus, Citation, Comparison, Hit, Locator, SearchResult, Source
from kb.references import (
    Run,
    bibliography_runs,
    csl_record,
    in_text_runs,
    parse_name,
    same_work,
    works,
)

Kind = Literal["answer", "search", "comparison", "collection"]
Texts = Mapping[str, str]

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
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[SheetCell, ...]], ...] = ()


def answer_sheet(
    answer: Answer, sources: Iterable[Source], *, style: str = "apa", texts: Texts | None = None
) -> Sheet:
    """The answer's statements in their order, or the nearest passages if there are none.

    Args:
        answer: As the library gave it.
        sources: Of the same library; where one is missing, the citation's own title, authors
            and year make the reference.
        style: Of the references.
        texts: Text by document, from which the words around a quote are taken; without it
            they are taken from the answer's passages.
    """
    known = {source.document_id: source for source in sources}
    cited = {citation.number: citation for citation in answer.citations}
    hits = {hit.passage_id: hit for hit in answer.passages}
    if not answer.statements:
        drafts = [_placed(hit, known, texts) for hit in answer.passages]
        remark = "The library holds no answer to this question. These passages come nearest."
    else:
        quoted = [cited[statement.citation] for statement in answer.statements]
        drafts = [_placed(citation, known, texts, hits) for citation in quoted]
        remark = f"{_count(len(drafts), 'quotation')} from {_count(_works_in(drafts), 'source')}"
        remark += ", word for word." if answer.status == "answered" else "; a partial answer."
    return _sheet("answer", answer.question, remark, drafts, style, answer.generation)


def search_sheet(
    result: SearchResult,
    sources: Iterable[Source],
    *,
    style: str = "apa",
    texts: Texts | None = None,
) -> Sheet:
    """The passages found, best first; the arguments are those of `answer_sheet`."""
    known = {source.document_id: source for source in sources}
    drafts = [_placed(hit, known, texts) for hit in result.passages]
    remark = f"{_count(len(drafts), 'passage')} found, best first." if drafts else "Nothing found."
    return _sheet("search", result.query, remark, drafts, style, result.generation)


def comparison_sheet(
    comparison: Comparison,
    sources: Iterable[Source],
    *,
    style: str = "apa",
    texts: Texts | None = None,
    names: Mapping[str, str] | None = None,
) -> Sheet:
    """The comparison's table, and its quotes row by row.

    Args:
        comparison: As the library gave it.
        sources: As for `answer_sheet`.
        style: Of the references.
        texts: As for `answer_sheet`.
        names: Name by slug of the frameworks; a slug without one is spelt out.
    """
    known = {source.document_id: source for source in sources}
    shown = {slug: (names or {}).get(slug) or _spelt(slug) for slug in comparison.frameworks}
    drafts = [
        _placed(citation, known, texts) for cell in comparison.cells for citation in cell.citations
    ]
    title = _and(list(shown.values()))
    remark = (
        f"{_count(len(comparison.frameworks), 'framework')} on "
        f"{_count(len(comparison.dimensions), 'dimension')}. “No passage found” says that this "
        "library holds none, not that the framework disagrees."
    )
    sheet = _sheet("comparison", title, remark, drafts, style, comparison.generation)
    rows = _rows(comparison, sheet.entries)
    return replace(sheet, columns=tuple(shown.values()), rows=rows)


def entry_of(cited: Citation | Hit, source: Source | None, *, text: str | None = None) -> Entry:
    """The words of a citation or a whole passage, with the work and, given a text, the context.

    Args:
        cited: As the library gave it.
        source: Its source; without one, title, authors and year of the citation are used.
        text: Of the document.
    """
    before, after = around(text, cited.start, cited.end) if text is not None else ("", "")
    return Entry(
        quote=cited.quote if isinstance(cited, Citation) else cited.text,
        record=_record(cited, source),
        document_id=cited.document_id,
        path=cited.path,
        title=cited.title,
        framework=cited.framework,
        locator=cited.locator,
        start=cited.start,
        end=cited.end,
        passage_id=cited.passage_id,
        before=before,
        after=after,
        score=cited.score,
    )


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


def entries_sheet(name: str, entries: Sequence[Entry], *, style: str, remark: str = "") -> Sheet:
    """A collection's entries in their order, numbered and cited."""
    remark = remark or f"{_count(len(entries), 'passage')} from " + _count(
        _works_in(entries), "source"
    )
    return _sheet("collection", name, remark, entries, style, "")


def _sheet(
    kind: Kind, title: str, remark: str, drafts: Sequence[Entry], style: str, generation: str
) -> Sheet:
    listed = works((draft.record for draft in drafts), style=style)
    references = bibliography_runs(listed, style)
    by_work = {same_work(work.record): (work, runs) for work, runs in references}
    entries = []
    for at, draft in enumerate(drafts, start=1):
        work, reference = by_work[same_work(draft.record)]
        citation = in_text_runs(work, locator=draft.locator, style=style)
        entries.append(replace(draft, number=at, citation=citation, reference=reference))
    return Sheet(
        kind=kind,
        title=on_one_line(title),
        remark=remark,
        entries=tuple(entries),
        style=style,
        generation=generation,
        bibliography=tuple(runs for _, runs in references),
        records=tuple(work.record for work in listed),
    )


def _rows(
    comparison: Comparison, entries: Sequence[Entry]
) -> tuple[tuple[str, tuple[SheetCell, ...]], ...]:
    left = iter(entries)
    cells = {
        (cell.framework, cell.dimension): SheetCell(
            cell.status, tuple(itertools.islice(left, len(cell.citations)))
        )
        for cell in comparison.cells
    }
    empty = SheetCell("none", ())
    return tuple(
        (
            dimension[:1].upper() + dimension[1:],
            tuple(cells.get((slug, dimension), empty) for slug in comparison.frameworks),
        )
        for dimension in comparison.dimensions
    )


def _placed(
    cited: Citation | Hit,
    known: Mapping[str, Source],
    texts: Texts | None,
    hits: Mapping[str, Hit] | None = None,
) -> Entry:
    text = (texts or {}).get(cited.document_id)
    entry = entry_of(cited, known.get(cited.document_id), text=text)
    hit = (hits or {}).get(cited.passage_id)
    if text is not None or hit is None:
        return entry
    before, after = around(hit.text, cited.start - hit.start, cited.end - hit.start)
    return replace(entry, before=before, after=after)


def _record(cited: Citation | Hit, source: Source | None) -> dict[str, Any]:
    if source is not None:
        return csl_record(source)
    record: dict[str, Any] = {"id": cited.document_id, "title": cited.title, "type": "document"}
    if isinstance(cited, Citation):
        record["author"] = [parse_name(name) for name in cited.authors]
        record["issued"] = {"date-parts": [[cited.year]] if cited.year else []}
    return {key: value for key, value in record.items() if value}


def _works_in(drafts: Sequence[Entry]) -> int:
    return len({same_work(draft.record) for draft in drafts})


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _spelt(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
