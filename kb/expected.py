"""Questions that readers are expected to ask, and the sentence of a source that answers each.

A leader asks in words that the text does not use; a question written beside the text has them
(documents expanded by the queries they answer: Nogueira et al. 2019, arXiv 1904.08375). They lie
in the corpus folder in `questions.jsonl`, one JSON object a line::

    {"question": "Who should break the news of a reorganisation to staff?",
     "document": "adkar.md", "quote": "Let the immediate supervisor talk about personal effects"}

They lead to the sentence, which is quoted or not like any other, and they are offered as further
questions. No answer holds a word of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.records import Vectors
from kb.runs import consecutive

FILE = "questions.jsonl"
KEYS = ("question", "document", "quote")
# Of so many expected questions, nearest by their vectors, the words are held against those asked.
COMPARED = 200
# Two questions of unlike meaning are alike by up to this, which says nothing; unmeasured.
NOTHING_BELOW = 0.35
# What the second of a source's expected questions counts beside the first. With 0, .2, .5 the
# nearest alone led to the right source first for .600, .628, .645 of our development questions in
# everyday words, .762, .785, .796 of the others; in no result file.
SECOND = 0.5
# A question that is less like any expected one than this is like none of them; unmeasured.
LIKE_NONE = 0.1
# Offered from there on, unless it is so much alike that it would ask the same again. Read off the
# questions of two readers; unmeasured.
OFFERED_FROM, SAME_FROM = 0.15, 0.5
# Where nobody wrote a question, this share of a sentence's own cosine stands in, less the first in
# sources with expected questions, less the second in those without any, which would come behind all
# others. Chosen on development questions: docs/decisions.md.
STANDS_IN = 0.9
LESS, LESS_WITHOUT_ANY = 0.35, 0.25
_POINTS_BACK = re.compile(r"\b(it|its|they|them|their|this|these|those|he|she|his|her)\b", re.I)
_TELLS_A_STORY = re.compile(r"\b(I|I'm|I've|me|my|we|us|our)\b")


@dataclass(frozen=True, slots=True)
class Expected:
    """A question, the source that answers it and words of the sentence that does.

    Attributes:
        place: File and line, for messages.
    """

    question: str
    document: str
    quote: str
    place: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a question is like those that are expected.

    Attributes:
        rows: Passages that answer an expected question, ascending, one entry a question.
        sentences: Number of the answering sentence in its passage.
        values: How much alike beyond `NOTHING_BELOW`, at least 0; see `Generation.likeness`.
        of_asked: Of every passage, whether its source answers an expected question.
    """

    rows: NDArray[np.int64]
    sentences: NDArray[np.int64]
    values: Vectors
    of_asked: NDArray[np.bool_]

    def nearest(self, limit: int) -> NDArray[np.int64]:
        """Rows that answer the most alike expected questions, at most `limit` of these."""
        alike = self._alike()
        order = np.argsort(-self.values[alike], kind="stable")[:limit]
        return self.rows[alike[order]]

    def of_rows(self, rows: NDArray[np.int64], cosines: Vectors) -> Vectors:
        """The greatest value of each passage or what stands in for it; shape (rows,).

        Args:
            rows: Ascending.
            cosines: Of the question with each passage's nearest sentence.
        """
        found = self._standing_in(cosines, self.of_asked[rows])
        if len(rows):
            alike = self._alike()
            own, values = self.rows[alike], self.values[alike]
            at = np.minimum(np.searchsorted(rows, own), len(rows) - 1)
            known = rows[at] == own
            np.maximum.at(found, at[known], values[known])
        return found

    def of_sentences(
        self, rows: NDArray[np.int64], counts: NDArray[np.int64], cosines: Vectors
    ) -> Vectors:
        """The greatest value of each sentence of passages or what stands in for it.

        Args:
            rows: Of the passages.
            counts: How many sentences each of them has.
            cosines: Of the question with the sentences, one passage after the other.

        Returns:
            Shape of `cosines`.
        """
        found = self._standing_in(cosines, np.repeat(self.of_asked[rows], counts))
        firsts = np.searchsorted(self.rows, rows)
        held = np.searchsorted(self.rows, rows, side="right") - firsts
        own = consecutive(firsts, held)
        begins = np.repeat(np.cumsum(counts) - counts, held)
        np.maximum.at(found, begins + self.sentences[own], self.values[own])
        return found

    def most_alike(self, row: int, sentence: int) -> int | None:
        """Number of the most alike question that a sentence of a passage answers; None without."""
        first, last = np.searchsorted(self.rows, (row, row + 1))
        own = np.flatnonzero(self.sentences[first:last] == sentence) + first
        return int(own[self.values[own].argmax()]) if len(own) else None

    def of_sources(self, numbers: NDArray[np.int32]) -> Vectors:
        """Of each source the mean of its two greatest values, the second counting `SECOND`.

        A source with several questions like the one asked is about it. Equal values count once: a
        sentence may stand in two passages.

        Args:
            numbers: For every passage the position of its source.

        Returns:
            Shape (sources,).
        """
        alike = self._alike()
        of_values, values = numbers[self.rows[alike]], self.values[alike]
        best = np.zeros(int(numbers.max(initial=-1)) + 1, np.float32)
        np.maximum.at(best, of_values, values)
        second = np.zeros_like(best)
        behind = values < best[of_values]
        np.maximum.at(second, of_values[behind], values[behind])
        return np.asarray((best + SECOND * second) / (1 + SECOND), np.float32)

    def relative(self, expected: Vectors) -> Vectors:
        """How much each is expected by what is expected most in the whole library, in [0, 1].

        Among the sources that a filter or a comparison leaves, what is expected a little would else
        count as much as what is expected.
        """
        most = max(float(each.max(initial=LIKE_NONE)) for each in (expected, self.values))
        return np.asarray(expected / most, np.float32)

    def _alike(self) -> NDArray[np.int64]:
        """Places of the values above 0, ascending: few of thousands."""
        return np.flatnonzero(self.values)

    def _standing_in(self, cosines: Vectors, of_asked: NDArray[np.bool_] | np.bool_) -> Vectors:
        """What cosines say where no question is expected, at least 0; 0 if none is anywhere."""
        if not len(self.rows):
            return np.zeros(len(cosines), np.float32)
        less = np.where(of_asked, LESS, LESS_WITHOUT_ANY)
        return np.asarray(np.maximum(STANDS_IN * cosines - less, 0), np.float32)


