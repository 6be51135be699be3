"""How a question meets one passage: word by word and sentence by sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kb.embedding import TokenEmbedding, model_of
from kb.enumerations import NUMBERS
from kb.expected import Likeness
from kb.extractive import NOWHERE, UNDECIDED, Words, trained_reader
from kb.index import Generation
from kb.interaction import cosines, unit, word_vectors
from kb.lexical import stem, terms, words
from kb.passages import embedded_text
from kb.questions import Question
from kb.records import Vectors
from kb.runs import run_maxima, slices
from kb.tables import PassageRow

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the model and the lexical index see it.

    Attributes:
        question: As understood.
        vector: Unit vector of its text, shape (dimension,).
        words: Unit vectors of its words, shape (words, word dimension).
        pieces: Unit vectors of all its word pieces, shape (pieces, word dimension).
        stems: Of `words`.
        weights: Share of each word in the rarity of all, shape (words,); sums to 1.
        rarity: Inverse document frequency by stem.
        pairs: Neighbouring terms.
        likeness: With the questions that the library is expected to be asked.
    """

    question: Question
    vector: Vectors
    words: Vectors
    pieces: Vectors
    stems: tuple[str, ...]
    weights: Vectors
    rarity: dict[str, float]
    pairs: frozenset[tuple[str, str]]
    likeness: Likeness

    def coverage(self, stems: set[str], *, besides: frozenset[str] = frozenset()) -> float:
        """Share of the question's terms, weighted by rarity, that are among the stems.

        Args:
            stems: What is there.
            besides: Terms that do not count; if no other is left, all count.
        """
        counted = self.rarity
        if besides:
            counted = {t: w for t, w in counted.items() if t not in besides} or counted
        total = sum(counted.values())
        return sum([w for term, w in counted.items() if term in stems]) / total if total else 0.0

    def shared_pairs(self, text: str) -> float:
        """Share of the question's pairs of neighbouring terms that the text holds too."""
        if not self.pairs:
            return 0.0
        return len(self.pairs.intersection(itertools.pairwise(terms(text)))) / len(self.pairs)

    def rarest_missing(self, stems: set[str]) -> float:
        """Share of the rarest of the question's terms that is not among the stems, in [0, 1]."""
        total = sum(self.rarity.values())
        missing = (w for term, w in self.rarity.items() if term not in stems)
        return max(missing, default=0.0) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """A question held against one passage; a word that has no counterpart counts as -1.

    Attributes:
        sentence_cosines: Of the question with each sentence, shape (sentences,).
        word_maxima: For each question word its highest similarity in the passage, at least 0,
            shape (words,).
        sentence_maxima: The same in each sentence, shape (words, sentences).
        in_context: The same in each sentence together with title and headings.
        maxsim: MaxSim of the question with each sentence alone, shape (sentences,); 0 for one
            without words of its own.
        words: Of the passage.
        expected: How much the question is like those that each sentence is expected to answer, or
            what stands in for it, shape (sentences,).
        answering: How strongly each sentence answers, as the extractive reader has it, shape
            (sentences,); empty until `read`.
    """

    passage: PassageRow
    sentence_cosines: Vectors
    word_maxima: Vectors
    sentence_maxima: Vectors
    in_context: Vectors
    maxsim: Vectors
    words: Words
    expected: Vectors
    answering: Vectors = field(default_factory=lambda: np.zeros(0, np.float32))

    @property
    def answers(self) -> float:
        """How strongly the whole passage answers: the logit over all its sentences."""
        if not len(self.answering):
            return NOWHERE
        return float(np.logaddexp.reduce(self.answering))


def asked(generation: Generation, question: Question, embedding: TokenEmbedding) -> Asked:
    """The question as the generation's model and terms see it.

    Args:
        generation: The opened generation.
        question: As understood.
        embedding: Of its text.
    """
    vectors, starts = word_vectors(question.text, embedding, generation.projection)
    numbers = {stem(word) for word in words(question.text) if word in NUMBERS or word.isdigit()}
    counted = [t for t in question.terms if question.count is None or t not in numbers]
    rarity = {term: generation.lexical.rarity(term) for term in counted or question.terms}
    matches = (_WORD.match(question.text, int(start)) for start in starts)
    stems = tuple(stem(match.group()) if match else "" for match in matches)
    # The number of a list's members need not stand beside them; whether it fits is `list_fit`.
    uncounted = numbers if question.count is not None else set()
    weights = np.array(
        [generation.lexical.rarity(s) if s and s not in uncounted else 0.0 for s in stems],
        np.float32,
    )
    total = max(float(weights.sum()), 1e-9)
    pieces = unit(embedding.tokens[1:-1] @ generation.projection)
    return Asked(
        question,
        embedding.vector,
        vectors,
        pieces,
        stems,
        weights / total,
        rarity,
        frozenset(itertools.pairwise(question.terms)),
        generation.likeness(embedding.vector, vectors),
    )


