"""The commands of `kb eval`; no logic of their own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kb.errors import BadDataset
from kb.evaluation.beir import read_qrels
from kb.evaluation.comparison import compare_runs
from kb.evaluation.datasets import load_dataset
from kb.evaluation.foreign import qrels_name, score_foreign_run
from kb.evaluation.gate import TOLERANCE, judge, make_baseline, read_baseline, write_baseline
from kb.evaluation.lines import write_json_lines
from kb.evaluation.measures import read_run, write_run
from kb.evaluation.outcomes import RUN_FILE, Result, read_result, write_result
from kb.evaluation.printing import print_comparison, print_summary, print_verdicts
from kb.settings import Settings, load_settings

app = typer.Typer(
    no_args_is_help=True,
    help="Measure retrieval and answers, compare two runs, stop a release that got worse.",
)

GATE_DEPTH = 20  # documents; no gated measure looks below the tenth

Format = Annotated[str, typer.Option("--format", help="json or text")]
Qrels = Annotated[
    Path | None, typer.Option("--qrels", help="Judgements to use, BEIR or TREC columns.")
]
DatasetPath = Annotated[
    Path | None,
    typer.Option("--dataset", help="A folder in BEIR layout, or a question set (file or folder)."),
]
Split = Annotated[
    str, typer.Option("--split", help="Of a question set: development, test, review or all.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the run, or file to write.")]


@app.command()
def run(
    context: typer.Context,
    dataset: DatasetPath = None,
    qrels: Qrels = None,
    run_file: Annotated[
        Path | None,
        typer.Option("--run", help="TREC run to write; without --dataset, to read and measure."),
    ] = None,
    out: Out = None,
    split: Split = "development",
    depth: Annotated[
        int, typer.Option(min=1, max=1000, help="Documents to rank; R@100 and AP need 100.")
    ] = 100,
    answers: Annotated[bool, typer.Option(help="Ask for answers too.")] = True,
    format: Format = "json",
) -> None:
    """Measure how good the library is on a data set, or how good a foreign run is."""
    _one_of(format, "json", "text")
    if dataset is not None:
        result = _measure(context, dataset, qrels, split, depth=depth, answers=answers)
        if run_file is not None:
            write_run(result.rankings(), run_file)
    elif qrels is not None and run_file is not None:
        result = score_foreign_run(read_run(run_file), read_qrels(qrels), qrels_name(qrels))
    else:
        raise typer.BadParameter("give --dataset PATH, or --qrels FILE with --run FILE")
    if out is not None:
        write_result(result, out)
        write_run(result.rankings(), out / RUN_FILE)
    print_summary(result, format)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="Folder of run A, or a TREC run with --qrels.")],
    after: Annotated[Path, typer.Argument(help="Folder of run B, or a TREC run with --qrels.")],
    qrels: Qrels = None,
    measure: Annotated[str, typer.Option(help="Chooses the changed questions.")] = "nDCG@10",
    limit: Annotated[int, typer.Option(min=0, help="Most changed questions to show.")] = 10,
    format: Format = "text",
) -> None:
    """Show what changed from run A to run B, and whether it is more than chance."""
    _one_of(format, "json", "text")
    found = compare_runs(_result(before, qrels), _result(after, qrels), by=measure, limit=limit)
    print_comparison(found, format)


@app.command()
def gate(
    context: typer.Context,
    baseline: Annotated[Path, typer.Option("--baseline", help="Baseline to hold against.")],
    dataset: DatasetPath = None,
    candidate: Annotated[
        Path | None, typer.Option("--result", help="Folder of a run that was made already.")
    ] = None,
    split: Split = "development",
    write: Annotated[
        bool, typer.Option("--write", help="Make this run the baseline instead of judging it.")
    ] = False,
    tolerance: Annotated[
        float, typer.Option(min=0, help="With --write: largest fall that passes.")
    ] = TOLERANCE,
    format: Format = "text",
) -> None:
    """Exit 1 if a measure fell by more than its tolerance and the paired test says so."""
    _one_of(format, "json", "text")
    held = None if write else read_baseline(baseline)
    if candidate is not None:
        result = read_result(candidate)
    elif dataset is not None:
        result = _measure(context, dataset, None, split, depth=GATE_DEPTH)
    else:
        raise typer.BadParameter("give --dataset PATH, or --result DIR")
    if held is None:
        write_baseline(make_baseline(result, tolerance=tolerance), baseline)
        typer.echo(f"Baseline of {len(result.outcomes)} questions written to {baseline}", err=True)
        return
    verdicts = judge(held, result)
    print_verdicts(verdicts, format)
    fallen = [verdict for verdict in verdicts if verdict.stopped]
    if fallen:
        names = ", ".join(f"{v.measure} {v.baseline:.3f} → {v.now:.3f}" for v in fallen)
        typer.echo(f"The gate stops this release: {names}", err=True)
        raise typer.Exit(1)


@app.command()
def report(
    result: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Out = None,
) -> None:
    """Write a run as one self-contained HTML file."""
    from kb.evaluation.report import render_report

    target = out or result / "report.html"
    target.write_text(render_report(read_result(result)), encoding="utf-8")
    typer.echo(f"{target}")


@app.command()
def harvest(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="Question set to write, as JSON lines.")],
) -> None:
    """Turn the marks that people made into a question set for review."""
    from kb.collection import Collections
    from kb.evaluation.harvest import harvest as harvest_marks

    questions = harvest_marks(Collections(_settings(context).collections).judgements())
    write_json_lines(out, questions)
    typer.echo(f"{len(questions)} questions written to {out}; review them before use", err=True)


@app.command()
def check(
    context: typer.Context,
    dataset: Annotated[Path, typer.Argument(help="Data set to check.")],
    format: Format = "text",
) -> None:
    """Check a data set: its format, and that every gold span stands in its source."""
    from kb.evaluation.bench import check_gold

    _one_of(format, "json", "text")
    loaded = load_dataset(dataset)
    problems = [] if loaded.documents else check_gold(loaded, _settings(context))
    kinds = dict(sorted(Counter(question.kind for question in loaded.questions).items()))
    splits = dict(sorted(Counter(question.split for question in loaded.questions).items()))
    counts = {"questions": len(loaded.questions), "kinds": kinds, "splits": splits}
    if format == "json":
        shown = {**counts, "problems": [str(problem) for problem in problems]}
        typer.echo(json.dumps(shown, ensure_ascii=False))
    else:
        for problem in problems:
            typer.echo(str(problem))
        typer.echo(f"{counts['questions']} questions; kinds {kinds}; splits {splits}")
    if problems:
        raise BadDataset(
            f"{len(problems)} gold spans do not stand in their source; "
            "correct the quotes or documents named above"
        )


def _measure(
    context: typer.Context,
    dataset: Path,
    qrels: Path | None,
    split: str,
    *,
    depth: int,
    answers: bool = True,
) -> Result:
    loaded = load_dataset(dataset, qrels=qrels, split=split)
    from kb.evaluation.bench import prepare
    from kb.evaluation.runs import run_dataset

    with _progress() as progress:
        bench = prepare(loaded, _settings(context), progress=progress)
        return run_dataset(bench, depth=depth, answers=answers, progress=progress)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr, told of stage, pieces done and their number."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    with bar:
        task = bar.add_task("Starting", total=None)
        yield lambda stage, done, total: bar.update(
            task, description=stage, completed=done, total=total or None
        )


def _settings(context: typer.Context) -> Settings:
    """The settings of `kb` before the command's name, or those of the environment."""
    return context.find_object(Settings) or load_settings()


def _result(path: Path, qrels: Path | None) -> Result:
    if path.is_dir():
        return read_result(path)
    if qrels is None:
        raise typer.BadParameter(f"{path} is not the folder of a run; with a TREC run give --qrels")
    return score_foreign_run(read_run(path), read_qrels(qrels), path.stem)


def _one_of(value: str, *allowed: str) -> None:
    if value not in allowed:
        raise typer.BadParameter(f'--format is "{value}"; expected {" or ".join(allowed)}')
