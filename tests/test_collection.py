"""Collections: what is saved stays, in order, for many processes, and is found again."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from export_samples import QUOTES, SOURCES, TEXTS, quoted, sample_answer

from kb.collection import Collections, Judgement, verify_collections
from kb.errors import BadCollection
from kb.evaluation.harvest import harvest
from kb.export.material import Entry, entry_of
from kb.records import Document, Source
from kb.settings import Settings

SLUG = "adaptive-leadership"
SOURCE = next(source for source in SOURCES if source.document_id == SLUG)


@pytest.fixture
def collections(tmp_path: Path) -> Collections:
    """A new file, in a folder that is not there yet."""
    return Collections(tmp_path / "deep" / "collections.sqlite")


def entry(number: int = 0) -> Entry:
    """A saved quote with its context."""
    citation = quoted(SLUG, QUOTES[SLUG][number], number + 1)
    return entry_of(citation, SOURCE, text=TEXTS[SLUG])


def document(text: str, *, document_id: str = SLUG, path: str = f"{SLUG}.md") -> Document:
    """The source with another text."""
    return Document(replace(SOURCE, document_id=document_id, path=path), text, ())


def test_a_saved_passage_comes_back_as_it_was(collections: Collections) -> None:
    """Words, place, work, context, note and tags survive the file."""
    kept = replace(entry(), note="use on day one", tags=("authority", "day 1"))
    saved_id = collections.save("Workshop", kept, generation="g1")
    (saved,) = collections.passages("Workshop")
    assert saved.entry == kept
    assert (saved.saved_id, saved.generation) == (saved_id, "g1")


def test_the_context_of_a_saved_passage_stands_around_it_in_the_source(
    collections: Collections,
) -> None:
    """Before, quote and after are one stretch of the text, but for white space."""
    kept = entry(1)
    stretch = f"{kept.before.removeprefix('… ')} {kept.quote} {kept.after.removesuffix(' …')}"
    assert stretch in " ".join(TEXTS[SLUG].split())


def test_saving_the_same_words_twice_keeps_one(collections: Collections) -> None:
    """A double click saves once; another collection may hold the same words."""
    first = collections.save("A", entry())
    assert collections.save("A", entry()) == first
    assert collections.save("B", entry()) != first
    assert [(each.name, each.passages) for each in collections.names()] == [("A", 1), ("B", 1)]


def test_passages_move_up_and_down_and_stop_at_the_ends(collections: Collections) -> None:
    """The order is what people made of it."""
    first, second, third = (collections.save("A", entry(number)) for number in range(3))

    def order() -> list[int]:
        return [saved.saved_id for saved in collections.passages("A")]

    collections.move(third, -1)
    assert order() == [first, third, second]
    collections.move(first, -5)
    assert order() == [first, third, second]
    collections.move(first, 9)
    assert order() == [third, second, first]
    collections.remove(second)
    assert order() == [third, first]
    fourth = collections.save("A", entry(1))
    assert order() == [third, first, fourth]


def test_notes_and_tags_can_be_changed_apart(collections: Collections) -> None:
    """What is not named stays."""
    saved_id = collections.save("A", entry())
    collections.annotate(saved_id, note=" for Tuesday ")
    collections.annotate(saved_id, tags=["power", " power ", "", "trust"])
    kept = collections.passages("A")[0].entry
    assert (kept.note, kept.tags) == ("for Tuesday", ("power", "trust"))


def test_a_collection_can_be_renamed_and_deleted(collections: Collections) -> None:
    """Its passages go with it."""
    collections.save("A", entry())
    collections.rename("A", "Day one")
    assert len(collections.passages("Day one")) == 1
    collections.delete("Day one")
    assert collections.names() == []
    with pytest.raises(BadCollection, match=r"no collection 'Day one'\. There are: none yet"):
        collections.passages("Day one")


def test_bad_names_and_numbers_are_explained(collections: Collections) -> None:
    """Each message says what was found and what to do."""
    collections.create("A")
    with pytest.raises(BadCollection, match=r"already\. Choose another name"):
        collections.create("A")
    with pytest.raises(BadCollection, match="is blank"):
        collections.create(" \n ")
    with pytest.raises(BadCollection, match="has 201 characters; at most 200"):
        collections.create("n" * 201)
    with pytest.raises(BadCollection, match="no saved passage 77"):
        collections.move(77, 1)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("tab\tand\nline", "tab and line"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("=cmd|'/C'!A0 <b>🙂</b> עוגן", "=cmd|'/C'!A0 <b>🙂</b> עוגן"),
        ("turned \u202ename", "turned name"),
    ],
)
def test_a_name_with_odd_characters_is_kept_on_one_line(
    collections: Collections, name: str, kept: str
) -> None:
    """And found by what was typed as well as by what is shown."""
    collections.create(name)
    assert [each.name for each in collections.names()] == [kept]
    collections.save(name, entry())
    assert len(collections.passages(name)) == len(collections.passages(kept)) == 1


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """The file is left as it is."""
    file = tmp_path / "c.sqlite"
    file.write_bytes(b"this is no database, whatever its name says" * 50)
    before = file.read_bytes()
    with pytest.raises(BadCollection, match="cannot be used as the file of collections"):
        Collections(file)
    assert file.read_bytes() == before


_SAVER = """
import json, sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_collection import entry
from kb.collection import Collections
collections = Collections(Path(sys.argv[2]))
for at in range(15):
    base = entry()
    collections.save("Shared", replace(base, document_id=f"{sys.argv[3]}-{at}"))
