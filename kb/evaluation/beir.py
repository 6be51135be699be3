"""The files of a data set in BEIR layout: corpus, queries, judgements, gold answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from kb.errors import BadDataset
from kb.evaluation.lines import read_json_lines, read_text, required_text
from kb.evaluation.questions import Gold, Question
from kb.expected import find_quote
from kb.records import Block, Document, Metadata, Source

Judgements = Mapping[str, Mapping[str, int]]


def read_corpus(path: Path) -> tuple[Document, ...]:
    """Documents of a BEIR `corpus.jsonl`, the text as it stands, a paragraph for each line.

    Raises:
        BadDataset: The file is missing or empty, or a line lacks `_id` or doubles one.
    """
    documents: dict[str, Document] = {}
    for place, row in read_json_lines(path):
        identifier = required_text(row, "_id", place)
        if identifier in documents:
            raise BadDataset(f'{place} doubles the document id "{identifier}"; ids must differ')
        text = row.get("text")
        if not isinstance(text, str):
            raise BadDataset(f'{place} has no "text"; its fields are {sorted(row)}')
        documents[identifier] = beir_document(identifier, str(row.get("title") or ""), text)
    if not documents:
        raise BadDataset(f"{path} holds no document; expected one JSON object a line")
    return tuple(documents.values())


def beir_document(identifier: str, title: str, text: str) -> Document:
    """One row of a BEIR corpus as a document whose path is its identifier."""
    raw = text.encode("utf-8", errors="surrogatepass")
    blocks = tuple(
        Block("paragraph", match.start(), match.start() + len(match.group().rstrip()))
        for match in re.finditer(r"\S[^\n]*", text)
    )
    source = Source(
        document_id=identifier,
        path=identifier,
        sha256=hashlib.sha256(title.encode() + b"\0" + raw).hexdigest(),
        size_bytes=len(raw),
        format="text",
        metadata=Metadata(title=title or identifier),
    )
    return Document(source=source, text=text, blocks=blocks)


def read_queries(path: Path, *, answerable: bool) -> tuple[Question, ...]:
    """Queries of a BEIR file; a `definition` field becomes a reference answer.

    Raises:
        BadDataset: The file is missing or empty, or a line lacks `_id` or `text` or doubles one.
    """
    queries: dict[str, Question] = {}
    for place, row in read_json_lines(path):
        identifier = required_text(row, "_id", place)
        if identifier in queries:
            raise BadDataset(f'{place} doubles the query id "{identifier}"; ids must differ')
        definition = row.get("definition")
        queries[identifier] = Question(
            question_id=identifier,
            text=required_text(row, "text", place),
            kind="question" if answerable else "unanswerable",
            answerable=answerable,
            references=(definition,) if isinstance(definition, str) else (),
        )
    if not queries:
        raise BadDataset(f"{path} holds no query; expected one JSON object a line")
    return tuple(queries.values())


def read_qrels(path: Path, *, documents: Mapping[str, str] | None = None) -> Judgements:
    """Grade by document, by query, from three columns (BEIR) or four (TREC).

    Args:
        path: Tab or blank separated; a first line whose grade is no number is a header.
        documents: If given, every judged document must be among its keys.

    Raises:
        BadDataset: A line breaks the format, names an unknown document, or contradicts an
            earlier one; or no line is there.
    """
    judgements: dict[str, dict[str, int]] = {}
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        cells = line.split("\t") if "\t" in line else line.split()
        if not line.strip() or (number == 1 and not _is_grade(cells[-1])):
            continue
        if len(cells) not in (3, 4) or not _is_grade(cells[-1]):
            raise BadDataset(
                f'{path.name}:{number} is "{line.strip()[:80]}"; expected query, document, grade'
            )
        query, document, grade = cells[0], cells[-2], int(cells[-1])
        if documents is not None and document not in documents:
            raise BadDataset(
                f'{path.name}:{number} names the document "{document}", which corpus.jsonl lacks'
            )
        grades = judgements.setdefault(query, {})
        if grades.setdefault(document, grade) != grade:
            raise BadDataset(
                f'{path.name}:{number} grades "{document}" {grade} for query "{query}" and '
                f"an earlier line {grades[document]}; keep one of them"
            )
    if not judgements:
        raise BadDataset(f"{path} holds no judgement; expected query, document, grade")
    return judgements


def _is_grade(cell: str) -> bool:
    return re.fullmatch(r"-?\d+", cell.strip()) is not None


def read_excluded(path: Path) -> Mapping[str, frozenset[str]]:
    """Documents to take out of a query's ranking, by query; empty without the file."""
    excluded: dict[str, frozenset[str]] = {}
    for line in read_text(path).split("\n") if path.exists() else ():
        cells = line.split()
        if len(cells) == 2:
            excluded[cells[0]] = excluded.get(cells[0], frozenset()) | {cells[1]}
    return excluded


def read_answers(path: Path, texts: Mapping[str, str]) -> Mapping[str, tuple[Gold, ...]]:
    """Gold spans by query; several spans of one query are alternatives. Empty without the file.

    Raises:
        BadDataset: A span does not stand at its offset; the message says moved or gone.
    """
    answers: dict[str, tuple[Gold, ...]] = {}
    for place, row in read_json_lines(path) if path.exists() else ():
        identifier = required_text(row, "_id", place)
        document = required_text(row, "doc_id", place)
        if document not in texts:
            raise BadDataset(f'{place} names the document "{document}", which corpus.jsonl lacks')
        golds: dict[tuple[str, int], Gold] = {}
        for answer in row.get("answers") or ():
            quote, start = required_text(answer, "text", place), answer.get("start")
            if not isinstance(start, int) or texts[document][start:][: len(quote)] != quote:
                raise BadDataset(_misplaced(place, document, quote, start, texts[document]))
            golds[quote, start] = Gold(document, quote, ((start, start + len(quote)),))
        answers[identifier] = tuple(golds.values())
    return answers


def _misplaced(place: str, document: str, quote: str, start: object, text: str) -> str:
    spans = find_quote(text, quote)
    fate = f"it moved to {spans[0][0]}" if spans else "it is gone"
    return f'{place}: "{quote[:60]}" does not stand at {start} of "{document}"; {fate}'
