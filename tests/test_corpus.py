"""The corpus folder: adding, refusing, replacing, what a sidecar states, what was passed over."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

import pytest
from support import FERRY, ORCHARD, write_files

from kb.corpus import (
    SourceFile,
    add,
    cited_works,
    corpus_digest,
    document_id,
    merged,
    read_document,
    read_documents,
    remove,
    scan,
    write_sidecar,
)
from kb.errors import BadSetting, SourceNotFound, UnreadableFile
from kb.records import Document, Metadata
from kb.settings import Settings


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder outside the corpus from which files are added."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def outcomes(paths: list[Path], settings: Settings) -> list[tuple[str, str | None]]:
    """Outcome and place of everything that was to be added."""
    return [(one.outcome, one.path) for one in add(paths, settings)]


def only_document(settings: Settings) -> Document:
    """The single document of the corpus."""
    files, problems = scan(settings.corpus)
    assert problems == []
    (found,) = read_documents(settings.corpus, files, settings)
    assert isinstance(found, Document)
    return found


def test_an_added_file_lies_in_the_corpus_folder_as_it_was(settings: Settings, desk: Path) -> None:
    """Bytes are copied, not rewritten."""
    write_files(desk, {"ferry.txt": FERRY})
    assert outcomes([desk / "ferry.txt"], settings) == [("added", "ferry.txt")]
    assert (settings.corpus / "ferry.txt").read_text() == FERRY


def test_adding_the_same_file_again_changes_nothing(settings: Settings, desk: Path) -> None:
    """A second run of a script is harmless."""
    write_files(desk, {"ferry.txt": FERRY})
    add([desk / "ferry.txt"], settings)
    assert outcomes([desk / "ferry.txt"], settings) == [("unchanged", "ferry.txt")]


def test_the_same_words_under_another_name_are_a_duplicate(settings: Settings, desk: Path) -> None:
    """Two copies would answer every question twice."""
    write_files(desk, {"ferry.txt": FERRY, "copy.txt": FERRY})
    add([desk / "ferry.txt"], settings)
    (found,) = add([desk / "copy.txt"], settings)
    assert (found.outcome, found.path) == ("duplicate", "ferry.txt")
    assert not (settings.corpus / "copy.txt").exists()


def test_a_newer_file_of_the_same_name_replaces_the_older(settings: Settings, desk: Path) -> None:
    """This is how a source is brought up to date."""
    write_files(desk, {"ferry.txt": FERRY})
    add([desk / "ferry.txt"], settings)
    write_files(desk, {"ferry.txt": FERRY + "\nOne line more.\n"})
    assert outcomes([desk / "ferry.txt"], settings) == [("replaced", "ferry.txt")]
    assert (settings.corpus / "ferry.txt").read_text().endswith("One line more.\n")


def test_two_files_of_one_name_in_one_call_do_not_overwrite_each_other(
    settings: Settings, desk: Path
) -> None:
    """The second is refused and named; the first stays."""
    write_files(desk, {"a/notes.txt": FERRY, "b/notes.txt": "Other words entirely.\n"})
    first, second = add([desk / "a/notes.txt", desk / "b/notes.txt"], settings)
    assert (first.outcome, second.outcome) == ("added", "refused")
    assert "was just added as notes.txt" in second.detail
    assert (settings.corpus / "notes.txt").read_text() == FERRY


def test_a_folder_is_added_with_its_sub_folders(settings: Settings, desk: Path) -> None:
    """Paths below the folder are kept; hidden files are not offered."""
    write_files(desk, {"x/a.txt": FERRY, "b.md": ORCHARD, ".hidden/c.txt": "No.", ".d.txt": "No."})
    assert outcomes([desk], settings) == [("added", "b.md"), ("added", "x/a.txt")]


def test_what_a_sidecar_states_is_taken_along(settings: Settings, desk: Path) -> None:
    """Of a file and of a folder; adding again changes nothing; a flag beats it."""
    write_files(desk, {"x/a.txt": FERRY, "x/a.txt.kb.yaml": "title: Ferries\nyear: 1999\n"})
    assert outcomes([desk], settings) == [("added", "x/a.txt")]
    known = only_document(settings).source.metadata
    assert (known.title, known.year) == ("Ferries", 1999)
    assert outcomes([desk], settings) == [("unchanged", "x/a.txt")]
    add([desk], settings, overrides={"year": 2001})
    assert only_document(settings).source.metadata.year == 2001


def test_a_zip_archive_is_added_file_by_file(settings: Settings, desk: Path) -> None:
    """Files lie below a folder of the archive's name; what cannot be read is refused alone."""
    with zipfile.ZipFile(desk / "box.zip", "w") as box:
        box.writestr("deep/ferry.txt", FERRY)
        box.writestr("tool.exe", b"\x00\x01")
    assert outcomes([desk / "box.zip"], settings) == [
        ("added", "box/deep/ferry.txt"),
        ("refused", None),
    ]


