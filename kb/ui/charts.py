"""Charts of the comparison: one hue for similarity, numbers in the cells, upright labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from kb.compare import Alignment, MapPoint

_LABEL_PIXELS = 190
_LIGHT_TEXT_FROM = 0.55  # on cells that are this dark, numbers are white


def similarity_chart(alignment: Alignment, one: str, other: str) -> Any:
    """Similarity of every principle of one framework with every one of the other."""
    rows = [
        {one: name, other: opposite, "similarity": float(alignment.similarity[i][j])}
        for i, (name, _) in enumerate(alignment.first)
        for j, (opposite, _) in enumerate(alignment.second)
    ]
    table = pd.DataFrame(rows).rename(columns={one: "first", other: "second"})
    upright = alt.Axis(labelAngle=0, labelLimit=_LABEL_PIXELS, labelFontSize=12, labelExpr=_WRAPPED)
    side = alt.Axis(labelLimit=_LABEL_PIXELS, labelFontSize=12)
    base = alt.Chart(table).encode(
        x=alt.X("second:N", title=None, sort=None, axis=upright),
        y=alt.Y("first:N", title=None, sort=None, axis=side),
        tooltip=[
            alt.Tooltip("first:N", title="One"),
            alt.Tooltip("second:N", title="Other"),
            alt.Tooltip("similarity:Q", format=".2f", title="Similarity of wording"),
        ],
    )
    fill = alt.Color("similarity:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    dark = alt.datum["similarity"] >= _LIGHT_TEXT_FROM
    numbers = base.mark_text(fontSize=12).encode(
        text=alt.Text("similarity:Q", format=".2f"),
        color=alt.condition(dark, alt.value("white"), alt.value("#1b1b1b")),
    )
    height = 90 + 34 * len(alignment.first)
    return (base.mark_rect().encode(color=fill) + numbers).properties(height=height)


def map_chart(points: Sequence[MapPoint], chosen: Sequence[str], *, is_dark: bool) -> Any:
    """Frameworks on a plane: near means similar wording; the chosen ones are named."""
    table = _points(points, chosen)
    plane = alt.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
    base = alt.Chart(table).encode(
        x=alt.X("x:Q", axis=plane), y=alt.Y("y:Q", axis=plane), tooltip=_TOOLTIP
    )
    dots = base.mark_point(filled=True, opacity=0.9).encode(
        color=_family(), shape=_shape(), size=_size()
    )
    named = base.transform_filter(alt.datum["chosen"]).mark_text(
        dy=-14, fontSize=13, fontWeight="bold", color="white" if is_dark else "#1b1b1b"
    )
    return (dots + named.encode(text="title:N")).properties(height=520)


def timeline_chart(points: Sequence[MapPoint], chosen: Sequence[str]) -> Any:
    """Frameworks by year, one line for each family."""
    table = _points([point for point in points if point.year], chosen)
    return (
        alt.Chart(table)
        .mark_point(filled=True, opacity=0.9)
        .encode(
            x=alt.X("year:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format="d")),
            y=alt.Y("family:N", title=None, axis=alt.Axis(labelLimit=_LABEL_PIXELS)),
            color=alt.Color("family:N", legend=None, scale=_FAMILY_COLOURS),
            shape=_shape(),
            size=_size(),
            tooltip=_TOOLTIP,
        )
        .properties(height=420)
    )


_WRAPPED = "split(datum.label, ' ')"
_FAMILY_COLOURS = alt.Scale(scheme="tableau20")  # there are more families than theme colours
_TOOLTIP = [
    alt.Tooltip("title:N", title="Framework"),
    alt.Tooltip("family:N", title="Family"),
    alt.Tooltip("year:Q", title="Year", format="d"),
]


def _points(points: Sequence[MapPoint], chosen: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": [point.title for point in points],
            "family": [point.family or "other" for point in points],
            "year": [point.year for point in points],
            "x": [point.x for point in points],
            "y": [point.y for point in points],
            "chosen": [point.slug in chosen for point in points],
        }
    )


def _family() -> Any:
    legend = alt.Legend(orient="bottom", columns=3, title=None)
    return alt.Color("family:N", legend=legend, scale=_FAMILY_COLOURS)


def _shape() -> Any:
    return alt.Shape("chosen:N", legend=None, scale=alt.Scale(range=["circle", "diamond"]))


def _size() -> Any:
    return alt.condition(alt.datum["chosen"], alt.value(260), alt.value(90))
