"""PDF by pypdfium2: lines with their place and size, then paragraphs in reading order.

The raw text of a PDF is what pdfium yields for each page, pages parted by form feeds. Line ends
become spaces and hyphens at line ends are joined; everything else is kept. pdfium itself writes
ligatures out.
"""

from __future__ import annotations

import ctypes
import math
import re
import statistics
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from kb.errors import UnreadableFile
from kb.readers.bylines import byline_names, date_year
from kb.readers.facts import stated_authors, stated_title
from kb.readers.layout import lay_out
from kb.readers.limits import Limits
from kb.readers.page_lines import Line, PageLines
from kb.readers.units import BULLET
from kb.records import Block, Metadata, Reading

# pdfium's sign for a hyphen at a line end, as characters and as text.
HYPHENS = "\ufffe\x02"
# A gap wider than this many times the size of the letters parts columns or cells.
GAP_SIZES = 1.3
# A small "o" that stands so far from the words after it is a bullet.
BULLET_GAP_SIZES = 0.6
# Words of a justified line stand evenly: their gaps differ by this share, up to so many sizes.
SPREAD_SHARE = 0.3
SPREAD_SIZES = 5.0
# Above this share of characters without meaning, a font lacks its character map.
UNMAPPED_SHARE = 0.1
OCR_DOTS_PER_INCH = 200
# Boxes round recognised lines of one size differ by this share.
OCR_SIZE_SPREAD = 0.35

_LINE = re.compile(f"[^\r\n{HYPHENS}]+[{HYPHENS}]?")
_WORD = re.compile(r"\S+")
_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff\x00]")
_BOLD = re.compile(rb"(?i)bold|black|heavy|demi")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]{2,80}[^\s\"<>.,;)\]]")


def read(content: bytes, *, name: str, limits: Limits) -> Reading:
    """Text and structure of a PDF; the page of a block is its printed label.

    Raises:
        UnreadableFile: Empty, damaged, encrypted, or a scan without text.
    """
    if not content:
        raise UnreadableFile(f"{name} is empty; expected a PDF file. Remove it or save it again")
    document = _open(content, name)
    try:
        count = min(len(document), limits.max_pages)
        problems = []
        if count < len(document):
            problems.append(f"{name}: only the first {count} of {len(document)} pages were read")
        pages, offset = [], 0
        for number in range(count):
            page = _read_page(document, number, offset, limits)
            offset += len(page.text) + 1
            pages.append(page)
        problems += _gaps(pages, name, limits)
        outline = [(_plain(mark.get_title()), mark.level) for mark in document.get_toc()]
        facts = document.get_metadata_dict()
    finally:
        document.close()
    layout = lay_out(pages, dict(reversed(outline)))
    metadata = _metadata(facts, layout.text, layout.blocks)
    return Reading(layout.text, layout.blocks, layout.raw_spans, metadata, tuple(problems))


def _open(content: bytes, name: str) -> Any:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise UnreadableFile(
                f"{name} is encrypted with a password; save a copy without one"
            ) from None
        raise UnreadableFile(
            f"{name} is damaged or cut off; expected a PDF file. Fetch it or save it again"
        ) from None
    if not pages:
        raise UnreadableFile(f"{name} has no pages; expected a PDF file with text. Save it again")
    return document


def _read_page(document: Any, number: int, offset: int, limits: Limits) -> PageLines:
    import pypdfium2

    label = document.get_page_label(number)
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return PageLines(number, label, "", 0.0, 0.0, [], is_image=False)
    width, height = page.get_size()
    text_page = page.get_textpage()
    text = _text(text_page)
    lines: list[Line] = []
    if text.strip():
        lines = list(_Measure(text_page, text).lines(number, offset))
    has_image = False
    if not lines:
        has_image = any(True for _ in page.get_objects(filter=[3], max_depth=3))
        if has_image and limits.ocr:
            text, lines = _recognised(page, number, offset)
    text_page.close()
    page.close()
    return PageLines(number, label, text, width, height, lines, is_image=has_image)


