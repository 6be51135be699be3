"""Answers, searches, comparisons and collections made into the sheets that are exported."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.export.behind import Behind, drawn_on, numbers_by_work, paragraphs_with
from kb.export.entries import Entry, Kind, Sheet, SheetCell
from kb.export.lists import as_lists, marked_lists
from kb.export.words import CORRECTION, around, on_one_line
from kb.records import Answer, Citation, Comparison, Document, Hit, SearchResult, Source
from kb.references import (
    Record,
    Run,
    Work,
    bibliography_runs,
    csl_record,
    in_text_runs,
    listed_runs,
    parse_name,
    same_work,
    works,
)

Texts = Mapping[str, str]
Cited = Mapping[str, Record]


def answer_sheet(
    answer: Answer,
    sources: Iterable[Source],
    *,
    style: str = "apa",
    texts: Texts | None = None,
    cited: Cited | None = None,
    documents: Mapping[str, Document] | None = None,
) -> Sheet:
    """The answer's statements in their order, or the nearest passages if there are none.

    Args:
        answer: As the library gave it.
        sources: Of the same library; where one is missing, the citation's own title, authors
            and year make the reference.
        style: Of the references.
        texts: Text by document, from which the words around a quote are taken; without it
            they are taken from the answer's passages.
        cited: Works that the sources draw on, by key (`kb.corpus.cited_works`); without them
            no works behind the quotes are listed.
        documents: By identifier, in place of `texts`; they tell which quotes are one list.
    """
    documents = documents or {}
    texts = texts or {name: document.text for name, document in documents.items()}
    desk = _Desk({source.document_id: source for source in sources}, texts, cited or {})
    citations = {citation.number: citation for citation in answer.citations}
    hits = {hit.passage_id: hit for hit in answer.passages}
    if not answer.statements:
        drafts = [replace(desk.entry(hit), works=()) for hit in answer.passages]
        remark = "The library holds no answer to this question."
        remark += " The passages below come nearest; none of them answers it." * bool(drafts)
    else:
        quoted = [citations[statement.citation] for statement in answer.statements]
        found = [desk.entry(each, hits.get(each.passage_id)) for each in quoted]
        drafts = marked_lists(found, documents)
        remark = f"{_count(len(drafts), 'quotation')} from {_count(_works_in(drafts), 'source')}"
        remark += ", word for word." if answer.status == "answered" else "; a partial answer."
        remark += f" {CORRECTION}" * answer.corrects
    sheet = _sheet("answer", answer.question, remark, drafts, style, answer.generation)
    return replace(sheet, status=answer.status)


def search_sheet(
    result: SearchResult,
    sources: Iterable[Source],
    *,
    style: str = "apa",
    texts: Texts | None = None,
    cited: Cited | None = None,
) -> Sheet:
    """The passages found, best first; the arguments are those of `answer_sheet`."""
    desk = _Desk({source.document_id: source for source in sources}, texts or {}, cited or {})
    drafts = [desk.entry(hit) for hit in result.passages]
    remark = f"{_count(len(drafts), 'passage')} found, best first." if drafts else "Nothing found."
    return _sheet("search", result.query, remark, drafts, style, result.generation)


def comparison_sheet(
    comparison: Comparison,
    sources: Iterable[Source],
    *,
    style: str = "apa",
    texts: Texts | None = None,
    cited: Cited | None = None,
    names: Mapping[str, str] | None = None,
) -> Sheet:
    """The comparison's table, and its quotes row by row.

    Args:
        comparison: As the library gave it.
        sources: As for `answer_sheet`.
        style: Of the references.
        texts: As for `answer_sheet`.
        cited: As for `answer_sheet`.
        names: Name by slug of the frameworks; a slug without one is spelt out.
    """
    desk = _Desk({source.document_id: source for source in sources}, texts or {}, cited or {})
    shown = {slug: (names or {}).get(slug) or _spelt(slug) for slug in comparison.frameworks}
    drafts = [desk.entry(citation) for cell in comparison.cells for citation in cell.citations]
    title = _and(list(shown.values()))
    remark = (
        f"{_count(len(comparison.frameworks), 'framework')} on "
        f"{_count(len(comparison.dimensions), 'dimension')}. “No passage found” says that this "
        "library holds none, not that the framework disagrees."
    )
    sheet = _sheet("comparison", title, remark, drafts, style, comparison.generation)
    rows = _rows(comparison, sheet.entries)
    return replace(sheet, columns=tuple(shown.values()), rows=rows)


def entry_of(
    quoted: Citation | Hit,
    source: Source | None,
    *,
    text: str | None = None,
    offset: int = 0,
    cited: Cited | None = None,
) -> Entry:
    """The words of a citation or a whole passage, with the work, its context and its works.

    Args:
        quoted: As the library gave it.
        source: Its source; without one, title, authors and year of the citation are used.
        text: Of the document, or of a stretch of it with the quote in it; without it there is
            no context.
        offset: Where that stretch begins in the document.
        cited: Works that sources draw on, by key.
    """
    words = quoted.quote if isinstance(quoted, Citation) else quoted.text
    start, end = quoted.start - offset, quoted.end - offset
    before, after = around(text, start, end) if text is not None else ("", "")
    stretch = paragraphs_with(text, start, end) if text is not None else words
    works, are_named = drawn_on(source, cited or {}, stretch) if source else ((), False)
    return Entry(
        quote=words,
        record=_record(quoted, source),
        document_id=quoted.document_id,
        path=quoted.path,
        title=quoted.title,
        framework=quoted.framework,
        locator=quoted.locator,
        start=quoted.start,
        end=quoted.end,
        passage_id=quoted.passage_id,
        before=before,
        after=after,
        score=quoted.score,
        works=works,
        works_named=are_named,
    )


def entries_sheet(name: str, entries: Sequence[Entry], *, style: str, remark: str = "") -> Sheet:
    """A collection's entries in their order, numbered and cited; a list counts as one."""
    passages = _count(len(as_lists(entries)), "passage")
    remark = remark or f"{passages} from {_count(_works_in(entries), 'source')}."
    return _sheet("collection", name, remark, entries, style, "")


