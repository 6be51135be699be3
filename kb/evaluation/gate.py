"""The gate: a release stops if a measure fell by more than its tolerance and not by chance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kb.errors import BadDataset
from kb.evaluation.lines import read_text
from kb.evaluation.measures import mean
from kb.evaluation.outcomes import Result, measure_names
from kb.evaluation.significance import holm, randomisation_p

LEVEL = 0.05
# Only answers have it: a question that is refused now is a matter of right_silence.
OF_ANSWERS = ("citation_verbatim",)
# Falls of the mean that nobody would notice; unmeasured.
TOLERANCE = 0.01
GATED = (
    "nDCG@10",
    "R@10",
    "RR@10",
    "first_sentence",
    "in_answer",
    "list_complete",
    "citation_verbatim",
    "right_silence",
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a release is held against.

    Attributes:
        digest: Of the data set that was asked.
        tolerances: Largest fall of the mean that passes, by measure.
        values: Value by measure, by question.
        manifest: Of the run that made it.
    """

    dataset: str
    digest: str
    tolerances: Mapping[str, float]
    values: Mapping[str, Mapping[str, float]]
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One measure at the gate.

    Attributes:
        p_value: One-sided (did it fall?), of the paired randomisation test, corrected by
            Holm over the gated measures.
        stopped: It fell by more than the tolerance, and the test says so at 5%.
    """

    measure: str
    questions: int
    baseline: float
    now: float
    tolerance: float
    p_value: float
    stopped: bool


def gated_values(result: Result, names: Sequence[str] = GATED) -> dict[str, dict[str, float]]:
    """Values of the gated measures by question.

    To the measures of the run comes `right_silence`: 1 where an answerable question was
    answered or an unanswerable one refused.
    """
    present = set(measure_names(result.outcomes)) | {"right_silence"}
    found: dict[str, dict[str, float]] = {}
    for outcome in result.outcomes:
        values = dict(outcome.measures)
        if outcome.status:
            refused = outcome.status == "not_found"
            values["right_silence"] = float(refused is not outcome.answerable)
        kept = {n: round(values[n], 6) for n in names if n in values and n in present}
        found[outcome.question_id] = kept
    return found


def make_baseline(result: Result, *, tolerance: float = TOLERANCE) -> Baseline:
    """A baseline of a run, with one tolerance for every gated measure that it has."""
    values = gated_values(result)
    names = [name for name in GATED if any(name in entry for entry in values.values())]
    manifest = dict(result.summary["manifest"])
    return Baseline(
        dataset=result.name,
        digest=str(manifest["dataset"]["digest"]),
        tolerances=dict.fromkeys(names, tolerance),
        values=values,
        manifest=manifest,
    )


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Writes a baseline with one question a line, so that a change of it can be read."""
    head = {name: value for name, value in asdict(baseline).items() if name != "values"}
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    rows = ",\n".join(
        f"  {json.dumps(question, ensure_ascii=False)}: {json.dumps(values)}"
        for question, values in baseline.values.items()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{opening},\n "values": {{\n{rows}\n }}\n}}\n', encoding="utf-8")


def read_baseline(path: Path) -> Baseline:
    """The baseline at a path.

    Raises:
        BadDataset: The file is missing or not a baseline.
    """
    try:
        return Baseline(**json.loads(read_text(path)))
    except (json.JSONDecodeError, TypeError) as error:
        raise BadDataset(
            f"{path} is no baseline ({error}); write one with: "
            "kb eval gate --baseline FILE --dataset PATH --write"
        ) from None


def judge(baseline: Baseline, result: Result) -> tuple[Verdict, ...]:
    """A verdict for each measure of the baseline.

    Raises:
        BadDataset: The run asked another data set, or other questions, than the baseline.
    """
    values = gated_values(result, tuple(baseline.tolerances))
    manifest = result.summary["manifest"].get("dataset")
    digest = manifest.get("digest") if isinstance(manifest, dict) else None
    if digest != baseline.digest or set(values) != set(baseline.values):
        missing, added = set(baseline.values) - set(values), set(values) - set(baseline.values)
        raise BadDataset(
            f'the baseline belongs to another state of "{baseline.dataset}": '
            f"{len(missing)} of its questions are missing and {len(added)} are new, or texts "
            "changed. Look at the change, then renew it with: kb eval gate --write"
        )
    pairs = {name: _pairs(baseline, values, name) for name in baseline.tolerances}
    corrected = holm(
        {name: randomisation_p([b - a for a, b in p], one_sided=True) for name, p in pairs.items()}
    )
    return tuple(
        _verdict(name, pairs[name], baseline.tolerances[name], corrected[name]) for name in pairs
    )


def _pairs(
    baseline: Baseline, values: Mapping[str, Mapping[str, float]], name: str
) -> list[tuple[float, float]]:
    """A measure that the run lost for a question counts as 0: silence is no way through."""
    return [
        (old[name], values[question].get(name, 0.0))
        for question, old in baseline.values.items()
        if name in old and (name in values[question] or name not in OF_ANSWERS)
    ]


def _verdict(
    name: str, pairs: Sequence[tuple[float, float]], tolerance: float, p_value: float
) -> Verdict:
    before = mean(a for a, _ in pairs) or 0.0
    now = mean(b for _, b in pairs) or 0.0
    return Verdict(
        measure=name,
        questions=len(pairs),
        baseline=round(before, 6),
        now=round(now, 6),
        tolerance=tolerance,
        p_value=p_value,
        stopped=before - now > tolerance and p_value < LEVEL,
    )
