"""Evaluation runs and judgements as the Quality page shows them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from kb.building import Progress
from kb.collection import Judgement
from kb.errors import BadDataset
from kb.evaluation.bench import prepare
from kb.evaluation.comparison import RunComparison, compare_runs
from kb.evaluation.datasets import load_dataset
from kb.evaluation.harvest import harvest
from kb.evaluation.measures import write_run
from kb.evaluation.outcomes import (
    RUN_FILE,
    SUMMARY_FILE,
    Result,
    read_result,
    run_names,
    write_result,
)
from kb.evaluation.report import MEANINGS
from kb.evaluation.runs import run_dataset
from kb.library import Library
from kb.settings import Settings
from kb.ui import words
from kb.ui.markup import escape
from kb.ui.work import Work
from kb.ui.workshop import workshop

QUESTIONS = Path("eval")
RUNS = QUESTIONS / "runs"  # where the README of the evaluation writes them
SPLIT = "development"  # whoever looks at test questions fits to them


def names_of_runs() -> list[str]:
    """Folders of runs, the latest first."""
    return run_names(RUNS)


def question_sets() -> dict[str, Path]:
    """The project's question sets by name: the folder of them, and single files."""
    found = {file.stem: file for file in sorted(QUESTIONS.glob("*.jsonl"))}
    folder = QUESTIONS / "questions"
    return found | ({"questions": folder} if any(folder.glob("*.jsonl")) else {})


def start_run(name: str, settings: Settings, library: Library) -> Work[str]:
    """Begins to put a set's questions to the library, or joins the run that goes on."""
    path = question_sets()[name]

    def action(progress: Progress) -> str:
        dataset = load_dataset(path, split=SPLIT)
        bench = prepare(dataset, settings, library=library, progress=progress)
        result = run_dataset(bench, progress=progress)
        made = f"{dataset.name}-{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
        write_result(result, RUNS / made)
        write_run(result.rankings(), RUNS / made / RUN_FILE)
        return made

    return workshop().start_run(action)


def opened_run(name: str) -> Result:
    """A run by the name of its folder.

    Raises:
        BadDataset: There is none, or it is damaged.
    """
    if name not in names_of_runs():
        raise BadDataset(
            f"There is no run {name!r}. Make one with: kb eval run --out eval/runs/NAME"
        )
    return _read(name, (RUNS / name / SUMMARY_FILE).stat().st_mtime)


def measures_html(result: Result) -> str:
    """Each measure with its value and meaning; on a phone the meaning stands below the two."""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="kb-number">{value:.4f}</td>'
        f"<td>{escape(MEANINGS.get(name, ''))}</td></tr>"
        for name, value in result.summary["measures"].items()
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Measure", "Value", "Meaning"))
    return f'<table class="kb-measures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def draw_differences(name: str, before: str) -> None:
    """What changed from one run to another, by measure and by question.

    Raises:
        BadDataset: One of them is not there, or is damaged.
    """
    found = compare_runs(opened_run(before), opened_run(name))
    st.html(
        f"<h2>{escape(name)} against {escape(before)}</h2>"
        f'<p class="kb-muted">{words.count(found.questions, "question")} in both runs'
        f"{'' if found.same_corpus else '; the texts differ between the two'}.</p>"
    )
    st.dataframe(_difference_rows(found), hide_index=True, key="kb_differences_of")
    st.html("<h3>Questions that changed most</h3>")
    if found.changed:
        st.dataframe(_changed_rows(found), hide_index=True, key="kb_changed")
    else:
        st.html("<p>No question changed.</p>")


def _difference_rows(found: RunComparison) -> list[dict[str, str | float]]:
    """Each measure of two runs, with the interval of the change and how often each one won."""
    return [
        {
            "Measure": each.measure,
            "Before": round(each.before, 4),
            "After": round(each.after, 4),
            "Change": round(each.change, 4),
            "95% interval": f"{each.low:+.4f} to {each.high:+.4f}",
            "Better, same, worse": f"{each.wins}, {each.ties}, {each.losses}",
            "p, corrected": round(each.adjusted, 4),
        }
        for each in found.differences
    ]


def _changed_rows(found: RunComparison) -> list[dict[str, str | float]]:
    """The questions that changed most."""
    return [
        {"Question": each.question, "Before": each.before, "After": each.after}
        for each in found.changed
    ]


def judgement_rows(judgements: Sequence[Judgement]) -> list[dict[str, str]]:
    """People's judgements, the latest first."""
    return [
        {
            "When": each.created[:16].replace("T", " "),
            "Question": each.question,
            "Verdict": each.verdict,
            "Of": each.about,
            "Words": each.quote,
            "File": each.path,
        }
        for each in reversed(judgements)
    ]


def question_set(judgements: Sequence[Judgement]) -> str:
    """The judgements as a question set for review, one JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in harvest(judgements))


@st.cache_data(show_spinner="Reading the run …", max_entries=8)
def _read(name: str, modified: float) -> Result:
    return read_result(RUNS / name)
