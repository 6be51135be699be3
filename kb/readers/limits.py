"""How much of this machine the reading of one file may take."""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import UnreadableFile

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file and on the process that parses it.

    Attributes:
        max_bytes: Size of the file; also of each file unpacked from it.
        max_unpacked_bytes: Size of everything that an archive holds, unpacked.
        max_ratio: Unpacked size over packed size of an archive's member.
        max_members: Files in an archive.
        max_pages: Pages or slides; later ones are left out and reported.
        seconds: Wall-clock time for parsing.
        memory_bytes: Address space that parsing may add to the child process, and to its copy.
        processes: Up to two may share a long PDF; only in a process without other threads.
        ocr: Read scanned pages with rapidocr, if it is installed. A page takes seconds, and the
            models room, so raise `seconds` and `memory_bytes` with it.
    """

    max_bytes: int = 100 * MEBIBYTE
    max_unpacked_bytes: int = 500 * MEBIBYTE
    max_ratio: float = 200.0
    max_members: int = 10_000
    max_pages: int = 5_000
    seconds: float = 120.0
    memory_bytes: int = 2048 * MEBIBYTE
    processes: int = 1
    ocr: bool = False


def check_size(size: int, *, name: str, limits: Limits) -> None:
    """Refuses a file that is larger than the limit.

    Raises:
        UnreadableFile: The message states both sizes.
    """
    if size > limits.max_bytes:
        raise UnreadableFile(
            f"{name} has {size / MEBIBYTE:,.0f} MB; the limit is "
            f"{limits.max_bytes / MEBIBYTE:,.0f} MB. Split it into smaller files"
        )
