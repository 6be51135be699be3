"""The server's shared things: the loaded model and the work that runs behind the pages."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from kb.building import BuildReport, Progress
from kb.embedding import load_embedder
from kb.errors import IndexBusy
from kb.library import build_from_corpus
from kb.settings import Settings
from kb.ui.work import WatchedEmbedder, Work

_M_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS = 2  # eight a core otherwise; 40 MB less after a few hundred questions
_RETRY_SECONDS = 1.0  # between two looks whether another process has finished its build

Build = Work[BuildReport]


class Workshop:
    """Models by their settings, and at most one running build for each index.

    Attributes:
        loading: Held while a model is loaded.
        run: The latest evaluation run since the server started, going on or not.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.loading = threading.Lock()
        self.run: Work[str] | None = None
        self._builds: dict[str, Build] = {}
        self._embedders: dict[str, Any] = {}

    def embedder(
        self, settings: Settings, report: Callable[[str], None] = lambda text: None
    ) -> Any:
        """The model of the settings, loaded once for all sessions."""
        key = f"{settings.model} {settings.fast_embedding} {settings.cache}"
        with self.loading:
            if key not in self._embedders:
                self._embedders[key] = load_embedder(settings, report=report)
            return self._embedders[key]

    def build(self, settings: Settings) -> Build | None:
        """The latest build of this index since the server started, running or not."""
        return self._builds.get(str(settings.index.resolve()))

    def start_build(self, settings: Settings) -> Build:
        """A new build, or the running one: two people who build at once watch the same."""
        with self._lock:
            running = self.build(settings)
            if running and running.is_running:
                return running
            build = build_work(settings, lambda report: self.embedder(settings, report))
            self._builds[str(settings.index.resolve())] = build
            build.start()
            return build

    def start_run(self, action: Callable[[Progress], str]) -> Work[str]:
        """A new evaluation run, or the one that goes on: two at once would slow each other."""
        with self._lock:
            if self.run is None or not self.run.is_running:
                self.run = Work("kb-run", action)
                self.run.start()
            return self.run


def build_work(settings: Settings, embedder: Callable[[Callable[[str], None]], Any]) -> Build:
    """A build that waits, visibly and cancellably, while another process builds.

    Args:
        settings: Name the folders.
        embedder: Gives the model, and is told whom to report its loading to.
    """

    def built(progress: Progress) -> BuildReport:
        loaded = embedder(lambda text: progress(text, 0, 0))
        reached = ("Reading files", 0, 0)

        def told(stage: str, done: int, total: int) -> None:
            nonlocal reached
            reached = (stage, done, total)
            progress(stage, done, total)

        watched = WatchedEmbedder(loaded, lambda: progress(*reached))
        while True:
            try:
                return build_from_corpus(settings, progress=told, embedder=watched)
            except IndexBusy as error:
                progress(f"Waiting. {error}", 0, 0)
                time.sleep(_RETRY_SECONDS)

    return Work("kb-build", built)


@st.cache_resource(show_spinner=False)
def workshop() -> Workshop:
    """The workshop of this server."""
    share_heaps()
    return Workshop()


def share_heaps() -> bool:
    """Lets the threads of all sessions allocate from two heaps; whether this system can.

    Every script run is a thread of its own. With a heap for each of them, what a question
    needed for a moment stays resident once for each heap.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return bool(mallopt and mallopt(_M_ARENA_MAX, _ARENAS))
