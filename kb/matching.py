"""How a question meets one passage: word by word and sentence by sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.index import Generation
from kb.interaction import word_vectors
from kb.lexical import stem, terms, words
from kb.passages import embedded_text
from kb.questions import NUMBERS, Question
from kb.records import Vectors
from kb.tables import PassageRow

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the model and the lexical index see it.

    Attributes:
        question: As understood.
        vector: Unit vector of its text, shape (dimension,).
        words: Unit vectors of its words, shape (words, word dimension).
        weights: Share of each word in the rarity of all, shape (words,); sums to 1.
        rarity: Inverse document frequency by stem.
    """

    question: Question
    vector: Vectors
    words: Vectors
    weights: Vectors
    rarity: dict[str, float]

    def coverage(self, stems: set[str], *, besides: frozenset[str] = frozenset()) -> float:
        """Share of the question's terms, weighted by rarity, that are among the stems.

        Args:
            stems: What is there.
            besides: Terms that do not count; if no other is left, all count.
        """
        counted = {t: w for t, w in self.rarity.items() if t not in besides} or self.rarity
        total = sum(counted.values())
        return sum(w for term, w in counted.items() if term in stems) / total if total else 0.0

    def rarest_missing(self, stems: set[str]) -> float:
        """Share of the rarest of the question's terms that is not among the stems, in [0, 1]."""
        total = sum(self.rarity.values())
        missing = (w for term, w in self.rarity.items() if term not in stems)
        return max(missing, default=0.0) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """A question held against one passage.

    Attributes:
        sentence_cosines: Of the question with each sentence, shape (sentences,).
        similarity: Cosine of every question word with every passage word.
        sentence_of: Sentence of each passage word; -1 for words of the context.
    """

    passage: PassageRow
    sentence_cosines: Vectors
    similarity: Vectors
    sentence_of: NDArray[np.int64]

    def word_maxima(self) -> Vectors:
        """For each question word its highest similarity in the passage, shape (words,)."""
        return np.asarray(self.similarity.max(axis=1, initial=0.0), np.float32)

    def sentence_maxsim(self) -> Vectors:
        """MaxSim of the question with each sentence alone, shape (sentences,)."""
        found = np.zeros(len(self.passage.sentences), np.float32)
        maxima = self.sentence_maxima()
        inside = self.sentence_of[self.sentence_of >= 0]
        held = np.bincount(inside, minlength=len(found)) > 0
        found[held] = maxima.mean(axis=0)[held] if maxima.size else 0.0
        return found

    def sentence_maxima(self) -> Vectors:
        """Highest similarity of each question word in each sentence, shape (words, sentences).

        -1 for a sentence without words of its own.
        """
        count = len(self.passage.sentences)
        maxima = np.full((len(self.similarity), count), -1.0, np.float32)
        # Words stand in reading order, so each sentence is one run of columns.
        starts = np.searchsorted(self.sentence_of, np.arange(count))
        ends = np.searchsorted(self.sentence_of, np.arange(count), side="right")
        held = np.flatnonzero(ends > starts)
        if len(held) and self.similarity.size:
            upto = int(ends[held[-1]])
            maxima[:, held] = np.maximum.reduceat(self.similarity[:, :upto], starts[held], axis=1)
        return maxima


def asked(generation: Generation, question: Question, embedder: object) -> Asked:
    """The question as the generation's model and terms see it.

    Args:
        generation: The opened generation.
        question: As understood.
        embedder: Offers `encode_tokens`.
    """
    _, embedding = next(iter(embedder.encode_tokens([question.text])))  # type: ignore[attr-defined]
    vectors, starts = word_vectors(question.text, embedding, generation.projection)
    numbers = {stem(word) for word in words(question.text) if word in NUMBERS or word.isdigit()}
    counted = [t for t in question.terms if question.count is None or t not in numbers]
    rarity = {term: generation.lexical.rarity(term) for term in counted or question.terms}
    found = (_WORD.match(question.text, int(start)) for start in starts)
    weights = np.array(
        [generation.lexical.rarity(stem(match.group())) if match else 0.0 for match in found],
        np.float32,
    )
    total = max(float(weights.sum()), 1e-9)
    return Asked(question, embedding.vector, vectors, weights / total, rarity)


def match(generation: Generation, question: Asked, passage: PassageRow) -> Match:
    """The question held against a passage, from the vectors of the generation."""
    starts = generation.word_starts(passage.row)
    text = passage.passage
    before = len(embedded_text(text)) - len(text.text) - text.start
    sentence_of = np.full(len(starts), -1, np.int64)
    for number, (start, end) in enumerate(passage.sentences):
        sentence_of[(starts >= start + before) & (starts < end + before)] = number
    return Match(
        passage,
        generation.sentence_vectors(passage.row) @ question.vector,
        question.words @ generation.word_vectors(passage.row).T,
        sentence_of,
    )


def sentence_stems(passage: PassageRow) -> list[set[str]]:
    """Stems of each sentence of a passage."""
    first = passage.passage.start
    return [set(terms(passage.passage.text[a - first : b - first])) for a, b in passage.sentences]


def shared_pairs(question_terms: Sequence[str], text: str) -> float:
    """Share of the question's pairs of neighbouring terms that the text holds too."""
    wanted = set(itertools.pairwise(question_terms))
    if not wanted:
        return 0.0
    found = terms(text)
    return len(wanted & set(itertools.pairwise(found))) / len(wanted)
