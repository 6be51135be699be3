"""What the address of the Compare page chooses."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kb.compare import MOST_FRAMEWORKS
from kb.frameworks import DIMENSIONS
from kb.ui import location

VIEWS = {"table": "Table", "principles": "Principles", "map": "Map"}


def take_comparison(brought: location.Parameters, names: Mapping[str, str]) -> list[str]:
    """Sets the choices as the address states; a sentence on each name it does not know.

    Args:
        brought: Parameters of the address.
        names: Titles of the library's frameworks by slug.
    """
    frameworks, problems = location.known(brought, "framework", names, "framework")
    dimensions, unknown = location.known(brought, "dimension", DIMENSIONS, "dimension")
    view = location.first(brought, "view")
    st.session_state["kb_compared"] = frameworks[:MOST_FRAMEWORKS]
    st.session_state["kb_dimensions"] = dimensions
    st.session_state["kb_own_rows"] = list(brought.get("on", ()))
    st.session_state["kb_view"] = view if view in VIEWS else "table"
    st.session_state["kb_differences"] = location.first(brought, "differences") == "yes"
    st.session_state["kb_evidence"] = location.first(brought, "evidence") == "yes"
    return [*problems, *unknown]