def _text(text_page: Any) -> str:
    """The characters of a page, one for each that pdfium counts."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    text = str(text_page.get_text_range()) if count else ""
    if len(text) != count:
        codes = (raw.FPDFText_GetUnicode(text_page, place) for place in range(count))
        text = "".join(chr(code) if code and not 0xD800 <= code < 0xE000 else "\ufffd"
                       for code in codes)  # fmt: skip
    return text


class _Measure:
    """Asks pdfium for the places of characters; buffers are reused, for there are many."""

    def __init__(self, text_page: Any, text: str) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._page = text_page
        self._text = text
        self._left, self._right, self._bottom, self._top = (ctypes.c_double() for _ in range(4))
        self._edges = (self._left, self._right, self._bottom, self._top)
        self._box = raw.FPDFText_GetCharBox
        self._name = ctypes.create_string_buffer(128)
        self._matrix = raw.FS_MATRIX()

    def lines(self, number: int, offset: int) -> Iterator[Line]:
        """The page's lines in the order of its content, parted at wide gaps."""
        for match in _LINE.finditer(self._text):
            words = [word.span() for word in _WORD.finditer(self._text, *match.span())]
            if not words:
                continue
            sides = [self._sides(low, high) for low, high in words]
            steps = [near - right for (_, right), (near, _) in pairwise(sides)]
            first = 0
            for cut in self._cuts(words, steps):
                yield self._line(number, offset, words[first:cut], sides[first:cut])
                first = cut
            yield self._line(number, offset, words[first:], sides[first:])

    def _cuts(self, words: list[tuple[int, int]], steps: list[float]) -> list[int]:
        """Numbers of the words that stand apart from the one before them; `steps` lie between."""
        bullet = bool(steps) and self._text[slice(*words[0])] == "o"
        if not steps or (max(steps) < GAP_SIZES and min(steps) > -1 and not bullet):
            return []  # whatever the size, which is never below one point
        size = self._size(words[-1][0])
        if bullet and steps[0] > BULLET_GAP_SIZES * size:
            return [1]  # the second bullet of Word
        if max(steps) <= GAP_SIZES * size and min(steps) >= -size:
            return []
        spread = self._is_spread(words, steps, size)
        cuts, first = [], 0
        for place, step in enumerate(steps, start=1):
            wide = step > GAP_SIZES * size and not spread
            apart = wide and not _is_marker(self._text[words[first][0] : words[place - 1][1]])
            if apart or step < -size:
                cuts.append(place)
                first = place
        return cuts

    def _is_spread(self, words: list[tuple[int, int]], steps: list[float], size: float) -> bool:
        """Whether the words of a line stand wide apart only to fill a narrow column."""
        low, high = words[0]
        first = 1 if _is_marker(self._text[low:high]) else 0
        gaps = steps[first:]
        if len(gaps) < 2 or not 0 < max(gaps) < SPREAD_SIZES * size:
            return False
        even = max(gaps) - min(gaps) < SPREAD_SHARE * max(gaps)
        written = sum(self._text[at].isalpha() for at, _ in words[first:])
        return even and 2 * written > len(gaps)

    def _line(
        self,
        number: int,
        offset: int,
        words: list[tuple[int, int]],
        sides: list[tuple[float, float]],
    ) -> Line:
        start, end = words[0][0], words[-1][1]
        left, right = sides[0][0], sides[-1][1]
        text = self._text[start:end]
        first, last = start, end - 1
        while last > first and self._text[last] in HYPHENS:
            last -= 1
        if _is_marker(head := text.split(None, 1)[0]) and len(head) < len(text):
            # Bullets come from fonts of their own; the words after them tell size and weight.
            first = start + len(text) - len(text[len(head) :].lstrip())
        x, y = self._left, self._right
        self._raw.FPDFText_GetCharOrigin(self._page, first, x, y)
        baseline = y.value
        bold = self._is_bold(first) and self._is_bold(last)
        return Line(number, offset + start, text, left, right, baseline, self._size(first), bold)

    def _sides(self, start: int, end: int) -> tuple[float, float]:
        """Left side of the first character, right side of the last."""
        self._box(self._page, start, *self._edges)
        left = self._left.value
        last = end - 1
        while last > start and self._text[last] in HYPHENS:
            last -= 1
        if last > start:
            self._box(self._page, last, *self._edges)
        return left, self._right.value

    def _size(self, place: int) -> float:
        """The font's size in points as shown, also where the font itself is scaled."""
        size = float(self._raw.FPDFText_GetFontSize(self._page, place))
        if self._raw.FPDFText_GetMatrix(self._page, place, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        return max(1.0, size)

    def _is_bold(self, place: int) -> bool:
        if self._raw.FPDFText_GetFontWeight(self._page, place) >= 600:
            return True
        flags = ctypes.c_int()
        self._raw.FPDFText_GetFontInfo(
            self._page, place, self._name, ctypes.sizeof(self._name), flags
        )
        return bool(_BOLD.search(self._name.value))


def _is_marker(text: str) -> bool:
    """Whether the characters are a bullet or a number that text follows."""
    return len(text) <= 6 and bool(
        BULLET.fullmatch(text + " ") or re.fullmatch(r"\(?(?:\d{1,3}|[A-Za-z]|[ivx]+)[.)]", text)
    )


def _recognised(page: Any, number: int, offset: int) -> tuple[str, list[Line]]:
    """Text and lines of a picture of a page, by rapidocr; nothing where that is not installed."""
    recogniser = _recogniser()
    if recogniser is None:
        return "", []
    scale = OCR_DOTS_PER_INCH / 72
    height = page.get_size()[1]
    found = recogniser(page.render(scale=scale).to_numpy())
    parts: list[str] = []
    lines: list[Line] = []
    at = 0
    boxes = found.boxes if found.boxes is not None else ()
    for box, words in zip(boxes, found.txts or (), strict=False):
        left, right = float(min(box[:, 0])) / scale, float(max(box[:, 0])) / scale
        top, bottom = float(min(box[:, 1])) / scale, float(max(box[:, 1])) / scale
        lines.append(
            Line(number, offset + at, words, left, right, height - bottom, bottom - top, False)
        )
        parts.append(words)
        at += len(words) + 1
    # Heights of boxes vary with the letters in them; only clearly larger lines are headings.
    usual = statistics.median(line.size for line in lines) if lines else 0.0
    for line in lines:
        line.size = usual if abs(line.size - usual) < OCR_SIZE_SPREAD * usual else line.size
    return "\n".join(parts), lines


@cache
def _recogniser() -> Any:
    """The character recogniser with its models, or None where it is not installed."""
    try:
        from rapidocr import RapidOCR
    except ImportError:
        return None
    return RapidOCR()


def _gaps(pages: list[PageLines], name: str, limits: Limits) -> list[str]:
    """What a person should know about pages that could not be read."""
    if not any(page.lines for page in pages):
        if any(page.is_image for page in pages):
            wanted = limits.ocr and _recogniser() is None
            advice = "Recognise the text first, or set KB_OCR=true"
            if wanted:
                advice = "Install rapidocr to recognise it"
            raise UnreadableFile(
                f"{name} is a scan: its {len(pages)} pages are pictures without text. {advice}"
            )
        raise UnreadableFile(
            f"{name} holds no text on its {len(pages)} pages; expected text. Remove it"
        )
    problems = []
    scanned = [page.label or str(page.number + 1) for page in pages
               if page.is_image and not page.lines]  # fmt: skip
    if scanned:
        shown = ", ".join(scanned[:10]) + (" …" if len(scanned) > 10 else "")
        problems.append(f"{name}: {len(scanned)} pages are scanned pictures without text: {shown}")
    if limits.ocr and any(page.is_image and page.lines for page in pages):
        problems.append(f"{name}: text of scanned pages was recognised and may hold errors")
    text = "".join(page.text for page in pages)
    if len(_UNMAPPED.findall(text)) > UNMAPPED_SHARE * len(text):
        problems.append(f"{name}: its fonts do not say which letters they show; check the text")
    return problems


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())


def _metadata(facts: dict[str, str], text: str, blocks: tuple[Block, ...]) -> Metadata:
    """What the file's properties and its first page say; dates of files are no years of works."""
    first_page = blocks[0].page if blocks else None
    head = [block for block in blocks[:40] if block.page == first_page]
    words = [" ".join(text[block.start : block.end].split()) for block in head]
    title = stated_title(facts.get("Title"))
    if title is None:
        headings = [(block.level, at) for at, block in enumerate(head) if block.kind == "heading"]
        title = words[min(headings)[1]] if headings else None
    authors = stated_authors(facts.get("Author"))
    if not authors:
        authors = tuple(name for line in words for name in byline_names(line))
    year = next((found for line in words if (found := date_year(line))), None)
    doi = _DOI.search(" ".join(words))
    return Metadata(
        title=title,
        authors=tuple(dict.fromkeys(authors)),
        year=year,
        csl={"DOI": doi.group()} if doi else {},
    )
