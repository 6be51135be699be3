"""Work behind a page: in a thread of its own, telling what it does, ended when asked to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from kb.building import Progress
from kb.errors import KbError
from kb.readers.sandbox import shared_sandbox

Made = TypeVar("Made")


class Cancelled(Exception):
    """A person cancelled the work; nothing was changed."""


class Work(Generic[Made]):
    """One piece of work, with what it is doing and what came of it.

    Attributes:
        stage: What it is doing, in the words of the core.
        done: Steps done of this stage.
        total: Steps of this stage; 0 if that is not known.
        made: What it made; None until it has.
        error: Set when it failed, in words for the reader.
        cancelled: Whether a person stopped it.
        began: When it was started.
    """

    def __init__(self, name: str, action: Callable[[Progress], Made]) -> None:
        self.stage, self.done, self.total = "Starting", 0, 0
        self.made: Made | None = None
        self.error: str = ""
        self.cancelled = False
        self.began = datetime.now(UTC)
        self._thread = threading.Thread(target=self._run, args=(action,), name=name, daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it still works."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Asks it to stop at its next step, and ends the reading of a file at once."""
        self.cancelled = self.is_running
        if self._thread.ident:
            shared_sandbox().interrupt(self._thread.ident)

    def wait(self, seconds: float) -> None:
        """Returns when it has ended, or after so many seconds."""
        self._thread.join(seconds)

    def _run(self, action: Callable[[Progress], Made]) -> None:
        try:
            self.made = action(self._progress)
            self.cancelled = False
        except Cancelled:
            pass
        except KbError as error:
            self.error = "" if self.cancelled else str(error)
        except Exception as error:
            # The thread has nobody to raise to; the page must not wait for it for ever.
            self.error = f"It stopped on an unforeseen {type(error).__name__}: {error}"

    def _progress(self, stage: str, done: int, total: int) -> None:
        if self.cancelled:
            raise Cancelled
        if total or stage != "Reading":  # "Reading" without a total doubles "Reading files"
            self.stage, self.done, self.total = stage, done, total


class WatchedEmbedder:
    """A model that asks before every text whether it shall go on.

    A build tells its progress between parts of some hundred passages, which take seconds.
    """

    def __init__(self, embedder: Any, go_on: Callable[[], None]) -> None:
        self._embedder = embedder
        self._go_on = go_on

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the model says it."""
        self._go_on()
        found: list[int] = self._embedder.count_tokens(texts)
        return found

    def encode_tokens(self, texts: Sequence[str]) -> Iterator[tuple[int, Any]]:
        """As the model gives it."""
        for found in self._embedder.encode_tokens(texts):
            self._go_on()
            yield found
