"""Whole runs through the product's own splitter, index, search and answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kb.errors import BadDataset
from kb.evaluation.bench import Bench, check_gold, prepare
from kb.evaluation.commands import app
from kb.evaluation.datasets import load_dataset
from kb.evaluation.foreign import score_foreign_run
from kb.evaluation.gate import judge, make_baseline
from kb.evaluation.measures import read_run
from kb.evaluation.report import render_report
from kb.evaluation.runs import rank_documents, run_dataset
from kb.library import build_from_corpus
from kb.settings import Settings

ANIMALS = {
    "otter": "Otters hold hands while they sleep so that they do not drift apart.",
    "heron": "Herons stand without moving for many minutes before they strike.",
    "badger": "Badgers dig long setts that several generations of a clan inherit.",
    "swift": "Swifts sleep in the air and land only in order to nest.",
    "hedgehog": "Hedgehogs roll into a ball when a fox comes near.",
    "salmon": "Salmon return to the river in which they hatched in order to spawn.",
    "beaver": "Beavers fell trees with their teeth and dam a stream with them.",
    "cuckoo": "Cuckoos lay their eggs in the nests of smaller birds.",
    "spider": "Spiders eat their own web in the evening and spin a new one.",
    "whale": "Whales sing songs that change from year to year.",
    "raven": "Ravens remember for years who treated them badly.",
    "mole": "Moles store worms alive in a larder beneath the lawn.",
}
GOLD = {
    "otter": "do not drift apart",
    "swift": "in the air",
    "whale": "change from year to year",
}


def lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BEIR folder: twelve animals, a question about each, two that nothing answers."""
    home = tmp_path_factory.mktemp("sets") / "animals"
    home.mkdir()
    lines(
        home / "corpus.jsonl",
        [{"_id": name, "title": name, "text": text} for name, text in ANIMALS.items()],
    )
    asked = [
        {
            "_id": f"q-{name}",
            "text": f"What do {text.split()[0].lower()} do when {text.split()[-2]}?",
        }
        for name, text in ANIMALS.items()
    ]
    lines(home / "queries.jsonl", asked)
    lines(
        home / "queries_unanswerable.jsonl",
        [{"_id": "u1", "text": "Which tax applies to yachts?"}, {"_id": "u2", "text": "?!"}],
    )
    (home / "qrels.tsv").write_text("".join(f"q-{n}\t{n}\t1\n" for n in ANIMALS))
    lines(
        home / "answers.jsonl",
        [
            {
                "_id": f"q-{name}",
                "doc_id": name,
                "answers": [{"text": quote, "start": ANIMALS[name].index(quote)}],
            }
            for name, quote in GOLD.items()
        ],
    )
    return home


