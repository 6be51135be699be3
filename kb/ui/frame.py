"""What every page shares: the style sheet, and links, copying and scrolling in the browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from kb.ui.links import target

_HERE = Path(__file__).parent


@cache
def _script() -> Any:
    """The component that follows links of ours without opening a new session."""
    return st.components.v2.component(
        "kb.page", js=(_HERE / "page.js").read_text("utf-8"), isolate_styles=False
    )


def draw_frame() -> None:
    """Draws the shared parts, and goes where a link led that was clicked."""
    st.html(_HERE / "page.css")
    clicked = _script()(key="kb-page", height=1, on_go_change=lambda: None)
    found = target(str(clicked.go)) if clicked.go else None
    if found:
        st.switch_page(found[0], query_params=found[1])
