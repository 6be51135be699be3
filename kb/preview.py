"""What files would become in the library, before anything of them is saved."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kb import readers, readings
from kb.errors import UnreadableFile
from kb.passages import split_document
from kb.readers.archive import documents
from kb.readers.limits import check_size
from kb.readings import limits_of
from kb.records import BlockKind, Document, Embedder, Reading, Source
from kb.settings import Settings

ARCHIVE = ".zip"


@dataclass(frozen=True, slots=True)
class Preview:
    """What was understood of one file.

    Attributes:
        name: As the person named it, or its name inside an archive.
        problem: Why it cannot be added; empty if it can.
        reading: None if it cannot be added.
        passages: How many it would be split into.
    """

    name: str
    problem: str = ""
    reading: Reading | None = None
    passages: int = 0

    def count(self, kind: BlockKind) -> int:
        """Blocks of a kind; those of kind `furniture` are left out of the passages."""
        return sum(block.kind == kind for block in self.reading.blocks) if self.reading else 0


def previews(
    name: str,
    content: bytes,
    settings: Settings,
    embedder: Embedder,
    *,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> tuple[Preview, ...]:
    """What was understood of a file, or of each file in a zip archive.

    Args:
        name: Without a folder.
        content: Of the file.
        settings: State the limits and shape the passages.
        embedder: Counts word pieces.
        progress: Told of every file.
    """
    limits = limits_of(settings)
    found: list[Preview] = []
    try:
        for number, (member, packed) in enumerate(_members(name, content, limits)):
            progress(f"Reading {member}", number, 0)
            found.append(_preview(member, packed, settings, embedder))
    except UnreadableFile as error:
        found.append(Preview(name, problem=str(error)))
    return tuple(found) or (Preview(name, problem=f"{name} holds no file that can be added"),)


def _members(name: str, content: bytes, limits: readers.Limits) -> Iterator[tuple[str, bytes]]:
    check_size(len(content), name=name, limits=limits)
    if name.lower().endswith(ARCHIVE):
        yield from documents(content, name=name, limits=limits)
    else:
        yield name, content


def _preview(name: str, content: bytes, settings: Settings, embedder: Embedder) -> Preview:
    """As the build would see it: the same reader in the same child process."""
    try:
        with tempfile.TemporaryDirectory(prefix="kb-") as folder:
            file = Path(folder) / PurePosixPath(name).name
            file.write_bytes(content)
            reading = readings.read(file, settings)
        source = Source("0" * 12, name, "", len(content), readers.format_of(name), reading.metadata)
    except UnreadableFile as error:
        return Preview(name, problem=str(error))
    passages = split_document(
        Document(source, reading.text, reading.blocks),
        embedder,
        limit=settings.passage_tokens,
        overlap_chars=settings.overlap_chars,
    )
    return Preview(name, "", reading, len(passages))