@pytest.fixture(scope="module")
def bench(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The folder built with the hashing embedder."""
    settings = Settings(model="hashing", index=tmp_path_factory.mktemp("index"))
    return prepare(load_dataset(folder), settings)


def test_a_run_measures_ranking_answers_and_abstention(bench: Bench) -> None:
    """Questions that share a name with their document find it."""
    result = run_dataset(bench)
    found = result.summary["measures"]
    assert (result.summary["dataset"], result.summary["queries"]) == ("animals", 14)
    assert found["Success@1"] == found["nDCG@10"] == 1.0
    assert found["citation_verbatim"] == 1.0
    assert {"AUROC", "AURC", "ECE", "in_answer", "F1", "answered", "not_found"} <= set(found)


def test_a_run_states_what_it_was_made_with(bench: Bench) -> None:
    """Digests, model, settings, versions, seed, machine; no folder of this machine."""
    summary = run_dataset(bench, answers=False).summary
    manifest = summary["manifest"]
    assert manifest["corpus_digest"] == bench.dataset.corpus_digest
    assert manifest["embedder"] == "hashing-384"
    assert (manifest["documents"], manifest["dataset"]["unanswerable"]) == (12, 2)
    assert set(manifest["machine"]) == {"cores", "processor", "system"}
    assert "python" in manifest["versions"]
    assert "index" not in manifest["settings"]
    assert str(bench.settings.index) not in json.dumps(summary)
    assert summary["cost"]["index_bytes"] > 1000
    assert summary["cost"]["build_seconds"] > 0


def test_the_same_run_twice_gives_identical_numbers(bench: Bench) -> None:
    """Times apart, every outcome and every measure is the same."""
    first, second = run_dataset(bench), run_dataset(bench)
    assert first.summary["measures"] == second.summary["measures"]
    timeless = [
        [replace(outcome, elapsed_ms=0.0) for outcome in run.outcomes] for run in (first, second)
    ]
    assert timeless[0] == timeless[1]


def test_a_question_that_the_library_refuses_counts_and_is_named(bench: Bench) -> None:
    """Nothing is skipped in silence."""
    result = run_dataset(bench)
    assert result.summary["problems"] == 1
    refused = next(outcome for outcome in result.outcomes if outcome.question_id == "u2")
    assert refused.problem.startswith("BlankQuestion: ")
    assert refused.status == "not_found"


def test_documents_are_ranked_by_their_best_passage(bench: Bench) -> None:
    """Each document once, scores falling, excluded ones left out."""
    question = "What do otters hold?"
    _, ranking = rank_documents(bench.library, question)
    assert ranking[0][0] == "otter"
    assert len({path for path, _ in ranking}) == len(ranking)
    assert [score for _, score in ranking] == sorted((s for _, s in ranking), reverse=True)
    _, without = rank_documents(bench.library, question, excluded=["otter"])
    assert "otter" not in dict(without)
    assert len(rank_documents(bench.library, question, depth=3)[1]) == 3


def test_the_gate_stops_a_worsened_ranker_and_lets_an_equal_one_pass(bench: Bench) -> None:
    """The worse one shows the product's own ranking upside down."""
    before = run_dataset(bench, answers=False)
    baseline = make_baseline(before)
    assert not any(v.stopped for v in judge(baseline, run_dataset(bench, answers=False)))
    upside_down = {o.question_id: tuple(reversed(o.ranking)) for o in before.outcomes}
    judgements = {o.question_id: o.relevant for o in before.outcomes if o.relevant}
    worse = score_foreign_run(upside_down, judgements, "animals").outcomes
    silent = tuple(o for o in before.outcomes if not o.relevant)
    verdicts = judge(baseline, replace(before, outcomes=worse + silent))
    assert "nDCG@10" in {verdict.measure for verdict in verdicts if verdict.stopped}


def test_a_report_of_a_real_run_renders(bench: Bench) -> None:
    """Four plots, the size of the library, and that one question was refused."""
    page = render_report(run_dataset(bench))
    assert page.count("<svg") == 4
    assert "14 questions over 12 documents in 12 passages" in page
    assert "1 questions were refused" in page


def test_the_command_writes_a_run_that_reads_back(folder: Path, tmp_path: Path) -> None:
    """JSON on stdout by contract, a TREC run, a folder with the run."""
    out, trec = tmp_path / "run", tmp_path / "run.trec"
    arguments = ["run", "--dataset", str(folder), "--run", str(trec), "--out", str(out)]
    variables = {"KB_MODEL": "hashing", "KB_INDEX": str(tmp_path / "index")}
    done = CliRunner().invoke(app, arguments, env=variables)
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert {"dataset", "queries", "measures", "seconds", "manifest"} <= set(summary)
    assert next(iter(read_run(trec)["q-otter"]))[0] == "otter"
    assert sorted(path.name for path in out.iterdir()) == [
        "questions.jsonl",
        "run.trec",
        "summary.json",
    ]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A built corpus of two files."""
    corpus = tmp_path_factory.mktemp("corpus")
    for name in ("otter", "swift"):
        (corpus / f"{name}.md").write_text(f"# {name.title()}\n\n{ANIMALS[name]}\n")
    settings = Settings(model="hashing", corpus=corpus, index=tmp_path_factory.mktemp("built"))
    build_from_corpus(settings)
    return settings


OTTER = {
    "id": "a1",
    "question": "What do otters hold while they sleep?",
    "kind": "fact",
    "framework": "otter",
    "gold": [{"document": "otter.md", "quote": ANIMALS["otter"]}],
    "answer": "hands",
}


def test_a_question_set_is_asked_of_the_library_itself(library: Settings, tmp_path: Path) -> None:
    """Gold is found in the text, the document by its path, the sentence by its span."""
    other = {"id": "a2", "question": "Which tax is due?", "kind": "other-unanswerable"}
    lines(tmp_path / "set.jsonl", [OTTER, other])
    result = run_dataset(prepare(load_dataset(tmp_path / "set.jsonl"), library))
    first = result.outcomes[0]
    assert first.ranking[0][0] == "otter.md"
    assert first.measures["Success@1"] == 1.0
    assert "nDCG@10" not in result.outcomes[1].measures
    assert result.summary["cost"]["build_seconds"] is None


def test_gold_that_moved_stops_a_run_and_is_listed_by_check(
    library: Settings, tmp_path: Path
) -> None:
    """By name of question, with the document that holds the words now."""
    moved = {**OTTER, "gold": [{"document": "swift.md", "quote": "drift apart"}]}
    lines(tmp_path / "set.jsonl", [moved])
    dataset = load_dataset(tmp_path / "set.jsonl")
    sentence = 'question a1: "drift apart" moved from swift.md to otter.md'
    assert [str(problem) for problem in check_gold(dataset, library)] == [sentence]
    with pytest.raises(BadDataset, match=r"moved from swift\.md to otter\.md"):
        prepare(dataset, library)
    variables = {
        "KB_MODEL": "hashing",
        "KB_CORPUS": str(library.corpus),
        "KB_INDEX": str(library.index),
    }
    done = CliRunner().invoke(app, ["check", str(tmp_path / "set.jsonl")], env=variables)
    assert sentence in done.stdout
    assert isinstance(done.exception, BadDataset)
