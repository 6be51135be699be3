"""One question asked of several frameworks, and which principles of two are worded alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kb.errors import SourceNotFound
from kb.frameworks import DIMENSIONS, Framework, Section
from kb.records import Answer, Cell, CellStatus, Citation, Filters, Vectors

FEWEST_FRAMEWORKS, MOST_FRAMEWORKS = 2, 5
# Principles below this similarity are not called similar; unmeasured.
SIMILAR_FROM = 0.4
CELL_STATUS: dict[str, CellStatus] = {
    "answered": "covered",
    "partial": "partly",
    "not_found": "none",
}


@dataclass(frozen=True, slots=True)
class Alignment:
    """Principles of two frameworks side by side; similar wording, not agreement.

    Attributes:
        first: Name and quote of each principle of the first framework.
        second: The same of the second.
        similarity: Cosines in [-1, 1], shape (first, second).
        pairs: `(position in first, position in second, similarity)`, most similar first;
            each principle stands in one pair at most.
    """

    first: tuple[tuple[str, Citation], ...]
    second: tuple[tuple[str, Citation], ...]
    similarity: Vectors
    pairs: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A framework on the plane of similarity; near means similar wording."""

    slug: str
    title: str
    family: str | None
    year: int | None
    x: float
    y: float


def named_frameworks(slugs: Sequence[str], known: Sequence[Framework]) -> list[Framework]:
    """The frameworks of the slugs, in their order, each once.

    Raises:
        SourceNotFound: A slug is unknown, or there are too few or too many.
    """
    by_slug = {framework.slug: framework for framework in known}
    unknown = [slug for slug in slugs if slug not in by_slug]
    if unknown:
        raise SourceNotFound(
            f"No framework {unknown[0]!r} in this library. See the names with: kb frameworks"
        )
    found = [by_slug[slug] for slug in dict.fromkeys(slugs)]
    if not FEWEST_FRAMEWORKS <= len(found) <= MOST_FRAMEWORKS:
        raise SourceNotFound(
            f"A comparison takes {FEWEST_FRAMEWORKS} to {MOST_FRAMEWORKS} different frameworks; "
            f"{len(found)} named. See the names with: kb frameworks"
        )
    return found


def row_question(row: str) -> str:
    """What is asked of a framework for a row: the row itself, or a dimension put as a question."""
    return f"What does it say on {row}?" if row in DIMENSIONS else row


def cells(
    frameworks: Sequence[Framework],
    rows: Sequence[str],
    position: Callable[[Framework, str], tuple[Citation, ...]],
    ask: Callable[[str, Filters], Answer],
) -> tuple[Cell, ...]:
    """One cell for each row and framework, row by row.

    Args:
        frameworks: The columns.
        rows: Dimensions or questions.
        position: Citations from the section in which a framework takes a position on a
            dimension; empty if its source has none.
        ask: Asks a question of the sources that pass the filters.
    """
    found = []
    for row in rows:
        for framework in frameworks:
            stated = position(framework, row)
            if stated:
                found.append(Cell(framework.slug, row, "covered", stated))
                continue
            answer = ask(row_question(row), Filters(frameworks=(framework.slug,)))
            # An answer from elsewhere in the source touches a dimension; it takes no position.
            status = CELL_STATUS[answer.status]
            if row in DIMENSIONS and status == "covered":
                status = "partly"
            found.append(Cell(framework.slug, row, status, answer.citations))
    return tuple(found)


def align(similarity: Vectors) -> tuple[tuple[int, int, float], ...]:
    """The pairs of an assignment with the greatest total similarity, most similar first.

    Pairs below `SIMILAR_FROM` are left out.
    """
    from scipy.optimize import linear_sum_assignment

    if not similarity.size:
        return ()
    rows, columns = linear_sum_assignment(-similarity)
    pairs = [
        (int(row), int(column), float(similarity[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if similarity[row, column] >= SIMILAR_FROM
    ]
    return tuple(sorted(pairs, key=lambda pair: -pair[2]))


def plane(vectors: Vectors) -> Vectors:
    """The vectors on the plane that keeps most of their differences, shape (rows, 2).

    The sign of each axis is fixed, so that the same vectors give the same plane.
    """
    flat = np.zeros((len(vectors), 2), np.float32)
    if len(vectors) < 3:
        flat[:, 0] = np.arange(len(vectors))
        return flat
    centred = vectors - vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    flat[:, : len(axes)] = centred @ (axes * signs[:, None]).T
    return flat


def principle_text(section: Section, text: str) -> str:
    """What is compared of a principle: its name and what is said of it."""
    return f"{section.heading}. {' '.join(text[section.start : section.end].split())}"
