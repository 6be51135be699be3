"""Data sets: what is read, and how each kind of bad input is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kb.errors import BadDataset
from kb.evaluation.datasets import load_dataset
from kb.evaluation.questions import (
    Gold,
    Question,
    in_split,
    read_questions,
    require_gold,
    resolve_gold,
)
from kb.expected import find_quote

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
TEXT = "Trust grows slowly.\n\nIt  breaks fast."


def lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A BEIR folder with two documents, two queries, one of them unanswerable."""
    home = tmp_path / "tiny"
    home.mkdir()
    lines(home / "corpus.jsonl", [{"_id": "d1", "title": "Trust", "text": TEXT}])
    with (home / "corpus.jsonl").open("a") as file:
        file.write(json.dumps({"_id": "d 2", "text": ""}) + "\n")
    lines(home / "queries.jsonl", [{"_id": "q1", "text": "How does trust grow?"}])
    lines(home / "queries_unanswerable.jsonl", [{"_id": "u1", "text": "Who sold trust?"}])
    (home / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td 2\t0\n")
    answer = {"text": "slowly", "start": 12}
    lines(
        home / "answers.jsonl",
        [{"_id": "q1", "doc_id": "d1", "answers": [answer, answer]}],
    )
    return home


def test_a_beir_folder_becomes_documents_questions_and_judgements(folder: Path) -> None:
    """The text is kept as it is, a paragraph a line, and gold spans once each."""
    dataset = load_dataset(folder)
    first = dataset.documents[0]
    assert (first.text, first.source.path, first.source.title) == (TEXT, "d1", "Trust")
    assert [TEXT[b.start : b.end] for b in first.blocks] == [
        "Trust grows slowly.",
        "It  breaks fast.",
    ]
    assert dataset.judgements == {"q1": {"d1": 1, "d 2": 0}}
    asked, refused = dataset.questions
    assert asked.gold == (Gold("d1", "slowly", ((12, 18),)),)
    assert asked.references == ("slowly",)
    assert (refused.question_id, refused.answerable) == ("u1", False)


def test_the_published_folder_for_qrels_is_understood(folder: Path) -> None:
    """BEIR as published keeps the test judgements in qrels/test.tsv; other queries stay out."""
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    with (folder / "queries.jsonl").open("a") as file:
        file.write('{"_id": "train", "text": "Not judged here?"}\n')
    dataset = load_dataset(folder)
    assert (len(dataset.questions), dataset.unjudged) == (2, 1)


def test_other_judgements_bring_their_own_queries(folder: Path) -> None:
    """qrels_train.tsv goes with queries_train.jsonl where that exists."""
    lines(folder / "queries_train.jsonl", [{"_id": "t1", "text": "What breaks fast?"}])
    (folder / "qrels_train.tsv").write_text("t1 0 d1 1\n")
    dataset = load_dataset(folder, qrels=Path("qrels_train.tsv"))
    assert [question.question_id for question in dataset.questions] == ["t1"]
    assert dataset.judgements == {"t1": {"d1": 1}}


def test_a_source_document_is_excluded_unless_it_is_judged_relevant(folder: Path) -> None:
    """A query taken from a document must not be paid for finding that document."""
    (folder / "source_docs.tsv").write_text("q1\td 2\nq1\td1\n".replace("d 2", "d2"))
    assert load_dataset(folder).excluded == {"q1": frozenset({"d2"})}


def edit(name: str, text: str) -> Callable[[Path], None]:
    """Replaces one file of the folder."""

    def change(home: Path) -> None:
        (home / name).write_text(text, encoding="utf-8")

    return change


def without(name: str) -> Callable[[Path], None]:
    """Removes one file of the folder."""
    return lambda home: (home / name).unlink()


DOCUMENT = '{"_id": "d1", "text": "x"}\n'


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (edit("qrels.tsv", "q1\td1\t1\nq1\td9\t1\n"), r'qrels.tsv:2 names the document "d9"'),
        (edit("qrels.tsv", "q9\td1\t1\n"), r'qrels.tsv judges 1 queries .* first "q9"'),
        (edit("qrels.tsv", "q1\td1\t1\nq1\td1\t0\n"), r'qrels.tsv:2 grades "d1" 0 for query'),
        (edit("qrels.tsv", "q1\td1\t1\nq1\n"), r'qrels.tsv:2 is "q1"; expected query'),
        (edit("qrels.tsv", "query-id\tcorpus-id\tscore\n"), "holds no judgement"),
        (edit("queries.jsonl", '{"_id": "q1", "text": "a"}\n' * 2), r"queries.jsonl:2 doubles the"),
        (edit("queries.jsonl", '{"_id": "q1"}\n'), r'queries.jsonl:1 has no text in "text"'),
        (edit("queries.jsonl", "\n"), "holds no query"),
        (edit("queries_unanswerable.jsonl", '{"_id": "q1", "text": "a"}'), "doubles the query id"),
        (edit("corpus.jsonl", DOCUMENT * 2), r'corpus.jsonl:2 doubles the document id "d1"'),
        (edit("corpus.jsonl", '{"_id": "d1"}'), r'corpus.jsonl:1 has no "text"'),
        (edit("corpus.jsonl", "[]"), r"corpus.jsonl:1 holds a list; expected a JSON object"),
        (edit("corpus.jsonl", "{oops"), r"corpus.jsonl:1 is not JSON"),
        (edit("corpus.jsonl", ""), "holds no document"),
        (without("corpus.jsonl"), r"corpus.jsonl is missing"),
        (without("queries.jsonl"), r"queries.jsonl is missing"),
        (without("qrels.tsv"), r"qrels.tsv is missing"),
    ],
)
def test_bad_input_is_named_by_file_and_line(
    folder: Path, change: Callable[[Path], None], match: str
) -> None:
    """Every broken, doubled, missing or empty piece is refused with its place."""
    change(folder)
    with pytest.raises(BadDataset, match=match):
        load_dataset(folder)


