"""Scanned pages, read for real where rapidocr is installed."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO

import pypdfium2
import pytest
from test_readers_pdf import Put, lines, pdf

from kb.errors import UnreadableFile
from kb.readers import Limits, read_bytes
from kb.readers.sandbox import Sandbox
from kb.readings import limits_of
from kb.records import Reading
from kb.settings import Settings

recognising = pytest.mark.skipif(find_spec("rapidocr") is None, reason="rapidocr is not installed")
WORDS = [
    "Trust is given before it is earned, and leaders who wait",
    "for it wait long. The crew decides late, and the captain",
    "listens to everyone before the ferry leaves the harbour.",
]
PAGE = [Put(72, 700, "Giving trust first", 20, True), *lines(72, 660, WORDS, 14)]


def scan_of(content: bytes, *, degrees: float = 0.0) -> bytes:
    """The pages of a PDF as pictures, laid down askew."""
    source, target = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument.new()
    for page in source:
        width, height = size = page.get_size()
        picture = pypdfium2.PdfImage.new(target)
        picture.set_bitmap(page.render(scale=150 / 72))
        turn = pypdfium2.PdfMatrix().scale(width, height).translate(-width / 2, -height / 2)
        wide, high = size[::-1] if degrees == 90 else size
        picture.set_matrix(turn.rotate(degrees).translate(wide / 2, high / 2))
        put = target.new_page(wide, high)
        put.insert_obj(picture)
        put.gen_content()
    saved = BytesIO()
    target.save(saved)
    return saved.getvalue()


def plain(reading: Reading) -> str:
    """The words without spaces, which recognition may lose."""
    return "".join(reading.text.split())


@recognising
@pytest.mark.parametrize("degrees", [0.0, 1.2, 90.0, 180.0])
def test_a_scanned_page_is_read_in_order_however_it_lies(degrees: float) -> None:
    """Straight, askew, on its side and on its head; a large line is a heading."""
    scan = scan_of(pdf([PAGE]), degrees=degrees)
    reading = read_bytes(scan, name="a.pdf", limits=Limits(ocr=True))
    assert plain(reading) == "".join(["Giving trust first", *WORDS]).replace(" ", "")
    assert [block.kind for block in reading.blocks] == ["heading", "paragraph"]
    assert reading.problems == (
        "a.pdf: text of scanned pages was recognised and may hold errors",
    )  # fmt: skip


@recognising
def test_a_scan_among_text_pages_is_read_within_the_limits_of_the_settings() -> None:
    """In the child process, whose room and time the settings raise; pages keep their numbers."""
    text = pypdfium2.PdfDocument(pdf([[Put(72, 700, "Some words.")]] * 2))
    text.import_pages(pypdfium2.PdfDocument(scan_of(pdf([PAGE]))), index=1)
    saved = BytesIO()
    text.save(saved)
    with Sandbox() as sandbox:
        limits = limits_of(Settings(ocr=True))
        reading = sandbox.read(saved.getvalue(), name="a.pdf", limits=limits)
    assert [block.page for block in reading.blocks if block.kind == "heading"] == ["2"]
    assert "Thecrewdecideslate" in plain(reading)


@pytest.mark.skipif(find_spec("rapidocr") is not None, reason="rapidocr is installed")
def test_a_scan_names_what_to_install_where_nothing_recognises_it() -> None:
    """Whether recognition was asked for or not, and for one page among others."""
    scan = scan_of(pdf([PAGE]))
    with pytest.raises(UnreadableFile, match=r"set KB_OCR=true after pip install rapidocr"):
        read_bytes(scan, name="a.pdf")
    with pytest.raises(UnreadableFile, match=r"To recognise it here: pip install rapidocr"):
        read_bytes(scan, name="a.pdf", limits=Limits(ocr=True))
    mixed = pdf([[Put(72, 700, "Some words.")], []], image=True)
    reading = read_bytes(mixed, name="a.pdf", limits=Limits(ocr=True))
    assert reading.problems == (
        "a.pdf: 1 pages are scanned pictures without text: 2. "
        "To recognise them: pip install rapidocr",
    )
