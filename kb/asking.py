"""From a question to what will be quoted: understand, search, rank, choose, weigh."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kb.answer import Quote, best_list, chosen_sentences, with_antecedents
from kb.confidence import support
from kb.cross_encoder import CrossEncoderModel
from kb.errors import BlankQuestion, QuestionTooLong
from kb.index import Generation
from kb.lexical import terms, words
from kb.matching import Asked, Match
from kb.matching import asked as ask_of
from kb.passages import embedded_text
from kb.questions import Question, understand
from kb.ranking import Ranked, rank
from kb.records import Document, Filters, Source, Status
from kb.search import candidates, first_of_near_duplicates
from kb.selection import PASSAGES_READ, scored_sentences
from kb.settings import Settings
from kb.tables import PassageRow
from kb.weights import Weights, learned_weights

QUOTES_OF_EACH = 2  # from each framework of a comparison
# What is asked of each framework when a comparison names nothing else to compare.
WHOLE = "What is {}?"
_COMPARING = frozenset(
    terms(
        "compare compared comparison differ differs different difference differences versus vs "
        "common contrast distinguish similar similarity similarities between alike apart set"
    )
)


class Clock:
    """Milliseconds by stage; a stage that is entered again adds up."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts the time inside as the stage's."""
        began = time.perf_counter()
        yield
        spent = 1000 * (time.perf_counter() - began)
        self._stages[name] = round(self._stages.get(name, 0.0) + spent, 3)

    def elapsed(self) -> dict[str, float]:
        """Milliseconds of every stage and in total."""
        return {**self._stages, "total": round(1000 * (time.perf_counter() - self._began), 3)}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a question.

    Attributes:
        passages: Best first, near-duplicates collapsed.
        scores: Of the passages.
        quotes: What to quote; empty if nothing supports an answer.
        confidence: Probability in [0, 1] that the quotes answer the question.
    """

    question: Question
    passages: tuple[PassageRow, ...]
    scores: tuple[float, ...]
    quotes: tuple[Quote, ...]
    confidence: float
    status: Status


class Asker:
    """Puts questions to one generation."""

    def __init__(
        self,
        settings: Settings,
        generation: Generation,
        embedder: Any,
        document: Callable[[str], Document],
        *,
        weights: Weights | None = None,
    ) -> None:
        self.weights = weights or learned_weights()
        self._settings = settings
        self._generation = generation
        self._embedder = embedder
        self._document = document
        self._names = framework_names(generation.tables.sources)
        self._titles = {
            s.metadata.framework: s.title for s in generation.tables.sources if s.metadata.framework
        }
        self._cross_encoder: CrossEncoderModel | None = None

    def understood(self, text: str) -> Question:
        """The question with its spelling corrected, its kind and the frameworks it names.

        Raises:
            BlankQuestion: Nothing remains after stripping.
            QuestionTooLong: Longer than `settings.question_chars`.
        """
        checked = checked_question(text, self._settings)
        return understand(self._generation.speller.corrected(checked), self._names)

    def ranked(self, question: Question, filters: Filters, clock: Clock) -> tuple[Ranked, Asked]:
        """The question's passages best first, and the question as the model sees it."""
        with clock.stage("embed"):
            asked = ask_of(self._generation, question, self._embedder)
        with clock.stage("search"):
            found = candidates(self._generation, asked.vector, question.text, filters=filters)
        with clock.stage("rank"):
            ranked = rank(self._generation, found, asked, self.weights.passage)
            if self._settings.cross_encoder:
                ranked = self._reread(ranked, asked)
        return ranked, asked

    def finding(self, text: str, *, filters: Filters, limit: int, clock: Clock) -> Finding:
        """What answers the question, with at least `limit` passages where there are as many.

        A comparison that names several frameworks is asked of each of them.

        Raises:
            BlankQuestion: Nothing remains after stripping.
            QuestionTooLong: Longer than `settings.question_chars`.
        """
        with clock.stage("understand"):
            question = self.understood(text)
        whole = self._found(question, filters, limit, clock)
        if question.kind != "comparison" or len(question.frameworks) < 2 or filters != Filters():
            return whole
        parts = [
            self._found(self._part(question, slug), Filters(frameworks=(slug,)), limit, clock)
            for slug in question.frameworks
        ]
        return _joined(question, whole, parts, self.weights)

    def first_passages(
        self, found: Ranked, limit: int
    ) -> tuple[tuple[PassageRow, ...], tuple[float, ...]]:
        """The first passages, near-duplicates collapsed, with their scores."""
        rows = [int(row) for row in found.rows[: 2 * limit]]
        passages = self._generation.tables.passages(rows)
        first = first_of_near_duplicates([p.passage.text for p in passages])
        kept = [n for n in range(len(rows)) if first[n]][:limit]
        return tuple(passages[n] for n in kept), tuple(float(found.scores[n]) for n in kept)

    def _found(self, question: Question, filters: Filters, limit: int, clock: Clock) -> Finding:
        ranked, asked = self.ranked(question, filters, clock)
        passages, scores = self.first_passages(ranked, max(limit, PASSAGES_READ))
        with clock.stage("answer"):
            read = [p for p in passages[:PASSAGES_READ] if p.row in ranked.matches]
            matches = [ranked.matches[p.row] for p in read]
            quotes, confidence = self._quotes(asked, read, matches, scores)
        status = status_of(confidence, self.weights) if quotes else "not_found"
        kept = tuple(quotes) if status != "not_found" else ()
        return Finding(question, passages, scores, kept, confidence, status)

    def _quotes(
        self,
        asked: Asked,
        read: Sequence[PassageRow],
        matches: Sequence[Match],
        scores: Sequence[float],
    ) -> tuple[list[Quote], float]:
        sentences = scored_sentences(asked, matches, scores[: len(read)], self.weights.sentence)
        quotes: list[Quote] = []
        fit = 0.0
        if asked.question.kind == "list":
            documents = {p.passage.document_id: self._document(p.passage.document_id) for p in read}
            quotes, fit = best_list(asked, read, documents, self._generation)
        if not quotes:
            quotes = with_antecedents(chosen_sentences(asked.question, sentences), read)
        confidence = support(
            self._generation, asked, matches, scores, sentences, self.weights.support, list_fit=fit
        )
        return quotes, confidence

    def _part(self, question: Question, slug: str) -> Question:
        """What a comparison asks of one of its frameworks."""
        named = {
            term
            for name, other in self._names.items()
            if other in question.frameworks
            for term in terms(name)
        }
        beyond = [t for t in question.terms if t not in named and t not in _COMPARING]
        if beyond:
            return replace(question, kind="open")
        whole = understand(WHOLE.format(self._titles[slug]), self._names)
        return replace(whole, kind="definition", count=None)

    def _reread(self, found: Ranked, asked: Asked) -> Ranked:
        """The ranking with its first passages in the order of the cross-encoder."""
        if self._cross_encoder is None:
            self._cross_encoder = CrossEncoderModel(self._settings.cross_encoder)
        limit = min(self._settings.cross_encoder_limit, len(found.matches))
        first = [int(row) for row in found.rows[:limit]]
        texts = [embedded_text(found.matches[row].passage.passage) for row in first]
        scores = self._cross_encoder.scores(asked.question.text, texts)
        order = np.argsort(-scores, kind="stable")
        rest = found.scores[limit:]
        floor = float(rest[0]) if len(rest) else 0.0
        return replace(
            found,
            rows=np.concatenate([found.rows[:limit][order], found.rows[limit:]]),
            scores=np.concatenate([floor + (1 - floor) * scores[order], rest]).astype(np.float32),
        )


