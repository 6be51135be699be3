"""Runs of other systems, measured against judgements by ranking alone."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path

from kb.evaluation.measures import MEASURES, Ranking, mean, measure_run
from kb.evaluation.outcomes import Outcome, Result


def score_foreign_run(
    run: Mapping[str, Ranking], judgements: Mapping[str, Mapping[str, int]], name: str
) -> Result:
    """A run of some other system, measured by ranking alone.

    Args:
        run: Rankings by query.
        judgements: Grade by document, by query.
        name: To show for the data set.
    """
    started = time.perf_counter()
    values = measure_run(run, judgements)
    outcomes = [
        Outcome(
            question_id=query,
            question=query,
            kind="question",
            split="all",
            frameworks=(),
            answerable=True,
            relevant=dict(judgements[query]),
            ranking=tuple(run.get(query, ())),
            measures=values[query],
        )
        for query in judgements
    ]
    summary = {
        "dataset": name,
        "queries": len(outcomes),
        "measures": {m: round(mean(v[m] for v in values.values()) or 0.0, 6) for m in MEASURES},
        "seconds": round(time.perf_counter() - started, 3),
        "manifest": {
            "dataset": {"name": name, "digest": _digest(judgements), "questions": len(outcomes)},
            "run": "foreign",
            "queries_without_results": len(set(judgements) - set(run)),
        },
    }
    return Result(summary, tuple(outcomes))


def _digest(judgements: Mapping[str, Mapping[str, int]]) -> str:
    return hashlib.sha256(json.dumps(judgements, sort_keys=True).encode()).hexdigest()


def qrels_name(path: Path) -> str:
    """A name for judgements at a path: their folder's if the file is called qrels."""
    return path.parent.name if path.stem.startswith("qrels") and path.parent.name else path.stem
