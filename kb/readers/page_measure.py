"""Characters of a page of a PDF → lines with their place, size and weight.

pdfium is asked for one character at a time, and a book has a quarter of a million words. So
each question is put for all words of a page in one loop that never leaves C, and the answers
are written straight into arrays.
"""

from __future__ import annotations

import ctypes
import math
import re
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat
from operator import sub
from typing import Any

from kb.readers.page_lines import Line
from kb.readers.units import BULLET

# pdfium's sign for a hyphen at a line end, as characters and as text.
HYPHENS = "\ufffe\x02"
# A gap wider than this many times the size of the letters parts columns or cells.
GAP_SIZES = 1.3
# A small "o" that stands so far from the words after it is a bullet.
BULLET_GAP_SIZES = 0.6
# Words of a justified line stand evenly: their gaps differ by this share, up to so many sizes.
SPREAD_SHARE = 0.3
SPREAD_SIZES = 5.0
# Weights of fonts run from 100 to 900; from here on they are bold.
BOLD_WEIGHT = 600
# Longer names of fonts are not read.
NAME_BYTES = 128

_LINE = re.compile(f"[^\r\n{HYPHENS}]+[{HYPHENS}]?")
_WORD = re.compile(r"\S+")
_BOLD = re.compile(rb"(?i)bold|black|heavy|demi")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivx]+)[.)]")

Span = tuple[int, int]


def measured_lines(text_page: Any, text: str, number: int) -> list[Line]:
    """The page's lines in the order of its content, parted at wide gaps.

    Args:
        text_page: The page as pypdfium2 gives it.
        text: Its characters, one for each that pdfium counts.
        number: Of the page, from 0.
    """
    characters = _Characters(text_page)
    words, ends = _words(text)
    lefts = characters.lefts([start for start, _ in words])
    rights = characters.rights(_lasts(text, words, ends))
    parts = list(_parts(characters, text, words, ends, [*map(sub, lefts[1:], rights)]))
    firsts = [_first_of_words(text, *words[low], words[high - 1][1]) for low, high in parts]
    baselines, sizes = characters.baselines(firsts), characters.sizes(firsts)
    bold = characters.bold(firsts)
    heavy = [part for part, is_bold in zip(parts, bold, strict=True) if is_bold]
    ends_bold = iter(characters.bold([_last(text, *words[high - 1]) for _, high in heavy]))
    lines = []
    for at, (low, high) in enumerate(parts):
        start, end = words[low][0], words[high - 1][1]
        is_bold = bold[at] and next(ends_bold)
        lines.append(Line(number, start, text[start:end], lefts[low], rights[high - 1],
                          baselines[at], sizes[at], is_bold))  # fmt: skip
    return lines


def _words(text: str) -> tuple[list[Span], list[int]]:
    """Spans of the words of all lines, and for each line one past the number of its last word."""
    words: list[Span] = []
    ends: list[int] = []
    for line in _LINE.finditer(text):
        before = len(words)
        words += [word.span() for word in _WORD.finditer(text, *line.span())]
        if len(words) > before:
            ends.append(len(words))
    return words, ends


def _lasts(text: str, words: list[Span], ends: list[int]) -> list[int]:
    """The last character of each word; a hyphen that pdfium marks ends a line and is none."""
    lasts = [end - 1 for _, end in words]
    for end in ends:
        lasts[end - 1] = _last(text, *words[end - 1])
    return lasts


def _last(text: str, start: int, end: int) -> int:
    last = end - 1
    while last > start and text[last] in HYPHENS:
        last -= 1
    return last


def _parts(
    characters: _Characters, text: str, words: list[Span], ends: list[int], steps: list[float]
) -> Iterator[Span]:
    """Numbers of the first word and of the one past the last, for each line or part of one.

    Args:
        characters: Asked for the size of each line's last word.
        text: The page.
        words: Spans of its words.
        ends: For each line, one past the number of its last word.
        steps: From the right side of each word to the left side of the next one.
    """
    sizes = characters.sizes([words[end - 1][0] for end in ends])
    first = 0
    for end, size in zip(ends, sizes, strict=True):
        low = first
        for cut in _cuts(text, words[first:end], steps[first : end - 1], size):
            yield low, first + cut
            low = first + cut
        yield low, end
        first = end


def _cuts(text: str, words: list[Span], steps: list[float], size: float) -> list[int]:
    """Numbers of a line's words that stand apart from the one before; `steps` lie between."""
    if not steps:
        return []
    if text[slice(*words[0])] == "o" and steps[0] > BULLET_GAP_SIZES * size:
        return [1]  # the second bullet of Word
    if max(steps) <= GAP_SIZES * size and min(steps) >= -size:
        return []
    spread = _is_spread(text, words, steps, size)
    cuts, first = [], 0
    for place, step in enumerate(steps, start=1):
        wide = step > GAP_SIZES * size and not spread
        apart = wide and not _is_marker(text[words[first][0] : words[place - 1][1]])
        if apart or step < -size:
            cuts.append(place)
            first = place
    return cuts


def _is_spread(text: str, words: list[Span], steps: list[float], size: float) -> bool:
    """Whether the words of a line stand wide apart only to fill a narrow column."""
    first = 1 if _is_marker(text[slice(*words[0])]) else 0
    gaps = steps[first:]
    if len(gaps) < 2 or not 0 < max(gaps) < SPREAD_SIZES * size:
        return False
    even = max(gaps) - min(gaps) < SPREAD_SHARE * max(gaps)
    written = sum(text[at].isalpha() for at, _ in words[first:])
    return even and 2 * written > len(gaps)


