"""Documents to a published generation, embedding only what was never embedded before."""

from __future__ import annotations

import glob
import hashlib
import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from kb.cache import PassageVectors, VectorCache, cache_file
from kb.embedding import model_of
from kb.expected import Expected, placed, without_source
from kb.index import (
    EXPECTED,
    EXPECTED_PLACES,
    EXPECTED_TEXTS,
    EXPECTED_WORD_ROWS,
    EXPECTED_WORDS,
    LEXICAL,
    PROJECTION,
    SENTENCE_ROWS,
    SENTENCES,
    TABLES,
    VECTORS,
    WORD_ROWS,
    WORD_STARTS,
    WORDS,
    publish,
    shaping_settings,
    write_vectors,
    writer_lock,
)
from kb.interaction import SAMPLE_WORDS, Bytes, projection, quantised, span_vectors, word_vectors
from kb.lexical import build_lexical
from kb.passages import embedded_text, split_document
from kb.readings import forget
from kb.records import Document, Manifest, Passage, Vectors
from kb.sentences import sentence_spans
from kb.settings import Settings
from kb.spelling import write_words
from kb.tables import TableWriter

WRITTEN_TOGETHER = 256  # passages between two writes to the cache; bounds memory and lost work
PACKAGES = ("faiss-cpu", "bm25s", "langchain-text-splitters", "numpy", "openvino")
PROJECTIONS = Path(__file__).with_name("projections")  # by the fingerprint of a model
Progress = Callable[[str, int, int], None]  # stage in words, done, of how many (0: not known)
Spans = tuple[tuple[int, int], ...]
Asked = tuple[str, int, int]  # an expected question, row and number of the sentence that answers


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        embedded: Passages that the model had to read; the others came from the cache.
        problems: A sentence for each file that is left out or only partly understood.
    """

    manifest: Manifest
    embedded: int
    problems: tuple[str, ...]
    seconds: float


def build_generation(
    documents: Iterable[Document | str],
    settings: Settings,
    embedder: Any,
    *,
    corpus_digest: str,
    problems: Sequence[str] = (),
    expected: Mapping[str, Sequence[Expected]] = MappingProxyType({}),
    progress: Progress = lambda stage, done, total: None,
) -> BuildReport:
    """Builds and publishes a generation.

    Args:
        documents: In order of path; a string stands for a file without a document and
            says why.
        settings: Name the index folder and shape the passages.
        embedder: Offers `encode_tokens` besides the `Embedder` protocol.
        corpus_digest: Of the files that the documents came from.
        problems: Sentences on files that were passed over before.
        expected: Questions by the path of the source that answers them.
        progress: Told of every step.

    Raises:
        IndexBusy: Another process is building this index.
    """
    began = time.perf_counter()
    found_problems = list(problems)
    with writer_lock(settings.index):
        home = settings.index / "generations"
        home.mkdir(parents=True, exist_ok=True)
        for abandoned in home.glob(".work-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        work = Path(tempfile.mkdtemp(dir=home, prefix=".work-"))
        try:
            texts, spans, asked, counts = _write_tables(
                documents, settings, embedder, work, expected, found_problems, progress
            )
            embedded = _write_vectors(texts, spans, asked, settings, embedder, work, progress)
            progress("Counting words", 0, 0)
            build_lexical(texts, work / LEXICAL)
            write_words([*texts, *(question for question, _, _ in asked)], work)
            facts = {
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "embedder": embedder.fingerprint,
                "dimension": embedder.dimension,
                "settings": shaping_settings(settings),
                "corpus_digest": corpus_digest,
                "documents": counts[0],
                "passages": counts[1],
                "problems": tuple(found_problems),
                "versions": {name: version(name) for name in PACKAGES},
            }
            manifest = publish(work, settings.index, facts)
            forget(settings)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    seconds = time.perf_counter() - began
    return BuildReport(manifest, embedded, tuple(found_problems), seconds)


def _write_tables(
    documents: Iterable[Document | str],
    settings: Settings,
    embedder: Any,
    work: Path,
    expected: Mapping[str, Sequence[Expected]],
    problems: list[str],
    progress: Progress,
) -> tuple[list[str], list[Spans], list[Asked], tuple[int, int]]:
    writer = TableWriter(work / TABLES)
    texts: list[str] = []
    spans: list[Spans] = []
    asked: list[Asked] = []
    paths: list[str] = []
    for document in documents:
        if isinstance(document, str):
            problems.append(document)
            continue
        progress("Reading", writer.documents, 0)
        passages = split_document(
            document,
            embedder,
            limit=settings.passage_tokens,
            overlap_chars=settings.overlap_chars,
        )
        problems.extend(f"{document.source.path}: {problem}" for problem in document.problems)
        if not passages:
            problems.append(f"{document.source.path}: holds no text to index")
        sentences = passage_sentences(document, passages)
        writer.add(document, list(zip(passages, sentences, strict=True)))
        own, unplaced = placed(
            expected.get(document.source.path, ()),
            document.text,
            dict(enumerate(sentences, start=len(texts))),
        )
        asked += own
        problems += unplaced
        paths.append(document.source.path)
        for passage, found in zip(passages, sentences, strict=True):
            texts.append(embedded_text(passage))
            before = len(texts[-1]) - len(passage.text) - passage.start
            spans.append(tuple((start + before, end + before) for start, end in found))
    writer.close()
    problems += without_source(expected, paths)
    asked.sort(key=lambda question: question[1:])
    return texts, spans, asked, (writer.documents, writer.passages)


def passage_sentences(document: Document, passages: Sequence[Passage]) -> list[Spans]:
    """For each passage the spans of its sentences in the document's text, block by block."""
    found: list[Spans] = []
    blocks, first = document.blocks, 0
    for passage in passages:
        while first < len(blocks) and blocks[first].end <= passage.start:
            first += 1
        spans: list[tuple[int, int]] = []
        at = first
        while at < len(blocks) and blocks[at].start < passage.end:
            start, end = max(blocks[at].start, passage.start), min(blocks[at].end, passage.end)
            if start < end:
                spans += sentence_spans(document.text, start, end)
            at += 1
        found.append(tuple(spans))
    return found


