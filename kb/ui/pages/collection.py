"""Collection: saved passages in an order of one's own, with notes, and their exports."""

from functools import partial

import streamlit as st

from kb.collection import library_path
from kb.errors import KbError
from kb.export import as_lists
from kb.export.entries import group_of
from kb.export.words import on_one_line
from kb.ui import location, session, states
from kb.ui.downloads import draw_downloads
from kb.ui.keeping import checked, draw_collection_menu, draw_passage, reference_html
from kb.ui.links import address
from kb.ui.markup import copy_link_button, escape, label, link
from kb.ui.saving import (
    FIRST_COLLECTION,
    choose_collection,
    chosen_collection,
    collections,
    show_told,
)

st.html("<h1>Collection</h1>")
settings = session.settings()
library = session.library_if_built()
try:
    kept = collections()
    names = [found.name for found in kept.names()] or [FIRST_COLLECTION]
    brought = location.arrived("collection")
    wanted = location.first(brought or {}, "name")
    if wanted and wanted not in names:
        st.warning(label(f"There is no collection “{wanted}”."), icon=":material/search_off:")
    elif wanted:
        choose_collection(wanted)
    if chosen_collection() not in names:
        names.append(chosen_collection())
    name = st.selectbox(
        "Collection that you read, and into which you save",
        names,
        index=names.index(chosen_collection()),
        key=f"kb_collection_box_{chosen_collection()}",
        accept_new_options=True,
    )
    name = on_one_line(name or "")
    if name and name != chosen_collection() and choose_collection(name):
        st.rerun()
    show_told()
    name = chosen_collection()
    location.write("collection", {"name": name})
    exists = any(found.name == name for found in kept.names())
    saved = kept.passages(name) if exists else []
    if not saved:
        states.draw_note(
            f"Nothing is saved in “{name}” yet",
            "Save passages and answers while you read; they gather here with their references.",
        )
        st.html(f"<p>{link('ask', 'Ask a question', kind='kb-strong')}</p>")
        if exists:
            draw_collection_menu(name, kept)
        st.stop()

    make_sheet = partial(
        kept.sheet,
        name,
        style=settings.reference_style,
        library=library_path(settings),
        sources=library.sources() if library else (),
    )
    sheet = make_sheet()
    with st.container(horizontal=True, vertical_alignment="center", key="kb-collection-actions"):
        draw_downloads(make_sheet, name, key="kept")
        check = library is not None and st.button(
            "Check against the library", key="kb_recheck", icon=":material/fact_check:"
        )
        draw_collection_menu(name, kept)
        st.html(copy_link_button(address("collection", {"name": name})), width="content")
    st.html(f'<p class="kb-muted">{escape(sheet.remark)}</p>')

    findings = {}
    if check and library:
        documents = (library.document(source.document_id) for source in library.sources())
        findings = {found.saved_id: found for found in kept.recheck(name, documents)}
        st.info(checked(findings, saved, library))
    for listed, each in zip(as_lists(sheet.entries), saved, strict=True):
        group = group_of(listed, sheet.style)
        draw_passage(each, group, kept, library, findings.get(each.saved_id))

    references = "".join(f"<li>{reference_html(runs)}</li>" for runs in sheet.bibliography)
    st.html(f'<h2>References</h2><ul class="kb-plain">{references}</ul>')
except KbError as error:
    states.draw_error("The collections cannot be used", str(error))
