"""One question asked of several frameworks, and which principles of two are closest in meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.errors import SourceNotFound
from kb.frameworks import DIMENSIONS, Framework, Section
from kb.records import Answer, Cell, CellStatus, Citation, Vectors

Citing = Callable[[Framework, str], tuple[Citation, ...]]

FEWEST_FRAMEWORKS, MOST_FRAMEWORKS = 2, 5
# Principles below this similarity are not called similar; unmeasured. This and what follows are as
# far down among all cosines as they were before the encoder was trained (.4; .4, .45, .35).
SIMILAR_FROM = 0.45
# Cosines of a question of one's own with the quotes that answer it, chosen by reading 45 cells:
# below the first a cell is empty, from the second it is covered, from the third a quote stays,
# unless it is that much behind the nearest.
OWN_FROM, SURE_FROM, QUOTED_FROM, QUOTED_BEHIND = 0.43, 0.48, 0.38, 0.2
DIMENSION_QUESTIONS = {
    "purpose and goals": "Which purpose, mission, vision or goals are pursued, and why?",
    "power and authority": "Where do power and authority come from, and who holds, uses or shares "
    "them?",
    "trust and relationships": "How do people build trust and good relationships with each other?",
    "structure and networks": "How is work organised: structure, roles, hierarchy, teams and "
    "networks across boundaries?",
    "decisions": "How are decisions made, and who takes part in deciding?",
    "conflict and paradox": "How are conflict, disagreement, tension and paradox handled?",
    "change and learning": "How do people and organisations change, learn and adapt?",
    "people and development": "How are people developed, trained, coached and helped to grow?",
    "culture and values": "Which values, norms and culture matter, and how are they formed?",
    "accountability and results": "Who is accountable for results, and how are performance and "
    "outcomes measured?",
}


@dataclass(frozen=True, slots=True)
class Alignment:
    """Principles of two frameworks side by side; near in meaning, which is not agreement.

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

    def nearest(self, side: int, number: int) -> tuple[int, float] | None:
        """The counterpart that is closest in meaning to a principle, with its similarity.

        Args:
            side: 0 for a principle of the first framework, 1 for one of the second.
            number: Its position there.

        Returns:
            The position on the other side, whether it is paired with another or not; None if
            even the closest is below `SIMILAR_FROM`.
        """
        beside = self.similarity[:, number] if side else self.similarity[number]
        if not beside.size or beside.max() < SIMILAR_FROM:
            return None
        return int(beside.argmax()), float(beside.max())


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
    """What is asked of a framework for a row: the row itself, or the question of a dimension."""
    return DIMENSION_QUESTIONS.get(row, row)


def cells(
    frameworks: Sequence[Framework],
    rows: Sequence[str],
    position: Citing,
    touching: Citing,
    answered: Callable[[Framework, str], tuple[CellStatus, tuple[Citation, ...]]],
) -> tuple[Cell, ...]:
    """One cell for each row and framework, row by row.

    Args:
        frameworks: The columns.
        rows: Dimensions or questions.
        position: Citations from the section in which a framework takes a position on a
            dimension; empty if its source has none.
        touching: Citations of sentences elsewhere that speak of a dimension.
        answered: What a framework answers to a question, as `own_answer` gives it.
    """
    found = []
    for row in rows:
        for framework in frameworks:
            if row not in DIMENSIONS:
                found.append(Cell(framework.slug, row, *answered(framework, row)))
            elif stated := position(framework, row):
                found.append(Cell(framework.slug, row, "covered", stated))
            else:
                # A sentence from elsewhere touches a dimension; it takes no position.
                touched = touching(framework, row)
                found.append(Cell(framework.slug, row, "partly" if touched else "none", touched))
    return tuple(found)


def own_answer(
    answer: Answer, closeness: Sequence[float]
) -> tuple[CellStatus, tuple[Citation, ...]]:
    """The status of a cell and the quotes that are evidence for its question.

    Args:
        answer: Of one framework to the question.
        closeness: Cosine of the question with each citation of the answer.
    """
    best = max(closeness, default=-1.0)
    if answer.status == "not_found" or best < OWN_FROM:
        return "none", ()
    kept = [
        cited
        for cited, cosine in zip(answer.citations, closeness, strict=True)
        if cosine >= max(QUOTED_FROM, best - QUOTED_BEHIND)
    ]
    sure = answer.status == "answered" and best >= SURE_FROM
    return "covered" if sure else "partly", renumbered(kept)


def renumbered(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """The citations numbered from 1."""
    return tuple(replace(cited, number=n) for n, cited in enumerate(citations, start=1))


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
