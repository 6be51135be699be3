"""Comparison, gate and stored results over runs made by hand."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import BadDataset
from kb.evaluation.comparison import compare_runs
from kb.evaluation.gate import judge, make_baseline, read_baseline, write_baseline
from kb.evaluation.measures import measure_run
from kb.evaluation.outcomes import (
    OUTCOMES_FILE,
    SUMMARY_FILE,
    Outcome,
    Result,
    averages,
    read_result,
    slices,
    write_result,
)

QUESTIONS = 60


def ranked_run(places: list[int], *, digest: str = "d", refused: int = 0) -> Result:
    """A run whose question number i finds its one relevant document at rank places[i].

    The first `refused` questions are not answered.
    """
    outcomes = []
    for number, place in enumerate(places):
        documents = [f"x{rank}" for rank in range(1, place)] + ["right"]
        relevant = {"right": 1}
        ranking = tuple((d, 1.0 / rank) for rank, d in enumerate(documents, start=1))
        values = measure_run({"q": ranking}, {"q": relevant})["q"]
        outcomes.append(
            Outcome(
                question_id=f"q{number}",
                question=f"Question number {number}?",
                kind="fact" if number % 2 else "list",
                split="test",
                frameworks=("trust",),
                answerable=True,
                relevant=relevant,
                ranking=ranking,
                retrieved=({"path": "right", "start": 0, "end": 1, "text": "x", "score": 1.0},),
                measures={**values, "in_answer": float(place == 1)},
                status="not_found" if number < refused else "answered",
                confidence=1.0 / place,
                correct=place == 1,
                elapsed_ms=1.0 + number,
            )
        )
    manifest = {"dataset": {"digest": digest}, "corpus_digest": digest}
    summary = {
        "dataset": "made",
        "queries": len(outcomes),
        "measures": averages(outcomes),
        "manifest": manifest,
    }
    return Result(summary, tuple(outcomes))


def places(seed: int) -> list[int]:
    """Ranks from 1 to 4, mostly good."""
    chance = random.Random(seed)
    return [chance.choice([1, 1, 2, 4]) for _ in range(QUESTIONS)]


def test_an_equal_run_passes_the_gate() -> None:
    """The same ranking against its own baseline: every p is 1."""
    verdicts = judge(make_baseline(ranked_run(places(1))), ranked_run(places(1)))
    assert {v.measure for v in verdicts} >= {"nDCG@10", "RR@10", "right_silence"}
    assert not any(v.stopped for v in verdicts)
    assert {v.p_value for v in verdicts} == {1.0}


def test_a_deliberately_worsened_run_is_stopped() -> None:
    """Every document one rank lower: nDCG@10 and RR@10 fall, R@10 does not."""
    worse = [place + 1 for place in places(1)]
    verdicts = judge(make_baseline(ranked_run(places(1))), ranked_run(worse))
    stopped = {v.measure for v in verdicts if v.stopped}
    assert {"nDCG@10", "RR@10", "in_answer"} <= stopped
    assert "R@10" not in stopped


def test_a_better_run_passes_the_gate() -> None:
    """A rise is never a reason to stop, however sure it is."""
    verdicts = judge(make_baseline(ranked_run(places(1))), ranked_run([1] * QUESTIONS))
    assert not any(v.stopped for v in verdicts)


def test_a_fall_that_may_be_chance_passes_the_gate() -> None:
    """Two questions of sixty got worse: the mean fell by more than the tolerance, p did not."""
    before = [1] * QUESTIONS
    verdicts = judge(make_baseline(ranked_run(before)), ranked_run([11, 11, *before[2:]]))
    ndcg = next(v for v in verdicts if v.measure == "nDCG@10")
    assert ndcg.baseline - ndcg.now > ndcg.tolerance
    assert ndcg.p_value > 0.05
    assert not ndcg.stopped


def test_a_certain_fall_within_the_tolerance_passes_the_gate() -> None:
    """All questions a little worse is certain, and still what the tolerance allows."""
    before, after = ranked_run([1] * QUESTIONS), ranked_run([2] * QUESTIONS)
    verdicts = judge(make_baseline(before, tolerance=0.6), after)
    ndcg = next(v for v in verdicts if v.measure == "nDCG@10")
    assert ndcg.p_value < 0.001
    assert not ndcg.stopped


def test_falling_silent_is_stopped() -> None:
    """A library that stops answering keeps its ranking and loses right_silence."""
    before = ranked_run([1] * QUESTIONS)
    verdicts = judge(make_baseline(before), ranked_run([1] * QUESTIONS, refused=30))
    assert [v.measure for v in verdicts if v.stopped] == ["right_silence"]


def test_quotes_are_judged_on_the_questions_that_are_still_answered() -> None:
    """A refusal has no quote that could be wrong; a lost gold span counts as 0."""
    run = ranked_run([1] * QUESTIONS)
    quoted = tuple(
        replace(o, measures={**o.measures, "citation_verbatim": 1.0}) for o in run.outcomes
    )
    silent = tuple(replace(o, measures={}) for o in quoted[:30])
    verdicts = judge(
        make_baseline(replace(run, outcomes=quoted)), replace(run, outcomes=silent + quoted[30:])
    )
    by_name = {verdict.measure: verdict for verdict in verdicts}
    verbatim, held = by_name["citation_verbatim"], by_name["in_answer"]
    assert (verbatim.questions, verbatim.now, verbatim.stopped) == (30, 1.0, False)
    assert (held.questions, held.now, held.stopped) == (QUESTIONS, 0.5, True)


def test_a_baseline_reads_back_as_written(tmp_path: Path) -> None:
    """One question a line, so that a change can be reviewed."""
    baseline = make_baseline(ranked_run(places(2)))
    write_baseline(baseline, tmp_path / "base.json")
    assert read_baseline(tmp_path / "base.json") == baseline
    lines = (tmp_path / "base.json").read_text().splitlines()
    assert sum(line.startswith('  "q') for line in lines) == QUESTIONS


def test_a_baseline_of_another_state_of_the_set_is_refused() -> None:
    """Other texts, or other questions, cannot be held against each other."""
    baseline = make_baseline(ranked_run(places(1)))
    with pytest.raises(BadDataset, match="0 of its questions are missing and 0 are new, or texts"):
        judge(baseline, ranked_run(places(1), digest="other"))
    with pytest.raises(BadDataset, match="1 of its questions are missing"):
        judge(baseline, ranked_run(places(1)[:-1]))


@pytest.mark.parametrize("text", ["{", "[]", '{"dataset": "x"}'])
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    """The message says how to write one."""
    (tmp_path / "base.json").write_text(text)
    with pytest.raises(BadDataset, match=r"is no baseline .*--write"):
        read_baseline(tmp_path / "base.json")


def test_a_comparison_shows_the_questions_that_changed_most() -> None:
    """The largest change comes first, with both rankings and the relevant document."""
    before, after = [1] * 20, [1] * 20
    after[3], after[7] = 3, 2
    found = compare_runs(ranked_run(before), ranked_run(after))
    assert [changed.question_id for changed in found.changed] == ["q3", "q7"]
    first = found.changed[0]
    assert (first.before, first.after) == (1.0, 0.5)
    assert (first.ranking_before, first.ranking_after) == (("right",), ("x1", "x2", "right"))
    ndcg = next(d for d in found.differences if d.measure == "nDCG@10")
    assert (ndcg.wins, ndcg.ties, ndcg.losses) == (0, 18, 2)
    assert ndcg.p_value == 0.5
    assert all(d.adjusted >= d.p_value for d in found.differences)


def test_runs_are_compared_over_the_questions_they_share() -> None:
    """Others are counted, not compared; different documents are said."""
    found = compare_runs(ranked_run([1] * 5), ranked_run([1] * 3, digest="other"))
    assert (found.questions, found.only_before, found.only_after) == (3, 2, 0)
    assert not found.same_corpus


def test_runs_without_a_shared_question_or_measure_are_refused() -> None:
    """There is nothing to compare."""
    one, two = ranked_run([1]), ranked_run([1])
    other = Result(two.summary, (replace(two.outcomes[0], question_id="z"),))
    with pytest.raises(BadDataset, match="share no question"):
        compare_runs(one, other)
    with pytest.raises(BadDataset, match=r'no measure "P@9" in both runs; they share nDCG@10'):
        compare_runs(one, two, by="P@9")


def test_a_result_reads_back_as_written(tmp_path: Path) -> None:
    """Summary and every outcome, with types as they were."""
    result = ranked_run(places(3))
    write_result(result, tmp_path / "run")
    assert read_result(tmp_path / "run") == result


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    """The message says which command writes one, or which line is odd."""
    with pytest.raises(BadDataset, match=r"holds no summary.json; .*kb eval run"):
        read_result(tmp_path)
    (tmp_path / SUMMARY_FILE).write_text('{"a": 1}')
    with pytest.raises(BadDataset, match="is no summary of a run"):
        read_result(tmp_path)
    (tmp_path / SUMMARY_FILE).write_text('{"dataset": "a", "manifest": {}}')
    (tmp_path / OUTCOMES_FILE).write_text(json.dumps({"question_id": "q"}) + "\n")
    with pytest.raises(BadDataset, match=r"questions.jsonl:1 is no outcome of a run"):
        read_result(tmp_path)


def test_slices_go_by_kind_length_and_framework() -> None:
    """Lone slices say nothing and are left out."""
    outcomes = list(ranked_run([1, 2, 1]).outcomes)
    outcomes[0] = replace(outcomes[0], question="one two three four five six seven?")
    found = slices(outcomes)
    assert set(found) == {"kind", "length"}
    assert {name: len(group) for name, group in found["kind"].items()} == {"fact": 1, "list": 2}
    assert set(found["length"]) == {"up to 6 words", "7 to 12 words"}


def test_each_kind_of_unanswerable_question_gets_its_own_measures() -> None:
    """Far questions are told from answerable ones, near ones are not."""
    kept = list(ranked_run([1, 1]).outcomes)
    far = replace(kept[0], question_id="f", kind="far", answerable=False, confidence=0.1)
    near = replace(kept[0], question_id="n", kind="near", answerable=False, confidence=1.0)
    found = averages([*kept, far, near])
    assert (found["AUROC"], found["AUROC far"], found["AUROC near"]) == (0.75, 1.0, 0.5)
    assert (found["refused@90"], found["refused@90 far"], found["refused@90 near"]) == (0.5, 1, 0)
    assert (found["not_found"], found["not_found far"]) == (0, 0)
