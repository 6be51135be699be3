"""Documents and passages of a generation in one SQLite file, written once, then read only."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kb.errors import SourceNotFound
from kb.records import Block, Document, Locator, Metadata, Passage, Source

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, document_id TEXT UNIQUE, path TEXT, sha256 TEXT, size INTEGER,
    format TEXT, metadata TEXT, text TEXT, blocks TEXT, raw_spans TEXT, problems TEXT);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, passage_id TEXT UNIQUE, document INTEGER, start INTEGER,
    "end" INTEGER, text TEXT, context TEXT, page TEXT, headings TEXT, paragraph INTEGER,
    tokens INTEGER, sentences TEXT);
CREATE INDEX passages_of ON passages (document, row);
"""
_DOCUMENT = "document_id, path, sha256, size, format, metadata"
_PASSAGE = (
    "p.row, p.passage_id, d.document_id, p.start, p.end, p.text, p.context, p.page, p.headings,"
    " p.paragraph, p.tokens, p.sentences FROM passages p JOIN documents d ON d.number = p.document"
)


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage with its row and the spans of its sentences in the document's text."""

    row: int
    passage: Passage
    sentences: tuple[tuple[int, int], ...]

    @property
    def texts(self) -> list[str]:
        """The sentences."""
        text, first = self.passage.text, self.passage.start
        return [text[start - first : end - first] for start, end in self.sentences]


class TableWriter:
    """Writes documents with their passages; rows count up from 0 in the order of writing."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        self.documents = 0
        self.passages = 0

    def add(
        self,
        document: Document,
        passages: Sequence[tuple[Passage, Sequence[tuple[int, int]]]],
    ) -> None:
        """Append one document and its passages, each with its sentence spans."""
        source = document.source
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.documents,
                source.document_id,
                source.path,
                source.sha256,
                source.size_bytes,
                source.format,
                _packed(asdict(source.metadata)),
                document.text,
                _packed(
                    [
                        (b.kind, b.start, b.end, b.level, b.page, int(b.ordered))
                        for b in document.blocks
                    ]
                ),
                _packed(document.raw_spans),
                _packed(document.problems),
            ),
        )
        for passage, sentences in passages:
            self._connection.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self.passages,
                    passage.passage_id,
                    self.documents,
                    passage.start,
                    passage.end,
                    passage.text,
                    passage.context,
                    passage.locator.page,
                    _packed(passage.locator.headings),
                    passage.locator.paragraph,
                    passage.tokens,
                    _packed(sentences),
                ),
            )
            self.passages += 1
        self.documents += 1

    def close(self) -> None:
        """Finish the file."""
        self._connection.commit()
        self._connection.close()


KEPT_PASSAGES = 4096  # that were read lately; some 10 MB


class Tables:
    """Reads the file; one connection, guarded, so that several threads may ask."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        self._passages: dict[int, PassageRow] = {}
        self.sources = tuple(
            _source(row) for row in self._all(f"SELECT {_DOCUMENT} FROM documents ORDER BY number")
        )
        self.number_of = {source.document_id: n for n, source in enumerate(self.sources)}

    def document(self, document_id: str) -> Document:
        """The document with that identifier.

        Raises:
            SourceNotFound: This generation holds no such document.
        """
        if document_id not in self.number_of:
            raise SourceNotFound(f"No document {document_id!r} in this generation. See: kb sources")
        number = self.number_of[document_id]
        text, blocks, raw_spans, problems = self._all(
            "SELECT text, blocks, raw_spans, problems FROM documents WHERE number = ?", (number,)
        )[0]
        return Document(
            self.sources[number],
            text,
            tuple(
                Block(kind, start, end, level, page, bool(ordered))
                for kind, start, end, level, page, ordered in json.loads(blocks)
            ),
            tuple(tuple(span) for span in json.loads(raw_spans)),
            tuple(json.loads(problems)),
        )

    def passages(self, rows: Sequence[int]) -> list[PassageRow]:
        """Passages of the rows, in the order of `rows`."""
        known = self._passages
        found = {row: known[row] for row in rows if row in known}
        new = [row for row in rows if row not in found]
        marks = ",".join("?" * len(new))
        read = {
            row[0]: _passage_row(row)
            for row in (
                self._all(f"SELECT {_PASSAGE} WHERE p.row IN ({marks})", new) if new else ()
            )
        }
        if len(known) + len(read) > KEPT_PASSAGES:
            self._passages = known = {}
        known.update(read)
        found |= read
        return [found[row] for row in rows]

    def row_of(self, passage_id: str) -> int:
        """Row of a passage.

        Raises:
            SourceNotFound: This generation holds no such passage.
        """
        found = self._all("SELECT row FROM passages WHERE passage_id = ?", (passage_id,))
        if not found:
            raise SourceNotFound(f"No passage {passage_id!r} in this generation. See: kb search")
        return int(found[0][0])

    def rows_of(self, document_id: str) -> list[int]:
        """Rows of a document's passages in reading order; empty for an unknown document."""
        number = self.number_of.get(document_id, -1)
        return [
            row
            for (row,) in self._all(
                "SELECT row FROM passages WHERE document = ? ORDER BY row", (number,)
            )
        ]

    def row_at(self, document_id: str, start: int, end: int) -> int | None:
        """Row of the first passage that shares characters with a stretch; None if none does.

        Raises:
            SourceNotFound: This generation holds no such document.
        """
        if document_id not in self.number_of:
            raise SourceNotFound(f"No document {document_id!r} in this generation. See: kb sources")
        found = self._all(
            'SELECT row FROM passages WHERE document = ? AND start < ? AND "end" > ?'
            " ORDER BY row LIMIT 1",
            (self.number_of[document_id], end, start),
        )
        return int(found[0][0]) if found else None

    def every_passage(self) -> Iterator[PassageRow]:
        """All passages by row."""
        yield from (_passage_row(row) for row in self._all(f"SELECT {_PASSAGE} ORDER BY p.row"))

    def document_numbers(self) -> list[int]:
        """For every row the position of its document in `sources`."""
        return [n for (n,) in self._all("SELECT document FROM passages ORDER BY row")]

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()


def _packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _source(row: Sequence[Any]) -> Source:
    document_id, path, sha256, size, format_, metadata = row
    fields = json.loads(metadata)
    for name in ("authors", "aliases", "people", "cites"):
        fields[name] = tuple(fields[name])
    return Source(document_id, path, sha256, size, format_, Metadata(**fields))


def _passage_row(row: Sequence[Any]) -> PassageRow:
    number, passage_id, document_id, start, end, text, context, page, headings, n, tokens, spans = (
        row
    )
    locator = Locator(page, tuple(json.loads(headings)), n)
    passage = Passage(passage_id, document_id, start, end, text, context, locator, tokens)
    return PassageRow(number, passage, tuple((a, b) for a, b in json.loads(spans)))
