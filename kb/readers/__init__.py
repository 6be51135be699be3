"""Bytes of one file → `Reading`: text with structure. One file a format."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path, PurePath

from kb.errors import UnreadableFile
from kb.readers.limits import Limits, check_size
from kb.records import Reading

__all__ = ["FORMATS", "Limits", "format_of", "read", "read_bytes"]

FORMATS: dict[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}


def format_of(name: str) -> str:
    """The format that a file name's suffix stands for.

    Raises:
        UnreadableFile: No reader has that suffix.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise UnreadableFile(f"{name} has no suffix that a reader knows; expected one of {known}")
    return FORMATS[suffix]


def read(path: Path, *, limits: Limits = Limits()) -> Reading:  # noqa: B008 - frozen
    """What one file holds.

    Raises:
        UnreadableFile: Missing, too large, changed meanwhile, or not readable as its format.
    """
    format_of(path.name)
    return read_bytes(_contents(path, limits), name=path.name)


def read_bytes(content: bytes, *, name: str) -> Reading:
    """What a file's bytes hold, read by the reader of the name's suffix, in this process.

    Raises:
        UnreadableFile: Not readable as that format.
    """
    reader = import_module(f"kb.readers.{format_of(name)}")
    reading: Reading = reader.read(content, name=name)
    return reading


def _contents(path: Path, limits: Limits) -> bytes:
    try:
        before = path.stat()
        check_size(before.st_size, name=path.name, limits=limits)
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        reason = error.strerror or "cannot be opened"
        raise UnreadableFile(f"{path.name} cannot be read: {reason}") from None
    if len(content) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise UnreadableFile(f"{path.name} changed while it was read; try again")
    return content
