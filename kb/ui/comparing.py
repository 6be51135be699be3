"""The three views of the Compare page: table, principles side by side, map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from kb.compare import Alignment, row_question
from kb.export import Sheet, comparison_sheet, entries_sheet, entry_of
from kb.library import Library
from kb.records import Cell, Citation, Comparison, Filters
from kb.ui.actions import draw_passage_actions
from kb.ui.charts import map_chart, similarity_chart, timeline_chart
from kb.ui.downloads import draw_downloads
from kb.ui.links import address
from kb.ui.markup import escape, link
from kb.ui.matrix import CellAddress, matrix_html, status_html
from kb.ui.passages import citation_html, hit_html, neighbours_html
from kb.ui.states import draw_note

_TO_BEGIN_WITH = ("servant-leadership", "transformational-leadership", "adaptive-leadership")
Names = Mapping[str, str]


@st.cache_data(show_spinner="Reading the frameworks …", max_entries=64)
def compared(
    generation: str, slugs: Sequence[str], rows: Sequence[str], _library: Library
) -> Comparison:
    """The comparison, kept so that switches do not ask everything again."""
    return _library.compare(slugs, on=rows)


def draw_invitation(names: Names) -> None:
    """What to do before two frameworks are chosen, with one comparison to begin with."""
    draw_note("Choose two frameworks or more", "They become the columns of a table.")
    first = [slug for slug in _TO_BEGIN_WITH if slug in names] or list(names)[:2]
    listed = ", ".join(names[slug] for slug in first)
    st.html(f"<p>For example: {link(address('compare', {'framework': first}), listed)}</p>")


def draw_table(
    comparison: Comparison, library: Library, names: Names, cell_address: CellAddress
) -> None:
    """The table with its legend and downloads."""
    if not comparison.dimensions:
        draw_note("No row is left", "The switches hide every row. Turn one of them off.")
        return
    st.html(matrix_html(comparison, names, cell_address))
    st.html(
        f'<ul class="kb-legend"><li>{status_html("covered")}: the source takes a position</li>'
        f"<li>{status_html('partly')}: passages touch it</li><li>{status_html('none')} in this "
        "library, which does not mean that the framework disagrees</li></ul>"
    )
    sheet = partial(_table_sheet, comparison, library, names)
    draw_downloads(sheet, "comparison " + " ".join(comparison.frameworks), key="table")


@st.dialog("In the source", width="large")
def show_cell(cell: Cell, library: Library, names: Names) -> None:
    """The passages behind a cell with their neighbours."""
    title = names[cell.framework]
    st.html(f"<h2>{escape(title)}: {escape(cell.dimension)}</h2><p>{status_html(cell.status)}</p>")
    done: set[str] = set()
    for citation in cell.citations:
        if citation.passage_id not in done:
            spans = [
                (c.start, c.end) for c in cell.citations if c.document_id == citation.document_id
            ]
            around = library.neighbours(citation.passage_id)
            done |= {passage.passage_id for passage in around}
            st.html(neighbours_html(around, spans, library.generation))
            draw_passage_actions(citation, library, prefix="cell-")
    if not cell.citations:
        only = Filters(frameworks=(cell.framework,))
        st.html("<p>No passage of this library answers it. These come nearest:</p>")
        for hit in library.search(row_question(cell.dimension), filters=only, limit=2).passages:
            st.html(hit_html(hit, library.generation))


def draw_principles(slugs: Sequence[str], library: Library, names: Names) -> None:
    """Which principles of the first two frameworks are worded alike, and which stand alone."""
    one, other = slugs[:2]
    if len(slugs) > 2:
        st.html('<p class="kb-muted">Principles are aligned for the first two frameworks.</p>')
    found = library.align(one, other)
    if not found.first or not found.second:
        draw_note("No principles to align", "One of the two sources lists no principles.")
        return
    st.html(
        f"<h2>{escape(names[one])} and {escape(names[other])}</h2>"
        '<p class="kb-muted">Similar wording is not agreement: read both quotes.</p>'
    )
    with st.container(key="kb-heat"):
        st.altair_chart(similarity_chart(found, names[one], names[other]))
    st.html(_pairs_html(found, library.generation))
    _draw_own(found, one, other, library, names)
    sheet = partial(_principles_sheet, found, library, f"{names[one]} and {names[other]}")
    draw_downloads(sheet, f"principles {one} {other}", key="principles")


def draw_map(chosen: Sequence[str], library: Library) -> None:
    """All frameworks by similarity and by year."""
    points = library.framework_map()
    if len(points) < 3:
        draw_note("Too few frameworks for a map", "A map needs three frameworks or more.")
        return
    st.html('<h2>By wording</h2><p class="kb-muted">Near each other: similar wording.</p>')
    st.altair_chart(map_chart(points, chosen, is_dark=st.context.theme.type == "dark"))
    st.html("<h2>By year</h2>")
    st.altair_chart(timeline_chart(points, chosen))
    with st.expander("As a table, to read or to download"):
        rows = [
            {"Framework": p.title, "Family": p.family, "Year": p.year, "x": p.x, "y": p.y}
            for p in points
        ]
        st.dataframe(rows, hide_index=True, key="kb_map_table")


def _pairs_html(found: Alignment, generation: str) -> str:
    pairs = []
    for i, j, similarity in found.pairs:
        (name, first), (opposite, second) = found.first[i], found.second[j]
        pairs.append(
            f'<section class="kb-pair"><p class="kb-muted">Similarity of wording {similarity:.2f}'
            f"</p><div><h3>{escape(name)}</h3>{citation_html(first, generation)}</div>"
            f"<div><h3>{escape(opposite)}</h3>{citation_html(second, generation)}</div></section>"
        )
    empty = "<p>No two principles are worded alike.</p>"
    return f"<h2>Similar wording</h2>{''.join(pairs) or empty}"


def _draw_own(found: Alignment, one: str, other: str, library: Library, names: Names) -> None:
    columns = st.columns(2)
    for column, slug, principles, paired in (
        (columns[0], one, found.first, {pair[0] for pair in found.pairs}),
        (columns[1], other, found.second, {pair[1] for pair in found.pairs}),
    ):
        own = [p for n, p in enumerate(principles) if n not in paired]
        drawn = "".join(
            f"<h3>{escape(name)}</h3>{citation_html(citation, library.generation)}"
            for name, citation in own
        )
        column.html(f"<h2>Only in {escape(names[slug])}</h2>{drawn or '<p>Nothing.</p>'}")


def _table_sheet(comparison: Comparison, library: Library, names: Names) -> Sheet:
    return comparison_sheet(
        comparison,
        library.sources(),
        style=library.settings.reference_style,
        names=names,
    )


def _principles_sheet(found: Alignment, library: Library, title: str) -> Sheet:
    """Paired principles one after the other with their similarity, then each one's own."""
    sources = {source.document_id: source for source in library.sources()}
    entries = []

    def take(principle: tuple[str, Citation], note: str) -> None:
        name, citation = principle
        entry = entry_of(citation, sources.get(citation.document_id))
        entries.append(replace(entry, note=f"{name}. {note}"))

    for i, j, similarity in found.pairs:
        take(found.first[i], f"Similar wording ({similarity:.2f}): {found.second[j][0]}.")
        take(found.second[j], f"Similar wording ({similarity:.2f}): {found.first[i][0]}.")
    paired = ({pair[0] for pair in found.pairs}, {pair[1] for pair in found.pairs})
    for number, side in enumerate((found.first, found.second)):
        for n, principle in enumerate(side):
            if n not in paired[number]:
                take(principle, "No similar wording in the other framework.")
    style = library.settings.reference_style
    return entries_sheet(f"Principles of {title}", entries, style=style)
