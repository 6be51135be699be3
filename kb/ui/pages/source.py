"""Source: a whole text, opened at the words that a citation names."""

import streamlit as st

from kb.errors import SourceNotFound
from kb.ui import location, session, states, words
from kb.ui.actions import draw_passage_actions
from kb.ui.links import address
from kb.ui.markup import copy_button, copy_link_button, escape, link
from kb.ui.passages import hit_html
from kb.ui.reading import outline_html, part_of, parts, text_html

library = session.library()
asked = {name: st.query_params.get_all(name) for name in st.query_params}
document_id = location.first(asked, "document")
if not document_id:
    states.draw_note("No source is named", "Choose one in the library.")
    st.html(f"<p>{link('library', 'Open the library', kind='kb-strong')}</p>")
    st.stop()
try:
    document = library.document(document_id)
except SourceNotFound as error:
    states.draw_error("This source is not in the library any more", str(error))
    st.html(f"<p>{link('library', 'Open the library', kind='kb-strong')}</p>")
    st.stop()

source = document.source
start, end = location.number(asked, "start"), location.number(asked, "end")
span = (start, end) if start is not None and end is not None else None
if span and not span[0] < span[1] <= len(document.text):
    st.warning("The address names words that this source does not have.")
    span = None

facts = [", ".join(source.metadata.people or source.metadata.authors)]
facts += [str(source.metadata.year or ""), source.metadata.family or ""]
facts += [words.FORMATS.get(source.format, source.format)]
reference = library.reference(document_id)
st.html(
    f'<header class="kb-source"><h1>{escape(source.title)}</h1>'
    f'<p class="kb-muted">{escape(" · ".join(fact for fact in facts if fact))}</p>'
    f'<p class="kb-reference">{escape(reference)}</p></header>'
)
stretches = parts(document)
shown = 0
if len(stretches) > 1:
    first = part_of(stretches, span[0]) if span else 0
    place = f"kb_part_{document_id}_{start}"
    shown = st.pagination(len(stretches), default=first + 1, key=place) - 1
at = library.hit_at(document_id, *(span or (0, len(document.text))))
if span and at:
    draw_passage_actions(at, library, prefix="here-", offers_others=True)
else:
    with st.container(horizontal=True, key="kb-source-actions"):
        st.html(copy_button(reference, "Copy reference"), width="content")
        here = address("source", {"document": document_id, "generation": library.generation})
        st.html(copy_link_button(here), width="content")
if outline := outline_html(document, stretches[shown]):
    st.html(outline)
st.html(text_html(document.text, stretches[shown], span=span, title=source.title))

near = library.similar_passages(at.passage_id) if at else ()
if near:
    title = "Passages like this one" if span else "Elsewhere in similar words"
    st.html(f"<h2>{title}</h2>")
    for other in near:
        st.html(hit_html(other, library.generation))
        draw_passage_actions(other, library, prefix="near-")
