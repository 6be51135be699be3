"""The map of the library: frameworks or passages by similarity, frameworks by year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from kb.export.figures import frameworks_csv, passages_csv
from kb.library import Library
from kb.maps import MapPoint, PassageMap, PassagePoint
from kb.ui import words
from kb.ui.charts import CLICKED, map_chart, passage_chart, timeline_chart
from kb.ui.downloads import draw_figure_downloads
from kb.ui.links import span_address
from kb.ui.markup import escape, link
from kb.ui.passages import spaced
from kb.ui.states import draw_note

_FEWEST = 3


@st.cache_data(show_spinner="Drawing the passages …", max_entries=16)
def placed(generation: str, chosen: Sequence[str], _library: Library) -> PassageMap:
    """The passages on their plane, kept so that a click does not place them anew."""
    return _library.passage_map(chosen)


def draw_map(chosen: Sequence[str], library: Library, shown: str) -> None:
    """Frameworks or passages by similarity, then the frameworks by year.

    Args:
        chosen: Slugs of the frameworks that stand out.
        library: The opened library.
        shown: One of `kb.ui.choosing.POINTS`.
    """
    points = library.framework_map()
    if len(points) < _FEWEST:
        draw_note("Too few frameworks for a map", "A map needs three frameworks or more.")
        return
    is_dark = st.context.theme.type == "dark"
    st.html("<h2>By meaning</h2>")
    if shown == "passages":
        _draw_passages(placed(library.generation, tuple(chosen), library), chosen, library)
    else:
        st.html(
            '<p class="kb-muted">Each dot is a framework. Near each other: close in meaning, '
            "which is not agreement.</p>"
        )
        with st.container(key="kb-map"):
            st.altair_chart(map_chart(points, chosen, is_dark=is_dark))
        draw_figure_downloads(partial(frameworks_csv, points), "map of frameworks", of="kb-map")
    st.html("<h2>By year</h2>")
    dated = sorted((p for p in points if p.year), key=lambda p: (p.year or 0, p.title))
    with st.container(key="kb-timeline"):
        st.altair_chart(timeline_chart(dated, chosen, is_dark=is_dark))
    draw_figure_downloads(partial(frameworks_csv, dated), "timeline", of="kb-timeline")
    _draw_table(points)


def _draw_passages(found: PassageMap, chosen: Sequence[str], library: Library) -> None:
    drawn = (
        words.count(found.total, "passage")
        if len(found.points) == found.total
        else f"{len(found.points):,} of {words.count(found.total, 'passage')}, evenly taken"
    )
    st.html(
        f'<p class="kb-muted">Each dot is a passage ({drawn}). Near each other: close in meaning. '
        f"Two directions keep {found.kept:.0%} of the differences between passages, so read "
        "neighbourhoods, not distances. Choose a dot to read it.</p>"
    )
    with st.container(key="kb-map"):
        clicked = st.altair_chart(
            passage_chart(found.points, chosen),
            on_select="rerun",
            selection_mode=CLICKED,
            key="kb_passage_map",
        )
    rows = clicked["selection"].get(CLICKED) or []
    known = {point.passage_id: point for point in found.points}
    point = known.get(str(rows[0].get("passage", ""))) if rows else None
    if point:
        st.html(_passage_html(point, library.generation))
    draw_figure_downloads(partial(passages_csv, found.points), "map of passages", of="kb-map")


def _passage_html(point: PassagePoint, generation: str) -> str:
    there = span_address(point.document_id, point.start, point.end, generation)
    return (
        f'<article class="kb-passage" aria-live="polite"><p class="kb-where">'
        f"{link(there, point.title, kind='kb-strong')}"
        f'<span class="kb-muted"> · {escape(words.place(point.locator, point.title))}</span></p>'
        f'<p class="kb-text">{spaced(escape(point.text))}</p></article>'
    )


def _draw_table(points: Sequence[MapPoint]) -> None:
    with st.expander("The frameworks as a table"):
        rows = [
            {"Framework": p.title, "Family": p.family, "Year": p.year, "x": p.x, "y": p.y}
            for p in points
        ]
        st.dataframe(
            rows,
            hide_index=True,
            key="kb_map_table",
            column_config={"Year": st.column_config.NumberColumn(format="%d")},
        )
