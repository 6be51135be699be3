"""Compare: frameworks as columns, dimensions as rows, a quote in each cell."""

import streamlit as st

from kb.compare import MOST_FRAMEWORKS
from kb.errors import KbError
from kb.frameworks import DIMENSIONS
from kb.records import Cell
from kb.ui import location, session, states
from kb.ui.choosing import VIEWS, take_comparison
from kb.ui.comparing import (
    compared,
    draw_invitation,
    draw_map,
    draw_principles,
    draw_table,
    show_cell,
)
from kb.ui.links import address
from kb.ui.markup import copy_link_button, label
from kb.ui.matrix import shown_rows

st.set_page_config(layout="wide")
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
own: list[str] = []
dimensions: list[str] = []
if view == "table":
    with st.container(horizontal=True, vertical_alignment="bottom", key="kb-compare-row"):
        own = st.multiselect(
            "Questions of your own, as rows",
            st.session_state.get("kb_own_rows", []),
            key="kb_own_rows",
            accept_new_options=True,
            placeholder="How is conflict handled?",
        )
        with st.popover("Rows", icon=":material/table_rows:"):
            dimensions = st.multiselect(
                "Dimensions; none chosen shows all ten", DIMENSIONS, key="kb_dimensions"
            )
            only_differences = st.toggle("Only differences", key="kb_differences")
            only_evidence = st.toggle("Only rows with evidence", key="kb_evidence")
for problem in problems:
    st.warning(label(problem), icon=":material/search_off:")

shown = {
    "framework": slugs,
    "dimension": dimensions,
    "on": own,
    "view": "" if view == "table" else view,
    "differences": "yes" if st.session_state.get("kb_differences") else "",
    "evidence": "yes" if st.session_state.get("kb_evidence") else "",
}
location.write("compare", shown)
st.html(copy_link_button(address("compare", {**shown, "generation": library.generation})))


def cell_address(cell: Cell) -> str:
    """The address of this page with one cell opened."""
    return address("compare", {**shown, "row": cell.dimension, "of": cell.framework})


try:
    if view == "map":
        draw_map(slugs, library)
    elif len(slugs) < 2:
        draw_invitation(names)
    elif view == "principles":
        draw_principles(slugs, library, names)
    else:
        asked = (*(dimensions or DIMENSIONS), *own)
        table = compared(library.generation, tuple(slugs), asked, library)
        table = shown_rows(table, only_differences=only_differences, only_evidence=only_evidence)
        draw_table(table, library, names, cell_address)
        opened = (location.first(brought or {}, "row"), location.first(brought or {}, "of"))
        for cell in table.cells:
            if (cell.dimension, cell.framework) == opened:
                show_cell(cell, library, names)
except KbError as error:
    states.draw_error("This comparison cannot be made", str(error))
