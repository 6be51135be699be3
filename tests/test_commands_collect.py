"""`kb collect`: passages saved, noted, tagged and put in order from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from support import Kb

QUESTION = "What does prune gently mean?"


@pytest.fixture
def trees(kb: Kb, corpus: Path) -> Kb:
    """`kb` with a collection of three passages found for `bark`."""
    ran = kb("collect", "add", "Trees", "--search", "bark", *numbers(1, 2, 3))
    assert ran.code == 0
    return kb


def numbers(*wanted: int) -> list[str]:
    """The flags that choose citations or passages by number."""
    return [part for number in wanted for part in ("--number", str(number))]


def shown(kb: Kb, name: str = "Trees") -> list[dict[str, Any]]:
    """The entries of a collection."""
    found: list[dict[str, Any]] = json.loads(
        kb("collect", "show", name, "--format", "json").out
    )["entries"]  # fmt: skip
    return found


def test_a_new_collection_is_listed_empty(kb: Kb, settings: object) -> None:
    """And what to do with it is said."""
    assert "There is no collection in " in kb("collect", "list").out
    kb("collect", "new", "Trees")
    assert kb("collect", "list").out == "Trees: 0 passages\n"
    assert "Trees is empty" in kb("collect", "show", "Trees").out
    listed = json.loads(kb("collect", "list", "--format", "json").out)["collections"]
    assert [(each["name"], each["passages"]) for each in listed] == [("Trees", 0)]


def test_the_citations_of_an_answer_are_saved_word_for_word(kb: Kb, corpus: Path) -> None:
    """All of them, or those whose numbers are given."""
    told = json.loads(kb("ask", QUESTION, "--format", "json").out)["citations"]
    kb("collect", "add", "All", "--question", QUESTION)
    assert [entry["quote"] for entry in shown(kb, "All")] == [one["quote"] for one in told]
    kb("collect", "add", "First", "--question", QUESTION, *numbers(1))
    assert [entry["quote"] for entry in shown(kb, "First")] == [told[0]["quote"]]


def test_a_passage_is_saved_by_its_identifier(kb: Kb, corpus: Path) -> None:
    """As JSON output names it; saved twice it stands once."""
    found = json.loads(kb("search", "Newfoundland", "--format", "json").out)["passages"][0]
    first = kb("collect", "add", "Sea", found["passage_id"], "--tag", "coast")
    assert first.out.startswith("saved: ")
    again = kb("collect", "add", "Sea", found["passage_id"])
    assert again.out.startswith("is there already: ")
    (entry,) = shown(kb, "Sea")
    assert (entry["quote"], entry["tags"]) == (found["text"], ["coast"])
    assert entry["record"]["title"] == "Lighthouse leadership"


def test_notes_and_tags_are_written_and_taken_away(trees: Kb) -> None:
    """On the passage with the number that `show` prints."""
    trees("collect", "note", "Trees", "2", "Ask Ada")
    assert trees("collect", "tag", "Trees", "2", "ring", "wood").out == "Trees, 2: ring, wood\n"
    assert "   Note: Ask Ada\n   Tags: ring, wood\n" in trees("collect", "show", "Trees").out
    assert trees("collect", "tag", "Trees", "2", "--off", "ring").out == "Trees, 2: wood\n"
    trees("collect", "note", "Trees", "2", "")
    assert [entry["note"] for entry in shown(trees)] == ["", "", ""]


def test_passages_are_moved_and_removed_by_number(trees: Kb) -> None:
    """A number past the end means the end."""
    first, second, third = (entry["quote"] for entry in shown(trees))
    trees("collect", "move", "Trees", "1", "2")
    assert [entry["quote"] for entry in shown(trees)] == [second, first, third]
    assert trees("collect", "move", "Trees", "1", "9").out == "Trees: 1 is now 3\n"
    trees("collect", "remove", "Trees", "1")
    assert [entry["quote"] for entry in shown(trees)] == [third, second]


def test_a_collection_is_renamed_and_deleted(trees: Kb, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deleting asks first."""
    trees("collect", "rename", "Trees", "Woods")
    assert trees("collect", "list").out == "Woods: 3 passages\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert trees("collect", "delete", "Woods").code == 1
    assert trees("collect", "delete", "Woods", "--yes").out == "Woods: deleted with 3 passages\n"
    assert "There is no collection in " in trees("collect", "list").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "Stones"), "There is no collection 'Stones'. There are: Trees"),
        (("note", "Trees", "4", "x"), "Trees has 3 passages, so there is none with the number 4"),
        (("new", "Trees"), "There is a collection 'Trees' already"),
        (("add", "Trees", "0123456789abcdef"), "0123456789abcdef"),
        (("add", "Trees", "--search", "bark", "--number", "99"), "gives no passage 99"),
        (("add", "Trees", "--question", "Who won the chess olympiad?"), "gives no citation"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    trees: Kb, arguments: tuple[str, ...], message: str
) -> None:
    """With exit status 1, and the collection as it was."""
    before = shown(trees)
    ran = trees("collect", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert message in ran.err
    assert shown(trees) == before


def test_saving_needs_one_thing_to_save(trees: Kb) -> None:
    """Wrong usage has its own exit status."""
    assert trees("collect", "add", "Trees").code == 2
    assert trees("collect", "add", "Trees", "--search", "a", "--question", "b").code == 2
