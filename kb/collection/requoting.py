"""Where a saved quote stands after its sources have changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from kb.export.entries import Entry
from kb.records import Document

State = Literal["exact", "moved", "changed", "gone"]

SHINGLE_WORDS = 3
TELLING_WORDS = 5  # in a row, by which another document is worth a closer look; unmeasured
# Share of words that a changed quote keeps at least; unmeasured.
LEAST_SIMILARITY = 0.6


@dataclass(frozen=True, slots=True)
class Finding:
    """What has become of one saved quote.

    Attributes:
        state: `exact`: the same words at the same place. `moved`: the same words elsewhere in
            that document or in another. `changed`: nearly the same words. `gone`: neither.
        path: Document that holds the words now; of a quote that is gone, the old one.
        start: First character of the words there.
        end: One past their last character.
        quote: The words as they stand there; of a quote that is gone, as they were saved.
        similarity: Share of words kept, in [0, 1]; 1 for exact and moved.
        parts: Of a list, what has become of each quote; it is found as a whole, in its order
            and in one document. `quote` then has a line for each that was found.
    """

    saved_id: int
    state: State
    document_id: str
    path: str
    start: int
    end: int
    quote: str
    similarity: float
    parts: tuple[Finding, ...] = ()


Ranked = tuple[tuple[int, float, float], Finding]  # state, same document, closeness; larger wins


def find_again(
    quotes: Mapping[int, Sequence[Entry]], documents: Iterable[Document]
) -> list[Finding]:
    """What has become of each quote, or list, in the order of the quotes.

    Args:
        quotes: Saved passages by identifier, each with its quotes.
        documents: Read once, one after the other. The same document wins over another one,
            and the same words win over similar ones.
    """
    best: dict[int, Ranked] = {}
    left = dict(quotes)  # those not found at their old place yet
    for document in documents if left else ():
        for saved_id, entries in list(left.items()):
            known = best.get(saved_id)
            look = _in_document if len(entries) == 1 else _list_in_document
            found = look(saved_id, entries, document, near=known is None or known[0][0] < 2)
            if found is not None and (known is None or found[0] > known[0]):
                best[saved_id] = found
                if found[1].state == "exact":
                    del left[saved_id]
        if not left:
            break
    return [
        best[saved_id][1] if saved_id in best else _gone(saved_id, entries)
        for saved_id, entries in quotes.items()
    ]


def _in_document(
    saved_id: int, entries: Sequence[Entry], document: Document, *, near: bool
) -> Ranked | None:
    (entry,) = entries
    same = document.document_id == entry.document_id
    text = document.text

    def finding(state: State, start: int, end: int, similarity: float = 1.0) -> Finding:
        return Finding(
            saved_id, state, document.document_id, document.source.path, start, end,
            text[start:end], similarity,
        )  # fmt: skip

    if same and text[entry.start : entry.end] == entry.quote:
        return (3, 1.0, 0.0), finding("exact", entry.start, entry.end)
    place = _same_words(entry, text)
    if place is not None:
        distance = -abs(place[0] - entry.start)
        return (2, float(same), float(distance)), finding("moved", *place)
    if not near or not (same or _shares_words(entry.quote, text)):
        return None
    nearest = _similar_words(entry.quote, text)
    if nearest is None or nearest[2] < LEAST_SIMILARITY:
        return None
    return (1, nearest[2], float(same)), finding("changed", *nearest)


def _list_in_document(
    saved_id: int, entries: Sequence[Entry], document: Document, *, near: bool
) -> Ranked | None:
    """The quotes of a list one after the other; a single word alone would stand anywhere."""
    same = document.document_id == entries[0].document_id
    longest = max((entry.quote for entry in entries), key=len)
    if not same and not _shares_words(longest, document.text):
        return None
    parts: list[Finding] = []
    low = shift = 0
    for entry in entries:
        placed = replace(entry, start=entry.start + shift, end=entry.end + shift)
        part = _part(saved_id, placed, document, low, is_unmoved=same and not shift)
        parts.append(part or _gone(saved_id, [entry]))
        if part is not None:
            low, shift = part.end, part.start - entry.start
    found = [part for part in parts if part.state != "gone"]
    lengths = [len(entry.quote.split()) for entry in entries]
    kept = sum(n * part.similarity for n, part in zip(lengths, parts, strict=True)) / sum(lengths)
    states = {part.state for part in parts}
    if not states <= {"exact", "moved"} and (not near or kept < LEAST_SIMILARITY):
        return None
    state: State = "exact" if states == {"exact"} else "moved"
    if not states <= {"exact", "moved"}:
        state = "changed"
    whole = Finding(
        saved_id, state, document.document_id, document.source.path, found[0].start,
        found[-1].end, "\n".join(part.quote for part in found), kept, tuple(parts),
    )  # fmt: skip
    distance = -float(abs(whole.start - entries[0].start))
    ranks = {"exact": (3, 1.0, 0.0), "moved": (2, float(same), distance)}
    return ranks.get(state, (1, kept, float(same))), whole


def _part(
    saved_id: int, entry: Entry, document: Document, low: int, *, is_unmoved: bool
) -> Finding | None:
    """One quote of a list, not before `low`; its old place is where it is expected."""
    text = document.text
    state: State = "moved"
    kept = 1.0
    place = _same_words(entry, text, low)
    if place is None:
        nearest = _similar_words(entry.quote, text)
        if nearest is None or nearest[2] < LEAST_SIMILARITY or nearest[0] < low:
            return None
        state, place, kept = "changed", nearest[:2], nearest[2]
    elif is_unmoved and place == (entry.start, entry.end):
        state = "exact"
    start, end = place
    return Finding(
        saved_id, state, document.document_id, document.source.path, start, end,
        text[start:end], kept,
    )  # fmt: skip


def _same_words(entry: Entry, text: str, low: int = 0) -> tuple[int, int] | None:
    """The stretch with the quote's words nearest to its old place, whatever the white space.

    A stretch before `low` does not count.
    """
    words = entry.quote.split()
    if not words or not all(word in text for word in words):
        return None
    pattern = re.compile(
        r"(?<!\w)" * words[0][0].isalnum()
        + r"\s+".join(map(re.escape, words))
        + r"(?!\w)" * words[-1][-1].isalnum()
    )
    places = [found.span() for found in pattern.finditer(text, low)]
    return min(places, key=lambda span: abs(span[0] - entry.start), default=None)


def _shares_words(quote: str, text: str) -> bool:
    """Whether some words in a row of the quote stand in the text, so that a look pays."""
    words = quote.split()
    size = min(TELLING_WORDS, len(words))
    return any(" ".join(words[at : at + size]) in text for at in range(len(words) - size + 1))


def _similar_words(quote: str, text: str) -> tuple[int, int, float] | None:
    """The stretch of the text whose words are most like the quote's, and how like they are."""
    sought = [found.casefold() for found in re.findall(r"\w+", quote)]
    if not sought:
        return None
    size = min(SHINGLE_WORDS, len(sought))
    wanted = Counter(zip(*(sought[at:] for at in range(size)), strict=False))
    spans = [found.span() for found in re.finditer(r"\w+", text)]
    words = [text[start:end].casefold() for start, end in spans]
    shingles = zip(*(words[at:] for at in range(size)), strict=False)
    places = [at for at, shingle in enumerate(shingles) if shingle in wanted]
    if not places:
        return None
    first = _densest(places, len(sought))
    low = max(0, first - size)
    high = min(len(words), first + len(sought) + 2 * size)
    matcher = SequenceMatcher(None, sought, words[low:high], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    begin, end = low + blocks[0].b, low + blocks[-1].b + blocks[-1].size
    kept = sum(block.size for block in blocks)
    stop = spans[end - 1][1]
    closing = re.match(r"[.!?”’\")]*", text[stop:])
    stop += len(closing[0]) if closing and quote.rstrip()[-1:] in '.!?”’")' else 0
    return spans[begin][0], stop, 2 * kept / (len(sought) + end - begin)


def _densest(places: list[int], width: int) -> int:
    """The place from which a window of so many words holds the most places."""
    best, first, low = 0, places[0], 0
    for high, place in enumerate(places):
        while place - places[low] >= width:
            low += 1
        if high - low + 1 > best:
            best, first = high - low + 1, places[low]
    return first


def _gone(saved_id: int, entries: Sequence[Entry]) -> Finding:
    first = entries[0]
    quote = "\n".join(entry.quote for entry in entries)
    parts = tuple(_gone(saved_id, [entry]) for entry in entries) if len(entries) > 1 else ()
    return Finding(
        saved_id, "gone", first.document_id, first.path, first.start, entries[-1].end, quote,
        0.0, parts,
    )  # fmt: skip
