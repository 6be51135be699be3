"""The six invariants of the house, each on a library with everything in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from support import ORCHARD, built, hashing_settings, write_files

from kb.embedding import HashingEmbedder
from kb.errors import IndexMismatch
from kb.index import current_name, open_generation
from kb.interaction import unit, word_vectors
from kb.library import Library, build_from_corpus
from kb.passages import embedded_text
from kb.records import Answer
from kb.settings import Settings

QUESTIONS = (
    "What is orchard leadership?",
    "What are the principles of orchard leadership?",
    "What are the eleven habits of the crew?",
    "Who coined the term orchard leadership?",
    "Compare orchard leadership with lighthouse leadership",
    "The basket is shared before it is counted.",
    "trust",
)
HABITS = "# Habits\n\n## Eleven habits of the crew\n\n" + "".join(
    f"### Habit word{n}\n\nThe crew of boat {n} counts rope {n} at dawn.\n\n" for n in range(11)
)


def with_habits(corpus: Path) -> None:
    """Adds a text whose list spreads over more passages than are shown."""
    write_files(corpus, {"habits.md": HABITS})


@pytest.fixture
def whole(corpus: Path, settings: Settings) -> Iterator[Library]:
    """The small library with a long list besides."""
    with_habits(corpus)
    opened = built(settings)
    yield opened
    opened.close()


def without_time(answer: Answer) -> Answer:
    """The answer apart from how long it took."""
    return replace(answer, elapsed_ms={})


def test_1_every_passage_and_every_quote_slices_back_to_the_source_text(whole: Library) -> None:
    """Passages, citations of answers, and citations of comparisons."""
    for passage in whole.passages():
        text = whole.document(passage.document_id).text
        assert text[passage.start : passage.end] == passage.text
    cited = [c for question in QUESTIONS for c in whole.ask(question).citations]
    compared = whole.compare(["orchard-leadership", "lighthouse-leadership"], on=("trust",))
    positions = whole.compare(["orchard-leadership", "lighthouse-leadership"])
    cited += [c for cell in (*compared.cells, *positions.cells) for c in cell.citations]
    assert len(cited) > 20
    for citation in cited:
        text = whole.document(citation.document_id).text
        assert text[citation.start : citation.end] == citation.quote


def test_2_row_i_is_the_same_passage_everywhere(whole: Library, settings: Settings) -> None:
    """Vectors, BM25, sentences, words and the passage table agree row by row."""
    generation = open_generation(settings)
    rows = list(generation.tables.every_passage())
    texts = [embedded_text(found.passage) for found in rows]
    assert [found.row for found in rows] == list(range(generation.count))
    assert generation.vectors(range(len(rows))) == pytest.approx(
        HashingEmbedder().encode(texts), abs=1e-6
    )
    for found in rows:
        passage, row = found.passage, found.row
        assert generation.tables.row_of(passage.passage_id) == row
        source = generation.tables.sources[generation.document_numbers[row]]
        assert source.document_id == passage.document_id
        assert len(generation.sentence_vectors(row)) == len(found.sentences)
        words, starts, counts = generation.word_vectors([row])
        assert counts.tolist() == [len(starts)] == [len(words)]
        embedding = next(iter(HashingEmbedder().encode_tokens([texts[row]])))[1]
        expected, at = word_vectors(texts[row], embedding, generation.projection)
        assert starts.tolist() == at.tolist()
        assert (unit(words) * expected).sum(axis=1).min() > 0.999
        assert all(texts[row][start].isalnum() for start in starts)
    # the number in each habit stands in one passage only
    for found in rows:
        if found.passage.text.startswith("The crew of boat 7 "):
            for view in ("terms", "pieces"):
                scores = generation.lexical.scores(view, "habit word7 boat 7")
                assert int(np.argmax(scores)) == found.row
    generation.close()


@pytest.mark.parametrize("limit", [1, 8, 40])
def test_3_an_answer_cites_only_its_own_hits(whole: Library, limit: int) -> None:
    """Also a list that spreads over more passages than were asked for."""
    answers = [whole.ask(question, limit=limit) for question in QUESTIONS]
    for answer in answers:
        hits = {hit.passage_id: hit for hit in answer.passages}
        for citation in answer.citations:
            assert hits[citation.passage_id].document_id == citation.document_id
        assert [hit.rank for hit in answer.passages] == list(range(1, len(hits) + 1))
    assert len(answers[2].citations) >= 11


def test_3_a_cell_cites_only_its_own_framework(whole: Library) -> None:
    """On shared dimensions and on questions of one's own."""
    slugs = ["orchard-leadership", "lighthouse-leadership"]
    rows = ("trust and relationships", "Who coined it?", "conflict and paradox")
    cells = whole.compare(slugs, on=rows).cells
    assert sum(len(cell.citations) for cell in cells) > 3
    for cell in cells:
        assert all(citation.framework == cell.framework for citation in cell.citations)


