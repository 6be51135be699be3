"""The Ask page: what is said of spelling, and judging that nothing was found."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from export_samples import SOURCES, TEXTS, sample_answer
from page_support import Page, html

from kb.collection import Collections, Judgement
from kb.evaluation.harvest import MISSED, RIGHTLY, harvest
from kb.export.material import answer_sheet
from kb.export.plain import answer_text
from kb.export.words import CORRECTION
from kb.library import Library
from kb.records import Status
from kb.settings import Settings
from kb.ui.passages import answer_html, quoted_first, spelling_html

NOWHERE = "xylophone zebra quantum chromodynamics"


def test_a_corrected_question_is_shown_with_what_was_written(built: Settings, page: Page) -> None:
    """And nothing is said where nothing was corrected."""
    shown = html(page("ask", question="What is orcherd leadership?"))
    assert "Shown for: <strong>What is orchard leadership?</strong>" in shown
    assert "(you wrote: What is orcherd leadership?)" in shown
    assert "Shown for" not in html(page("ask", question="What is orchard leadership?"))
    assert spelling_html("<b>a", "<i>a").count("&lt;") == 2


@pytest.mark.parametrize(
    ("status", "confidence", "dot", "heading", "sure"),
    [
        ("answered", 0.97, "answered", "Answered from", "very sure"),
        ("answered", 0.6, "answered", "Answered from", "fairly sure"),
        ("answered", 0.59, "partial", "Perhaps an answer", "not sure"),
        ("partial", 0.3, "partial", "Perhaps an answer", "not sure"),
        ("partial", 0.9, "partial", "Perhaps an answer", "not sure"),
    ],
)
def test_heading_dot_and_sentence_say_the_same(
    status: Status, confidence: float, dot: str, heading: str, sure: str
) -> None:
    """What is headed as answered, with a full dot, the library is at least fairly sure of."""
    shown = answer_html(replace(sample_answer(), status=status, confidence=confidence))
    assert f'class="kb-answer kb-{dot}"' in shown
    assert f'<h2 class="kb-verdict">{heading}' in shown
    assert f"The library is {sure}." in shown


def test_a_line_that_says_otherwise_is_announced_everywhere() -> None:
    """On the page, in the terminal and in what is exported; never where nothing is corrected."""
    plain = replace(sample_answer(), status="partial")
    for answer in (replace(plain, corrects=True), plain):
        said = (
            answer_html(answer),
            answer_text(answer),
            answer_sheet(answer, SOURCES, texts=TEXTS).remark,
        )
        assert [CORRECTION in each for each in said] == [answer.corrects] * 3
        assert ("Perhaps a correction" in said[0]) == answer.corrects


def test_a_comparison_stands_in_columns_where_it_goes_source_by_source() -> None:
    """Else the lines keep their order: a column would put the third before the second."""
    answer = replace(sample_answer(), kind="comparison")
    assert len({each.title for each in answer.citations}) > 1
    assert answer_html(answer).count('kb-column"') == len({c.title for c in answer.citations})
    first, *others = answer.statements
    turned = replace(answer, statements=(*others, first))
    alone = replace(answer, statements=(first,))
    for other in (turned, alone, replace(answer, kind="open")):
        assert "kb-column" not in answer_html(other)


def test_what_a_line_counts_stands_below_it_as_a_list() -> None:
    """Whatever the kind of the question; other lines are paragraphs."""
    answer = replace(sample_answer(), kind="how_to")
    first, *others = answer.citations
    place = {"document_id": first.document_id, "title": first.title}
    behind = [
        replace(each, start=first.end + n, end=first.end + n + 1, **place)
        for n, each in enumerate(others)
    ]
    counting = replace(first, quote=f"A mate can do {len(others)} things.")
    counted = answer_html(replace(answer, citations=(counting, *behind)))
    assert counted.count("<li>") == len(others) and counted.count('kb-quote">') == 1
    assert 'class="kb-lines"' not in answer_html(answer)


def test_passages_that_are_quoted_stand_before_nearer_ones(library: Library) -> None:
    """In the order of the quotes; none is lost, and without a quote the order is the answer's."""
    answer = library.ask("What is orchard leadership?")
    turned = replace(answer, passages=answer.passages[::-1])
    shown = [hit.passage_id for hit in quoted_first(turned)]
    quoted = list(dict.fromkeys(cited.passage_id for cited in answer.citations))
    assert shown[: len(quoted)] == quoted and len(quoted) < len(shown)
    assert shown[-1] == [h.passage_id for h in turned.passages if h.passage_id not in quoted][-1]
    silent = replace(turned, status="not_found", statements=(), citations=())
    assert quoted_first(silent) == list(turned.passages)


