"""The five texts that the product was asked for, added as they are and asked end to end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.building import BuildReport
from kb.corpus import add
from kb.library import Library, build_from_corpus
from kb.records import Answer
from kb.settings import Settings

pytestmark = pytest.mark.model

COALITION, PARTNERING, QUALITIES, OUTSIDE_IN, SALES = range(5)
HEADINGS = (
    "Giving meaning to events",
    "Dare to question patterns",
    "Global view",
    "Analytical view",
    "Eye for relationships",
    "Develop resilience",
    "Strengthen change awareness",
    "Dealing with paradoxes",
    "Reflective ability",
)
SHIFTS = (
    "Trust, not fear",
    "Nodes, not hubs",
    "Mission, not organization",
    "Influence, not power",
    "Soul, not role",
)
# Question, the text that holds the list, and how each item begins, in order.
LISTS = (
    ("What are the five shifts of coalition leadership?", COALITION, SHIFTS),
    ("What are the nine qualities of values-driven leadership?", QUALITIES, HEADINGS),
    (
        "What are the ways in which coalition leadership deviates from conventional leadership?",
        COALITION,
        SHIFTS,
    ),
    (
        "Which roles do collaborative leaders play?",
        PARTNERING,
        (
            "Entrepreneurial catalyst",
            "Discerning orchestrator",
            "Empathetic coach",
            "Enthusiastic evangelist",
            "Diplomatic influencer",
        ),
    ),
    (
        "What are the benefits of collaborative leadership?",
        SALES,
        (
            "Buy-in",
            "More involvement in implementation",
            "Builds Trust",
            "Elimination of turf issues",
            "Access to more and better information and ideas",
            "Better opportunity for substantive results",
            "Modeling new leaders",
            "Stakeholder empowerment",
            "Fundamental change for the better",
        ),
    ),
    (
        "What are the ten key lessons for a successful collaborative leader?",
        SALES,
        (
            "Find the personal motive for collaborating",
            "Find ways of simplifying complex situations",
            "Prepare for how you are going to handle conflict",
            "Recognize that there are some people",
            "Have the courage to act for the long term",
            "Actively manage the tension",
            "Invest in strong personal relationships",
            "Inject energy, passion and drive",
            "Have the confidence to share the credit",
            "Continually develop your interpersonal skills",
        ),
    ),
    (
        "What are the five qualities of a collaborative leader?",
        SALES,
        (
            "Willingness to take risks",
            "Eager listeners",
            "Passion for the cause",
            "Optimistic about the future",
            "Able to share knowledge, power and credit",
        ),
    ),
)
FURNITURE = (
    "Post a Comment",
    "No comments",
    "Search This Blog",
    "ARCHIVE List",
    "Leave a Comment",
    "Enter verification code",
    "catpcha",
    "Required field",
    "Compartir",
    "View profile",
    "newsletter",
    "Similar Posts",
    "Leave a Reply",
    "email address will not be published",
    "previous post",
    "Next Post",
    "Social Networks",
    "Subscribe",
    "Tags: Emotional",
    "A+ | a-",
)
STRANGERS = (
    "What is the boiling point of tungsten?",
    "Who won the football world cup in 1998?",
    "How do I reset the password of my router?",
)


@pytest.fixture(scope="module")
def settings(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Folders of their own, the exported model shared."""
    home = tmp_path_factory.mktemp("seeds")
    return real_settings.model_copy(update={"corpus": home / "T", "index": home / "T2"})


@pytest.fixture(scope="module")
def report(settings: Settings, seeds: Path) -> BuildReport:
    """The five texts added and built."""
    files = sorted(seeds.glob("0*.txt"))
    assert [one.outcome for one in add(files, settings)] == ["added"] * 5
    return build_from_corpus(settings)


@pytest.fixture(scope="module")
def library(settings: Settings, report: BuildReport) -> Iterator[Library]:
    """The library of the five texts."""
    opened = Library.open(settings)
    yield opened
    opened.close()


