"""The web page: `streamlit run app.py`, or `kb serve`."""

import streamlit as st

from kb.ui.frame import draw_frame
from kb.ui.links import PAGES


def main() -> None:
    """Draws the page that the address names."""
    pages = [
        st.Page(
            page.file,
            title=page.title,
            url_path=name or None,
            default=not name,
            visibility="visible" if page.in_menu else "hidden",
        )
        for name, page in PAGES.items()
    ]
    chosen = st.navigation(pages, position="top")
    # Once a run: of two layouts in a run the browser keeps the first when it draws again.
    st.set_page_config(
        page_title=f"{chosen.title} · Leadership library",
        page_icon="📖",
        layout="wide" if PAGES[chosen.url_path].is_wide else "centered",
    )
    draw_frame(chosen.url_path)
    chosen.run()


if __name__ == "__main__":  # a process that this one spawns imports it as well
    main()
