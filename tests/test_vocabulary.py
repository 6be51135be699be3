"""The vocabulary: groups of words in a file, read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import BadSetting
from kb.lexical import stem
from kb.vocabulary import SHIPPED, read_vocabulary


def test_words_of_a_group_stand_for_one_another(tmp_path: Path) -> None:
    """Each line is a group; a word of two groups belongs to both; remarks are passed over."""
    file = tmp_path / "words.txt"
    file.write_text("# ships\nsails, sheets\n\nSheets, Pages  # paper\n", encoding="utf-8")
    found = read_vocabulary(file)
    assert found.widened([stem("sails")]) == {stem("sails"), stem("sheets")}
    assert found.widened([stem("sheets")]) == {stem(w) for w in ("sails", "sheets", "pages")}
    assert found.widened(["anchor"]) == {"anchor"}
    assert found.widened([]) == set()


@pytest.mark.parametrize("line", ["sails", "sails, main sheet", "sails,, sheets", "sails; sheets"])
def test_a_line_that_is_no_group_is_named(tmp_path: Path, line: str) -> None:
    """With its number, what was expected and the file."""
    file = tmp_path / "words.txt"
    file.write_text(f"one, two\n{line}\n", encoding="utf-8")
    with pytest.raises(BadSetting, match=r"Line 2 of the vocabulary .*expected two or more"):
        read_vocabulary(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A setting may name a file that is gone."""
    with pytest.raises(BadSetting, match=r"gone\.txt cannot be read"):
        read_vocabulary(tmp_path / "gone.txt")


def test_the_shipped_vocabulary_is_sound() -> None:
    """It is read like any other."""
    assert stem("advantages") in read_vocabulary(SHIPPED).widened([stem("benefits")])
