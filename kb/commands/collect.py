"""The commands of `kb collect`: passages saved with notes and tags, in an order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kb.commands.terminal import opened_library
from kb.errors import BadCollection
from kb.records import Citation, Hit
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.collection import Collections, Saved
    from kb.export import Entry
    from kb.library import Library

QUOTE_WORDS = 24  # by which a list shows a quote

app = typer.Typer(
    no_args_is_help=True,
    help="Keep passages in collections, with notes and tags, in your own order.",
)

Name = Annotated[str, typer.Argument(help="Name of the collection.")]
Number = Annotated[int, typer.Argument(min=1, help="Of the passage, as `show` numbers it.")]


@app.command("list")
def list_collections(
    context: typer.Context,
    format: Annotated[Literal["text", "json"], typer.Option("--format")] = "text",
) -> None:
    """List the collections."""
    found = _kept(context.obj).names()
    if format == "json":
        listed = [{"name": c.name, "passages": c.passages, "created": c.created} for c in found]
        _print_json({"collections": listed})
        return
    for each in found:
        typer.echo(f"{_shown(each.name)}: {_count(each.passages)}")
    if not found:
        typer.echo(
            f"There is no collection in {context.obj.collections.absolute()}. Make one with: "
            'kb collect new "My collection"; one in another file is found with KB_COLLECTIONS.'
        )


@app.command()
def new(context: typer.Context, name: Name) -> None:
    """Make an empty collection."""
    _kept(context.obj).create(name)
    typer.echo(f"{_shown(name)}: made")


@app.command()
def add(
    context: typer.Context,
    name: Name,
    passages: Annotated[
        list[str] | None, typer.Argument(help="Identifiers of passages, as JSON output has them.")
    ] = None,
    question: Annotated[
        str, typer.Option("--question", help="Save what answers this question.")
    ] = "",
    search: Annotated[str, typer.Option("--search", help="Save what this query finds.")] = "",
    number: Annotated[
        list[int] | None,
        typer.Option("--number", help="Only this citation or passage of it; may be repeated."),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Note on each of them.")] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="May be repeated.")] = None,
) -> None:
    """Save passages, an answer's citations or what a search finds; makes the collection."""
    if sum(map(bool, (passages, question, search))) != 1:
        raise typer.BadParameter("give identifiers of passages, or --question, or --search")
    from kb.collection import library_path
    from kb.export import as_lists, marked_lists

    kept = _kept(context.obj)
    with opened_library(context.obj) as library:
        if passages:
            found = [_entry(_hit(library, one), library, score=False) for one in passages]
        else:
            found = [_entry(one, library) for one in _found(library, question, search, number)]
        documents = {one.document_id: library.document(one.document_id) for one in found}
        for listed in as_lists(marked_lists(found, documents)):
            was_there = kept.holds(name, *listed)
            saved_id = kept.save(
                name,
                *listed,
                generation=library.generation,
                library=library_path(library.settings),
            )
            if note or tag:
                kept.annotate(saved_id, note=note or None, tags=tag)
            state = "is there already" if was_there else "saved"
            typer.echo(f"{state}: {_line(listed)}")


@app.command()
def show(
    context: typer.Context,
    name: Name,
    format: Annotated[Literal["text", "markdown", "json"], typer.Option("--format")] = "text",
) -> None:
    """Show the passages of a collection, numbered, with notes and tags."""
    from kb.collection import stated_now
    from kb.export.markdown import sheet_markdown
    from kb.export.plain import collection_text, sheet_json

    kept, settings = _kept(context.obj), context.obj
    library, sources = stated_now(settings)
    style = settings.reference_style
    sheet = kept.sheet(name, style=style, library=library, sources=sources)
    if format == "json":
        _print_json(sheet_json(sheet))
    elif format == "markdown":
        typer.echo(sheet_markdown(sheet), nl=False)
    else:
        typer.echo(collection_text(sheet), nl=False)
        if not sheet.entries:
            shown = _shown(name)
            typer.echo(f"{shown} is empty. Save in it with: kb collect add {shown!r} --question …")


@app.command()
def note(
    context: typer.Context,
    name: Name,
    number: Number,
    text: Annotated[str, typer.Argument(help='The note; "" takes it away.')],
) -> None:
    """Write the note on a passage."""
    kept = _kept(context.obj)
    saved = _numbered(kept, name, number)
    kept.annotate(saved.saved_id, note=text)
    typer.echo(f"{_shown(name)}, {number}: note {'written' if text.strip() else 'taken away'}")


