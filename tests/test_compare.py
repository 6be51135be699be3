"""Comparisons: a cell for each pair, positions first, and principles worded alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import SMALL_LIBRARY, built, write_files

from kb.compare import align, own_answer, plane
from kb.errors import SourceNotFound
from kb.frameworks import DIMENSIONS
from kb.library import Library
from kb.records import Answer, Cell, Comparison
from kb.settings import Settings

BOTH = ["orchard-leadership", "lighthouse-leadership"]


def cell(found: Comparison, framework: str, dimension: str) -> Cell:
    """One cell of the table."""
    (only,) = [c for c in found.cells if (c.framework, c.dimension) == (framework, dimension)]
    return only


def test_there_is_one_cell_for_each_pair_row_by_row(library: Library) -> None:
    """Columns in the order asked for, rows in the order of the shared dimensions."""
    found = library.compare(BOTH)
    assert (found.frameworks, found.dimensions) == (tuple(BOTH), DIMENSIONS)
    assert [(c.dimension, c.framework) for c in found.cells] == [
        (dimension, framework) for dimension in DIMENSIONS for framework in BOTH
    ]
    assert found.generation == library.generation


def test_a_position_that_a_source_takes_fills_its_cell(library: Library) -> None:
    """All its sentences, cited from that section."""
    found = cell(library.compare(BOTH), "orchard-leadership", "trust and relationships")
    assert found.status == "covered"
    assert [citation.quote for citation in found.citations] == [
        "Trust grows like bark, one ring a year.",
        "A leader who breaks a promise strips the bark.",
    ]
    assert [citation.number for citation in found.citations] == [1, 2]
    assert {c.locator.headings[-1] for c in found.citations} == {
        "What it says on trust and relationships"
    }


def test_without_a_section_of_its_own_a_dimension_is_at_most_partly_covered(
    library: Library,
) -> None:
    """Words from elsewhere in a text touch a dimension; they take no position."""
    taken = {
        ("orchard-leadership", "trust and relationships"),
        ("lighthouse-leadership", "trust and relationships"),
        ("orchard-leadership", "conflict and paradox"),
    }
    for found in library.compare(BOTH).cells:
        assert (found.status == "covered") == ((found.framework, found.dimension) in taken)


def test_an_empty_cell_has_no_citation_and_a_filled_one_has(library: Library) -> None:
    """“No passage found” is not “disagrees”: nothing is quoted for it."""
    for found in library.compare(BOTH).cells:
        assert (found.status == "none") == (found.citations == ())


@pytest.mark.model
def test_questions_of_ones_own_make_the_rows(real_library: Library) -> None:
    """Each framework answers for itself; a repeated row stands once."""
    question = "What is the leadership about?"
    found = real_library.compare(BOTH, on=[question, "decisions", question])
    assert found.dimensions == (question, "decisions")
    first, second = (cell(found, slug, question) for slug in BOTH)
    assert first.citations[0].quote.startswith("Orchard leadership is the patient care")
    assert second.citations[0].quote.startswith("Lighthouse leadership is steady signalling")
    assert "none" not in (first.status, second.status)


PUNS = """\
---
framework: survey-leadership
title: Survey leadership
---

# Survey leadership

## Principles

### Measure

The results of the survey were published in a yellow volume.

### Confer

Decisions are taken in the weekly assembly, where every member has one vote.
"""


@pytest.mark.model
def test_a_cell_is_filled_by_what_a_sentence_means_not_by_a_word_of_it(
    real_settings: Settings, tmp_path: Path
) -> None:
    """Results of a survey are no accountability for results; a vote of all is about decisions."""
    write_files(tmp_path / "corpus", {**SMALL_LIBRARY, "survey.md": PUNS})
    folders = {"corpus": tmp_path / "corpus", "index": tmp_path / "index"}
    library = built(real_settings.model_copy(update=folders))
    slugs = ["survey-leadership", "orchard-leadership"]
    found = library.compare(slugs)
    own = {c.dimension: c for c in found.cells if c.framework == "survey-leadership"}
    assert own["accountability and results"] == Cell(
        "survey-leadership", "accountability and results", "none", ()
    )
    assert own["decisions"].status == "partly"
    assert own["decisions"].citations[0].quote.startswith("Decisions are taken in the weekly")
    asked = library.compare(slugs, on=["Who makes the decisions?", "How is conflict settled?"])
    statuses = {c.dimension: c.status for c in asked.cells if c.framework == "survey-leadership"}
    assert statuses["How is conflict settled?"] == "none"
    assert statuses["Who makes the decisions?"] != "none"
    library.close()


def test_an_answer_of_ones_own_keeps_only_quotes_near_its_question(library: Library) -> None:
    """Worked by hand: far ones go, the rest is numbered anew; nothing near makes it empty."""
    answer = replace(library.ask("What is orchard leadership?"), status="answered")
    citations = (answer.citations * 3)[:3]
    answer = replace(answer, citations=citations)
    status, kept = own_answer(answer, (0.5, 0.1, 0.4))
    assert (status, [c.number for c in kept]) == ("covered", [1, 2])
    assert own_answer(answer, (0.44, 0.1, 0.2))[0] == "partly"
    assert own_answer(replace(answer, status="partial"), (0.5, 0.1, 0.4))[0] == "partly"
    assert own_answer(answer, (0.39, 0.1, 0.2)) == ("none", ())
    assert own_answer(replace(answer, status="not_found", citations=()), ()) == ("none", ())


def test_a_question_that_finds_nothing_is_put_with_the_framework_s_name(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is put first: with the name, what the framework is comes near it."""
    asked: list[str] = []
    ask = Library.ask

    def noted(self: Library, question: str, **given: Any) -> Answer:
        asked.append(question)
        return ask(self, question, **given)

    monkeypatch.setattr(Library, "ask", noted)
    library.compare(BOTH, on=("Quarterly zloty exchange rates?",))
    assert asked == [
        "Quarterly zloty exchange rates?",
        "Quarterly zloty exchange rates in orchard leadership?",
        "Quarterly zloty exchange rates?",
        "Quarterly zloty exchange rates in lighthouse leadership?",
    ]


