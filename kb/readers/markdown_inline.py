"""The text of one line of Markdown: what is kept of it, and what is markup between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_REFERENCE = re.compile(r"(?m)^\[\^[^\]\s]{1,40}\]:[ \t]*|\[\^[^\]\s]{1,40}\]")
_BREAK = re.compile(r"\\?[ \t]*\n[ \t]*")

# A stretch that is kept of an inline text, or characters that stand for it.
Piece = tuple[int, int, str | None]


def pieces_of(content: str, children: list[Token], parser: MarkdownIt) -> Iterator[Piece]:
    """What is kept of an inline text; everything between two pieces is markup."""
    at = 0
    for child in children:
        match child.type:
            case "text":
                start = content.find(child.content, at)
                if start < 0:
                    yield at, at, _REFERENCE.sub("", child.content)
                    continue
                at = start + len(child.content)
                yield from _without_references(content, start, at)
            case "text_special":
                at, start = at + len(child.markup), at
                if child.info == "escape" and content[at - 1] == child.content:
                    yield at - 1, at, None
                else:
                    yield start, at, child.content
            case "softbreak" | "hardbreak":
                if found := _BREAK.match(content, at):
                    feed = content.index("\n", at)
                    yield feed, feed + 1, None
                    at = found.end()
            case "code_inline":
                at, span = _code_span(content, at, child)
                yield span
            case "html_inline":
                at += len(child.content)
            case "link_open":
                at += 1
            case "link_close":
                at = (
                    content.find(">", at) + 1
                    if child.markup == "autolink"
                    else _after_link(content, at, parser)
                )
            case "image":
                at = _after_link(content, at + 2 + len(child.content), parser)
            case _:
                at += len(child.markup)


def _without_references(content: str, start: int, end: int) -> Iterator[Piece]:
    for match in _REFERENCE.finditer(content, start, end):
        yield start, match.start(), None
        start = match.end()
    yield start, end, None


def _code_span(content: str, at: int, child: Token) -> tuple[int, Piece]:
    """Where a code span ends, and its inner text without the one space of padding."""
    ticks = len(child.markup)
    low = at + ticks
    high = low + len(child.content)
    if (
        content[high : high + ticks] != child.markup
        or content[low:high].replace("\n", " ") != child.content
    ):
        low, high = low + 1, high + 1  # a space of padding on both sides
        return high + 1 + ticks, (low, high, None)
    return high + ticks, (low, high, None)


def _after_link(content: str, at: int, parser: MarkdownIt) -> int:
    """The offset after the closing bracket at `at` and the destination that follows it."""
    at += 1
    following = content[at : at + 1]
    if following == "(":
        end = _after_destination(content, at + 1, parser)
        if end:
            return end
    elif following == "[":
        close = content.find("]", at)
        return close + 1 if close >= 0 else at
    return at


def _after_destination(content: str, at: int, parser: MarkdownIt) -> int:
    """The offset after `(destination "title")`, or 0 if it is none."""
    helpers: Any = parser.helpers
    limit = len(content)
    at = _skip_space(content, at)
    destination = helpers.parseLinkDestination(content, at, limit)
    if destination.ok:
        at = destination.pos
    spaced = _skip_space(content, at)
    if spaced > at:
        title = helpers.parseLinkTitle(content, spaced, limit)
        at = _skip_space(content, title.pos) if title.ok else spaced
    return at + 1 if content[at : at + 1] == ")" else 0


def _skip_space(content: str, at: int) -> int:
    while at < len(content) and content[at] in " \t\n":
        at += 1
    return at
