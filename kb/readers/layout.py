"""Lines on pages → text in reading order with headings, paragraphs, lists and tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kb.readers.lines import INVISIBLE, TextBuilder
from kb.readers.units import BULLET, NUMBER, number_value
from kb.records import Block, BlockKind
from kb.sentences import sentence_spans

# Shares of a page's height in which running heads and feet stand.
HEAD_SHARE = 0.12
# A column holds at least so many lines, and they are at least so wide on average.
COLUMN_LINES = 5
COLUMN_WIDTH_SHARE = 0.2
# A heading is so much larger than the text, and no longer than so many words.
HEADING_SIZE = 1.12
HEADING_WORDS = 20
BOLD_HEADING_WORDS = 14
# Lines of a paragraph are at most so many sizes apart. Word's double spacing is 2.3.
LEADING_SIZES = 1.9
HEADING_LINES = 4
# Code within a sentence may be so much smaller than the words round it.
CODE_SIZE = 0.1
# Lines of a heading that fills its line are at most so many sizes apart.
HEADING_LEADING_SIZES = 1.5
# A page's last line without a full stop goes on if it fills so much of its column; unmeasured.
LONG_SHARE = 0.85
# Paragraphs are parted by white space if so many steps between lines are wider than usual.
SPACED_SHARE = 0.08
# How many paragraphs back the item before may stand in a numbered list.
LIST_REACH = 80

_SPECIAL = re.compile("[\xad\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BROKEN = re.compile("((?:[^\\W\\d_]+[-\u2010])*[^\\W\\d_]+)[-\u2010\xad\ufffe\x02]$")
_BROKEN_ENDS = ("-", "\u2010", "\xad", "\ufffe", "\x02")
_URL_END = re.compile("(?:https?://|www\\.)\\S*[-/_=&?\ufffe\x02]$")
_TIGHT_END = re.compile("[\\w)\\]”’\"'][—–][\ufffe\x02]?$|\\d[-\ufffe\x02]$")
# "short- and long-term": the hyphen stays, and so does the space.
_SUSPENDED = re.compile("\\s*(?:and|or|to|und|oder|y|o|et|ou)\\b(?!-)")
# Addresses are broken without a hyphen; what goes on with one has its signs.
_URL_OPEN = re.compile("(?:https?://|www\\.|%20)\\S*[^\\s.,;:)]$")
_URL_REST = re.compile("\\s*(?=\\S*[/=&%?_.-]\\S)[\\w/=&%?#~+][^\\s]{3,}")
_TIGHT_START = re.compile("\\s*—(?:\\S|$)")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_PAGE_NUMBER = re.compile(
    r"(?i)[-–—|•\s]*(?:page\s*|p\.\s*)?(\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/)\s*\d{1,4})?[-–—|•\s]*"
)
_DIGITS = re.compile(r"\d{1,6}")
_HYPHEN_KEEPERS = frozenset(
    ["self", "non", "well", "co", "ex", "cross", "all", "high", "low", "long", "short", "half"]
)
# Words within a compound ("day-to-day"); no broken word goes on with one.
_LINKS = frozenset(["to", "of", "in", "by", "the", "and", "or", "for", "up", "off", "down"])
_SENTENCE_END = re.compile(r"[.!?:;…][\"”’')\]]*$")


@dataclass(slots=True)
class Line:
    """A line, or a part of one that stands apart; lengths are in points.

    Attributes:
        page: Number of its page, from 0.
        start: Offset in the raw text of the document.
        text: Its characters, a hyphen at the line end as pdfium marks it.
        baseline: Distance from the foot of the page.
        size: Size of its font as shown.
        cells: The parts that stand beside it on the same baseline.
    """

    page: int
    start: int
    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    cells: list[Line] = field(default_factory=list)
    column: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True)
class PageLines:
    """What was read of one page; `label` is empty where the file prints none."""

    number: int
    label: str
    text: str
    width: float
    height: float
    lines: list[Line]
    is_image: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of all pages with its blocks and the runs that lead to the raw text."""

    text: str
    blocks: tuple[Block, ...]
    raw_spans: tuple[tuple[int, int, int], ...]


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line]
    kind: BlockKind
    level: int = 0
    ordered: bool = False
    marker: int = 0  # characters of the bullet or number


