"""What an upload would become, told before anything is saved."""

from __future__ import annotations

import io
import zipfile

from kb.embedding import HashingEmbedder
from kb.preview import previews
from kb.settings import Settings

TEXT = b"# Ferry\n\nTwo banks.\n\n- One oar.\n- Two oars.\n"


def packed(files: dict[str, bytes]) -> bytes:
    """A zip archive with the files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return content.getvalue()


def test_blocks_and_passages_of_a_file_are_counted(settings: Settings) -> None:
    """As the build would see them; nothing is saved."""
    (found,) = previews("ferry.md", TEXT, settings, HashingEmbedder())
    assert [found.count(kind) for kind in ("heading", "paragraph", "item")] == [1, 1, 2]
    assert (found.passages, found.problem) == (1, "")
    assert list(settings.corpus.iterdir()) == []


def test_each_file_of_an_archive_is_read(settings: Settings) -> None:
    """One that cannot be added is named; the others are counted all the same."""
    archive = packed({"a/ferry.md": TEXT, "b/notes.xyz": b"?", "b/broken.pdf": b"%PDF-1.5"})
    found = previews("all.zip", archive, settings, HashingEmbedder())
    assert [(each.name, bool(each.reading)) for each in found] == [
        ("a/ferry.md", True),
        ("b/notes.xyz", False),
        ("b/broken.pdf", False),
    ]
    assert "no suffix that a reader knows" in found[1].problem
    assert "broken.pdf" in found[2].problem


def test_what_cannot_be_added_says_why(settings: Settings) -> None:
    """Too large, of a wrong kind, damaged, an archive that is none or holds nothing."""
    small = settings.model_copy(update={"file_mb": 1})
    for name, content, reason in (
        ("large.txt", b"word " * 300_000, "large.txt has 1 MB; the limit is 1 MB"),
        ("program.exe", b"MZ", "no suffix that a reader knows; expected one of"),
        ("binary.txt", bytes(range(256)) * 20, "binary.txt"),
        ("broken.docx", b"PK\x03\x04 not really", "damaged"),
        ("broken.zip", b"PK\x03\x04 not really", "broken.zip is damaged or cut off"),
        ("empty.zip", packed({}), "empty.zip holds no file that can be added"),
    ):
        (found,) = previews(name, content, small, HashingEmbedder())
        assert found.reading is None
        assert reason in found.problem


def test_every_file_of_an_archive_is_told(settings: Settings) -> None:
    """Whoever waits sees which file is being read, and can cancel between two."""
    told: list[str] = []
    archive = packed({"a.md": TEXT, "b.md": TEXT})
    previews(
        "all.zip",
        archive,
        settings,
        HashingEmbedder(),
        progress=lambda stage, done, total: told.append(stage),
    )
    assert told == ["Reading a.md", "Reading b.md"]
