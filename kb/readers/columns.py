"""Lines of a page → the order in which a person reads them, and rows of tables."""

from __future__ import annotations

import re
from itertools import pairwise

from kb.readers.page_lines import Line
from kb.readers.units import BULLET

# A column holds at least so many lines, and they are at least so wide on average.
COLUMN_LINES = 5
COLUMN_WIDTH_SHARE = 0.2


def in_reading_order(lines: list[Line]) -> list[Line]:
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
