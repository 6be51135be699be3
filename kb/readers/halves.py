"""The pages of a long document, read by this process and by a copy of it at the same time."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from kb.readers.page_lines import PageLines

# Starting a copy and taking over its pages costs as much as reading ten; unmeasured beyond that.
PAGES_WORTH_A_COPY = 60

ReadPages = Callable[[range], list[PageLines]]


def processes_here() -> int:
    """How many processes may share a document; only a process without other threads may ask.

    A copy of a process is sound on Linux alone: elsewhere system libraries do not survive it.
    """
    if not sys.platform.startswith("linux"):
        return 1
    return min(2, len(os.sched_getaffinity(0)))


def read_in_halves(read: ReadPages, count: int) -> list[PageLines]:
    """All pages, the second half of them from a copy of this process.

    Whatever becomes of the copy: pages that it does not deliver are read here, so that an
    error is raised, and a limit met, as if there had been no copy.

    Args:
        read: Reads a range of pages.
        count: How many pages there are.
    """
    half = count // 2
    source, target = os.pipe()
    copy = os.fork()
    if not copy:
        _deliver(read, range(half, count), target)
    os.close(target)
    try:
        pages = read(range(half))
        with os.fdopen(source, "rb", closefd=False) as stream:
            delivered = stream.read()
    finally:
        os.close(source)  # the copy ends if it still has something to say
        os.waitpid(copy, 0)
    rest: list[PageLines] = pickle.loads(delivered) if delivered else []
    return pages + (rest if len(rest) == count - half else read(range(half, count)))


def _deliver(read: ReadPages, numbers: range, target: int) -> NoReturn:
    """Writes the pages, and ends this copy without a word to those who wait for its original."""
    with suppress(BaseException):
        # An open pipe would hide the original's end from whoever talks to it.
        os.closerange(0, target)
        os.closerange(target + 1, os.sysconf("SC_OPEN_MAX"))
        delivered = pickle.dumps(read(numbers), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(target, "wb") as stream:
            stream.write(delivered)
    os._exit(0)
