"""Files that no reader can take: one clear sentence each, and the rest goes on."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from support import hashing_settings
from typer.testing import CliRunner

from kb.cli import app
from kb.corpus import add
from kb.errors import UnreadableFile
from kb.readers import read, read_bytes

SENTENCE = "Leaders who give trust first are trusted in return by the people whom they lead."
NEXT_STEPS = ("again", "Remove", "copy", "suffix", "expected", "Split", "add it with", "Recognise")


def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    """Reading a pipe that nobody writes to would take for ever."""
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableFile, match=r"pipe\.txt is no regular file; expected one that"):
        read(tmp_path / "pipe.txt")


def test_one_bad_file_of_a_folder_stops_no_other(tmp_path: Path) -> None:
    """Each refusal says what was found and what to do; what is good is added."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a good one.txt").write_text(f"Trust\n\n{SENTENCE}\n")
    (folder / "the same again.txt").write_text(f"Trust\n\n{SENTENCE}\n")
    os.mkfifo(folder / "pipe.txt")
    (folder / "nowhere.txt").symlink_to(folder / "gone")
    for suffix in ("txt", "md", "html", "pdf", "docx", "pptx", "epub"):
        (folder / f"empty.{suffix}").write_bytes(b"")
        (folder / f"noise.{suffix}").write_bytes(bytes(range(256)) * 20)
    with zipfile.ZipFile(folder / "packed.zip", "w") as packed:
        packed.writestr("one.txt", SENTENCE)
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")

    outcomes = {Path(one.name).name: one for one in add([folder], hashing_settings(tmp_path))}
    good = {name: one.outcome for name, one in outcomes.items() if one.outcome != "refused"}
    assert good == {"a good one.txt": "added", "the same again.txt": "duplicate"}
    refused = {name: one.detail for name, one in outcomes.items() if one.outcome == "refused"}
    assert len(refused) == 18
    silent = [line for line in refused.values() if not any(step in line for step in NEXT_STEPS)]
    assert silent == ["nowhere.txt cannot be read: No such file or directory"]
    assert all("\n" not in line for line in refused.values())
    assert "packed.zip is an archive in a folder; add it with: kb add" in refused["packed.zip"]


def test_a_name_with_a_line_feed_takes_one_line(tmp_path: Path) -> None:
    """In the list of sources as anywhere."""
    (tmp_path / "two\nlines.txt").write_text(SENTENCE)
    shown = CliRunner().invoke(app, ["--corpus", str(tmp_path), "--index", "none", "sources"])
    assert shown.output == "new       two lines.txt, 0 passages: run: kb build\n"


def test_text_below_many_open_tags_is_not_dropped() -> None:
    """Pages of old hands leave hundreds of tags open; the usual parser stops at the 256th."""
    page = "<html><body>" + "<font><div>" * 200 + f"<p>{SENTENCE}</p>"
    assert SENTENCE in read_bytes(page.encode(), name="old.html").text
