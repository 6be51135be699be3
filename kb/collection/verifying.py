"""Every saved quote looked for in the index as it is now."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.collection.records import Saved
from kb.collection.requoting import Finding, find_again
from kb.collection.store import Collections
from kb.errors import IndexDamaged, IndexMismatch, IndexMissing
from kb.export.words import excerpt, on_one_line
from kb.index import open_generation
from kb.records import Document, Source
from kb.settings import Settings

QUOTE_WORDS = 10  # by which a saved quote is named
PATHS_SHOWN = 3  # of sources that are not here


def verify_collections(
    settings: Settings, document: Callable[[str], Document], sources: Iterable[Source]
) -> Iterator[str]:
    """A sentence for each collection, and one for each quote that is not where it was.

    Quotes that are gone and were saved from another library are counted in one sentence, and
    so are those of unknown origin from sources that this library does not hold.

    Args:
        settings: Name the file of the collections; without the file there is nothing to say.
        document: The document of an identifier.
        sources: Of the index.

    Raises:
        BadCollection: The file cannot be read.
    """
    if not settings.collections.exists():
        return
    kept = Collections(settings.collections)
    saved = {each.name: kept.passages(each.name) for each in kept.names()}
    quotes = {each.saved_id: each.entries for passages in saved.values() for each in passages}
    known = [source.document_id for source in sources] if quotes else []
    own = {entries[0].document_id for entries in quotes.values()}
    # The documents quoted from come first: mostly no other is then read.
    ordered = sorted(known, key=lambda document_id: document_id not in own)
    found = find_again(quotes, (document(document_id) for document_id in ordered))
    by_id = {finding.saved_id: finding for finding in found}
    for name, passages in saved.items():
        yield from _checked(name, passages, by_id, _Here(settings, frozenset(known)))


def library_path(settings: Settings) -> str:
    """What a saved passage remembers its library by: the folder of its sources."""
    return str(settings.corpus.resolve())


def stated_now(settings: Settings) -> tuple[str, tuple[Source, ...]]:
    """The library and its sources as its index has them, for the sheet of a collection.

    Without a sound index there are no sources, and passages are cited as they were saved.
    """
    try:
        generation = open_generation(settings)
    except (IndexMissing, IndexDamaged, IndexMismatch):
        return library_path(settings), ()
    try:
        return library_path(settings), tuple(generation.tables.sources)
    finally:
        generation.close()


def belongs_elsewhere(saved: Saved, settings: Settings, known: Container[str]) -> bool:
    """Whether a passage comes from another library, as far as can be told.

    Two libraries may hold a file of the same path, so the folder that was remembered decides.
    Where there is none, or it has been moved since, a source that was never here does.

    Args:
        saved: The passage.
        settings: Of the library that is asked.
        known: Documents of that library.
    """
    if is_of_other_library(saved, settings):
        return True
    if saved.library == library_path(settings):
        return False
    was_built_here = (settings.index / "generations" / saved.generation).is_dir()
    is_known = saved.entry.document_id in known
    return not is_known and not (saved.generation and was_built_here)


def is_of_other_library(saved: Saved, settings: Settings) -> bool:
    """Whether a passage was saved from another folder of sources, which is still there."""
    is_other = bool(saved.library) and saved.library != library_path(settings)
    return is_other and Path(saved.library).is_dir()


@dataclass(frozen=True, slots=True)
class _Here:
    """The library that verifies: its settings and its documents."""

    settings: Settings
    known: frozenset[str]

    def lacks(self, saved: Saved, finding: Finding) -> bool:
        """Whether a quote is not here and, as far as can be told, never was."""
        return finding.state == "gone" and belongs_elsewhere(saved, self.settings, self.known)


def _checked(
    name: str, passages: Sequence[Saved], by_id: Mapping[int, Finding], here: _Here
) -> Iterator[str]:
    findings = [(each, by_id[each.saved_id]) for each in passages]
    foreign = [each for each, finding in findings if here.lacks(each, finding)]
    exact = sum(finding.state == "exact" for _, finding in findings)
    label = f"collection {on_one_line(name)}"
    yield f"{label}: {exact} of {len(findings)} quotes where they were"
    for each, finding in findings:
        if finding.state != "exact" and each not in foreign:
            others = len(each.entries) - 1
            rest = f" and its {others} item{'' if others == 1 else 's'}" if others else ""
            yield f"{label}: “{excerpt(each.entry.quote, QUOTE_WORDS)}”{rest} {_told(finding)}"
    other = [each for each in foreign if is_of_other_library(each, here.settings)]
    for library in dict.fromkeys(each.library for each in other):
        yield f"{label}: {_elsewhere(library, [e for e in other if e.library == library])}"
    if unknown := [each for each in foreign if each not in other]:
        yield f"{label}: {_foreign(unknown)}"


def _elsewhere(library: str, passages: Sequence[Saved]) -> str:
    return (
        f"{_count(passages)} from the library in {on_one_line(library)}. Verify there with: "
        f"kb --corpus {shlex.quote(on_one_line(library))} --index DIR verify"
    )


def _foreign(passages: Sequence[Saved]) -> str:
    paths = list(dict.fromkeys(on_one_line(each.entry.path) for each in passages))
    shown = ", ".join(paths[:PATHS_SHOWN]) + (", …" if len(paths) > PATHS_SHOWN else "")
    return (
        f"{_count(passages)} from sources that this library does not hold ({shown}). If another "
        "library does, verify there with: kb --corpus DIR --index DIR verify. If a source was "
        "removed, take it in again with: kb add FILE"
    )


def _count(passages: Sequence[Saved]) -> str:
    return f"{len(passages)} quote{'' if len(passages) == 1 else 's'}"


def _told(finding: Finding) -> str:
    path = on_one_line(finding.path)
    if finding.state == "moved":
        return f"moved: its words stand in {path} at {finding.start}"
    if finding.state == "changed":
        share = f"{finding.similarity:.0%} of the words"
        if kept := [part for part in finding.parts if part.state in ("exact", "moved")]:
            share = f"{len(kept)} of {len(finding.parts)} quotes stand as they were"
        return f"changed: nearest in {path} at {finding.start} ({share})"
    return f"is gone: no source holds its words, which stood in {path}"