print(json.dumps("done"))
"""


def test_processes_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    """Four processes make the file, the collection and 60 passages with 60 positions."""
    file = tmp_path / "c.sqlite"
    here = str(Path(__file__).parent)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _SAVER, here, str(file), f"p{at}"],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
        )
        for at in range(4)
    ]
    outputs = [process.communicate(timeout=60)[0] for process in started]
    assert [json.loads(output) for output in outputs] == ["done"] * 4
    saved = Collections(file).passages("Shared")
    assert len({each.entry.document_id for each in saved}) == 60


def test_a_quote_at_its_old_place_is_exact(collections: Collections) -> None:
    """Nothing changed, nothing is said."""
    saved_id = collections.save("A", entry())
    (finding,) = collections.recheck("A", [document(TEXTS[SLUG])])
    assert (finding.saved_id, finding.state, finding.similarity) == (saved_id, "exact", 1.0)


def test_a_quote_that_moved_is_found_and_followed(collections: Collections) -> None:
    """In the same document, with other white space, and in another one."""
    collections.save("A", entry())
    words = QUOTES[SLUG][0]
    shifted = document("A new opening.\n\n" + TEXTS[SLUG])
    (finding,) = collections.recheck("A", [shifted])
    assert finding.state == "moved"
    assert shifted.text[finding.start : finding.end] == words
    wrapped = document(words.replace(" ", "\n"))
    assert collections.recheck("A", [wrapped])[0].state == "moved"
    renamed = document(TEXTS[SLUG], document_id="other", path="other.md")
    (finding,) = collections.recheck("A", [document("Emptied."), renamed])
    assert (finding.state, finding.path) == ("moved", "other.md")
    collections.follow(finding)
    (finding,) = collections.recheck("A", [document("Emptied."), renamed])
    assert (finding.state, finding.path) == ("exact", "other.md")
    assert collections.passages("A")[0].entry.quote == words


def test_a_quote_whose_words_changed_is_shown_as_it_stands_now(collections: Collections) -> None:
    """The near match is word for word in the new text and says how near it is."""
    collections.save("A", entry())
    text = TEXTS[SLUG].replace("name six principles", "set out seven principles")
    (finding,) = collections.recheck("A", [document(text)])
    assert finding.state == "changed"
    assert finding.quote == QUOTES[SLUG][0].replace(
        "name six principles", "set out seven principles"
    )
    assert text[finding.start : finding.end] == finding.quote
    assert 0.9 < finding.similarity < 1
    with pytest.raises(BadCollection, match="is changed: its words have no new place"):
        collections.follow(finding)


def test_the_same_words_elsewhere_win_over_similar_ones(collections: Collections) -> None:
    """The order of the documents does not matter."""
    collections.save("A", entry())
    changed = document(TEXTS[SLUG].replace("name six", "set out six"))
    other = document(TEXTS[SLUG], document_id="other", path="other.md")
    for documents in ([changed, other], [other, changed]):
        (finding,) = collections.recheck("A", documents)
        assert (finding.state, finding.path) == ("moved", "other.md")


def test_a_quote_that_no_document_holds_is_gone(collections: Collections) -> None:
    """It keeps its old place and words."""
    collections.save("A", entry())
    (finding,) = collections.recheck("A", [document(TEXTS["weber-authority"])])
    assert (finding.state, finding.quote) == ("gone", QUOTES[SLUG][0])
    assert collections.recheck("A", [])[0].state == "gone"


def test_verifying_names_what_is_no_longer_where_it_was(tmp_path: Path) -> None:
    """One sentence a collection and one a quote; documents that hold none are not read."""
    settings = Settings(collections=tmp_path / "c.sqlite")
    weber = SOURCES[1]
    texts = {SLUG: TEXTS[SLUG].replace("name six", "list six"), weber.document_id: "Nothing."}
    read: list[str] = []

    def found(document_id: str) -> Document:
        read.append(document_id)
        return document(texts[document_id], document_id=document_id)

    assert list(verify_collections(settings, found, [weber, SOURCE])) == []
    kept = Collections(settings.collections)
    kept.save("A", entry(2))
    texts[SLUG] = TEXTS[SLUG]
    assert list(verify_collections(settings, found, [weber, SOURCE])) == [
        "collection A: 1 of 1 quotes where they were"
    ]
    assert read == [SLUG]
    kept.save("A", entry(0))
    kept.save("A", replace(entry(1), quote="These words stand nowhere at all, ever."))
    texts[SLUG] = TEXTS[SLUG].replace("name six", "list all six")
    lines = list(verify_collections(settings, found, [weber, SOURCE]))
    assert lines[0] == "collection A: 0 of 3 quotes where they were"
    assert (
        "“Heifetz (1994) describes authority as power granted in exchange for …” moved" in lines[1]
    )
    assert "changed: nearest in adaptive-leadership.md at 1415 (" in lines[2]
    assert lines[3].endswith("is gone: no source holds its words, which stood in " + SOURCE.path)


def test_quotes_from_another_library_are_said_to_be_from_there(tmp_path: Path) -> None:
    """Not gone: their source is not here and never was, as far as the index tells."""
    settings = Settings(collections=tmp_path / "c.sqlite", index=tmp_path / "index")
    weber = SOURCES[1]
    kept = Collections(settings.collections)
    for number in (0, 1):
        kept.save("A", entry(number), generation="theirs")
    texts = {weber.document_id: TEXTS["weber-authority"], SLUG: "Emptied."}

    def told(*here: Source) -> list[str]:
        found = verify_collections(
            settings, lambda one: document(texts[one], document_id=one), list(here)
        )
        return list(found)

    assert told(weber) == [
        "collection A: 0 of 2 quotes where they were",
        "collection A: 2 quotes from sources that this library does not hold "
        "(adaptive-leadership.md). If another library does, verify there with: "
        "kb --corpus DIR --index DIR verify. If a source was removed, take it in again with: "
        "kb add FILE",
    ]
    # The source is here and has lost the words; or it was here when they were saved.
    assert [line.count("is gone: no source holds") for line in told(weber, SOURCE)] == [0, 1, 1]
    (settings.index / "generations" / "theirs").mkdir(parents=True)
    assert [line.count("is gone: no source holds") for line in told(weber)] == [0, 1, 1]
    # Words that are here are found, wherever they were saved.
    texts[weber.document_id] += TEXTS[SLUG]
    assert ["moved" in line for line in told(weber)] == [False, True, True]


def test_judgements_come_back_in_order_and_can_be_harvested(collections: Collections) -> None:
    """What people marked becomes a question set."""
    made = [
        Judgement("Who leads?", "passage", True, "a.md", 3, 9, "people", kind="who"),
        Judgement("Who leads?", "answer", False, "b.md", 0, 4, "none", generation="g"),
    ]
    for judgement in made:
        collections.add_judgement(judgement)
    kept = collections.judgements()
    assert kept == made
    assert all(judgement.created for judgement in kept)
    (question,) = harvest(kept)
    assert question["gold"] == [{"document": "a.md", "quote": "people"}]
    assert question["rejected"] == [{"document": "b.md", "quote": "none"}]


def test_a_collection_is_exported_in_its_order_with_references(collections: Collections) -> None:
    """Works by the same authors in the same year are told apart."""
    for citation in sample_answer().citations:
        source = next(each for each in SOURCES if each.document_id == citation.document_id)
        collections.save("A", entry_of(citation, source))
    sheet = collections.sheet("A", style="harvard-cite-them-right")
    assert [each.quote for each in sheet.entries] == [
        citation.quote for citation in sample_answer().citations
    ]
    assert sheet.entries[0].cited == "(Heifetz and Laurie, 1994, para. 7)"
    assert len(sheet.bibliography) == 2


def test_what_was_corrected_since_is_cited_as_it_is_stated_now(collections: Collections) -> None:
    """For passages of that library; those of another, or of unknown origin, stay as saved."""
    for number, library in enumerate(("/here", "/there", "")):
        collections.save("A", entry(number), library=library)
    named = replace(SOURCE.metadata, authors=("Ada Quince",), title="The right title", year=2001)
    corrected = replace(SOURCE, metadata=named)
    sheet = collections.sheet("A", library="/here", sources=[corrected])
    assert [each.cited.split(",")[0] for each in sheet.entries] == [
        "(Quince", "(Heifetz & Laurie", "(Heifetz & Laurie",
    ]  # fmt: skip
    assert sheet.entries[0].title == "The right title"
    assert sheet.entries[0].quote == QUOTES[SLUG][0]
    assert collections.sheet("A").entries[0].cited.startswith("(Heifetz")


def test_the_collection_used_last_is_known_to_every_process(collections: Collections) -> None:
    """Saved into or chosen; what is made, renamed or deleted beside it changes nothing."""
    assert collections.latest() == ""
    collections.save("A", entry(0))
    collections.save("B", entry(0))
    assert collections.latest() == "B"
    collections.save("A", entry(0))
    collections.create("C")
    assert collections.latest() == "A"
    collections.use(" New  one ")
    assert Collections(collections._file).latest() == "New one"
    assert collections.passages("New one") == []
    collections.rename("New one", "Newer")
    assert collections.latest() == "Newer"
    collections.delete("Newer")
    assert collections.latest() == "A"


def test_a_collection_says_whether_it_holds_some_words(collections: Collections) -> None:
    """Of the same place, in that collection."""
    assert not collections.holds("A", entry(0))
    collections.save("A", entry(0))
    assert collections.holds("A", entry(0))
    assert not collections.holds("A", entry(1))
    assert not collections.holds("B", entry(0))
