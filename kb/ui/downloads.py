"""Taking out what a page shows, in every format of the exports."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import streamlit as st

from kb.export import FORMATS, Sheet, render
from kb.settings import Settings
from kb.ui import session


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
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "export"
    menu = st.popover(
        "Download",
        icon=":material/download:",
        key=f"kb_downloads_{key}",
        type="tertiary" if is_quiet else "secondary",
    )
    listed = menu.container(gap=None)
    for each in FORMATS.values():
        listed.download_button(
            each.shown,
            data=partial(_rendered, sheet, each.name, settings),
            file_name=f"{stem}{each.suffix}",
            mime=each.media_type,
            key=f"kb_download_{key}_{each.name}",
            on_click="ignore",
            type="tertiary",
        )


def _rendered(sheet: Callable[[], Sheet], name: str, settings: Settings) -> bytes:
    return render(sheet(), name, settings)
