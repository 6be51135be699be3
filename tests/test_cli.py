"""The `kb` command: its contracts, its exit codes, one explained line for what goes wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import FERRY, Kb, write_files

from kb.index import current_name, writer_lock
from kb.library import Library
from kb.settings import Settings

ASK = {
    "question", "status", "confidence", "kind", "statements", "citations", "passages",
    "generation", "elapsed_ms",
}  # fmt: skip
SEARCH = {"query", "passages", "generation", "elapsed_ms"}
COMPARE = {"frameworks", "dimensions", "cells", "generation"}
CELL = {"framework", "dimension", "status", "citations"}
CITATION = {
    "number", "passage_id", "document_id", "path", "title", "authors", "year", "framework",
    "locator", "start", "end", "quote", "score", "reference",
}  # fmt: skip
HIT = {
    "rank", "passage_id", "document_id", "path", "title", "framework", "locator", "start", "end",
    "text", "score",
}  # fmt: skip
LOCATOR = {"page", "headings", "paragraph"}
WHERE = "Where does the ferry committee meet on Tuesdays?"
BOTH = ("orchard-leadership", "lighthouse-leadership")


@pytest.fixture
def ready(corpus: Path, kb: Kb) -> Kb:
    """The command on the small library, built."""
    assert kb("build").code == 0
    return kb


def parsed(kb: Kb, *arguments: str) -> dict[str, Any]:
    """The one JSON object on stdout; nothing may stand beside it."""
    found = kb(*arguments, "--format", "json")
    assert (found.code, found.err) == (0, "")
    content = json.loads(found.out)
    assert isinstance(content, dict)
    return content


def check_citation(citation: dict[str, Any], library: Library) -> None:
    """Fields, types and the quote itself, as the contract has them."""
    assert set(citation) == CITATION
    assert set(citation["locator"]) == LOCATOR
    assert isinstance(citation["authors"], list)
    text = library.document(citation["document_id"]).text
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert 0 <= citation["score"] <= 1


def check_hit(hit: dict[str, Any], library: Library) -> None:
    """Fields, types and the text itself, as the contract has them."""
    assert set(hit) == HIT
    assert set(hit["locator"]) == LOCATOR
    assert library.document(hit["document_id"]).text[hit["start"] : hit["end"]] == hit["text"]
    assert 0 <= hit["score"] <= 1


def test_ask_prints_the_contract_to_the_letter(ready: Kb, library: Library) -> None:
    """Exactly these keys, in answers with statements."""
    found = parsed(ready, "ask", WHERE)
    assert set(found) == ASK
    assert (found["question"], found["status"], found["kind"]) == (WHERE, "answered", "where")
    assert found["statements"] and found["passages"]
    assert [set(statement) for statement in found["statements"]] == [
        {"text", "citation"} for _ in found["statements"]
    ]
    numbers = {citation["number"]: citation["quote"] for citation in found["citations"]}
    assert all(numbers[s["citation"]] == s["text"] for s in found["statements"])
    for citation in found["citations"]:
        check_citation(citation, library)
    for hit in found["passages"]:
        check_hit(hit, library)
    assert all(isinstance(ms, float) for ms in found["elapsed_ms"].values())


def test_an_answer_that_is_not_found_keeps_the_contract(ready: Kb, library: Library) -> None:
    """Empty statements, the nearest passages, exit status 0: it is no error."""
    found = parsed(ready, "ask", "Which algebra governs photosynthesis in tungsten?")
    assert set(found) == ASK
    assert (found["status"], found["statements"], found["citations"]) == ("not_found", [], [])
    assert 0 <= found["confidence"] <= 1
    for hit in found["passages"]:
        check_hit(hit, library)


def test_search_prints_the_contract_to_the_letter(ready: Kb, library: Library) -> None:
    """Exactly these keys; --limit bounds the hits and --framework their sources."""
    found = parsed(ready, "search", "trust", "--limit", "2", "--framework", BOTH[1])
    assert set(found) == SEARCH
    assert (found["query"], len(found["passages"])) == ("trust", 2)
    for hit in found["passages"]:
        check_hit(hit, library)
        assert hit["framework"] == BOTH[1]


def test_compare_prints_the_contract_to_the_letter(ready: Kb, library: Library) -> None:
    """Exactly these keys; statuses from three words; cells row by row."""
    found = parsed(ready, "compare", *BOTH, "--on", "trust and relationships", "--on", "decisions")
    assert set(found) == COMPARE
    assert found["frameworks"] == list(BOTH)
    assert found["dimensions"] == ["trust and relationships", "decisions"]
    assert [(cell["dimension"], cell["framework"]) for cell in found["cells"]] == [
        (dimension, slug) for dimension in found["dimensions"] for slug in BOTH
    ]
    for cell in found["cells"]:
        assert set(cell) == CELL
        assert cell["status"] in {"covered", "partly", "none"}
        for citation in cell["citations"]:
            check_citation(citation, library)


@pytest.mark.parametrize("command", ["frameworks", "sources"])
def test_lists_print_one_object_too(ready: Kb, command: str) -> None:
    """Under the name of what is listed."""
    assert set(parsed(ready, command)) == {command}


def test_a_library_without_frameworks_says_so(kb: Kb, corpus: Path) -> None:
    """In one line with the next command; JSON has an empty list."""
    shutil.rmtree(corpus)
    corpus.mkdir()
    write_files(corpus, {"ferry.txt": "The ferry leaves at nine."})
    found = kb("frameworks")
    assert (found.code, found.out.count("\n")) == (0, 1)
    assert "No source of this library is about a framework" in found.out
    assert "kb add FILE --framework SLUG" in found.out
    assert json.loads(kb("frameworks", "--format", "json").out) == {"frameworks": []}


def test_json_keeps_letters_of_every_script(kb: Kb, corpus: Path) -> None:
    """No escapes: people read it too."""
    write_files(corpus, {"ü.txt": "Führung heißt zuhören, 信任 und доверие."})
    found = kb("search", "Führung heißt zuhören", "--format", "json")
    assert "Führung heißt zuhören, 信任 und доверие." in found.out
    assert json.loads(found.out)["passages"][0]["path"] == "ü.txt"


def test_asking_builds_first_and_says_so_on_stderr_alone(corpus: Path, kb: Kb) -> None:
    """A missing index and a stale one; stdout holds the object and nothing else."""
    for text in (FERRY, FERRY + "\nOne more line about ropes.\n"):
        write_files(corpus, {"notes/ferry.txt": text})
        found = kb("ask", WHERE, "--format", "json")
        assert found.code == 0
        assert "Embedding passages" in found.err
        assert json.loads(found.out)["status"] == "answered"
    assert kb("ask", WHERE).err == ""


def test_text_shows_the_quote_its_number_and_its_place(ready: Kb) -> None:
    """For a person at a terminal."""
    found = ready("ask", WHERE)
    assert found.out.startswith(f"{WHERE}\n\nAnswered, confidence ")
    assert "“The ferry committee meets on Tuesdays in Rostock.” [1]" in found.out
    assert "notes/ferry.txt" in found.out


def test_markdown_and_csv_hold_the_same_quotes(ready: Kb) -> None:
    """Every format is made from one answer."""
    assert "The ferry committee meets on Tuesdays in Rostock." in (
        ready("ask", WHERE, "--format", "markdown").out
    )
    found = ready("compare", *BOTH, "--on", "trust and relationships", "--format", "csv")
    rows = list(csv.reader(io.StringIO(found.out)))
    assert any("Trust grows like bark, one ring a year." in cell for row in rows for cell in row)


def test_add_build_ask_is_the_whole_way(kb: Kb, settings: Settings, tmp_path: Path) -> None:
    """From a file on the desk to a cited answer, with folders named before the command."""
    write_files(tmp_path / "desk", {"ferry.txt": FERRY})
    folders = ("--corpus", tmp_path / "C", "--index", tmp_path / "I")
    stated = ["--title", "Ferries", "--year", "1999", "--framework", "ferry-crews"]
    stated += ["--author", "Ann Ox", "--author", "Bo Pip"]
    added = kb(*folders, "add", tmp_path / "desk/ferry.txt", *stated)
    assert added.code == 0
    assert added.out.startswith("added      ferry.txt")
    built = kb(*folders, "build")
    assert built.out.startswith("1 source, 2 passages, 2 embedded in ")
    answer = json.loads(kb(*folders, "ask", WHERE, "--format", "json").out)
    citation = answer["citations"][0]
    assert (citation["title"], citation["year"]) == ("Ferries", 1999)
    assert citation["authors"] == ["Ann Ox", "Bo Pip"]
    assert citation["framework"] == "ferry-crews"
    assert answer["generation"] in built.out
    assert sorted(os.listdir(tmp_path)) == ["C", "I", "corpus", "desk"]


def test_folders_may_stand_in_the_environment(
    kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KB_CORPUS and KB_INDEX; a flag beats them."""
    write_files(tmp_path / "C", {"ferry.txt": FERRY})
    monkeypatch.setenv("KB_CORPUS", str(tmp_path / "C"))
    monkeypatch.setenv("KB_INDEX", str(tmp_path / "I"))
    assert "1 source," in kb("build").out
    assert kb("--corpus", tmp_path / "none", "build").code == 1


