"""The commands of `kb export`: one question, search, comparison or collection to a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer

from kb.commands.terminal import opened_library
from kb.records import Citation, Filters, Hit
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.export import Sheet
    from kb.library import Library

app = typer.Typer(
    no_args_is_help=True,
    help="Write an answer, a search, a comparison or a collection to a file.",
)

To = Annotated[
    Path,
    typer.Option(
        "--to", help="File to write: .docx, .pptx, .md, .csv, .json, .bib, .ris or .csl.json."
    ),
]
FormatName = Annotated[
    str, typer.Option("--format", help="Format, if the file's suffix does not say it.")
]
Style = Annotated[
    str,
    typer.Option(
        "--style", help="Style of references: apa, chicago, mla, harvard, ieee [the settings']."
    ),
]
Frameworks = Annotated[
    list[str] | None,
    typer.Option("--framework", help="Only sources about this framework; may be repeated."),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="Most passages.")]
Works = Annotated[
    bool,
    typer.Option(
        "--works/--no-works", help="Also list the works that the quoted passages draw on."
    ),
]


class _Desk(TypedDict):
    """What the sheets of all kinds are made with."""

    style: str
    texts: dict[str, str]
    cited: dict[str, dict[str, Any]]


@app.command()
def answer(
    context: typer.Context,
    question: str,
    to: To,
    format: FormatName = "",
    style: Style = "",
    framework: Frameworks = None,
    limit: Limit = 8,
    works: Works = True,
) -> None:
    """Write the answer to a question: its quotes and their references."""
    from kb.export import answer_sheet

    settings, name = _checked(context.obj, to, format, style)
    with opened_library(settings) as library:
        found = library.ask(question, filters=_only(framework), limit=limit)
        quoted: list[Citation | Hit] = [*found.citations, *found.passages]
        documents = {one.document_id: library.document(one.document_id) for one in quoted}
        desk = _desk(library, quoted, works)
        sheet = answer_sheet(found, library.sources(), documents=documents, **desk)
    _write(sheet, to, settings, name)


@app.command()
def search(
    context: typer.Context,
    query: str,
    to: To,
    format: FormatName = "",
    style: Style = "",
    framework: Frameworks = None,
    limit: Limit = 8,
    works: Works = True,
) -> None:
    """Write the passages that a query finds."""
    from kb.export import search_sheet

    settings, name = _checked(context.obj, to, format, style)
    with opened_library(settings) as library:
        found = library.search(query, filters=_only(framework), limit=limit)
        desk = _desk(library, found.passages, works)
        sheet = search_sheet(found, library.sources(), **desk)
    _write(sheet, to, settings, name)


@app.command()
def compare(
    context: typer.Context,
    frameworks: Annotated[list[str], typer.Argument(help="Two to five slugs.")],
    to: To,
    on: Annotated[
        list[str] | None, typer.Option("--on", help="Dimension or question; may be repeated.")
    ] = None,
    format: FormatName = "",
    style: Style = "",
    works: Works = True,
) -> None:
    """Write a comparison of frameworks as a table with its quotes."""
    from kb.export import comparison_sheet

    settings, name = _checked(context.obj, to, format, style)
    with opened_library(settings) as library:
        found = library.compare(frameworks, on=on or ())
        cited = [citation for cell in found.cells for citation in cell.citations]
        names = {framework.slug: framework.title for framework in library.frameworks()}
        desk = _desk(library, cited, works)
        sheet = comparison_sheet(found, library.sources(), names=names, **desk)
    _write(sheet, to, settings, name)


@app.command()
def collection(
    context: typer.Context,
    name: str,
    to: To,
    format: FormatName = "",
    style: Style = "",
    works: Works = True,
) -> None:
    """Write a collection with its notes and tags."""
    from kb.collection import Collections, stated_now

    settings, chosen = _checked(context.obj, to, format, style)
    kept = Collections(settings.collections)
    library, sources = stated_now(settings)
    style = settings.reference_style
    sheet = kept.sheet(name, style=style, works=works, library=library, sources=sources)
    _write(sheet, to, settings, chosen)


def _checked(settings: Settings, to: Path, format: str, style: str) -> tuple[Settings, str]:
    """Settings with the style, and the format's name; refused before any work is done."""
    from kb.export import FORMATS, check_target, format_of
    from kb.references import bibliography

    named = format if format in FORMATS else f".{format.lstrip('.')}"
    chosen = format_of(named if format else to.name)
    if style:
        settings = settings.model_copy(update={"reference_style": style})
    bibliography([], settings.reference_style)
    check_target(to)
    return settings, chosen.name


def _only(frameworks: list[str] | None) -> Filters:
    return Filters(frameworks=tuple(frameworks or ()))


def _desk(library: Library, quoted: Iterable[Citation | Hit], works: bool) -> _Desk:
    """Style, texts of the documents that are quoted, and the works that they may draw on."""
    from kb.corpus import cited_works

    wanted = dict.fromkeys(one.document_id for one in quoted)
    return {
        "style": library.settings.reference_style,
        "texts": {each: library.document(each).text for each in wanted},
        "cited": cited_works(library.settings.corpus) if works else {},
    }


def _write(sheet: Sheet, to: Path, settings: Settings, name: str) -> None:
    from kb.export import FORMATS, held, write_export

    is_there = to.exists()
    write_export(sheet, to, settings, name=name)
    told = f"{to} was replaced" if is_there else str(to)
    typer.echo(f"{told}: {FORMATS[name].shown}. {held(sheet, name)}")
    if sheet.is_unanswered:
        typer.echo(f"No answer: {to} holds the nearest passages and says so.", err=True)
