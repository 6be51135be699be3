"""The states in which there is nothing to show yet: empty, building, damaged, failed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kb.errors import IndexDamaged, KbError
from kb.library import published_generation
from kb.settings import Settings
from kb.ui import words
from kb.ui.markup import escape, label, link
from kb.ui.work import Work
from kb.ui.workshop import Build, workshop

_POLL_SECONDS = 0.5
SHORT_SECONDS = 0.3  # what takes longer shows its progress


def start_build(settings: Settings) -> None:
    """Begins a build, or joins the one that runs."""
    workshop().start_build(settings)


def draw_note(headline: str, sentence: str, *, kind: str = "") -> None:
    """A headline and a sentence in place of content; both are escaped."""
    st.html(
        f'<section class="kb-state {kind}"><h2>{escape(headline)}</h2>'
        f"<p>{escape(sentence)}</p></section>"
    )


def draw_error(headline: str, sentence: str) -> None:
    """What went wrong and what to do, as the core says it."""
    st.html(
        f'<section class="kb-state kb-failed" role="alert"><h2>{escape(headline)}</h2>'
        f"<p>{escape(sentence)}</p></section>"
    )


def draw_empty_library() -> None:
    """No file is in the folder of sources."""
    st.html(
        '<section class="kb-state"><h1>The library is still empty</h1>'
        "<p>Add texts on leadership, and every answer will quote them word for word.</p>"
        f"<p>{link('library', 'Add your first files', kind='kb-strong')}</p></section>"
    )


def draw_broken_index(error: KbError, settings: Settings) -> None:
    """The built index cannot be used; offers to build it anew, or shows that being done."""
    damaged = isinstance(error, IndexDamaged)
    build = workshop().build(settings)
    if build is None and not damaged:
        # Another model, other settings or a newer reader: what `kb ask` does as well.
        build = workshop().start_build(settings)
    if build and (build.is_running or build.error):
        draw_progress(build, settings)
        return
    draw_error(
        "The index is damaged" if damaged else "The index does not fit this library",
        f"{error}. Your files are untouched.",
    )
    st.button(
        "Rebuild the library",
        key="kb_rebuild_broken",
        type="primary",
        on_click=start_build,
        args=(settings,),
    )


def draw_unbuilt(settings: Settings) -> None:
    """Files lie in the folder and no library was built of them; nothing while one is."""
    build = workshop().build(settings)
    if build and (build.is_running or build.error):
        return
    if build and build.cancelled:
        draw_note("Building was cancelled", "Nothing was changed. Build the library to ask it.")
    else:
        draw_note("Not built yet", "Files lie in the folder. Build the library to ask them.")
    st.button(
        "Build the library",
        key="kb_build_again",
        type="primary",
        on_click=start_build,
        args=(settings,),
    )


@st.fragment(run_every=_POLL_SECONDS)
def draw_progress(build: Build, settings: Settings) -> None:
    """What a running build is doing, with a way to cancel it; renews the page at its end."""
    build.wait(SHORT_SECONDS)
    if not build.is_running and not build.error:
        st.rerun()
    if build.error:
        draw_error("The library could not be built", build.error)
        st.button("Try again", key="kb_build_retry", on_click=start_build, args=(settings,))
        return
    st.html(
        '<section class="kb-state"><h2>The library is being built</h2>'
        f'<p class="kb-muted">Started at {build.began:%H:%M} UTC.</p></section>'
    )
    draw_steps(build, key="kb_cancel_build")


@st.fragment(run_every=_POLL_SECONDS)
def draw_waiting(work: Work[Any], key: str) -> None:
    """Work that goes on, with a way to cancel it; renews the page at its end."""
    work.wait(SHORT_SECONDS)
    if not work.is_running:
        st.rerun()
    draw_steps(work, key=f"kb_cancel_{key}")


def draw_steps(work: Work[Any], *, key: str) -> None:
    """How far some work has come, with a way to cancel it."""
    share, text = words.progress(work.stage, work.done, work.total)
    st.progress(share, text=label("Stopping …" if work.cancelled else text))
    st.button("Cancel", key=key, on_click=work.cancel, disabled=work.cancelled)


def draw_build(settings: Settings) -> None:
    """The running build with its progress, or what came of the latest one."""
    build = workshop().build(settings)
    if build is None:
        return
    if build.is_running or build.error:
        draw_progress(build, settings)
    elif build.made:
        made = build.made.manifest
        st.success(
            f"Built in {build.made.seconds:.1f} seconds: "
            f"{words.count(made.documents, 'source')}, {words.count(made.passages, 'passage')}, "
            f"{build.made.embedded:,} of them new.",
            icon=":material/check:",
        )
    elif published_generation(settings):
        st.info("Building was cancelled. The library is as it was.", icon=":material/cancel:")


def draw_build_news(settings: Settings) -> None:
    """A line on a build that runs behind a usable library."""
    build = workshop().build(settings)
    if build and build.is_running:
        _, text = words.progress(build.stage, build.done, build.total)
        st.info(label(f"The library is being rebuilt: {text}"), icon=":material/autorenew:")
