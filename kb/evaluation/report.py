"""A run as one self-contained HTML file; every text of the library is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined

from kb.evaluation.abstention import ECE_BINS, area_under_risk_coverage, reliability, risk_coverage
from kb.evaluation.measures import RECALL_RANKS
from kb.evaluation.outcomes import Outcome, Result, averages, slices
from kb.evaluation.plots import histogram, line_plot, reliability_plot
from kb.evaluation.significance import bootstrap_interval

WORST = 20
SLICE_COLUMNS = ("nDCG@10", "R@10", "first_sentence", "in_answer", "F1", "answered", "not_found")

MEANINGS = {
    "nDCG@10": "relevant documents high among the first ten, by grade",
    "R@5": "share of the relevant documents among the first five",
    "R@10": "share among the first ten",
    "R@100": "share among the first hundred: what ranking could still bring up",
    "RR@10": "one over the rank of the first relevant document, 0 beyond ten",
    "AP": "precision at each relevant document, averaged",
    "Success@1": "the first document is relevant",
    "Judged@10": "share of the first ten that somebody judged; low means the rest is guesswork",
    "first_sentence": "the first quoted sentence holds a gold span",
    "first_three": "one of the first three does",
    "in_answer": "one of all quoted sentences does",
    "comparison_coverage": "share of the compared documents whose gold is quoted",
    "F1": "words shared by first sentence and reference (SQuAD 2.0); silence counts 1 if due",
    "F1_marked": "the same for the marked words of the sentence",
    "list_complete": "share of the list's members that the answer names",
    "list_order": "share of their pairs in the right order",
    "citation_verbatim": "share of quotes that stand word for word at their place",
    "passage_holds_gold": "a cited passage holds a gold span",
    "AUROC": "chance that an answerable question gets more confidence than an unanswerable one",
    "AUROC_correct": "chance that a right answer gets more confidence than a wrong one",
    "AURC": "share of wrong answers, averaged over all coverages",
    "ECE": f"mean distance of confidence from accuracy, in {ECE_BINS} bins of equal width",
    "answered": "share of answerable questions that were answered",
    "not_found": "share of unanswerable questions that were refused",
    "refused@90": "the same if the threshold answered 90% of the answerable ones",
    "coverage@80": "share of questions that can be answered with 80% of the answers right",
    "coverage@90": "the same with 90% right",
}


def render_report(result: Result) -> str:
    """The report of a run, as the text of an HTML file."""
    outcomes = result.outcomes
    source = resources.files("kb.evaluation").joinpath("report.html.jinja").read_text("utf-8")
    columns = [name for name in SLICE_COLUMNS if name in result.summary["measures"]]
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
    return template.render(
        summary={"problems": 0, **result.summary},
        measures=_measures(result),
        plots=_plots(outcomes),
        columns=columns,
        slices={name: _slice(groups, columns) for name, groups in slices(outcomes).items()},
        groups=_groups(outcomes),
        manifest=list(
            _flat({"cost": result.summary.get("cost", {}), **result.summary["manifest"]})
        ),
    )


def _measures(result: Result) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for name, value in result.summary["measures"].items():
        values = [o.measures[name] for o in result.outcomes if name in o.measures]
        low, high = bootstrap_interval(values, resamples=2000) if values else (None, None)
        rows.append(
            {
                "name": name,
                "value": value,
                "low": low,
                "high": high,
                "count": len(values),
                "meaning": MEANINGS.get(name, ""),
            }
        )
    return rows


def recall_by_rank(outcomes: Sequence[Outcome]) -> list[tuple[int, float]]:
    """Mean share of the relevant documents among the first ranks, for `RECALL_RANKS`."""
    found: list[tuple[int, float]] = []
    judged = [
        ({d for d, grade in o.relevant.items() if grade > 0}, [d for d, _ in o.ranking])
        for o in outcomes
    ]
    judged = [(relevant, ranking) for relevant, ranking in judged if relevant]
    for rank in RECALL_RANKS if judged else ():
        shares = [
            len(relevant & set(ranking[:rank])) / len(relevant) for relevant, ranking in judged
        ]
        found.append((rank, sum(shares) / len(shares)))
    return found


def _plots(outcomes: Sequence[Outcome]) -> list[Mapping[str, Any]]:
    plots: list[Mapping[str, Any]] = []
    recall = recall_by_rank(outcomes)
    if recall:
        spaced = [(float(place), value) for place, (_, value) in enumerate(recall)]
        svg = line_plot(
            spaced,
            title="Recall by rank",
            x_label="rank",
            y_label="share of the relevant documents",
            x_range=(-0.4, len(spaced) - 0.6),
            steps=[str(rank) for rank, _ in recall],
        )
        plots.append({"svg": svg, "caption": "Recall by rank."})
    asked = [outcome.judged for outcome in outcomes if outcome.status]
    if asked:
        area = area_under_risk_coverage(asked) or 0.0
        svg = line_plot(
            risk_coverage(asked),
            title="Risk and coverage",
            x_label="share of questions answered, most confident first",
            y_label="share of answers wrong",
        )
        plots.append({"svg": svg, "caption": f"Risk and coverage: area {area:.3f}."})
        svg = reliability_plot(reliability(asked), title="Reliability")
        plots.append({"svg": svg, "caption": "Reliability: bars on the dashes are calibrated."})
    times = [outcome.elapsed_ms for outcome in outcomes if outcome.elapsed_ms > 0]
    if times:
        svg = histogram(times, title="Latency", x_label="milliseconds a question")
        plots.append({"svg": svg, "caption": "Latency: the last bar holds the slowest 1%."})
    return plots


def _slice(
    groups: Mapping[str, Sequence[Outcome]], columns: Sequence[str]
) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for name, members in groups.items():
        found = averages(members)
        values = [found.get(column) for column in columns]
        rows.append({"name": name, "count": len(members), "values": values})
    return rows


def _groups(outcomes: Sequence[Outcome]) -> list[tuple[str, str, list[Outcome]]]:
    failed = [o for o in outcomes if o.answerable and _success(o) < 1.0]
    failed.sort(key=lambda o: (_success(o), o.measures.get("nDCG@10", 0.0), -o.confidence))
    talked = [o for o in outcomes if not o.answerable and o.status not in ("", "not_found")]
    talked.sort(key=lambda o: -o.confidence)
    shown = f"The first {WORST} of {{}}, the most confident first among equals."
    return [
        ("Worst questions", shown.format(len(failed)), failed[:WORST]),
        ("Answered, though the library holds no answer", shown.format(len(talked)), talked[:WORST]),
    ]


def _success(outcome: Outcome) -> float:
    if outcome.status:
        return float(outcome.correct)
    return outcome.measures.get("nDCG@10", 0.0)


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