def lay_out(pages: list[PageLines], outline: dict[str, int]) -> Layout:
    """The pages as one text; `outline` gives the levels, from 0, of the file's bookmarks."""
    running = _running(pages)
    labels = _labels(pages)
    body_size = _body_size(pages)
    ordered = [
        _in_reading_order([line for line in page.lines if id(line) not in running])
        for page in pages
    ]
    spacing = _paragraph_spacing(ordered)
    paragraphs: list[_Paragraph] = []
    waiting: list[_Paragraph] = []
    for page, lines in zip(pages, ordered, strict=True):
        waiting += [_Paragraph([line], "furniture") for line in page.lines if id(line) in running]
        for line in lines:
            numbered = _number_follows(line, paragraphs)
            if (
                paragraphs
                and not numbered
                and not _is_bookmark(paragraphs[-1], outline)
                and _continues(paragraphs[-1], line, spacing, HEADING_SIZE * body_size)
            ):
                paragraphs[-1].lines.append(line)
                continue
            # A paragraph may go on over the foot of one page and the head of the next.
            paragraphs += waiting
            waiting = []
            paragraphs.append(_opened(line, numbered=numbered))
    paragraphs = _with_whole_bookmarks(paragraphs + waiting, outline)
    _mark_headings(paragraphs, body_size, outline)
    _set_item_levels(paragraphs)
    raw = "\f".join(page.text for page in pages)
    return _written(paragraphs, raw, labels)


def _running(pages: list[PageLines]) -> set[int]:
    """Running heads, feet and page numbers, by identity.

    A line is one if its words, or its words with a number that counts with the pages, stand
    in the head or foot of several pages.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    zones: list[tuple[Line, list[tuple[object, ...]]]] = []
    for page in pages:
        keys_of_page = set()
        for line in page.lines:
            high = line.baseline > (1 - HEAD_SHARE) * page.height
            if high or line.baseline < HEAD_SHARE * page.height:
                words = " ".join(line.text.casefold().split())
                masked = _DIGITS.sub("#", words)
                keys: list[tuple[object, ...]] = [(high, words)]
                keys += [(high, masked, place, int(number) - page.number)
                         for place, number in enumerate(_DIGITS.findall(words)[:8])]  # fmt: skip
                zones.append((line, keys))
                keys_of_page.update(keys)
        seen.update(keys_of_page)
    enough = 2 if len(pages) <= 4 else 3
    return {
        id(line)
        for line, keys in zones
        if _PAGE_NUMBER.fullmatch(line.text)
        or (len(pages) > 1 and any(seen[key] >= enough for key in keys))
    }


def _labels(pages: list[PageLines]) -> list[str]:
    """The page numbers as printed: the file's labels, else those in heads and feet."""
    if any(page.label for page in pages):
        return [page.label or str(page.number + 1) for page in pages]
    shifts: Counter[int] = Counter()
    for page in pages:
        numbers = set()
        for line in page.lines:
            edge = min(line.baseline, page.height - line.baseline) < HEAD_SHARE * page.height
            match = _PAGE_NUMBER.fullmatch(line.text) if edge else None
            if match and match[1].isdigit():
                numbers.add(int(match[1]) - page.number)
        shifts.update(numbers)
    shift, count = shifts.most_common(1)[0] if shifts else (1, 0)
    if count < max(3, 0.6 * len(pages)):
        shift = 1
    return [str(page.number + max(shift, 1 - page.number)) for page in pages]


