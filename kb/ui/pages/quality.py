"""Quality: evaluation runs, two of them compared, and the judgements of readers."""

from functools import partial

import streamlit as st

from kb.errors import KbError
from kb.evaluation.report import render_report
from kb.ui import location, measuring, session, states, words
from kb.ui.markup import escape, label
from kb.ui.running import draw_running
from kb.ui.saving import collections

st.html(
    "<h1>Quality</h1><p>How well the library finds and answers, measured on questions with known "
    "answers, and what readers said.</p>"
)
st.html("<h2>Evaluation runs</h2>")
library = session.library_if_built()
draw_running(session.settings(), library)
names = measuring.names_of_runs()
brought = location.arrived("quality")
if brought is not None:
    for key, parameter in (("kb_run", "run"), ("kb_before", "before")):
        chosen, problems = location.known(brought, parameter, names, "run")
        st.session_state[key] = chosen[0] if chosen else None
        for problem in problems:
            st.warning(label(problem), icon=":material/search_off:")
try:
    if not names:
        states.draw_note(
            "No run yet",
            f"Run a question set {'here, or ' if measuring.question_sets() else ''}with: "
            "kb eval run --dataset eval/questions --out eval/runs/now"
            if library
            else "A question set is put to a built library; there is none yet.",
        )
    else:
        if st.session_state.get("kb_run") is None:
            st.session_state["kb_run"] = names[0]
        left, right = st.columns(2)
        name = left.selectbox("Run", names, key="kb_run")
        before = right.selectbox(
            "Compare with an earlier run",
            [each for each in names if each != name],
            index=None,
            key="kb_before",
            placeholder="None",
        )
        location.write("quality", {"run": name, "before": before})
        result = measuring.opened_run(name)
        st.html(
            f'<p class="kb-muted">{escape(result.name)}, '
            f"{words.count(result.summary['queries'], 'question')}, "
            f"{result.summary['seconds']:.0f} seconds</p>"
        )
        st.html(measuring.measures_html(result))
        st.download_button(
            "Download the full report",
            data=partial(render_report, result),
            file_name=f"{name}.html",
            mime="text/html",
            key="kb_report",
            on_click="ignore",
            icon=":material/download:",
        )
        if before:
            measuring.draw_differences(name, before)
except KbError as error:
    states.draw_error("This run cannot be shown", str(error))

st.html("<h2>Judgements of readers</h2>")
try:
    judgements = collections().judgements()
except KbError as error:
    states.draw_error("The judgements cannot be read", str(error))
    st.stop()
if not judgements:
    states.draw_note("No judgement yet", "Say of an answer or a passage whether it answers.")
else:
    st.dataframe(measuring.judgement_rows(judgements), hide_index=True, key="kb_judgements")
    st.download_button(
        "Download as a question set",
        data=partial(measuring.question_set, judgements),
        file_name="review.jsonl",
        mime="application/jsonl",
        key="kb_harvest",
        on_click="ignore",
        icon=":material/download:",
        help="For review: no run asks these questions before somebody has confirmed them.",
    )
