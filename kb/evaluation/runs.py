"""A run: every question of a data set through the product's own search and answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kb.building import Progress
from kb.errors import KbError
from kb.evaluation.answers import answer_scores
from kb.evaluation.bench import Bench, cost
from kb.evaluation.manifests import run_manifest
from kb.evaluation.measures import measure_run
from kb.evaluation.outcomes import Outcome, Result, averages
from kb.evaluation.questions import Question
from kb.library import Library, quiet
from kb.records import Answer, Hit, Passage

DEPTH = 100
# Passages asked for at first for each document wanted, and the most until they are there.
PASSAGES_EACH = 2
MOST_PASSAGES = 3200
SHOWN_PASSAGES = 5


def run_dataset(
    bench: Bench, *, depth: int = DEPTH, answers: bool = True, progress: Progress = quiet
) -> Result:
    """Asks every question and measures what comes back.

    The ranking measures see the documents by the best score of their passages, out of a
    search as deep as needed; the answer measures see the answer as the product gives it.

    Args:
        bench: From `prepare`.
        depth: Documents ranked for each question.
        answers: Ask for answers too; without, only the ranking is measured.
        progress: Told of every question.
    """
    started = time.perf_counter()
    dataset = bench.dataset
    passages = {passage.passage_id: passage for passage in bench.library.passages()}
    if dataset.questions:  # The first question loads what every later one finds loaded.
        _ask(bench, dataset.questions[0], answers=answers)
    outcomes = []
    for number, question in enumerate(dataset.questions, start=1):
        outcomes.append(_outcome(bench, question, passages, depth=depth, answers=answers))
        progress("Asking", number, len(dataset.questions))
    scored = _with_rankings(outcomes)
    built = bench.build.seconds if bench.build else 0.0
    summary = {
        "dataset": dataset.name,
        "queries": len(scored),
        "measures": averages(scored),
        "seconds": round(time.perf_counter() - started + built, 3),
        "cost": cost(bench, [o.elapsed_ms for o in scored if not o.problem]),
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
    wanted = min(depth, sum(count > 0 for count in library.passage_counts().values()))
    limit = PASSAGES_EACH * wanted
    while True:
        hits = library.search(question, limit=limit).passages
        best: dict[str, float] = {}
        for hit in hits:
            if hit.path not in left_out:
                best[hit.path] = max(hit.score, best.get(hit.path, hit.score))
        if len(best) >= wanted or len(hits) < limit or limit >= MOST_PASSAGES:
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
