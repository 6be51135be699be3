"""Frameworks of a library: names, principles, positions, and questions from headings."""

from __future__ import annotations

import pytest
from support import document_with, retitled

from kb.asking import people_names
from kb.frameworks import (
    DIMENSIONS,
    FAMILIES,
    dimension_section,
    frameworks_of,
    heading_questions,
    in_sentence,
    principle_sections,
    question_what,
    sections,
)
from kb.library import Library
from kb.records import Document, Metadata, Source


@pytest.fixture
def orchard(library: Library) -> Document:
    """The small library's text on orchard leadership."""
    (source,) = [s for s in library.sources() if s.metadata.framework == "orchard-leadership"]
    return library.document(source.document_id)


def test_frameworks_come_by_title_with_their_principles(library: Library) -> None:
    """Everything a comparison or a page needs of a framework is here."""
    first, second = library.frameworks()
    assert (first.slug, second.slug) == ("lighthouse-leadership", "orchard-leadership")
    assert second.principles == ("Prune gently", "Water deeply", "Harvest together")
    assert (second.family, second.year) == ("values and ethics", 1987)
    assert (second.aliases, second.people) == (("the orchard model",), ("Ada Quince",))


def test_the_first_source_of_a_framework_describes_it() -> None:
    """A second text about it answers questions, and does not double the framework."""
    one = retitled(document_with(("paragraph", "x")), title="One", framework="calm")
    two = retitled(document_with(("paragraph", "x")), title="Two", framework="calm")
    (found,) = frameworks_of([one.source, two.source], lambda document_id: one)
    assert (found.title, found.principles) == ("One", ())


def test_a_section_ends_at_the_next_heading_of_its_level() -> None:
    """Deeper headings belong to it; the last one runs to the end."""
    document = document_with(
        ("heading", "A", 1), ("heading", "B", 2), ("paragraph", "b."), ("heading", "C", 1),
        ("paragraph", "c."),
    )  # fmt: skip
    bodies = {s.heading: document.text[s.start : s.end].split() for s in sections(document)}
    assert bodies == {"A": ["B", "b."], "B": ["b."], "C": ["c."]}


def test_principles_are_the_headings_right_below_their_heading(orchard: Document) -> None:
    """Headings elsewhere, and deeper ones, are none."""
    assert principle_sections(orchard)[0].heading == "Prune gently"
    assert principle_sections(document_with(("heading", "Other", 1))) == []


def test_a_position_is_found_by_the_name_of_its_dimension(orchard: Document) -> None:
    """Only where the source takes one."""
    found = dimension_section(orchard, "trust and relationships")
    assert found is not None
    assert orchard.text[found.start : found.end].strip().startswith("Trust grows like bark")
    assert dimension_section(orchard, "decisions") is None


def test_headings_make_questions_that_the_text_answers(orchard: Document) -> None:
    """For a person who does not know what to ask."""
    assert heading_questions(orchard) == [
        "What is orchard leadership?",
        "What are the 3 principles of orchard leadership?",
        "What does orchard leadership say on trust and relationships?",
        "What does orchard leadership say on conflict and paradox?",
    ]


def test_of_other_texts_the_headings_nearby_make_questions() -> None:
    """Those that say what stands below them."""
    headings = ("Knots", "Introduction", "How is a rope tied?", "Section II", "Further reading")
    page = document_with(*(("heading", heading, 2) for heading in headings), title="Knots")
    assert heading_questions(page) == []
    assert heading_questions(page, headings) == ["How is a rope tied?"]
    assert heading_questions(retitled(page, title="Ropes"), headings[:1]) == [
        "What is said on “Knots”?"
    ]


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Servant leadership", "What is servant leadership?"),
        ("Kotter's eight steps", "What are Kotter's eight steps?"),
        ("Conflict modes", "What are conflict modes?"),
        ("Bases of power", "What are the bases of power?"),
        ("Team of teams", "What is team of teams?"),
        ("Harbours and ships", "What are harbours and ships?"),
        ("The Calm and Storm studies", "What are the Calm and Storm studies?"),
        ("Study of calm and storm", "What is study of calm and storm?"),
        ("Leading meetings", "What is leading meetings?"),
    ],
)
def test_several_things_are_asked_for_in_the_plural(title: str, question: str) -> None:
    """A question that is offered reads as if a person had put it."""
    assert question_what(title, title if "'" in title else title[0].lower() + title[1:]) == question


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Servant leadership", "servant leadership"),
        ("Theory U", "Theory U"),
        ("ADKAR", "ADKAR"),
        ("Kotter's eight steps", "Kotter's eight steps"),
        ("Lewin's leadership", "Lewin's leadership"),
    ],
)
def test_a_title_of_unknown_text_is_small_if_it_ends_in_a_common_noun(
    title: str, expected: str
) -> None:
    """Questions read as people write them."""
    assert in_sentence(title) == expected


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Influence without authority", "To have influence.", "influence without authority"),
        ("The trust equation", "At the end.", "the trust equation"),
        ("The Big Five and leadership", "Of the five.", "the Big Five and leadership"),
        ("Confucian leadership", "In Confucian texts.", "Confucian leadership"),
        ("Theory X and Theory Y", "As theory, Theory X, then Theory Y.", "Theory X and Theory Y"),
        ("Path-goal theory", "There is a path to it.", "path-goal theory"),
        ("Ubuntu leadership", "It draws on ubuntu.", "ubuntu leadership"),
        ("Leading meetings", "Leading meetings is work.", "leading meetings"),
        ("Tide table", "The tide table. A tide table? The tide table!", "the tide table"),
        ("Tide table", "A tide table helps. Tide table, tide table.", "tide table"),
        (
            "ZEBRA study of tides",
            "The ZEBRA study and the ZEBRA study. The ZEBRA study!",
            "the ZEBRA study of tides",
        ),
        ("The tides", "All the tides. The tides. See the tides.", "the tides"),
    ],
)
def test_the_text_tells_whether_its_title_begins_with_a_name(
    title: str, text: str, expected: str
) -> None:
    """A common word stands small in it; a name has its capital in mid-sentence too."""
    assert in_sentence(title, text) == expected


def test_dimensions_and_families_are_named_once() -> None:
    """Ten rows of the comparison table, thirteen families."""
    assert len(set(DIMENSIONS)) == len(DIMENSIONS) == 10
    assert len(set(FAMILIES)) == len(FAMILIES) == 13


def test_a_person_has_frameworks_by_full_name_and_surname() -> None:
    """One that two persons share stands for the frameworks of both."""
    stated = (
        Metadata(framework="orchard", people=("Ada Lind", "Bo Holm")),
        Metadata(framework="lighthouse", people=("Bo Holm", "Cy Lind")),
        Metadata(people=("Di Berg",)),
        Metadata(framework="harbour", people=("Ed Sea-On",)),
    )
    sources = [Source("0", "a.md", "", 1, "markdown", known) for known in stated]
    assert people_names(sources) == {
        "ada lind": ("orchard",),
        "cy lind": ("lighthouse",),
        "lind": ("orchard", "lighthouse"),
        "bo holm": ("orchard", "lighthouse"),
        "holm": ("orchard", "lighthouse"),
        "ed sea on": ("harbour",),
        "sea on": ("harbour",),
    }