def _body_size(pages: list[PageLines]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _in_reading_order(lines: list[Line]) -> list[Line]:
    """Columns from left to right between the lines that cross them, else from the top."""
    if not lines:
        return []
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    gutters = _gutters(lines, left, right)
    edges = [left, *((low + high) / 2 for low, high in gutters), right + 1]
    columns: list[list[Line]] = [[] for _ in edges[1:]]
    ordered: list[Line] = []
    for line in sorted(lines, key=lambda line: (-line.baseline, line.left)):
        crosses = any(line.left < low and line.right > high for low, high in gutters)
        if crosses:
            for column in columns:
                ordered += column
                column.clear()
            line.column = (left, right)
            ordered.append(line)
            continue
        place = sum(line.left >= edge for edge in edges[1:-1])
        columns[place].append(line)
    for column in columns:
        ordered += column
    _set_columns(ordered, edges)
    return _without_spread_pairs(_rows(ordered))


def _gutters(lines: list[Line], left: float, right: float) -> list[tuple[float, float]]:
    """White stripes between columns of text."""
    width = right - left
    narrow = sorted((line for line in lines if line.right - line.left < 0.6 * width),
                    key=lambda line: line.left)  # fmt: skip
    if len(narrow) < max(2 * COLUMN_LINES, 0.5 * len(lines)):
        return []
    stripes = []
    reach = narrow[0].right
    size = sorted(line.size for line in narrow)[len(narrow) // 2]
    for line in narrow:
        if line.left - reach > 0.6 * size:
            stripes.append((reach, line.left))
        reach = max(reach, line.right)
    edges = [left, *((low + high) / 2 for low, high in stripes), right]
    for low, high in pairwise(edges):
        inside = [line for line in narrow if low <= line.left < high]
        widths = sum(line.right - line.left for line in inside)
        if len(inside) < COLUMN_LINES or widths < COLUMN_WIDTH_SHARE * width * len(inside):
            return []
    return stripes


def _set_columns(lines: list[Line], edges: list[float]) -> None:
    """Tells each line the sides of its column, to see whether it is a full one."""
    groups: dict[int, list[Line]] = {}
    for line in lines:
        if line.column == (0.0, 0.0):
            groups.setdefault(sum(line.left >= edge for edge in edges[1:-1]), []).append(line)
    for group in groups.values():
        sides = (min(line.left for line in group), max(line.right for line in group))
        for line in group:
            line.column = sides


def _rows(lines: list[Line]) -> list[Line]:
    """Lines beside each other become one with cells."""
    rows: list[Line] = []
    for line in lines:
        last = rows[-1] if rows else None
        beside = last and abs(last.baseline - line.baseline) < 0.4 * min(last.size, line.size)
        if last and beside and line.left >= last.left and last.column == line.column:
            last.cells.append(line)
            last.right = max(last.right, line.right)
        else:
            rows.append(line)
    return rows


def _without_spread_pairs(lines: list[Line]) -> list[Line]:
    """Two words at the two sides of a column, below a line that fills it, are one justified line.

    In the raw text a space stands between the two.
    """
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        goes_on = not after.cells or not re.search(r"[.!?]\W*$", before.text.rstrip())
        reaches = not before.cells and abs(before.right - line.right) < 0.5 * line.size
        if _is_pair(line) and reaches and goes_on and line.left - before.left < 3 * line.size:
            _join_pair(line)
    for line, after in reversed(list(pairwise(lines))):
        heads = line.bold and after.bold and after.size == line.size and not after.cells
        if _is_pair(line) and heads and abs(after.left - line.left) < 0.5 * line.size:
            _join_pair(line)
    return lines


def _join_pair(line: Line) -> None:
    word = line.cells.pop()
    line.text += " " * (word.start - line.start - len(line.text)) + word.text


def _is_pair(line: Line) -> bool:
    """Whether a line is one word at each side of its column, and no row of figures."""
    if len(line.cells) != 1 or line.column[1] - line.right > 0.5 * line.size:
        return False
    words = [*line.text.split(), *line.cells[0].text.split()]
    if BULLET.match(line.text):
        del words[0]
    return len(words) == 2 and not words[1].isdigit()


def _opened(line: Line, *, numbered: bool) -> _Paragraph:
    """The paragraph, item or row that a line opens."""
    text = line.text.strip(INVISIBLE)
    bullet = BULLET.match(text)
    if bullet and bullet.end() < len(text):
        return _Paragraph([line], "item", 1, False, bullet.end())
    if bullet and bullet.end() == len(text) and line.cells:
        return _Paragraph([line], "item", 1, False, len(line.text))
    if numbered and (match := NUMBER.match(text + " x")):
        return _Paragraph([line], "item", 1, True, min(match.end(), len(line.text)))
    if line.cells:
        return _Paragraph([line], "table")
    return _Paragraph([line], "paragraph")


def _number_follows(line: Line, before: list[_Paragraph]) -> bool:
    """Whether the line opens with 1, or counts on from an item that stands as far left."""
    match = NUMBER.match(line.text.strip(INVISIBLE) + " x")
    if not match:
        return False
    value = number_value(match)
    if value in (1, 1001, 2001):
        last = before[-1].lines[-1] if before else None
        return last is None or not _is_full(last, line) or bool(_SENTENCE_END.search(last.text))
    for paragraph in reversed(before[-LIST_REACH:]):
        first = paragraph.lines[0]
        if paragraph.ordered and abs(first.left - line.left) < 1.5 * line.size:
            previous = NUMBER.match(first.text.strip(INVISIBLE) + " x")
            return bool(previous and number_value(previous) + 1 == value)
    return False


def _is_full(line: Line, after: Line) -> bool:
    """Whether the next line's first word would not have fitted onto the line."""
    words = after.text.split(None, 1)
    width = (after.right - after.left) * len(words[0]) / max(1, len(after.text)) if words else 0
    return line.right + width + 0.2 * line.size > line.column[1]


def _paragraph_spacing(pages: list[list[Line]]) -> float | None:
    """Where white space parts the paragraphs: the most that lines within one are apart, in sizes.

    None where paragraphs follow each other as closely as their lines.
    """
    steps: Counter[float] = Counter()
    for lines in pages:
        for before, after in pairwise(lines):
            step = (before.baseline - after.baseline) / before.size
            if before.size == after.size and before.column == after.column and 0 < step < 3:
                steps[round(step, 1)] += 1
    if not steps:
        return None
    common = steps.most_common(1)[0][0]
    wider = sum(count for step, count in steps.items() if step > 1.2 * common)
    return 1.1 * common if wider >= SPACED_SHARE * steps.total() else None


def _continues(paragraph: _Paragraph, line: Line, spacing: float | None, large: float) -> bool:
    """Whether the line goes on with the paragraph above it; headings are `large` or bold."""
    last = paragraph.lines[-1]
    text = line.text.strip(INVISIBLE)
    if paragraph.kind == "table" or line.cells:
        return False
    full = _is_full(last, line)
    ended = bool(_SENTENCE_END.search(last.text.rstrip()))
    runs_on = full and not ended
    if BULLET.match(text) and not (runs_on and _is_dash_within(paragraph, line)):
        return False
    if not _same_font(last, line, runs_on=runs_on):
        return False
    if last.page != line.page or line.baseline > last.baseline + 0.5 * line.size:
        # Over a page's end, or up into the next column.
        long = last.right - last.column[0] > LONG_SHARE * (last.column[1] - last.column[0])
        open_end = not ended or (full and last.text.rstrip()[-1] in ":;")
        return text[:1].islower() or (open_end and (full or long))
    wraps = full and not ended and (last.bold or last.size >= large)
    allowed = spacing or LEADING_SIZES
    if wraps:  # a heading's font may stand wider than the text's
        allowed = max(allowed, HEADING_LEADING_SIZES)
    if last.baseline - line.baseline > allowed * max(last.size, line.size):
        return False
    first = paragraph.lines[0]
    if paragraph.kind == "item" and line.left > first.left + 0.3 * line.size:
        return True
    indented = line.left > last.left + 0.6 * line.size
    if indented and ended and len(paragraph.lines) > 1:
        return False
    hanging = line.left < last.left - 0.6 * line.size
    if hanging and paragraph.kind == "item" and ended:
        return False
    return bool(spacing) or full or not ended or text[:1].islower()


def _same_font(last: Line, line: Line, *, runs_on: bool) -> bool:
    """Whether two lines are of one size and weight, apart from code or emphasis in a sentence."""
    difference = abs(last.size - line.size)
    if last.bold != line.bold:
        emphasis = runs_on and line.text.strip(INVISIBLE)[:1].islower()
        return emphasis and difference < 0.04 * last.size
    return difference <= (CODE_SIZE if runs_on else 0.08) * last.size


def _is_dash_within(paragraph: _Paragraph, line: Line) -> bool:
    """Whether a dash at the start of a line is part of the sentence and no bullet."""
    first = paragraph.lines[-1]
    return line.text.lstrip(INVISIBLE)[0] in "–—" and abs(line.left - first.left) < 0.3 * line.size


def _is_bookmark(paragraph: _Paragraph, outline: dict[str, int]) -> bool:
    """Whether the words so far are a bookmark's; `_with_whole_bookmarks` adds what is missing."""
    return bool(outline) and len(paragraph.lines) < HEADING_LINES and _plain(paragraph) in outline


def _with_whole_bookmarks(
    paragraphs: list[_Paragraph], outline: dict[str, int]
) -> list[_Paragraph]:
    """Joins two lines whose words together are a bookmark's; a heading's lines stand wider."""
    joined: list[_Paragraph] = []
    for paragraph in paragraphs:
        last = joined[-1] if joined else None
        short = last is not None and len(last.lines) + len(paragraph.lines) <= HEADING_LINES
        if last and short and f"{_plain(last)} {_plain(paragraph)}" in outline:
            last.lines += paragraph.lines
        else:
            joined.append(paragraph)
    return joined


def _mark_headings(paragraphs: list[_Paragraph], body_size: float, outline: dict[str, int]) -> None:
    """Larger or bold short lines; bookmarks of the same words give the level."""
    bold_share = sum(p.lines[0].bold for p in paragraphs) / max(1, len(paragraphs))
    candidates: list[tuple[_Paragraph, float]] = []
    for paragraph in paragraphs:
        words = " ".join(line.text for line in paragraph.lines).split()
        if paragraph.kind not in ("paragraph", "item") or len(words) > HEADING_WORDS:
            continue
        first = paragraph.lines[0]
        plain = _plain(paragraph)
        large = first.size >= HEADING_SIZE * body_size
        bold = first.bold and len(words) <= BOLD_HEADING_WORDS and bold_share < 0.5
        open_end = words[-1][-1] not in ".,;:" and any(map(str.isalpha, plain))
        if plain in outline or ((large or bold) and open_end):
            candidates.append((paragraph, round(first.size * 2) / 2 + 0.1 * first.bold))
    _set_heading_levels(candidates, outline)


def _set_heading_levels(
    candidates: list[tuple[_Paragraph, float]], outline: dict[str, int]
) -> None:
    """Ranks of size and weight; among equals the depth of the bookmark decides."""
    depths: dict[float, int] = {}
    keys: list[tuple[float, int]] = []
    for paragraph, size in candidates:
        depth = outline.get(_plain(paragraph))
        if depth is not None:
            depths[size] = min(depth, depths.get(size, depth))
    for paragraph, size in candidates:
        keys.append((-size, outline.get(_plain(paragraph), depths.get(size, 0))))
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)), start=1)}
    for (paragraph, _), key in zip(candidates, keys, strict=True):
        paragraph.kind, paragraph.ordered, paragraph.marker = "heading", False, 0
        paragraph.level = min(ranks[key], 6)


