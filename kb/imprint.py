"""What a source prints of itself: who wrote it, and when, in lines that are no part of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Literal

from kb.lexical import terms
from kb.readers.bylines import byline_names, date_year, origin
from kb.records import Block, Document, Source

Asks = Literal["who", "when"]
Span = tuple[int, int]

_TEXT = (
    r"(?:article|(?:blog\s?)?post|blog|piece|text|paper|essay|report|page|chapter|excerpt|"
    r"document|interview|source)"
)
_WHO = re.compile(
    r"^\W*(?:who\s+(?:wrote|authored|penned)|by\s+whom\s+(?:is|was)|"
    r"who(?:['’]s|\s+(?:is|are|was|were))\s+the\s+(?:authors?|writers?)\s+(?:of|behind))\s+"
    r"(?P<of>.+)$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^\W*(?:when|(?:(?:in|on|from)\s+)?(?:what|which)\s+(?:date|day|year))\s+(?:is|was|did)\s+"
    r"(?P<of>.+?)\s+(?:from|written|published|posted|released|appear|come\s+out|put\s+(?:up|out|online))\b",
    re.IGNORECASE,
)
_OF_TEXT = re.compile(
    rf"^(?:the|this|that|[\w-]+['’]s?)\s+(?:[\w-]+\s+){{0,4}}?(?P<text>{_TEXT})\b", re.IGNORECASE
)
_CALLED = re.compile(r"\b(?:called|titled|entitled|written|published|posted)\b", re.IGNORECASE)
SURE = 0.9  # confidence in such a line: all of a dozen tries on five articles were right
SHORT_TITLE = 2  # stems; a title of so few may be the name of what it is about
HEAD_BLOCKS, TAIL_BLOCKS = 12, 4  # at a source's ends, where such lines stand; unmeasured


def asks_of_source(text: str) -> tuple[Asks, frozenset[str], bool] | None:
    """Whether it is asked for who wrote a source, or when; of which, as stems; if it calls it one.

    "Who wrote the article on trust?" calls it an article, "Who wrote The Nature of Trust?" does
    not. No stems are left of "this article".
    """
    found = _WHO.match(text) or _WHEN.match(text)
    if not found:
        return None
    called = _OF_TEXT.match(found["of"])
    of = found["of"]
    if called:
        of = of[: called.start("text")] + of[called.end("text") :]
    kind: Asks = "who" if found.re is _WHO else "when"
    return kind, frozenset(terms(_CALLED.sub("", of))), called is not None


def is_meant(stems: frozenset[str], is_called: bool, source: Source) -> bool:
    """Whether a source's title, authors and file name hold all of the stems.

    One that is called by its title alone is meant where the title has no other words.

    Args:
        stems: Of what is asked for, as `asks_of_source` finds them.
        is_called: A text, by its kind.
        source: That may be meant.
    """
    if is_called:
        names = (source.title, *source.metadata.authors, PurePosixPath(source.path).stem)
        return bool(stems) and stems <= set(terms(" ".join(names)))
    titles = (source.title, source.title.split(":")[0])
    return len(stems) > SHORT_TITLE and any(stems == set(terms(title)) for title in titles)


def printed(asks: Asks, document: Document) -> tuple[Span, tuple[Span, ...]] | None:
    """The line that tells who wrote a document, or when, and the authors' names in it.

    Offsets of the names are those in the line. None where it prints no such line.
    """
    known = document.source.metadata
    if asks == "when":
        ends = (*document.blocks[:HEAD_BLOCKS], *document.blocks[HEAD_BLOCKS:][-TAIL_BLOCKS:])
        for start, end in _lines(document, ends):
            year = date_year(document.text[start:end])
            if year and known.year in (None, year):
                return (start, end), ()
        return None
    for start, end in _lines(document, document.blocks):
        line = document.text[start:end]
        found = ((line.find(name), name) for name in known.authors)
        names = tuple((at, at + len(name)) for at, name in found if at >= 0)
        if names and (byline_names(line) or origin(line)[0]):
            return (start, end), names
    return None


def _lines(document: Document, blocks: Iterable[Block]) -> Iterator[Span]:
    """Spans of the blocks' lines, no white space around them."""
    for block in blocks:
        for line in re.finditer(r"\S[^\n]*(?<=\S)", document.text[block.start : block.end]):
            yield block.start + line.start(), block.start + line.end()
