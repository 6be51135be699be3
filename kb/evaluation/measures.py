"""Ranking measures, computed by ir-measures; a query without results counts as 0."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import ir_measures

from kb.errors import BadDataset
from kb.evaluation.lines import read_text

MEASURES = ("nDCG@10", "R@5", "R@10", "R@100", "RR@10", "AP", "Success@1", "Judged@10")
RECALL_RANKS = (1, 2, 3, 5, 10, 20, 50, 100)

# Documents of one query with their scores, best first.
Ranking = Sequence[tuple[str, float]]
Run = Mapping[str, Ranking]


def order(scores: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Documents best first; equal scores by identifier, last first, as trec_eval orders them."""
    return sorted(sorted(scores, reverse=True), key=lambda pair: pair[1], reverse=True)


def measure_run(
    run: Run,
    judgements: Mapping[str, Mapping[str, int]],
    *,
    names: Sequence[str] = MEASURES,
) -> dict[str, dict[str, float]]:
    """Every measure of every judged query, by query, then by name.

    Args:
        run: Rankings; their order counts, not their scores, so that ties mean the same to
            every measure. Queries that no judgement names are left out.
        judgements: Grade by document, by query.
        names: Measures as ir-measures writes them.

    Returns:
        One entry for each judged query, 0 for those that the run lacks.
    """
    qrels = {query: dict(grades) for query, grades in judgements.items()}
    scored = {
        query: {document: 1.0 / rank for rank, (document, _) in enumerate(ranking, start=1)}
        for query, ranking in run.items()
        if query in qrels and ranking
    }
    values: dict[str, dict[str, float]] = {query: dict.fromkeys(names, 0.0) for query in qrels}
    measures = [ir_measures.parse_measure(name) for name in names]
    # Judged@10 divides by the ranks that a run filled; without a single run it has no meaning.
    if scored:
        for metric in ir_measures.iter_calc(measures, qrels, scored):
            values[metric.query_id][str(metric.measure)] = float(metric.value)
    return values


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that are there; None if none is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def write_run(run: Run, path: Path, *, tag: str = "kb") -> None:
    """Writes a TREC run: query, Q0, document, rank from 1, score, tag.

    Blanks inside identifiers are written as `%20`, since the format separates by blanks. A
    score that does not lie below the one before is lowered to a millionth below it: scorers
    sort by score, and a tie would let them change the order.
    """
    lines = []
    for query, ranking in run.items():
        above = math.inf
        for rank, (document, score) in enumerate(ranking, start=1):
            above = min(round(score, 6), round(above - 1e-6, 6))
            lines.append(f"{_escape(query)} Q0 {_escape(document)} {rank} {above:.6f} {tag}\n")
    path.write_text("".join(lines), encoding="utf-8")


def _escape(identifier: str) -> str:
    return "%20".join(identifier.split())


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """Rankings of a TREC run by query, best score first; the rank column is not trusted.

    Raises:
        BadDataset: A line has no six columns or no numeric score, a document is ranked twice
            for one query, or the file is empty.
    """
    scores: dict[str, dict[str, float]] = {}
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        cells = [cell.replace("%20", " ") for cell in line.split()]
        if not cells:
            continue
        place = f"{path.name}:{number}"
        try:
            query, _, document, _, score, _ = cells
            value = float(score)
        except ValueError:
            raise BadDataset(
                f'{place} is "{line.strip()[:80]}"; expected query, Q0, document, rank, score, tag'
            ) from None
        if document in scores.setdefault(query, {}):
            raise BadDataset(f'{place} ranks "{document}" twice for query "{query}"')
        scores[query][document] = value
    if not scores:
        raise BadDataset(f"{path} holds no ranking; expected a TREC run")
    return {query: order(found.items()) for query, found in scores.items()}