def _plain(paragraph: _Paragraph) -> str:
    return " ".join(" ".join(line.text for line in paragraph.lines).split()).casefold()


def _set_item_levels(paragraphs: list[_Paragraph]) -> None:
    sides: list[float] = []
    for paragraph in paragraphs:
        if paragraph.kind == "furniture":
            continue
        if paragraph.kind != "item":
            sides = []
            continue
        left, slack = paragraph.lines[0].left, 0.5 * paragraph.lines[0].size
        while sides and sides[-1] > left + slack:
            sides.pop()
        if not sides or sides[-1] < left - slack:
            sides.append(left)
        paragraph.level = len(sides)


def _written(paragraphs: list[_Paragraph], raw: str, labels: list[str]) -> Layout:
    hyphens = _Hyphens(paragraphs, raw)
    builder = TextBuilder(raw)
    blocks: list[Block] = []
    turned: dict[int, list[tuple[int, str | None]]] = {}
    for paragraph, previous in zip(paragraphs, [None, *paragraphs], strict=False):
        if previous is not None:
            packed = previous.kind == paragraph.kind and paragraph.kind in ("item", "table")
            builder.insert("\n" if packed else "\n\n")
        start = builder.length
        content, turns = _write_lines(builder, paragraph, hyphens)
        label = labels[paragraph.lines[0].page]
        if turns and paragraph.kind == "paragraph":
            turned[len(blocks)] = [(offset, labels[page]) for offset, page in turns]
        level = paragraph.level if paragraph.kind in ("heading", "item") else 0
        block = Block(paragraph.kind, max(start, content), builder.length, level, label)
        blocks.append(replace(block, ordered=paragraph.ordered))
    text = builder.text()
    paged = [
        part
        for number, block in enumerate(blocks)
        for part in _by_page(text, block, turned.get(number, ()))
    ]
    return Layout(text, _sound(text, paged), builder.spans())


