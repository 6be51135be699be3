"""The comparison as a table that a screen reader can read: words, shapes, quotes, counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kb.export.words import shortened
from kb.records import Cell, CellStatus, Comparison
from kb.sentences import sentence_spans
from kb.ui import words
from kb.ui.markup import attribute, escape

_SHOWN_CHARS = 120  # of a cell's first quote, three lines where three frameworks are compared
CellAddress = Callable[[Cell], str]


def shown_rows(
    comparison: Comparison, *, only_differences: bool, only_evidence: bool
) -> Comparison:
    """The comparison with the rows that the switches leave; what is shown is what is exported."""
    kept = []
    for dimension in comparison.dimensions:
        found = {cell.status for cell in comparison.cells if cell.dimension == dimension}
        alike = only_differences and len(found) == 1
        if not alike and not (only_evidence and found == {"none"}):
            kept.append(dimension)
    return replace(
        comparison,
        dimensions=tuple(kept),
        cells=tuple(cell for cell in comparison.cells if cell.dimension in kept),
    )


def matrix_html(comparison: Comparison, names: Mapping[str, str], address: CellAddress) -> str:
    """Frameworks as columns, dimensions as rows; each cell opens `address` in its place."""
    head = "".join(f'<th scope="col">{escape(names[slug])}</th>' for slug in comparison.frameworks)
    by_place = {(cell.dimension, cell.framework): cell for cell in comparison.cells}
    rows = []
    for dimension in comparison.dimensions:
        cells = "".join(
            _cell(by_place[dimension, slug], names[slug], address) for slug in comparison.frameworks
        )
        name = dimension[:1].upper() + dimension[1:]
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>')
    return (
        '<div class="kb-scroll" tabindex="0" role="region" aria-label="Comparison">'
        f'<table class="kb-matrix"><thead><tr><th scope="col">Dimension</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def status_html(status: CellStatus) -> str:
    """A cell's status as shape, colour and word."""
    word = escape(words.CELL_WORDS[status])
    return f'<span class="kb-status kb-{status}"><i aria-hidden="true"></i> {word}</span>'


def _cell(cell: Cell, name: str, address: CellAddress) -> str:
    word = words.CELL_WORDS[cell.status]
    quote = f"“{shortened(cell.citations[0].quote, _SHOWN_CHARS)}”" if cell.citations else ""
    drawn = f'<span class="kb-cell-quote">{escape(quote)}</span>' if quote else ""
    title = attribute(f"{name} on {cell.dimension}: {word}. Open the passages.")
    return (
        f'<td data-name="{attribute(name)}">'
        f'<a class="kb-link kb-opens" href="{attribute(address(cell))}" title="{title}">'
        f"{status_html(cell.status)}{drawn}{_count(cell)}</a></td>"
    )


def _count(cell: Cell) -> str:
    if not cell.citations:
        return ""
    sentences = sum(len(sentence_spans(citation.quote)) for citation in cell.citations)
    sources = len({citation.document_id for citation in cell.citations})
    place = words.short_place(cell.citations[0].locator)
    counted = f"{words.count(sentences, 'sentence')} from {words.count(sources, 'source')}"
    return f'<span class="kb-cell-place kb-muted">{escape(place)} · {escape(counted)}</span>'
