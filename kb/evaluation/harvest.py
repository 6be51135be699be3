"""From use to judgement: marks that people made while reading become a question set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kb.collection import Judgement
from kb.evaluation.questions import UNANSWERABLE_KINDS

REVIEW = "review"
UNMARKED = "nobody marked an answer: confirm that the library holds none, or add gold"
RIGHTLY = "readers agree that nothing was found: confirm that the library holds no answer"
MISSED = "a reader missed an answer: add gold, or confirm that the library holds none"
LONG = "cut each quote to the smallest sentence that answers"
LONG_CHARS = 300
# Kinds of `kb.questions` as question sets call them; others keep their name.
KINDS = {
    "who": "fact",
    "when": "fact",
    "where": "fact",
    "how_many": "fact",
    "yes_no": "fact",
    "how_to": "how-to",
    "open": "question",
    "": "question",
}


@dataclass(slots=True)
class _Asked:
    """One question while its marks are counted.

    Attributes:
        votes: For and against, by document and quote.
        silence: For and against the news that the library holds no answer.
    """

    words: str
    kind: str
    votes: dict[tuple[str, str], int] = field(default_factory=dict)
    silence: int = 0


def harvest(judgements: Iterable[Judgement]) -> list[dict[str, Any]]:
    """Questions for review, in our format, one for each question that was judged.

    Words that more people marked as answering than not become gold; the others stand under
    `rejected`, so that nothing a person said is lost. A mark without words judges the news that
    nothing was found; the note tells what was said of it. All questions are of the split `review`:
    no run asks them before somebody has moved them to another.

    Args:
        judgements: Of any number of people; questions that differ only in case or white space
            are one.

    Returns:
        JSON objects in order of the first mark; empty if there are no marks.
    """
    asked: dict[str, _Asked] = {}
    for mark in judgements:
        words = " ".join(mark.question.split())
        one = asked.setdefault(words.casefold(), _Asked(words, mark.kind))
        vote = 1 if mark.answers else -1
        if mark.quote.strip():
            place = (mark.path, mark.quote)
            one.votes[place] = one.votes.get(place, 0) + vote
        else:
            one.silence += vote
    return [_entry(key, one) for key, one in asked.items()]


def _entry(key: str, one: _Asked) -> dict[str, Any]:
    gold = [place for place, vote in one.votes.items() if vote > 0]
    entry: dict[str, Any] = {
        "id": f"h-{hashlib.sha256(key.encode()).hexdigest()[:10]}",
        "question": one.words,
        "kind": KINDS.get(one.kind, one.kind) if gold else UNANSWERABLE_KINDS[0],
        "split": REVIEW,
        "gold": _places(gold),
    }
    rejected = [place for place, vote in one.votes.items() if vote <= 0]
    if rejected:
        entry["rejected"] = _places(rejected)
    if not gold:
        entry["note"] = RIGHTLY if one.silence > 0 else MISSED if one.silence < 0 else UNMARKED
    elif any(len(quote) > LONG_CHARS for _, quote in gold):
        entry["note"] = LONG
    return entry


def _places(places: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"document": path, "quote": quote} for path, quote in places]
