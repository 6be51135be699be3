"""Compare: frameworks as columns, dimensions as rows, a quote in each cell."""

import streamlit as st

from kb.compare import MOST_FRAMEWORKS
from kb.errors import KbError
from kb.frameworks import DIMENSIONS
from kb.records import Cell
from kb.ui import location, session, states
from kb.ui.aligning import chosen_pair, draw_principles
from kb.ui.choosing import VIEWS, draw_points_choice, draw_rows_choice, take_comparison
from kb.ui.comparing import compared, draw_invitation, draw_table, show_cell
from kb.ui.links import address
from kb.ui.mapping import draw_map
from kb.ui.markup import copy_link_button, label
from kb.ui.matrix import shown_rows

library = session.library()
names = {framework.slug: framework.title for framework in library.frameworks()}
if len(names) < 2:
    states.draw_note("Nothing to compare yet", "A comparison needs two frameworks or more.")
    st.stop()

brought = location.arrived("compare")
problems = take_comparison(brought, names) if brought is not None else []

st.html("<h1>Compare frameworks</h1>")
slugs = st.multiselect(
    "Two to five frameworks",
    list(names),
    format_func=lambda slug: names[slug],
    key="kb_compared",
    max_selections=MOST_FRAMEWORKS,
    placeholder="Choose frameworks",
)
view = st.segmented_control(
    "View", list(VIEWS), format_func=lambda name: VIEWS[name], key="kb_view", required=True
)
pair: tuple[str, str] | None = None
points = "frameworks"
rows = draw_rows_choice(view or "table")
if view == "map":
    points = draw_points_choice()
if view == "principles" and len(slugs) > 1:
    pair = chosen_pair(slugs, names)
for problem in problems:
    st.warning(label(problem), icon=":material/search_off:")

shown = {
    "framework": slugs,
    "dimension": rows.dimensions,
    "on": rows.own,
    "view": "" if view == "table" else view,
    "differences": "yes" if rows.only_differences else "",
    "points": "" if points == "frameworks" else points,
    "pair": pair if len(slugs) > 2 else None,
    "evidence": "yes" if rows.only_evidence else "",
}
location.write("compare", shown)
st.html(copy_link_button(address("compare", {**shown, "generation": library.generation})))


def cell_address(cell: Cell) -> str:
    """The address of this page with one cell opened."""
    return address("compare", {**shown, "row": cell.dimension, "of": cell.framework})


try:
    if view == "map":
        draw_map(slugs, library, points)
    elif len(slugs) < 2:
        draw_invitation(names)
    elif pair:
        draw_principles(pair, library, names)
    else:
        asked = (*rows.own, *(rows.dimensions or DIMENSIONS))
        table = compared(library.generation, tuple(slugs), asked, library)
        table = shown_rows(
            table, only_differences=rows.only_differences, only_evidence=rows.only_evidence
        )
        draw_table(table, library, names, cell_address)
        opened = (location.first(brought or {}, "row"), location.first(brought or {}, "of"))
        for cell in table.cells:
            if (cell.dimension, cell.framework) == opened:
                show_cell(cell, library, names)
except KbError as error:
    states.draw_error("This comparison cannot be made", str(error))
