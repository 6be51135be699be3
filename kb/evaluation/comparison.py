"""Two runs over the same questions: what changed, whether it is more than chance, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kb.errors import BadDataset
from kb.evaluation.outcomes import Outcome, Result, measure_names
from kb.evaluation.significance import TIE, Difference, compare_pairs

SHOWN_QUESTIONS = 10
SHOWN_DOCUMENTS = 5


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """One question that two runs answer differently, with both rankings."""

    question_id: str
    question: str
    before: float
    after: float
    relevant: tuple[str, ...]
    ranking_before: tuple[str, ...]
    ranking_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Run B against run A.

    Attributes:
        questions: Number of questions that both runs have.
        only_before: Number of questions that B lacks; they are not compared.
        only_after: Number of questions that A lacks.
        differences: One for each measure of single questions.
        by: Measure by which the changed questions are chosen.
        changed: Questions with the largest change, falls before rises of equal size.
        same_corpus: Both runs state the same documents.
    """

    questions: int
    only_before: int
    only_after: int
    differences: tuple[Difference, ...]
    by: str
    changed: tuple[ChangedQuestion, ...]
    same_corpus: bool

    def as_json(self) -> dict[str, Any]:
        """The comparison as JSON values."""
        return asdict(self)


def compare_runs(
    before: Result, after: Result, *, by: str = "nDCG@10", limit: int = SHOWN_QUESTIONS
) -> RunComparison:
    """Differences of every measure that both runs have, over the questions that both have.

    Args:
        before: Run A.
        after: Run B; a positive change means that B is higher.
        by: Measure that chooses the changed questions.
        limit: Most changed questions to show.

    Raises:
        BadDataset: The runs share no question, or neither has the measure `by`.
    """
    ours = {outcome.question_id: outcome for outcome in after.outcomes}
    shared = [(a, ours[a.question_id]) for a in before.outcomes if a.question_id in ours]
    if not shared:
        raise BadDataset(
            f'the runs over "{before.name}" and "{after.name}" share no question; '
            "compare two runs of the same data set"
        )
    names = [
        name for name in measure_names(before.outcomes) if name in measure_names(after.outcomes)
    ]
    if by not in names:
        raise BadDataset(f'no measure "{by}" in both runs; they share {", ".join(names)}')
    pairs = {name: measure_pairs(shared, name) for name in names}
    return RunComparison(
        questions=len(shared),
        only_before=len(before.outcomes) - len(shared),
        only_after=len(after.outcomes) - len(shared),
        differences=tuple(compare_pairs(pairs)),
        by=by,
        changed=_changed(shared, by, limit),
        same_corpus=_corpus(before) == _corpus(after),
    )


def measure_pairs(
    shared: Sequence[tuple[Outcome, Outcome]], name: str
) -> list[tuple[float, float]]:
    """Values of one measure in both runs, for the questions where both have it."""
    return [
        (a.measures[name], b.measures[name])
        for a, b in shared
        if name in a.measures and name in b.measures
    ]


def _corpus(result: Result) -> object:
    return result.summary["manifest"].get("corpus_digest")


def _changed(
    shared: Sequence[tuple[Outcome, Outcome]], by: str, limit: int
) -> tuple[ChangedQuestion, ...]:
    moved = [
        (b.measures[by] - a.measures[by], a, b)
        for a, b in shared
        if by in a.measures and by in b.measures and abs(b.measures[by] - a.measures[by]) > TIE
    ]
    moved.sort(key=lambda entry: (-abs(entry[0]), entry[0], entry[1].question_id))
    return tuple(
        ChangedQuestion(
            question_id=a.question_id,
            question=a.question,
            before=a.measures[by],
            after=b.measures[by],
            relevant=tuple(document for document, grade in a.relevant.items() if grade > 0),
            ranking_before=tuple(document for document, _ in a.ranking[:SHOWN_DOCUMENTS]),
            ranking_after=tuple(document for document, _ in b.ranking[:SHOWN_DOCUMENTS]),
        )
        for _, a, b in moved[:limit]
    )
