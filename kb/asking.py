"""From a question to what will be quoted: understand, search, rank, choose, weigh."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.acronyms import expansion
from kb.answer import (
    MOST_STATEMENTS,
    chosen_sentences,
    with_neighbours,
    without_asides,
    without_echoes,
)
from kb.confidence import corrects, support_features, takes_unsaid
from kb.cross_encoder import CrossEncoderModel
from kb.definitions import STRONG_ENOUGH, defining, narrowed
from kb.embedding import TokenEmbedding
from kb.enumerations import announces_next, is_pointer, stated_numbers
from kb.errors import BlankQuestion, QuestionTooLong
from kb.expected import Likeness
from kb.findings import (
    QUOTES_OF_EACH,
    Finding,
    alone,
    both,
    completed,
    declined,
    in_part,
    joined,
    sides_first,
    tells_both,
    told_apart,
    untold,
)
from kb.focus import (
    ADVICE,
    FREQUENCY,
    ORIGIN,
    Part,
    definition_first,
    document_of,
    focused,
    further_passages,
    headed_by,
    is_below_aspect,
    is_below_part,
    is_on_whole,
    is_unknown_work,
    names_aspect,
    part_of,
    pointers,
    printing_first,
    prints,
    restated,
    says_all,
    with_phrases,
)
from kb.imprint import SHORT_TITLE, SURE, Asks, asks_of_source, is_meant, printed
from kb.index import Generation, Rows
from kb.lexical import spoken, stem, terms, words
from kb.listing import (
    Quote,
    announced,
    best_list,
    counts_otherwise,
    headed_by_question,
    is_list,
    steps_whole,
    without_bare_leads,
)
from kb.matching import Asked, Match, match
from kb.matching import asked as ask_of
from kb.matching import read as read_by
from kb.passages import embedded_text
from kb.phrasing import asking_part, halves, sides
from kb.premises import (
    asked_of,
    is_always_unsaid,
    is_deadline_unsaid,
    is_place_unsaid,
    is_rhythm_unsaid,
    is_said_by_other,
)
from kb.questions import (
    COMPARING_TERMS,
    FACTS,
    KIND_OF_THING,
    Kind,
    Question,
    asked_for_all,
    asked_of_any,
    asked_of_one,
    besides,
    frameworks_named,
    named_in_full,
    names_said,
    people_meant,
    telling_terms,
    understand,
)
from kb.ranking import Ranked, followed, rank
from kb.records import Document, Filters, Source, Vectors
from kb.search import allowed_rows, candidates, first_of_near_duplicates
from kb.selection import (
    PASSAGES_READ,
    Sentence,
    by_best_sentence,
    is_shown_by_sentence,
    scored_sentences,
    sentence_features,
    wanted,
)
from kb.settings import Settings
from kb.tables import PassageRow
from kb.vocabulary import SHIPPED, read_vocabulary
from kb.weights import Support, Weights, learned_weights, under

CLOSE = 0.9  # cosine that near-duplicates exceed by far; unmeasured
SPARE_PASSAGES = 4  # read beyond those wanted, in case some say the same
# Sources are asked one by one for what any of them says of something; unmeasured.
MOST_SOURCES_ASKED, PASSAGES_WITH_SAYERS = 8, 40
KEPT_QUESTIONS = 8  # whose vectors are remembered
# What is asked of each framework when a comparison names nothing else to compare.
WHOLE = "What is {}?"
_OF_SEVERAL = ("open", "reason", "how_to", "where", "yes_no")  # kinds that may ask several
MOST_BEFORE_NAME = 2  # words: whose framework it is
_LEADS_TO = frozenset("in of for within about from by to at with and".split())


class Course:
    """A question on its way to an answer: milliseconds by stage, vectors of what it asks.

    A stage that is entered again adds up.

    Attributes:
        coming: By text, the embeddings of questions that are embedded meanwhile.
    """

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._stages: dict[str, float] = {}
        self.coming: dict[str, Future[dict[str, TokenEmbedding]]] = {}

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
        self._people = people_names(generation.tables.sources)
        self._titles = {
            s.metadata.framework: s.title for s in generation.tables.sources if s.metadata.framework
        }
        self._families = {
            s.metadata.framework: s.metadata.family
            for s in generation.tables.sources
            if s.metadata.framework and s.metadata.family
        }
        self._vocabulary = read_vocabulary(
            Path(settings.vocabulary) if settings.vocabulary else SHIPPED
        )
        self._cross_encoder: CrossEncoderModel | None = None
        # A comparison puts the same words to each of its frameworks.
        self._embedded = lru_cache(maxsize=KEPT_QUESTIONS)(self._embed)

    def likeness(self, text: str) -> Likeness:
        """How much a question, as it is understood, is like those that are expected."""
        question = self.understood(text)
        return ask_of(self._generation, question, self._embedded(question.text)).likeness

    def understood(self, text: str) -> Question:
        """The question with its spelling corrected, its kind and the frameworks it names.

        Raises:
            BlankQuestion: Nothing remains after stripping.
            QuestionTooLong: Longer than `settings.question_chars`.
        """
        return self._understood(self.corrected(checked_question(text, self._settings)))

    def corrected(self, text: str) -> str:
        """The text with words replaced that neither the library nor the model knows."""
        return self._generation.speller.corrected(text, lambda word: word in self._known_words)

    @cached_property
    def _known_words(self) -> frozenset[str]:
        return frozenset(self._embedder.vocabulary())

    def _embed(self, text: str) -> TokenEmbedding:
        return self._embed_all([text])[text]

    def _embed_all(self, texts: Sequence[str]) -> dict[str, TokenEmbedding]:
        return {texts[at]: found for at, found in self._embedder.encode_tokens(texts)}

    def _understood(self, text: str) -> Question:
        people = people_meant(text, self._people, self._names, self._families)
        return understand(text, self._names, people)

    def ranked(
        self, question: Question, filters: Filters, course: Course, *, limit: int = 0
    ) -> tuple[Ranked, Asked]:
        """The question's passages best first, and the question as the model sees it.

        Where the candidates may not suffice for `limit` passages, others follow.
        """
        with course.stage("embed"):
            coming = course.coming.get(question.text)
            embedding = coming.result()[question.text] if coming else self._embedded(question.text)
            asked = ask_of(self._generation, question, embedding)
        with course.stage("search"):
            found = candidates(
                self._generation, asked.vector, question.text, asked.likeness, filters=filters
            )
        with course.stage("rank"):
            ranked = rank(self._generation, found, asked, self.weights)
            if 0 < len(ranked.rows) < 2 * limit:
                allowed = allowed_rows(self._generation, filters)
                ranked = followed(self._generation, ranked, asked, 2 * limit, allowed)
            if self._settings.cross_encoder:
                ranked = self._reread(ranked, asked)
        return with_phrases(self._generation, asked, ranked), asked

    def finding(self, text: str, *, filters: Filters, limit: int, course: Course) -> Finding:
        """What answers the question, with at least `limit` passages where there are as many.

        A comparison that names several frameworks is asked of each of them; where two other
        things are told apart, what each of them is comes first. What is wrong with a framework
        is asked once more as its criticism. An author's words are looked for in the author's texts
        first.

        Raises:
            BlankQuestion: Nothing remains after stripping.
            QuestionTooLong: Longer than `settings.question_chars`.
        """
        names, place = asked_of(text)
        stems = set(terms(" ".join(names)))
        own = [
            source
            for source in (self._generation.tables.sources if stems else ())
            if stems <= set(terms(" ".join(source.metadata.authors)))
            and (not filters.documents or source.document_id in filters.documents)
        ]
        if not own:
            return self._found_in(text, filters, limit, course)
        told = self._in_own_texts(text, place, own, filters, limit, course)
        if told.status == "answered":
            return told
        found = self._found_in(text, filters, limit, course)
        if told.status == "partial" and found.status != "answered":
            return told
        # In an author's own text what names the author only introduces one.
        ids = {source.document_id for source in own}
        introducing = [
            q for q in found.quotes if q.document_id in ids and stems <= set(terms(q.text))
        ]
        kept = tuple(quote for quote in found.quotes if quote not in introducing)
        return replace(found, quotes=kept) if kept else declined(found, self.weights)

    def _in_own_texts(
        self,
        text: str,
        place: tuple[int, int],
        own: Sequence[Source],
        filters: Filters,
        limit: int,
        course: Course,
    ) -> Finding:
        """What an author whose words are asked for says in texts of the library.

        There the name stands where the author is introduced; the title, if it names what the text
        is about, stands for it.

        Args:
            text: The question.
            place: Of the name in it.
            own: Sources of the author.
            filters: As of `finding`.
            limit: As of `finding`.
            course: Of the question.
        """
        title = own[0].title.partition(":")[0]
        names_subject = len(own) == 1 and len(terms(title)) <= SHORT_TITLE
        before, after = text[: place[0]], text[place[1] :]
        asked = f"{before}{title if names_subject else 'it'}{after}"
        if len(asked) > self._settings.question_chars:
            asked = f"{before}it{after}"
        only = replace(filters, documents=tuple(source.document_id for source in own))
        found = self._found_in(asked, only, limit, course)
        put = self.corrected(checked_question(text, self._settings))
        return replace(found, question=replace(found.question, text=put))

    def _found_in(self, text: str, filters: Filters, limit: int, course: Course) -> Finding:
        """What answers the question in the sources that the filters leave."""
        with course.stage("understand"):
            question = self.understood(text)
            said = "" if question.frameworks else asked_of_any(question.text)
        if said:
            return self._told_by_any(question, said, filters, limit, course)
        with course.stage("understand"):
            compares = question.kind == "comparison"
            may_ask_each = len(question.frameworks) > 1 and filters == Filters()
            put_halves = None if compares else halves(asking_part(question.text))
            each_half = [self._understood(half) for half in put_halves or ()]
            aspect = self._aspect(question) if may_ask_each else frozenset[str]()
            parts = self._parts(question, aspect) if compares and may_ask_each else {}
        self._embed_ahead(question, [*each_half, *parts.values()], course)
        whole = self._found(question, filters, limit, course)
        if asks := asks_of_source(asking_part(question.text)):
            whole = self._told_by_imprint(*asks, whole)
        if title := self._spelt_out(question, whole):
            asked = replace(self._understood(WHOLE.format(title)), acronym=question.acronym)
            return replace(self._found(asked, filters, limit, course), question=question)
        each = [self._found(half, filters, limit, course) for half in each_half]
        if any(half.quotes for half in each):
            return both(whole, each, self.weights)
        if compares and len(question.frameworks) < 2:
            return self._told_apart(question, whole, filters, limit, course)
        to_ask = self._to_ask(question, whole) if may_ask_each else ()
        if not to_ask:
            return whole
        parts = parts or self._parts(question, aspect)
        of_each = {
            slug: self._told_by(parts[slug], question, aspect, limit, course) for slug in to_ask
        }
        if not compares:
            return completed(whole, list(of_each.values()))
        told = self._as_compared(question, aspect, of_each, whole)
        return joined(question, whole, told, self._frameworks_of(whole.quotes), self.weights)

    def _told_by_any(
        self, question: Question, said: str, filters: Filters, limit: int, course: Course
    ) -> Finding:
        """What several sources say of something, a sentence of each, told as a comparison is.

        Args:
            question: Which of them say it.
            said: What they are to say.
            filters: As of `finding`.
            limit: As of `finding`.
            course: Of the question.
        """
        asked = replace(self._understood(said), kind="open", subject="", acronym="")
        wide = self._found(asked, filters, max(limit, PASSAGES_WITH_SAYERS), course)
        near = dict.fromkeys(found.passage.document_id for found in wide.passages)
        each = [
            self._found(asked, replace(filters, documents=(name,)), limit, course)
            for name in itertools.islice(near, MOST_SOURCES_ASKED)
        ]
        told = [[q for q in one.quotes if self._says_itself(asked, q)] for one in each]
        quotes = tuple(quotes[0] for quotes in told if quotes)[:MOST_STATEMENTS]
        if not quotes or wide.status == "not_found":
            # What no source says word for word may stand there in other words.
            found = self._found(question, filters, limit, course)
            return in_part(found, self.weights) if found.status == "answered" else found
        return replace(
            wide,
            question=replace(question, kind="comparison"),
            passages=wide.passages[: max(limit, PASSAGES_READ)],
            scores=wide.scores[: max(limit, PASSAGES_READ)],
            quotes=quotes,
        )

    def _says_itself(self, question: Question, quote: Quote) -> bool:
        """Whether a source says something of what is asked for, and not that another one does."""
        (found,) = self._generation.tables.passages([quote.row])
        rarest = max(question.aspect, key=self._generation.lexical.rarity, default="")
        is_said = rarest in terms(quote.text) and self._tells(question, quote, question.aspect)
        is_below = bool(question.aspect) and self._is_below_aspect(question, quote)
        return (is_said or is_below) and not is_pointer(found.passage)

    def _embed_ahead(self, first: Question, others: Sequence[Question], course: Course) -> None:
        """Has what is asked further embedded in one pass, while the first is answered."""
        texts = list(dict.fromkeys(q.text for q in others if q.text != first.text))
        if texts:
            with course.stage("embed"):
                self._embedded(first.text)
            pool = ThreadPoolExecutor(1, "embedding")
            course.coming = dict.fromkeys(texts, pool.submit(self._embed_all, texts))
            pool.shutdown(wait=False)

    def _told_apart(
        self, question: Question, whole: Finding, filters: Filters, limit: int, course: Course
    ) -> Finding:
        """What each of two things is that a comparison tells apart, before all else on both."""
        apart = sides(named_in_full(question.text, self._names)) or ()
        if self._is_beside_unknown(question, apart):
            (slug,) = question.frameworks
            known = next(n for n in apart if slug in frameworks_named(n[0], self._names))
            return alone(whole, self._defined(known, filters, limit, course), self.weights)
        defined = [self._defined(names, filters, limit, course) for names in apart]
        if all(defined) or not whole.quotes or is_list(whole.quotes):
            return told_apart(whole, list(filter(None, defined)), apart)
        lacking = [
            self._said_of(names, apart, filters, limit, course) for names in untold(whole, apart)
        ]
        found = sides_first(completed(whole, list(filter(None, lacking))), apart)
        return found if tells_both(found, apart) else in_part(found, self.weights)

    def _told_by_imprint(
        self, kind: Asks, stems: frozenset[str], is_called: bool, whole: Finding
    ) -> Finding:
        """Who wrote a source or when, by the line in which it says so itself.

        Where it prints none, what other texts tell of other works is no answer.
        """
        sources = {source.document_id: source for source in self._generation.tables.sources}
        only = is_called and not stems and len(sources) == 1
        found = next(
            (
                passage
                for passage in whole.passages
                if only or is_meant(stems, is_called, sources[passage.passage.document_id])
            ),
            None,
        )
        if found is None:
            return whole
        question = replace(whole.question, kind=kind)
        document = self._document(found.passage.document_id)
        line = printed(kind, document)
        if line is None:
            if not is_called:
                return whole
            own = (q for q in whole.quotes[:1] if q.document_id == document.document_id)
            is_told = any(wanted(question, quote.text) for quote in own)
            return (in_part if is_told else declined)(whole, self.weights)
        (start, end), names = line
        text = document.text[start:end]
        return replace(
            whole,
            question=question,
            quotes=(Quote(found.row, document.document_id, start, end, text, 0.0, names or None),),
            confidence=max(whole.confidence, SURE),
            status="answered",
        )

    def _told_by(
        self,
        part: Question,
        question: Question,
        aspect: frozenset[str],
        limit: int,
        course: Course,
    ) -> Finding:
        """What one of the frameworks that a question names says.

        Where that is nothing as it is put, the aspect is looked for under the framework's title;
        there what the framework is comes near, so only sentences with a word of the aspect count.

        Args:
            part: What is asked of that framework.
            question: That names several.
            aspect: Stems of what they are compared on.
            limit: As of `finding`.
            course: Of the question.
        """
        only = Filters(frameworks=part.frameworks)
        found = self._found(part, only, limit, course)
        if found.quotes or not aspect:
            return found
        said = " ".join(word for word in words(question.text) if aspect & set(terms(word)))
        asked = self._understood(f"{said} in {self._titles[part.frameworks[0]]}")
        asked = replace(asked, kind="open", frameworks=part.frameworks, subject="", acronym="")
        further = self._found(asked, only, limit, course)
        speaking = tuple(q for q in further.quotes if aspect & set(terms(q.text)))
        return replace(further, quotes=speaking) if speaking else found

    def _frameworks_of(self, quotes: Sequence[Quote]) -> set[str]:
        """The frameworks whose sources are quoted."""
        told = {quote.document_id for quote in quotes}
        sources = self._generation.tables.sources
        return {str(s.metadata.framework) for s in sources if s.document_id in told}

    def _as_compared(
        self,
        question: Question,
        aspect: frozenset[str],
        of_each: Mapping[str, Finding],
        whole: Finding,
    ) -> dict[str, Finding]:
        """What a comparison quotes of each framework, and where a source points to another.

        Where it names no aspect, what a framework is comes with what its source says of another
        one. Else one such sentence is quoted in all, the one nearest to the aspect, and behind
        what answers no sentence that only says what a framework is.
        """
        pointing = {
            slug: self._pointing(question, slug, found, whole.quotes if aspect else ())
            for slug, found in of_each.items()
        }
        if aspect:
            every = [quote for quotes in pointing.values() for quote in quotes]
            nearest = max(
                every,
                key=lambda q: (q in whole.quotes, len(aspect & set(terms(q.text)))),
                default=None,
            )
            pointing = {
                slug: [q for q in quotes if q is nearest] for slug, quotes in pointing.items()
            }
        told = {}
        for slug, found in of_each.items():
            if is_list(found.quotes):
                told[slug] = found
                continue
            first, rest = list(found.quotes[:1]), list(found.quotes[1:])
            if aspect and first:
                rest = [q for q in rest if not self._only_opens(q, aspect)]
                telling = [q for q in rest if self._tells(found.question, q, aspect)]
                if telling and self._only_defines(first[0], slug, aspect):
                    first, rest = telling[:1], telling[1:]
                if self._is_below_aspect(found.question, first[0]):
                    rest = [
                        q
                        for q in rest
                        if aspect & set(terms(q.text)) or self._is_below_aspect(found.question, q)
                    ]
            quotes = [*first, *rest][:QUOTES_OF_EACH]
            pointer = pointing[slug][:1]
            if pointer and pointer[0].start not in {quote.start for quote in quotes}:
                quotes = [*(quotes if aspect else first), *pointer]
            told[slug] = replace(found, quotes=tuple(quotes))
        return told

    def _only_opens(self, quote: Quote, aspect: frozenset[str]) -> bool:
        """Whether it says at the head of its text what something is, and nothing of the aspect."""
        opening = self._generation.tables.rows_of(quote.document_id)[0]
        return quote.row == opening and not aspect & set(terms(quote.text))

    def _only_defines(self, quote: Quote, slug: str, aspect: frozenset[str]) -> bool:
        """Whether it says there what the framework is, by one of its names."""
        names = [frozenset(terms(name)) for name, other in self._names.items() if other == slug]
        is_defining = defining(quote.text, names) >= STRONG_ENOUGH
        return is_defining and self._only_opens(quote, aspect)

    def _tells(self, question: Question, quote: Quote, aspect: frozenset[str]) -> bool:
        """Whether half the words of what is asked stand in it, or some in the heading above it."""
        said = aspect & set(terms(quote.text))
        return 2 * len(said) >= len(aspect) or self._is_below_aspect(question, quote)

    def _is_below_aspect(self, question: Question, quote: Quote) -> bool:
        """Whether a heading that names what is asked of a framework stands above the quote."""
        (found,) = self._generation.tables.passages([quote.row])
        return names_aspect(question, found.passage.locator.heading) > 0

    def _pointing(
        self, question: Question, slug: str, found: Finding, quoted: Sequence[Quote]
    ) -> list[Quote]:
        """Sentences of a framework's source that name another one of the comparison.

        Args:
            question: The comparison.
            slug: Of the framework.
            found: What was found for it; no sentence where that is nothing.
            quoted: Sentences of any source that come before those by which it points to others.
        """
        if not found.quotes:
            return []
        source, others = found.quotes[0].document_id, set(question.frameworks) - {slug}
        return [
            quote
            for quote in (*quoted, *pointers(self._generation, source))
            if quote.document_id == source
            and others & set(frameworks_named(quote.text, self._names))
        ]

    def _defined(
        self, names: Sequence[str], filters: Filters, limit: int, course: Course
    ) -> Finding | None:
        """What says what something is that goes by one of the names; None if nothing does."""
        for name in names:
            question = self._understood(WHOLE.format(name))
            found = self._found(question, filters, limit, course)
            known = self._names_of_subject(question)
            if found.quotes and defining(found.quotes[0].text, known) >= STRONG_ENOUGH:
                return found
        return None

    def _said_of(
        self,
        names: Sequence[str],
        apart: Sequence[Sequence[str]],
        filters: Filters,
        limit: int,
        course: Course,
    ) -> Finding | None:
        """What says something of one of two things that are told apart; None if nothing does."""
        for name in names:
            found = self._found(self._understood(WHOLE.format(name)), filters, limit, course)
            each = (replace(found, quotes=(quote,)) for quote in found.quotes)
            own = (one for one in each if names not in untold(one, apart))
            if found.status == "answered" and (said := next(own, None)):
                return said
        return None

    def _to_ask(self, question: Question, whole: Finding) -> tuple[str, ...]:
        """The frameworks that are to be asked one by one.

        Those of a comparison, or those of which an answer to an open question says nothing; a list
        stays whole.
        """
        if question.kind == "comparison":
            return question.frameworks
        if question.kind not in _OF_SEVERAL or not whole.quotes or is_list(whole.quotes):
            return ()
        told = self._frameworks_of(whole.quotes)
        return tuple(slug for slug in question.frameworks if slug not in told)

    def first_passages(
        self, found: Ranked, limit: int
    ) -> tuple[tuple[PassageRow, ...], tuple[float, ...]]:
        """The first passages, near-duplicates collapsed, with their scores."""
        upto = limit + SPARE_PASSAGES
        while True:
            rows = found.rows[:upto]
            passages = self._generation.tables.passages([int(row) for row in rows])
            kept = np.flatnonzero(self._says_first(rows, passages))
            if len(kept) >= limit or upto >= len(found.rows):
                break
            upto *= 2
        chosen = [int(n) for n in kept[:limit]]
        return tuple(passages[n] for n in chosen), tuple(float(found.scores[n]) for n in chosen)

    def shown_passages(
        self, found: Ranked, asked: Asked, limit: int
    ) -> tuple[tuple[PassageRow, ...], tuple[float, ...]]:
        """The first passages as they are shown, with the scores of their places."""
        passages, scores = self.first_passages(found, max(limit, PASSAGES_READ))
        if self._is_shown_by_sentence(asked.question):
            matches, told = self._read(found, asked, passages, scores)
            passages = self._by_best_sentence(asked.question, passages, matches, told)
        return passages[:limit], scores[:limit]

    def _read(
        self,
        found: Ranked,
        asked: Asked,
        passages: Sequence[PassageRow],
        scores: Sequence[float],
    ) -> tuple[list[Match], Vectors]:
        """The first passages' matches, read, and what their sentences tell."""
        rows = [p.row for p in passages[:PASSAGES_READ] if p.row in found.matches]
        matches = read_by(self._generation, asked, [found.matches[row] for row in rows])
        return matches, sentence_features(asked, matches, scores[: len(rows)])

    def _is_shown_by_sentence(self, question: Question) -> bool:
        """Whether the best sentences of passages order them; a cross-encoder has its own order."""
        return is_shown_by_sentence(question) and not self._settings.cross_encoder

    def _by_best_sentence(
        self,
        question: Question,
        passages: tuple[PassageRow, ...],
        matches: Sequence[Match],
        told: Vectors,
    ) -> tuple[PassageRow, ...]:
        """The passages, those that were read ordered by their best sentences too."""
        order = by_best_sentence(question, matches, told, self.weights.sentence)
        read = [matches[n].passage for n in order]
        rows = {p.row for p in read}
        return (*read, *(p for p in passages if p.row not in rows))

    def _says_first(self, rows: Rows, passages: Sequence[PassageRow]) -> NDArray[np.bool_]:
        """For each passage whether none before it says the same; only close ones are compared."""
        vectors = self._generation.vectors(rows)
        close = np.flatnonzero((vectors @ vectors.T >= CLOSE).sum(axis=1) > 1)
        first = np.ones(len(rows), bool)
        first[close] = first_of_near_duplicates([passages[int(n)].passage.text for n in close])
        return first

    def _found(self, question: Question, filters: Filters, limit: int, course: Course) -> Finding:
        """What answers one question; what is wrong with a framework may go by another name.

        Where it has no answer as it is put, it is asked with the framework's title.
        """
        found = self._found_as_put(question, filters, limit, course)
        criticism = restated(question)

        def asked_as(text: str) -> Finding:
            other = self._understood(text)
            other = replace(other, kind="open") if criticism else other
            return replace(self._found_as_put(other, filters, limit, course), question=question)

        if criticism:
            further = asked_as(criticism)
            if further.status == "answered" or further.confidence > found.confidence:
                found = further
        if found.status == "answered":
            return found
        full = self._in_full(criticism or question.text, question.frameworks)
        further = asked_as(full) if full else found
        return further if further.status == "answered" else found

    def _in_full(self, text: str, frameworks: Sequence[str]) -> str | None:
        """The text with its framework's title for a name that its source never says: "MBO"."""
        if len(frameworks) != 1:
            return None
        title, source = self._titles[frameworks[0]], document_of(self._generation, frameworks[0])
        said, titled = (f" {' '.join(spoken(each))} " for each in (text, title))
        known = [n for n, slug in self._names.items() if slug in frameworks and f" {n} " in said]
        if not source or titled in said:
            return None
        held = f" {' '.join(spoken(self._document(source).text))} "
        for name in sorted(known, key=len, reverse=True):
            full, count = re.subn(rf"\b{re.escape(name)}\b", title, text, flags=re.IGNORECASE)
            if count and f" {name} " not in held:
                return full
        return None

    def _found_as_put(
        self, question: Question, filters: Filters, limit: int, course: Course
    ) -> Finding:
        ranked, asked = self.ranked(question, filters, course, limit=limit)
        passages, scores = self.first_passages(ranked, max(limit, PASSAGES_READ))
        with course.stage("answer"):
            matches, told = self._read(ranked, asked, passages, scores)
            quotes, support, confidence, features = self._quotes(
                asked, matches, scores, told, filters
            )
            if self._is_shown_by_sentence(question):
                passages = self._by_best_sentence(question, passages, matches, told)
        status = support.status(confidence) if quotes else "not_found"
        kept = tuple(quotes) if status != "not_found" else ()
        return Finding(question, passages, scores, kept, confidence, status, features)

    def _quotes(
        self,
        asked: Asked,
        matches: Sequence[Match],
        scores: Sequence[float],
        told: Vectors,
        filters: Filters,
    ) -> tuple[list[Quote], Support, float, Vectors | None]:
        """The list or the sentences that answer, and how sure it is that they do.

        What a title or a heading, or a sentence with every word, shows to be there is told as part
        of an answer, however little its words mean to the model.
        """
        question, support = asked.question, self.weights.support
        read = [m.passage for m in matches]
        sentences = self._scored(asked, matches, told)
        if not sentences or is_unknown_work(question, read):
            return [], support, 0.0, None
        part = part_of(question)
        further = further_passages(self._generation, question, part, read, filters)
        listed = [*further, *read] if question.frameworks else [*read, *further]
        quotes, fit = self._list_asked_for(asked, part, listed)
        features = support_features(
            self._generation, asked, matches, scores, sentences, list_fit=fit
        )
        is_expected = bool(asked.likeness.of_asked[sentences[0].row])
        if is_expected:
            support = self.weights.support_expected
        confidence = support.confidence(features)
        # The list has another number of members than the question takes for granted.
        is_other = fit == 0.0 and bool(quotes or question.beside)
        if question.work and prints(question.work, sentences[0].text):
            # A sentence that prints the title is what the library holds on the work.
            confidence = max(confidence, support.partial_from)
            around = next(p.passage.text for p in read if p.row == sentences[0].row)
            # Where nothing around it is a name or a date, it tells something else of the work.
            is_other = is_other or not wanted(question, around)
        if is_other:
            confidence = under(confidence, support.answered_from)
        best = sentences[0]
        if not quotes:
            is_unsure = confidence < support.partial_from
            said = [s for s in sentences if is_unsure and says_all(question, s.text)][:1]
            if said:
                sentences, confidence = said, support.partial_from
            elif further:
                more = read_by(self._generation, asked, match(self._generation, asked, further))
                every = [*scores[: len(read)], *[scores[0]] * len(more)]
                every_match = [*matches, *more]
                features_of_all = sentence_features(asked, every_match, every)
                sentences = self._scored(asked, every_match, features_of_all)
            quotes, is_below = self._told(
                question, part, sentences, listed, is_expected=is_expected
            )
            if is_below:
                confidence = max(confidence, support.partial_from)
        confidence = self._weighed(asked, matches, best, quotes, support, confidence)
        # Where one framework is asked, its own source speaks for those who made it.
        if not filters.frameworks and self._is_said_by_other(question, quotes):
            confidence = under(confidence, support.partial_from)
        return quotes, support, confidence, features

    def _weighed(
        self,
        asked: Asked,
        matches: Sequence[Match],
        best: Sentence,
        quotes: Sequence[Quote],
        support: Support,
        confidence: float,
    ) -> float:
        """The confidence, by what the quotes plainly say and what they leave unsaid."""
        question, quoted = asked.question, [quote.text for quote in quotes]
        texts = [self._document(name).text for name in {quote.document_id for quote in quotes}]
        if _says_letters(question, quotes[:1]):
            confidence = max(confidence, support.answered_from)
        if (
            counts_otherwise(question, quotes)
            or corrects(question, quoted)
            or is_always_unsaid(question.text, quoted)
        ):
            confidence = under(confidence, support.answered_from)
        if (
            is_place_unsaid(question.text, texts, own_case=question.kind in FACTS)
            or is_deadline_unsaid(question.text, " ".join(quoted))
            or is_rhythm_unsaid(question.text, " ".join(quoted[:1]))
        ):
            # What holds in general may hold there; where that is in doubt too, it tells nothing.
            confidence = support.lowered(confidence)
        if takes_unsaid(self._generation, asked, matches, best, quoted):
            confidence = under(confidence, support.partial_from)
        return confidence

    def _is_said_by_other(self, question: Question, quotes: Sequence[Quote]) -> bool:
        """Whether the words of somebody are asked for, and another one's would be quoted."""
        names, _ = asked_of(question.text)
        if not names or not quotes:
            return False
        document = self._document(quotes[0].document_id)
        source = document.source
        told = " ".join((source.title, *source.metadata.authors, document.text))
        quoted = [quote.text for quote in quotes]

        def is_known(name: str) -> bool:
            return self._generation.lexical.holds(stem(name.lower()))

        return is_said_by_other(names, quoted, told, is_known)

    def _told(
        self,
        question: Question,
        part: Part | None,
        sentences: Sequence[Sentence],
        listed: Sequence[PassageRow],
        *,
        is_expected: bool,
    ) -> tuple[list[Quote], bool]:
        """What the sentences tell, and whether it stands in the section that is asked for."""
        about = self._sources_of(question)
        names = self._names_of_subject(question)
        chosen = self._in_order(question, part, names, sentences, listed, about)
        quotes = self._quoted(question, part, names, chosen, is_expected=is_expected)
        is_below = is_below_aspect(question, quotes, listed, about) or (
            is_below_part(question, part, quotes, listed, about)
            and is_on_whole(question, names_said(*self._in_full_with_people(question.text)))
        )
        return quotes, is_below

    def _scored(self, asked: Asked, matches: Sequence[Match], features: Vectors) -> list[Sentence]:
        """The sentences that tell something, best first."""
        found = scored_sentences(matches, features, self.weights.sentence)
        return printing_first(asked.question, without_asides(found, self._document))

    def _list_asked_for(
        self, asked: Asked, part: Part | None, listed: Sequence[PassageRow]
    ) -> tuple[list[Quote], float]:
        """The list that the question wants, if it wants one, and how it fits.

        Where a part of a text is asked for, as examples are, only one whose lead says all of that.
        """
        question, noun = asked.question, asked_for_all(asked.question)
        in_part = part is not None and not part.is_listed and question.place is None
        if not (question.kind == "list" or noun):
            return [], 0.0
        noun = frozenset(question.terms) if in_part else noun
        ids = dict.fromkeys(p.passage.document_id for p in listed)
        documents = {name: self._document(name) for name in ids}
        # What a name counts, "the five dysfunctions", lists no criticism of it.
        names = names_said(question.text, self._names) if part else []
        sizes = {size for name in names for size in stated_numbers(name)}
        generation, vocabulary = self._generation, self._vocabulary
        return best_list(asked, listed, documents, generation, vocabulary, noun, sizes)

    def _sources_of(self, question: Question) -> list[str]:
        """Identifiers of the sources of the frameworks that the question names."""
        named = (document_of(self._generation, slug) for slug in question.frameworks)
        return list(filter(None, named))

    def _in_order(
        self,
        question: Question,
        part: Part | None,
        names: Sequence[frozenset[str]],
        sentences: Sequence[Sentence],
        listed: Sequence[PassageRow],
        about: Sequence[str],
    ) -> list[Sentence]:
        """The sentences, those first that tell the part asked for or define what is asked for."""
        chosen = focused(question, part, sentences, listed, self._document, about)
        if not names or _spells(question, chosen[:1]):
            return chosen
        return definition_first(
            names,
            chosen,
            about,
            headed=headed_by(question.subject, listed),
            pointing={p.row for p in listed if is_pointer(p.passage)},
            whole=self._stands_for_all(question),
            beside=self._differs_from_title(question) or self._is_told_kind(question, chosen),
        )

    def _quoted(
        self,
        question: Question,
        part: Part | None,
        names: Sequence[frozenset[str]],
        chosen: Sequence[Sentence],
        *,
        is_expected: bool,
    ) -> list[Quote]:
        """The best of the sentences, with the lists that they lead to or what they lean on."""
        within_part = part not in (None, ORIGIN) and (
            part is not ADVICE or bool(question.frameworks)
        )
        quotes = chosen_sentences(question, chosen, part=within_part, expected=is_expected)
        tables, stems = self._generation.tables, frozenset(question.terms)
        is_fact = question.kind in FACTS or part is FREQUENCY
        # "Conflict is constructive when it:" states an occasion.
        is_led = question.kind == "when" and any(announces_next(q.text) for q in quotes)
        led: list[Quote] = []
        if quotes and (is_led or not is_fact):
            below = question.kind in ("how_to", "list")
            led = announced(quotes, self._document, tables, stems, below=below)
        # "Acting means …" answers alone, though it is an item of a list.
        is_told = bool(names and quotes) and defining(quotes[0].text, names) >= STRONG_ENOUGH
        if question.kind in ("how_to", "list", "definition") and not is_told:
            led = led or steps_whole(quotes, self._document, tables, stems)
        if not is_told:
            led = led or headed_by_question(question, quotes, self._document, tables)
        telling = without_echoes(question, without_bare_leads(quotes, self._document))
        return led or with_neighbours(telling, tables, self._document)

    def _spelt_out(self, question: Question, whole: Finding) -> str | None:
        """Title of the framework that the letters stand for, unless the answer spells them out."""
        is_bare = question.subject.isupper() and whole.status == "not_found"
        letters = question.acronym or (question.subject if is_bare else "")
        if not letters or any(
            quote.marks or expansion(letters, quote.text) for quote in whole.quotes
        ):
            return None
        slug = self._names.get(letters.lower())
        spelt = (t for t in self._titles.values() if expansion(letters, t) == (0, len(t)))
        return self._titles[slug] if slug in self._titles else next(spelt, None)

    def _stands_for_all(self, question: Question) -> bool:
        """Whether what is to be defined is a framework by its letters or a word of its title."""
        subject = question.acronym or question.subject
        return subject.isupper() or bool(
            self._title_stems(question) & set(terms(narrowed(subject)))
        )

    def _differs_from_title(self, question: Question) -> bool:
        """Whether it and the framework's title each have a word that the other lacks.

        "Single-loop learning" does from "Double-loop learning", "servant leader" and "Greenleaf's
        servant leadership" do not.
        """
        own, title = set(terms(question.acronym or question.subject)), self._title_stems(question)
        named = set(question.frameworks)
        people = (name for name, slugs in self._people.items() if named & set(slugs))
        own -= set(terms(" ".join(people))) | KIND_OF_THING
        return bool(own - title) and bool(title - own - KIND_OF_THING)

    def _is_told_kind(self, question: Question, sentences: Sequence[Sentence]) -> bool:
        """Whether it is a kind of what a title names, and a sentence opens with its very words.

        "Reverse delegation" is, on the page on delegation; "Greenleaf's servant leadership" is
        servant leadership itself.
        """
        own = spoken(question.subject)
        titles = (
            spoken(self._titles[slug]) for slug in question.frameworks if slug in self._titles
        )
        if not any(len(own) > len(title) and own[-len(title) :] == title for title in titles):
            return False
        opening = (spoken(s.text)[: len(own) + 1] for s in sentences)
        is_told = any(own in (said[:-1], said[1:]) for said in opening)
        return is_told and not any(f" {name} " in f" {' '.join(own)} " for name in self._people)

    def _title_stems(self, question: Question) -> set[str]:
        titles = (self._titles[slug] for slug in question.frameworks if slug in self._titles)
        return set(terms(" ".join(titles)))

    def _names_of_subject(self, question: Question) -> list[frozenset[str]]:
        """Stems of every name of what the question wants defined; [] if it wants nothing."""
        subject = question.acronym or question.subject
        if not subject:
            return []
        subject = named_in_full(subject, self._names)
        named = frameworks_named(subject, self._names)
        slug = named[0] if named and _is_itself(subject, named[0], self._names) else None
        own = [frozenset(terms(narrowed(subject))), frozenset(terms(subject))]
        known = [frozenset(terms(name)) for name, other in self._names.items() if other == slug]
        return [*own, *known]

    def _parts(self, question: Question, aspect: frozenset[str]) -> dict[str, Question]:
        """What a question that names several frameworks asks of each, by its slug."""
        return {slug: self._part(question, slug, aspect) for slug in question.frameworks}

    def _part(self, question: Question, slug: str, aspect: frozenset[str]) -> Question:
        """What a comparison asks of one of its frameworks."""
        if aspect:
            full, names = self._in_full_with_people(question.text)
            of_one = asked_of_one(full, slug, names)
            asked = self._understood(question.text if of_one == full else of_one)
            kind: Kind = "list" if asked.kind == "list" else "open"
            return replace(asked, kind=kind, frameworks=(slug,), subject="", acronym="")
        said = f" {' '.join(spoken(named_in_full(question.text, self._names)))} "
        put = (n for n, other in self._names.items() if other == slug and f" {n} " in said)
        named_so = max(put, key=len, default=self._titles[slug])
        whole = understand(WHOLE.format(named_so), self._names)
        return replace(whole, kind="definition", frameworks=(slug,), count=None)

    def _aspect(self, question: Question) -> frozenset[str]:
        """Stems of what a comparison compares its frameworks on; none where it names nothing.

        A word that belongs to names of all of them, as "change" may, is no aspect.
        """
        of_each: list[set[str]] = [
            {term for name, other in self._names.items() if other == slug for term in terms(name)}
            for slug in question.frameworks
        ]
        names = names_said(*self._in_full_with_people(question.text))
        of_all = set.intersection(*of_each)
        return telling_terms(set(besides(question.terms, names)) - of_all)

    def _is_beside_unknown(self, question: Question, apart: Sequence[Sequence[str]]) -> bool:
        """Whether of two things told apart one is a framework and the library lacks the other.

        A word of the other's name is in no text on the framework.

        Args:
            question: A comparison.
            apart: Both things, each by its names, from `sides`; empty if it tells none apart.
        """
        if len(question.frameworks) != 1 or len(apart) != 2:
            return False
        (slug,), names = question.frameworks, self._names
        others = [each for each in apart if slug not in frameworks_named(each[0], names)]
        source = document_of(self._generation, slug)
        if len(others) != 1 or source is None:
            return False
        other = set(terms(others[0][-1])) - KIND_OF_THING - COMPARING_TERMS
        return not other <= set(terms(self._document(source).text))

    def _in_full_with_people(self, text: str) -> tuple[str, dict[str, str]]:
        """The text with every kind of leadership in full, and the names of what it may name."""
        people = people_meant(text, self._people, self._names, self._families)
        return named_in_full(text, self._names), {**people, **self._names}

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


