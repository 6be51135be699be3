"""A run: every question of a data set through the product's own search and answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kb.errors import KbError
from kb.evaluation.answers import answer_scores
from kb.evaluation.datasets import Dataset
from kb.evaluation.manifests import run_manifest
from kb.evaluation.measures import measure_run
from kb.evaluation.outcomes import Outcome, Result, averages
from kb.evaluation.questions import GoldProblem, Question, require_gold, resolve_gold
from kb.library import Library, build_library
from kb.records import Answer, Hit, Passage
from kb.settings import Settings

DEPTH = 100
# Passages asked for at first, and the most that are asked for until DEPTH documents are there.
PASSAGES = 200
MOST_PASSAGES = 3200
SHOWN_PASSAGES = 5

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """A library made ready for a data set.

    Attributes:
        dataset: With its gold resolved.
        settings: Those under which the library answers.
        build_seconds: Time to build the index; None if it was there already.
        index_bytes: Size of the generation on disk.
    """

    library: Library
    dataset: Dataset
    settings: Settings
    build_seconds: float | None
    index_bytes: int


def prepare(dataset: Dataset, settings: Settings) -> Bench:
    """The library that the data set's questions are asked of.

    A data set with documents of its own is built into an index of its own, beneath the
    folder `evaluation` of the index; a question set is asked of the library as it is.

    Raises:
        BadDataset: A gold span does not stand in its document.
        KbError: The index cannot be built or opened.
    """
    build_seconds = None
    if dataset.documents:
        settings = settings.model_copy(
            update={"index": settings.index / "evaluation" / dataset.name}
        )
        started = time.perf_counter()
        build_library(dataset.documents, settings, corpus_digest=dataset.corpus_digest)
        build_seconds = time.perf_counter() - started
    library = Library.open(settings, check_corpus=False)
    if not dataset.documents:
        questions, problems = resolve_gold(dataset.questions, _texts(library))
        require_gold(problems)
        dataset = replace(dataset, questions=questions)
    folder = settings.index / "generations" / library.manifest.generation
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Bench(library, dataset, settings, build_seconds, size)


def _texts(library: Library) -> dict[str, str]:
    return {s.path: library.document(s.document_id).text for s in library.documents()}


def check_gold(dataset: Dataset, settings: Settings) -> tuple[GoldProblem, ...]:
    """Gold of a question set that does not stand in the library as it is."""
    library = Library.open(settings, check_corpus=False)
    return resolve_gold(dataset.questions, _texts(library))[1]


def run_dataset(
    bench: Bench, *, depth: int = DEPTH, answers: bool = True, progress: Progress | None = None
) -> Result:
    """Asks every question and measures what comes back.

    The ranking measures see the documents by the best score of their passages, out of a
    search as deep as needed; the answer measures see the answer as the product gives it.

    Args:
        bench: From `prepare`.
        depth: Documents ranked for each question.
        answers: Ask for answers too; without, only the ranking is measured.
        progress: Called with questions done and their number.
    """
    started = time.perf_counter()
    dataset = bench.dataset
    passages = {passage.passage_id: passage for passage in bench.library.passages()}
    if dataset.questions:  # The first question loads what every later one finds loaded.
        _ask(bench, dataset.questions[0], answers=answers)
    outcomes = []
    for number, question in enumerate(dataset.questions, start=1):
        outcomes.append(_outcome(bench, question, passages, depth=depth, answers=answers))
        if progress is not None:
            progress(number, len(dataset.questions))
    scored = _with_rankings(outcomes)
    summary = {
        "dataset": dataset.name,
        "queries": len(scored),
        "measures": averages(scored),
        "seconds": round(time.perf_counter() - started + (bench.build_seconds or 0.0), 3),
        "cost": _cost(bench, scored),
        "problems": sum(bool(outcome.problem) for outcome in scored),
        "manifest": run_manifest(dataset, bench.library.manifest, bench.settings, depth=depth),
    }
    return Result(summary, tuple(scored))


def _outcome(
    bench: Bench,
    question: Question,
    passages: Mapping[str, Passage],
    *,
    depth: int,
    answers: bool,
) -> Outcome:
    blank = Outcome(
        question_id=question.question_id,
        question=question.text,
        kind=question.kind,
        split=question.split,
        frameworks=question.frameworks,
        answerable=question.answerable,
        relevant=dict(bench.dataset.judgements.get(question.question_id, {})),
        gold=tuple({"document": gold.document, "quote": gold.quote} for gold in question.gold),
    )
    try:
        answer, elapsed_ms = _ask(bench, question, answers=answers)
        hits, ranking = rank_documents(
            bench.library, question.text, depth=depth, excluded=_excluded(bench, question)
        )
    except KbError as error:
        blank = replace(blank, problem=f"{type(error).__name__}: {error}")
        silence = Answer(question.text, "not_found", 0.0, "", (), (), (), "", {})
        return _with_answer(blank, question, silence, bench, passages) if answers else blank
    found = replace(
        blank, ranking=ranking, retrieved=tuple(map(_shown, hits)), elapsed_ms=elapsed_ms
    )
    return found if answer is None else _with_answer(found, question, answer, bench, passages)


def _ask(bench: Bench, question: Question, *, answers: bool) -> tuple[Answer | None, float]:
    """The answer, if it is wanted, and the milliseconds that it or a plain search took."""
    started = time.perf_counter()
    answer = bench.library.ask(question.text) if answers else None
    if answer is None:
        bench.library.search(question.text)
    return answer, round((time.perf_counter() - started) * 1000, 3)


def _excluded(bench: Bench, question: Question) -> frozenset[str]:
    return bench.dataset.excluded.get(question.question_id, frozenset())


def rank_documents(
    library: Library, question: str, *, depth: int = DEPTH, excluded: Iterable[str] = ()
) -> tuple[tuple[Hit, ...], tuple[tuple[str, float], ...]]:
    """The first passages, and documents by the best score of their passages, best first.

    Args:
        library: To be searched.
        question: As typed.
        depth: Documents wanted; the search is deepened until they are there or it is spent.
        excluded: Documents to leave out.
    """
    left_out = frozenset(excluded)
    limit = PASSAGES
    while True:
        hits = library.search(question, limit=limit).passages
        best: dict[str, float] = {}
        for hit in hits:
            if hit.path not in left_out:
                best[hit.path] = max(hit.score, best.get(hit.path, hit.score))
        if len(best) >= depth or len(hits) < limit or limit >= MOST_PASSAGES:
            break
        limit *= 2
    # Python's sort keeps the search's own order among equal scores.
    ranked = sorted(best.items(), key=lambda pair: pair[1], reverse=True)[:depth]
    return hits[:SHOWN_PASSAGES], tuple((path, round(score, 6)) for path, score in ranked)


def _shown(hit: Hit) -> Mapping[str, Any]:
    return {
        "path": hit.path,
        "start": hit.start,
        "end": hit.end,
        "text": hit.text,
        "score": round(hit.score, 6),
    }


def _with_answer(
    outcome: Outcome,
    question: Question,
    answer: Answer,
    bench: Bench,
    passages: Mapping[str, Passage],
) -> Outcome:
    scores = answer_scores(
        question,
        answer,
        text_of=lambda document_id: bench.library.document(document_id).text,
        passages=passages,
    )
    measures = {name: value for name, value in scores.items() if value is not None}
    correct = measures.get("in_answer") == 1.0
    if question.answerable and not question.gold and answer.statements:
        cited = {citation.number: citation.path for citation in answer.citations}
        correct = outcome.relevant.get(cited[answer.statements[0].citation], 0) > 0
    return replace(
        outcome,
        measures=measures,
        status=answer.status,
        confidence=round(answer.confidence, 6),
        correct=question.answerable and correct,
        statements=tuple(statement.text for statement in answer.statements),
    )


def _with_rankings(outcomes: list[Outcome]) -> list[Outcome]:
    run = {outcome.question_id: outcome.ranking for outcome in outcomes}
    judged = {outcome.question_id: outcome.relevant for outcome in outcomes if outcome.relevant}
    values = measure_run(run, judged) if judged else {}
    return [replace(o, measures={**values.get(o.question_id, {}), **o.measures}) for o in outcomes]


def _cost(bench: Bench, outcomes: list[Outcome]) -> dict[str, Any]:
    times = [outcome.elapsed_ms for outcome in outcomes if not outcome.problem]
    build = bench.build_seconds
    return {
        "latency_ms_p50": round(float(np.percentile(times, 50)), 3) if times else None,
        "latency_ms_p95": round(float(np.percentile(times, 95)), 3) if times else None,
        "build_seconds": None if build is None else round(build, 3),
        "index_bytes": bench.index_bytes,
    }