def test_sources_and_verify_tell_the_state(ready: Kb, corpus: Path) -> None:
    """Indexed, then changed; verified, then stale."""
    assert "indexed   notes/ferry.txt, 2 passages\n" in ready("sources").out
    assert ready("verify").code == 0
    write_files(corpus, {"notes/ferry.txt": FERRY + "More.\n"})
    assert "changed   notes/ferry.txt, 2 passages: run: kb build\n" in ready("sources").out
    stale = ready("verify")
    assert stale.code == 1 and "Rebuild with: kb build" in stale.err


def test_an_empty_library_says_what_to_do(kb: Kb) -> None:
    """A folder without a file is a state, not an error."""
    assert kb("sources").out.endswith("Add files with: kb add PATH...\n")
    assert kb("ask", "What is trust?").code == 0


def one_line_error(found: Any, name: str, *parts: str) -> None:
    """Exit status 1 and one explained line on stderr, no traceback, nothing on stdout."""
    assert found.code == 1
    assert found.err.count("\n") == 1 and found.err.startswith(f"{name}: ")
    assert found.out == ""
    for part in parts:
        assert part in found.err


@pytest.mark.parametrize("command", ["ask", "search"])
def test_bad_questions_are_explained(ready: Kb, command: str) -> None:
    """Blank, and ten thousand characters."""
    one_line_error(ready(command, " \n "), "BlankQuestion", "expected a few words")
    one_line_error(ready(command, "x" * 10_000), "QuestionTooLong", "10,000", "2,000")


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_unknown_framework_is_explained(ready: Kb, command: str) -> None:
    """A misspelt slug is not an answer that nothing was found."""
    found = ready(command, "trust", "--framework", BOTH[0], "--framework", "orchid-leadership")
    one_line_error(found, "SourceNotFound", "'orchid-leadership'", "kb frameworks")


