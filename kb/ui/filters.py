"""The filters of a question: drawn, read from the address, written to it."""

from __future__ import annotations

import streamlit as st

from kb.library import Library
from kb.records import Filters
from kb.ui import location, words

_KEYS = ("kb_frameworks", "kb_families", "kb_formats", "kb_from", "kb_to")


def take_filters(library: Library, brought: location.Parameters) -> list[str]:
    """Sets the filters as the address states; a sentence on each name it does not know."""
    sources = library.sources()
    problems: list[str] = []
    for key, name, options, noun in (
        ("kb_frameworks", "framework", {f.slug for f in library.frameworks()}, "framework"),
        ("kb_families", "family", {s.metadata.family or "" for s in sources}, "family"),
        ("kb_formats", "kind", {s.format for s in sources}, "kind of source"),
    ):
        chosen, unknown = location.known(brought, name, options, noun)
        st.session_state[key] = chosen
        problems += unknown
    st.session_state["kb_from"] = location.number(brought, "from")
    st.session_state["kb_to"] = location.number(brought, "to")
    return problems


def draw_filters(library: Library) -> Filters:
    """The filters that are chosen."""
    names = {framework.slug: framework.title for framework in library.frameworks()}
    sources = library.sources()
    families = sorted({source.metadata.family for source in sources} - {None, ""}, key=str)
    formats = sorted({source.format for source in sources})
    chosen = sum(bool(st.session_state.get(key)) for key in _KEYS)
    caption = f"Filters ({chosen})" if chosen else "Filters"
    with st.popover(caption, icon=":material/tune:"):
        frameworks = st.multiselect(
            "Frameworks", list(names), format_func=lambda slug: names[slug], key="kb_frameworks"
        )
        family = st.multiselect("Families", families, key="kb_families")
        kinds = st.multiselect(
            "Kinds of source",
            formats,
            format_func=lambda kind: words.FORMATS.get(kind, kind),
            key="kb_formats",
        )
        first, last = st.columns(2)
        year_from = first.number_input(
            "From year", min_value=0, max_value=2999, value=None, step=1, key="kb_from"
        )
        year_to = last.number_input(
            "To year", min_value=0, max_value=2999, value=None, step=1, key="kb_to"
        )
        if year_from is not None and year_to is not None and year_from > year_to:
            st.warning(f"No year is from {year_from} to {year_to}. Put the earlier one first.")
    return Filters(
        frameworks=tuple(frameworks),
        families=tuple(str(each) for each in family),
        formats=tuple(kinds),
        year_from=year_from,
        year_to=year_to,
    )


def parameters(filters: Filters) -> dict[str, str | int | tuple[str, ...] | None]:
    """The filters as parameters of an address."""
    return {
        "framework": filters.frameworks,
        "family": filters.families,
        "kind": filters.formats,
        "from": filters.year_from,
        "to": filters.year_to,
    }
