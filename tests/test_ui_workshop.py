"""Builds behind the pages: one at a time, cancellable, their end told in words."""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kb.embedding import HashingEmbedder, TokenEmbedding, load_embedder
from kb.index import writer_lock
from kb.library import published_generation
from kb.readers import Limits
from kb.readers.sandbox import shared_sandbox
from kb.settings import Settings
from kb.ui.words import progress
from kb.ui.work import WatchedEmbedder, Work
from kb.ui.workshop import Workshop, build_work, share_heaps

ENOUGH_SECONDS = 30
SOON_SECONDS = 2


def until(found: Callable[[], Any]) -> Any:
    """What is found once it is true."""
    for _ in range(ENOUGH_SECONDS * 100):
        if value := found():
            return value
        time.sleep(0.01)
    raise AssertionError("it never came")


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
    assert build.made is not None
    assert build.made.manifest.generation == published_generation(settings)
    assert build.made.manifest.documents == 3


def test_a_cancelled_build_publishes_nothing(corpus: Path, settings: Settings) -> None:
    """It stops at its next step, without an error."""
    gate = Gate(settings)
    build = build_work(settings, gate)
    build.start()
    build.cancel()
    gate.opened.set()
    build.wait(ENOUGH_SECONDS)
    assert build.cancelled
    assert (build.made, build.error) == (None, "")
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


def test_a_build_waits_for_another_process_and_says_for_which(
    corpus: Path, settings: Settings
) -> None:
    """The second is told who builds since when, and goes on when that one is done."""
    with writer_lock(settings.index):
        build = Workshop().start_build(settings)
        stage = until(lambda: build.stage if build.stage.startswith("Waiting") else "")
        assert f"(number {os.getpid()}, since " in stage
        assert build.is_running
    build.wait(ENOUGH_SECONDS)
    assert build.made is not None


def test_a_build_that_waits_for_another_process_can_be_cancelled(
    corpus: Path, settings: Settings
) -> None:
    """Whoever does not want to wait goes on with the library as it is."""
    with writer_lock(settings.index):
        build = Workshop().start_build(settings)
        until(lambda: build.stage.startswith("Waiting"))
        build.cancel()
        build.wait(SOON_SECONDS)
        assert not build.is_running
    assert (build.made, build.error, build.cancelled) == (None, "", True)


class SlowEmbedder(HashingEmbedder):
    """A model that takes its time for every text, and says when it has begun."""

    def __init__(self) -> None:
        self.begun = threading.Event()

    def encode_tokens(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenEmbedding]]:
        """As the hashing model gives it, a tenth of a second each."""
        for found in super().encode_tokens(texts):
            self.begun.set()
            time.sleep(0.1)
            yield found


def test_a_build_stops_within_two_seconds_in_the_midst_of_embedding(
    corpus: Path, settings: Settings
) -> None:
    """It does not finish the hundreds of passages that the cache gets at once."""
    text = "\n\n".join(f"# Part {n}\n\nSentence number {n} is here." for n in range(200))
    (corpus / "long.md").write_text(text, encoding="utf-8")
    model = SlowEmbedder()
    build = build_work(settings, lambda report: model)
    build.start()
    assert model.begun.wait(ENOUGH_SECONDS)
    build.cancel()
    build.wait(SOON_SECONDS)
    assert not build.is_running
    assert published_generation(settings) is None


def test_the_reading_of_a_long_file_ends_within_two_seconds() -> None:
    """Its parser does not hear of it, so its process is ended; that is no error."""
    content = b"<p>Many words stand here.</p>" * 400_000
    work = Work("kb-test", lambda _: shared_sandbox().read(content, name="a.html", limits=Limits()))
    work.start()
    work.wait(1)  # it is being read
    assert work.is_running
    work.cancel()
    work.wait(SOON_SECONDS)
    assert (work.is_running, work.made, work.error) == (False, None, "")


def test_waiting_for_somebody_elses_file_ends_within_two_seconds() -> None:
    """Whoever gives up leaves the other's reading alone."""
    long = b"<p>Many words stand here.</p>" * 400_000
    first = Work("kb-test", lambda _: shared_sandbox().read(long, name="a.html", limits=Limits()))
    first.start()
    first.wait(1)  # it is being read
    second = Work("kb-test", lambda _: shared_sandbox().read(b"b", name="b.html", limits=Limits()))
    second.start()
    second.wait(0.3)  # it waits
    assert second.is_running
    second.cancel()
    second.wait(SOON_SECONDS)
    assert (second.is_running, second.error, first.is_running) == (False, "", True)
    first.cancel()
    first.wait(SOON_SECONDS)


def test_the_reading_for_another_thread_goes_on() -> None:
    """Cancelling one's own build must not damage what somebody else is reading."""
    work = Work(
        "kb-test", lambda _: shared_sandbox().read(b"<p>Words.", name="a.html", limits=Limits())
    )
    work.start()
    shared_sandbox().interrupt(threading.get_ident())
    work.wait(ENOUGH_SECONDS)
    assert work.made is not None
    assert work.made.text.strip() == "Words."


def test_a_watched_model_is_the_model_in_all_else() -> None:
    """Fingerprint, dimension and vectors are its own; it asks before each text."""
    asked: list[int] = []
    model = WatchedEmbedder(HashingEmbedder(), lambda: asked.append(1))
    assert model.fingerprint == HashingEmbedder().fingerprint
    assert model.count_tokens(["one two"]) == HashingEmbedder().count_tokens(["one two"])
    assert [at for at, _ in model.encode_tokens(["one", "two"])] == [0, 1]
    assert len(asked) == 3


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
