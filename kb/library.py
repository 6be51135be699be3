"""The one object that command, page, program and evaluation talk to."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from kb import answer as answering
from kb import compare as comparing
from kb.asking import Asker, Course
from kb.building import BuildReport, Progress, build_generation, reread
from kb.confidence import corrects
from kb.corpus import (
    Signature,
    SourceFile,
    corpus_digest,
    read_documents,
    scan,
    signature,
)
from kb.embedding import load_embedder
from kb.enumerations import KEPT_DOCUMENTS, is_pointer
from kb.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    SourceNotFound,
)
from kb.evidence import Evidence
from kb.expected import (
    OFFERED_FROM,
    SAME_FROM,
    Expected,
    read_expected,
    stands_alone,
)
from kb.findings import Finding
from kb.frameworks import (
    DIMENSIONS,
    Framework,
    Section,
    dimension_section,
    frameworks_of,
    heading_questions,
    principle_sections,
)
from kb.index import Generation, check_embedder, current_name, open_generation
from kb.lexical import words
from kb.listing import quotes_at
from kb.maps import MapPoint, PassageMap, framework_map, passage_map
from kb.phrasing import as_question
from kb.questions import understand
from kb.records import (
    Answer,
    CellStatus,
    Citation,
    Comparison,
    Document,
    Filters,
    Hit,
    Manifest,
    Passage,
    SearchResult,
    Source,
)
from kb.references import csl_record, reference
from kb.sentences import sentence_spans
from kb.settings import Settings
from kb.tables import PassageRow

DEFAULT_LIMIT = 8


def quiet(stage: str, done: int, total: int) -> None:
    """Reports nothing."""


_LOOKED_AT = 4  # passages for each one that is called similar; pointers among them are left out


class Library:
    """An opened library: every question takes the same way from everywhere.

    It keeps the generation that it opened, also while another one is published. Threads
    may share it.
    """

    def __init__(self, settings: Settings, generation: Generation, embedder: Any) -> None:
        self.settings = settings
        self._generation = generation
        self._embedder = embedder
        self._document = lru_cache(maxsize=KEPT_DOCUMENTS)(generation.tables.document)
        self._asker = Asker(settings, generation, embedder, self._document)
        self._evidence = Evidence(generation, embedder)
        self._reference = lru_cache(maxsize=1024)(self._printed_reference)
        self._frameworks = cache(lambda: frameworks_of(self.sources(), self._document))
        self._compared: tuple[Signature, bool] | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        generation: str | None = None,
        check_corpus: bool = True,
        embedder: Any = None,
    ) -> Library:
        """The library of the published generation, or of the named one.

        Args:
            settings: Name the folders and the model.
            generation: Identifier of a generation that is still there.
            check_corpus: Also refuse a generation that does not hold the corpus as it is.
            embedder: Used instead of the one that the settings name.

        Raises:
            IndexMissing: Nothing was built yet, or not that generation.
            IndexDamaged: A file does not have its checksum.
            IndexMismatch: Built with another model, other settings or another corpus.
        """
        opened = open_generation(settings, name=generation)
        embedder = embedder or load_embedder(settings)
        manifest = opened.manifest
        check_embedder(manifest, embedder.fingerprint, embedder.dimension, settings.index)
        corpus = settings.corpus
        if check_corpus and corpus_digest(corpus, scan(corpus)[0]) != manifest.corpus_digest:
            raise IndexMismatch(
                f"{settings.corpus} has changed since {settings.index} was built. "
                "Rebuild with: kb build"
            )
        library = cls(settings, opened, embedder)
        # A question's products are small: a second thread spends as much again of the processor
        # and gains nothing (18.5 ms either way, 38 or 18.5 ms of processor time). It stays so.
        threadpool_limits(1, user_api="blas")
        # Loaded objects stay; without this every collection walks through them. A library that
        # was frozen before and is no longer used must be found once more.
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        return library

    @property
    def generation(self) -> str:
        """Identifier of the opened generation."""
        return self._generation.manifest.generation

    @property
    def manifest(self) -> Manifest:
        """Manifest of the opened generation."""
        return self._generation.manifest

    def ask(
        self,
        question: str,
        *,
        filters: Filters = Filters(),
        limit: int = DEFAULT_LIMIT,
    ) -> Answer:
        """The answer in sentences of the sources, or the news that there is none.

        Args:
            question: Plain text; must not be blank.
            filters: Restrict the sources that may answer.
            limit: Upper bound on the passages that come with the answer, besides those that
                it quotes.

        Raises:
            BlankQuestion: Nothing remains after stripping.
            QuestionTooLong: Longer than `settings.question_chars`.
            SourceNotFound: The filters name an unknown framework.
        """
        course = Course()
        _check_frameworks(filters, self.sources())
        found = self._asker.finding(question, filters=filters, limit=limit, course=course)
        with course.stage("cite"):
            passages, scores = self._with_quoted(found, limit)
            names = {quote.document_id for quote in found.quotes}
            statements, citations = answering.cite(
                found.question,
                found.quotes,
                {p.row: p.passage for p in passages},
                {name: self._document(name) for name in names},
                {name: self._reference(name) for name in names},
                {p.row: score for p, score in zip(passages, scores, strict=True)},
            )
        return Answer(
            question=question,
            status=found.status,
            confidence=round(found.confidence, 4),
            kind=found.question.kind,
            statements=statements,
            citations=citations,
            passages=self._hits(passages, scores),
            generation=self.generation,
            elapsed_ms=course.elapsed(),
            corrects=found.status == "partial"
            and corrects(found.question, [quote.text for quote in found.quotes[:1]]),
        )

    def search(
        self,
        query: str,
        *,
        filters: Filters = Filters(),
        limit: int = DEFAULT_LIMIT,
    ) -> SearchResult:
        """Passages that best answer the query, best first; it takes and raises what `ask` does."""
        course = Course()
        _check_frameworks(filters, self.sources())
        with course.stage("understand"):
            question = self._asker.understood(query)
        found, asked = self._asker.ranked(question, filters, course, limit=limit)
        passages, scores = self._asker.shown_passages(found, asked, limit)
        return SearchResult(query, self._hits(passages, scores), self.generation, course.elapsed())

    def corrected(self, question: str) -> str:
        """The question as it is understood: on one line, mistaken words of it corrected."""
        return self._asker.corrected(" ".join(question.split()))

    def frameworks(self) -> tuple[Framework, ...]:
        """Every framework of the library by title."""
        return self._frameworks()

    def compare(self, frameworks: Sequence[str], *, on: Sequence[str] = ()) -> Comparison:
        """What several frameworks say on the shared dimensions, or on questions of one's own.

        Args:
            frameworks: Two to five slugs.
            on: Dimensions or questions; the ten shared dimensions by default.

        Raises:
            SourceNotFound: A slug is unknown, or there are too few or too many.
        """
        columns = comparing.named_frameworks(frameworks, self.frameworks())
        rows = tuple(dict.fromkeys(on)) or DIMENSIONS
        return Comparison(
            frameworks=tuple(framework.slug for framework in columns),
            dimensions=rows,
            cells=comparing.cells(columns, rows, self._position, self._touching, self._own_answer),
            generation=self.generation,
        )

    def align(self, one: str, other: str) -> comparing.Alignment:
        """Which principles of two frameworks are closest in meaning.

        Raises:
            SourceNotFound: A slug is unknown, or both are the same.
        """
        pair = comparing.named_frameworks((one, other), self.frameworks())
        quoted, vectors = [], []
        for framework in pair:
            document = self._document(framework.document_id)
            found = principle_sections(document)
            spans = [_first_sentence(document, section) for section in found]
            kept = [n for n, span in enumerate(spans) if span]
            texts = [comparing.principle_text(found[n], document.text) for n in kept]
            citations = self._cited(document, [span for span in spans if span])
            quoted.append(
                tuple((found[n].heading, c) for n, c in zip(kept, citations, strict=True))
            )
            vectors.append(self._embedder.encode(texts))
        similarity = vectors[0] @ vectors[1].T
        return comparing.Alignment(quoted[0], quoted[1], similarity, comparing.align(similarity))

    def framework_map(self) -> tuple[MapPoint, ...]:
        """Every framework on a plane of similarity, by title."""
        return framework_map(self._generation, self.frameworks())

    def passage_map(self, chosen: Collection[str] = ()) -> PassageMap:
        """Passages on a plane of similarity: all of the chosen frameworks, others up to a limit."""
        return passage_map(self._generation, chosen)

    def similar_passages(self, passage_id: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Passages of other sources that are worded most like this one, best first.

        Those that only point to other texts are left out: they resemble whatever they name.

        Raises:
            SourceNotFound: The generation holds no such passage.
        """
        tables = self._generation.tables
        row = tables.row_of(passage_id)
        own = int(self._generation.document_numbers[row])
        others = np.flatnonzero(self._generation.document_numbers != own)
        if not len(others):
            return ()
        rows, cosines = self._generation.search(
            self._generation.vectors([row])[0], limit * _LOOKED_AT, allowed=others
        )
        near = zip(tables.passages([int(found) for found in rows]), cosines, strict=True)
        kept = [(each, cosine) for each, cosine in near if not is_pointer(each.passage)]
        return self._hits(
            [each for each, _ in kept[:limit]],
            [max(0.0, float(cosine)) for _, cosine in kept[:limit]],
        )

    def related_questions(self, answer: Answer, *, limit: int = 5) -> tuple[str, ...]:
        """Questions near an answer that the library can answer.

        Those that it is expected to be asked, that can be read alone and that lead to something
        else than what is quoted, one of each source. Where these are few, some made of the headings
        of the passages' sources follow: of three where nothing is expected, else one of the first.
        Headings say nothing of a question that has no answer where others would be expected.
        """
        expected = self._expected_near(answer, limit)
        expects = self._generation.expects
        if not answer.statements and expects:
            return tuple(expected)
        near = list(dict.fromkeys(hit.document_id for hit in answer.passages))
        headings = [name for hit in answer.passages for name in hit.locator.headings]
        asked = answer.question.casefold()
        found: list[tuple[int, str]] = []
        for document_id in near[: 1 if expects else 3]:
            questions = heading_questions(self._document(document_id), headings)
            found += [
                (n, question)
                for n, question in enumerate(questions)
                if question.casefold() not in asked and asked not in question.casefold()
            ]
        ordered = [question for _, question in sorted(found, key=lambda entry: entry[0])]
        headed = ordered[:1] if expects else ordered
        return tuple(dict.fromkeys([*expected, *headed]))[:limit]

    def _expected_near(self, answer: Answer, limit: int) -> list[str]:
        """Expected questions near the one that was asked, one of each source."""
        quoted = {(citation.document_id, citation.start) for citation in answer.citations}
        offered = {_bare(answer.question)}
        found: dict[str, str] = {}
        likeness = self._asker.likeness(answer.question)
        for text, value, row, number in self._generation.expected_questions(likeness):
            if value < OFFERED_FROM or len(found) == limit:
                break
            passage = self._generation.tables.passages([row])[0]
            source, start = passage.passage.document_id, passage.sentences[number][0]
            is_new = source not in found and value < SAME_FROM and _bare(text) not in offered
            if is_new and (source, start) not in quoted and stands_alone(text):
                offered.add(_bare(text))
                found[source] = as_question(text)
        return list(found.values())

    def sources(self) -> tuple[Source, ...]:
        """Every source of the generation by path."""
        return self._generation.tables.sources

    def document(self, document_id: str) -> Document:
        """A document with its text and structure.

        Raises:
            SourceNotFound: The generation holds no such document.
        """
        return self._document(document_id)

    def passage(self, passage_id: str) -> Passage:
        """A passage by its identifier.

        Raises:
            SourceNotFound: The generation holds no such passage.
        """
        row = self._generation.tables.row_of(passage_id)
        return self._generation.tables.passages([row])[0].passage

    def passages(self, document_id: str | None = None) -> list[Passage]:
        """Passages of one document, or of all, in reading order."""
        if document_id is None:
            return [found.passage for found in self._generation.tables.every_passage()]
        rows = self._generation.tables.rows_of(document_id)
        return [found.passage for found in self._generation.tables.passages(rows)]

    def passage_counts(self) -> dict[str, int]:
        """Number of passages of every source, by its identifier."""
        counted = np.bincount(self._generation.document_numbers, minlength=len(self.sources()))
        return {
            source.document_id: int(number)
            for source, number in zip(self.sources(), counted, strict=True)
        }

    def hit_at(self, document_id: str, start: int, end: int) -> Hit | None:
        """A stretch of a source as something that can be cited; None outside of every passage.

        Its words are those of the stretch where that lies in one passage, else the whole
        passage in which it begins.

        Raises:
            SourceNotFound: The generation holds no such document.
        """
        row = self._generation.tables.row_at(document_id, start, end)
        if row is None:
            return None
        (found,) = self._generation.tables.passages([row])
        passage = found.passage
        (hit,) = self._hits([found], [1.0])
        if passage.start <= start and end <= passage.end:
            text = self._document(document_id).text[start:end]
            hit = replace(hit, start=start, end=end, text=text)
        return hit

    def neighbours(self, passage_id: str) -> list[Passage]:
        """A passage between the one before and the one after it in its source.

        Raises:
            SourceNotFound: The generation holds no such passage.
        """
        tables = self._generation.tables
        row = tables.row_of(passage_id)
        own = tables.rows_of(tables.passages([row])[0].passage.document_id)
        near = [each for each in (row - 1, row, row + 1) if own[0] <= each <= own[-1]]
        return [found.passage for found in tables.passages(near)]

    def is_stale(self) -> bool:
        """Whether the corpus folder holds something else than this generation.

        Files are hashed anew only when one of them has changed on disk; without the folder
        nothing is known to have changed.
        """
        found = signature(self.settings.corpus)
        if self._compared is None or self._compared[0] != found:
            try:
                digest = corpus_digest(self.settings.corpus, scan(self.settings.corpus)[0])
            except SourceNotFound:
                digest = self.manifest.corpus_digest
            self._compared = (found, digest != self.manifest.corpus_digest)
        return self._compared[1]

    def reference(self, document_id: str) -> str:
        """The printed reference of a document in the style of the settings."""
        return self._reference(document_id)

    def close(self) -> None:
        """Release the files."""
        self._generation.close()

    def _with_quoted(self, found: Finding, limit: int) -> tuple[list[PassageRow], list[float]]:
        """The first passages and, after them, the others that are quoted: a long list's items."""
        score_of = {p.row: score for p, score in zip(found.passages, found.scores, strict=True)}
        shown = {p.row for p in found.passages[:limit]}
        quoted = dict.fromkeys(quote.row for quote in found.quotes)
        others = [row for row in quoted if row not in shown]
        others.sort(key=lambda row: -score_of.get(row, 0.0))
        return (
            [*found.passages[:limit], *self._generation.tables.passages(others)],
            [*found.scores[:limit], *(score_of.get(row, 0.0) for row in others)],
        )

    def _position(self, framework: Framework, row: str) -> tuple[Citation, ...]:
        """Citations of the section in which a framework takes a position on a dimension."""
        document = self._document(framework.document_id)
        section = dimension_section(document, row) if row in DIMENSIONS else None
        if section is None:
            return ()
        return self._cited(document, _sentences_of(document, section))

    def _touching(self, framework: Framework, row: str) -> tuple[Citation, ...]:
        """Citations of a framework's sentences that speak of a dimension, nearest first."""
        own = [s.document_id for s in self.sources() if s.metadata.framework == framework.slug]
        return comparing.renumbered(
            cited
            for document_id, span in self._evidence.touching(own, row)
            for cited in self._cited(self._document(document_id), [span])
        )

    def _own_answer(
        self, framework: Framework, question: str
    ) -> tuple[CellStatus, tuple[Citation, ...]]:
        """What a framework answers to a question of one's own, if its words are evidence.

        Where it has no answer as it is put, it is asked with the framework's name.
        """
        only = Filters(frameworks=(framework.slug,))
        answer = self.ask(question, filters=only)
        if answer.status == "not_found":
            answer = self.ask(f"{question.rstrip('?!. ')} in {framework.mention}?", filters=only)
        closeness = self._evidence.closeness(question, answer.citations)
        return comparing.own_answer(answer, closeness)

    def _cited(self, document: Document, spans: Sequence[tuple[int, int]]) -> tuple[Citation, ...]:
        """Citations of stretches of one document, numbered from 1."""
        passages = self._generation.tables.passages(
            self._generation.tables.rows_of(document.document_id)
        )
        quotes = quotes_at(document, spans, passages)
        name = document.document_id
        _, citations = answering.cite(
            understand("passages"),
            quotes,
            {p.row: p.passage for p in passages},
            {name: document},
            {name: self._reference(name)},
            {quote.row: 1.0 for quote in quotes},
        )
        return citations

    def _hits(self, passages: Sequence[PassageRow], scores: Sequence[float]) -> tuple[Hit, ...]:
        tables = self._generation.tables
        hits = []
        for number, (found, score) in enumerate(zip(passages, scores, strict=True), start=1):
            passage = found.passage
            source = tables.sources[tables.number_of[passage.document_id]]
            hits.append(
                Hit(
                    rank=number,
                    passage_id=passage.passage_id,
                    document_id=passage.document_id,
                    path=source.path,
                    title=source.title,
                    framework=source.metadata.framework,
                    locator=passage.locator,
                    start=passage.start,
                    end=passage.end,
                    text=passage.text,
                    score=round(score, 6),
                )
            )
        return tuple(hits)

    def _printed_reference(self, document_id: str) -> str:
        tables = self._generation.tables
        source = tables.sources[tables.number_of[document_id]]
        return reference(csl_record(source), style=self.settings.reference_style)


