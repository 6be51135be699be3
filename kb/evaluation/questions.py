"""Question sets of ours: questions with gold as a document and a quoted span.

One JSON object a line::

    {"id": "q1", "question": "What is Cynefin?", "kind": "definition", "split": "test",
     "framework": "cynefin", "gold": [{"document": "cynefin.md", "quote": "Cynefin is a ..."}],
     "answer": "a sense-making framework", "items": ["clear", "complicated"]}

Gold is words in a document, never a passage, so that it outlives every splitter. A question
without gold is one that the library cannot answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kb.errors import BadDataset
from kb.evaluation.lines import read_json_lines, required_text
from kb.expected import find_quote

# Kinds that stand for questions the library cannot answer; a false premise may still have gold
# (the sentence that corrects it).
UNANSWERABLE_KINDS = ("near-unanswerable", "other-unanswerable", "false-premise")
NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Gold:
    """Words that answer a question.

    Attributes:
        document: Path of the document in the corpus folder, or a BEIR document's `_id`.
        quote: The words.
        spans: Every place `(start, end)` of the words in the document; empty until resolved.
    """

    document: str
    quote: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what is known about its answer.

    Attributes:
        answerable: Whether the documents hold an answer.
        gold: Places that hold it; any of them will do, except that a comparison needs one in
            each of its documents.
        references: Short answers for token F1; the best match counts.
        items: Members of the list that is asked for, in order.
    """

    question_id: str
    text: str
    kind: str = "question"
    split: str = "all"
    frameworks: tuple[str, ...] = ()
    answerable: bool = True
    gold: tuple[Gold, ...] = ()
    references: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldProblem:
    """A gold span that no longer stands where its question says.

    Attributes:
        found_in: Documents that hold the words instead; empty if no document does.
    """

    question_id: str
    document: str
    quote: str
    found_in: tuple[str, ...]

    def __str__(self) -> str:
        """One sentence for the person who keeps the question set."""
        quote = self.quote if len(self.quote) <= 60 else self.quote[:57] + "..."
        if self.found_in:
            return (
                f'question {self.question_id}: "{quote}" moved from {self.document} '
                f"to {', '.join(self.found_in)}"
            )
        return f'question {self.question_id}: "{quote}" is gone from {self.document}'


def read_questions(path: Path) -> tuple[Question, ...]:
    """Questions of one JSON-lines file, or of every `*.jsonl` of a folder in order of name.

    Raises:
        BadDataset: A file or line breaks the format, an identifier is doubled, nothing is there.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    questions: list[Question] = []
    places: dict[str, str] = {}
    for file in files:
        for place, row in read_json_lines(file):
            question = _question(row, place)
            if question.question_id in places:
                raise BadDataset(
                    f'{place} doubles the question id "{question.question_id}" of '
                    f"{places[question.question_id]}; give each question its own"
                )
            places[question.question_id] = place
            questions.append(question)
    if not questions:
        raise BadDataset(f"{path} holds no question; expected one JSON object a line")
    return tuple(questions)


def _question(row: Mapping[str, Any], place: str) -> Question:
    kind = required_text(row, "kind", place)
    gold = tuple(
        Gold(required_text(entry, "document", place), required_text(entry, "quote", place))
        for entry in _objects(row, "gold", place)
    )
    if not gold and kind not in UNANSWERABLE_KINDS:
        raise BadDataset(
            f'{place} is of kind "{kind}" and has no gold; give "gold", or a kind of '
            f"{', '.join(UNANSWERABLE_KINDS)}"
        )
    if gold and kind in UNANSWERABLE_KINDS and kind != "false-premise":
        raise BadDataset(f'{place} is of kind "{kind}" and has gold; remove one of the two')
    answer = row.get("answer")
    return Question(
        question_id=required_text(row, "id", place),
        text=required_text(row, "question", place),
        kind=kind,
        split=str(row.get("split", "development")),
        frameworks=_strings(row, "framework", place) + _strings(row, "frameworks", place),
        answerable=bool(gold),
        gold=gold,
        references=(answer,) if isinstance(answer, str) and answer.strip() else (),
        items=_strings(row, "items", place),
    )


def _objects(row: Mapping[str, Any], key: str, place: str) -> Sequence[Mapping[str, Any]]:
    value = row.get(key) or []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise BadDataset(f'{place}: "{key}" must be a list of objects with document and quote')
    return value


def _strings(row: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = row.get(key) or []
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise BadDataset(f'{place}: "{key}" must be a string or a list of strings')
    return tuple(value)


def resolve_gold(
    questions: Sequence[Question], texts: Mapping[str, str]
) -> tuple[tuple[Question, ...], tuple[GoldProblem, ...]]:
    """Questions with the spans of their gold filled in, and the gold that was not found.

    Args:
        questions: As read.
        texts: Text of every document by path.

    Returns:
        All questions, in order, and one problem for each gold quote that its document lacks.
    """
    problems: list[GoldProblem] = []
    resolved: list[Question] = []
    for question in questions:
        golds: list[Gold] = []
        for gold in question.gold:
            spans = find_quote(texts.get(gold.document, ""), gold.quote)
            golds.append(replace(gold, spans=spans))
            if not spans:
                elsewhere = [path for path in sorted(texts) if find_quote(texts[path], gold.quote)]
                problems.append(
                    GoldProblem(question.question_id, gold.document, gold.quote, tuple(elsewhere))
                )
        resolved.append(replace(question, gold=tuple(golds)))
    return tuple(resolved), tuple(problems)


def require_gold(problems: Sequence[GoldProblem]) -> None:
    """Passes if there is no problem.

    Raises:
        BadDataset: Names the first problems and counts them all.
    """
    if problems:
        named = "; ".join(str(problem) for problem in problems[:NAMED_AT_MOST])
        more = f"; {len(problems) - NAMED_AT_MOST} more" if len(problems) > NAMED_AT_MOST else ""
        raise BadDataset(
            f"{len(problems)} gold spans do not stand in their source: {named}{more}. "
            "List them all with: kb eval check"
        )


def in_split(questions: Sequence[Question], split: str) -> tuple[Question, ...]:
    """The questions of one split; `all` keeps every one.

    Raises:
        BadDataset: No question belongs to the split.
    """
    chosen = tuple(q for q in questions if split == "all" or q.split == split)
    if not chosen:
        counts = dict(Counter(question.split for question in questions))
        raise BadDataset(f'no question belongs to the split "{split}"; the set has {counts}')
    return chosen
