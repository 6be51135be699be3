"""`Document` to `Passage`s: by structure first, within what the model reads, offsets exact.

Blocks that share a heading path are packed together until the limit; a longer section is
cut by langchain's recursive splitter at paragraphs, then sentences, then words, and a list keeps
the sentence that announces it. Furniture belongs to no passage.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kb.records import Block, Document, Embedder, Locator, Passage
from kb.sentences import sentence_spans

CONTEXT_SEPARATOR = " › "
CHARS_PER_TOKEN = 4  # of English text, roughly
MINIMUM_TEXT_TOKENS = 64  # a long heading path is shortened rather than the text
# Where a section that is too long may be cut, best place first; a lookbehind keeps every
# character, so that the pieces add up to the section.
SEPARATORS = (
    r"(?<=\n\n)",
    r"(?<=\n)",
    r"(?<=[.!?]\s)",
    r"(?<=[;:]\s)",
    r"(?<=,\s)",
    r"(?<=\s)",
    "",
)


@dataclass(frozen=True, slots=True)
class _Section:
    """Neighbouring blocks under one heading path."""

    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    paragraph: int

    @property
    def start(self) -> int:
        return self.blocks[0].start

    @property
    def end(self) -> int:
        return self.blocks[-1].end


def split_document(
    document: Document, embedder: Embedder, *, limit: int = 256, overlap_chars: int = 0
) -> list[Passage]:
    """The document's passages in reading order.

    Args:
        document: With blocks; furniture is left out.
        embedder: Counts word pieces and states how many it reads.
        limit: Upper bound on word pieces of context and text together; the embedder's own
            bound holds where it is lower.
        overlap_chars: Characters repeated between pieces of one long section.

    Returns:
        Passages whose `text` is `document.text[start:end]`; empty if nothing but furniture
        is there.
    """
    limit = min(limit, embedder.max_tokens)
    count = _counter(embedder)
    passages: list[Passage] = []
    for section in _sections(document):
        context = _context(document.source.title, section.headings)
        while count(context) > limit - MINIMUM_TEXT_TOKENS and CONTEXT_SEPARATOR in context:
            context = context.split(CONTEXT_SEPARATOR, 1)[1]
        if count(context) > limit - MINIMUM_TEXT_TOKENS:
            context = ""
        budget = limit - count(context)
        ends = [block.end for block in section.blocks]
        for start, end in _pieces(document.text, section, budget, overlap_chars, count):
            first = bisect_right(ends, start)  # the block in which the piece begins
            passages.append(_passage(document, section, first, context, start, end, count))
    return passages


def locator_at(document: Document, offset: int) -> Locator:
    """Page, heading path and paragraph number of the block at an offset of the text."""
    path: list[tuple[int, str]] = []
    paragraph = 0
    page = None
    is_heading = False
    for block in document.blocks:
        if block.start > offset:
            break
        page, is_heading = block.page, block.kind == "heading"
        if block.kind == "heading":
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, document.text[block.start : block.end]))
        elif block.kind != "furniture":
            paragraph += 1
    # A heading is cited by the paragraph that it heads.
    return Locator(page, tuple(name for _, name in path), max(1, paragraph + is_heading))


def embedded_text(passage: Passage) -> str:
    """What the model and BM25 read: context, line break, text."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def _counter(embedder: Embedder) -> Callable[[str], int]:
    @lru_cache(maxsize=4096)
    def count(text: str) -> int:
        return embedder.count_tokens([text])[0] if text else 0

    return count


def _context(title: str, headings: Sequence[str]) -> str:
    path = [title, *headings]
    if len(path) > 1 and path[1].casefold() == title.casefold():
        path = path[1:]
    return CONTEXT_SEPARATOR.join(" ".join(part.split()) for part in path)