def test_an_unknown_framework_in_a_comparison_is_explained(ready: Kb) -> None:
    """And so is a comparison of one."""
    one_line_error(ready("compare", BOTH[0], "nothing"), "SourceNotFound", "'nothing'")
    one_line_error(ready("compare", BOTH[0]), "SourceNotFound", "2 to 5", "1 named")


def test_a_missing_path_is_explained_and_nothing_is_added(kb: Kb, settings: Settings) -> None:
    """Check the path."""
    one_line_error(kb("add", "nowhere.txt"), "SourceNotFound", "nowhere.txt does not exist")
    assert os.listdir(settings.corpus) == []


def test_files_that_cannot_be_added_are_listed_and_the_others_are_added(
    kb: Kb, settings: Settings, tmp_path: Path
) -> None:
    """Exit status 1, since not everything was done; the list says what was."""
    write_files(tmp_path / "desk", {"ferry.txt": FERRY, "empty.txt": ""})
    found = kb("add", tmp_path / "desk")
    assert found.code == 1
    assert "added      ferry.txt" in found.out and "refused    " in found.out
    assert "1 of 2 files could not be added" in found.err
    assert os.listdir(settings.corpus) == ["ferry.txt"]


def test_a_missing_corpus_is_explained(kb: Kb, tmp_path: Path) -> None:
    """For every command that needs one."""
    for command in (["build"], ["ask", "trust"], ["sources"]):
        found = kb("--corpus", tmp_path / "none", *command)
        one_line_error(found, "SourceNotFound", "does not exist", "kb add")


