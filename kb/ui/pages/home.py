"""Home: one question box, a few questions, the frameworks by family."""

import streamlit as st

from kb.ui import session, words
from kb.ui.frame import go
from kb.ui.links import address, ask_address
from kb.ui.markup import escape, link
from kb.ui.suggestions import by_family, first_questions

library = session.library()

st.html(
    '<header class="kb-hero"><h1>Ask the leadership library</h1>'
    "<p>Every answer is quoted word for word, and every quote opens its source.</p></header>"
)
with st.form("kb_ask", border=False):
    box, send = st.columns([5, 1], vertical_alignment="bottom")
    question = box.text_input(
        "Your question",
        key="kb_first_question",
        placeholder="How do leaders build trust between organisations?",
        label_visibility="collapsed",
    )
    asked = send.form_submit_button("Ask", type="primary", width="stretch")
if asked and question.strip():
    go(ask_address(question.strip()))

frameworks = library.frameworks()
questions = "".join(
    f"<li>{link(ask_address(each), each)}</li>" for each in first_questions(library)
)
if questions:
    st.html(f'<nav class="kb-try" aria-label="Questions to try"><ul>{questions}</ul></nav>')

manifest = library.manifest
st.html(
    f'<p class="kb-holds">{words.count(manifest.documents, "source")}, '
    f"{words.count(len(frameworks), 'framework')}, "
    f"{words.count(manifest.passages, 'passage')}. {link('library', 'See what is in it')}</p>"
)
if session.has_changed(library):
    news = "The folder of sources has changed since the library was built."
    st.html(f'<p class="kb-holds kb-muted">{news} {link("library", "Rebuild it")}</p>')
if frameworks:
    shelves = []
    for family, members in by_family(frameworks):
        links = "".join(
            f"<li>{link(address('source', {'document': each.document_id}), each.title)}</li>"
            for each in members
        )
        shelves.append(f"<section><h3>{escape(family)}</h3><ul>{links}</ul></section>")
    st.html(
        '<h2 class="kb-shelves-title">Frameworks by family</h2>'
        f'<div class="kb-shelves">{"".join(shelves)}</div>'
    )
