"""`kb export` writes what `kb ask`, `kb search` and `kb compare` print, in the file's format."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import docx
import pptx
import pytest
from support import Kb

QUESTION = "What does prune gently mean?"


@pytest.fixture
def ready(kb: Kb, corpus: Path) -> Path:
    """The folder in which `kb` runs, its small library built."""
    assert kb("build").code == 0
    return corpus.parent


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [
        ("docx", b"PK"),
        ("pptx", b"PK"),
        ("md", b"# What does prune gently mean?"),
        ("csv", b"\xef\xbb\xbf"),
        ("json", b"{"),
        ("bib", b"@"),
        ("ris", b"TY  - "),
        ("csl.json", b"["),
    ],
)
def test_the_suffix_of_the_file_chooses_the_format(
    kb: Kb, ready: Path, suffix: str, begins: bytes
) -> None:
    """Eight formats, one call."""
    ran = kb("export", "answer", QUESTION, "--to", f"out.{suffix}")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"out.{suffix}: ")
    assert (ready / f"out.{suffix}").read_bytes().startswith(begins)


def test_format_wins_over_the_suffix(kb: Kb, ready: Path) -> None:
    """By name or by suffix, with or without its dot."""
    for name in ("csv", ".csv"):
        assert kb("export", "search", "bark", "--to", "list.txt", "--format", name).code == 0
        rows = list(csv.reader(io.StringIO((ready / "list.txt").read_text("utf-8-sig"))))
        assert len(rows) > 1


def test_an_answer_in_word_quotes_what_the_command_prints(kb: Kb, ready: Path) -> None:
    """The same question takes the same way from everywhere."""
    told = json.loads(kb("ask", QUESTION, "--format", "json").out)
    kb("export", "answer", QUESTION, "--to", "out.docx")
    text = "\n".join(p.text for p in docx.Document(str(ready / "out.docx")).paragraphs)
    assert told["statements"]
    assert all(statement["text"] in text for statement in told["statements"])


def test_a_comparison_is_written_as_slides_with_a_table(kb: Kb, ready: Path) -> None:
    """Only the dimension that was asked for."""
    ran = kb(
        "export", "compare", "orchard-leadership", "lighthouse-leadership",
        "--on", "trust and relationships", "--to", "both.pptx",
    )  # fmt: skip
    assert ran.code == 0
    slides = pptx.Presentation(str(ready / "both.pptx")).slides
    cells = [
        cell.text for slide in slides for shape in slide.shapes if shape.has_table
        for row in shape.table.rows for cell in row.cells
    ]  # fmt: skip
    assert any("Trust grows like bark" in cell for cell in cells)
    assert not any("wedge" in cell for cell in cells)


def test_a_collection_is_written_with_its_notes(kb: Kb, ready: Path) -> None:
    """The note stands beside the quote."""
    kb("collect", "add", "Trees", "--question", QUESTION, "--note", "For Monday")
    assert kb("export", "collection", "Trees", "--to", "trees.md").code == 0
    written = (ready / "trees.md").read_text()
    assert "Prune gently means" in written
    assert "For Monday" in written


def test_a_file_of_references_is_said_to_hold_those(kb: Kb, ready: Path) -> None:
    """Neither quotations nor notes nor tags; the other formats hold these."""
    assert kb("export", "answer", QUESTION, "--to", "out.bib").out == (
        "out.bib: BibTeX. 1 reference.\n"
    )
    kb("collect", "add", "Trees", "--question", QUESTION, "--note", "For Monday", "--tag", "tree")
    ran = kb("export", "collection", "Trees", "--to", "trees.csl.json")
    assert ran.out.endswith("CSL-JSON. 1 reference. Notes and tags are not part of this format.\n")
    assert "passages from 1 source." in kb("export", "collection", "Trees", "--to", "t.md").out
    asked = ("export", "answer", "Who won the chess olympiad in Batumi?", "--to", "none.ris")
    assert kb(*asked).out.endswith("RIS. 3 references of the nearest passages.\n")


def test_a_file_that_is_written_anew_is_said_to_be_replaced(kb: Kb, ready: Path) -> None:
    """Whatever it held before."""
    (ready / "old.md").write_text("mine", encoding="utf-8")
    ran = kb("export", "answer", QUESTION, "--to", "old.md")
    assert ran.out.startswith("old.md was replaced: Markdown. ")
    assert kb("export", "answer", QUESTION, "--to", "new.md").out.startswith("new.md: Markdown. ")


def test_the_style_of_references_can_be_chosen(kb: Kb, ready: Path) -> None:
    """The setting's style holds where none is named."""
    kb("export", "answer", QUESTION, "--to", "apa.md")
    kb("export", "answer", QUESTION, "--to", "ieee.md", "--style", "ieee")
    assert "Quince, A. (1987)" in (ready / "apa.md").read_text()
    assert "[1] A. Quince" in (ready / "ieee.md").read_text().replace("\\", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("answer", QUESTION, "--to", "out.txt"), "'out.txt' names no format of an export"),
        (("answer", QUESTION, "--to", "out", "--format", "odt"), "names no format of an export"),
        (("answer", QUESTION, "--to", "a.md", "--style", "vancouver-9"), "Reference style"),
        (("answer", QUESTION, "--to", "no/where/a.md"), "cannot be written"),
        (("compare", "no-such-slug", "x", "--to", "no/a.md"), "its folder does not exist"),
        (("answer", "  ", "--to", "a.md"), "The question is blank"),
        (("compare", "orchard-leadership", "--to", "a.md"), "framework"),
        (("collection", "Nothing", "--to", "a.md"), "There is no collection 'Nothing'"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    kb: Kb, ready: Path, arguments: tuple[str, ...], message: str
) -> None:
    """Nothing is written then."""
    ran = kb("export", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not list(ready.glob("a.md")) + list(ready.glob("out*"))


def test_an_unanswered_question_exports_the_nearest_passages_and_says_so(
    kb: Kb, ready: Path
) -> None:
    """Nobody hands out an answer that the library did not give."""
    asked = ("export", "answer", "Who won the chess olympiad in Batumi?")
    ran = kb(*asked, "--to", "none.md")
    assert ran.code == 0
    assert ran.err == "No answer: none.md holds the nearest passages and says so.\n"
    written = (ready / "none.md").read_text()
    assert "*The library holds no answer to this question. The passages below come" in written
    assert "\n\n## Nearest passages\n\n**1.**" in written
    for name in ("none.docx", "none.pptx", "none.csv", "none.json", "none.bib"):
        assert kb(*asked, "--to", name).code == 0
    lines = [p.text for p in docx.Document(str(ready / "none.docx")).paragraphs]
    assert lines[1].startswith("The library holds no answer")
    assert lines[2] == "Nearest passages"
    slides = pptx.Presentation(str(ready / "none.pptx")).slides
    assert slides[0].placeholders[1].text_frame.text.startswith("The library holds no answer")
    assert slides[1].shapes.title.text.startswith("No answer, but near · ")
    rows = list(csv.DictReader(io.StringIO((ready / "none.csv").read_text("utf-8-sig"))))
    assert {row["status"] for row in rows} == {"not_found"}
    assert json.loads((ready / "none.json").read_text())["status"] == "not_found"
    assert "keywords = {near an unanswered question}" in (ready / "none.bib").read_text()


def test_a_collection_names_an_author_who_was_corrected_after_saving(kb: Kb, ready: Path) -> None:
    """Once the library is rebuilt; without an index it is cited as it was saved."""
    kb("collect", "add", "Trees", "--question", QUESTION)
    kb("add", ready / "corpus" / "orchard-leadership.md", "--author", "Ida Pear")
    kb("build")
    kb("export", "collection", "Trees", "--to", "new.md")
    assert "Pear, I. (1987)" in (ready / "new.md").read_text()
    kb("export", "collection", "Trees", "--to", "old.md", "--style", "apa")
    shutil.rmtree(ready / "index")
    kb("export", "collection", "Trees", "--to", "old.md")
    assert "Quince, A. (1987)" in (ready / "old.md").read_text()
