"""Vectors of passages that were embedded before, by model and text, so a rebuild is cheap."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.interaction import Bytes
from kb.records import Vectors


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """Everything the model says of one passage.

    Attributes:
        vector: Unit vector of context and text, shape (dimension,).
        sentences: One row a sentence, shape (sentences, dimension), int8.
        words: One row a word, shape (words, word dimension), int8.
        word_starts: Offset of each word in the embedded text, shape (words,).
    """

    vector: Vectors
    sentences: Bytes
    words: Bytes
    word_starts: NDArray[np.int32]


class VectorCache:
    """A SQLite file of vectors, one for each model; safe to lose.

    Raises:
        sqlite3.DatabaseError: From any method, if the file is damaged.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file, timeout=30)
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL,"
                " sentences BLOB NOT NULL, words BLOB NOT NULL, word_starts BLOB NOT NULL,"
                " checksum INTEGER NOT NULL)"
            )
        except sqlite3.DatabaseError:
            self._connection.close()
            raise

    @staticmethod
    def key(text: str, sentences: Sequence[tuple[int, int]]) -> bytes:
        """Key of an embedded text with its sentence spans."""
        return hashlib.sha256(f"{text}\0{sentences}".encode()).digest()

    def missing(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of the keys that hold nothing yet."""
        wanted = set(keys)
        found = self._connection.execute("SELECT key FROM vectors")
        return wanted.difference(key for (key,) in found)

    def put(self, entries: Mapping[bytes, PassageVectors]) -> None:
        """Keep the vectors; what is there already stays."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?, ?, ?, ?)",
                ((key, *blobs, _checksum(blobs)) for key, blobs in map(_packed, entries.items())),
            )

    def get(self, key: bytes, dimension: int, width: int) -> PassageVectors:
        """Vectors of a key that is not missing.

        Args:
            key: From `key`.
            dimension: Length of a passage's vector.
            width: Length of a word's vector.
        """
        *blobs, checksum = self._connection.execute(
            "SELECT vector, sentences, words, word_starts, checksum FROM vectors WHERE key = ?",
            (key,),
        ).fetchone()
        if checksum != _checksum(blobs):
            raise sqlite3.DatabaseError("an entry does not have its checksum")
        vector, sentences, words, word_starts = blobs
        return PassageVectors(
            np.frombuffer(vector, np.float32),
            np.frombuffer(sentences, np.int8).reshape(-1, dimension),
            np.frombuffer(words, np.int8).reshape(-1, width),
            np.frombuffer(word_starts, np.int32),
        )

    def keep_only(self, keys: Iterable[bytes]) -> None:
        """Drop vectors of passages that are no longer there."""
        kept = set(keys)
        gone = [
            (key,)
            for (key,) in self._connection.execute("SELECT key FROM vectors")
            if key not in kept
        ]
        with self._connection:
            self._connection.executemany("DELETE FROM vectors WHERE key = ?", gone)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()


def cache_file(folder: Path, fingerprint: str) -> Path:
    """The file that holds the vectors of the model with that fingerprint."""
    name = hashlib.sha256(fingerprint.encode()).hexdigest()[:16]
    return folder / f"vectors-{name}.sqlite"


def _packed(entry: tuple[bytes, PassageVectors]) -> tuple[bytes, list[bytes]]:
    key, found = entry
    pieces = (found.vector, found.sentences, found.words, found.word_starts)
    return key, [piece.tobytes() for piece in pieces]


def _checksum(blobs: Sequence[bytes]) -> int:
    return zlib.crc32(b"".join(blobs))