def test_the_terminal_says_which_question_was_answered(library: Library) -> None:
    """The first two lines; the JSON stays as it is."""
    question = "What is orcherd leadership?"
    answer = library.ask(question)
    assert library.corrected(question) == "What is orchard leadership?"
    lines = answer_text(answer, corrected=library.corrected(question)).splitlines()
    assert lines[:3] == ["Shown for: What is orchard leadership?", f"You wrote: {question}", ""]
    assert answer_text(answer, corrected=question).splitlines()[0] == question


def test_an_answer_and_its_passages_are_copied_in_one_form(built: Settings, page: Page) -> None:
    """The quote with its citation, then the reference; so is a passage of a source."""
    app = page("ask", question="Who coined the term orchard leadership?")
    copied = [unescape(each) for each in re.findall(r'data-copy="(.*?)"', html(app), re.DOTALL)]
    library = Library.open(built)
    answer = library.ask("Who coined the term orchard leadership?")
    assert len(copied) == 1 + min(3, len(answer.passages))
    for each in copied:
        assert re.fullmatch(r"“.+ \([^\n]*\d{4}, para[^\n]*\)\n\n[^\n]+", each, re.DOTALL), each
    first = answer.citations[0]
    place = {"document": first.document_id, "start": str(first.start), "end": str(first.end)}
    (source, *_) = re.findall(r'data-copy="(.*?)"', html(page("source", **place)), re.DOTALL)
    assert source.rpartition("\n\n")[2] == copied[0].rpartition("\n\n")[2]


def test_the_questions_of_a_session_are_kept_up_to_a_bound(built: Settings, page: Page) -> None:
    """The latest ones, the newest first; a session that goes on all day stays small."""
    app = page("ask", question="What is orchard leadership?")
    app.session_state["kb_history"] = [f"Question {number}?" for number in range(100)]
    app.text_input(key="kb_question").set_value(NOWHERE).run()
    assert len(app.session_state["kb_history"]) == 20
    shown = html(app).split("Asked in this session")[1]
    assert shown.count("<li>") == 19
    assert "Question 99?" in shown.split("</li>")[0]
    assert "Question 80?" not in shown


@pytest.mark.parametrize(
    ("answers", "verdict", "note"),
    [(True, "rightly not found", RIGHTLY), (False, "should have been found", MISSED)],
)
def test_that_nothing_was_found_can_be_judged_and_harvested(
    built: Settings, page: Page, answers: bool, verdict: str, note: str
) -> None:
    """The judgement has no quote; the question set tells the reviewer what was said."""
    app = page("ask", question=NOWHERE)
    app.button(key=f"kb_judge_{answers}_answer").click().run()
    assert "stored" in app.toast[0].value
    (kept,) = Collections(built.collections).judgements()
    assert (kept.question, kept.answers, kept.quote, kept.path) == (NOWHERE, answers, "", "")
    assert kept.verdict == verdict
    (entry,) = harvest([kept])
    assert (entry["gold"], entry["note"], entry["split"]) == ([], note, "review")


def test_an_answer_that_a_reader_marked_outweighs_a_silence() -> None:
    """Words marked as answering become gold, whatever was said of another state of the library."""
    silence = Judgement("Why?", "answer", False, "", 0, 0, "")
    marked = Judgement("why?", "passage", True, "a.md", 0, 8, "Because.")
    (entry,) = harvest([silence, marked])
    assert entry["gold"] == [{"document": "a.md", "quote": "Because."}]
    assert "note" not in entry
