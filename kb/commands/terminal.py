"""What commands share: an opened library, and a bar that shows how far a build is."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from kb.settings import Settings

if TYPE_CHECKING:
    from kb.library import Library


@contextmanager
def opened_library(settings: Settings) -> Iterator[Library]:
    """The library of the corpus as it is, built first if it is missing or stale.

    Raises:
        SourceNotFound: The corpus folder does not exist.
        IndexBusy: Another process is building this index.
    """
    from kb.library import open_or_build

    with progress_bar() as progress:
        library = open_or_build(settings, progress=progress)
    try:
        yield library
    finally:
        library.close()


@contextmanager
def progress_bar() -> Iterator[Any]:
    """Shows stages on stderr: a bar on a terminal, else one line a stage; nothing before."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    tasks: dict[str, Any] = {}

    def progress(stage: str, done: int, total: int) -> None:
        if not tasks:
            bar.start()
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total or None)
            if not console.is_terminal:
                typer.echo(f"{stage} …", err=True)
        bar.update(tasks[stage], completed=done, total=total or None)

    try:
        yield progress
    finally:
        if tasks:
            bar.stop()


def interrupt_on_signals() -> None:
    """Makes SIGINT and SIGTERM raise `KeyboardInterrupt`, also where a shell had them ignored.

    A command that a script started in the background would otherwise never end.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
