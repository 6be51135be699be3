"""What corpus folder and index hold of each other, file by file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support import FERRY, write_files

from kb.embedding import HashingEmbedder
from kb.errors import IndexDamaged, IndexMismatch, IndexMissing, SourceNotFound
from kb.index import current_name
from kb.inventory import inventory, verify_library
from kb.library import build_from_corpus
from kb.settings import Settings


def states(settings: Settings) -> dict[str, tuple[str, int]]:
    """State and passages by path."""
    return {entry.path: (entry.state, entry.passages) for entry in inventory(settings)}


def test_before_the_first_build_every_file_is_new(corpus: Path, settings: Settings) -> None:
    """With the command that changes it."""
    found = inventory(settings)
    assert {entry.state for entry in found} == {"new"}
    assert {entry.detail for entry in found} == {"run: kb build"}
    assert len(found) == 3


def test_after_a_build_every_file_is_indexed_with_its_passages(
    corpus: Path, settings: Settings
) -> None:
    """By path, with the title that answers show."""
    build_from_corpus(settings)
    assert states(settings) == {
        "lighthouse-leadership.md": ("indexed", 5),
        "notes/ferry.txt": ("indexed", 2),
        "orchard-leadership.md": ("indexed", 7),
    }
    assert inventory(settings)[0].framework == "lighthouse-leadership"


def test_every_way_to_differ_is_told_apart(corpus: Path, settings: Settings) -> None:
    """New, changed, moved, removed and unreadable, each in its own words."""
    write_files(corpus, {"gone.txt": "Soon away."})
    build_from_corpus(settings)
    write_files(corpus, {"new.txt": "A word about tides.", "orchard-leadership.md": "Other."})
    (corpus / "notes/ferry.txt").rename(corpus / "boats.txt")
    (corpus / "gone.txt").unlink()
    (corpus / "tool.exe").write_bytes(b"MZ")
    assert states(settings) == {
        "boats.txt": ("moved", 0),
        "gone.txt": ("removed", 1),
        "lighthouse-leadership.md": ("indexed", 5),
        "new.txt": ("new", 0),
        "orchard-leadership.md": ("changed", 7),
        "tool.exe": ("problem", 0),
    }
    details = {entry.path: entry.detail for entry in inventory(settings)}
    assert details["boats.txt"] == "was notes/ferry.txt; run: kb build"
    assert "no suffix that a reader knows" in details["tool.exe"]


def test_of_two_copies_one_that_goes_is_removed_and_not_moved(
    corpus: Path, settings: Settings
) -> None:
    """The other copy was there before, so nothing has moved to it."""
    names = sorted(file.name for file in corpus.glob("*.md"))
    (corpus / "copy.md").write_bytes((corpus / names[0]).read_bytes())
    build_from_corpus(settings)
    (corpus / "copy.md").unlink()
    states = {entry.path: entry.state for entry in inventory(settings)}
    assert states.pop("copy.md") == "removed"
    assert set(states.values()) == {"indexed"}


def test_a_problem_finds_its_file_whatever_its_name_holds(corpus: Path, settings: Settings) -> None:
    """Also one with a colon and a space in it."""
    (corpus / "Week 1: notes.txt").write_bytes("Führung heißt zuhören, sagte sie.".encode("cp1252"))
    build_from_corpus(settings)
    (entry,) = (one for one in inventory(settings) if one.path == "Week 1: notes.txt")
    assert entry.state == "problem"
    assert "was read as cp1252" in entry.detail


def test_a_file_that_could_not_be_read_stays_a_problem_with_its_reason(
    corpus: Path, settings: Settings
) -> None:
    """Building again would not help, so the list does not say so."""
    (corpus / "empty.txt").write_bytes(b"")
    build_from_corpus(settings)
    (found,) = [entry for entry in inventory(settings) if entry.state == "problem"]
    assert (found.path, found.passages) == ("empty.txt", 0)
    assert "empty" in found.detail and "kb build" not in found.detail


def test_an_index_of_other_settings_counts_every_file_as_new(
    corpus: Path, settings: Settings
) -> None:
    """It would be rebuilt before anything is asked of it."""
    build_from_corpus(settings)
    narrow = settings.model_copy(update={"passage_tokens": 64})
    assert {entry.state for entry in inventory(narrow)} == {"new"}


def test_a_missing_corpus_is_an_explained_error(tmp_path: Path) -> None:
    """Not an empty list."""
    settings = Settings(corpus=tmp_path / "none", index=tmp_path / "index", model="hashing")
    with pytest.raises(SourceNotFound, match="does not exist"):
        inventory(settings)


def test_verifying_states_everything_that_was_checked(corpus: Path, settings: Settings) -> None:
    """Files, model, corpus and passages, then the problems that are known."""
    (corpus / "empty.txt").write_bytes(b"")
    build_from_corpus(settings)
    lines = list(verify_library(settings))
    found = "\n".join(lines)
    assert "files have their checksums" in lines[0]
    assert "model hashing-384: the one that the settings ask for" in found
    assert "3 sources, none changed" in found
    assert "all 14 stand word for word in their sources" in found
    assert any(line.startswith("problem: empty.txt") for line in lines)


def test_verifying_names_the_first_thing_that_is_wrong(corpus: Path, settings: Settings) -> None:
    """No index, a changed corpus, a damaged file: each with its repair."""
    with pytest.raises(IndexMissing, match="kb build"):
        list(verify_library(settings))
    build_from_corpus(settings)
    write_files(corpus, {"new.txt": FERRY + "More."})
    with pytest.raises(IndexMismatch, match=r"See what changed with: kb sources"):
        list(verify_library(settings))
    (corpus / "new.txt").unlink()
    folder = settings.index / "generations" / str(current_name(settings.index))
    os.truncate(folder / "words.npy", 100)
    with pytest.raises(IndexDamaged, match=r"words\.npy does not have its checksum"):
        list(verify_library(settings))


def test_verifying_refuses_an_index_of_another_model(corpus: Path, settings: Settings) -> None:
    """The model that would answer must be the one that built."""

    class OtherModel(HashingEmbedder):
        fingerprint = "hashing-other"

    build_from_corpus(settings, embedder=OtherModel())
    with pytest.raises(IndexMismatch, match='vectors from "hashing-other"'):
        list(verify_library(settings))