def test_a_broken_archive_is_refused(settings: Settings, desk: Path) -> None:
    """It is named with the reason, and nothing is raised."""
    (desk / "box.zip").write_bytes(b"PK\x03\x04 and no more")
    (found,) = add([desk / "box.zip"], settings)
    assert found.outcome == "refused"
    assert "box.zip is damaged or cut off" in found.detail


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "only white space"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "binary|not text|no text"),
        ("music.mp3", b"ID3", "no suffix that a reader knows"),
        ("README.md", b"# About this folder\n", "does not read as a source"),
        (".secret.txt", b"Words enough to read.\n", "does not read as a source"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason_and_the_others_are_added(
    settings: Settings, desk: Path, name: str, content: bytes, reason: str
) -> None:
    """Nothing is skipped in silence, and nothing else is lost."""
    (desk / name).write_bytes(content)
    write_files(desk, {"ferry.txt": FERRY})
    refused, kept = add([desk / name, desk / "ferry.txt"], settings)
    assert (refused.outcome, kept.outcome) == ("refused", "added")
    assert re.search(reason, refused.detail), refused.detail
    assert os.listdir(settings.corpus) == ["ferry.txt"]


def test_a_refused_replacement_leaves_the_file_that_was_there(
    settings: Settings, desk: Path
) -> None:
    """A good source is not lost to a bad one."""
    write_files(desk, {"ferry.txt": FERRY})
    add([desk / "ferry.txt"], settings)
    (desk / "ferry.txt").write_bytes(b"")
    assert add([desk / "ferry.txt"], settings)[0].outcome == "refused"
    assert (settings.corpus / "ferry.txt").read_text() == FERRY


def test_a_missing_path_stops_the_call_before_anything_is_added(
    settings: Settings, desk: Path
) -> None:
    """A misspelt name is not half a success."""
    write_files(desk, {"ferry.txt": FERRY})
    with pytest.raises(SourceNotFound, match=r"gone\.txt does not exist; nothing was added"):
        add([desk / "ferry.txt", desk / "gone.txt"], settings)
    assert os.listdir(settings.corpus) == []


def test_a_file_above_the_size_limit_is_refused_with_both_sizes(
    settings: Settings, desk: Path
) -> None:
    """The limit is a setting, and the message states it."""
    small = settings.model_copy(update={"file_mb": 1})
    (desk / "long.txt").write_text("A line of words.\n" * 80_000)
    (found,) = add([desk / "long.txt"], small)
    assert found.detail.startswith("long.txt has 1 MB; the limit is 1 MB")


def test_a_wrong_encoding_is_recognised_and_read(settings: Settings, desk: Path) -> None:
    """A text from an old word processor keeps its quotation marks and umlauts."""
    (desk / "old.txt").write_bytes(
        "Führung heißt zuhören. “Trust” grows – slowly.\n".encode("cp1252") * 3
    )
    add([desk / "old.txt"], settings)
    assert "Führung heißt zuhören. “Trust” grows – slowly." in only_document(settings).text


def test_a_framework_that_is_no_slug_is_refused(settings: Settings, desk: Path) -> None:
    """Slugs stand in addresses and in commands."""
    write_files(desk, {"ferry.txt": FERRY})
    with pytest.raises(BadSetting, match="'Ferry Crew' is not a slug"):
        add([desk / "ferry.txt"], settings, overrides={"framework": "Ferry Crew"})


def test_what_a_person_states_beats_what_the_file_says(settings: Settings, desk: Path) -> None:
    """Facts go to a sidecar; the file itself stays as it was."""
    write_files(desk, {"orchard.md": ORCHARD})
    add([desk / "orchard.md"], settings, overrides={"title": "Orchards", "authors": ["B. Pip"]})
    found = only_document(settings)
    known = found.source.metadata
    assert (known.title, known.authors, known.year) == ("Orchards", ("B. Pip",), 1987)
    assert (settings.corpus / "orchard.md").read_text() == ORCHARD


def test_a_sidecar_keeps_what_was_stated_before(settings: Settings, desk: Path) -> None:
    """Stating the year later does not take back the title."""
    write_files(desk, {"ferry.txt": FERRY})
    add([desk / "ferry.txt"], settings, overrides={"title": "Ferries"})
    add([desk / "ferry.txt"], settings, overrides={"year": 1999})
    known = only_document(settings).source.metadata
    assert (known.title, known.year) == ("Ferries", 1999)


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ("title: [\n", "cannot be read"),
        ("- a list\n", "expected keys and values"),
        ("year: long ago\n", "cannot be used"),
        ("authors: 7\n", "cannot be used"),
    ],
)
def test_a_broken_sidecar_is_a_problem_of_its_file_alone(
    settings: Settings, sidecar: str, reason: str
) -> None:
    """The file is left out with the reason; the others are read."""
    write_files(
        settings.corpus, {"a.txt": FERRY, "a.txt.kb.yaml": sidecar, "b.txt": "Some other words."}
    )
    files, _ = scan(settings.corpus)
    problem, document = read_documents(settings.corpus, files, settings)
    assert isinstance(problem, str) and problem.startswith("a.txt: its sidecar a.txt.kb.yaml")
    assert reason in problem
    assert isinstance(document, Document)