@dataclass(frozen=True, slots=True)
class _Desk:
    """What entries are made with: sources by document, texts by document, works by key."""

    sources: Mapping[str, Source]
    texts: Texts
    cited: Cited

    def entry(self, quoted: Citation | Hit, passage: Hit | None = None) -> Entry:
        """The entry; where its document's text is not at hand, the passage's serves."""
        source = self.sources.get(quoted.document_id)
        text = self.texts.get(quoted.document_id)
        if text is None and passage is not None:
            return entry_of(
                quoted, source, text=passage.text, offset=passage.start, cited=self.cited
            )
        return entry_of(quoted, source, text=text, cited=self.cited)


def _sheet(
    kind: Kind, title: str, remark: str, drafts: Sequence[Entry], style: str, generation: str
) -> Sheet:
    own = {same_work(draft.record) for draft in drafts}
    # Numbers run as the lists do: works that passages name are printed before the others.
    by_kind = sorted(drafts, key=lambda draft: not draft.works_named)
    behind = (work for draft in by_kind for work in draft.works)
    listed = works((*(draft.record for draft in drafts), *behind), style=style)
    references = bibliography_runs(listed, style)
    by_work = {same_work(work.record): (work, runs) for work, runs in references}
    entries = []
    numbered = ((number, each) for number, part in enumerate(as_lists(drafts), 1) for each in part)
    for number, draft in numbered:
        work, reference = by_work[same_work(draft.record)]
        citation = in_text_runs(work, locator=draft.locator, style=style)
        placed = replace(draft, number=number, work=work, citation=citation, reference=reference)
        entries.append(placed)
    return Sheet(
        kind=kind,
        title=on_one_line(title),
        remark=remark,
        entries=tuple(entries),
        style=style,
        generation=generation,
        bibliography=tuple(
            listed_runs([each for each in references if same_work(each[0].record) in own], style)
        ),
        records=tuple(work.record for work in listed if same_work(work.record) in own),
        behind=_behind(entries, references, own, style),
    )


def _behind(
    entries: Sequence[Entry],
    references: Sequence[tuple[Work, tuple[Run, ...]]],
    own: Container[str],
    style: str,
) -> tuple[Behind, ...]:
    numbers = numbers_by_work([(each.number, each.works, each.works_named) for each in entries])
    return tuple(
        Behind(
            record=work.record,
            citation=in_text_runs(work, locator=None, style=style),
            reference=reference,
            named_in=tuple(numbers[key][0]),
            chapter_of=tuple(numbers[key][1]),
        )
        for work, reference in references
        if (key := same_work(work.record)) not in own
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


def _record(quoted: Citation | Hit, source: Source | None) -> dict[str, Any]:
    if source is not None:
        return csl_record(source)
    record: dict[str, Any] = {"id": quoted.document_id, "title": quoted.title, "type": "document"}
    if isinstance(quoted, Citation):
        record["author"] = [parse_name(name) for name in quoted.authors]
        record["issued"] = {"date-parts": [[quoted.year]] if quoted.year else []}
    return {key: value for key, value in record.items() if value}


def _works_in(drafts: Sequence[Entry]) -> int:
    return len({same_work(draft.record) for draft in drafts})


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _spelt(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