def _first_of_words(text: str, start: int, stop: int, end: int) -> int:
    """Where a line's words begin, after the bullet or number that may be its first word.

    Bullets come from fonts of their own; the words after them tell size and weight.
    """
    if stop < end and _is_marker(text[start:stop]):
        return end - len(text[stop:end].lstrip())
    return start


def _is_marker(text: str) -> bool:
    """Whether the characters are a bullet or a number that text follows."""
    return len(text) <= 6 and bool(BULLET.fullmatch(text + " ") or _ENUMERATOR.fullmatch(text))


class _Characters:
    """Asks pdfium for the characters of a page at many places at once; lengths are in points."""

    def __init__(self, text_page: Any) -> None:
        self._page = ctypes.cast(text_page.raw, ctypes.c_void_p).value
        self._ask = _functions()

    def lefts(self, places: Sequence[int]) -> list[float]:
        """Left sides."""
        found = array("d", bytes(8 * len(places)))
        unused = repeat(_address(_UNUSED))
        self._each("FPDFText_GetCharBox", places, _addresses(found), unused, unused, unused)
        return found.tolist()

    def rights(self, places: Sequence[int]) -> list[float]:
        """Right sides."""
        found = array("d", bytes(8 * len(places)))
        unused = repeat(_address(_UNUSED))
        self._each("FPDFText_GetCharBox", places, unused, _addresses(found), unused, unused)
        return found.tolist()

    def baselines(self, places: Sequence[int]) -> list[float]:
        """Distances from the foot of the page."""
        found = array("d", bytes(8 * len(places)))
        self._each("FPDFText_GetCharOrigin", places, repeat(_address(_UNUSED)), _addresses(found))
        return found.tolist()

    def sizes(self, places: Sequence[int]) -> list[float]:
        """Sizes of the fonts as shown, also where the font itself is scaled."""
        stated = map(self._ask["FPDFText_GetFontSize"], repeat(self._page), places)
        matrices = array("f", bytes(24 * len(places)))
        scaled = map(self._ask["FPDFText_GetMatrix"], repeat(self._page), places,
                     _addresses(matrices, 6))  # fmt: skip
        sizes = list(zip(stated, scaled, strict=True))
        factors = map(math.hypot, matrices[2::6], matrices[3::6])
        return [max(1.0, size * factor if is_scaled else size)
                for (size, is_scaled), factor in zip(sizes, factors, strict=True)]  # fmt: skip

    def bold(self, places: Sequence[int]) -> list[bool]:
        """Whether the fonts are bold, by their weight or by their name."""
        weights = map(self._ask["FPDFText_GetFontWeight"], repeat(self._page), places)
        names = array("B", bytes(NAME_BYTES * len(places)))
        unused = repeat(_address(_UNUSED))
        self._each("FPDFText_GetFontInfo", places, _addresses(names, NAME_BYTES),
                   repeat(NAME_BYTES), unused)  # fmt: skip
        written = names.tobytes()
        return [
            weight >= BOLD_WEIGHT or _names_bold(written[at : at + NAME_BYTES])
            for weight, at in zip(weights, range(0, len(written), NAME_BYTES), strict=True)
        ]

    def _each(self, function: str, places: Sequence[int], *more: Iterable[int]) -> None:
        """Calls the function for each place; what it answers is written to the addresses."""
        deque(map(self._ask[function], repeat(self._page), places, *more), maxlen=0)


# Where pdfium may write what nobody asked for; it insists on writing all of an answer.
_UNUSED = array("d", [0.0])


def _address(buffer: array[Any]) -> int:
    return buffer.buffer_info()[0]


def _addresses(buffer: array[Any], step: int = 1) -> range:
    """The address of every item of a buffer, or of every so manieth."""
    start, count = buffer.buffer_info()
    return range(start, start + count * buffer.itemsize, step * buffer.itemsize)


@cache
def _names_bold(name: bytes) -> bool:
    """Whether a font's name, up to its first zero, tells that it is bold."""
    return bool(_BOLD.search(name.split(b"\0", 1)[0]))


@cache
def _functions() -> dict[str, Callable[..., Any]]:
    """Questions to pdfium by name, taking plain addresses: half the time of typed pointers."""
    from pypdfium2 import raw

    pointer, number = ctypes.c_void_p, ctypes.c_int
    kinds: dict[str, tuple[Any, list[Any]]] = {
        "FPDFText_GetCharBox": (number, [pointer] * 4),
        "FPDFText_GetCharOrigin": (number, [pointer] * 2),
        "FPDFText_GetFontSize": (ctypes.c_double, []),
        "FPDFText_GetMatrix": (number, [pointer]),
        "FPDFText_GetFontWeight": (number, []),
        "FPDFText_GetFontInfo": (ctypes.c_ulong, [pointer, ctypes.c_ulong, pointer]),
    }
    return {
        name: ctypes.PYFUNCTYPE(answer, pointer, number, *more)(
            ctypes.cast(getattr(raw, name), pointer).value or 0
        )
        for name, (answer, more) in kinds.items()
    }