def test_adding_over_a_broken_sidecar_refuses_that_file_alone(
    settings: Settings, desk: Path
) -> None:
    """A person is told which sidecar to mend, and the other file is added."""
    write_files(settings.corpus, {"a.txt.kb.yaml": "title: [\n"})
    write_files(desk, {"a.txt": FERRY, "b.txt": "Some other words."})
    first, second = add([desk / "a.txt", desk / "b.txt"], settings, overrides={"year": 1999})
    assert (first.outcome, second.outcome) == ("refused", "added")
    assert "a.txt.kb.yaml cannot be read" in first.detail


def test_unknown_sidecar_keys_become_bibliographic_fields() -> None:
    """Publisher, DOI and the like reach the printed reference; None overrides nothing."""
    found = merged(
        Metadata(title="A", year=1987), {"publisher": "Pip", "year": None, "people": "Q"}
    )
    assert found == Metadata(title="A", year=1987, people=("Q",), csl={"publisher": "Pip"})


def test_scan_sorts_by_path_and_names_what_it_passes_over(settings: Settings) -> None:
    """Order does not depend on the disk; nothing is skipped in silence."""
    write_files(
        settings.corpus,
        {"b.txt": "B.", "a/z.txt": "Z.", "LICENSE": "-", "references.json": "[]", "x.exe": "-"},
    )
    files, problems = scan(settings.corpus)
    assert [file.path for file in files] == ["a/z.txt", "b.txt"]
    (problem,) = problems
    assert problem.startswith("x.exe: x.exe has no suffix that a reader knows")


