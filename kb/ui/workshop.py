"""The server's shared things: the loaded model and the builds that run behind the pages."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any

import streamlit as st

from kb.building import BuildReport
from kb.embedding import load_embedder
from kb.errors import KbError
from kb.library import build_from_corpus
from kb.settings import Settings

_M_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS = 2  # eight a core otherwise; 40 MB less after a few hundred questions


class BuildCancelled(Exception):
    """A person cancelled the build; nothing was published."""


class Build:
    """One build in a thread of its own, with what it is doing and what came of it.

    Attributes:
        stage: What it is doing, in the words of the core.
        done: Steps done of this stage.
        total: Steps of this stage; 0 if that is not known.
        report: Set when it has published a generation.
        error: Set when it failed, in words for the reader.
        cancelled: Whether a person stopped it.
    """

    def __init__(self, settings: Settings, embedder: Callable[[Any], Any]) -> None:
        self.stage, self.done, self.total = "Starting", 0, 0
        self.report: BuildReport | None = None
        self.error: str = ""
        self.cancelled = False
        self._thread = threading.Thread(
            target=self._run, args=(settings, embedder), name="kb-build", daemon=True
        )

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it still works."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Asks it to stop at its next step; what was published before stays."""
        self.cancelled = True

    def wait(self, seconds: float) -> None:
        """Returns when it has ended, or after so many seconds."""
        self._thread.join(seconds)

    def _run(self, settings: Settings, embedder: Callable[[Any], Any]) -> None:
        try:
            loaded = embedder(lambda text: self._progress(text, 0, 0))
            self.report = build_from_corpus(settings, progress=self._progress, embedder=loaded)
            self.cancelled = False
        except BuildCancelled:
            pass
        except KbError as error:
            self.error = str(error)
        except Exception as error:
            # The thread has nobody to raise to; the page must not wait for it for ever.
            self.error = f"The build stopped on an unforeseen {type(error).__name__}: {error}"

    def _progress(self, stage: str, done: int, total: int) -> None:
        if self.cancelled:
            raise BuildCancelled
        if total or stage != "Reading":  # "Reading" without a total doubles "Reading files"
            self.stage, self.done, self.total = stage, done, total


class Workshop:
    """Models by their settings, and at most one running build for each index.

    Attributes:
        loading: Held while a model is loaded.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.loading = threading.Lock()
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
            build = Build(settings, lambda report: self.embedder(settings, report))
            self._builds[str(settings.index.resolve())] = build
            build.start()
            return build


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