def _write_vectors(
    texts: Sequence[str],
    spans: Sequence[Spans],
    asked: Sequence[Asked],
    settings: Settings,
    embedder: Any,
    work: Path,
    progress: Progress,
) -> int:
    """Number of passages that were embedded; a damaged cache is thrown away and filled again."""
    file = cache_file(settings.index / "cache", embedder.fingerprint)
    try:
        return _write_cached(file, texts, spans, asked, settings, embedder, work, progress)
    except sqlite3.DatabaseError:
        for damaged in file.parent.glob(f"{file.name}*"):
            damaged.unlink()
        return _write_cached(file, texts, spans, asked, settings, embedder, work, progress)


def _write_cached(
    file: Path,
    texts: Sequence[str],
    spans: Sequence[Spans],
    asked: Sequence[Asked],
    settings: Settings,
    embedder: Any,
    work: Path,
    progress: Progress,
) -> int:
    cache = VectorCache(file)
    try:
        matrix = word_projection(settings, embedder)
        count = len(texts)
        texts = [*texts, *(question for question, _, _ in asked)]
        spans = [*spans, *(() for _ in asked)]
        keys = [cache.key(text, found) for text, found in zip(texts, spans, strict=True)]
        missing = cache.missing(keys)
        todo = list({key: row for row, key in enumerate(keys) if key in missing}.values())
        todo.sort(key=lambda row: (-len(texts[row]), row))  # like lengths share a batch
        ready: dict[bytes, PassageVectors] = {}
        progress("Embedding passages", 0, len(todo))
        found = embedded(
            [texts[row] for row in todo], [spans[row] for row in todo], embedder, matrix
        )
        for done, (at, vectors) in enumerate(found, start=1):
            ready[keys[todo[at]]] = vectors
            if len(ready) == WRITTEN_TOGETHER or done == len(todo):
                cache.put(ready)
                ready.clear()
                progress("Embedding passages", done, len(todo))
        progress("Writing", 0, 0)
        _assemble(cache, keys[:count], embedder.dimension, matrix, work)
        width = matrix.shape[1]
        expected_vectors = np.zeros((len(asked), embedder.dimension), np.float32)
        with _Rows(work / EXPECTED_WORDS, work / EXPECTED_WORD_ROWS, width) as words:
            for row, key in enumerate(keys[count:]):
                stored = cache.get(key, embedder.dimension, width)
                expected_vectors[row] = stored.vector
                words.add(stored.words)
        write_vectors(expected_vectors, work / EXPECTED, half=True)
        places = np.array([place for _, *place in asked], np.int64).reshape(-1, 2)
        np.save(work / EXPECTED_PLACES, places)
        questions = json.dumps([question for question, *_ in asked], ensure_ascii=False)
        (work / EXPECTED_TEXTS).write_text(questions, encoding="utf-8")
        if len(todo) or len(keys):
            cache.keep_only(keys)
    finally:
        cache.close()
    return sum(row < count for row in todo)


