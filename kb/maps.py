"""Frameworks and passages on a plane: near means close in meaning."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from kb.compare import plane
from kb.frameworks import Framework
from kb.index import Generation
from kb.records import Locator, Vectors

# A browser draws so many dots without delay; unmeasured.
MOST_PASSAGES = 2500


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A framework on the plane of similarity; near means close in meaning."""

    slug: str
    title: str
    family: str | None
    year: int | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PassagePoint:
    """A passage on the plane of similarity."""

    passage_id: str
    document_id: str
    title: str
    framework: str | None
    family: str | None
    year: int | None
    locator: Locator
    start: int
    end: int
    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PassageMap:
    """Passages on a plane.

    Attributes:
        total: Passages of the library, of which a large one shows a part.
        kept: Share of the differences between the passages that the plane keeps, in [0, 1].
    """

    points: tuple[PassagePoint, ...]
    total: int
    kept: float


def framework_map(generation: Generation, frameworks: Sequence[Framework]) -> tuple[MapPoint, ...]:
    """Every framework at the mean of its passages, in the order given."""
    tables = generation.tables
    dimension = generation.manifest.dimension
    means = np.array(
        [generation.vectors(tables.rows_of(f.document_id)).mean(axis=0) for f in frameworks],
        np.float32,
    ).reshape(len(frameworks), dimension)
    return tuple(
        MapPoint(f.slug, f.title, f.family, f.year, float(x), float(y))
        for f, (x, y) in zip(frameworks, plane(means), strict=True)
    )


def passage_map(
    generation: Generation, chosen: Collection[str] = (), *, most: int = MOST_PASSAGES
) -> PassageMap:
    """Passages by their meaning: all of the chosen frameworks, and others evenly up to a limit.

    Args:
        generation: The opened generation.
        chosen: Slugs of frameworks.
        most: Upper bound on the passages, unless the chosen ones are more.
    """
    tables = generation.tables
    own = np.array([s.metadata.framework in chosen for s in tables.sources], bool)
    is_own = own[generation.document_numbers]
    others = np.flatnonzero(~is_own)
    room = max(0, most - int(is_own.sum()))
    if len(others) > room:
        others = others[np.linspace(0, len(others) - 1, room).astype(int)] if room else others[:0]
    rows = [int(row) for row in np.union1d(np.flatnonzero(is_own), others)]
    vectors = generation.vectors(rows)
    flat = plane(vectors)
    points = []
    for found, (x, y) in zip(tables.passages(rows), flat, strict=True):
        passage = found.passage
        source = tables.sources[tables.number_of[passage.document_id]]
        points.append(
            PassagePoint(
                passage_id=passage.passage_id,
                document_id=passage.document_id,
                title=source.title,
                framework=source.metadata.framework,
                family=source.metadata.family,
                year=source.metadata.year,
                locator=passage.locator,
                start=passage.start,
                end=passage.end,
                text=passage.text,
                x=float(x),
                y=float(y),
            )
        )
    return PassageMap(tuple(points), generation.count, share_kept(vectors, flat))


def share_kept(vectors: Vectors, flat: Vectors) -> float:
    """Share of the squared differences between the vectors that their plane keeps, in [0, 1]."""
    whole = float(((vectors - vectors.mean(axis=0)) ** 2).sum()) if len(vectors) else 0.0
    kept = float(((flat - flat.mean(axis=0)) ** 2).sum()) if len(vectors) else 0.0
    return min(1.0, kept / whole) if whole > 0 else 1.0
