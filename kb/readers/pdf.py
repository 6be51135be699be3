"""PDF by pypdfium2: lines with their place and size, then paragraphs in reading order.

The raw text of a PDF is what pdfium yields for each page, pages parted by form feeds. Line ends
become spaces and hyphens at line ends are joined; everything else is kept. pdfium itself writes
ligatures out.
"""

from __future__ import annotations

import re
from typing import Any

from kb.errors import UnreadableFile
from kb.readers.bylines import byline_names, date_year
from kb.readers.facts import stated_authors, stated_title
from kb.readers.halves import PAGES_WORTH_A_COPY, read_in_halves
from kb.readers.layout import lay_out
from kb.readers.limits import Limits
from kb.readers.page_lines import Line, PageLines
from kb.readers.page_measure import measured_lines
from kb.readers.recognition import INSTALL, is_installed, recognised
from kb.records import Block, Metadata, Reading

# Above this share of characters without meaning, a font lacks its character map.
UNMAPPED_SHARE = 0.1

_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff\x00]")
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
        pages = _read_pages(document, count, limits)
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


def _read_pages(document: Any, count: int, limits: Limits) -> list[PageLines]:
    """The first pages of a document, with their places in the raw text of all of them."""

    def read_range(numbers: range) -> list[PageLines]:
        return [_read_page(document, number, limits) for number in numbers]

    # The recogniser of characters has threads of its own, which a copy would lack.
    shared = limits.processes > 1 and not limits.ocr and count >= PAGES_WORTH_A_COPY
    pages = read_in_halves(read_range, count) if shared else read_range(range(count))
    offset = 0
    for page in pages:
        for line in page.lines:
            line.start += offset
        offset += len(page.text) + 1
    return pages


def _read_page(document: Any, number: int, limits: Limits) -> PageLines:
    """One page; the places of its lines are those in its own text."""
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
        lines = measured_lines(text_page, text, number)
    has_image = False
    if not lines:
        has_image = any(True for _ in page.get_objects(filter=[3], max_depth=3))
        if has_image and limits.ocr:
            text, lines = recognised(page, number)
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


def _gaps(pages: list[PageLines], name: str, limits: Limits) -> list[str]:
    """What a person should know about pages that could not be read."""
    if not any(page.lines for page in pages):
        if any(page.is_image for page in pages):
            advice = f"Recognise the text first, or set KB_OCR=true after {INSTALL}"
            if limits.ocr:
                advice = "No words were recognised in them; recognise the text first"
                if not is_installed():
                    advice = f"To recognise it here: {INSTALL}"
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
        missing = limits.ocr and not is_installed()
        advice = f". To recognise them: {INSTALL}" if missing else ""
        problems.append(
            f"{name}: {len(scanned)} pages are scanned pictures without text: {shown}{advice}"
        )
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
