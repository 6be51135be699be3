"""Bytes of one file → `Reading`: text with structure. One file a format."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path, PurePath
from stat import S_ISREG
from typing import Any

from kb.errors import KbError, UnreadableFile
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
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".epub": "epub",
}

# Linear and safe in this process; every other format has a foreign parser for bytes.
_OWN = frozenset({"text", "markdown"})
# Large files are parsed apart all the same, so that the limit on time holds for them too.
_LARGE_BYTES = 2 * 1024 * 1024
# Formats whose readers unpack, turn pages or recognise characters, and so ask for limits.
_LIMITED = frozenset({"pdf", "docx", "pptx", "epub"})


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


def read(path: Path, *, limits: Limits = Limits()) -> Reading:
    """What one file holds; foreign parsers run in a child process within the limits.

    Raises:
        UnreadableFile: Missing, too large, changed meanwhile, damaged, encrypted, or past
            the limits on time and memory.
    """
    name = path.name
    own = format_of(name) in _OWN
    content = _contents(path, limits)
    if own and len(content) <= _LARGE_BYTES:
        return read_bytes(content, name=name, limits=limits)
    from kb.readers.sandbox import shared_sandbox

    return shared_sandbox().read(content, name=name, limits=limits)


def read_bytes(content: bytes, *, name: str, limits: Limits = Limits()) -> Reading:
    """What a file's bytes hold, read by the reader of the name's suffix, in this process.

    Raises:
        UnreadableFile: Too large, or not readable as that format.
    """
    kind = format_of(name)
    check_size(len(content), name=name, limits=limits)
    reader: Any = import_module(f"kb.readers.{kind}")
    options = {"limits": limits} if kind in _LIMITED else {}
    try:
        reading: Reading = reader.read(content, name=name, **options)
    except KbError:
        raise
    except Exception as error:
        if kind in _OWN:
            raise
        # Foreign parsers raise whatever their authors did not foresee in damaged files.
        raise UnreadableFile(
            f"{name} is damaged or no valid {kind} file ({type(error).__name__}). Save it again"
        ) from error
    return reading


def _contents(path: Path, limits: Limits) -> bytes:
    try:
        before = path.stat()
        if not S_ISREG(before.st_mode):
            # A pipe or device would be waited for without end.
            raise UnreadableFile(f"{path.name} is no regular file; expected one that holds text")
        check_size(before.st_size, name=path.name, limits=limits)
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        reason = error.strerror or "cannot be opened"
        raise UnreadableFile(f"{path.name} cannot be read: {reason}") from None
    if len(content) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise UnreadableFile(f"{path.name} changed while it was read; try again")
    return content