def _by_page(text: str, block: Block, turns: Iterable[tuple[int, str | None]]) -> Iterator[Block]:
    """A paragraph that runs over pages as a block for each, so that a quote has its own page.

    It is parted between sentences; the one that runs over belongs to the page where it begins.

    Args:
        text: The whole text.
        block: The paragraph.
        turns: Where a page begins in it, and the label of that page.
    """
    start, page = block.start, block.page
    for offset, label in turns:
        spans = sentence_spans(text, start, block.end)
        cut = next((first for first, _ in spans if first >= offset), None)
        if cut is None:
            break
        if cut > start:
            yield replace(block, start=start, end=cut, page=page)
        start, page = cut, label
    yield replace(block, start=start, page=page)


def _sound(text: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    from kb.readers.lines import trimmed

    return tuple(block for block in (trimmed(text, b) for b in blocks) if block)


def _write_lines(
    builder: TextBuilder, paragraph: _Paragraph, hyphens: _Hyphens
) -> tuple[int, list[tuple[int, int]]]:
    """Adds a paragraph's lines.

    Returns:
        Where its words begin after the bullet or number, and where each further page begins.
    """
    content = builder.length
    turns: list[tuple[int, int]] = []
    for number, line in enumerate(paragraph.lines):
        text = line.text.rstrip(INVISIBLE)
        start = len(text) - len(text.lstrip(INVISIBLE))
        after = paragraph.lines[number + 1].text if number + 1 < len(paragraph.lines) else ""
        end, joint = hyphens.line_end(text, after)
        if number and line.page != paragraph.lines[number - 1].page:
            turns.append((builder.length, line.page))
        if number == 0 and paragraph.marker:
            cut = min(start + paragraph.marker, end)
            _keep(builder, line, start, cut)
            content, start = builder.length, cut
        _keep(builder, line, start, end)
        for cell in line.cells:
            builder.insert(" | " if paragraph.kind == "table" else " ")
            _keep(builder, cell, 0, len(cell.text.rstrip(INVISIBLE)))
        builder.insert(joint)
    return content, turns


class _Hyphens:
    """Tells a word that was broken at a line end from one that is written with a hyphen."""

    def __init__(self, paragraphs: list[_Paragraph], raw: str) -> None:
        self._known = set(_WORD.findall(raw.casefold()))
        votes = Counter(
            self._evidence(before.text, after.text)
            for paragraph in paragraphs
            for before, after in pairwise(paragraph.lines)
        )
        # Where nothing is known of a word, the document's other words decide.
        self._breaks_words = votes["break"] >= votes["hyphen"]

    def _evidence(self, text: str, after: str) -> str:
        # Most lines end otherwise; the search itself looks at every word.
        if not text.endswith(_BROKEN_ENDS):
            return "none"
        parts = _BROKEN.search(text), re.match(r"\s*([^\W\d_]+)", after)
        if not parts[0] or not parts[1]:
            return "none"
        first, second = parts[0][1].casefold(), parts[1][1].casefold()
        if f"{first}-{second}" in self._known or not parts[1][1][0].islower():
            return "hyphen"
        if "-" in first or first in _HYPHEN_KEEPERS or second in _LINKS:
            return "hyphen"
        return "break" if first + second in self._known else "none"

    def line_end(self, text: str, after: str) -> tuple[int, str]:
        """How much of a line is kept, and what parts it from the next one."""
        if not after:
            return len(text), ""
        if _URL_END.search(text):
            return (len(text) - 1, "-") if text[-1] in "\ufffe\x02" else (len(text), "")
        if _URL_OPEN.search(text) and _URL_REST.match(after):
            return len(text), ""
        if _TIGHT_END.search(text) or _TIGHT_START.match(after):
            return len(text), ""
        if not text.endswith(_BROKEN_ENDS) or not _BROKEN.search(text):
            return len(text), " "
        if _SUSPENDED.match(after):
            return (len(text) - 1, "- ") if text[-1] in "\ufffe\x02" else (len(text), " ")
        evidence = self._evidence(text, after)
        broken = evidence == "break" or (evidence == "none" and self._breaks_words)
        return len(text) - 1, "" if broken and after.lstrip()[:1].isalpha() else "-"


def _keep(builder: TextBuilder, line: Line, start: int, end: int) -> None:
    """Takes over a stretch of a line, controls left out and pdfium's hyphen written out."""
    for match in _SPECIAL.finditer(line.text, start, end):
        builder.keep(line.start + start, line.start + match.start())
        builder.insert("-" if match.group() in "\ufffe\x02" else "")
        start = match.end()
    builder.keep(line.start + start, line.start + end)