def embedded(
    texts: Sequence[str], spans: Sequence[Spans], embedder: Any, matrix: Vectors
) -> Iterator[tuple[int, PassageVectors]]:
    """Position and vectors of every text, in no fixed order.

    Args:
        texts: Those of like length together.
        spans: Of each text's sentences.
        embedder: Offers `encode_tokens`.
        matrix: The model's projection of word vectors.
    """
    # The model keeps every core busy; a second thread for small products would wait for one.
    with threadpool_limits(1, user_api="blas"):
        for at, output in embedder.encode_tokens(texts):
            words, starts = word_vectors(texts[at], output, matrix)
            sentences = span_vectors(output, spans[at])
            vector = np.asarray(output.vector, np.float32)
            yield at, PassageVectors(vector, quantised(sentences), quantised(words), starts)


def word_projection(settings: Settings, embedder: Any) -> Vectors:
    """The model's projection of word vectors, as this index has it; shape (dimension, width).

    Its file is named by its checksum. A new index takes the one that ships for the model, or
    computes it.
    """
    folder = settings.index / "cache"
    name = f"projection-{embedder.fingerprint}-"
    for file in folder.glob(f"{glob.escape(name)}*.npy"):
        if file.stem.removeprefix(name) == _digest(file):
            found: Vectors = np.load(file)
            return found
        file.unlink()
    shipped = PROJECTIONS / f"{model_of(embedder.fingerprint)}.npy"
    matrix: Vectors = np.load(shipped) if shipped.is_file() else computed_projection(embedder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".npy", delete=False) as written:
        np.save(written, matrix)
    file = Path(written.name)
    file.replace(folder / f"{name}{_digest(file)}.npy")
    return matrix


def computed_projection(embedder: Any) -> Vectors:
    """The projection that `kb.interaction.projection` makes of the model's own vocabulary."""
    words = embedder.vocabulary()
    sample = [
        " ".join(words[first : first + SAMPLE_WORDS])
        for first in range(0, len(words), SAMPLE_WORDS)
    ]
    return projection([found for _, found in embedder.encode_tokens(sample)], embedder.dimension)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def _assemble(
    cache: VectorCache, keys: Sequence[bytes], dimension: int, matrix: Vectors, work: Path
) -> None:
    """Writes vectors of every row in order; those of sentences and words go to disk at once."""
    vectors = np.zeros((len(keys), dimension), np.float32)
    word_starts = [np.zeros(0, np.int32)]
    with (
        _Rows(work / SENTENCES, work / SENTENCE_ROWS, dimension) as sentences,
        _Rows(work / WORDS, work / WORD_ROWS, matrix.shape[1]) as words,
    ):
        for row, key in enumerate(keys):
            found = cache.get(key, dimension, matrix.shape[1])
            vectors[row] = found.vector
            sentences.add(found.sentences)
            words.add(found.words)
            word_starts.append(found.word_starts)
    write_vectors(vectors, work / VECTORS)
    np.save(work / WORD_STARTS, np.concatenate(word_starts))
    np.save(work / PROJECTION, matrix)


class _Rows:
    """A .npy file of int8 rows that grows piece by piece, and the row at which each piece begins.

    numpy leaves room in the header for a number of rows that is known at the end only.
    """

    def __init__(self, file: Path, starts: Path, width: int) -> None:
        self._file = file.open("wb")
        self._starts_file = starts
        self._width = width
        self._starts = [0]

    def __enter__(self) -> _Rows:
        self._write_header()
        return self

    def add(self, piece: Bytes) -> None:
        """Appends the rows of one passage."""
        self._file.write(np.ascontiguousarray(piece, np.int8).tobytes())
        self._starts.append(self._starts[-1] + len(piece))

    def __exit__(self, *_: object) -> None:
        self._file.seek(0)
        self._write_header()
        self._file.close()
        np.save(self._starts_file, np.array(self._starts, np.int64))

    def _write_header(self) -> None:
        shape = (self._starts[-1], self._width)
        header = {"descr": "|i1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)


def reread(
    documents: Iterator[Document | str], total: int, progress: Progress
) -> Iterator[Document | str]:
    """The same documents, telling `progress` how many of `total` were read."""
    for done, document in enumerate(documents):
        progress("Reading files", done, total)
        yield document
