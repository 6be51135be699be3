"""Every saved quote looked for in the index as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kb.collection.requoting import Finding, find_again
from kb.collection.store import Collections
from kb.export.words import excerpt, on_one_line
from kb.records import Document, Source
from kb.settings import Settings

QUOTE_WORDS = 10  # by which a saved quote is named


def verify_collections(
    settings: Settings, document: Callable[[str], Document], sources: Iterable[Source]
) -> Iterator[str]:
    """A sentence for each collection, and one for each quote that is not where it was.

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
        findings = [by_id[each.saved_id] for each in passages]
        exact = sum(finding.state == "exact" for finding in findings)
        yield f"collection {on_one_line(name)}: {exact} of {len(findings)} quotes where they were"
        for each, finding in zip(passages, findings, strict=True):
            if finding.state != "exact":
                quote = excerpt(each.entry.quote, QUOTE_WORDS)
                yield f"collection {on_one_line(name)}: “{quote}” {_told(finding)}"


def _told(finding: Finding) -> str:
    path = on_one_line(finding.path)
    if finding.state == "moved":
        return f"moved: its words stand in {path} at {finding.start}"
    if finding.state == "changed":
        share = f"{finding.similarity:.0%} of the words"
        return f"changed: nearest in {path} at {finding.start} ({share})"
    return f"is gone: no source holds its words, which stood in {path}"
