"""The one object that everything talks to: open, ask, look up, relate."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from support import FERRY, built, write_files
from threadpoolctl import threadpool_info

from kb.errors import IndexMissing, SourceNotFound
from kb.library import Library, build_from_corpus, open_or_build, published_generation
from kb.settings import Settings


def document_of(library: Library, path: str) -> str:
    """Identifier of the source at a path."""
    (found,) = [s.document_id for s in library.sources() if s.path == path]
    return found


def test_sources_come_by_path_with_their_facts(library: Library) -> None:
    """Title, format, size and who wrote it."""
    found = library.sources()
    assert [source.path for source in found] == [
        "lighthouse-leadership.md",
        "notes/ferry.txt",
        "orchard-leadership.md",
    ]
    assert [source.format for source in found] == ["markdown", "text", "markdown"]
    assert found[1].title == "Notes on ferry meetings"
    assert found[1].size_bytes == len(FERRY.encode())


def test_passages_of_a_document_come_in_reading_order(library: Library) -> None:
    """A page shows a passage with its neighbours."""
    own = library.passages(document_of(library, "orchard-leadership.md"))
    assert [p.start for p in own] == sorted(p.start for p in own)
    assert set(own) < set(library.passages())
    assert library.passage(own[2].passage_id) == own[2]


def test_what_the_generation_does_not_hold_is_named(library: Library) -> None:
    """An old link or a misspelt identifier is an explained error."""
    for call in (library.document, library.passage, library.similar_passages):
        with pytest.raises(SourceNotFound, match=r"No (document|passage) 'nothing' in this gen"):
            call("nothing")
    assert library.passages("nothing") == []


def test_similar_passages_are_of_other_sources(library: Library) -> None:
    """Best first, as many as asked for, never the source itself."""
    trust = library.search("Trust comes from a rhythm that sailors can count").passages[0]
    found = library.similar_passages(trust.passage_id, limit=3)
    assert len(found) == 3
    assert trust.document_id not in {hit.document_id for hit in found}
    assert found[0].text.startswith("Trust grows like bark")
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_pointers_to_other_texts_are_not_similar_passages(settings: Settings) -> None:
    """A list of related frameworks resembles each of them and says nothing of its own."""
    pointer = "Ferry leadership: a ferry crosses when the river and its people are ready."
    own = "# Raft\n\nA raft waits for its people.\n\n## Related frameworks\n\n"
    write_files(settings.corpus, {"a.txt": FERRY, "b.md": f"{own}{pointer}\n"})
    library = built(settings)
    ferry = library.passages(document_of(library, "a.txt"))[0]
    assert [hit.text for hit in library.similar_passages(ferry.passage_id)] == [
        "A raft waits for its people."
    ]
    library.close()


def test_a_library_of_one_source_has_no_similar_passage(settings: Settings) -> None:
    """There is nothing to compare with."""
    write_files(settings.corpus, {"a.txt": FERRY})
    library = built(settings)
    assert library.similar_passages(library.passages()[0].passage_id) == ()
    library.close()


def test_related_questions_come_from_headings_near_the_answer(library: Library) -> None:
    """The question itself is not offered again."""
    answer = library.ask("What is orchard leadership?")
    found = library.related_questions(answer)
    assert 0 < len(found) <= 5
    assert "What is orchard leadership?" not in found
    assert "What are the 3 principles of orchard leadership?" in found


@pytest.mark.model
def test_the_library_answers_the_questions_that_it_offers(real_library: Library) -> None:
    """Nobody clicks on a suggestion to read that nothing is there."""
    answer = real_library.ask("What is lighthouse leadership?")
    for question in real_library.related_questions(answer):
        assert real_library.ask(question).status != "not_found"


def test_the_reference_of_a_source_is_printed(library: Library) -> None:
    """In the style of the settings."""
    name = document_of(library, "lighthouse-leadership.md")
    assert library.reference(name).startswith("Tolliver, B. (2003). Lighthouse leadership")


def test_open_or_build_builds_what_is_missing_or_stale(corpus: Path, settings: Settings) -> None:
    """A person asks; building is our affair, and it is told."""
    told: list[str] = []

    def tell(stage: str, done: int, total: int) -> None:
        told.append(stage)

    assert published_generation(settings) is None
    first = open_or_build(settings, progress=tell)
    assert told and published_generation(settings) == first.generation
    told.clear()
    assert open_or_build(settings, progress=tell).generation == first.generation
    assert told == []
    write_files(corpus, {"new.txt": "A word about tides."})
    second = open_or_build(settings, progress=tell)
    assert told and second.generation != first.generation
    assert second.search("tides").passages[0].path == "new.txt"


def test_open_or_build_rebuilds_what_another_model_built(corpus: Path, settings: Settings) -> None:
    """Splitter settings count as much as the model."""
    build_from_corpus(settings)
    narrow = settings.model_copy(update={"passage_tokens": 64})
    assert open_or_build(narrow).manifest.settings["passage_tokens"] == 64


def test_a_named_generation_can_be_opened_while_it_is_there(
    corpus: Path, settings: Settings
) -> None:
    """Evaluation compares two generations of one index."""
    first = build_from_corpus(settings).manifest.generation
    write_files(corpus, {"new.txt": "A word about tides."})
    build_from_corpus(settings)
    old = Library.open(settings, generation=first, check_corpus=False)
    assert (old.generation, old.manifest.documents) == (first, 3)
    with pytest.raises(IndexMissing, match="no such generation"):
        Library.open(settings, generation="f" * 16)


def test_threads_may_share_a_library(library: Library) -> None:
    """Ten sessions of the page ask at once and get what one would get."""
    questions = ["What is orchard leadership?", "Where does the ferry committee meet?", "trust"]
    alone = {question: library.ask(question) for question in questions}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(library.ask, questions * 10))
    for answer in together:
        expected = replace(alone[answer.question], elapsed_ms={})
        assert replace(answer, elapsed_ms={}) == expected


def test_a_renamed_source_keeps_its_words_and_changes_its_place(
    corpus: Path, settings: Settings
) -> None:
    """Answers cite where the file lies now."""
    build_from_corpus(settings)
    (corpus / "notes/ferry.txt").rename(corpus / "boats.txt")
    library = built(settings)
    (citation, *_) = library.ask("Where does the ferry committee meet?").citations
    assert citation.path == "boats.txt"
    library.close()


def test_a_removed_source_answers_no_longer(corpus: Path, settings: Settings) -> None:
    """Nothing stale is left in either retriever."""
    build_from_corpus(settings)
    (corpus / "notes/ferry.txt").unlink()
    library = built(settings)
    assert {hit.path for hit in library.search("ferry committee", limit=20).passages} == {
        "lighthouse-leadership.md",
        "orchard-leadership.md",
    }
    library.close()


def test_a_library_that_nobody_uses_any_more_leaves_memory(library: Library) -> None:
    """A server that opens one generation after another must not keep them all."""
    old = weakref.ref(Library.open(library.settings))
    Library.open(library.settings)
    gc.collect()
    assert old() is None


def test_passages_are_counted_by_source(library: Library) -> None:
    """Every source has its number, and together they are all."""
    counted = library.passage_counts()
    assert set(counted) == {source.document_id for source in library.sources()}
    assert sum(counted.values()) == library.manifest.passages
    orchard = document_of(library, "orchard-leadership.md")
    assert counted[orchard] == len(library.passages(orchard))


def test_a_stretch_of_a_source_is_found_with_its_own_words(library: Library) -> None:
    """Within one passage it keeps its words; across two it becomes the first of them whole."""
    orchard = document_of(library, "orchard-leadership.md")
    text = library.document(orchard).text
    start = text.index("Shallow praise")
    hit = library.hit_at(orchard, start, start + 14)
    assert hit is not None
    assert (hit.text, hit.start, hit.path) == ("Shallow praise", start, "orchard-leadership.md")
    first, second = library.passages(orchard)[:2]
    across = library.hit_at(orchard, first.start, second.end)
    assert across is not None
    assert (across.passage_id, across.text) == (first.passage_id, first.text)
    assert library.hit_at(orchard, len(text), len(text) + 1) is None
    with pytest.raises(SourceNotFound, match="No document 'nothing'"):
        library.hit_at("nothing", 0, 1)


def test_neighbours_stay_within_the_source(library: Library) -> None:
    """The first passage has none before it, the last none after it."""
    own = library.passages(document_of(library, "orchard-leadership.md"))
    assert library.neighbours(own[1].passage_id) == own[0:3]
    assert library.neighbours(own[0].passage_id) == own[0:2]
    assert library.neighbours(own[-1].passage_id) == own[-2:]


def test_a_library_knows_when_its_folder_has_changed(corpus: Path, settings: Settings) -> None:
    """A new file makes it stale, its removal makes it right again; so does no folder at all."""
    build_from_corpus(settings)
    opened = Library.open(settings)
    assert not opened.is_stale()
    write_files(corpus, {"more.md": "# More"})
    assert opened.is_stale()
    (corpus / "more.md").unlink()
    assert not opened.is_stale()
    (corpus / "notes" / "ferry.txt").write_text("Other words.")
    assert opened.is_stale()
    corpus.rename(corpus.with_name("elsewhere"))
    assert not opened.is_stale()
    opened.close()


def test_a_question_takes_one_thread_of_the_processor(library: Library) -> None:
    """A second one would spin beside products that are too small for it."""
    library.ask("Who coined the term orchard leadership?")
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert {pool["num_threads"] for pool in pools} == {1}
