"""What a reader can do with a passage or an answer: save, copy, share, judge."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from kb.collection import Collections, Judgement, library_path
from kb.corpus import cited_works
from kb.errors import KbError
from kb.export import Sheet, answer_sheet, as_lists, entry_of, marked_lists
from kb.export.entries import grouped
from kb.export.plain import copied_text
from kb.library import Library
from kb.records import Answer, Citation, Filters, Hit
from kb.ui import session
from kb.ui.downloads import draw_downloads
from kb.ui.links import source_address
from kb.ui.markup import copy_button, copy_link_button
from kb.ui.passages import citation_text

FIRST_COLLECTION = "My collection"


def collections() -> Collections:
    """The collections of this server; a file that is none is drawn and ends the page.

    Raises:
        KbError: The file cannot be used.
    """
    return _collections(session.settings().collections)


def chosen_collection() -> str:
    """Name of the collection into which this session saves."""
    return str(st.session_state.get("kb_collection") or FIRST_COLLECTION)


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
        if answer.citations:
            st.button(
                "Save to collection",
                key="kb_save_answer",
                type="tertiary",
                icon=":material/bookmark_add:",
                on_click=_save,
                args=(answer.citations, library),
            )
            sheet = _answer_sheet(answer, library, works=False)
            text = copied_text(grouped(sheet.entries, sheet.style))
            st.html(copy_button(text, "Copy with reference"), width="content")
        st.html(copy_link_button(link), width="content")
        draw_downloads(
            partial(_answer_sheet, answer, library), answer.question, key="answer", is_quiet=True
        )
        _draw_verdicts("answer", answer, answer.citations[0] if answer.citations else None)


def draw_passage_actions(
    place: Citation | Hit, library: Library, answer: Answer | None = None, *, prefix: str = ""
) -> None:
    """The actions on a passage; it can be judged where it answers a question."""
    key = f"{prefix}{place.passage_id}-{place.start}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"kb-actions-{key}"):
        st.button(
            "Save",
            key=f"kb_save_{key}",
            type="tertiary",
            icon=":material/bookmark_add:",
            on_click=_save,
            args=((place,), library),
        )
        reference = library.reference(place.document_id)
        st.html(
            copy_button(citation_text(place, reference), "Copy with reference"), width="content"
        )
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


def _save(places: Sequence[Citation | Hit], library: Library) -> None:
    name = chosen_collection()
    sources = {source.document_id: source for source in library.sources()}
    try:
        works = cited_works(library.settings.corpus)
        documents = {each.document_id: library.document(each.document_id) for each in places}
        entries = [
            entry_of(
                place,
                sources.get(place.document_id),
                text=documents[place.document_id].text,
                cited=works,
            )
            for place in places
        ]
        for listed in as_lists(marked_lists(entries, documents)):
            collections().save(
                name,
                *listed,
                generation=library.generation,
                library=library_path(library.settings),
            )
    except KbError as error:
        st.toast(f"Not saved: {error}", icon=":material/error:")
        return
    st.toast("Saved to your collection.", icon=":material/bookmark_added:")


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


@st.cache_resource(show_spinner=False)
def _collections(file: Path) -> Collections:
    return Collections(file)
