"""The parts of the Library page: its sources, and adding to them."""

from __future__ import annotations

import streamlit as st

from kb.corpus import remove
from kb.errors import KbError
from kb.library import Library
from kb.records import Source
from kb.settings import Settings
from kb.ui import shelf, states, words
from kb.ui.links import address
from kb.ui.markup import escape, link
from kb.ui.reading import text_html

_OUTCOMES = {
    "added": "added",
    "replaced": "replaced the earlier version",
    "unchanged": "is there already, unchanged",
    "duplicate": "was not added",
    "refused": "could not be added",
}


def draw_sources(library: Library) -> None:
    """The table of sources; a chosen row can be opened or removed."""
    chosen = st.dataframe(
        shelf.rows(library.generation, library),
        hide_index=True,
        key=f"kb_sources_{library.generation}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Year": st.column_config.NumberColumn(format="%d")},
    )
    selected = chosen["selection"]["rows"]
    if not selected:
        st.html('<p class="kb-muted">Choose a row to open or remove that source.</p>')
        return
    source = library.sources()[selected[0]]
    there = address("source", {"document": source.document_id})
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(link(there, f"Open {source.title}", kind="kb-strong"), width="content")
        if st.button("Remove …", key="kb_remove", icon=":material/delete:"):
            confirm_removal(source, library.settings)


@st.dialog("Remove this source?")
def confirm_removal(source: Source, settings: Settings) -> None:
    """Removes a source once that is confirmed, and rebuilds."""
    st.html(
        f"<p><strong>{escape(source.title)}</strong> ({escape(source.path)}) is taken out of the "
        "folder for good, and the library is rebuilt without it.</p>"
    )
    if st.button("Remove and rebuild", key="kb_confirm_remove", type="primary"):
        try:
            remove(source.path, settings)
        except KbError as error:
            states.draw_error("It could not be removed", str(error))
            return
        states.start_build(settings)
        st.rerun()


def draw_adding(settings: Settings, frameworks: dict[str, str]) -> None:
    """Upload, what was understood, and saving; nothing is saved before the button is pressed.

    Args:
        settings: Of the server.
        frameworks: Titles by slug.
    """
    turn = st.session_state.setdefault("kb_upload_turn", 0)
    files = st.file_uploader(
        "Files to add",
        type=shelf.accepted(),
        accept_multiple_files=True,
        key=f"kb_upload_{turn}",
    )
    uploads = [shelf.Upload(file.name, file.getvalue()) for file in files]
    readable = [upload for upload in uploads if _draw_understood(upload, settings)]
    if readable:
        framework = st.selectbox(
            "Framework that they are about",
            list(frameworks),
            index=None,
            format_func=lambda slug: frameworks.get(slug, slug),
            key=f"kb_upload_framework_{turn}",
            accept_new_options=True,
            placeholder="None, one of the library, or a new name",
        )
        title = ""
        if len(readable) == 1:
            title = st.text_input(
                "Title, if the file states another", key=f"kb_upload_title_{turn}"
            )
        st.button(
            "Add and rebuild",
            key=f"kb_upload_save_{turn}",
            type="primary",
            on_click=_save,
            args=(readable, framework or "", title, settings),
        )
    for sentence in st.session_state.pop("kb_added", ()):
        st.html(f'<p class="kb-note" role="status">{escape(sentence)}</p>')


def _draw_understood(upload: shelf.Upload, settings: Settings) -> bool:
    """What was understood of one file; False if it cannot be read."""
    if upload.is_archive:
        st.html(f"<p><strong>{escape(upload.name)}</strong>: each file in it is added.</p>")
        return True
    reading = shelf.understood(upload, settings)
    if isinstance(reading, str):
        states.draw_error(f"{upload.name} cannot be added.", reading)
        return False
    title = reading.metadata.title or "no title found"
    problems = "".join(f"<li>{escape(problem)}</li>" for problem in reading.problems)
    st.html(
        f"<p><strong>{escape(upload.name)}</strong> ({escape(title)}): "
        f"{escape(shelf.summary(reading))}</p><ul>{problems}</ul>"
    )
    with st.expander("Read it as it was understood"):
        st.html(text_html(reading.text, reading.blocks[:400]))
    return True


def _save(uploads: list[shelf.Upload], framework: str, title: str, settings: Settings) -> None:
    try:
        became = shelf.save(uploads, framework, title, settings)
    except KbError as error:
        st.session_state["kb_added"] = [str(error)]
        return
    st.session_state["kb_added"] = [
        f"{each.name.rsplit('/', 1)[-1]} {_OUTCOMES[each.outcome]}."
        + (f" {each.detail}" if each.detail else "")
        for each in became
    ]
    st.session_state["kb_upload_turn"] += 1
    if any(each.outcome in ("added", "replaced") for each in became):
        states.start_build(settings)


def problems_html(problems: tuple[str, ...]) -> str:
    """The files that are left out or only partly understood."""
    rows = "".join(f"<li>{escape(problem)}</li>" for problem in problems)
    return f"<h2>{words.count(len(problems), 'problem')}</h2><ul>{rows}</ul>"
