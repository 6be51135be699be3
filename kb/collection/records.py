"""What is kept: collections, saved passages and people's judgements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kb.export.entries import Entry


@dataclass(frozen=True, slots=True)
class Collection:
    """A named list of saved passages; `created` is in UTC, ISO 8601."""

    name: str
    passages: int
    created: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved passage, or a list with the sentence that announces it.

    Attributes:
        entries: One; of a list its quotes in their order, all with the same note and tags.
            Each has its words, place, work and context.
        generation: The index that it was saved from.
        library: Folder of the sources that it was saved from; empty where that is not known.
    """

    saved_id: int
    entries: tuple[Entry, ...]
    generation: str
    created: str
    library: str = ""

    @property
    def entry(self) -> Entry:
        """The passage; of a list its first quote."""
        return self.entries[0]

    @property
    def quote(self) -> str:
        """The words; of a list a line for each quote."""
        return "\n".join(entry.quote for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said of an answer or a passage.

    Attributes:
        about: What was judged.
        answers: Whether it answers the question; where nothing was found, whether rightly so.
        path: Document that holds the quote, relative to the corpus folder; empty like the quote
            where nothing was found.
        kind: Kind of the question, as `kb.questions` names kinds, or empty.
        generation: The index that gave it.
        created: UTC, ISO 8601; filled in when it is added.
    """

    question: str
    about: Literal["answer", "passage"]
    answers: bool
    path: str
    start: int
    end: int
    quote: str
    passage_id: str = ""
    kind: str = ""
    generation: str = ""
    created: str = field(default="", compare=False)

    @property
    def verdict(self) -> str:
        """What was said, in words; a mark without a quote judges that nothing was found."""
        if not self.quote:
            return "rightly not found" if self.answers else "should have been found"
        return "answers" if self.answers else "does not answer"
