"""The parts of the Library page: its sources, and adding to them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from kb.corpus import Added, remove
from kb.errors import KbError
from kb.library import Library
from kb.preview import Preview
from kb.records import Source
from kb.settings import Settings
from kb.ui import shelf, states, words
from kb.ui.links import address
from kb.ui.markup import escape, link
from kb.ui.reading import text_html
from kb.ui.work import Work

Reading = Work[tuple[Preview, ...]]
_SHOWN_FILES = 10  # of an archive

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
    if not _adding_is_done(settings):
        return
    for sentence in st.session_state.pop("kb_added", ()):
        st.html(f'<p class="kb-note" role="status">{escape(sentence)}</p>')
    turn = st.session_state.setdefault("kb_upload_turn", 0)
    files = st.file_uploader(
        "Files to add",
        type=shelf.accepted(),
        accept_multiple_files=True,
        max_upload_size=shelf.largest_mb(settings),
        key=f"kb_upload_{turn}",
    )
    readable = _understood(files, settings)
    if not readable:
        return
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
        title = st.text_input("Title, if the file states another", key=f"kb_upload_title_{turn}")
    st.button(
        "Add and rebuild",
        key=f"kb_upload_save_{turn}",
        type="primary",
        on_click=_save,
        args=(readable, framework or "", title, settings),
    )


def _understood(files: Sequence[UploadedFile], settings: Settings) -> list[shelf.Upload]:
    """Draws what was understood of each file; those that can be added."""
    known: dict[str, Reading] = st.session_state.get("kb_understood", {})
    reading = {
        file.file_id: known.get(file.file_id)
        or shelf.understanding(shelf.Upload(file.name, file.getvalue()), settings)
        for file in files
    }
    st.session_state["kb_understood"] = reading  # what was taken away again is forgotten
    readable = []
    for file in files:
        work = reading[file.file_id]
        work.wait(states.SHORT_SECONDS)
        if work.is_running:
            states.draw_waiting(work, file.file_id)
        elif work.cancelled or work.error:
            reason = work.error or "You cancelled its reading. Take it away, or choose it again."
            states.draw_error(f"{file.name} was not read.", reason)
        elif draw_previews(work.made or ()):
            readable.append(shelf.Upload(file.name, file.getvalue()))
    return readable


def draw_previews(found: Sequence[Preview]) -> bool:
    """What was understood of a file or of each in an archive; False if nothing can be added."""
    for preview in found[:_SHOWN_FILES]:
        if preview.reading is None:
            states.draw_error(f"{preview.name} cannot be added.", preview.problem)
            continue
        title = preview.reading.metadata.title or "no title found"
        problems = "".join(f"<li>{escape(each)}</li>" for each in preview.reading.problems)
        st.html(
            f"<p><strong>{escape(preview.name)}</strong> ({escape(title)}): "
            f"{escape(shelf.summary(preview))}</p>" + (f"<ul>{problems}</ul>" if problems else "")
        )
        if len(found) == 1:
            with st.expander("Read it as it was understood"):
                st.html(text_html(preview.reading.text, preview.reading.blocks[:400]))
    good = sum(preview.reading is not None for preview in found)
    if len(found) > _SHOWN_FILES:
        more = words.count(len(found) - _SHOWN_FILES, "more file")
        st.html(f"<p>{more}; {good} of {len(found)} can be added.</p>")
    return bool(good)


def _save(uploads: list[shelf.Upload], framework: str, title: str, settings: Settings) -> None:
    became: list[Added] = []
    work = shelf.adding(uploads, framework, title, settings, became)
    st.session_state["kb_adding"] = (work, became)
    st.session_state["kb_upload_turn"] += 1


def _adding_is_done(settings: Settings) -> bool:
    """Whether no file is being added; draws how far it is, or keeps what came of it."""
    if "kb_adding" not in st.session_state:
        return True
    work, became = st.session_state["kb_adding"]
    work.wait(states.SHORT_SECONDS)
    if work.is_running:
        states.draw_waiting(work, "adding")
        return False
    del st.session_state["kb_adding"]
    told = [
        f"{each.name.rsplit('/', 1)[-1]} {_OUTCOMES[each.outcome]}."
        + (f" {each.detail}" if each.detail else "")
        for each in became
    ]
    told += ["Adding was cancelled; what is named above stays."] if work.cancelled else []
    st.session_state["kb_added"] = told + ([work.error] if work.error else [])
    if any(each.outcome in ("added", "replaced") for each in became):
        states.start_build(settings)
    st.rerun()


def problems_html(problems: tuple[str, ...]) -> str:
    """The files that are left out or only partly understood."""
    rows = "".join(f"<li>{escape(problem)}</li>" for problem in problems)
    return f"<h2>{words.count(len(problems), 'problem')}</h2><ul>{rows}</ul>"