def test_scan_reports_links_to_nothing_pipes_and_names_that_are_no_unicode(
    settings: Settings,
) -> None:
    """None of them stops a build or hangs it."""
    (settings.corpus / "gone.txt").symlink_to("nowhere")
    os.mkfifo(settings.corpus / "pipe.txt")
    Path(os.fsdecode(os.fsencode(settings.corpus) + b"/caf\xe9.txt")).write_text("Words.")
    files, problems = scan(settings.corpus)
    assert files == []
    assert [problem.split(": ", 1)[1] for problem in problems] == [
        "its name is not valid Unicode; rename it",
        "cannot be read (No such file or directory)",
        "pipe.txt is no regular file; expected one that holds text",
    ]


def test_a_link_to_nothing_in_the_corpus_does_not_stop_adding(
    settings: Settings, desk: Path
) -> None:
    """What lies there already cannot keep a person from adding."""
    (settings.corpus / "gone.txt").symlink_to("nowhere")
    write_files(desk, {"ferry.txt": FERRY})
    assert outcomes([desk / "ferry.txt"], settings) == [("added", "ferry.txt")]


def test_links_that_lead_out_of_an_added_folder_are_named_and_left_out(
    settings: Settings, desk: Path, tmp_path: Path
) -> None:
    """The person gave one folder, not what others made it point to; its own links are kept."""
    write_files(tmp_path, {"secret.txt": ORCHARD, "other/note.txt": ORCHARD})
    write_files(desk, {"inside/ferry.txt": FERRY})
    (desk / "out.txt").symlink_to(tmp_path / "secret.txt")
    (desk / "up.txt").symlink_to(Path("..") / "secret.txt")
    (desk / "folder").symlink_to(tmp_path / "other")
    (desk / "within.txt").symlink_to(desk / "inside" / "ferry.txt")
    added = {Path(one.name).name: one for one in add([desk], settings)}
    assert added["ferry.txt"].outcome == "added"
    assert added["within.txt"].outcome == "duplicate"
    for name, target in (("out.txt", "secret.txt"), ("up.txt", "secret.txt"), ("folder", "other")):
        assert added[name].outcome == "refused"
        wanted = f"is not followed; to add what it leads to: kb add {tmp_path.resolve() / target}"
        assert wanted in added[name].detail
    stored = [file.name for file in settings.corpus.rglob("*") if file.is_file()]
    assert stored == ["ferry.txt"]


def test_a_folder_that_is_a_link_is_added_when_it_is_named_itself(
    settings: Settings, desk: Path, tmp_path: Path
) -> None:
    """What lies in it lies inside of it, whichever name it goes by."""
    write_files(desk, {"ferry.txt": FERRY})
    (tmp_path / "link").symlink_to(desk)
    assert outcomes([tmp_path / "link"], settings) == [("added", "ferry.txt")]


def test_links_that_go_round_in_a_loop_end(settings: Settings, desk: Path) -> None:
    """A folder within itself, and files that are links to each other."""
    write_files(desk, {"ferry.txt": FERRY})
    (desk / "again").symlink_to(desk)
    (desk / "a.txt").symlink_to(desk / "b.txt")
    (desk / "b.txt").symlink_to(desk / "a.txt")
    found = {Path(one.name).name: one.outcome for one in add([desk], settings)}
    assert found == {
        "again": "refused", "a.txt": "refused", "b.txt": "refused", "ferry.txt": "added"
    }  # fmt: skip


def test_a_missing_corpus_folder_names_the_next_command(tmp_path: Path) -> None:
    """What was found and what to do."""
    with pytest.raises(SourceNotFound, match=r"does not exist\. Add files with: kb add"):
        scan(tmp_path / "none")


