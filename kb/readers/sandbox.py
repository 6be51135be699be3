"""Parsing in a child process, within limits on time and memory and without a network.

One child is kept and asked again, so that thousands of small files stay fast. Requests and
replies are JSON and bytes with their lengths before them; nothing from the child is executed.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import IO, Any

from kb.errors import UnreadableFile
from kb.readers.limits import MEBIBYTE, Limits
from kb.records import Block, Metadata, Reading

# Long-lived parsers leak; a fresh child costs about a quarter of a second.
FILES_PER_CHILD = 500
# Starting up is not the file's fault and is not counted against its time.
START_SECONDS = 60.0
# Between two looks whether somebody who waits for another file's end has given up.
TURN_SECONDS = 0.2
# A reply is text and offsets; what is larger than this was not made by our reader.
MAX_REPLY_BYTES = 1024 * MEBIBYTE

_LENGTH = struct.Struct(">Q")


class Sandbox:
    """A child process that reads files one after another; may be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._files = 0
        self._reader = 0  # the thread whose file is being read
        self._waiting: set[int] = set()  # threads whose turn has not come

    def read(self, content: bytes, *, name: str, limits: Limits) -> Reading:
        """What the bytes hold, as `kb.readers.read_bytes` says it.

        Raises:
            UnreadableFile: What the reader says, or that it ran out of time or memory, or
                that its parser crashed.
        """
        with self._turn(name):
            child = self._ready_child()
            self._files += 1
            self._reader = threading.get_ident()
            try:
                _send(child.stdin, {"name": name, "limits": asdict(limits)}, content)
                reply = _receive(child.stdout, time.monotonic() + limits.seconds)
            except TimeoutError:
                self._stop()
                raise UnreadableFile(
                    f"{name} took longer than the limit of {limits.seconds:g} seconds to read"
                ) from None
            except (OSError, EOFError, ValueError):
                self._stop()
                raise UnreadableFile(f"{name} made its parser crash; the file is damaged") from None
            except BaseException:
                self._stop()  # an interrupted child would answer the next question
                raise
            finally:
                self._reader = 0
        if "error" in reply:
            raise UnreadableFile(str(reply["error"]))
        return reading_of(reply)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _turn(self, name: str) -> Iterator[None]:
        """Waits for the child, unless the waiting is ended."""
        thread = threading.get_ident()
        self._waiting.add(thread)
        is_ours = False
        while not is_ours and thread in self._waiting:
            is_ours = self._lock.acquire(timeout=TURN_SECONDS)
        try:
            if thread not in self._waiting:
                raise UnreadableFile(f"{name} was not read; somebody cancelled it")
            self._waiting.discard(thread)
            yield
        finally:
            if is_ours:
                self._lock.release()

    def interrupt(self, thread: int) -> None:
        """Ends the reading for a thread, or its waiting; its file is then unreadable.

        Args:
            thread: As `threading.get_ident` names it.
        """
        self._waiting.discard(thread)
        child = self._child
        if child and self._reader == thread:
            _kill(child)

    def close(self) -> None:
        """Ends the child; the next file starts another."""
        with self._lock:
            self._stop()

    def _ready_child(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            # After a fork the pipes belong to the parent.
            self._child, self._owner = None, os.getpid()
        if self._child and (self._child.poll() is not None or self._files >= FILES_PER_CHILD):
            self._stop()
        if self._child is None:
            self._child = _start()
            self._files = 0
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        _kill(child)
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                with suppress(OSError):  # what was still to be written is of no use now
                    stream.close()


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Ends a child and the copy that may read half of a document for it."""
    # Until the child was waited for, no other process can have its number.
    if child.returncode is None and hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()


@cache
def shared_sandbox() -> Sandbox:
    """The sandbox of this process; its child ends with the process."""
    import atexit

    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox


def _start() -> subprocess.Popen[bytes]:
    home = str(Path(__file__).parents[2])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    child = subprocess.Popen(
        [sys.executable, "-m", "kb.readers.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"},
        start_new_session=True,  # Ctrl-C is ours to handle
    )
    try:
        _receive(child.stdout, time.monotonic() + START_SECONDS)
    except (TimeoutError, OSError, EOFError, ValueError):
        child.kill()
        child.wait()
        raise UnreadableFile("the process that parses files does not start") from None
    return child


def reply_of(reading: Reading) -> dict[str, Any]:
    """A reading as JSON can hold it."""
    return {
        "text": reading.text,
        "blocks": [[b.kind, b.start, b.end, b.level, b.page, b.ordered] for b in reading.blocks],
        "raw_spans": reading.raw_spans,
        "metadata": asdict(reading.metadata),
        "problems": reading.problems,
    }


def reading_of(reply: dict[str, Any]) -> Reading:
    """The reading that `reply_of` wrote down."""
    facts = reply["metadata"]
    for name in ("authors", "aliases", "people", "cites"):
        facts[name] = tuple(facts[name])
    return Reading(
        text=reply["text"],
        blocks=tuple(Block(*fields) for fields in reply["blocks"]),
        raw_spans=tuple((at, raw, length) for at, raw, length in reply["raw_spans"]),
        metadata=Metadata(**facts),
        problems=tuple(reply["problems"]),
    )


def _send(stream: IO[bytes] | None, header: dict[str, Any], content: bytes) -> None:
    assert stream is not None
    head = json.dumps(header).encode()
    stream.write(_LENGTH.pack(len(head)) + head + _LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def _receive(stream: IO[bytes] | None, deadline: float) -> dict[str, Any]:
    """The next reply, or TimeoutError at the deadline, or EOFError if the child is gone."""
    assert stream is not None
    length = _LENGTH.unpack(_exactly(stream.fileno(), _LENGTH.size, deadline))[0]
    if length > MAX_REPLY_BYTES:
        raise ValueError("reply too long")
    reply = json.loads(_exactly(stream.fileno(), length, deadline))
    if not isinstance(reply, dict):
        raise ValueError("reply is no object")
    return reply


def _exactly(descriptor: int, length: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while length:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            part = os.read(descriptor, min(length, MEBIBYTE))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
    return b"".join(parts)
