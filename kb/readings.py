"""What readers made of a file, kept until the build that needs it again.

`kb add` parses a file to check it, and `kb build` needs the same reading: a long PDF is
parsed once, and so are the thousands of files of a handbook. A reading is kept by everything
that it depends on, with a checksum of its own.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zlib
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from kb import readers
from kb.readers.limits import MEBIBYTE, Limits
from kb.readers.sandbox import reading_of, reply_of
from kb.records import Reading
from kb.settings import Settings

_SUFFIX = ".reading"
# Recognising a page takes 7.5 s on two cores, so this is enough for a book of 400 pages.
OCR_SECONDS = 3600.0
# Address space that the models reserve; 2 GB were too little, 3 GB enough.
OCR_BYTES = 6 * 1024 * MEBIBYTE


def limits_of(settings: Settings) -> Limits:
    """The reading limits that the settings state."""
    limits = Limits(max_bytes=settings.file_mb * 1024 * 1024, ocr=settings.ocr)
    if settings.ocr:
        return replace(limits, seconds=OCR_SECONDS, memory_bytes=OCR_BYTES)
    return limits


def read(path: Path, settings: Settings) -> Reading:
    """What one file holds, as `kb.readers.read` says it, parsed only if it never was.

    Raises:
        UnreadableFile: As `kb.readers.read` says.
    """
    kept = _place(path, settings)
    if reading := _kept(kept):
        return reading
    reading = readers.read(path, limits=limits_of(settings))
    # The name stands for what was in the file before it was read.
    if kept and kept == _place(path, settings):
        with suppress(OSError):  # an index that cannot be written is the build's to report
            _keep(reading, kept)
    return reading


def forget(settings: Settings) -> None:
    """Removes every reading; a build calls it once its generation holds the documents."""
    for file in _folder(settings).glob(f"*{_SUFFIX}"):
        with suppress(OSError):  # another process removed it
            file.unlink()


@cache
def readers_digest() -> str:
    """Changes with the code that turns files into text, so that no old reading is kept."""
    digest = hashlib.sha256()
    for file in sorted((Path(__file__).parent / "readers").glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _folder(settings: Settings) -> Path:
    return settings.index / "cache" / "readings"


def _place(path: Path, settings: Settings) -> Path | None:
    """File for the reading of these bytes under this name; None if they cannot be read."""
    try:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256")
    except OSError:
        return None
    digest.update(f"{path.name}\0{readers_digest()}\0{limits_of(settings)}".encode())
    return _folder(settings) / f"{digest.hexdigest()}{_SUFFIX}"


def _keep(reading: Reading, file: Path) -> None:
    body = zlib.compress(json.dumps(reply_of(reading)).encode(), 1)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=_SUFFIX, delete=False) as written:
        written.write(hashlib.sha256(body).digest() + body)
    Path(written.name).replace(file)


def _kept(file: Path | None) -> Reading | None:
    """The reading in a file; None if there is none or it is damaged."""
    try:
        content = file.read_bytes() if file else b""
    except OSError:
        return None
    if hashlib.sha256(content[32:]).digest() != content[:32]:
        return None
    return reading_of(json.loads(zlib.decompress(content[32:])))
