"""`kb add` says what it understood of each file, so that a person can correct it."""

from __future__ import annotations

from pathlib import Path

from support import FERRY, ORCHARD, Kb, write_files

from kb.commands.adding import CORRECTION
from kb.corpus import scan
from kb.settings import Settings


def test_each_file_is_told_with_title_authors_and_year(
    kb: Kb, settings: Settings, tmp_path: Path
) -> None:
    """One line a file; what the file does not state is named."""
    desk = write_files(tmp_path / "desk", {"orchard.md": ORCHARD, "ferry.txt": FERRY})
    assert kb("add", desk).out.splitlines() == [
        "added      ferry.txt: “Notes on ferry meetings”, author not stated, year not stated",
        "added      orchard.md: “Orchard leadership”, Ada Quince, 1987, on orchard-leadership",
        CORRECTION,
    ]


def test_flags_on_the_same_file_correct_what_was_understood(
    kb: Kb, settings: Settings, tmp_path: Path
) -> None:
    """Then nothing is left to be completed."""
    desk = write_files(tmp_path / "desk", {"ferry.txt": FERRY})
    kb("add", desk / "ferry.txt")
    ran = kb("add", desk / "ferry.txt", "--title", "Ferry notes", "--author", "Jo", "--year", 1999)
    assert ran.out == "replaced   ferry.txt: “Ferry notes”, Jo, 1999\n"


def test_flags_reach_a_file_that_lies_in_a_folder_of_the_corpus(
    kb: Kb, settings: Settings, tmp_path: Path
) -> None:
    """It is known by its content, wherever it lies; no second copy is made."""
    desk = write_files(tmp_path / "desk", {"notes/ferry.txt": FERRY})
    kb("add", desk)
    ran = kb("add", desk / "notes/ferry.txt", "--author", "Jo Ash", "--year", "1999")
    assert ran.out.startswith("replaced   notes/ferry.txt: “Notes on ferry meetings”, Jo Ash, 1999")
    assert [file.path for file in scan(settings.corpus)[0]] == ["notes/ferry.txt"]


def test_an_unchanged_or_refused_file_is_told_without_a_title(
    kb: Kb, settings: Settings, tmp_path: Path
) -> None:
    """Nothing was read of it."""
    desk = write_files(tmp_path / "desk", {"orchard.md": ORCHARD, "tool.exe": "MZ"})
    kb("add", desk / "orchard.md")
    assert kb("add", desk / "orchard.md").out == "unchanged  orchard.md\n"
    ran = kb("add", desk / "tool.exe")
    assert ran.code == 1
    assert ran.out.startswith("refused ")
