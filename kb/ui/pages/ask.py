"""Ask: a question, and the lines of the library that answer it."""

import streamlit as st

from kb.errors import KbError
from kb.ui import location, session, states, words
from kb.ui.actions import answered, draw_answer_actions, draw_passage_actions
from kb.ui.filters import draw_filters, parameters, take_filters
from kb.ui.links import address, ask_address
from kb.ui.markup import label, link
from kb.ui.passages import answer_html, compares_sources, hit_html, quoted_first, spelling_html

SHOWN_PASSAGES = 3  # the others are folded up
KEPT_QUESTIONS = 20  # of this session; a longer list is no help to remember

library = session.library()
brought = location.arrived("ask")
problems: list[str] = []
if brought is not None:
    st.session_state["kb_question"] = location.first(brought, "question")
    problems = take_filters(library, brought)

st.html("<h1>Ask</h1>")
with st.container(horizontal=True, vertical_alignment="bottom", key="kb-question-row"):
    question = st.text_input(
        "Your question", key="kb_question", placeholder="Ask about leadership"
    ).strip()
    st.button("Ask", key="kb_send", type="primary")  # leaving the field has sent it already
    filters = draw_filters(library)
location.write("ask", {"question": question, **parameters(filters)})
for problem in problems:
    st.warning(label(problem), icon=":material/filter_alt_off:")

history: list[str] = st.session_state.setdefault("kb_history", [])
if question:
    try:
        answer = answered(library.generation, question, filters, library)
    except KbError as error:
        states.draw_error("This question cannot be asked", str(error))
        st.stop()
    if spelling := spelling_html(question, library.corrected(question)):
        st.html(spelling)
    st.html(answer_html(answer))
    draw_answer_actions(answer, library, ask_address(question, filters, library.generation))
    if compares_sources(answer):
        named = tuple(dict.fromkeys(c.framework for c in answer.citations if c.framework))
        if len(named) > 1:
            there = address("compare", {"framework": named[:5]})
            st.html(f"<p>{link(there, 'Compare them on every dimension', kind='kb-strong')}</p>")

    spans = [(c.document_id, c.start, c.end) for c in answer.citations]
    if answer.passages:
        nearest = answer.status == "not_found"
        st.html(f"<h2>{'Nearest passages' if nearest else 'The passages behind it'}</h2>")
    for number, hit in enumerate(quoted_first(answer)):
        if number == SHOWN_PASSAGES:
            rest = words.count(len(answer.passages) - SHOWN_PASSAGES, "more passage")
            folded = st.expander(rest, key="kb_more", on_change="rerun")
        if number >= SHOWN_PASSAGES and not folded.open:
            break
        with st.container() if number < SHOWN_PASSAGES else folded:
            here = [(start, end) for name, start, end in spans if name == hit.document_id]
            st.html(hit_html(hit, library.generation, here))
            draw_passage_actions(hit, library, answer)

    related = library.related_questions(answer)
    if related:
        rows = "".join(f"<li>{link(ask_address(each), each)}</li>" for each in related)
        st.html(f'<h2>This library can also answer</h2><ul class="kb-plain">{rows}</ul>')
    if question not in history:
        history.append(question)
        del history[:-KEPT_QUESTIONS]
else:
    states.draw_note(
        "Ask in your own words",
        "You get sentences from the sources, word for word, or the news that there are none.",
    )

earlier = [each for each in reversed(history) if each != question]
if earlier:
    rows = "".join(f"<li>{link(ask_address(each), each)}</li>" for each in earlier)
    st.html(f'<h2>Asked in this session</h2><ul class="kb-plain">{rows}</ul>')
