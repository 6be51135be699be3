"""Opening a page at an address, on the folders of some settings, and reading what it draws."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support import REPOSITORY

from kb.settings import Settings

Page = Callable[..., AppTest]


def page_opener(settings: Settings, monkeypatch: pytest.MonkeyPatch, home: Path) -> Page:
    """Opens a page by name and parameters, as the server would with these settings."""
    monkeypatch.chdir(home)
    for name in [name for name in os.environ if name.startswith("KB_")]:
        monkeypatch.delenv(name)
    for name in ("corpus", "index", "cache", "collections", "model"):
        monkeypatch.setenv(f"KB_{name.upper()}", str(getattr(settings, name)))

    def open_page(name: str = "home", /, **parameters: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        if name != "home":
            app.switch_page(str(REPOSITORY / "kb" / "ui" / "pages" / f"{name}.py"))
        app.query_params.update(parameters)
        app.run()
        assert not app.exception, app.exception
        return app

    return open_page


def html(app: AppTest) -> str:
    """All HTML of the page but its style sheet."""
    return "\n".join(each.value for each in app.html if not each.value.startswith("<style"))


def until(app: AppTest, words: str) -> AppTest:
    """Runs the page until it shows some words, as a browser does by itself."""
    for _ in range(100):
        if words in html(app):
            return app
        app.run()
    raise AssertionError(f"{words!r} never came:\n{html(app)[-2000:]}")
