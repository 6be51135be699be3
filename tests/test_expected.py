"""Questions that readers are expected to ask lead to the sentence that answers them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support import built, write_files

from kb.corpus_check import check_corpus
from kb.expected import (
    Expected,
    Likeness,
    placed,
    read_expected,
    stands_alone,
    without_source,
)
from kb.library import Library
from kb.settings import Settings

ROPES = "Ropes fray at night.\n\nWet hemp is dried in the loft. It is turned twice a day.\n"
BELLS = "Bells are cast from bronze. They are tuned by hand.\n"


def lines(*entries: tuple[str, str, str]) -> str:
    """The file of these questions, sources and quotes."""
    keys = ("question", "document", "quote")
    return "".join(json.dumps(dict(zip(keys, e, strict=True))) + "\n" for e in entries)


def test_questions_are_read_by_source_and_a_line_that_is_none_is_told(tmp_path: Path) -> None:
    """Blank lines count as lines and say nothing."""
    good = lines(("Why so wet?", "ropes.txt", "Wet hemp"))
    blank = lines((" ", "ropes.txt", "Wet hemp"), ("Why?", "ropes.txt", ""))
    text = f'{good}\n[1]\n{{"question": "Who?", "document": "a.txt"}}\nnonsense\n{blank}'
    (tmp_path / "questions.jsonl").write_text(text, encoding="utf-8")
    found, problems = read_expected(tmp_path)
    asked = Expected("Why so wet?", "ropes.txt", "Wet hemp", "questions.jsonl, line 1")
    assert found == {"ropes.txt": [asked]}
    assert [problem.split(":")[0] for problem in problems] == [
        f"questions.jsonl, line {number}" for number in (3, 4, 5, 6, 7)
    ]


def test_without_a_file_nothing_is_expected(tmp_path: Path) -> None:
    """And one that is no text is told."""
    assert read_expected(tmp_path) == ({}, [])
    (tmp_path / "questions.jsonl").write_bytes(b"\xff\xfe\x00")
    found, problems = read_expected(tmp_path)
    assert not found and "expected UTF-8 text" in problems[0]


def test_a_question_stands_with_the_sentence_that_holds_its_quote() -> None:
    """In every passage that has it, whatever white space parts the words; else it is told."""
    entry = Expected("Where?", "ropes.txt", "is  dried\nin", "line 1")
    lost = Expected("When?", "ropes.txt", "at noon", "line 2")
    start = ROPES.index("Wet")
    spans = [(0, 20), (start, start + 31)]
    found, problems = placed([entry, lost], ROPES, {4: spans, 5: spans[1:], 6: spans[:1]})
    assert found == [("Where?", 4, 1), ("Where?", 5, 0)]
    assert problems == [
        "line 2: no sentence of ropes.txt holds “at noon”. Correct the quote or take the line out"
    ]
    assert without_source({"ropes.txt": [entry]}, ["bells.txt"])[0].startswith(
        "line 1: there is no"
    )
    assert without_source({"ropes.txt": [entry]}, ["ropes.txt"]) == []


def test_likeness_is_the_greatest_of_a_passage_and_of_a_sentence() -> None:
    """Where none is expected the sentence's own cosine stands in, more where none is at all."""
    values = np.array([0.1, 0.4, 0.2, 0.0], np.float32)
    asked = np.arange(10) < 8
    alike = Likeness(np.array([2, 2, 5, 7]), np.array([0, 3, 1, 0]), values, asked)
    rows = np.array([1, 2, 5, 9])
    low, high = (np.full(4, cosine, np.float32) for cosine in (0.1, 0.6))
    assert alike.of_rows(rows, low).tolist() == pytest.approx([0, 0.4, 0.2, 0])
    assert alike.of_rows(rows, high).tolist() == pytest.approx([0.19, 0.4, 0.2, 0.29])
    read, counts = np.array([2, 9, 5]), np.array([4, 0, 2])
    found = alike.of_sentences(read, counts, np.full(6, 0.1, np.float32))
    assert found.tolist() == pytest.approx([0.1, 0, 0, 0.4, 0, 0.2])
    found = alike.of_sentences(read[:2], np.array([4, 2]), np.full(6, 0.6, np.float32))
    assert found.tolist() == pytest.approx([0.19, 0.19, 0.19, 0.4, 0.29, 0.29])
    sources = np.array([0, 0, 0, 0, 0, 1, 1, 1, 2, 2], np.int32)
    assert alike.of_sources(sources).tolist() == pytest.approx([0.3, 0.4 / 3, 0])
    assert alike.nearest(2).tolist() == [2, 5]
    assert alike.nearest(9).tolist() == [2, 5, 2]


def test_where_nothing_is_expected_nothing_stands_in() -> None:
    """Then passages are ranked as if there were no such feature."""
    none = Likeness(*(np.zeros(0, int),) * 2, np.zeros(0, np.float32), np.zeros(3, bool))
    assert none.of_rows(np.arange(3), np.full(3, 0.9, np.float32)).tolist() == [0, 0, 0]
    found = none.of_sentences(np.array([1]), np.array([2]), np.full(2, 0.9, np.float32))
    assert found.tolist() == [0, 0]