@pytest.mark.parametrize(
    ("answer", "match"),
    [
        ({"text": "slowly", "start": 3}, r'answers.jsonl:1: "slowly" .* at 3 .*it moved to 12'),
        ({"text": "quickly", "start": 12}, r'"quickly" does not stand at 12 .*it is gone'),
    ],
)
def test_a_gold_answer_off_its_place_is_named(
    folder: Path, answer: dict[str, Any], match: str
) -> None:
    """The message says whether the words moved or are gone."""
    lines(folder / "answers.jsonl", [{"_id": "q1", "doc_id": "d1", "answers": [answer]}])
    with pytest.raises(BadDataset, match=match):
        load_dataset(folder)


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    """The message says what was expected and where it is described."""
    with pytest.raises(BadDataset, match=r"nowhere does not exist; .*eval/README.md"):
        load_dataset(tmp_path / "nowhere")


GOOD = {
    "id": "a1",
    "question": "How does trust grow?",
    "kind": "fact",
    "split": "test",
    "framework": "trust",
    "gold": [{"document": "trust.md", "quote": "Trust grows slowly."}],
    "answer": "slowly",
}


def test_a_question_set_is_read_with_its_gold(tmp_path: Path) -> None:
    """One object a line; the judged documents are those that hold gold."""
    other = {**GOOD, "id": "a2", "kind": "near-unanswerable", "gold": [], "split": "development"}
    lines(tmp_path / "set.jsonl", [GOOD, other])
    dataset = load_dataset(tmp_path / "set.jsonl")
    assert dataset.questions[0] == Question(
        question_id="a1",
        text="How does trust grow?",
        kind="fact",
        split="test",
        frameworks=("trust",),
        gold=(Gold("trust.md", "Trust grows slowly."),),
        references=("slowly",),
    )
    assert dataset.judgements == {"a1": {"trust.md": 1}, "a2": {}}
    assert dataset.documents == ()
    only = load_dataset(tmp_path / "set.jsonl", split="test")
    assert (only.name, len(only.questions)) == ("set-test", 1)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"gold": []}, r'set.jsonl:1 is of kind "fact" and has no gold'),
        ({"kind": "near-unanswerable"}, r"set.jsonl:1 is of kind .* and has gold"),
        ({"question": " "}, r'set.jsonl:1 has no text in "question"'),
        ({"gold": "here"}, r'set.jsonl:1: "gold" must be a list of objects'),
        ({"gold": [{"document": "a.md"}]}, r'set.jsonl:1 has no text in "quote"'),
        ({"items": [1]}, r'set.jsonl:1: "items" must be a string or a list of strings'),
    ],
)
def test_a_question_that_breaks_the_format_is_refused(
    tmp_path: Path, change: dict[str, Any], match: str
) -> None:
    """Each field is checked where it stands."""
    lines(tmp_path / "set.jsonl", [{**GOOD, **change}])
    with pytest.raises(BadDataset, match=match):
        read_questions(tmp_path / "set.jsonl")


