"""Builds behind the pages: one at a time, cancellable, their end told in words."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.embedding import load_embedder
from kb.index import writer_lock
from kb.library import published_generation
from kb.settings import Settings
from kb.ui.words import progress
from kb.ui.workshop import Build, Workshop, share_heaps

ENOUGH_SECONDS = 30


class Gate:
    """A model that is loaded only when the gate opens."""

    def __init__(self, settings: Settings) -> None:
        self.opened = threading.Event()
        self.settings = settings

    def __call__(self, report: Callable[[str], None]) -> Any:
        """The model, after the gate has opened."""
        self.opened.wait(ENOUGH_SECONDS)
        report("Loading the model")
        return load_embedder(self.settings)


def test_a_build_publishes_a_generation(corpus: Path, settings: Settings) -> None:
    """Its report names what was published."""
    build = Workshop().start_build(settings)
    build.wait(ENOUGH_SECONDS)
    assert build.report is not None
    assert build.report.manifest.generation == published_generation(settings)
    assert build.report.manifest.documents == 3


def test_a_cancelled_build_publishes_nothing(corpus: Path, settings: Settings) -> None:
    """It stops at its next step, without an error."""
    gate = Gate(settings)
    build = Build(settings, gate)
    build.start()
    build.cancel()
    gate.opened.set()
    build.wait(ENOUGH_SECONDS)
    assert build.cancelled
    assert (build.report, build.error) == (None, "")
    assert published_generation(settings) is None


def test_two_people_who_build_at_once_watch_the_same_build(
    corpus: Path, settings: Settings
) -> None:
    """The second does not start another one; after its end a new one can begin."""
    workshop = Workshop()
    with workshop.loading:  # the build waits for the model while another thread loads one
        first = workshop.start_build(settings)
        assert workshop.start_build(settings) is first
    first.wait(ENOUGH_SECONDS)
    assert workshop.start_build(settings) is not first


def test_a_build_of_another_process_is_explained(corpus: Path, settings: Settings) -> None:
    """The error is the core's sentence."""
    with writer_lock(settings.index):
        build = Workshop().start_build(settings)
        build.wait(ENOUGH_SECONDS)
    assert "build" in build.error.lower()
    assert build.report is None


def test_progress_is_told_in_words() -> None:
    """A stage with a number of steps, and one without."""
    assert progress("Embedding passages", 5, 20) == (
        0.25,
        "Learning what the passages mean: 5 of 20",
    )
    assert progress("Writing", 0, 0) == (0.0, "Writing the index …")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has heaps for threads")
def test_threads_of_sessions_share_heaps() -> None:
    """What one question needed for a moment can serve the next one's thread."""
    assert share_heaps()