def _is_itself(subject: str, slug: str, names: Mapping[str, str]) -> bool:
    """Whether what is asked for is the framework itself, not something in it.

    "Katz's three-skills approach" is, "desire in ADKAR" is not.
    """
    said = " ".join(spoken(subject))
    places = [said.find(name) for name, other in names.items() if other == slug and name in said]
    before = said[: min(places)].split() if places else []
    return all(word not in _LEADS_TO for word in before) and len(before) <= MOST_BEFORE_NAME


def _spells(question: Question, sentences: Sequence[Sentence]) -> bool:
    """Whether one of the sentences says what the letters that are asked for stand for."""
    letters = question.acronym
    return bool(letters) and any(expansion(letters, each.text) for each in sentences)


def _says_letters(question: Question, quotes: Sequence[Quote]) -> bool:
    """Whether one of the quotes holds the letters that are asked for and spells them out."""
    letters = question.acronym
    return bool(letters) and any(
        letters.lower() in words(quote.text) and expansion(letters, quote.text) for quote in quotes
    )


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
    """Slug by every name of a framework, each name as the joined output of `spoken`."""
    names: dict[str, str] = {}
    for source in sources:
        known = source.metadata
        if known.framework:
            spelt = (source.title, known.framework.replace("-", " "), *known.aliases)
            for name in spelt:
                names.setdefault(" ".join(spoken(name)), known.framework)
    return names


def people_names(sources: Iterable[Source]) -> Mapping[str, tuple[str, ...]]:
    """Slugs of the frameworks of each person, by full name and by surname.

    Names are spelt like those of `framework_names`.
    """
    slugs: dict[str, dict[str, None]] = {}
    for source in sources:
        known = source.metadata
        for person in known.people if known.framework else ():
            for name in {person, person.split()[-1]}:
                slugs.setdefault(" ".join(spoken(name)), {})[str(known.framework)] = None
    return {name: tuple(found) for name, found in slugs.items()}
