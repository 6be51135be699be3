"""Every saved quote looked for in the index as it is now."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.collection.records import Saved
from kb.collection.requoting import Finding, find_again
from kb.collection.store import Collections
from kb.export.words import excerpt, on_one_line
from kb.records import Document, Source
from kb.settings import Settings

QUOTE_WORDS = 10  # by which a saved quote is named
PATHS_SHOWN = 3  # of sources that are not here


def verify_collections(
    settings: Settings, document: Callable[[str], Document], sources: Iterable[Source]
) -> Iterator[str]:
    """A sentence for each collection, and one for each quote that is not where it was.

    Quotes from sources that this library does not hold, and that no generation of its index
    was saved from, are counted in one sentence: they belong to another library.

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
    quotes = {each.saved_id: each.entry for passages in saved.values() for each in passages}
    known = [source.document_id for source in sources] if quotes else []
    own = {entry.document_id for entry in quotes.values()}
    # The documents quoted from come first: mostly no other is then read.
    ordered = sorted(known, key=lambda document_id: document_id not in own)
    found = find_again(quotes, (document(document_id) for document_id in ordered))
    by_id = {finding.saved_id: finding for finding in found}
    for name, passages in saved.items():
        yield from _checked(name, passages, by_id, _Here(settings.index, frozenset(known)))


def belongs_elsewhere(saved: Saved, index: Path, known: Container[str]) -> bool:
    """Whether a passage comes from a source that, as far as can be told, was never here.

    Args:
        saved: The passage.
        index: Of the library that is asked.
        known: Documents of that library.
    """
    was_built_here = (index / "generations" / saved.generation).is_dir()
    is_known = saved.entry.document_id in known
    return not is_known and not (saved.generation and was_built_here)


@dataclass(frozen=True, slots=True)
class _Here:
    """The library that verifies: its index and its documents."""

    index: Path
    known: frozenset[str]

    def lacks(self, saved: Saved, finding: Finding) -> bool:
        """Whether a quote comes from a source that, as far as can be told, was never here."""
        return finding.state == "gone" and belongs_elsewhere(saved, self.index, self.known)


def _checked(
    name: str, passages: Sequence[Saved], by_id: Mapping[int, Finding], here: _Here
) -> Iterator[str]:
    findings = [(each, by_id[each.saved_id]) for each in passages]
    foreign = [finding for each, finding in findings if here.lacks(each, finding)]
    exact = sum(finding.state == "exact" for _, finding in findings)
    label = f"collection {on_one_line(name)}"
    yield f"{label}: {exact} of {len(findings)} quotes where they were"
    for each, finding in findings:
        if finding.state != "exact" and finding not in foreign:
            yield f"{label}: “{excerpt(each.entry.quote, QUOTE_WORDS)}” {_told(finding)}"
    if foreign:
        yield f"{label}: {_foreign(foreign)}"


def _foreign(findings: Sequence[Finding]) -> str:
    paths = list(dict.fromkeys(on_one_line(finding.path) for finding in findings))
    shown = ", ".join(paths[:PATHS_SHOWN]) + (", …" if len(paths) > PATHS_SHOWN else "")
    count = f"{len(findings)} quote{'' if len(findings) == 1 else 's'}"
    return (
        f"{count} from sources that this library does not hold ({shown}). If another library "
        "does, verify there with: kb --corpus DIR --index DIR verify. If a source was removed, "
        "take it in again with: kb add FILE"
    )


def _told(finding: Finding) -> str:
    path = on_one_line(finding.path)
    if finding.state == "moved":
        return f"moved: its words stand in {path} at {finding.start}"
    if finding.state == "changed":
        share = f"{finding.similarity:.0%} of the words"
        return f"changed: nearest in {path} at {finding.start} ({share})"
    return f"is gone: no source holds its words, which stood in {path}"