@app.command()
def tag(
    context: typer.Context,
    name: Name,
    number: Number,
    tags: Annotated[list[str] | None, typer.Argument(help="Tags to add.")] = None,
    off: Annotated[
        list[str] | None, typer.Option("--off", help="Tag to take away; may be repeated.")
    ] = None,
) -> None:
    """Add tags to a passage, or take them away."""
    kept = _kept(context.obj)
    saved = _numbered(kept, name, number)
    wanted = [one for one in (*saved.entry.tags, *(tags or ())) if one not in (off or ())]
    kept.annotate(saved.saved_id, tags=wanted)
    shown = _shown(", ".join(_numbered(kept, name, number).entry.tags)) or "no tags"
    typer.echo(f"{_shown(name)}, {number}: {shown}")


@app.command()
def move(
    context: typer.Context,
    name: Name,
    number: Number,
    to: Annotated[int, typer.Argument(min=1, help="Its new number.")],
) -> None:
    """Move a passage to another place in the order."""
    kept = _kept(context.obj)
    saved = _numbered(kept, name, number)
    kept.move(saved.saved_id, to - number)
    place = [each.saved_id for each in kept.passages(name)].index(saved.saved_id) + 1
    typer.echo(f"{_shown(name)}: {number} is now {place}")


@app.command()
def remove(context: typer.Context, name: Name, number: Number) -> None:
    """Take a passage out of a collection."""
    kept = _kept(context.obj)
    saved = _numbered(kept, name, number)
    kept.remove(saved.saved_id)
    typer.echo(f"removed: {_line(saved.entries)}")


@app.command()
def rename(
    context: typer.Context, name: Name, new: Annotated[str, typer.Argument(help="New name.")]
) -> None:
    """Give a collection another name."""
    _kept(context.obj).rename(name, new)
    typer.echo(f"{_shown(name)}: now {_shown(new)}")


@app.command()
def delete(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a collection with its passages, notes and tags, for good."""
    kept = _kept(context.obj)
    count = _count(len(kept.passages(name)))
    if not yes:
        typer.confirm(f"Delete {_shown(name)} with {count} for good?", abort=True)
    kept.delete(name)
    typer.echo(f"{_shown(name)}: deleted with {count}")


def _kept(settings: Settings) -> Collections:
    from kb.collection import Collections

    return Collections(settings.collections)


def _shown(name: str) -> str:
    from kb.export.words import on_one_line

    return on_one_line(name)


def _numbered(kept: Collections, name: str, number: int) -> Saved:
    """The passage with that number in the collection's order.

    Raises:
        BadCollection: There is no such collection, or it has fewer passages.
    """
    saved = kept.passages(name)
    if number > len(saved):
        raise BadCollection(
            f"{_shown(name)} has {_count(len(saved))}, so there is none with the number {number}. "
            f"See them with: kb collect show {_shown(name)!r}"
        )
    return saved[number - 1]


def _found(
    library: Library, question: str, search: str, numbers: list[int] | None
) -> list[Citation | Hit]:
    """The citations of an answer or the passages of a search, those with the numbers.

    Raises:
        BadCollection: There is nothing to save, or nothing with such a number.
    """
    listed: dict[int, Citation | Hit]
    if question:
        listed = {one.number: one for one in library.ask(question).citations}
        kind = "citation"
    else:
        listed = {one.rank: one for one in library.search(search).passages}
        kind = "passage"
    wanted = list(dict.fromkeys(numbers or listed))
    strange = [number for number in wanted if number not in listed]
    if strange or not wanted:
        known = f"the numbers {min(listed)} to {max(listed)}" if listed else "none"
        asked = f" {strange[0]}" if strange else ""
        raise BadCollection(
            f"The library gives no {kind}{asked} for {question or search!r}; it has {known}. "
            f"See them with: kb {'ask' if question else 'search'} {question or search!r}"
        )
    return [listed[number] for number in wanted]


def _hit(library: Library, passage_id: str) -> Hit:
    passage = library.passage(passage_id)
    source = library.document(passage.document_id).source
    return Hit(
        rank=1,
        passage_id=passage.passage_id,
        document_id=passage.document_id,
        path=source.path,
        title=source.title,
        framework=source.metadata.framework,
        locator=passage.locator,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=0.0,
    )


def _entry(cited: Citation | Hit, library: Library, *, score: bool = True) -> Entry:
    """What is saved; a passage named by its identifier was not scored."""
    from kb.corpus import cited_works
    from kb.export import entry_of

    document = library.document(cited.document_id)
    works = cited_works(library.settings.corpus)
    entry = entry_of(cited, document.source, text=document.text, cited=works)
    return entry if score else replace(entry, score=None)


def _line(entries: Sequence[Entry]) -> str:
    from kb.export.entries import Group
    from kb.export.plain import group_place
    from kb.export.words import excerpt

    first, *others = entries
    rest = f" and {len(others)} more of its list" if others else ""
    place = group_place(Group(tuple(entries), ()))
    return f"“{excerpt(first.quote, QUOTE_WORDS)}”{rest} ({_shown(first.title)}, {place})"


def _count(passages: int) -> str:
    return f"{passages} passage" + ("" if passages == 1 else "s")


def _print_json(content: dict[str, object]) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