def test_the_corpus_digest_changes_with_content_name_sidecar_and_expected_questions(
    settings: Settings,
) -> None:
    """Any of them makes an index stale."""

    def digest() -> str:
        return corpus_digest(settings.corpus, scan(settings.corpus)[0])

    seen = [digest()]
    expected = {"questions.jsonl": "{}"}
    for texts in (
        {"a.txt": "One."},
        {"a.txt": "Two."},
        {"a.txt.kb.yaml": "year: 1999\n"},
        expected,
    ):
        write_files(settings.corpus, texts)
        seen.append(digest())
    (settings.corpus / "a.txt").rename(settings.corpus / "b.txt")
    seen.append(digest())
    assert len(set(seen)) == len(seen)


def test_a_file_that_changed_since_it_was_scanned_is_not_taken(settings: Settings) -> None:
    """Its text would stand in the index under another text's checksum."""
    write_files(settings.corpus, {"a.txt": FERRY})
    (file,), _ = scan(settings.corpus)
    write_files(settings.corpus, {"a.txt": FERRY + "\nMore words.\n"})
    with pytest.raises(UnreadableFile, match=r"a\.txt changed while it was read; run again"):
        read_document(settings.corpus, file, settings)


def test_a_file_that_went_away_since_it_was_scanned_is_reported(settings: Settings) -> None:
    """The rest of the corpus is still read."""
    write_files(settings.corpus, {"b.txt": FERRY})
    files = [SourceFile("a.txt", "0" * 64, 1), *scan(settings.corpus)[0]]
    problem, document = read_documents(settings.corpus, files, settings)
    assert problem == "a.txt: a.txt cannot be read: No such file or directory"
    assert isinstance(document, Document)


def test_a_document_read_before_is_taken_as_it_is(settings: Settings) -> None:
    """Unchanged files are not read again."""
    write_files(settings.corpus, {"a.txt": FERRY})
    files, _ = scan(settings.corpus)
    before = read_document(settings.corpus, files[0], settings)
    known = {(files[0].path, files[0].sha256): before}
    (found,) = read_documents(
        settings.corpus, files, settings, known=lambda path, sha256: known.get((path, sha256))
    )
    assert found is before


def test_removing_a_source_takes_its_sidecar_along(settings: Settings) -> None:
    """A sidecar without its file would be passed to the next file of that name."""
    write_files(settings.corpus, {"a.txt": FERRY})
    write_sidecar("a.txt", settings, {"year": 1999})
    remove("a.txt", settings)
    assert os.listdir(settings.corpus) == []


@pytest.mark.parametrize("path", ["gone.txt", "../outside.txt"])
def test_only_a_source_of_the_folder_can_be_removed(
    settings: Settings, path: str, tmp_path: Path
) -> None:
    """A path that climbs out of the folder touches nothing."""
    write_files(tmp_path, {"outside.txt": FERRY})
    with pytest.raises(SourceNotFound, match="See: kb sources"):
        remove(path, settings)
    assert (tmp_path / "outside.txt").exists()


def test_identifiers_are_stable_for_a_path() -> None:
    """Twelve digits of the path's SHA-256, so that a changed file keeps its identity."""
    assert document_id("notes/ferry.txt") == "4c35dc7580a6"


def test_cited_works_are_read_by_key_and_a_broken_file_is_named(settings: Settings) -> None:
    """No file means no works; a file that is no list of records is refused."""
    assert cited_works(settings.corpus) == {}
    write_files(settings.corpus, {"references.json": '[{"id": "q-1987", "title": "T"}]'})
    assert cited_works(settings.corpus)["q-1987"]["title"] == "T"
    write_files(settings.corpus, {"references.json": '[{"title": "T"}]'})
    with pytest.raises(UnreadableFile, match=r"references\.json is not a JSON array"):
        cited_works(settings.corpus)


def test_adding_tells_of_every_file(settings: Settings, desk: Path) -> None:
    """Thousands of files take a while; a progress bar needs what is done, and of how many."""
    told: list[tuple[str, int, int]] = []
    write_files(desk, {"ferry.txt": FERRY, "deep/orchard.md": ORCHARD, "tool.exe": "MZ"})
    add([desk], settings, progress=lambda *step: told.append(step))
    assert told == [("Adding files", done, 3) for done in (1, 2, 3)]
