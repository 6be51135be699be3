"""What a reader can do with a passage or an answer: save, copy, share, judge."""

from __future__ import annotations

from functools import partial

import streamlit as st

from kb.collection import Judgement
from kb.corpus import cited_works
from kb.errors import KbError
from kb.export import Sheet, answer_sheet, entries_sheet, entry_of
from kb.export.entries import grouped
from kb.export.plain import copied_text
from kb.library import Library
from kb.records import Answer, Citation, Filters, Hit
from kb.ui.downloads import draw_downloads
from kb.ui.links import source_address
from kb.ui.markup import copy_button, copy_link_button
from kb.ui.saving import collections, draw_save


@st.cache_data(show_spinner=False, max_entries=256)
def answered(generation: str, question: str, filters: Filters, _library: Library) -> Answer:
    """The answer, kept so that saving or judging does not ask again.

    Raises:
        KbError: The question is blank or too long.
    """
    return _library.ask(question, filters=filters)


def draw_answer_actions(answer: Answer, library: Library, link: str) -> None:
    """The actions on an answer."""
    with st.container(horizontal=True, vertical_alignment="center", key="kb-answer-actions"):
        draw_save(answer.citations, library, "answer", offers_others=bool(answer.passages))
        if answer.citations:
            _draw_copy(_answer_sheet(answer, library, works=False))
        st.html(copy_link_button(link), width="content")
        draw_downloads(
            partial(_answer_sheet, answer, library), answer.question, key="answer", is_quiet=True
        )
        _draw_verdicts("answer", answer, answer.citations[0] if answer.citations else None)


def draw_passage_actions(
    place: Citation | Hit,
    library: Library,
    answer: Answer | None = None,
    *,
    prefix: str = "",
    offers_others: bool = False,
) -> None:
    """The actions on a passage; it can be judged where it answers a question.

    Args:
        place: The passage.
        library: That holds it.
        answer: To the question that it answers.
        prefix: Parts these actions from others on the same passage.
        offers_others: Also draw a choice of the collection to save into.
    """
    key = f"{prefix}{place.passage_id}-{place.start}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"kb-actions-{key}"):
        draw_save((place,), library, key, offers_others=offers_others)
        _draw_copy(_passage_sheet(place, library))
        st.html(copy_link_button(source_address(place, library.generation)), width="content")
        if answer:
            _draw_verdicts(key, answer, place)


_OF_QUOTES = ("This answers", "This does not")
_OF_SILENCE = ("Rightly not found", "It should have been found")


def _draw_verdicts(key: str, answer: Answer, place: Citation | Hit | None) -> None:
    """Two buttons; without a place it is the news that nothing was found that is judged."""
    captions = _OF_QUOTES if place else _OF_SILENCE
    for answers, words, icon in zip(
        (True, False), captions, (":material/check:", ":material/close:"), strict=True
    ):
        st.button(
            words,
            key=f"kb_judge_{answers}_{key}",
            type="tertiary",
            icon=icon,
            on_click=_judge,
            args=(answer, place, key == "answer", answers),
        )


def _draw_copy(sheet: Sheet) -> None:
    """Copies an answer or a passage in one form: quotes with their citation, then references."""
    text = copied_text(grouped(sheet.entries, sheet.style))
    st.html(copy_button(text, "Copy with reference"), width="content")


def _passage_sheet(place: Citation | Hit, library: Library) -> Sheet:
    entry = entry_of(place, library.document(place.document_id).source)
    return entries_sheet("", [entry], style=library.settings.reference_style)


def _answer_sheet(answer: Answer, library: Library, *, works: bool = True) -> Sheet:
    settings = library.settings
    quoted: list[Citation | Hit] = [*answer.citations, *answer.passages]
    return answer_sheet(
        answer,
        library.sources(),
        style=settings.reference_style,
        cited=cited_works(settings.corpus) if works else {},
        documents={each.document_id: library.document(each.document_id) for each in quoted},
    )


def _judge(answer: Answer, place: Citation | Hit | None, about_answer: bool, answers: bool) -> None:
    quote = ""
    if place:
        quote = place.quote if isinstance(place, Citation) else place.text
    try:
        collections().add_judgement(
            Judgement(
                question=answer.question,
                about="answer" if about_answer else "passage",
                answers=answers,
                path=place.path if place else "",
                start=place.start if place else 0,
                end=place.end if place else 0,
                quote=quote,
                passage_id=place.passage_id if place else "",
                kind=answer.kind,
                generation=answer.generation,
            )
        )
    except KbError as error:
        st.toast(f"Not stored: {error}", icon=":material/error:")
        return
    st.toast("Thank you. Your judgement is stored.", icon=":material/check:")
