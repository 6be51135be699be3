"""Starting an evaluation run from the Quality page, its progress, and what came of it."""

from __future__ import annotations

import streamlit as st

from kb.library import Library
from kb.settings import Settings
from kb.ui import measuring, states
from kb.ui.markup import label
from kb.ui.workshop import workshop


def draw_running(settings: Settings, library: Library | None) -> None:
    """The run that goes on, or what came of the latest and a way to start another."""
    run = workshop().run
    if run:
        run.wait(states.SHORT_SECONDS)
        if run.is_running:
            states.draw_waiting(run, "run")
            return
        if run.made:
            st.success(label(f"The run {run.made} is done."), icon=":material/check:")
            if st.session_state.pop("kb_run_started", False):
                st.session_state["kb_run"] = run.made
        elif run.error:
            states.draw_error("The run has failed", run.error)
        else:
            st.info("The run was cancelled; nothing of it is kept.", icon=":material/cancel:")
    sets = measuring.question_sets()
    if library is None or not sets:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Question set", list(sets), key="kb_question_set", width=320)
        st.button(
            "Run it now",
            key="kb_start_run",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(chosen, settings, library),
        )


def _start(name: str, settings: Settings, library: Library) -> None:
    measuring.start_run(name, settings, library)
    st.session_state["kb_run_started"] = True
