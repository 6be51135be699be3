"""The watch rebuilds once for each change, waits for a busy index and ends when it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support import FERRY, REPOSITORY, write_files

from kb.errors import SourceNotFound
from kb.index import writer_lock
from kb.library import Library, build_from_corpus
from kb.settings import Settings
from kb.watch import watch

PATIENCE_S = 60.0


class Watching:
    """A watch in a thread, and the lines that it has reported."""

    def __init__(self, settings: Settings) -> None:
        self.lines: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=watch,
            args=(settings,),
            kwargs={
                "report": self.lines.append,
                "stop": self._stop,
                "look_every_s": 0.02,
                "settle_s": 0.05,
            },
        )
        self._thread.start()

    def waited_for(self, count: int) -> list[str]:
        """The lines once there are so many."""
        until(lambda: len(self.lines) >= count)
        return self.lines

    def end(self) -> None:
        """Stops the watch."""
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


def until(condition: Callable[[], bool]) -> None:
    """Waits for something that another thread does."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def started(settings: Settings, corpus: Path) -> Iterator[Watching]:
    """A watch over the small library, which it has built."""
    watching = Watching(settings)
    watching.waited_for(2)
    yield watching
    watching.end()


def test_it_builds_what_is_not_built_and_then_each_change_once(
    started: Watching, settings: Settings, corpus: Path
) -> None:
    """One line for each build, with what changed."""
    assert started.lines[0].startswith(f"Watching {settings.corpus}: 3 sources")
    assert started.lines[1].startswith("3 new: 3 sources, 14 passages, 14 embedded in ")
    write_files(corpus, {"tide.txt": "A word about tides."})
    assert started.waited_for(3)[2].startswith("1 new: 4 sources, 15 passages, 1 embedded in ")
    write_files(corpus, {"tide.txt": "Another word about tides."})
    assert started.waited_for(4)[3].startswith("1 changed: 4 sources, 15 passages, 1 embedded")
    (corpus / "tide.txt").rename(corpus / "flood.txt")
    # Its title is its name, which is read with its passages.
    assert started.waited_for(5)[4].startswith("1 moved: 4 sources, 15 passages, 1 embedded")
    (corpus / "flood.txt").unlink()
    assert started.waited_for(6)[5].startswith("1 removed: 3 sources, 14 passages, 0 embedded")
    with closing(Library.open(settings)) as library:
        assert len(library.sources()) == 3


def test_files_that_come_together_are_built_together(started: Watching, corpus: Path) -> None:
    """A folder that is copied makes one build, not one a file."""
    for number in range(30):
        write_files(corpus, {f"many/{number}.txt": f"A word about tide number {number}."})
        time.sleep(0.005)
    assert started.waited_for(3)[2].startswith("30 new: 33 sources")
    time.sleep(0.5)
    assert len(started.lines) == 3


def test_a_busy_index_is_told_once_and_built_when_it_is_free(
    started: Watching, settings: Settings, corpus: Path
) -> None:
    """Another process may build at the same time."""
    with writer_lock(settings.index):
        write_files(corpus, {"tide.txt": "A word about tides."})
        assert started.waited_for(3)[2].startswith("IndexBusy: Another process is building")
        time.sleep(0.5)
        assert len(started.lines) == 3
    assert started.waited_for(4)[3].startswith("1 new: 4 sources")


def test_a_folder_that_goes_away_for_a_while_is_told_once(started: Watching, corpus: Path) -> None:
    """As a network drive does; nothing is built meanwhile."""
    away = corpus.rename(corpus.with_name("away"))
    assert started.waited_for(3)[2].startswith("SourceNotFound: The corpus folder")
    away.rename(corpus)
    write_files(corpus, {"tide.txt": "A word about tides."})
    assert started.waited_for(4)[3].startswith("1 new: 4 sources")


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_built(
    started: Watching, corpus: Path
) -> None:
    """One bad file never stops the others."""
    (corpus / "bad.pdf").write_bytes(b"no pdf at all")
    line = started.waited_for(3)[2]
    assert line.startswith("1 new: 3 sources, 14 passages")
    assert "problems: bad.pdf: " in line


def test_nothing_is_built_where_nothing_changed(settings: Settings, corpus: Path) -> None:
    """Not even at the start, nor for a file that was touched; expected questions are a change."""
    build_from_corpus(settings)
    watching = Watching(settings)
    try:
        watching.waited_for(1)
        os.utime(corpus / "notes/ferry.txt")
        time.sleep(0.5)
        assert len(watching.lines) == 1
        (corpus / "notes/ferry.txt").write_text(FERRY + "\nOne line more.\n")
        assert watching.waited_for(2)[1].startswith("1 changed: 3 sources")
        write_files(corpus, {"questions.jsonl": ""})
        assert watching.waited_for(3)[2].startswith("1 new: 3 sources")
    finally:
        watching.end()


def test_a_missing_folder_is_an_error_at_the_start(settings: Settings) -> None:
    """A wrong name would be watched in vain for ever."""
    settings.corpus.rmdir()
    with pytest.raises(SourceNotFound, match="does not exist"):
        watch(settings, report=print, stop=threading.Event())


def test_ctrl_c_ends_the_command_cleanly(settings: Settings, corpus: Path) -> None:
    """Exit status 0, a word of it, no traceback, and an index that can be opened."""
    command = [sys.executable, "-u", "-c", "from kb.cli import main; main()"]
    command += ["--corpus", str(settings.corpus), "--index", str(settings.index), "watch"]
    environment = os.environ | {"KB_MODEL": "hashing", "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as running:
        assert running.stdout and running.stderr
        assert running.stdout.readline().startswith("Watching ")
        assert running.stdout.readline().startswith("3 new: 3 sources")
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE_S)
    assert (running.returncode, out, err) == (0, "Stopped.\n", "")
    Library.open(settings).close()