def test_a_question_id_doubled_across_files_is_refused(tmp_path: Path) -> None:
    """Both places are named."""
    lines(tmp_path / "one.jsonl", [GOOD])
    lines(tmp_path / "two.jsonl", [GOOD])
    with pytest.raises(BadDataset, match=r'two.jsonl:1 doubles .* "a1" of one.jsonl:1'):
        read_questions(tmp_path)


def test_an_empty_set_or_split_is_refused(tmp_path: Path) -> None:
    """Nothing is measured over no question."""
    (tmp_path / "set.jsonl").write_text("\n")
    with pytest.raises(BadDataset, match="holds no question"):
        read_questions(tmp_path / "set.jsonl")
    with pytest.raises(BadDataset, match=r"split \"test\"; the set has \{'all': 1\}"):
        in_split([Question("q", "Why?")], "test")


def test_gold_is_found_whatever_the_white_space() -> None:
    """A wrapped line or a double blank in the source does not lose the quote."""
    assert find_quote(TEXT, "It breaks\nfast.") == ((21, 37),)
    assert find_quote("ab ab", "ab") == ((0, 2), (3, 5))
    assert find_quote("a+b", "a.b") == ()


def test_gold_that_moved_or_is_gone_is_reported_by_name() -> None:
    """The new document is named; words that no document holds are gone."""
    questions = [
        Question("q1", "?", gold=(Gold("a.md", "Trust grows"),)),
        Question("q2", "?", gold=(Gold("a.md", "fear grows"),)),
        Question("q3", "?", gold=(Gold("b.md", "breaks fast"),)),
    ]
    resolved, problems = resolve_gold(questions, {"a.md": "Nothing.", "b.md": TEXT})
    assert resolved[2].gold[0].spans == ((25, 36),)
    assert [str(problem) for problem in problems] == [
        'question q1: "Trust grows" moved from a.md to b.md',
        'question q2: "fear grows" is gone from a.md',
    ]
    with pytest.raises(BadDataset, match=r"2 gold spans do not stand .*moved from a.md to b.md"):
        require_gold(problems)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared collections are not here")
@pytest.mark.parametrize(
    ("name", "questions", "documents"),
    [
        ("squad2_dev_a", 2828, 301),
        ("xquad_en", 1190, 240),
        ("openstax_mgmt_terms", 753, 4608),
        ("beir_scifact", 300, 5183),
        ("cranfield", 225, 1400),
    ],
)
def test_the_shared_collections_load_with_the_counts_of_their_notes(
    name: str, questions: int, documents: int
) -> None:
    """Every gold span stands at its offset, or loading would have refused it."""
    dataset = load_dataset(SHARED / name)
    assert (len(dataset.questions), len(dataset.documents)) == (questions, documents)