def test_a_folder_that_cannot_be_written_is_explained(corpus: Path, kb: Kb, tmp_path: Path) -> None:
    """An index or a corpus that is a file: the system's reason in one line."""
    write_files(tmp_path, {"file": "not a folder", "ferry.txt": FERRY})
    for arguments in (
        ["--index", tmp_path / "file", "build"],
        ["--index", tmp_path / "file", "ask", "trust"],
        ["--corpus", tmp_path / "file", "add", tmp_path / "ferry.txt"],
    ):
        found = kb(*arguments)
        assert found.code == 1
        assert found.err.count("\n") == 1 and "file" in found.err
        assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("file", "variable", "expected"),
    [
        ("colour = 1\n", None, "Unknown setting colour"),
        ("passage_tokens = 3\n", None, "'passage_tokens' is 3"),
        ("corpus = [\n", None, "kb.toml is not a TOML file"),
        (None, ("KB_COLOUR", "1"), "Unknown setting KB_COLOUR"),
    ],
)
def test_bad_settings_are_explained(
    kb: Kb,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str | None,
    variable: tuple[str, str] | None,
    expected: str,
) -> None:
    """Before anything is done."""
    if file:
        (tmp_path / "kb.toml").write_text(file)
    if variable:
        monkeypatch.setenv(*variable)
    one_line_error(kb("sources"), "BadSetting", expected)


def test_a_second_build_at_the_same_time_is_turned_away(
    corpus: Path, kb: Kb, settings: Settings
) -> None:
    """In one line, and the first goes on."""
    with writer_lock(settings.index):
        found = kb("build")
    assert found.code == 1
    assert found.err.splitlines()[-1].startswith("IndexBusy: Another process is building")


def test_verify_explains_a_damaged_index(ready: Kb, settings: Settings) -> None:
    """The file, and the command that repairs it."""
    folder = settings.index / "generations" / str(current_name(settings.index))
    content = bytearray((folder / "passages.faiss").read_bytes())
    content[-9] ^= 4
    (folder / "passages.faiss").write_bytes(content)
    found = ready("verify")
    one_line_error(found, "IndexDamaged", "passages.faiss does not have its checksum", "kb build")
    one_line_error(ready("sources"), "IndexDamaged", "kb build")
    assert ready("build").code == 0
    assert ready("verify").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "trust", "--limit", "0"],
        ["ask", "trust", "--limit", "many"],
        ["ask", "trust", "--format", "pdf"],
        ["ask", "two", "questions"],
        ["compare"],
        ["add"],
        ["nonsense"],
        ["--colour"],
        ["search", "trust", "--colour"],
        ["serve", "--port", "70000"],
    ],
)
def test_wrong_usage_is_status_2_with_nothing_on_stdout(kb: Kb, arguments: list[str]) -> None:
    """Told apart from an error of the library."""
    found = kb(*arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err


@pytest.mark.parametrize(
    "command",
    [
        "add",
        "build",
        "ask",
        "search",
        "compare",
        "frameworks",
        "sources",
        "verify",
        "eval",
        "export",
        "serve",
    ],
)
def test_every_command_of_the_contract_is_there_and_explains_itself(kb: Kb, command: str) -> None:
    """`--help` of the whole lists it, and its own help is status 0."""
    assert f" {command} " in kb("--help").out
    assert kb(command, "--help").code == 0


def process(settings: Settings) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the installed `kb` in a process of its own."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("KB_")}
    environment |= {"KB_MODEL": "hashing", "KB_CACHE": str(settings.cache)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("kb")), *arguments],
            cwd=settings.corpus.parent,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_the_installed_command_keeps_stdout_stderr_and_status_apart(
    corpus: Path, settings: Settings
) -> None:
    """As another program sees it: one object, one line, three statuses."""
    kb = process(settings)
    asked = kb("ask", WHERE, "--format", "json")
    assert asked.returncode == 0
    assert json.loads(asked.stdout)["status"] == "answered"
    failed = kb("ask", " ")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("BlankQuestion: ") and failed.stderr.count("\n") == 1
    assert kb("ask").returncode == 2


def test_a_reader_that_goes_away_is_no_error_message(corpus: Path, settings: Settings) -> None:
    """`kb search … | head` prints no traceback."""
    process(settings)("build")
    kb = Path(sys.executable).with_name("kb")
    found = subprocess.run(
        f"KB_MODEL=hashing {kb} search trust --limit 14 --format json | head -n 1",
        shell=True,
        cwd=settings.corpus.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (found.stdout, found.stderr) == ("{\n", "")