def test_how_much_a_passage_is_expected_is_told_by_the_most_expected_of_all() -> None:
    """Wherever it stands; a question that is like none tells nothing more."""

    def alike(value: float) -> Likeness:
        return Likeness(np.zeros(1, int), np.zeros(1, int), np.float32([value]), np.ones(1, bool))

    some = np.array([0.1, 0.4, 0], np.float32)
    assert alike(0.2).relative(some) == pytest.approx([0.25, 1, 0])
    assert alike(0.8).relative(some) == pytest.approx([0.125, 0.5, 0])
    assert alike(0.01).relative(np.array([0, 0.05], np.float32)) == pytest.approx([0, 0.5])


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("How is it different from servant leadership?", False),
        ("Who invented this?", False),
        ("What is servant leadership?", True),
        ("My team did it again and I'm lost", True),
    ],
)
def test_a_question_that_points_back_is_not_read_alone(question: str, alone: bool) -> None:
    """Unless it tells a story of its own."""
    assert stands_alone(question) is alone


def test_a_build_tells_what_it_cannot_place(settings: Settings) -> None:
    """The sources are indexed all the same."""
    asked = lines(("Which metal?", "bells.txt", "of tin"), ("Who?", "masts.txt", "Pine"))
    write_files(settings.corpus, {"bells.txt": BELLS, "questions.jsonl": asked + "{}\n"})
    library = built(settings)
    assert len(library.sources()) == 1
    told = " ".join(library.manifest.problems)
    for part in ("no sentence of bells.txt holds", "no source masts.txt", "line 3: expected an"):
        assert part in told
    library.close()


def test_an_index_is_stale_when_other_questions_are_expected(settings: Settings) -> None:
    """They belong to what was built."""
    write_files(settings.corpus, {"bells.txt": BELLS})
    library = built(settings)
    assert not library.is_stale()
    write_files(settings.corpus, {"questions.jsonl": lines(("Metal?", "bells.txt", "Bells are"))})
    assert library.is_stale()
    library.close()


def test_the_check_of_the_library_names_lines_that_lead_nowhere(settings: Settings) -> None:
    """A quote that no sentence holds, a source that is not there, a question that stands twice."""
    asked = lines(
        ("Which metal?", "bells.txt", "from bronze"),
        ("which metal?", "bells.txt", "by hand"),
        ("How?", "bells.txt", "by ear"),
        ("Who?", "masts.txt", "Pine"),
    )
    write_files(settings.corpus, {"bells.txt": BELLS, "questions.jsonl": asked})
    found = [text for text in check_corpus(settings).problems if text.startswith("questions")]
    assert [text.split(":")[0].rsplit(" ", 1)[1] for text in found] == ["4", "2", "3"]


def test_words_of_expected_questions_are_no_mistakes(settings: Settings) -> None:
    """Readers use them; the text need not."""
    write_files(settings.corpus, {"bells.txt": BELLS})
    question = "Are they brinze?"
    library = built(settings)
    assert library.corrected(question) == "Are they bronze?"
    asked = lines(("Why is it so brinze?", "bells.txt", "cast from bronze"))
    library.close()
    write_files(settings.corpus, {"questions.jsonl": asked})
    library = built(settings)
    assert library.corrected(question) == question
    library.close()


@pytest.mark.model
def test_a_question_in_other_words_finds_the_sentence_by_one_that_is_like_it(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Nothing in the text is like it; only what it is expected to be asked is."""
    files = {"ropes.txt": ROPES, "bells.txt": BELLS, "masts.txt": "Masts are made of pine.\n"}
    question = "My mooring lines came in soaked. What now?"
    alone = read_as_corpus(files).ask(question)
    assert "dried in the loft" not in " ".join(s.text for s in alone.statements[:1])
    asked = lines(("My lines are soaking wet. What do I do with them?", "ropes.txt", "Wet hemp"))
    answer = read_as_corpus({**files, "questions.jsonl": asked}).ask(question)
    assert answer.statements[0].text == "Wet hemp is dried in the loft."
    assert answer.confidence > alone.confidence


@pytest.mark.model
def test_questions_that_are_like_the_one_asked_are_offered(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """One of each source, the nearest; not the one asked, nor what leads to a quoted sentence."""
    asked = lines(
        ("my lines are soaking wet", "ropes.txt", "Wet hemp"),
        ("How often do I turn a soaking line?", "ropes.txt", "It is turned"),
        ("What are the bells on a boat made of?", "bells.txt", "cast from bronze"),
        ("My bells are soaking wet", "bells.txt", "tuned by hand"),
    )
    library = read_as_corpus({"ropes.txt": ROPES, "bells.txt": BELLS, "questions.jsonl": asked})
    answer = library.ask("My lines are soaking wet!")
    assert answer.statements[0].text == "Wet hemp is dried in the loft."
    offered = library.related_questions(answer)
    assert "My bells are soaking wet" in offered
    assert "My lines are soaking wet" not in offered
    far = library.ask("Which tax is due in spring?")
    assert not far.statements and library.related_questions(far) == ()
