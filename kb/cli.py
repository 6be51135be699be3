"""The `kb` command: parses, calls one core function, prints. No logic of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kb.commands.terminal import interrupt_on_signals, opened_library, progress_bar
from kb.errors import CorpusCheckFailed, KbError
from kb.records import Filters
from kb.settings import load_settings

if TYPE_CHECKING:  # exporting is imported when something is exported
    from kb.export import Sheet

Format = Literal["text", "markdown", "json"]
TableFormat = Literal["text", "markdown", "csv", "json"]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
FrameworkOption = Annotated[
    list[str] | None,
    typer.Option("--framework", help="Only sources about this framework; may be repeated."),
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=1000, help="Most passages.")]
_ROOMS = {
    "eval": "kb.evaluation.commands",
    "export": "kb.commands.export",
    "collect": "kb.commands.collect",
}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Questions about leadership, answered with sentences that stand in a cited source.",
)
corpus_app = typer.Typer(no_args_is_help=True, help="Look after the shipped library.")
app.add_typer(corpus_app, name="corpus")


@app.callback()
def common(
    context: typer.Context,
    corpus: Annotated[
        Path | None, typer.Option("--corpus", help="Folder of sources [corpus].")
    ] = None,
    index: Annotated[
        Path | None, typer.Option("--index", help="Folder of the built index [index].")
    ] = None,
) -> None:
    """Settings that every command shares."""
    context.obj = load_settings(corpus=corpus, index=index)


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or zip archives.")],
    framework: Annotated[str | None, typer.Option(help="Slug of the framework.")] = None,
    title: Annotated[str | None, typer.Option(help="Title, if the file states another.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="May be repeated.")] = None,
    year: Annotated[int | None, typer.Option(help="Year of publication.")] = None,
) -> None:
    """Add sources to the corpus folder; says what was understood of each."""
    from kb import corpus
    from kb.commands.adding import added_lines

    stated = {"framework": framework, "title": title, "authors": author, "year": year}
    with progress_bar() as progress:
        added = corpus.add(paths, context.obj, overrides=stated, progress=progress)
    for line in added_lines(added):
        typer.echo(line)
    refused = [one for one in added if one.outcome == "refused"]
    if refused:
        raise KbError(
            f"{len(refused)} of {len(added)} files could not be added: {refused[0].detail}. "
            "The others were added; see the list above."
        )


@app.command()
def build(context: typer.Context) -> None:
    """Build the index of the corpus folder; only what changed is embedded."""
    from kb.export.words import count
    from kb.library import build_from_corpus

    with progress_bar() as progress:
        report = build_from_corpus(context.obj, progress=progress)
    for problem in report.problems:
        typer.echo(f"problem    {problem}", err=True)
    manifest = report.manifest
    typer.echo(
        f"{count(manifest.documents, 'source')}, {count(manifest.passages, 'passage')}, "
        f"{report.embedded:,} embedded in {report.seconds:.1f} s; "
        f"generation {manifest.generation}"
        + (f"; {count(len(report.problems), 'problem')}" if report.problems else "")
    )


@app.command()
def ask(
    context: typer.Context,
    question: str,
    framework: FrameworkOption = None,
    limit: LimitOption = 8,
    format: FormatOption = "text",
) -> None:
    """Answer a question with quoted sentences, or say that the library holds no answer."""
    from kb.export import answer_sheet, plain

    with opened_library(context.obj) as library:
        found = library.ask(question, filters=_only(framework), limit=limit)
        known, corrected = library.sources(), library.corrected(question)
    style = context.obj.reference_style
    _print_found(
        format,
        content=lambda: plain.answer_json(found),
        text=lambda: plain.answer_text(found, corrected=corrected),
        sheet=lambda: answer_sheet(found, known, style=style),
    )


@app.command()
def search(
    context: typer.Context,
    query: str,
    framework: FrameworkOption = None,
    limit: LimitOption = 8,
    format: FormatOption = "text",
) -> None:
    """Find the passages nearest to a query."""
    from kb.export import plain, search_sheet

    with opened_library(context.obj) as library:
        found, known = (
            library.search(query, filters=_only(framework), limit=limit),
            library.sources(),
        )
    style = context.obj.reference_style
    _print_found(
        format,
        content=lambda: plain.search_json(found),
        text=lambda: plain.search_text(found),
        sheet=lambda: search_sheet(found, known, style=style),
    )


@app.command()
def compare(
    context: typer.Context,
    frameworks: Annotated[list[str], typer.Argument(help="Two to five slugs.")],
    on: Annotated[
        list[str] | None, typer.Option("--on", help="Dimension or question; may be repeated.")
    ] = None,
    format: Annotated[TableFormat, typer.Option("--format", help="How to print it.")] = "text",
) -> None:
    """Compare frameworks on the shared dimensions, a quote in each cell."""
    from kb.export import comparison_sheet, plain

    with opened_library(context.obj) as library:
        found = library.compare(frameworks, on=on or ())
        known = library.sources()
        names = {framework.slug: framework.title for framework in library.frameworks()}
    style = context.obj.reference_style
    _print_found(
        format,
        content=lambda: plain.comparison_json(found),
        text=lambda: plain.comparison_text(found),
        sheet=lambda: comparison_sheet(found, known, style=style, names=names),
    )


@app.command()
def frameworks(context: typer.Context, format: FormatOption = "text") -> None:
    """List the frameworks that the library holds."""
    from dataclasses import asdict

    with opened_library(context.obj) as library:
        known = library.frameworks()
    if format == "json":
        _print_json({"frameworks": [asdict(framework) for framework in known]})
        return
    if not known:
        typer.echo(
            "No source of this library is about a framework. "
            "Say so of one with: kb add FILE --framework SLUG"
        )
    mark = "- " if format == "markdown" else ""
    for one in known:
        family = f", {one.family}" if one.family else ""
        year = f" ({one.year})" if one.year else ""
        typer.echo(f"{mark}{one.slug}: {one.title}{year}{family}, {len(one.principles)} principles")


@app.command()
def sources(context: typer.Context, format: FormatOption = "text") -> None:
    """List every file of the corpus with its state: indexed, new, changed, moved, removed."""
    from dataclasses import asdict

    from kb.inventory import inventory

    found = inventory(context.obj)
    if format == "json":
        _print_json({"sources": [asdict(entry) for entry in found]})
        return
    mark = "- " if format == "markdown" else ""
    for entry in found:
        detail = f": {entry.detail}" if entry.detail else ""
        line = f"{entry.state:<9} {entry.path}, {entry.passages} passages{detail}"
        typer.echo(mark + line.replace("\n", " ").replace("\r", " "))
    if not found:
        typer.echo(f"{context.obj.corpus} holds no source yet. Add files with: kb add PATH...")


@app.command()
def verify(context: typer.Context) -> None:
    """Check the index against its checksums, its model, the corpus and every saved quote."""
    from kb.inventory import verify_library

    for line in verify_library(context.obj):
        typer.echo(line)


@app.command()
def watch(context: typer.Context) -> None:
    """Keep the index up to date while files of the corpus folder change; ends with Ctrl-C."""
    from threading import Event

    from kb.watch import watch as watch_folder

    interrupt_on_signals()
    try:
        watch_folder(context.obj, report=typer.echo, stop=Event())
    except KeyboardInterrupt:
        typer.echo("Stopped.")


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8501,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page.")] = True,
) -> None:
    """Open the web page on this machine."""
    from kb.ui.server import serve as serve_page

    interrupt_on_signals()
    raise typer.Exit(serve_page(context.obj, port=port, open_browser=open_browser))


@corpus_app.command()
def check(context: typer.Context) -> None:
    """Check front matter, headings, links, references and sentences of the shipped library."""
    from kb.corpus_check import check_corpus

    found = check_corpus(context.obj)
    for problem in found.problems:
        typer.echo(problem, err=True)
    if found.problems:
        raise CorpusCheckFailed(
            f"{len(found.problems)} problems in {context.obj.corpus}; expected none. "
            "Mend the files that are named above."
        )
    typer.echo(
        f"{found.frameworks} frameworks, {found.words:,} words, {found.references} references: "
        "no problem found"
    )


def main() -> None:
    """Entry point of `kb`: an explained error is one line on stderr and exit status 1."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    _mount()
    try:
        app()
    except KbError as error:
        typer.echo(f"{type(error).__name__}: {' '.join(str(error).split())}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of the output went away, as `kb ask … | head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        typer.echo(f"{type(error).__name__}: {error.strerror or error}{place}", err=True)
        sys.exit(1)


def _mount() -> None:
    """Add the commands of other rooms, imported only when they are called for."""
    for name, module in _ROOMS.items():
        if name in sys.argv[1:] or "--help" in sys.argv[1:] or len(sys.argv) == 1:
            app.add_typer(import_module(module).app, name=name)


def _only(frameworks: list[str] | None) -> Filters:
    return Filters(frameworks=tuple(frameworks or ()))


def _print_found(
    format: TableFormat,
    *,
    content: Callable[[], dict[str, Any]],
    text: Callable[[], str],
    sheet: Callable[[], Sheet],
) -> None:
    """What was found, in the form that was asked for."""
    if format == "json":
        _print_json(content())
    elif format == "text":
        typer.echo(text(), nl=False)
    elif format == "csv":
        from kb.export.table import sheet_csv

        typer.echo(sheet_csv(sheet()), nl=False)
    else:
        from kb.export.markdown import sheet_markdown

        typer.echo(sheet_markdown(sheet()), nl=False)


def _print_json(content: dict[str, Any]) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
