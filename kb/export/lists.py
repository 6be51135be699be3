"""Quotes that are the items of one list of their source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kb.enumerations import Enumeration, enumerations
from kb.export.entries import Entry
from kb.records import Document

FEWEST_ITEMS = 2  # quoted in a row; one item alone is a quote like any other


def marked_lists(entries: Sequence[Entry], documents: Mapping[str, Document]) -> list[Entry]:
    """The entries in their order, those of one list marked as such.

    The items of a list belong together where they are quoted one after the other, with the
    sentence that announces them if it is quoted right before.

    Args:
        entries: In the order in which they are printed.
        documents: That the entries stand in, by identifier; what stands in another one is
            never an item.
    """
    known = {
        name: enumerations(each)
        for name, each in documents.items()
        if _may_hold_items(entries, each)
    }
    found: list[Entry] = []
    lists = 0
    at = 0
    while at < len(entries):
        count, opens = _list_from(entries[at:], known.get(entries[at].document_id, ()))
        lists += bool(count)
        for place, entry in enumerate(entries[at : at + max(count, 1)]):
            first = opens and not place
            found.append(replace(entry, list_id=lists, opens_list=first) if count else entry)
        at += max(count, 1)
    return found


def as_lists(entries: Sequence[Entry]) -> list[tuple[Entry, ...]]:
    """The entries in their order, those of one list together, all others by themselves."""
    together: list[tuple[Entry, ...]] = []
    for entry in entries:
        if entry.list_id and together and together[-1][-1].list_id == entry.list_id:
            together[-1] += (entry,)
        else:
            together.append((entry,))
    return together


def _may_hold_items(entries: Sequence[Entry], document: Document) -> bool:
    """Whether enough quotes begin where an item or a heading does; finding lists takes longer."""
    starts = {block.start for block in document.blocks if block.kind in ("item", "heading")}
    own = (each for each in entries if each.document_id == document.document_id)
    return sum(entry.start in starts for entry in own) >= FEWEST_ITEMS


def _list_from(entries: Sequence[Entry], known: Sequence[Enumeration]) -> tuple[int, bool]:
    """How many entries from the first on are one list, and whether the first announces it."""
    best = (0, False)
    for listed in known:
        first = entries[0]
        opens = bool(listed.lead) and listed.lead[0] <= first.start < listed.lead[1]  # type: ignore[index]
        places = list(listed.items)
        count = int(opens)
        for entry in entries[count:]:
            if entry.document_id != first.document_id or (entry.start, entry.end) not in places:
                break
            del places[: places.index((entry.start, entry.end)) + 1]
            count += 1
        if count - opens >= FEWEST_ITEMS and count > best[0]:
            best = (count, opens)
    return best
