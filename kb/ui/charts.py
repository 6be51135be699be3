"""Charts of the comparison: one hue for similarity, numbers in the cells, upright labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from kb.compare import Alignment
from kb.export.words import shortened
from kb.maps import MapPoint, PassagePoint
from kb.ui import words

CLICKED = "clicked"  # name of the selection in the map of passages
_LABEL_PIXELS = 190
# On cells that are this dark, numbers are white: there both have a contrast of over 4 to the cell.
_LIGHT_TEXT_FROM = 0.7
_NEAR = 0.25  # of the plane, within which two names would meet; unmeasured
_SHOWN_CHARS = 160  # of a passage beside the pointer


def similarity_chart(alignment: Alignment, one: str, other: str) -> Any:
    """Similarity of every principle of one framework with every one of the other."""
    rows = [
        {
            "first": name,
            "second": opposite,
            "similarity": float(alignment.similarity[i][j]),
            "paired": any((i, j) == pair[:2] for pair in alignment.pairs),
        }
        for i, (name, _) in enumerate(alignment.first)
        for j, (opposite, _) in enumerate(alignment.second)
    ]
    upright = alt.Axis(
        labelFlush=False,
        labelAngle=0,
        labelLimit=_LABEL_PIXELS,
        labelFontSize=12,
        labelExpr=_WRAPPED,
    )
    side = alt.Axis(labelLimit=_LABEL_PIXELS, labelFontSize=12)
    base = alt.Chart(
        pd.DataFrame(rows), description=f"Similarity of meaning: {one} and {other}"
    ).encode(
        x=alt.X("second:N", title=None, sort=None, axis=upright),
        y=alt.Y("first:N", title=None, sort=None, axis=side),
        tooltip=[
            alt.Tooltip("first:N", title=one),
            alt.Tooltip("second:N", title=other),
            alt.Tooltip("similarity:Q", format=".2f", title="Similarity of meaning"),
        ],
    )
    fill = alt.Color("similarity:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    dark = alt.datum["similarity"] >= _LIGHT_TEXT_FROM
    numbers = base.mark_text(fontSize=12).encode(
        text=alt.Text("similarity:Q", format=".2f"),
        color=alt.condition(dark, alt.value("white"), alt.value("#1b1b1b")),
    )
    # The pairs of the assignment are framed, so that colour alone tells nothing.
    framed = base.transform_filter(alt.datum["paired"]).mark_rect(
        fillOpacity=0, stroke="#1b1b1b", strokeWidth=2, aria=False
    )
    height = 90 + 34 * len(alignment.first)
    return (base.mark_rect().encode(color=fill) + framed + numbers).properties(height=height)


def map_chart(points: Sequence[MapPoint], chosen: Sequence[str], *, is_dark: bool) -> Any:
    """Frameworks on a plane: near means close in meaning; the chosen ones are named."""
    base = alt.Chart(
        _frameworks(points, chosen), description="Frameworks by similarity of meaning"
    ).encode(x=alt.X("x:Q", axis=_PLANE), y=alt.Y("y:Q", axis=_PLANE), tooltip=_FRAMEWORK_TOOLTIP)
    dots = base.mark_point(filled=True, opacity=0.9, aria=False).encode(
        color=_family(), shape=_SHAPE, size=_size(260, 90)
    )
    named = _names(base, "named", is_dark)
    return (dots + named[0] + named[1]).properties(height=560)


def passage_chart(points: Sequence[PassagePoint], chosen: Sequence[str]) -> Any:
    """Passages on a plane; those of the chosen frameworks stand out, a click chooses one."""
    table = pd.DataFrame(
        {
            "passage": [p.passage_id for p in points],
            "title": [p.title for p in points],
            "family": [p.family or "other" for p in points],
            "place": [words.place(p.locator, p.title) for p in points],
            "words": [shortened(p.text, _SHOWN_CHARS) for p in points],
            "x": [p.x for p in points],
            "y": [p.y for p in points],
            "chosen": [p.framework in chosen for p in points],
        }
    ).sort_values("chosen", kind="stable")
    clicked = alt.selection_point(name=CLICKED, fields=["passage"], on="click")
    faint = 0.75 if not chosen else 0.5
    return (
        alt.Chart(table, description="Passages by similarity of meaning")
        .mark_point(filled=True, aria=False)
        .encode(
            x=alt.X("x:Q", axis=_PLANE),
            y=alt.Y("y:Q", axis=_PLANE),
            color=_family(),
            shape=_SHAPE,
            size=_size(110, 30),
            opacity=alt.condition(alt.datum["chosen"], alt.value(1), alt.value(faint)),
            tooltip=[
                alt.Tooltip("title:N", title="Source"),
                alt.Tooltip("place:N", title="Place"),
                alt.Tooltip("words:N", title="Words"),
            ],
        )
        .add_params(clicked)
        .properties(height=620)
    )


def timeline_chart(points: Sequence[MapPoint], chosen: Sequence[str], *, is_dark: bool) -> Any:
    """Frameworks by year, one line for each family; the chosen ones are named."""
    years = alt.Scale(zero=False, nice=False, padding=24)
    base = alt.Chart(
        _frameworks(points, chosen), description="Frameworks by year, one line a family"
    ).encode(
        x=alt.X("year:Q", title=None, scale=years, axis=alt.Axis(format="d", tickMinStep=10)),
        y=alt.Y("family:N", title=None, axis=alt.Axis(labelLimit=_LABEL_PIXELS, labelFontSize=12)),
        tooltip=_FRAMEWORK_TOOLTIP,
    )
    dots = base.mark_point(filled=True, opacity=0.9, aria=False).encode(
        color=alt.Color("family:N", legend=None, scale=_FAMILY_COLOURS),
        shape=_SHAPE,
        size=_size(260, 90),
    )
    named = _names(base, "dated", is_dark)
    rows = len({point.family for point in points})
    return (dots + named[0] + named[1]).properties(height=60 + 34 * rows)


_WRAPPED = "split(datum.label, ' ')"
_FAMILY_COLOURS = alt.Scale(scheme="tableau20")  # there are more families than theme colours
_PLANE = alt.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
_SHAPE = alt.Shape("chosen:N", legend=None, scale=alt.Scale(range=["circle", "diamond"]))
_FRAMEWORK_TOOLTIP = [
    alt.Tooltip("title:N", title="Framework"),
    alt.Tooltip("family:N", title="Family"),
    alt.Tooltip("year:Q", title="Year", format="d"),
]


def _frameworks(points: Sequence[MapPoint], chosen: Sequence[str]) -> pd.DataFrame:
    sides = _sides([point for point in points if point.slug in chosen])
    # In the timeline names of one family take turns above and below their line.
    rows: dict[str, str] = {}
    for family in {point.family for point in points}:
        own = [p.slug for p in points if p.family == family and p.slug in chosen]
        rows |= {slug: ("above", "below")[n % 2] for n, slug in enumerate(own)}
    return pd.DataFrame(
        {
            "title": [point.title for point in points],
            "family": [point.family or "other" for point in points],
            "year": [point.year for point in points],
            "x": [point.x for point in points],
            "y": [point.y for point in points],
            "chosen": [point.slug in chosen for point in points],
            "named": [sides.get(point.slug, "") for point in points],
            "dated": [rows.get(point.slug, "") for point in points],
        }
    )


def _names(base: Any, field: str, is_dark: bool) -> list[Any]:
    """Titles above or below their dots, as the field says."""
    ink = "white" if is_dark else "#1b1b1b"
    return [
        base.transform_filter(alt.datum[field] == where)
        .mark_text(dy=offset, fontSize=12, fontWeight="bold", color=ink, aria=False)
        .encode(text="title:N")
        for where, offset in (("above", -15), ("below", 18))
    ]


def _sides(named: Sequence[MapPoint]) -> dict[str, str]:
    """Where the name of each point stands; of two names that would meet, the lower goes below."""
    found: dict[str, str] = {}
    for point in sorted(named, key=lambda p: -p.y):
        meets = any(
            abs(point.x - q.x) < _NEAR and q.y - point.y < _NEAR / 2 and found[q.slug] == "above"
            for q in named
            if q.slug in found
        )
        found[point.slug] = "below" if meets else "above"
    return found


def _family() -> Any:
    legend = alt.Legend(orient="bottom", columns=2, title=None, labelLimit=_LABEL_PIXELS)
    return alt.Color("family:N", legend=legend, scale=_FAMILY_COLOURS)


def _size(chosen: int, other: int) -> Any:
    return alt.condition(alt.datum["chosen"], alt.value(chosen), alt.value(other))
