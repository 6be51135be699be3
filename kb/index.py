"""A generation on disk: publish, open, verify, search.

`index/generations/<id>/` holds everything with a manifest of checksums; the file
`index/CURRENT` names the published one and is replaced atomically. FAISS stays in here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faiss
import filelock
import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexMissing
from kb.expected import COMPARED, NOTHING_BELOW, Likeness
from kb.interaction import cosines, maxsim_both_ways, unit
from kb.lexical import LexicalIndex
from kb.readings import readers_digest
from kb.records import Manifest, Vectors
from kb.settings import Settings
from kb.spelling import Speller
from kb.tables import Tables

FORMAT = 9  # raise when the files of a generation change their meaning
MANIFEST = "manifest.json"
TABLES = "library.sqlite"
VECTORS = "passages.faiss"
SENTENCES = "sentences.npy"
SENTENCE_ROWS = "sentence_rows.npy"
WORDS = "words.npy"
WORD_ROWS = "word_rows.npy"
WORD_STARTS = "word_starts.npy"
PROJECTION = "projection.npy"
EXPECTED = "expected.faiss"
EXPECTED_WORDS = "expected_words.npy"
EXPECTED_WORD_ROWS = "expected_word_rows.npy"
EXPECTED_PLACES = "expected_places.npy"
EXPECTED_TEXTS = "expected.json"
LEXICAL = "bm25"
# Half-precision rows beyond which codes choose what is looked at: of 25,037 expected questions the
# 20 nearest are found exactly and .98 of 200, in .45 ms instead of 2.0; in no result file.
SKIMMED_FROM = 10_000
DIMENSIONS_OF_CODE = 4  # that one code of 4 bits stands for
LOOKED_AT = 4  # rows looked at exactly for each that is wanted
Rows = NDArray[np.int64]


class Generation:
    """An opened generation; row *i* is the same passage everywhere in it."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.tables = Tables(folder / TABLES)
        self.lexical = LexicalIndex(folder / LEXICAL)
        self.speller = Speller(folder)
        self.projection: Vectors = np.load(folder / PROJECTION)
        self.document_numbers = np.array(self.tables.document_numbers(), np.int32)
        self._index: Any = faiss.read_index(str(folder / VECTORS))
        self._sentences = _mapped(folder / SENTENCES)
        self._sentence_rows = np.load(folder / SENTENCE_ROWS)
        self._words = _mapped(folder / WORDS)
        self._word_rows = np.load(folder / WORD_ROWS)
        self._word_starts = _mapped(folder / WORD_STARTS)
        self._expected: Any = faiss.read_index(str(folder / EXPECTED))
        self._expected_words = _mapped(folder / EXPECTED_WORDS)
        self._expected_word_rows = np.load(folder / EXPECTED_WORD_ROWS)
        places = np.load(folder / EXPECTED_PLACES)
        self._expected_rows, self._expected_sentences = map(np.ascontiguousarray, places.T)
        self._expected_texts: list[str] = json.loads((folder / EXPECTED_TEXTS).read_text("utf-8"))
        asked = np.unique(self.document_numbers[self._expected_rows])
        self._of_asked = np.isin(self.document_numbers, asked)

    @property
    def count(self) -> int:
        """Passages in this generation."""
        return int(self._index.ntotal)

    @property
    def expects(self) -> bool:
        """Whether any question is expected."""
        return bool(len(self._expected_rows))

    def search(
        self, vector: Vectors, limit: int, *, allowed: Rows | None = None
    ) -> tuple[Rows, Vectors]:
        """Rows and cosines of the nearest passages, best first.

        Args:
            vector: Unit vector of shape (dimension,).
            limit: Upper bound on rows.
            allowed: Rows that may be found; every row by default.
        """
        chosen = (
            None if allowed is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        )
        cosines, rows = self._index.search(vector[None], min(limit, self.count), params=chosen)
        found = rows[0] >= 0
        return rows[0][found], cosines[0][found]

    def likeness(self, vector: Vectors, words: Vectors) -> Likeness:
        """How much a question is like those that are expected.

        The mean of three: the cosine, and MaxSim of its words with the other's and of the other's
        with its own, of those that are nearest by cosine.

        Args:
            vector: The question's unit vector.
            words: Unit vectors of its words, shape (words, word dimension).
        """
        rows, sentences = self._expected_rows, self._expected_sentences
        values = np.zeros(len(rows), np.float32)
        if not len(rows):
            return Likeness(rows, sentences, values, self._of_asked)
        (cosines,), (near,) = self._expected.search(vector[None], min(COMPARED, len(rows)))
        others, counts = _gathered(self._expected_words, self._expected_word_rows, near)
        there, back = maxsim_both_ways(words, others.astype(np.float32), counts)
        values[near] = np.maximum((cosines + there + back) / 3 - NOTHING_BELOW, 0)
        return Likeness(rows, sentences, values, self._of_asked)

    def expected_words(self, at: int) -> Vectors:
        """Unit vectors of the words of an expected question, shape (words, word dimension)."""
        first, last = self._expected_word_rows[at : at + 2]
        return unit(self._expected_words[first:last].astype(np.float32))

    def expected_questions(self, found: Likeness) -> Iterator[tuple[str, float, int, int]]:
        """Expected questions with how much they are like the one asked, most alike first.

        Args:
            found: Of the question asked.

        Yields:
            Text, value, row and number of the sentence that answers.
        """
        for at in np.argsort(-found.values, kind="stable"):
            place = int(found.rows[at]), int(found.sentences[at])
            yield self._expected_texts[at], float(found.values[at]), *place

    def vectors(self, rows: Sequence[int] | Rows) -> Vectors:
        """Unit vectors of the passages, shape (rows, dimension)."""
        if not len(rows):
            return np.zeros((0, self.manifest.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(np.asarray(rows, np.int64)), np.float32)

    def sentence_vectors(self, row: int) -> Vectors:
        """Unit vectors of the passage's sentences in context, shape (sentences, dimension)."""
        first, last = self._sentence_rows[row], self._sentence_rows[row + 1]
        return unit(self._sentences[first:last].astype(np.float32))

    def best_sentences(self, rows: Rows, vector: Vectors) -> tuple[Vectors, Vectors]:
        """For each row the highest cosine of a sentence, and the mean of its two highest.

        Args:
            rows: Of passages.
            vector: The question's unit vector.

        Returns:
            Two arrays of shape (rows,); -1 for a passage without sentences.
        """
        firsts, counts = self._sentence_rows[rows], np.diff(self._sentence_rows)[rows]
        widest = int(counts.max(initial=0))
        if not widest:
            return np.full(len(rows), -1.0, np.float32), np.full(len(rows), -1.0, np.float32)
        within = np.arange(widest)
        present = within < counts[:, None]
        found = np.asarray(self._sentences[(firsts[:, None] + within)[present]], np.float32)
        every = np.full((len(rows), widest), -1.0, np.float32)
        every[present] = cosines(found, vector)
        ordered = -np.sort(-every, axis=1)
        second = np.where(counts > 1, ordered[:, min(1, widest - 1)], ordered[:, 0])
        return ordered[:, 0], np.asarray((ordered[:, 0] + second) / 2, np.float32)

    def sentence_cosines(self, rows: Sequence[int] | Rows, vector: Vectors) -> Vectors:
        """Cosines of a unit vector with the rows' sentences, one row after the other."""
        found, _ = _gathered(self._sentences, self._sentence_rows, rows)
        return cosines(found.astype(np.float32), vector)

    def word_vectors(
        self, rows: Sequence[int] | Rows
    ) -> tuple[Vectors, NDArray[np.int32], NDArray[np.int64]]:
        """Words of the passages, one passage after the other, each in reading order.

        Returns:
            Vectors as they are stored, of any length, shape (words, word dimension); offsets of
            the words in the embedded text of their passage, shape (words,); number of words of
            each row, shape (rows,).
        """
        found, counts = _gathered(self._words, self._word_rows, rows)
        starts, _ = _gathered(self._word_starts, self._word_rows, rows)
        return found.astype(np.float32), starts, counts

    def close(self) -> None:
        """Release the files."""
        self.tables.close()


def _mapped(file: Path) -> NDArray[Any]:
    """The file's array where it lies, as a plain array: slicing a memmap costs more."""
    mapped: NDArray[Any] = np.load(file, mmap_mode="r").view(np.ndarray)
    return mapped


def _gathered(
    stored: NDArray[Any], bounds: NDArray[np.int64], rows: Sequence[int] | Rows
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The entries of the rows one after the other, and how many each row has."""
    at = np.asarray(rows, np.int64)
    firsts, lasts = bounds[at], bounds[at + 1]
    found = [
        stored[first:last] for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
    ]
    return np.concatenate([stored[:0], *found]), lasts - firsts


def write_vectors(vectors: Vectors, file: Path, *, half: bool = False) -> None:
    """Write unit vectors as an inner-product index, row by row, exact but for what `half` says.

    Args:
        vectors: Shape (rows, dimension).
        file: To be written.
        half: With 16 bits a number: many small searches wait for memory more than for sums. Of
            more than `SKIMMED_FROM` rows those worth an exact look are chosen by product
            quantisation (Jégou et al. 2011, doi 10.1109/TPAMI.2010.57; read as in André et al.
            2017, arXiv 1704.07355).
    """
    width = vectors.shape[1]
    kind = "SQfp16" if half else "Flat"
    if half and len(vectors) > SKIMMED_FROM and width % DIMENSIONS_OF_CODE == 0:
        kind = f"PQ{width // DIMENSIONS_OF_CODE}x4fs,Refine({kind})"
    index: Any = faiss.index_factory(width, kind, faiss.METRIC_INNER_PRODUCT)
    rows = np.ascontiguousarray(vectors, np.float32)
    if not index.is_trained:
        index.train(rows)
        index.k_factor = float(LOOKED_AT)
    index.add(rows)
    faiss.write_index(index, str(file))


def shaping_settings(settings: Settings) -> dict[str, Any]:
    """The settings that a generation depends on."""
    return {
        "format": FORMAT,
        "readers": readers_digest(),
        "ocr": settings.ocr,
        "passage_tokens": settings.passage_tokens,
        "overlap_chars": settings.overlap_chars,
    }


@contextmanager
def writer_lock(index: Path) -> Iterator[None]:
    """Holds the index for one writer.

    Raises:
        IndexBusy: Another process is building it; the message says which, since when.
    """
    index.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(index / ".writer.lock", timeout=0)
    writer = index / ".writer"
    try:
        lock.acquire()
    except filelock.Timeout:
        raise IndexBusy(
            f"Another process is building {index}{_named_writer(writer)}. "
            "Wait until it is done, then run: kb build"
        ) from None
    try:
        began = datetime.now(UTC).strftime("%H:%M UTC")
        writer.write_text(f"number {os.getpid()}, since {began}", encoding="utf-8")
        yield
    finally:
        writer.unlink(missing_ok=True)
        lock.release()


def _named_writer(writer: Path) -> str:
    """Who holds the lock, in brackets; empty in the moment before it is written down."""
    try:
        return f" ({writer.read_text(encoding='utf-8')})"
    except OSError:
        return ""


def publish(work: Path, index: Path, facts: Mapping[str, Any]) -> Manifest:
    """Turns a finished folder into the current generation.

    Args:
        work: Folder below `index` with every file of the generation.
        index: The index folder; its writer lock is held.
        facts: Fields of the manifest but `generation` and `files`.
    """
    files = {
        file.relative_to(work).as_posix(): _sha256(file) or ""
        for file in sorted(work.rglob("*"))
        if file.is_file()
    }
    identity = _identity({**facts, "files": files})
    manifest = Manifest(generation=identity, files=files, **facts)
    (work / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    for file in [*work.rglob("*"), work]:
        _flush(file)
    home = index / "generations" / identity
    previous = current_name(index)
    if not _is_whole(home):
        if home.exists():
            os.replace(home, Path(tempfile.mkdtemp(dir=home.parent, prefix=".work-")) / "damaged")
        os.replace(work, home)
        _flush(home.parent)
    pointer = index / "CURRENT.new"
    pointer.write_text(identity + "\n", encoding="utf-8")
    _flush(pointer)
    os.replace(pointer, index / "CURRENT")
    _flush(index)
    for old in home.parent.iterdir():
        if old.name not in (identity, previous):
            shutil.rmtree(old, ignore_errors=True)
    return manifest


def current_name(index: Path) -> str | None:
    """Identifier of the published generation; None before the first build."""
    try:
        return (index / "CURRENT").read_text(encoding="utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None


def open_generation(settings: Settings, *, name: str | None = None) -> Generation:
    """The published generation, or the named one, with every checksum verified.

    Raises:
        IndexMissing: Nothing is published, or the named generation is not there.
        IndexDamaged: A file is missing or differs from its checksum.
        IndexMismatch: It was built with other settings.
    """
    name = name or current_name(settings.index)
    folder = settings.index / "generations" / (name or "")
    if not name or not (folder / MANIFEST).is_file():
        raise IndexMissing(f"{settings.index} holds no such generation. Build it with: kb build")
    manifest = verify_generation(folder)
    wanted = shaping_settings(settings)
    for key, expected in wanted.items():
        if manifest.settings.get(key) != expected:
            raise IndexMismatch(
                f"{settings.index} was built with {key} = {manifest.settings.get(key)}; the "
                f"settings ask for {expected}. Rebuild with: kb build"
            )
    return Generation(folder, manifest)


def verify_generation(folder: Path) -> Manifest:
    """The manifest of a generation whose files all have their checksums.

    Raises:
        IndexDamaged: A file is missing or differs.
    """
    try:
        stated = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**{**stated, "problems": tuple(stated["problems"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexDamaged(
            f"{folder}/{MANIFEST} cannot be read ({error}). Rebuild with: kb build"
        ) from None
    if not manifest.generation == folder.name == _identity(stated):
        raise IndexDamaged(
            f"{folder}/{MANIFEST} does not state what was published. Rebuild with: kb build"
        )
    with ThreadPoolExecutor(2) as pool:
        found = dict(
            zip(
                manifest.files,
                pool.map(lambda name: _sha256(folder / name), manifest.files),
                strict=True,
            )
        )
    for name, expected in manifest.files.items():
        if found[name] != expected:
            state = "is missing" if found[name] is None else "does not have its checksum"
            raise IndexDamaged(f"{folder}/{name} {state}. Rebuild with: kb build")
    return manifest


def check_embedder(manifest: Manifest, fingerprint: str, dimension: int, index: Path) -> None:
    """Refuses a generation that another model built.

    Raises:
        IndexMismatch: Names both models.
    """
    if (manifest.embedder, manifest.dimension) != (fingerprint, dimension):
        raise IndexMismatch(
            f'{index} holds {manifest.dimension}-dimension vectors from "{manifest.embedder}"; '
            f'the settings ask for "{fingerprint}" with {dimension}. Rebuild with: kb build'
        )


def _identity(facts: Mapping[str, Any]) -> str:
    """Identifier of a generation: a function of its manifest but for when it was made."""
    lasting = {key: fact for key, fact in facts.items() if key not in ("created", "generation")}
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:16]


def _is_whole(folder: Path) -> bool:
    """Whether the same content was published before and still has its checksums."""
    try:
        verify_generation(folder)
    except IndexDamaged:
        return False
    return True


def _sha256(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
