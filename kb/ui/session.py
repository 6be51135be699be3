"""The opened library for a page, or a drawing of the state that there is instead."""

from __future__ import annotations

import streamlit as st

from kb.corpus import scan, signature
from kb.errors import IndexDamaged, IndexMismatch, IndexMissing, KbError, SourceNotFound
from kb.library import Library, published_generation
from kb.settings import Settings, load_settings
from kb.ui import states
from kb.ui.workshop import workshop

_OPEN_GENERATIONS = 3  # the current one, the one before, one that a link asks for


def settings() -> Settings:
    """The settings of this server; a wrong one is drawn and ends the page."""
    try:
        return load_settings()
    except KbError as error:
        states.draw_error("The settings cannot be used", str(error))
        st.stop()


def library() -> Library:
    """The library that this page shows; where there is none, its state is drawn instead.

    The address may ask for a generation; otherwise it is the published one.
    """
    stated = settings()
    wanted = st.query_params.get("generation", "")
    try:
        published = published_generation(stated)
        if published is None:
            _draw_first_build(stated)
        generation = _generation(stated, wanted, published or "")
        states.draw_build_news(stated)
        found = _opened(generation, str(stated.index), str(stated.corpus), stated.model, stated)
        _tell_of_rebuild(published or "")
        return found
    except (IndexMissing, IndexDamaged, IndexMismatch) as error:
        states.draw_broken_index(error, stated)
    except KbError as error:
        states.draw_error("The library cannot be opened", str(error))
    st.stop()


def library_if_built() -> Library | None:
    """The published library; None before the first build or if it cannot be opened."""
    stated = settings()
    try:
        published = published_generation(stated)
        if published is None:
            return None
        return _opened(published, str(stated.index), str(stated.corpus), stated.model, stated)
    except (IndexMissing, IndexDamaged, IndexMismatch) as error:
        states.draw_broken_index(error, stated)
    except KbError as error:
        states.draw_error("The library cannot be opened", str(error))
    return None


def is_unbuilt() -> bool:
    """Whether nothing was ever published."""
    return published_generation(settings()) is None


def has_changed(opened: Library | None) -> bool:
    """Whether the folder of sources holds something else than the published generation."""
    if opened is not None:
        return opened.is_stale()
    return any(signature(settings().corpus))


@st.cache_resource(show_spinner="Opening the library …", max_entries=_OPEN_GENERATIONS)
def _opened(generation: str, index: str, corpus: str, model: str, _settings: Settings) -> Library:
    return Library.open(
        _settings,
        generation=generation,
        check_corpus=False,
        embedder=workshop().embedder(_settings),
    )


def _draw_first_build(stated: Settings) -> None:
    """Nothing was published yet: builds what is in the folder, or says that it is empty."""
    try:
        files, _ = scan(stated.corpus)
    except SourceNotFound:
        files = []
    if not files:
        states.draw_empty_library()
        st.stop()
    build = workshop().build(stated)
    if build is None or build.made:
        build = workshop().start_build(stated)
    if build.cancelled and not build.is_running:
        states.draw_unbuilt(stated)
    else:
        states.draw_progress(build, stated)
    st.stop()


def _generation(stated: Settings, wanted: str, published: str) -> str:
    if not wanted or wanted == published:
        return published
    try:
        _opened(wanted, str(stated.index), str(stated.corpus), stated.model, stated)
    except KbError:
        st.warning(
            "This link was made with an earlier state of the library that is no longer kept. "
            "You see the library as it is now; quotes may have moved.",
            icon=":material/history:",
        )
        return published
    st.info(
        "This link was made with an earlier state of the library, and you see that state.",
        icon=":material/history:",
    )
    return wanted


def _tell_of_rebuild(published: str) -> None:
    before = st.session_state.get("kb_generation")
    st.session_state["kb_generation"] = published
    if before and before != published:
        st.info(
            "The library was rebuilt while this page was open. You now see the new state.",
            icon=":material/refresh:",
        )
