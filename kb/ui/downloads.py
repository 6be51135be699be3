"""Taking out what a page shows, in every format of the exports."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from kb.errors import KbError
from kb.export import FORMATS, Sheet, entries_sheet, render
from kb.settings import Settings
from kb.ui import session
from kb.ui.markup import escape, picture_button


def draw_downloads(
    sheet: Callable[[], Sheet], name: str, *, key: str, is_quiet: bool = False
) -> None:
    """A menu of formats; a file is made when it is asked for.

    Args:
        sheet: Gives what is to be taken out.
        name: Of the file, in words.
        key: Of the menu within the page.
        is_quiet: Draw it like the actions beside it, without a border.
    """
    settings = session.settings()
    stem = _stem(name)
    menu = st.popover(
        "Download",
        icon=":material/download:",
        key=f"kb_downloads_{key}",
        type="tertiary" if is_quiet else "secondary",
    )
    listed = menu.container(gap=None)
    for each in FORMATS.values():
        if problem := _template_problem(each.name, settings):
            listed.html(f'<p class="kb-muted">{escape(each.shown)}: {escape(problem)}</p>')
            continue
        listed.download_button(
            each.shown,
            data=partial(_rendered, sheet, each.name, settings),
            file_name=f"{stem}{each.suffix}",
            mime=each.media_type,
            key=f"kb_download_{key}_{each.name}",
            on_click="ignore",
            type="tertiary",
        )


def draw_figure_downloads(table: Callable[[], str], name: str, *, of: str) -> None:
    """The figure that a container shows, as a picture, and the numbers behind it.

    Args:
        table: Gives the numbers as CSV.
        name: Of the files, in words.
        of: Key of the container.
    """
    stem = _stem(name)
    with st.container(horizontal=True, vertical_alignment="center", key=f"kb-figure-{of}"):
        st.download_button(
            "Numbers (CSV)",
            data=lambda: table().encode("utf-8", "backslashreplace"),
            file_name=f"{stem}.csv",
            mime="text/csv",
            key=f"kb_numbers_{of}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        st.html(
            '<span class="kb-buttons">'
            + picture_button(of, f"{stem}.png", "Picture (PNG)")
            + picture_button(of, f"{stem}.svg", "Picture (SVG)")
            + "</span>",
            width="content",
        )


def _template_problem(name: str, settings: Settings) -> str:
    """Why the template of a format cannot be used; empty where it can, or is the shipped one."""
    own = str(getattr(settings, f"template_{name}", ""))
    if not own:
        return ""
    try:
        changed = Path(own).stat().st_mtime_ns
    except OSError:
        changed = 0
    return _tried_template(name, own, changed, settings)


@st.cache_data(show_spinner=False, max_entries=8)
def _tried_template(name: str, own: str, changed: int, _settings: Settings) -> str:
    """What becomes of an export without passages; a download could not say what failed."""
    try:
        render(entries_sheet("", [], style="apa"), name, _settings)
    except KbError as error:
        return str(error)
    return ""


def _stem(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "export"


def _rendered(sheet: Callable[[], Sheet], name: str, settings: Settings) -> bytes:
    return render(sheet(), name, settings)