def lines(answer: Answer) -> list[str]:
    """The statements, on one line each."""
    return [" ".join(statement.text.split()) for statement in answer.statements]


def test_all_five_texts_are_built_without_a_problem(report: BuildReport) -> None:
    """They are plain text pasted from web pages."""
    assert (report.manifest.documents, report.problems) == (5, ())


@pytest.mark.parametrize(("question", "text", "items"), LISTS, ids=lambda given: None)
def test_a_list_question_is_answered_with_the_complete_list_in_order(
    library: Library, question: str, text: int, items: tuple[str, ...]
) -> None:
    """Each item a statement of its own, cited from its own text."""
    answer = library.ask(question)
    assert answer.status == "answered"
    found = lines(answer)[-len(items) :]
    assert [item for item, line in zip(items, found, strict=True) if line.startswith(item)] == [
        *items
    ]
    assert len(answer.statements) <= len(items) + 1
    assert {c.document_id for c in answer.citations} == {library.sources()[text].document_id}


def test_the_nine_qualities_are_headings(library: Library) -> None:
    """Every passage below one knows it."""
    document = library.document(library.sources()[QUALITIES].document_id)
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "heading"]
    assert [heading for heading in found if heading in HEADINGS] == list(HEADINGS)
    paths = [passage.locator.headings for passage in library.passages(document.document_id)]
    assert all(any(heading in path for path in paths) for heading in HEADINGS)


@pytest.mark.parametrize("words", FURNITURE)
def test_no_furniture_stands_in_any_passage(library: Library, words: str) -> None:
    """Neither in what is quoted nor in what is put before it."""
    found = [
        passage.text
        for passage in library.passages()
        if words.lower() in f"{passage.context}\n{passage.text}".lower()
    ]
    assert found == []


def test_what_is_no_furniture_stands_in_a_passage(library: Library) -> None:
    """Nothing of an article is lost with its page."""
    text = "\n".join(" ".join(passage.text.split()) for passage in library.passages())
    for words in (
        "all committed to a common purpose",
        "Relationship currencies are the insights",
        "contributes to self-confidence and learning ability",
        "cultures and capabilities for fostering customer connections",
        "for this they have had no preparation",
    ):
        assert words in text


def test_no_passage_is_cut_by_the_model(library: Library) -> None:
    """Within its 256 word pieces, counted with its own tokenizer."""
    assert max(passage.tokens for passage in library.passages()) <= 256


@pytest.mark.parametrize("question", STRANGERS)
def test_a_question_on_something_else_is_not_found(library: Library, question: str) -> None:
    """With the nearest passages, and no statement."""
    answer = library.ask(question)
    assert (answer.status, answer.statements) == ("not_found", ())
    assert answer.passages


def test_a_question_asked_of_a_built_index_loads_no_training_library(
    library: Library, settings: Settings
) -> None:
    """Neither torch nor sentence-transformers, nor what only building and the page need."""
    command = [sys.executable, "-X", "importtime", str(Path(sys.executable).with_name("kb"))]
    command += ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    command += ["ask", "Which roles do collaborative leaders play?", "--format", "json"]
    kept = {name: text for name, text in os.environ.items() if not name.startswith("KB_")}
    found = subprocess.run(
        command,
        env=kept | {"KB_CACHE": str(settings.cache)},
        cwd=settings.corpus.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(found.stdout)["status"] == "answered"
    imported = {line.rsplit("|", 1)[-1].strip() for line in found.stderr.splitlines()}
    roots = {name.split(".")[0] for name in imported}
    assert {"openvino", "faiss", "bm25s", "numpy"} <= roots
    unwanted = {
        "torch",
        "sentence_transformers",
        "transformers",
        "huggingface_hub",
        "streamlit",
        "langchain_text_splitters",
        "trafilatura",
    }
    assert roots & unwanted == set()
