"""The numbers behind a figure as CSV, in the order in which the figure shows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from kb.compare import Alignment
from kb.export.table import BOM, safe
from kb.export.words import on_one_line
from kb.maps import MapPoint, PassagePoint


def alignment_csv(found: Alignment, one: str, other: str) -> str:
    """One line for each pair of principles, with both quotes; `paired` tells the assignment.

    Args:
        found: Principles of two frameworks.
        one: Title of the first framework.
        other: Title of the second.
    """
    paired = {(i, j) for i, j, _ in found.pairs}
    return _written(
        (one, other, "similarity of meaning", "paired", "first quote", "second quote"),
        (
            (
                name, opposite, f"{found.similarity[i][j]:.4f}", "yes" if (i, j) in paired else "",
                on_one_line(first.quote), on_one_line(second.quote),
            )
            for i, (name, first) in enumerate(found.first)
            for j, (opposite, second) in enumerate(found.second)
        ),
    )  # fmt: skip


def frameworks_csv(points: Iterable[MapPoint]) -> str:
    """One line for each framework of a map."""
    return _written(
        ("framework", "title", "family", "year", "x", "y"),
        (
            (p.slug, p.title, p.family or "", p.year or "", f"{p.x:.5f}", f"{p.y:.5f}")
            for p in points
        ),
    )


def passages_csv(points: Iterable[PassagePoint]) -> str:
    """One line for each passage of a map, with its words and its place."""
    return _written(
        (
            "framework", "title", "family", "year", "x", "y", "page", "headings", "paragraph",
            "start", "end", "text",
        ),
        (
            (
                p.framework or "", p.title, p.family or "", p.year or "", f"{p.x:.5f}",
                f"{p.y:.5f}", p.locator.page or "", " › ".join(p.locator.headings),
                p.locator.paragraph, p.start, p.end, on_one_line(p.text),
            )
            for p in points
        ),
    )  # fmt: skip


def _written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(name) for name in columns])
    for row in rows:
        # Numbers of ours may begin with a minus; texts of a document may not.
        writer.writerow([each if _is_number(each) else safe(str(each)) for each in row])
    return BOM + out.getvalue()


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True