def test_4_a_generation_of_another_corpus_model_or_setting_is_refused(
    whole: Library, settings: Settings
) -> None:
    """Each with the command that repairs it; damaged bytes have tests of their own."""

    class OtherModel(HashingEmbedder):
        fingerprint = "hashing-other"

    with pytest.raises(IndexMismatch, match=r'"hashing-384".*"hashing-other".*kb build'):
        Library.open(settings, embedder=OtherModel())
    with pytest.raises(IndexMismatch, match=r"passage_tokens.*kb build"):
        Library.open(settings.model_copy(update={"passage_tokens": 100}))
    write_files(settings.corpus, {"habits.md": HABITS + "More.\n"})
    with pytest.raises(IndexMismatch, match=r"has changed since .* was built.*kb build"):
        Library.open(settings)


def test_5_the_same_corpus_and_settings_give_the_same_library(tmp_path: Path) -> None:
    """Identifiers, checksums and answers, built in two places in another order of files."""
    found = []
    for name in ("one", "two"):
        settings = hashing_settings(tmp_path / name)
        texts = {"b.md": ORCHARD, "a.txt": "A calm word.", "c/d.md": HABITS}
        order = texts if name == "one" else dict(reversed(texts.items()))
        write_files(settings.corpus, order)
        library = built(settings)
        found.append(
            (
                library.manifest.generation,
                dict(library.manifest.files),
                [passage.passage_id for passage in library.passages()],
                [without_time(library.ask(question)) for question in QUESTIONS],
            )
        )
        library.close()
    assert found[0] == found[1]


def test_5_a_rebuild_gives_the_same_identifiers_as_a_build_from_nothing(
    corpus: Path, settings: Settings
) -> None:
    """What was cached and what was embedded anew cannot be told apart."""
    build_from_corpus(settings)
    with_habits(corpus)
    grown = build_from_corpus(settings).manifest
    shutil.rmtree(settings.index)
    fresh = build_from_corpus(settings).manifest
    assert asdict(replace(grown, created="")) == asdict(replace(fresh, created=""))


def test_6_rebuilding_an_unchanged_corpus_embeds_nothing(
    whole: Library, settings: Settings
) -> None:
    """Not even after the generations were thrown away."""
    assert build_from_corpus(settings).embedded == 0
    shutil.rmtree(settings.index / "generations")
    (settings.index / "CURRENT").unlink()
    again = build_from_corpus(settings)
    assert (again.embedded, again.manifest.generation) == (0, whole.generation)


def test_6_changing_one_file_embeds_its_new_passages_only(
    whole: Library, settings: Settings
) -> None:
    """One section rewritten is one passage; a new file is its own passages."""
    changed = HABITS.replace("boat 7 counts rope 7", "boat 7 splices rope 7")
    write_files(settings.corpus, {"habits.md": changed})
    assert build_from_corpus(settings).embedded == 1
    write_files(settings.corpus, {"new.txt": "One new paragraph about tides."})
    assert build_from_corpus(settings).embedded == 1
    assert build_from_corpus(settings).embedded == 0


def test_the_pointer_names_a_generation_whose_manifest_names_itself(
    whole: Library, settings: Settings
) -> None:
    """Identifier, folder and manifest are one."""
    name = current_name(settings.index)
    stated = json.loads((settings.index / f"generations/{name}/manifest.json").read_text())
    assert stated["generation"] == name == whole.generation
