"""Bytes → characters for the formats that are text: encoding found, binary refused."""

from __future__ import annotations

import codecs
import re

from kb.errors import UnreadableFile

# Enough to tell one encoding from another; more only costs time.
SAMPLE_BYTES = 64 * 1024
# Share of control characters above which a file is not text. Unmeasured.
CONTROL_SHARE = 0.005

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an Office file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "a rich text (RTF) file"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f�]")
# In Windows-1252 read rightly, these signs do not stand between two letters.
_MISREAD = re.compile("[^\\W\\d_][¡-©¬-¶¸¹»-¿×÷ƒ†-‰™][^\\W\\d_]")


def decode(content: bytes, *, name: str) -> tuple[str, tuple[str, ...]]:
    """The characters of a text file without its byte-order mark, and problems to report.

    UTF-8 and everything that carries a byte-order mark is read as such; otherwise the
    encoding is guessed and the guess is reported.

    Raises:
        UnreadableFile: Empty, binary, or in no encoding that fits.
    """
    if not content:
        raise UnreadableFile(f"{name} is empty; expected text. Remove it or save it again")
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise UnreadableFile(f"{name} is {kind}, not text; give it the suffix of its format")
    text, problems = _characters(content, name)
    if len(_CONTROLS.findall(text)) > CONTROL_SHARE * len(text) or "\x00" in text:
        raise UnreadableFile(f"{name} is binary, not text; expected UTF-8 text")
    return text, problems


def _characters(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], encoding, name), ()
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        encoding = _guess(content, name)
    text = _strictly(content, encoding, name)
    return text, (f"{name} is not UTF-8 and was read as {encoding}; check its accents",)


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{name} is not valid {encoding} (byte {error.start}); save it as UTF-8"
        ) from None


def _guess(content: bytes, name: str) -> str:
    """Windows-1252 where it fits, since most old Western text is; else the detector's word."""
    from charset_normalizer import from_bytes

    if b"\x00" in content[:SAMPLE_BYTES]:
        raise UnreadableFile(f"{name} is binary, not text; expected UTF-8 text")
    sample = _around_first_high_byte(content)
    high = sum(byte > 127 for byte in sample)
    try:
        western = sample.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    if western and high < 0.1 * len(sample) and not _MISREAD.search(western):
        return "cp1252"
    best = from_bytes(sample).best()
    if best is None:
        raise UnreadableFile(f"{name} is in no known text encoding; save it as UTF-8")
    return str(best.encoding)


def _around_first_high_byte(content: bytes) -> bytes:
    first = re.search(rb"[\x80-\xff]", content)
    start = max(0, first.start() - SAMPLE_BYTES // 2) if first else 0
    return content[start : start + SAMPLE_BYTES]