def build_library(
    documents: Iterable[Document | str],
    settings: Settings,
    *,
    corpus_digest: str,
    problems: Sequence[str] = (),
    expected: Mapping[str, Sequence[Expected]] = MappingProxyType({}),
    progress: Progress = quiet,
    embedder: Any = None,
) -> BuildReport:
    """Builds and publishes a generation from documents that need not lie in a folder.

    Raises:
        IndexBusy: Another process is building this index.
        ModelUnavailable: The model is missing or damaged.
    """
    return build_generation(
        documents,
        settings,
        embedder or load_embedder(settings, report=lambda text: progress(text, 0, 0)),
        corpus_digest=corpus_digest,
        problems=problems,
        expected=expected,
        progress=progress,
    )


def build_from_corpus(
    settings: Settings, *, progress: Progress = quiet, embedder: Any = None
) -> BuildReport:
    """Builds and publishes a generation of the corpus folder; unchanged files are not read again.

    Raises:
        SourceNotFound: The corpus folder does not exist.
        IndexBusy: Another process is building this index.
        ModelUnavailable: The model is missing or damaged.
    """
    files, problems = scan(settings.corpus)
    expected, unreadable = read_expected(settings.corpus)
    with _known_documents(settings) as known:
        documents = read_documents(settings.corpus, files, settings, known=known)
        return build_library(
            reread(documents, len(files), progress),
            settings,
            corpus_digest=corpus_digest(settings.corpus, files),
            problems=[*problems, *unreadable],
            expected=expected,
            progress=progress,
            embedder=embedder,
        )


