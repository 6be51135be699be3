"""The commands of kb eval, driven as a person would, over runs of other systems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.errors import BadDataset
from kb.evaluation.commands import app
from kb.evaluation.measures import MEASURES

RUN = "q1 Q0 a 1 0.9 x\nq1 Q0 b 2 0.8 x\nq2 Q0 b 1 0.7 x\n"
BETTER = "q1 Q0 b 1 0.9 x\nq1 Q0 a 2 0.8 x\nq2 Q0 c 1 0.7 x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Judgements and two runs of foreign systems."""
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tb\t1\nq2\tc\t1\n")
    (tmp_path / "a.trec").write_text(RUN)
    (tmp_path / "b.trec").write_text(BETTER)
    return tmp_path


def test_a_foreign_run_is_measured_by_contract(folder: Path) -> None:
    """One JSON object on stdout: dataset, queries, measures, seconds, manifest."""
    arguments = ["run", "--qrels", str(folder / "qrels.tsv"), "--run", str(folder / "a.trec")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0
    summary = json.loads(done.stdout)
    assert set(summary) == {"dataset", "queries", "measures", "seconds", "manifest"}
    assert list(summary["measures"]) == list(MEASURES)
    assert (summary["queries"], summary["measures"]["RR@10"]) == (2, 0.25)


def test_two_foreign_runs_are_compared_side_by_side(folder: Path) -> None:
    """The relevant document carries a star in both rankings."""
    files = [str(folder / "a.trec"), str(folder / "b.trec")]
    done = CliRunner().invoke(app, ["compare", *files, "--qrels", str(folder / "qrels.tsv")])
    assert done.exit_code == 0
    assert "2 questions in both runs" in done.stdout
    assert "1.   a  | * b" in done.stdout
    as_json = ["compare", *files, "--qrels", str(folder / "qrels.tsv"), "--format", "json"]
    found = json.loads(CliRunner().invoke(app, as_json).stdout)
    success = next(d for d in found["differences"] if d["measure"] == "Success@1")
    assert (success["wins"], success["change"], success["p_value"]) == (2, 1.0, 0.5)


def test_a_stored_run_becomes_a_report_file(folder: Path) -> None:
    """Run with --out, then report: one HTML file beside the run."""
    run = ["run", "--qrels", str(folder / "qrels.tsv"), "--run", str(folder / "a.trec")]
    stored = folder / "stored"
    assert CliRunner().invoke(app, [*run, "--out", str(stored), "--format", "text"]).exit_code == 0
    done = CliRunner().invoke(app, ["report", str(stored)])
    assert done.stdout.strip() == str(stored / "report.html")
    assert "Recall by rank" in (stored / "report.html").read_text()
    assert (stored / "run.trec").read_text().startswith("q1 Q0 a 1 0.900000 kb\n")


def test_the_gate_exits_with_one_for_a_worse_run_and_zero_for_an_equal_one(
    tmp_path: Path,
) -> None:
    """Twenty questions whose relevant document falls from the first rank to the third."""
    queries = [f"q{number}" for number in range(20)]
    (tmp_path / "qrels.tsv").write_text("".join(f"{q} 0 right 1\n" for q in queries))
    good = "".join(f"{q} Q0 right 1 9 x\n" for q in queries)
    bad = "".join(f"{q} Q0 a 1 9 x\n{q} Q0 b 2 8 x\n{q} Q0 right 3 7 x\n" for q in queries)
    for name, text in (("good", good), ("bad", bad)):
        (tmp_path / f"{name}.trec").write_text(text)
        files = ["--qrels", str(tmp_path / "qrels.tsv"), "--run", str(tmp_path / f"{name}.trec")]
        assert (
            CliRunner().invoke(app, ["run", *files, "--out", str(tmp_path / name)]).exit_code == 0
        )
    base = ["gate", "--baseline", str(tmp_path / "base.json"), "--result"]
    assert CliRunner().invoke(app, [*base, str(tmp_path / "good"), "--write"]).exit_code == 0
    equal = CliRunner().invoke(app, [*base, str(tmp_path / "good"), "--format", "json"])
    assert (equal.exit_code, json.loads(equal.stdout)["passed"]) == (0, True)
    worse = CliRunner().invoke(app, [*base, str(tmp_path / "bad")])
    assert worse.exit_code == 1
    assert worse.stderr.startswith("The gate stops this release: nDCG@10 1.000 → 0.500")


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "--dataset", "x", "--format", "yaml"],
        ["compare", "one", "two"],
        ["gate", "--baseline", "b.json", "--write"],
    ],
)
def test_wrong_usage_exits_with_two(arguments: list[str]) -> None:
    """As every kb command does."""
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_bad_input_reaches_the_kb_command_as_its_error(tmp_path: Path) -> None:
    """`kb` prints such an error in one line and exits with 1."""
    done = CliRunner().invoke(app, ["run", "--dataset", str(tmp_path / "nowhere")])
    assert isinstance(done.exception, BadDataset)
