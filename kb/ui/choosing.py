"""What the address of the Compare page chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

import streamlit as st

from kb.compare import MOST_FRAMEWORKS
from kb.frameworks import DIMENSIONS
from kb.ui import location

VIEWS = {"table": "Table", "principles": "Principles", "map": "Map"}
POINTS = {"frameworks": "Frameworks", "passages": "Passages"}


_ROWS = "kb_rows"
_ROW_KEYS = ("kb_own_rows", "kb_dimensions", "kb_differences", "kb_evidence")  # as in `Rows`


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows the table has; no dimensions chosen means all."""

    own: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    only_differences: bool = False
    only_evidence: bool = False


def take_comparison(brought: location.Parameters, names: Mapping[str, str]) -> list[str]:
    """Sets the choices as the address states; a sentence on each name that is not taken.

    Args:
        brought: Parameters of the address.
        names: Titles of the library's frameworks by slug.
    """
    frameworks, problems = location.known(brought, "framework", names, "framework")
    dimensions, unknown = location.known(brought, "dimension", DIMENSIONS, "dimension")
    view = location.first(brought, "view")
    st.session_state["kb_compared"] = frameworks[:MOST_FRAMEWORKS]
    if beyond := frameworks[MOST_FRAMEWORKS:]:
        left_out = ", ".join(names[slug] for slug in beyond)
        problems.append(f"{MOST_FRAMEWORKS} frameworks are compared at most; left out: {left_out}.")
    st.session_state["kb_view"] = view if view in VIEWS else "table"
    points = location.first(brought, "points")
    st.session_state["kb_points"] = points if points in POINTS else "frameworks"
    st.session_state["kb_pair"] = tuple(brought.get("pair", ()))
    st.session_state[_ROWS] = Rows(
        tuple(brought.get("on", ())),
        tuple(dimensions),
        location.first(brought, "differences") == "yes",
        location.first(brought, "evidence") == "yes",
    )
    for key in _ROW_KEYS:
        st.session_state.pop(key, None)
    return [*problems, *unknown]


def draw_points_choice() -> str:
    """What the dots of the map are, one of `POINTS`."""
    st.session_state.setdefault("kb_points", "frameworks")
    chosen = st.segmented_control(
        "Dots", list(POINTS), format_func=lambda name: POINTS[name], key="kb_points", required=True
    )
    return chosen or "frameworks"


def draw_rows_choice(view: str) -> Rows:
    """Questions of one's own, and in a menu the dimensions and the switches.

    Other views than the table draw nothing and keep what was chosen.
    """
    kept: Rows = st.session_state.get(_ROWS, Rows())
    if view != "table":
        return kept
    for key, value in zip(_ROW_KEYS, astuple(kept), strict=True):
        st.session_state.setdefault(key, list(value) if isinstance(value, tuple) else value)
    with st.container(horizontal=True, vertical_alignment="bottom", key="kb-compare-row"):
        own = st.multiselect(
            "Questions of your own, as rows",
            st.session_state["kb_own_rows"],
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
    rows = Rows(tuple(own), tuple(dimensions), only_differences, only_evidence)
    st.session_state[_ROWS] = rows
    return rows
