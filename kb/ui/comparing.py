"""The table of the Compare page, and the passages behind one of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from kb.compare import row_question
from kb.corpus import cited_works
from kb.enumerations import is_pointer
from kb.export import Sheet, comparison_sheet
from kb.library import Library
from kb.records import Cell, Comparison, Filters
from kb.ui.actions import draw_passage_actions
from kb.ui.downloads import draw_downloads
from kb.ui.links import address
from kb.ui.markup import escape, link
from kb.ui.matrix import CellAddress, matrix_html, status_html
from kb.ui.passages import hit_html, neighbours_html
from kb.ui.states import draw_note

_TO_BEGIN_WITH = ("servant-leadership", "transformational-leadership", "adaptive-leadership")
_NEAREST = 6  # passages that are looked at where a cell has none,
_SHOWN_NEAREST = 2  # of which those that only point to other frameworks are not shown
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


@st.dialog("In the source", width="medium")
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
            first = citation.number == cell.citations[0].number
            draw_passage_actions(citation, library, prefix="cell-", offers_others=first)
    if not cell.citations:
        only = Filters(frameworks=(cell.framework,))
        st.html(f"<p>No passage on {escape(title)} answers it. These come nearest:</p>")
        found = library.search(row_question(cell.dimension), filters=only, limit=_NEAREST)
        own = [hit for hit in found.passages if not is_pointer(hit)] or found.passages
        for hit in own[:_SHOWN_NEAREST]:
            st.html(hit_html(hit, library.generation))


def _table_sheet(comparison: Comparison, library: Library, names: Names) -> Sheet:
    quoted = {each.document_id for cell in comparison.cells for each in cell.citations}
    return comparison_sheet(
        comparison,
        library.sources(),
        style=library.settings.reference_style,
        texts={each: library.document(each).text for each in quoted},
        cited=cited_works(library.settings.corpus),
        names=names,
    )
