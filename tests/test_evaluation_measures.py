"""Measures against hand-worked examples and a second implementation."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
import pytrec_eval

from kb.errors import BadDataset
from kb.evaluation.measures import MEASURES, mean, measure_run, order, read_run, write_run

QRELS = {"q1": {"a": 1, "b": 2, "c": 0}, "q2": {"d": 1}}


def random_run(seed: int) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, float]]]:
    """Graded judgements and a run with many ties that lacks every seventh query."""
    chance = random.Random(seed)
    documents = [f"d{number}" for number in range(150)]
    qrels = {
        f"q{number}": {d: chance.choice([0, 1, 1, 2]) for d in chance.sample(documents, 12)}
        for number in range(40)
    }
    run = {
        query: {d: chance.randint(0, 9) / 10 for d in chance.sample(documents, 120)}
        for number, query in enumerate(qrels)
        if number % 7
    }
    return qrels, run


def test_a_small_ranking_gets_the_values_worked_by_hand() -> None:
    """Ranks 2 and 3 are relevant with grades 1 and 2; the unjudged document stands first."""
    values = measure_run({"q1": [("x", 3.0), ("a", 2.0), ("b", 1.0)]}, QRELS)["q1"]
    gain = 1 / math.log2(3) + 2 / math.log2(4)
    ideal = 2 / math.log2(2) + 1 / math.log2(3)
    assert values["nDCG@10"] == pytest.approx(gain / ideal)
    assert values["RR@10"] == pytest.approx(1 / 2)
    assert values["AP"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert values["R@5"] == values["R@100"] == 1.0
    assert values["Success@1"] == 0.0
    assert values["Judged@10"] == pytest.approx(2 / 3)


def test_a_query_without_results_counts_as_zero() -> None:
    """The mean runs over every judged query, not over those that a run answers."""
    values = measure_run({"q1": [("b", 1.0)], "q2": []}, QRELS)
    assert values["q2"] == dict.fromkeys(MEASURES, 0.0)
    assert mean(value["Success@1"] for value in values.values()) == 0.5


def test_a_run_that_answers_nothing_scores_zero_everywhere() -> None:
    """No division by the number of answered queries."""
    assert measure_run({}, QRELS) == {q: dict.fromkeys(MEASURES, 0.0) for q in QRELS}


def test_a_query_that_nobody_judged_is_left_out() -> None:
    """A run may hold more queries than the judgements do."""
    assert set(measure_run({"q9": [("a", 1.0)]}, QRELS)) == {"q1", "q2"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_measures_agree_with_pytrec_eval_on_ties_and_missing_queries(seed: int) -> None:
    """pytrec_eval sorts the tied scores itself and gets the same value for every query."""
    qrels, run = random_run(seed)
    ours = measure_run({q: order(scores.items()) for q, scores in run.items()}, qrels)
    names = {
        "nDCG@10": "ndcg_cut_10",
        "R@5": "recall_5",
        "R@10": "recall_10",
        "R@100": "recall_100",
        "AP": "map",
        "Success@1": "success_1",
    }
    wanted = {"ndcg_cut", "recall", "map", "success", "recip_rank"}
    theirs = pytrec_eval.RelevanceEvaluator(qrels, wanted).evaluate(run)
    assert set(theirs) == set(run)
    for query in qrels:
        for name, other in names.items():
            assert ours[query][name] == pytest.approx(theirs.get(query, {}).get(other, 0.0))
        rank = theirs.get(query, {}).get("recip_rank", 0.0)
        assert ours[query]["RR@10"] == pytest.approx(rank if rank >= 0.1 else 0.0)


def plain_values(ranking: list[str], grades: dict[str, int]) -> dict[str, float]:
    """The definitions written out, sharing no line with any scorer."""
    relevant = {d for d, grade in grades.items() if grade > 0}
    gains = [max(grades.get(d, 0), 0) for d in ranking[:10]]
    best = sorted((g for g in grades.values() if g > 0), reverse=True)[:10]
    places = [rank for rank, d in enumerate(ranking, start=1) if d in relevant]
    return {
        "nDCG@10": sum(g / math.log2(i + 2) for i, g in enumerate(gains))
        / sum(g / math.log2(i + 2) for i, g in enumerate(best)),
        "R@5": sum(p <= 5 for p in places) / len(relevant),
        "R@10": sum(p <= 10 for p in places) / len(relevant),
        "R@100": sum(p <= 100 for p in places) / len(relevant),
        "RR@10": 1 / places[0] if places and places[0] <= 10 else 0.0,
        "AP": sum(i / p for i, p in enumerate(places, start=1)) / len(relevant),
        "Success@1": float(bool(places) and places[0] == 1),
        "Judged@10": sum(d in grades for d in ranking[:10]) / 10,
    }


def test_measures_agree_with_their_definitions_written_out() -> None:
    """A third implementation, since ir-measures itself calls pytrec_eval for most of them."""
    qrels, run = random_run(4)
    rankings = {query: order(scores.items()) for query, scores in run.items()}
    ours = measure_run(rankings, qrels)
    for query, ranking in rankings.items():
        expected = plain_values([d for d, _ in ranking], qrels[query])
        assert ours[query] == pytest.approx(expected)


def test_a_written_run_reads_back_in_the_same_order(tmp_path: Path) -> None:
    """Ties keep the order of the product, and blanks in a path survive the format."""
    run = {"q 1": [("my notes.md", 0.5), ("b", 0.5), ("z", 0.4999999), ("a", 0.1)]}
    write_run(run, tmp_path / "run.trec")
    read = read_run(tmp_path / "run.trec")
    assert [document for document, _ in read["q 1"]] == ["my notes.md", "b", "z", "a"]
    assert read["q 1"][0][1] == 0.5


def test_a_foreign_run_is_sorted_by_score_whatever_its_rank_column_says(tmp_path: Path) -> None:
    """trec_eval ignores the rank column; equal scores go by identifier, last first."""
    (tmp_path / "r").write_text("q Q0 a 1 0.2 x\nq Q0 b 2 0.9 x\nq Q0 c 3 0.2 x\n")
    assert read_run(tmp_path / "r") == {"q": [("b", 0.9), ("c", 0.2), ("a", 0.2)]}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("q Q0 a 1 0.5\n", r"r:1 is \"q Q0 a 1 0.5\"; expected query, Q0"),
        ("q Q0 a 1 high x\n", r"r:1 is"),
        ("q Q0 a 1 0.5 x\nq Q0 a 2 0.4 x\n", r'r:2 ranks "a" twice for query "q"'),
        ("\n", "holds no ranking"),
    ],
)
def test_a_run_that_breaks_the_format_is_refused_by_line(
    tmp_path: Path, text: str, match: str
) -> None:
    """File and line are named."""
    (tmp_path / "r").write_text(text)
    with pytest.raises(BadDataset, match=match):
        read_run(tmp_path / "r")
