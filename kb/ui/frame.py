"""What every page shares: the style sheet, and links, copying and scrolling in the browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from kb.ui import location

_HERE = Path(__file__).parent


@cache
def _script() -> Any:
    """The component that follows links of ours without opening a new session."""
    return st.components.v2.component(
        "kb.page", js=(_HERE / "page.js").read_text("utf-8"), isolate_styles=False
    )


def draw_frame(page: str) -> None:
    """Draws the parts that every page shares; `page` is the last part of its address."""
    location.enter(page)
    st.html(_HERE / "page.css")
    _script()(key="kb-page", height=1)


def go(address: str) -> None:
    """Has the browser go to an address of ours, as a click on a link does, and ends the run."""
    _script()(key="kb-go", data={"go": address}, height=1)
    st.stop()
