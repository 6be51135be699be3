"""What a run leaves behind: one outcome a question, their summary, and both on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from kb.errors import BadDataset
from kb.evaluation.abstention import Judged, abstention_scores
from kb.evaluation.lines import read_json_lines, read_text, write_json_lines
from kb.evaluation.measures import MEASURES, Ranking, mean

OUTCOMES_FILE = "questions.jsonl"
SUMMARY_FILE = "summary.json"
RUN_FILE = "run.trec"

# Lower is better; of every other measure a fall is a loss.
LOWER_IS_BETTER = ("AURC", "ECE")
OF_EACH_KIND = ("AUROC", "not_found", "refused@90")  # of unanswerable question
# At most this many words in a question for each slice by length.
LENGTHS = ((6, "up to 6 words"), (12, "7 to 12 words"), (10**6, "13 words and more"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question of a run.

    Attributes:
        relevant: Grade by document.
        gold: Gold quotes as `{document, quote}`.
        ranking: Documents with their scores, best first.
        retrieved: The first passages as `{path, start, end, text, score}`.
        measures: Value by name; a measure that does not apply is left out.
        status: As the answer has it; empty if no answer was asked for.
        correct: The answer holds a gold span; without gold spans, its first citation stands
            in a relevant document. Never true of an unanswerable question.
        problem: Why the library refused the question; empty as a rule.
    """

    question_id: str
    question: str
    kind: str
    split: str
    frameworks: tuple[str, ...]
    answerable: bool
    relevant: Mapping[str, int]
    gold: tuple[Mapping[str, str], ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    retrieved: tuple[Mapping[str, Any], ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    status: str = ""
    confidence: float = 0.0
    correct: bool = False
    statements: tuple[str, ...] = ()
    elapsed_ms: float = 0.0
    problem: str = ""

    @property
    def length(self) -> str:
        """Slice of the question by its number of words."""
        words = len(self.question.split())
        return next(name for bound, name in LENGTHS if words <= bound)

    @property
    def judged(self) -> Judged:
        """The outcome as abstention measures see it."""
        return Judged(self.confidence, self.correct, self.answerable, self.status == "not_found")


@dataclass(frozen=True, slots=True)
class Result:
    """A run: its summary, as `kb eval run` prints it, and its outcomes in order of question."""

    summary: Mapping[str, Any]
    outcomes: tuple[Outcome, ...]

    @property
    def name(self) -> str:
        """The data set's name."""
        return str(self.summary["dataset"])

    def rankings(self) -> dict[str, Ranking]:
        """The run as rankings by question, for a TREC run file."""
        return {outcome.question_id: outcome.ranking for outcome in self.outcomes}


def measure_names(outcomes: Sequence[Outcome]) -> list[str]:
    """Measures of single questions that occur, ranking measures first."""
    found = {name: None for outcome in outcomes for name in outcome.measures}
    return [*(name for name in MEASURES if name in found), *(n for n in found if n not in MEASURES)]


def averages(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Mean of each measure over the questions it applies to, and the abstention measures."""
    found: dict[str, float] = {}
    for name in measure_names(outcomes):
        value = mean(outcome.measures.get(name) for outcome in outcomes)
        if value is not None:
            found[name] = value
    scores = _abstention(outcomes)
    found.update({name: value for name, value in scores.items() if value is not None})
    return {name: round(value, 6) for name, value in found.items()}


def _abstention(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """All abstention measures; what tells of silence for each kind of unanswerable question too.

    The latter if there are several kinds, each beside all answerable questions.
    """
    asked = [outcome for outcome in outcomes if outcome.status]
    scores = abstention_scores([outcome.judged for outcome in asked]) if asked else {}
    kinds = sorted({outcome.kind for outcome in asked if not outcome.answerable})
    for kind in kinds if len(kinds) > 1 else ():
        own = abstention_scores([o.judged for o in asked if o.answerable or o.kind == kind])
        scores |= {f"{name} {kind}": own[name] for name in OF_EACH_KIND}
    return scores


def slices(outcomes: Sequence[Outcome]) -> dict[str, dict[str, list[Outcome]]]:
    """Outcomes by kind, by length of question and by framework; lone slices are left out."""
    lengths: dict[str, list[Outcome]] = {name: [] for _, name in LENGTHS}
    found: dict[str, dict[str, list[Outcome]]] = {"kind": {}, "length": lengths, "framework": {}}
    for outcome in sorted(outcomes, key=lambda outcome: outcome.kind):
        found["kind"].setdefault(outcome.kind, []).append(outcome)
        found["length"].setdefault(outcome.length, []).append(outcome)
        for framework in outcome.frameworks:
            found["framework"].setdefault(framework, []).append(outcome)
    found["framework"] = dict(sorted(found["framework"].items()))
    kept = {name: {n: group for n, group in found[name].items() if group} for name in found}
    return {name: groups for name, groups in kept.items() if len(groups) > 1}


def write_result(result: Result, folder: Path) -> None:
    """Writes summary and outcomes into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    summary = json.dumps(result.summary, ensure_ascii=False, indent=2) + "\n"
    (folder / SUMMARY_FILE).write_text(summary, encoding="utf-8")
    write_json_lines(folder / OUTCOMES_FILE, (asdict(outcome) for outcome in result.outcomes))


def run_names(folder: Path) -> list[str]:
    """Names of the runs that lie in a folder, the latest first; empty without the folder."""
    found = [(file.stat().st_mtime, file.parent.name) for file in folder.glob(f"*/{SUMMARY_FILE}")]
    return [name for _, name in sorted(found, reverse=True)]


def read_result(folder: Path) -> Result:
    """The run that `write_result` left in a folder.

    Raises:
        BadDataset: A file is missing or is not what `kb eval run` writes.
    """
    if not (folder / SUMMARY_FILE).exists():
        raise BadDataset(
            f"{folder} holds no {SUMMARY_FILE}; expected a folder written by: "
            "kb eval run --dataset PATH --out DIR"
        )
    try:
        summary = json.loads(read_text(folder / SUMMARY_FILE))
    except json.JSONDecodeError as error:
        raise BadDataset(f"{folder / SUMMARY_FILE} is not JSON ({error})") from None
    if not isinstance(summary, dict) or "dataset" not in summary or "manifest" not in summary:
        raise BadDataset(f"{folder / SUMMARY_FILE} is no summary of a run; run it again")
    rows = list(read_json_lines(folder / OUTCOMES_FILE))
    return Result(summary, tuple(_outcome(row, place) for place, row in rows))


def _outcome(row: Mapping[str, Any], place: str) -> Outcome:
    known = {entry.name for entry in fields(Outcome)}
    if set(row) != known:
        odd = sorted(set(row) ^ known)
        raise BadDataset(f"{place} is no outcome of a run: {', '.join(odd)} missing or unknown")
    kept = dict(row)
    kept["ranking"] = tuple((document, score) for document, score in row["ranking"])
    for name in ("frameworks", "gold", "retrieved", "statements"):
        kept[name] = tuple(row[name])
    return Outcome(**kept)
