"""Who wrote a source and when, by the lines in which it says so itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support import document_with, retitled

from kb.imprint import asks_of_source, is_meant, printed
from kb.lexical import terms
from kb.library import Library
from kb.records import Document

HEAD = (
    ("furniture", "The Harbour Post"),
    ("heading", "The Nature of Tides", 1),
    ("furniture", "By Ann Lind and Bo Ek / July 30, 2010"),
    ("paragraph", "Tides come twice a day. Carl Roos wrote of them in 1999."),
)


def article(*more: tuple[str, str]) -> Document:
    """A source on tides, with further blocks behind it."""
    document = document_with(*HEAD, *more, title="The Nature of Tides: A Beginner's View")
    return retitled(document, authors=("Ann Lind", "Bo Ek"), year=2010)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who wrote the article on tides?", ("who", "tides", True)),
        ("Who's the author of the blog post about tides?", ("who", "tides", True)),
        ("Who wrote The Nature of Tides?", ("who", "nature tides", False)),
        ("Who wrote this article?", ("who", "", True)),
        ("When was Lind's piece called Old Tides published?", ("when", "Lind old tides", True)),
        ("In what year was the tides article put online?", ("when", "tides", True)),
    ],
)  # fmt: skip
def test_a_question_for_a_text_itself_is_told_apart(
    text: str, expected: tuple[str, str, bool]
) -> None:
    """By whom or when, which one, and whether it is called a text."""
    kind, stems, is_called = expected
    assert asks_of_source(text) == (kind, frozenset(terms(stems)), is_called)


@pytest.mark.parametrize(
    "text", ["Who leads a crew?", "When does the tide come?", "What is a post?"]
)
def test_other_questions_ask_for_no_text(text: str) -> None:
    """A person or a time alone is not asked of a text."""
    assert asks_of_source(text) is None


def test_the_text_that_is_meant_has_every_word_in_title_authors_or_name() -> None:
    """A bare title has no word more, nor is it so short as to name what it is about."""
    source = article().source
    meant = {
        ("tides", True): True,
        ("Lind tides", True): True,
        ("winds tides", True): False,
        ("the nature of tides", False): False,  # two stems may be the thing itself
        ("the nature of tides a beginner's view", False): True,
        ("nature tides view", False): False,
    }
    for (words, is_called), expected in meant.items():
        assert is_meant(frozenset(terms(words)), is_called, source) == expected, words


def test_the_line_that_tells_it_is_found() -> None:
    """Its authors marked; a year of the text is no date of it."""
    document = article()
    for asks, names in (("who", ["Ann Lind", "Bo Ek"]), ("when", [])):
        found = printed(asks, document)  # type: ignore[arg-type]
        assert found is not None
        (start, end), marks = found
        line = document.text[start:end]
        assert line == "By Ann Lind and Bo Ek / July 30, 2010"
        assert [line[one:other] for one, other in marks] == names
    plain = retitled(document_with(*HEAD[:2], HEAD[3]), authors=("Ann Lind",), year=1999)
    assert printed("who", plain) is None and printed("when", plain) is None


@pytest.mark.model
def test_who_wrote_a_text_is_answered_by_its_own_line_or_not_at_all(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """What other texts tell of other works is no answer."""
    body = "Tides come twice a day, and a crew that knows them sails with them. " * 3
    library = read_as_corpus(
        {
            "one.txt": f"The Nature of Tides\n\nBy Ann Lind\nJuly 30, 2010\n\n{body}\n",
            "two.txt": "The Winds of the Harbour\n\nCarl Roos wrote The Book of Winds in 1999. "
            "Winds of the harbour turn at noon, and crews know it.\n",
        }
    )
    told = library.ask("Who wrote the article on tides?")
    assert (told.status, [c.quote for c in told.citations]) == ("answered", ["By Ann Lind"])
    cited = told.citations[0]
    text = library.document(cited.document_id).text
    assert text[cited.start : cited.end] == cited.quote
    assert [cited.quote[slice(*mark)] for mark in told.statements[0].marks] == ["Ann Lind"]
    dated = library.ask("When was the article on tides published?")
    assert [c.quote for c in dated.citations] == ["July 30, 2010"]
    assert library.ask("When was the article on the winds of the harbour published?").status in (
        "partial",
        "not_found",
    )
