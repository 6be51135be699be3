"""The report is one file, escaped and complete; marks become questions for review."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from test_evaluation_gate import ranked_run
from typer.testing import CliRunner

from kb.collection import Collections, Judgement
from kb.evaluation.commands import app
from kb.evaluation.harvest import harvest
from kb.evaluation.lines import write_json_lines
from kb.evaluation.outcomes import Result
from kb.evaluation.plots import histogram, line_plot
from kb.evaluation.questions import read_questions
from kb.evaluation.report import recall_by_rank, render_report

HOSTILE = '<script>alert(1)</script><img src="http://example.org/x">'


def test_the_report_holds_every_measure_plot_and_slice() -> None:
    """Tables, four plots, slices by kind, the worst questions, the manifest."""
    page = render_report(ranked_run([1, 3, 2, 1]))
    for piece in ("nDCG@10", "in_answer", "AURC", "By kind", "Worst questions", "corpus_digest"):
        assert piece in page
    for title in ("Recall by rank", "Risk and coverage", "Reliability", "Latency"):
        assert f'aria-label="{title}"' in page
    assert page.count("<svg") == 4


def test_a_hostile_text_stays_text() -> None:
    """Question, statement, passage and path are escaped; nothing is fetched from outside."""
    result = ranked_run([3, 1])
    bad = replace(
        result.outcomes[0],
        question=HOSTILE,
        question_id=HOSTILE,
        kind=HOSTILE,
        statements=(HOSTILE,),
        retrieved=({"path": HOSTILE, "start": 0, "end": 1, "text": HOSTILE, "score": 1.0},),
        gold=({"document": HOSTILE, "quote": HOSTILE},),
        problem=HOSTILE,
    )
    page = render_report(Result({**result.summary, "dataset": HOSTILE}, (bad, result.outcomes[1])))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 7
    assert not re.search(r"""(src|href)\s*=|url\(|@import""", page.replace("src=&#34;", ""))


def test_a_run_without_answers_is_reported_by_ranking_alone() -> None:
    """A foreign run has no confidence: no plot and no measure of it."""
    outcomes = tuple(
        replace(o, status="", elapsed_ms=0.0, retrieved=()) for o in ranked_run([1, 2]).outcomes
    )
    page = render_report(Result(ranked_run([1, 2]).summary, outcomes))
    assert page.count("<svg") == 1
    assert "Nothing was retrieved." in page


def test_recall_by_rank_is_worked_by_hand() -> None:
    """Relevant documents at ranks 1 and 3: half at rank 1 and 2, all from 3."""
    assert recall_by_rank(ranked_run([1, 3]).outcomes)[:3] == [(1, 0.5), (2, 0.5), (3, 1.0)]


def test_plots_place_points_where_their_values_say() -> None:
    """The corners of the plane are the corners of the axes."""
    svg = line_plot([(0, 0), (1, 1)], title="t", x_label="x", y_label="y")
    assert 'points="52.0,236.0 404.0,24.0"' in svg
    assert histogram([1.0, 1.0, 5.0], title="t", x_label="ms").count('class="bar"') == 24


def mark(
    question: str, quote: str, *, answers: bool = True, kind: str = "", path: str = "trust.md"
) -> Judgement:
    """What a person said of a passage."""
    return Judgement(question, "passage", answers, path, 0, len(quote), quote, kind=kind)


def test_marks_become_questions_that_our_format_reads(tmp_path: Path) -> None:
    """Marks of one question meet, whatever its case; what was harvested loads for review."""
    marks = [
        mark("What is trust?", "Trust is earned.", kind="definition"),
        mark("what is  TRUST?", "Trust breaks.", answers=False),
        mark("Who sells trust?", "Trust is earned.", answers=False, kind="who"),
    ]
    found = harvest(marks)
    assert found[0]["gold"] == [{"document": "trust.md", "quote": "Trust is earned."}]
    assert found[0]["rejected"] == [{"document": "trust.md", "quote": "Trust breaks."}]
    assert (found[1]["kind"], found[1]["gold"]) == ("near-unanswerable", [])
    assert "confirm" in found[1]["note"]
    write_json_lines(tmp_path / "review.jsonl", found)
    questions = read_questions(tmp_path / "review.jsonl")
    assert [(q.kind, q.split) for q in questions] == [
        ("definition", "review"),
        ("near-unanswerable", "review"),
    ]


def test_a_mark_that_others_contradict_is_not_gold() -> None:
    """One for and one against: rejected until somebody decides."""
    pair = [mark("Why?", "Because."), mark("Why?", "Because.", answers=False)]
    assert harvest(pair)[0]["gold"] == []
    assert harvest([*pair, mark("Why?", "Because.")])[0]["kind"] == "question"
    assert harvest([]) == []


def test_kinds_and_lengths_are_made_ready_for_review() -> None:
    """A who-question is a fact; a whole passage as gold wants cutting; silence has no words."""
    found = harvest(
        [mark("Who?", "x" * 301, kind="who"), mark("Where?", "", kind="where", path="")]
    )
    assert (found[0]["kind"], found[0]["note"][:14]) == ("fact", "cut each quote")
    assert (found[1]["kind"], found[1]["gold"]) == ("near-unanswerable", [])
    assert "rejected" not in found[1]


def test_the_harvest_command_writes_what_the_collections_hold(tmp_path: Path) -> None:
    """From the store of judgements to a file that our format reads."""
    store = tmp_path / "marks.sqlite"
    Collections(store).add_judgement(mark("What is trust?", "Trust is earned."))
    out = tmp_path / "review.jsonl"
    variables = {"KB_COLLECTIONS": str(store)}
    done = CliRunner().invoke(app, ["harvest", "--out", str(out)], env=variables)
    assert done.exit_code == 0
    assert [question.text for question in read_questions(out)] == ["What is trust?"]