def match(generation: Generation, question: Asked, passages: Sequence[PassageRow]) -> list[Match]:
    """The question held against each passage, from the vectors of the generation.

    All passages are held against it at once, which takes half the time of one after the other.
    """
    if not passages:
        return []
    rows = np.array([passage.row for passage in passages], np.int64)
    words, starts, counts = generation.word_vectors(rows)
    sentences = _sentence_of_words(passages, starts, counts)
    # A passage's runs: title and headings, then its sentences.
    in_each = np.array([len(passage.sentences) for passage in passages], np.int64)
    sizes = in_each + 1
    firsts = np.cumsum(sizes) - sizes
    runs = np.repeat(firsts + 1, counts) + sentences
    found, held = run_maxima(cosines(words, question.words), runs, int(sizes.sum()))
    maxima = np.ascontiguousarray(found.T)
    of_passages = np.maximum.reduceat(maxima, firsts, axis=1)
    in_context = np.maximum(maxima, np.repeat(maxima[:, firsts], sizes, axis=1))
    maxsim = np.where(held, word_means(maxima), 0)
    near = generation.sentence_cosines(rows, question.vector)
    expected = question.likeness.of_sentences(rows, in_each, near)
    of_passages = np.maximum(of_passages, 0)
    maxsim = np.asarray(maxsim, np.float32)
    return [
        Match(
            passage,
            near[own],
            of_passages[:, number],
            maxima[:, runs_of],
            in_context[:, runs_of],
            maxsim[runs_of],
            Words(words[there], sentences[there], len(passage.sentences)),
            expected[own],
        )
        for number, (passage, own, runs_of, there) in enumerate(
            zip(passages, slices(in_each), slices(sizes, 1), slices(counts), strict=True)
        )
    ]


def read(generation: Generation, question: Asked, matches: Sequence[Match]) -> list[Match]:
    """The matches with `answering`; those that were read before stay as they are.

    Vectors of another model than the reader was trained on tell it nothing: then every sentence
    answers as strongly as any other.
    """
    reader = trained_reader()
    if reader.model != model_of(generation.manifest.embedder):
        return [
            replace(m, answering=np.full(len(m.passage.sentences), UNDECIDED, np.float32))
            for m in matches
        ]
    unread = [n for n, m in enumerate(matches) if len(m.answering) < len(m.passage.sentences)]
    words = [matches[n].words for n in unread]
    logits = reader.sentence_logits(question.pieces, question.vector, words)
    done = list(matches)
    for number, found in zip(unread, logits, strict=True):
        done[number] = replace(matches[number], answering=found)
    return done


def _sentence_of_words(
    passages: Sequence[PassageRow], starts: NDArray[np.int32], counts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Number of the sentence of its passage that each word stands in; -1 in title and headings."""
    spans = itertools.chain.from_iterable(passage.sentences for passage in passages)
    bounds = np.fromiter(itertools.chain.from_iterable(spans), np.int64).reshape(-1, 2)
    if not len(bounds):
        return np.full(len(starts), -1, np.int64)
    sizes = np.array([len(passage.sentences) for passage in passages])
    before = np.array([_offset_of_text(passage) for passage in passages])
    # Offsets in all passages, as if they stood one behind the other.
    apart = int(max(starts.max(initial=0), bounds.max())) + int(before.max()) + 1
    places = np.arange(len(passages)) * apart
    bounds += np.repeat(places + before, sizes)[:, None]
    at = starts + np.repeat(places, counts)
    nearest = np.searchsorted(bounds[:, 0], at, side="right") - 1
    own_first = np.repeat(np.cumsum(sizes) - sizes, counts)
    inside = (nearest >= own_first) & (at < bounds[nearest, 1])
    return np.where(inside, nearest - own_first, -1)


def _offset_of_text(passage: PassageRow) -> int:
    """What leads from an offset in the document to one in the passage's embedded text."""
    text = passage.passage
    return len(embedded_text(text)) - len(text.text) - text.start


def word_means(maxima: Vectors) -> Vectors:
    """Mean over the question's words (rows) of each column, 0 without words.

    A product is faster than `numpy.mean`.
    """
    shares = np.full(len(maxima), 1 / max(len(maxima), 1), np.float32)
    return np.asarray(shares @ maxima, np.float32)


def sentence_stems(passage: PassageRow) -> list[set[str]]:
    """Stems of each sentence of a passage."""
    return [set(terms(text)) for text in passage.texts]
