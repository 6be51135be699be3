"""Evaluation data sets: a folder in BEIR layout, or a question set over the library itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import BadDataset
from kb.evaluation.beir import (
    Judgements,
    read_answers,
    read_corpus,
    read_excluded,
    read_qrels,
    read_queries,
)
from kb.evaluation.lines import digest_of
from kb.evaluation.questions import Gold, Question, in_split, read_questions
from kb.records import Document


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, their relevant documents and, in BEIR layout, the documents themselves.

    Attributes:
        digest: SHA-256 over the files that were read.
        judgements: Grade by document, by question; above 0 is relevant.
        documents: Empty for a question set: it is asked of the library.
        corpus_digest: SHA-256 of the documents' file; empty for a question set.
        excluded: Documents that are taken out of a question's ranking before scoring (a paper
            that is the question's own source), by question.
        unjudged: Queries that were left out because no judgement names them.
    """

    name: str
    digest: str
    questions: tuple[Question, ...]
    judgements: Judgements
    documents: tuple[Document, ...] = ()
    corpus_digest: str = ""
    excluded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unjudged: int = 0


def load_dataset(path: Path, *, qrels: Path | None = None, split: str = "all") -> Dataset:
    """The data set at a path: a folder that holds `corpus.jsonl`, or a question set of ours.

    Args:
        path: A folder in BEIR layout, a JSON-lines file of questions, or a folder of them.
        qrels: Judgements to use in place of the folder's own, as a path or as the name of a
            file in the folder. With `qrels_X.tsv`, a `queries_X.jsonl` beside it is used too.
        split: For question sets: `development`, `test` or `all`.

    Raises:
        BadDataset: Something is missing, doubled, empty or not in its format; the message
            names file and line.
    """
    if not path.exists():
        raise BadDataset(
            f"{path} does not exist; expected a folder in BEIR layout or a JSON-lines file "
            "of questions. Both are described in eval/README.md"
        )
    if path.is_dir() and ((path / "corpus.jsonl").exists() or (path / "queries.jsonl").exists()):
        return _load_beir(path, qrels)
    questions = in_split(read_questions(path), split)
    judgements: Judgements = {q.question_id: {g.document: 1 for g in q.gold} for q in questions}
    if qrels is not None:
        judgements = read_qrels(qrels)
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    name = path.stem if split == "all" else f"{path.stem}-{split}"
    return Dataset(name, digest_of(files), questions, judgements)


def _load_beir(folder: Path, qrels: Path | None) -> Dataset:
    documents = read_corpus(folder / "corpus.jsonl")
    texts = {document.document_id: document.text for document in documents}
    judged = _qrels_path(folder, qrels)
    judgements = read_qrels(judged, documents=texts)
    variant = folder / judged.name.replace("qrels", "queries").replace(".tsv", ".jsonl")
    asked = variant if variant.exists() else folder / "queries.jsonl"
    queries = read_queries(asked, answerable=True)
    _require_known(judgements, queries, judged, asked)
    answers = read_answers(folder / "answers.jsonl", texts)
    questions = [
        _with_answers(query, answers) for query in queries if query.question_id in judgements
    ]
    refused = folder / "queries_unanswerable.jsonl"
    if refused.exists() and asked.name == "queries.jsonl":
        questions += read_queries(refused, answerable=False)
    _refuse_doubled(questions, refused)
    names = ("corpus.jsonl", "answers.jsonl", "queries_unanswerable.jsonl", "source_docs.tsv")
    files = [asked, judged, *(folder / name for name in names)]
    return Dataset(
        name=folder.name,
        digest=digest_of(file for file in files if file.exists()),
        questions=tuple(questions),
        judgements=judgements,
        documents=documents,
        corpus_digest=digest_of([folder / "corpus.jsonl"]),
        excluded=_unless_relevant(read_excluded(folder / "source_docs.tsv"), judgements),
        unjudged=sum(query.question_id not in judgements for query in queries),
    )


def _unless_relevant(
    excluded: Mapping[str, frozenset[str]], judgements: Judgements
) -> Mapping[str, frozenset[str]]:
    """A document that these judgements call relevant stays in the ranking."""
    return {
        query: frozenset(d for d in documents if judgements.get(query, {}).get(d, 0) <= 0)
        for query, documents in excluded.items()
    }


def _qrels_path(folder: Path, qrels: Path | None) -> Path:
    if qrels is not None:
        return qrels if qrels.exists() else folder / qrels
    published = folder / "qrels" / "test.tsv"
    return published if published.exists() else folder / "qrels.tsv"


def _require_known(
    judgements: Judgements, queries: Sequence[Question], judged: Path, asked: Path
) -> None:
    known = {query.question_id for query in queries}
    unknown = sorted(set(judgements) - known)
    if unknown:
        raise BadDataset(
            f'{judged.name} judges {len(unknown)} queries that {asked.name} lacks, first "'
            f'{unknown[0]}"; the two files must belong together'
        )


def _refuse_doubled(questions: Sequence[Question], place: Path) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.question_id in seen:
            raise BadDataset(
                f'{place.name} doubles the query id "{question.question_id}" of queries.jsonl; '
                "give each query its own"
            )
        seen.add(question.question_id)


def _with_answers(query: Question, answers: Mapping[str, tuple[Gold, ...]]) -> Question:
    gold = answers.get(query.question_id, ())
    references = query.references or tuple(dict.fromkeys(entry.quote for entry in gold))
    return Question(
        question_id=query.question_id,
        text=query.text,
        kind=query.kind,
        gold=gold,
        references=references,
    )