def _joined(
    question: Question, whole: Finding, parts: Sequence[Finding], weights: Weights
) -> Finding:
    """The frameworks' answers one after the other; as sure as the least sure of them."""
    if not all(part.quotes for part in parts):
        return whole
    confidence = min(part.confidence for part in parts)
    passages: dict[int, tuple[PassageRow, float]] = {}
    for source in (*parts, whole):
        for passage, score in zip(source.passages, source.scores, strict=True):
            passages.setdefault(passage.row, (passage, score))
    ordered = sorted(passages.values(), key=lambda pair: -pair[1])
    return Finding(
        question,
        tuple(passage for passage, _ in ordered),
        tuple(score for _, score in ordered),
        tuple(quote for part in parts for quote in part.quotes[:QUOTES_OF_EACH]),
        confidence,
        status_of(confidence, weights),
    )


def status_of(confidence: float, weights: Weights) -> Status:
    """The status that a confidence stands for."""
    if confidence >= weights.answered_from:
        return "answered"
    return "partial" if confidence >= weights.partial_from else "not_found"


def checked_question(text: str, settings: Settings) -> str:
    """The text on one line.

    Raises:
        BlankQuestion: Nothing remains after stripping.
        QuestionTooLong: Longer than `settings.question_chars`.
    """
    stripped = " ".join(text.split())
    if not any(letter.isalnum() for letter in stripped):
        raise BlankQuestion(
            "The question is blank; expected a few words, as in: "
            'kb ask "What is servant leadership?"'
        )
    if len(stripped) > settings.question_chars:
        raise QuestionTooLong(
            f"The question has {len(stripped):,} characters; up to {settings.question_chars:,} "
            "are read. Shorten it."
        )
    return stripped


def framework_names(sources: Iterable[Source]) -> Mapping[str, str]:
    """Slug by every name of a framework, each name as the joined output of `words`."""
    names: dict[str, str] = {}
    for source in sources:
        known = source.metadata
        if known.framework:
            spelt = (source.title, known.framework.replace("-", " "), *known.aliases)
            for name in spelt:
                names.setdefault(" ".join(words(name)), known.framework)
    return names