def test_a_framework_named_twice_is_one_column(library: Library) -> None:
    """And two names of which one repeats are still two frameworks."""
    found = library.compare([*BOTH, BOTH[0]], on=["trust and relationships"])
    assert found.frameworks == tuple(BOTH)


@pytest.mark.parametrize(
    ("slugs", "message"),
    [
        (["orchard-leadership", "nothing"], "No framework 'nothing' in this library.*kb framew"),
        (["orchard-leadership"], "takes 2 to 5 different frameworks; 1 named"),
        (["orchard-leadership"] * 3, "takes 2 to 5 different frameworks; 1 named"),
        ([], "takes 2 to 5 different frameworks; 0 named"),
    ],
)
def test_unknown_and_too_few_frameworks_are_refused(
    library: Library, slugs: list[str], message: str
) -> None:
    """What was found, what was expected, where the names are."""
    with pytest.raises(SourceNotFound, match=message):
        library.compare(slugs)


def test_the_assignment_with_the_greatest_sum_is_found() -> None:
    """Worked by hand: 0.8 + 0.7 beats 0.9 + 0.1; a pair below the bound is left out."""
    similarity = np.array([[0.9, 0.8, 0.0], [0.7, 0.1, 0.0], [0.0, 0.0, 0.39]], np.float32)
    found = align(similarity)
    assert [(row, column) for row, column, _ in found] == [(0, 1), (1, 0)]
    assert [value for _, _, value in found] == pytest.approx([0.8, 0.7])
    assert align(np.zeros((0, 3), np.float32)) == ()


def test_alignment_quotes_each_principle_from_its_own_source(library: Library) -> None:
    """Names, quotes and similarities of both sides; a framework is like itself in nothing less."""
    found = library.align("orchard-leadership", "lighthouse-leadership")
    assert [name for name, _ in found.first] == ["Prune gently", "Water deeply", "Harvest together"]
    assert [name for name, _ in found.second] == ["Keep the lamp lit", "Stay on the rock"]
    assert found.similarity.shape == (3, 2)
    for side, slug in ((found.first, BOTH[0]), (found.second, BOTH[1])):
        for name, citation in side:
            assert citation.framework == slug
            assert citation.quote.startswith(name)


def test_aligning_a_framework_with_itself_is_refused(library: Library) -> None:
    """There is nothing to find out."""
    with pytest.raises(SourceNotFound, match="2 to 5 different frameworks"):
        library.align("orchard-leadership", "orchard-leadership")


def test_the_plane_keeps_the_longest_direction_and_its_sign() -> None:
    """Four points on a line with a small bend: the line is x, and the same every time."""
    points = np.array([[0, 0, 0], [4, 0, 0], [8, 0, 0], [12, 1, 0]], np.float32)
    flat = plane(points)
    assert np.ptp(flat[:, 0]) > 11 > 2 > np.ptp(flat[:, 1])
    assert np.array_equal(flat, plane(points))
    assert flat.mean(axis=0) == pytest.approx([0, 0], abs=1e-5)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_plane_of_few_points_is_a_line(count: int) -> None:
    """One or two frameworks still have places on the map."""
    assert plane(np.ones((count, 5), np.float32)).tolist() == [[n, 0] for n in range(count)]


def test_the_map_names_every_framework_once(library: Library) -> None:
    """By title, with family and year for its legend."""
    found = library.framework_map()
    assert [(p.slug, p.family, p.year) for p in found] == [
        ("lighthouse-leadership", "contingency", 2003),
        ("orchard-leadership", "values and ethics", 1987),
    ]
    assert (found[0].x, found[0].y) != (found[1].x, found[1].y)