def _sections(document: Document) -> Iterator[_Section]:
    """Runs of blocks under one heading path, notes apart; a bare heading is its own run."""
    path: list[tuple[int, str]] = []
    run: list[Block] = []
    first_paragraph = 1
    paragraph = 0
    bare: Block | None = None

    def names(entries: list[tuple[int, str]]) -> tuple[str, ...]:
        return tuple(name for _, name in entries)

    for block in document.blocks:
        breaks = block.kind in ("heading", "furniture") or (
            bool(run) and (block.kind == "note") != (run[-1].kind == "note")
        )
        if breaks and run:
            yield _Section(names(path), tuple(run), first_paragraph)
            run = []
        if block.kind == "heading":
            if bare and path and path[-1][0] >= block.level:
                yield _Section(names(path[:-1]), (bare,), max(1, paragraph))
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, document.text[block.start : block.end]))
            bare = block
        elif block.kind != "furniture":
            bare = None
            paragraph += 1
            if not run:
                first_paragraph = paragraph
            run.append(block)
    if run:
        yield _Section(names(path), tuple(run), first_paragraph)
    if bare:
        yield _Section(names(path[:-1]), (bare,), max(1, paragraph))


def _pieces(
    text: str, section: _Section, budget: int, overlap_chars: int, count: Callable[[str], int]
) -> Iterator[tuple[int, int]]:
    whole = text[section.start : section.end]
    if count(whole) <= budget:
        yield section.start, section.end
        return
    # Imported here, since a question asked of a built index splits nothing.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    # Room for the repeated words, so that the overlap does not depend on how a piece ends.
    reserved = min(budget // 2, overlap_chars // CHARS_PER_TOKEN)
    splitter = RecursiveCharacterTextSplitter(
        separators=list(SEPARATORS),
        is_separator_regex=True,
        keep_separator=True,
        strip_whitespace=False,
        chunk_size=budget - 2 - reserved,  # a piece is counted with two special tokens of its own
        chunk_overlap=0,
        # A line break has no word piece; counted as nothing the splitter would repeat it.
        length_function=lambda piece: max(1, count(piece) - 2),
    )

    def fits(piece: str) -> bool:
        return count(piece) <= budget

    spans, position = [], 0
    for piece in splitter.split_text(whole):
        start, end = position, position + len(piece)
        position = end
        while start < end and whole[start].isspace():
            start += 1
        while end > start and whole[end - 1].isspace():
            end -= 1
        if end > start:
            spans.append((start, end))
    for start, end in _with_leads(whole, section, spans, fits):
        first = _repeating(whole, start, end, overlap_chars, fits)
        yield section.start + first, section.start + end


def _with_leads(
    whole: str,
    section: _Section,
    spans: Sequence[tuple[int, int]],
    fits: Callable[[str], bool],
) -> list[tuple[int, int]]:
    """The pieces, those that begin with a list led by the sentence that announces it.

    The sentence stays where it is if the list leaves no room for it, or nothing would stay before
    it.
    """
    leads = {
        block.start - section.start: sentence_spans(whole, *_within(before, section))[-1][0]
        for before, block in pairwise(section.blocks)
        if (before.kind, block.kind) == ("paragraph", "item")
    }
    moved = list(spans)
    for number, (start, end) in enumerate(spans[1:], start=1):
        lead = leads.get(start)
        before = moved[number - 1]
        if lead is not None and lead > before[0] and fits(whole[lead:end]):
            moved[number - 1] = (before[0], before[0] + len(whole[before[0] : lead].rstrip()))
            moved[number] = (lead, end)
    return moved


def _within(block: Block, section: _Section) -> tuple[int, int]:
    """Start and end of a block in the section's text."""
    return block.start - section.start, block.end - section.start


def _repeating(
    whole: str, start: int, end: int, overlap_chars: int, fits: Callable[[str], bool]
) -> int:
    """Start of the piece once it repeats as many words before it as it may hold."""
    for first in range(max(0, start - overlap_chars), start):
        begins_word = not whole[first].isspace() and (first == 0 or whole[first - 1].isspace())
        if begins_word and fits(whole[first:end]):
            return first
    return start


def _passage(
    document: Document,
    section: _Section,
    first: int,
    context: str,
    start: int,
    end: int,
    count: Callable[[str], int],
) -> Passage:
    text = document.text[start:end]
    identity = f"{document.document_id}\0{start}\0{end}\0{context}\0{text}"
    return Passage(
        passage_id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        document_id=document.document_id,
        start=start,
        end=end,
        text=text,
        context=context,
        locator=Locator(section.blocks[first].page, section.headings, section.paragraph + first),
        tokens=count(f"{context}\n{text}" if context else text),
    )
