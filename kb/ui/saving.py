"""Saving into a collection: which one, how to choose another, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from kb.collection import Collections, library_path
from kb.corpus import cited_works
from kb.errors import KbError
from kb.export import as_lists, entry_of, marked_lists
from kb.export.words import on_one_line, shortened
from kb.library import Library
from kb.records import Citation, Hit
from kb.ui import session
from kb.ui.markup import label

FIRST_COLLECTION = "My collection"
_CHOSEN = "kb_collection"
_TOLD = "kb_told"  # message and icon that a callback leaves for the page
_SHOWN_CHARS = 40  # of a name on a button


def collections() -> Collections:
    """The collections of this server.

    Raises:
        KbError: The file cannot be used.
    """
    return _collections(session.settings().collections)


def chosen_collection() -> str:
    """Name of the collection into which this session saves; at first the one used last."""
    if not st.session_state.get(_CHOSEN):
        try:
            st.session_state[_CHOSEN] = collections().latest() or FIRST_COLLECTION
        except KbError:  # told when somebody saves
            return FIRST_COLLECTION
    return str(st.session_state[_CHOSEN])


def choose_collection(name: str) -> bool:
    """Saves into this collection from now on, also in sessions to come; False if that fails."""
    try:
        collections().use(name)
    except KbError as error:
        _tell(label(str(error)), "error")
        return False
    st.session_state[_CHOSEN] = on_one_line(name)
    return True


def forget_choice() -> None:
    """Chooses what was used last, after the chosen collection went."""
    st.session_state.pop(_CHOSEN, None)


def draw_save(
    places: Sequence[Citation | Hit], library: Library, key: str, *, offers_others: bool = False
) -> None:
    """A button that saves and names the collection; beside it, if asked for, a choice of others."""
    show_told()
    name = chosen_collection()
    if places:
        st.button(
            f"Save to “{label(shortened(name, _SHOWN_CHARS))}”",
            key=f"kb_save_{key}",
            type="tertiary",
            icon=":material/bookmark_add:",
            on_click=_save,
            args=(tuple(places), library),
        )
    if offers_others:
        _draw_choice(name, key)


def _draw_choice(name: str, key: str) -> None:
    try:
        names = [each.name for each in collections().names()]
    except KbError:  # told when somebody saves
        return
    names += [] if name in names else [name]
    box = f"kb_target_{key}_{name}"
    with st.popover("Other collection", type="tertiary", key=f"kb_targets_{key}"):
        st.selectbox(
            "Save into",
            names,
            index=names.index(name),
            key=box,
            accept_new_options=True,
            on_change=_take_choice,
            args=(box,),
        )


def _take_choice(box: str) -> None:
    if name := on_one_line(str(st.session_state.get(box) or "")):
        choose_collection(name)


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
        are_new = []
        for listed in as_lists(marked_lists(entries, documents)):
            are_new.append(not collections().holds(name, *listed))
            collections().save(
                name,
                *listed,
                generation=library.generation,
                library=library_path(library.settings),
            )
    except KbError as error:
        _tell(label(f"Not saved: {error}"), "error")
        return
    _tell(_became(are_new, name), "bookmark_added")


def _tell(message: str, icon: str) -> None:
    st.session_state[_TOLD] = message, icon


def show_told() -> None:
    """Shows what a callback had to tell.

    A callback in a dialog that draws something itself replaces what the page drew first.
    """
    if told := st.session_state.pop(_TOLD, None):
        message, icon = told
        st.toast(message, icon=f":material/{icon}:")


def _became(are_new: Sequence[bool], name: str) -> str:
    """What a person is told: where it is now, and whether it was there before."""
    shown = f"“{label(name)}”"
    if not any(are_new):
        return f"Already in {shown}."
    if all(are_new):
        return f"Saved to {shown}."
    return f"Saved to {shown}: {sum(are_new)} of {len(are_new)}, the others were there already."


@st.cache_resource(show_spinner=False)
def _collections(file: Path) -> Collections:
    return Collections(file)
