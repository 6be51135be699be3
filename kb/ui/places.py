"""From a stretch of a document to the passage that holds it, and to its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from kb.library import Library
from kb.records import Document, Hit, Passage


def hit_at(library: Library, document: Document, span: tuple[int, int]) -> Hit | None:
    """The stretch as something that can be saved and cited; None outside of every passage.

    Its words are those of the span where it lies in one passage, else the whole passage.
    """
    for passage in library.passages(document.document_id):
        if passage.start < span[1] and span[0] < passage.end:
            inside = passage.start <= span[0] and span[1] <= passage.end
            start, end = span if inside else (passage.start, passage.end)
            return Hit(
                rank=1,
                passage_id=passage.passage_id,
                document_id=document.document_id,
                path=document.source.path,
                title=document.source.title,
                framework=document.source.metadata.framework,
                locator=passage.locator,
                start=start,
                end=end,
                text=document.text[start:end],
                score=1.0,
            )
    return None


def with_neighbours(library: Library, document_id: str, passage_id: str) -> Sequence[Passage]:
    """A passage between the one before and the one after it."""
    found = library.passages(document_id)
    at = next((n for n, each in enumerate(found) if each.passage_id == passage_id), None)
    return found[max(0, at - 1) : at + 2] if at is not None else ()
