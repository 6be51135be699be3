"""Zip archives: checked before anything is unpacked, read in memory, never written to disk."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator

from kb.errors import UnreadableFile
from kb.readers.limits import MEBIBYTE, Limits

# Small members may be packed as tightly as they like.
RATIO_FROM_BYTES = MEBIBYTE

_BROKEN = (
    zipfile.BadZipFile,
    struct.error,
    zlib.error,
    NotImplementedError,  # a packing method that Python does not know
    RuntimeError,  # a password
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


class Package:
    """A zip archive whose members have been checked; used by the formats that are zips."""

    def __init__(self, content: bytes, *, name: str, kind: str, limits: Limits) -> None:
        """Opens the archive and checks names, sizes and ratios of all its members.

        Raises:
            UnreadableFile: No archive, encrypted, or past a limit.
        """
        self.name = name
        self._kind = kind
        if not content:
            raise UnreadableFile(f"{name} is empty; expected {kind}. Remove it or save it again")
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise UnreadableFile(
                f"{name} is encrypted or an old Office file; save it as {kind} without a password"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN:
            raise UnreadableFile(
                f"{name} is damaged or cut off; expected {kind}. Fetch it or save it again"
            ) from None
        _check(self._zip.infolist(), name, limits)
        self.names = {info.filename for info in self._zip.infolist()}

    def read(self, member: str) -> bytes:
        """The bytes of one member.

        Raises:
            UnreadableFile: Missing or damaged.
        """
        try:
            return self._zip.read(member)
        except KeyError:
            raise UnreadableFile(f"{self.name} lacks {member}; expected {self._kind}") from None
        except _BROKEN:
            raise UnreadableFile(
                f"{self.name} is damaged at {member}; fetch it or save it again"
            ) from None


def documents(
    content: bytes, *, name: str, limits: Limits = Limits()
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in a zip archive, in the archive's order.

    Folders, hidden files and the leavings of macOS are passed over. Everything is checked
    before the first file is unpacked.

    Raises:
        UnreadableFile: No archive, encrypted, past a limit, or with a name that leads out of
            the archive; or, on reaching it, a damaged member.
    """
    package = Package(content, name=name, kind="a zip archive", limits=limits)
    for info in package._zip.infolist():
        parts = info.filename.split("/")
        if info.is_dir() or any(part.startswith(".") or part == "__MACOSX" for part in parts):
            continue
        yield info.filename, package.read(info.filename)


def _check(members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if len(members) > limits.max_members:
        raise UnreadableFile(
            f"{name} holds {len(members):,} files; the limit is {limits.max_members:,}"
        )
    total = 0
    for info in members:
        total += info.file_size
        if leads_out(info.filename):
            raise UnreadableFile(
                f"{name} holds a file that leads out of it: {info.filename!r}; expected names "
                "inside it. Pack it again"
            )
        if info.flag_bits & 0x1:
            raise UnreadableFile(f"{name} is encrypted with a password; save a copy without one")
        if info.file_size > limits.max_bytes or total > limits.max_unpacked_bytes:
            raise UnreadableFile(
                f"{name} unpacks to more than {limits.max_unpacked_bytes / MEBIBYTE:,.0f} MB, or "
                f"one of its files to more than {limits.max_bytes / MEBIBYTE:,.0f} MB; "
                "the limits stop it"
            )
        ratio = info.file_size / max(1, info.compress_size)
        if info.file_size > RATIO_FROM_BYTES and ratio > limits.max_ratio:
            raise UnreadableFile(
                f"{name} is packed {ratio:,.0f} to 1 at {info.filename!r}, as zip bombs are; "
                f"the limit is {limits.max_ratio:,.0f} to 1"
            )


def leads_out(member: str) -> bool:
    """Whether a member's name is absolute or climbs out of the archive."""
    path = member.replace("\\", "/")
    climbs = posixpath.normpath(path).split("/")[0] == ".."
    return climbs or path.startswith("/") or path[1:2] == ":" or "\0" in path
