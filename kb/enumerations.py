"""Lists that a document holds: runs of items, sibling headings, and sentences that name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.records import Block, Document
from kb.sentences import sentence_spans

MINIMUM_ITEMS = 2
MAXIMUM_ITEMS = 30
FEWEST_SPOKEN = 3  # members; two things joined by "and" are no list
# "The four bases are a, b, c and d", "… names five shifts: a; b; c; d and e".
_SPOKEN = re.compile(
    r"(?P<head>[^:;]{8,220}?)(?::\s|,?\s(?:which\s|they\s)?"
    r"(?:are|were|include|includes|namely|comprises?)\s)"
    r"(?P<tail>[^:]{10,600})[.;]?$",
    re.DOTALL,
)
# What is named must be announced by its number or by a word for members.
_ANNOUNCES = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}|qualities|roles|"
    r"principles|benefits|lessons|steps|stages|phases|styles|types|kinds|forms|bases|elements|"
    r"components|characteristics|practices|behaviou?rs|factors|conditions|dimensions|levels|modes|"
    r"traits|skills|barriers|mechanisms|shifts|ways|parts|functions|tasks|values|disciplines|"
    r"domains|criticisms|advantages|capabilities|competenc\w+|needs|companies|strategies)\b",
    re.IGNORECASE,
)
# Headings above pointers to other texts.
ELSEWHERE = re.compile(
    r"\b(related|see also|further reading|references|bibliography|notes)\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"[,;]\s+(?:and\s+|or\s+)?|\s+and\s+")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list in a document.

    Attributes:
        lead: Span of the sentence that announces it; None if there is none.
        headings: Texts of the headings above it, outermost first.
        items: Spans of the items in reading order, each the item's first sentence or the
            heading; empty if the lead itself names the members.
        named: How many members the lead names, if it does so itself.
        announcement: Span of the words that say what is listed: the lead, or its part
            before the members.
    """

    lead: tuple[int, int] | None
    headings: tuple[str, ...]
    items: tuple[tuple[int, int], ...]
    named: int = 0
    announcement: tuple[int, int] | None = None

    @property
    def size(self) -> int:
        """Members of the list."""
        return len(self.items) or self.named


def enumerations(document: Document) -> list[Enumeration]:
    """Every list of the document in reading order, furniture apart."""
    blocks = [block for block in document.blocks if block.kind != "furniture"]
    return [
        *_item_lists(document, blocks),
        *_heading_lists(document, blocks),
        *_spoken_lists(document, blocks),
    ]


def _item_lists(document: Document, blocks: list[Block]) -> Iterator[Enumeration]:
    path: list[tuple[int, str]] = []
    position = 0
    while position < len(blocks):
        block = blocks[position]
        if block.kind == "heading":
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, document.text[block.start : block.end]))
        if block.kind != "item":
            position += 1
            continue
        last = position
        while last < len(blocks) and blocks[last].kind == "item":
            last += 1
        run = [item for item in blocks[position:last] if item.level <= block.level]
        points_elsewhere = bool(path) and ELSEWHERE.search(path[-1][1])
        if MINIMUM_ITEMS <= len(run) <= MAXIMUM_ITEMS and not points_elsewhere:
            lead = _lead(document, blocks, position)
            items = tuple(sentence_spans(document.text, b.start, b.end)[0] for b in run)
            yield Enumeration(lead, tuple(name for _, name in path), items, announcement=lead)
        position = last


def _lead(document: Document, blocks: list[Block], position: int) -> tuple[int, int] | None:
    if position == 0 or blocks[position - 1].kind != "paragraph":
        return None
    before = blocks[position - 1]
    return sentence_spans(document.text, before.start, before.end)[-1]


def _heading_lists(document: Document, blocks: list[Block]) -> Iterator[Enumeration]:
    headings = [number for number, block in enumerate(blocks) if block.kind == "heading"]
    for at, parent in enumerate(headings):
        level = blocks[parent].level
        children: list[int] = []
        for number in headings[at + 1 :]:
            if blocks[number].level <= level:
                break
            if not children or blocks[number].level <= blocks[children[0]].level:
                children.append(number)
        # Headings that head others are an outline, not a list.
        deepest = max((blocks[number].level for number in _below(blocks, headings[at:])), default=0)
        is_list = all(blocks[number].level == deepest for number in children)
        if is_list and MINIMUM_ITEMS <= len(children) <= MAXIMUM_ITEMS:
            lead = None
            between = blocks[parent + 1 : children[0]]
            if between and between[0].kind == "paragraph":
                spans = sentence_spans(document.text, between[0].start, between[0].end)
                lead = spans[0]
            yield Enumeration(
                lead,
                _path_to(document, blocks, parent),
                tuple((blocks[number].start, blocks[number].end) for number in children),
                announcement=lead,
            )


def _below(blocks: list[Block], headings: list[int]) -> Iterator[int]:
    """Positions of the headings below the first one."""
    for number in headings[1:]:
        if blocks[number].level <= blocks[headings[0]].level:
            return
        yield number


def _path_to(document: Document, blocks: list[Block], position: int) -> tuple[str, ...]:
    path: list[str] = []
    level = blocks[position].level + 1
    for block in reversed(blocks[: position + 1]):
        if block.kind == "heading" and block.level < level:
            path.append(document.text[block.start : block.end])
            level = block.level
    return tuple(reversed(path))


def names_several(sentence: str) -> bool:
    """Whether the sentence itself names the members of a list."""
    return bool(_members(_SPOKEN.match(sentence)))


def _members(found: re.Match[str] | None) -> list[str]:
    """The members that a sentence names; [] if it announces none."""
    if found is None or not _ANNOUNCES.search(found["head"]):
        return []
    members = _BETWEEN.split(found["tail"])
    return members if len(members) >= FEWEST_SPOKEN else []


def _spoken_lists(document: Document, blocks: list[Block]) -> Iterator[Enumeration]:
    for position, block in enumerate(blocks):
        if block.kind != "paragraph":
            continue
        for start, end in sentence_spans(document.text, block.start, block.end):
            found = _SPOKEN.match(document.text, start, end)
            members = _members(found)
            if found and members and len(members) <= MAXIMUM_ITEMS:
                yield Enumeration(
                    (start, end),
                    _path_to(document, blocks, position),
                    (),
                    named=len(members),
                    announcement=found.span("head"),
                )
