"""Lines on pages → text in reading order with headings, paragraphs, lists and tables."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from kb.readers.columns import in_reading_order
from kb.readers.lines import INVISIBLE
from kb.readers.page_lines import Layout, Line, PageLines, Paragraph
from kb.readers.page_text import written
from kb.readers.running import page_labels, running_lines
from kb.readers.units import BULLET, NUMBER, number_value

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

_SENTENCE_END = re.compile(r"[.!?:;…][\"”’')\]]*$")


def lay_out(pages: list[PageLines], outline: dict[str, int]) -> Layout:
    """The pages as one text; `outline` gives the levels, from 0, of the file's bookmarks."""
    running = running_lines(pages)
    labels = page_labels(pages)
    body_size = _body_size(pages)
    ordered = [
        in_reading_order([line for line in page.lines if id(line) not in running]) for page in pages
    ]
    spacing = _paragraph_spacing(ordered)
    paragraphs: list[Paragraph] = []
    waiting: list[Paragraph] = []
    for page, lines in zip(pages, ordered, strict=True):
        waiting += [Paragraph([line], "furniture") for line in page.lines if id(line) in running]
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
    return written(paragraphs, raw, labels)


def _body_size(pages: list[PageLines]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _opened(line: Line, *, numbered: bool) -> Paragraph:
    """The paragraph, item or row that a line opens."""
    text = line.text.strip(INVISIBLE)
    bullet = BULLET.match(text)
    if bullet and bullet.end() < len(text):
        return Paragraph([line], "item", 1, False, bullet.end())
    # Word's second bullet is a small "o", which stands apart from the words after it.
    if line.cells and (text == "o" or (bullet and bullet.end() == len(text))):
        return Paragraph([line], "item", 1, False, len(line.text))
    if numbered and (match := NUMBER.match(text + " x")):
        return Paragraph([line], "item", 1, True, min(match.end(), len(line.text)))
    if line.cells:
        return Paragraph([line], "table")
    return Paragraph([line], "paragraph")


def _number_follows(line: Line, before: list[Paragraph]) -> bool:
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


def _continues(paragraph: Paragraph, line: Line, spacing: float | None, large: float) -> bool:
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


def _is_dash_within(paragraph: Paragraph, line: Line) -> bool:
    """Whether a dash at the start of a line is part of the sentence and no bullet."""
    first = paragraph.lines[-1]
    return line.text.lstrip(INVISIBLE)[0] in "–—" and abs(line.left - first.left) < 0.3 * line.size


def _is_bookmark(paragraph: Paragraph, outline: dict[str, int]) -> bool:
    """Whether the words so far are a bookmark's; `_with_whole_bookmarks` adds what is missing."""
    return bool(outline) and len(paragraph.lines) < HEADING_LINES and _plain(paragraph) in outline


def _with_whole_bookmarks(paragraphs: list[Paragraph], outline: dict[str, int]) -> list[Paragraph]:
    """Joins two lines whose words together are a bookmark's; a heading's lines stand wider."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        last = joined[-1] if joined else None
        short = last is not None and len(last.lines) + len(paragraph.lines) <= HEADING_LINES
        if last and short and f"{_plain(last)} {_plain(paragraph)}" in outline:
            last.lines += paragraph.lines
        else:
            joined.append(paragraph)
    return joined


def _mark_headings(paragraphs: list[Paragraph], body_size: float, outline: dict[str, int]) -> None:
    """Larger or bold short lines; bookmarks of the same words give the level."""
    bold_share = sum(p.lines[0].bold for p in paragraphs) / max(1, len(paragraphs))
    candidates: list[tuple[Paragraph, float]] = []
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


def _set_heading_levels(candidates: list[tuple[Paragraph, float]], outline: dict[str, int]) -> None:
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


def _plain(paragraph: Paragraph) -> str:
    return " ".join(" ".join(line.text for line in paragraph.lines).split()).casefold()


def _set_item_levels(paragraphs: list[Paragraph]) -> None:
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