def read_expected(corpus: Path) -> tuple[dict[str, list[Expected]], list[str]]:
    """The questions of the corpus folder by source, and a sentence for each unreadable line."""
    file = corpus / FILE
    found: dict[str, list[Expected]] = {}
    problems: list[str] = []
    if not file.is_file():
        return found, problems
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        return found, [f"{FILE}: cannot be read ({error}); expected UTF-8 text"]
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{FILE}, line {number}"
        try:
            stated = json.loads(line)
            question, document, quote = (stated[key].strip() for key in KEYS)
        except (ValueError, TypeError, KeyError, AttributeError):
            question = document = quote = ""
        if not (question and document and quote):
            problems.append(
                f"{place}: expected an object with {', '.join(KEYS)}, none of them blank"
            )
            continue
        found.setdefault(document, []).append(Expected(question, document, quote, place))
    return found, problems


def stands_alone(question: str) -> bool:
    """Whether a question can be read without its text: "How does it differ?" cannot."""
    return not _POINTS_BACK.search(question) or bool(_TELLS_A_STORY.search(question))


def find_quote(text: str, quote: str) -> tuple[tuple[int, int], ...]:
    """Every place of the words in the text, in order; white space need not agree."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    return tuple(match.span() for match in re.finditer(pattern, text))


def placed(
    entries: Sequence[Expected], text: str, sentences: Mapping[int, Sequence[tuple[int, int]]]
) -> tuple[list[tuple[str, int, int]], list[str]]:
    """Question, row and number of the sentence for each entry, and what has none.

    Args:
        entries: Of one source.
        text: Of that source.
        sentences: Spans of the sentences in the text, by row of the passage.

    Returns:
        A question whose sentence stands in two passages comes twice.
    """
    found, problems = [], []
    for entry in entries:
        quoted = find_quote(text, entry.quote)
        places = [
            (entry.question, row, number)
            for row, spans in sentences.items()
            for number, (start, end) in enumerate(spans)
            if quoted and start <= quoted[0][0] < end
        ]
        if not places:
            problems.append(
                f"{entry.place}: no sentence of {entry.document} holds “{entry.quote}”. "
                "Correct the quote or take the line out"
            )
        found += places
    return found, problems


def without_source(expected: Mapping[str, Sequence[Expected]], paths: Iterable[str]) -> list[str]:
    """A sentence for each source that answers questions and is not among the paths."""
    there = set(paths)
    return [
        f"{entries[0].place}: there is no source {path} that could answer. Correct the path or "
        "take its lines out"
        for path, entries in expected.items()
        if path not in there
    ]
