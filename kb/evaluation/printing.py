"""What the commands of `kb eval` print: one JSON object, or tables for a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table

from kb.evaluation.comparison import ChangedQuestion, RunComparison
from kb.evaluation.gate import Verdict
from kb.evaluation.outcomes import Result


def print_summary(result: Result, format: str) -> None:
    """Prints the summary of a run: one JSON object, or a table."""
    if format == "json":
        typer.echo(json.dumps(result.summary, ensure_ascii=False))
        return
    table = _table("measure", "value")
    for name, value in result.summary["measures"].items():
        table.add_row(name, f"{value:.4f}")
    for name, value in result.summary.get("cost", {}).items():
        table.add_row(name, "" if value is None else f"{value:,}")
    typer.echo(f"{result.name}: {result.summary['queries']} questions")
    Console().print(table)


def print_comparison(found: RunComparison, format: str) -> None:
    """Prints what changed between two runs: one JSON object, or tables."""
    if format == "json":
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
        return
    typer.echo(f"{found.questions} questions in both runs", nl=False)
    typer.echo(f" ({found.only_before} only in A, {found.only_after} only in B)")
    if not found.same_corpus:
        typer.echo("The two runs state different documents: part of the change may come from them")
    table = _table("measure", "n", "A", "B", "change", "95% interval", "W/T/L", "p", "p (Holm)")
    for one in found.differences:
        table.add_row(
            one.measure,
            str(one.questions),
            f"{one.before:.3f}",
            f"{one.after:.3f}",
            f"{one.change:+.3f}",
            f"{one.low:+.3f} to {one.high:+.3f}",
            f"{one.wins}/{one.ties}/{one.losses}",
            f"{one.p_value:.4f}",
            f"{one.adjusted:.4f}",
        )
    Console(width=120).print(table)
    for question in found.changed:
        _print_question(question, found.by)


def print_verdicts(verdicts: Sequence[Verdict], format: str) -> None:
    """Prints what the gate says of each measure: one JSON object, or a table."""
    if format == "json":
        passed = not any(verdict.stopped for verdict in verdicts)
        rows = [asdict(verdict) for verdict in verdicts]
        typer.echo(json.dumps({"passed": passed, "verdicts": rows}))
        return
    table = _table("measure", "questions", "baseline", "now", "tolerance", "p", "")
    for one in verdicts:
        numbers = (f"{value:.3f}" for value in (one.baseline, one.now, one.tolerance))
        word = "STOP" if one.stopped else "pass"
        table.add_row(one.measure, str(one.questions), *numbers, f"{one.p_value:.4f}", word)
    Console(width=120).print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="left" if column in (columns[0], "") else "right")
    return table


def _print_question(question: ChangedQuestion, by: str) -> None:
    typer.echo(f"\n{question.question} ({question.question_id})")
    typer.echo(f"  {by} {question.before:.3f} → {question.after:.3f}")
    pad = max((len(document) for document in question.ranking_before), default=1)
    for row in range(max(len(question.ranking_before), len(question.ranking_after))):
        left = _marked(question.ranking_before, row, question.relevant)
        right = _marked(question.ranking_after, row, question.relevant)
        typer.echo(f"  {row + 1}. {left.ljust(pad + 2)}  | {right}")


def _marked(ranking: tuple[str, ...], row: int, relevant: tuple[str, ...]) -> str:
    """The document at a row, relevant ones with a star; empty beyond the ranking."""
    if row >= len(ranking):
        return ""
    return f"{'* ' if ranking[row] in relevant else '  '}{ranking[row]}"
