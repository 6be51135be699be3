"""Markdown with YAML front matter: the markup is deleted, everything else stays as it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from typing import TYPE_CHECKING

from kb.errors import UnreadableFile
from kb.readers.blocks import rejoined
from kb.readers.decoding import decode
from kb.readers.facts import metadata_of
from kb.readers.lines import TextBuilder, compose, trimmed, unify_newlines
from kb.readers.markdown_inline import Piece, pieces_of
from kb.records import Block, BlockKind, Metadata, Reading

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Longer front matter is none: three dashes opened the text itself.
MAX_FRONT_MATTER_CHARS = 100_000

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|</?[a-zA-Z!?][^<>]*>",
                  re.S | re.I)  # fmt: skip
_INLINE_TAG = re.compile(
    r"(?i)<(?:!--|/?(?:a|abbr|b|cite|code|em|font|i|img|kbd|mark|q|s|small|span|strong|sub|sup|u)\b)"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:[ \t]*")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
# "## Trust {#trust}": identifier and class of a heading, as pandoc and kramdown write them.
_ATTRIBUTES = re.compile(r"[ \t]*\{[#.:][^{}\n]*\}[ \t]*$")
# Those of a picture or a paragraph, on a line of their own: "{.wide}", "{: .note}", '{width="9"}'.
_ATTRIBUTE_LINE = re.compile(r"(?:^|\n)[ \t]*\{(?:[#.:][^{}\n]*|[\w-]+=[\"'][^{}\n]*)\}[ \t]*$")
# Fenced in one of these languages stands the source of a drawing, which readers see drawn.
_DRAWN = frozenset("mermaid plantuml puml dot graphviz vega vega-lite d2 ditaa".split())


def read(content: bytes, *, name: str) -> Reading:
    """Text and structure of a Markdown file; front matter becomes metadata.

    Raises:
        UnreadableFile: Empty, binary, undecodable, or without any text.
    """
    raw, problems = decode(content, name=name)
    source, newline_spans = unify_newlines(raw)
    body, metadata, front_problems = _front_matter(source, name)
    page = _Page(source, body)
    page.add_all()
    text = page.builder.text()
    blocks = rejoined(text, (block for block in (trimmed(text, b) for b in page.blocks) if block))
    if not blocks and not body:
        raise UnreadableFile(f"{name} holds no text; expected Markdown")
    if not blocks:
        front_problems = (*front_problems, f"{name} holds front matter but no text")
    if metadata.title is None:
        first = next((b for b in blocks if b.kind == "heading" and b.level == 1), None)
        title = " ".join(text[first.start : first.end].split()) if first else None
        metadata = replace(metadata, title=title)
    spans = compose(page.builder.spans(), newline_spans)
    return Reading(text, blocks, spans, metadata, (*problems, *front_problems))


def _front_matter(source: str, name: str) -> tuple[int, Metadata, tuple[str, ...]]:
    """Where the text begins, what the front matter says, and what is wrong with it."""
    import yaml

    match = None
    if source.startswith("---"):
        match = _FRONT_MATTER.match(source, 0, MAX_FRONT_MATTER_CHARS)
    if not match or not re.search(r"^[^\s#:][^:\n]*:|^[{#]|\A\s*\Z", match[1] or "", re.M):
        return 0, Metadata(), ()
    try:
        # Every value stays the string that was written: "no" is no Boolean, 1.10 no number.
        facts = yaml.load(match[1] or "", Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 2}" if mark else ""
        return match.end(), Metadata(), (f"{name}: the front matter is not valid YAML{where}",)
    if not isinstance(facts, dict):
        wrong = f"{name}: the front matter holds no keys; expected lines such as title: …"
        return match.end(), Metadata(), (wrong,) if facts else ()
    metadata, problems = metadata_of(facts)
    return match.end(), metadata, tuple(f"{name}: front matter, {line}" for line in problems)


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # Escapes and entities stay tokens of their own, so that each keeps its raw form.
    parser.core.ruler.disable("text_join")
    return parser


@dataclass(slots=True)
class _Page:
    """Walks the tokens of one file and collects its text and blocks."""

    source: str
    body: int
    blocks: list[Block] = field(default_factory=list)
    builder: TextBuilder = field(init=False)
    _starts: list[int] = field(init=False)
    _end: int = field(init=False)
    _lists: list[bool] = field(default_factory=list)
    _fresh_item: bool = False
    _row: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self.builder = TextBuilder(self.source)
        self._end = self.body
        self._starts = [self.body]
        self._starts += [m.end() for m in re.finditer(r"[\n\r]", self.source[self.body :])]
        if self.body:
            self._starts[1:] = [start + self.body for start in self._starts[1:]]

    def add_all(self) -> None:
        """Adds every block of the file, in order."""
        parser = _parser()
        clean = self.source[self.body :].replace("\r", "\n").replace("\0", "\ufffd")
        for token, inline in _with_inline(parser.parse(clean)):
            if token.type in ("bullet_list_open", "ordered_list_open"):
                self._lists.append(token.type == "ordered_list_open")
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self._lists.pop()
            elif token.type == "list_item_open":
                self._fresh_item = True
            elif token.type == "tr_open":
                self._row = None
            elif token.type == "tr_close":
                self._close_row()
            elif token.type in ("fence", "code_block"):
                self._add_code(token)
            elif token.type == "html_block":
                self._add_html(token)
            elif inline is not None:
                self._add_inline(token, inline, parser)

    def _line(self, number: int) -> tuple[int, int]:
        """Start and end of a source line, the line feed left out."""
        if number + 1 < len(self._starts):
            return self._starts[number], self._starts[number + 1] - 1
        start = self._starts[number] if number < len(self._starts) else len(self.source)
        return start, len(self.source)

    def _open(self, start: int) -> int:
        """Parts the next block from the last by the line feeds between; where it begins."""
        at = self._end
        for _ in range(2 if self.builder.length else 0):
            feed = self.source.find("\n", at, start)
            if feed < 0:
                if at == self._end:
                    self.builder.insert("\n")
                break
            self.builder.keep(feed, feed + 1)
            at = feed + 1
        return self.builder.length

    def _add_inline(self, token: Token, inline: Token, parser: MarkdownIt) -> None:
        kind, level, ordered = self._kind(token)
        cell = token.type in ("th_open", "td_open")
        first, last = inline.map or (0, 0)
        content = inline.content
        places = self._places(content, first, self._end if cell else None)
        pieces = list(pieces_of(content, inline.children or [], parser))
        if kind == "item" and (task := _TASK.match(content)):
            pieces = _without(pieces, task.end())
        if not cell and (mark := self._attributes(kind, content)):
            pieces = [(low, min(high, mark.start()), text) for low, high, text in pieces
                      if low < mark.start()]  # fmt: skip
        if kind == "paragraph" and (note := _NOTE.match(content)):
            kind, pieces = "note", _without(pieces, note.end())
        begin = places[0][1] if places else self._end
        start = self._open_cell(begin) if cell else self._open(max(begin, self._end))
        self._keep(pieces, places, content)
        self._end = max(self._end, self._line(last - 1)[1] if not cell else begin + len(content))
        if not cell:
            block = Block(kind, start, self.builder.length, level)
            self.blocks.append(replace(block, ordered=ordered))

    def _attributes(self, kind: BlockKind, content: str) -> re.Match[str] | None:
        """The identifier, the classes and the like that an inline text ends with."""
        return (_ATTRIBUTES if kind == "heading" else _ATTRIBUTE_LINE).search(content)

    def _kind(self, token: Token) -> tuple[BlockKind, int, bool]:
        if token.type == "heading_open":
            return "heading", int(token.tag[1:]), False
        if self._fresh_item and self._lists:
            self._fresh_item = False
            return "item", len(self._lists), self._lists[-1]
        return "paragraph", 0, False

    def _open_cell(self, begin: int) -> int:
        """Cells of a row are parted by the bar that the source has between them."""
        if self._row is None:
            self._row = (self._open(max(begin, self._end)), begin)
            return self.builder.length
        bar = self.source.rfind("|", self._end, max(begin, self._end))
        if bar >= 0:
            low = bar - (self.source[bar - 1 : bar] in (" ", "\t") and bar > self._end)
            high = bar + 1 + (self.source[bar + 1 : bar + 2] in (" ", "\t"))
            self.builder.keep(low, high)
        return self.builder.length

    def _close_row(self) -> None:
        if self._row is not None:
            self.blocks.append(Block("table", self._row[0], self.builder.length))
        self._row = None

    def _places(self, content: str, line: int, after: int | None) -> list[tuple[int, int, int]]:
        """For each line of an inline text: offset in it, offset in the source, length."""
        places: list[tuple[int, int, int]] = []
        at = 0
        for number, part in enumerate(content.split("\n")):
            start, end = self._line(line + number)
            found = self.source.rfind(part, start, end)
            if after is not None:
                places.extend(self._cell_places(part, max(start, after), end))
                continue
            if number == 0:
                # A heading's words may come again at the end of its line.
                found = self.source.find(part, max(start, self._end), end)
            if found >= 0:
                places.append((at, found, len(part)))
            at += len(part) + 1
        return places

    def _cell_places(self, cell: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The stretches of a table cell between its bars, each of which is escaped."""
        found = self.source.find(cell.replace("|", "\\|"), start, end)
        at = 0
        for number, part in enumerate(cell.split("|") if found >= 0 else ()):
            length = len(part) + (number > 0)
            yield at, found + at + number, length
            at += length

    def _keep(
        self, pieces: Iterable[Piece], places: list[tuple[int, int, int]], content: str
    ) -> None:
        starts = [at for at, _, _ in places]
        for low, high, text in pieces:
            if text is not None:
                self.builder.insert(text)
                continue
            for start, end in _parts(starts, low, high):
                number = bisect_right(starts, start) - 1
                place = places[number] if number >= 0 else (0, len(self.source), 0)
                source = place[1] + start - place[0]
                if self.source[source : source + end - start] == content[start:end]:
                    self.builder.keep(source, source + end - start)
                else:
                    self.builder.insert(content[start:end])

    def _add_code(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        fenced = token.type == "fence"
        lines = token.content.removesuffix("\n").split("\n")
        start = None
        for number, part in enumerate(lines):
            low, high = self._line(first + fenced + number)
            found = self.source.rfind(part, low, high)
            begin = found if found >= 0 else low
            if start is None:
                start = self._open(max(begin, self._end))
            else:
                self.builder.keep(low - 1, low)
            if found >= 0 and part:
                self.builder.keep(found, found + len(part))
            else:
                self.builder.insert(part)
        language = token.info.strip("{} .").split(maxsplit=1)[:1]
        kind: BlockKind = "furniture" if _DRAWN.issuperset(language) and language else "code"
        self.blocks.append(Block(kind, start or 0, self.builder.length))
        self._fresh_item = False
        self._end = max(self._end, self._line(max(last - 1, 0))[1])

    def _add_html(self, token: Token) -> None:
        """The text between tags; every tag but those inside a line begins a paragraph."""
        first, last = token.map or (0, 0)
        low, high = max(self._line(first)[0], self._end), self._line(max(last - 1, 0))[1]
        start = None
        for begin, end, fresh in _between_tags(self.source, low, high):
            if not self.source[begin:end].strip():
                continue
            if start is None or fresh:
                self._close_html(start)
                start = self._open(begin)
            self._keep_decoded(begin, end)
            self._end = end
        self._close_html(start)
        self._end = max(self._end, high)

    def _close_html(self, start: int | None) -> None:
        if start is not None:
            self.blocks.append(Block("paragraph", start, self.builder.length))

    def _keep_decoded(self, start: int, end: int) -> None:
        for entity in _ENTITY.finditer(self.source, start, end):
            self.builder.keep(start, entity.start())
            self.builder.insert(unescape(entity.group()))
            start = entity.end()
        self.builder.keep(start, end)


def _with_inline(tokens: list[Token]) -> Iterator[tuple[Token, Token | None]]:
    """Each token with the inline token that follows it, if one does."""
    for token, after in zip(tokens, [*tokens[1:], None], strict=False):
        yield token, after if after is not None and after.type == "inline" else None


def _parts(starts: list[int], low: int, high: int) -> Iterator[tuple[int, int]]:
    """The stretch from `low` to `high`, parted where another place starts."""
    for cut in starts[bisect_right(starts, low) :]:
        if cut >= high:
            break
        yield low, cut
        low = cut
    if low < high:
        yield low, high


def _between_tags(source: str, low: int, high: int) -> Iterator[tuple[int, int, bool]]:
    """Stretches of HTML that are text, and whether a tag that breaks a line came before."""
    fresh = True
    for match in _TAG.finditer(source, low, high):
        yield low, match.start(), fresh
        if source[low : match.start()].strip():
            fresh = False
        fresh = fresh or not _INLINE_TAG.match(match.group())
        low = match.end()
    yield low, high, fresh


def _without(pieces: list[Piece], cut: int) -> list[Piece]:
    """The pieces from offset `cut` of the inline text on."""
    return [(max(low, cut), high, text) for low, high, text in pieces if high > cut]
