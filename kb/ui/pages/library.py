"""Library: what it holds, adding and removing, rebuilding, problems."""

import streamlit as st

from kb.ui import session, states, words
from kb.ui.markup import escape
from kb.ui.shelving import draw_adding, draw_sources, problems_html

settings = session.settings()
st.html("<h1>Library</h1>")
states.draw_build(settings)
library = session.library_if_built()
frameworks = {f.slug: f.title for f in library.frameworks()} if library else {}

changed = session.has_changed(library)
if library and changed:
    st.info(
        "The folder of sources has changed since the library was built.",
        icon=":material/folder:",
    )
if library:
    made = library.manifest
    counts = (
        f"{words.count(made.documents, 'source')}, {words.count(len(frameworks), 'framework')}, "
        f"{words.count(made.passages, 'passage')}, built {made.created[:16].replace('T', ' ')} UTC"
    )
    st.html(f'<p class="kb-muted">{escape(counts)}</p>')
    draw_sources(library)
elif session.is_unbuilt() and changed:
    states.draw_unbuilt(settings)
elif session.is_unbuilt():
    states.draw_note("No library yet", "Add files below; the first build follows by itself.")

st.html("<h2>Add files</h2>")
draw_adding(settings, frameworks)

if library:
    st.html("<h2>Rebuild</h2>")
    st.button(
        "Rebuild the library",
        key="kb_rebuild",
        icon=":material/autorenew:",
        on_click=states.start_build,
        args=(settings,),
        help="Only what has changed is read again.",
    )
    if library.manifest.problems:
        st.html(problems_html(library.manifest.problems))
