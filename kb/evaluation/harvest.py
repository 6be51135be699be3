"""From use to judgement: marks that people made while reading become a question set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from kb.evaluation.questions import UNANSWERABLE_KINDS

ANSWERS = "answers"
REVIEW = "review"
UNMARKED = "nobody marked an answer: confirm that the library holds none, or add gold"


class Judgement(Protocol):
    """A person's mark on a passage or an answer.

    Attributes:
        path: Document that holds the quote, relative to the corpus folder.
        quote: The words that were judged.
        verdict: `answers` if they answer the question; anything else says that they do not.
        kind: Kind of the question, or empty.
    """

    @property
    def question(self) -> str:
        """As it was typed."""
        ...

    @property
    def path(self) -> str:
        """The document."""
        ...

    @property
    def quote(self) -> str:
        """The words."""
        ...

    @property
    def verdict(self) -> str:
        """What the person said."""
        ...

    @property
    def kind(self) -> str:
        """Of the question."""
        ...


def harvest(judgements: Iterable[Judgement]) -> list[dict[str, Any]]:
    """Questions for review, in our format, one for each question that was judged.

    Words that more people marked as answering than not become gold; the others stand under
    `rejected`, so that nothing a person said is lost. All questions are of the split `review`:
    no run asks them before somebody has moved them to another.

    Args:
        judgements: Of any number of people; questions that differ only in case or white space
            are one.

    Returns:
        JSON objects in order of the first mark; empty if there are no marks.
    """
    asked: dict[str, tuple[str, str, dict[tuple[str, str], int]]] = {}
    for mark in judgements:
        words = " ".join(mark.question.split())
        _, _, votes = asked.setdefault(words.casefold(), (words, mark.kind, {}))
        place = (mark.path, mark.quote)
        votes[place] = votes.get(place, 0) + (1 if mark.verdict == ANSWERS else -1)
    return [_entry(key, words, kind, votes) for key, (words, kind, votes) in asked.items()]


def _entry(key: str, words: str, kind: str, votes: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    gold = [place for place, vote in votes.items() if vote > 0]
    entry: dict[str, Any] = {
        "id": f"h-{hashlib.sha256(key.encode()).hexdigest()[:10]}",
        "question": words,
        "kind": (kind or "question") if gold else UNANSWERABLE_KINDS[0],
        "split": REVIEW,
        "gold": [{"document": path, "quote": quote} for path, quote in gold],
    }
    rejected = [place for place, vote in votes.items() if vote <= 0]
    if rejected:
        entry["rejected"] = [{"document": path, "quote": quote} for path, quote in rejected]
    if not gold:
        entry["note"] = UNMARKED
    return entry