def open_or_build(settings: Settings, *, progress: Progress = quiet) -> Library:
    """The library of the corpus as it is; builds it first if it is missing or stale.

    Raises:
        SourceNotFound: The corpus folder does not exist.
        IndexBusy: Another process is building this index.
    """
    try:
        return Library.open(settings)
    except (IndexMissing, IndexMismatch, IndexDamaged):
        build_from_corpus(settings, progress=progress)
        return Library.open(settings)


def published_generation(settings: Settings) -> str | None:
    """Identifier of the generation that is published now; None before the first build."""
    return current_name(settings.index)


@contextmanager
def _known_documents(settings: Settings) -> Iterator[Callable[[str, str], Document | None]]:
    """Documents of the published generation by path and checksum, if it can be opened."""
    try:
        opened = open_generation(settings)
    except (IndexMissing, IndexMismatch, IndexDamaged):
        yield lambda path, sha256: None
        return
    by_file: Mapping[SourceFile | tuple[str, str], str] = {
        (source.path, source.sha256): source.document_id for source in opened.tables.sources
    }

    def known(path: str, sha256: str) -> Document | None:
        found = by_file.get((path, sha256))
        return opened.tables.document(found) if found else None

    try:
        yield known
    finally:
        opened.close()


def _bare(question: str) -> str:
    """The words of a question, to tell whether two are the same."""
    return " ".join(words(question))


def _sentences_of(document: Document, section: Section) -> list[tuple[int, int]]:
    """Spans of the sentences below a heading, block by block."""
    return [
        span
        for block in document.blocks
        if section.start <= block.start < section.end and block.kind in ("paragraph", "item")
        for span in sentence_spans(document.text, block.start, block.end)
    ]


def _first_sentence(document: Document, section: Section) -> tuple[int, int] | None:
    return next(iter(_sentences_of(document, section)), None)


def _check_frameworks(filters: Filters, sources: Iterable[Source]) -> None:
    if filters.frameworks:
        known = {source.metadata.framework for source in sources}
        unknown = [slug for slug in filters.frameworks if slug not in known]
        if unknown:
            raise SourceNotFound(
                f"No framework {unknown[0]!r} in this library. See the names with: kb frameworks"
            )
