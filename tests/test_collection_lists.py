"""A list in a collection: one entry, each quote at its own place, found again as a whole."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as WordDocument
from export_reading import READERS, flat
from export_samples import SOURCES
from pptx import Presentation
from support import Kb, document_with

from kb.collection import Collections, library_path, verify_collections
from kb.errors import BadCollection
from kb.export import Entry, as_lists, entries_sheet, entry_of, marked_lists, render
from kb.export.entries import grouped
from kb.export.plain import copied_text
from kb.records import Citation, Document, Locator
from kb.settings import Settings

LEAD = "Roof leadership has three habits, which every tiler learns in the first week of work:"
ITEMS = ("Look up", "Step aside. It rains.", "Power")
BLOCKS = (
    ("paragraph", "Power is nothing on a roof. Few words help.", 0),
    ("paragraph", f"It is old. {LEAD}", 0),
    *(("item", item, 1) for item in ITEMS),
    ("paragraph", "Power returns below. Look up at dawn.", 0),
)


def document(*added: str, blocks: tuple[tuple[str, str, int], ...] = BLOCKS) -> Document:
    """The source, with paragraphs added in front."""
    made = document_with(*(("paragraph", text, 0) for text in added), *blocks)
    return replace(made, source=replace(SOURCES[0], document_id="roof", path="roof.md"))


def quotes(source: Document) -> list[Entry]:
    """The sentence, the first sentence of each item, and a sentence that is no item."""
    words = (LEAD, "Look up", "Step aside.", "Power", "Power returns below.")
    found, low = [], 0
    for number, quote in enumerate(words, start=1):
        low = source.text.index(quote, low)
        citation = Citation(
            number, f"p{number}", source.document_id, source.source.path, "Roofs", (), 2001, None,
            Locator(None, ("Roofs",), number), low, low + len(quote), quote, 1.0, "",
        )  # fmt: skip
        found.append(entry_of(citation, source.source, text=source.text))
        low += len(quote)
    return found


def saved_list(source: Document) -> tuple[Entry, ...]:
    """The quotes that are one list."""
    return as_lists(marked_lists(quotes(source), {source.document_id: source}))[0]


@pytest.fixture
def collections(tmp_path: Path) -> Collections:
    """A new file."""
    return Collections(tmp_path / "c.sqlite")


def test_the_items_of_a_list_and_the_sentence_before_them_are_one() -> None:
    """What is no item stands alone, and so does every quote where the structure is not known."""
    source = document()
    listed = as_lists(marked_lists(quotes(source), {"roof": source}))
    assert [[entry.quote for entry in part] for part in listed] == [
        [LEAD, "Look up", "Step aside.", "Power"],
        ["Power returns below."],
    ]
    assert [entry.opens_list for entry in listed[0]] == [True, False, False, False]
    assert len(as_lists(marked_lists(quotes(source), {}))) == 5


def test_one_item_or_items_in_another_order_are_no_list() -> None:
    """A quote of one item is a quote like any other."""
    source = document()
    lead, first, second, *_ = quotes(source)
    for entries in ([lead, first], [first, lead], [second, first]):
        marked = marked_lists(entries, {"roof": source})
        assert [entry.list_id for entry in marked] == [0, 0]


def test_a_saved_list_is_one_entry_that_comes_back_as_it_was(collections: Collections) -> None:
    """It counts, moves, is noted and goes as one."""
    source = document()
    entries = saved_list(source)
    alone = collections.save("A", quotes(source)[1])
    saved_id = collections.save("A", *entries, generation="g", library="/here")
    assert collections.save("A", *entries) == saved_id
    assert collections.names()[0].passages == 2
    collections.annotate(saved_id, note="for Monday", tags=["roof"])
    collections.move(saved_id, -1)
    saved, other = collections.passages("A")
    assert (saved.library, other.saved_id) == ("/here", alone)
    kept = [
        replace(entry, list_id=saved_id, note="for Monday", tags=("roof",)) for entry in entries
    ]
    assert list(saved.entries) == kept
    assert all(source.text[e.start : e.end] == e.quote for e in saved.entries)
    collections.remove(saved_id)
    assert [each.saved_id for each in collections.passages("A")] == [alone]


@pytest.mark.parametrize("name", READERS)
def test_every_export_shows_a_list_under_one_number_and_one_citation(
    name: str, collections: Collections
) -> None:
    """And every quote of it word for word."""
    source = document()
    collections.save("A", *saved_list(source))
    collections.save("A", quotes(source)[4])
    sheet = collections.sheet("A")
    assert [entry.number for entry in sheet.entries] == [1, 1, 1, 1, 2]
    assert sheet.remark == "2 passages from 1 source."
    content = render(sheet, name, Settings())
    found = READERS[name](content, sheet)
    assert [quote for quote in found if quote in flat(source.text)] == found
    assert {LEAD, "Look up", "Step aside.", "Power"} <= set(found)
    if name == "docx":
        styles = [(p.style.name, p.text) for p in WordDocument(io.BytesIO(content)).paragraphs]
        listed = [text for style, text in styles if style == "Quoted Item"]
        assert [text.split("”")[0] for text in listed] == [
            "•\t“Look up", "•\t“Step aside.", "•\t“Power",
        ]  # fmt: skip
        assert [text.count("paras.\u00a01–4") for text in listed] == [0, 0, 1]
    if name == "pptx":
        assert len(Presentation(io.BytesIO(content)).slides) == 4
    if name == "markdown":
        text = content.decode()
        assert "**1.** " in text
        assert "- “Look up”\n- “Step aside.”\n- “Power” (" in text
        assert "**2.** " in text
    if name == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert [(row["number"], row["in_list"]) for row in rows] == [
            ("1", "opening sentence"), *[("1", "item")] * 3, ("2", ""),
        ]  # fmt: skip


def test_a_list_opened_by_a_block_is_still_one_list(collections: Collections) -> None:
    """The sentence of forty words is set as a block, the items follow it."""
    lead = " ".join(["long"] * 39) + " list:"
    blocks = (("paragraph", lead, 0), ("item", "One", 1), ("item", "Two", 1))
    source = document(blocks=blocks)
    entries = []
    for quote in (lead, "One", "Two"):
        at = source.text.index(quote)
        base = quotes(document())[0]
        entries.append(replace(base, quote=quote, start=at, end=at + len(quote)))
    collections.save("A", *as_lists(marked_lists(entries, {"roof": source}))[0])
    sheet = collections.sheet("A")
    word = WordDocument(io.BytesIO(render(sheet, "docx", Settings()))).paragraphs
    kept = [p.style.name for p in word if p.style.name.startswith("Quote")]
    assert kept == ["Quote", "Quoted Item", "Quoted Item"]
    assert f"> {lead}\n\n- “One”\n- “Two” (" in render(sheet, "markdown", Settings()).decode()


def test_a_list_is_found_again_as_a_whole(collections: Collections) -> None:
    """Where it was, further down, or in another file; never piecemeal."""
    source = document()
    saved_id = collections.save("A", *saved_list(source))
    (finding,) = collections.recheck("A", [source])
    assert (finding.saved_id, finding.state) == (saved_id, "exact")
    lower = document("A new opening with Power in it. Look up.")
    (finding,) = collections.recheck("A", [lower])
    shift = lower.text.index(LEAD) - source.text.index(LEAD)
    assert (finding.state, len(finding.parts)) == ("moved", 4)
    starts = [part.start - entry.start for part, entry in zip(finding.parts, saved_list(source),
              strict=True)]  # fmt: skip
    assert starts == [shift] * 4
    renamed = replace(lower, source=replace(lower.source, document_id="other", path="other.md"))
    (finding,) = collections.recheck("A", [document(blocks=BLOCKS[:1]), renamed])
    assert (finding.state, finding.path) == ("moved", "other.md")
    collections.follow(finding)
    (saved,) = collections.passages("A")
    assert [renamed.text[e.start : e.end] for e in saved.entries] == [
        LEAD, "Look up", "Step aside.", "Power",
    ]  # fmt: skip
    assert collections.recheck("A", [renamed])[0].state == "exact"


def test_a_list_that_lost_an_item_has_changed_and_one_without_its_sentence_is_gone(
    collections: Collections,
) -> None:
    """Single words that stand elsewhere in the text make no list."""
    collections.save("A", *saved_list(document()))
    (finding,) = collections.recheck("A", [document(blocks=(*BLOCKS[:3], *BLOCKS[4:]))])
    assert finding.state == "changed"
    assert [part.state for part in finding.parts] == ["exact", "exact", "gone", "moved"]
    assert finding.quote == f"{LEAD}\nLook up\nPower"
    with pytest.raises(BadCollection, match="its words have no new place"):
        collections.follow(finding)
    (finding,) = collections.recheck("A", [document(blocks=(*BLOCKS[:1], *BLOCKS[2:]))])
    assert finding.state == "gone"
    assert finding.quote == f"{LEAD}\nLook up\nStep aside.\nPower"


def test_verifying_tells_a_list_in_one_line(tmp_path: Path) -> None:
    """With how much of it stands as it was."""
    settings = Settings(collections=tmp_path / "c.sqlite", corpus=tmp_path)
    source = document()
    Collections(settings.collections).save("A", *saved_list(source))

    def told(now: Document) -> list[str]:
        return list(verify_collections(settings, lambda _: now, [now.source]))

    assert told(source) == ["collection A: 1 of 1 quotes where they were"]
    first, second = told(document(blocks=(*BLOCKS[:3], *BLOCKS[4:])))
    assert first == "collection A: 0 of 1 quotes where they were"
    assert "… ” and its 3 items changed: nearest in roof.md at" in second.replace("…”", "… ”")
    assert second.endswith("(3 of 4 quotes stand as they were)")


VERSION_1 = """
CREATE TABLE collections (collection_id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  created TEXT NOT NULL);
CREATE TABLE passages (saved_id INTEGER NOT NULL PRIMARY KEY, collection_id INTEGER NOT NULL
  REFERENCES collections (collection_id) ON DELETE CASCADE, position INTEGER NOT NULL,
  quote TEXT NOT NULL, document_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  entry JSON NOT NULL, note TEXT NOT NULL, tags JSON NOT NULL, generation TEXT NOT NULL,
  created TEXT NOT NULL, UNIQUE (collection_id, document_id, start, "end", quote));
CREATE INDEX ix_passages_collection_id ON passages (collection_id);
INSERT INTO collections VALUES (1, 'Old', '2026-01-01T00:00:00+00:00');
PRAGMA user_version = 1;
"""


def test_a_file_of_the_first_version_is_taken_over_with_all_that_it_holds(tmp_path: Path) -> None:
    """Words, place, note, tags and order stay; lists can be saved in it from then on."""
    file = tmp_path / "c.sqlite"
    kept = {
        "path": "roof.md", "title": "Roofs", "framework": None, "page": None,
        "headings": ["Roofs"], "paragraph": 3, "passage_id": "p", "before": "", "after": "",
        "score": 0.5, "record": {"title": "Roofs", "type": "book"},
    }  # fmt: skip
    with sqlite3.connect(file) as connection:
        connection.executescript(VERSION_1)
        connection.executemany(
            "INSERT INTO passages VALUES "
            "(?, 1, ?, ?, 'roof', ?, ?, ?, 'a note', '[\"t\"]', 'g', '')",
            [
                (7, 2, "Look up", 40, 47, json.dumps(kept)),
                (8, 1, "Power", 60, 65, json.dumps(kept)),
            ],
        )
    connection.close()
    assert Collections(file).latest() == "Old"
    first, second = Collections(file).passages("Old")
    assert [(each.saved_id, each.quote, each.library) for each in (first, second)] == [
        (8, "Power", ""), (7, "Look up", ""),
    ]  # fmt: skip
    assert (second.entry.start, second.entry.end, second.entry.list_id) == (40, 47, 0)
    assert (second.entry.note, second.entry.tags, second.generation) == ("a note", ("t",), "g")
    Collections(file).save("Old", *saved_list(document()), library="/here")
    assert [len(each.entries) for each in Collections(file).passages("Old")] == [1, 1, 4]
    assert Collections(file).passages("Old")[2].library == "/here"


def test_two_libraries_with_a_file_of_the_same_path_are_told_apart(tmp_path: Path) -> None:
    """By the folder of the sources, as long as it is there; else the source's path decides."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    settings = Settings(collections=tmp_path / "c.sqlite", index=tmp_path / "i", corpus=ours)
    other = library_path(settings.model_copy(update={"corpus": theirs}))
    kept = Collections(settings.collections)
    kept.save("A", quotes(document())[0], generation="x", library=other)
    kept.save("A", quotes(document())[4], generation="x", library=library_path(settings))
    here = document(blocks=(("paragraph", "Quite another text.", 0),))

    def told() -> list[str]:
        return list(verify_collections(settings, lambda _: here, [here.source]))

    assert told() == [
        "collection A: 0 of 2 quotes where they were",
        "collection A: “Power returns below.” is gone: no source holds its words, which stood in "
        "roof.md",
        f"collection A: 1 quote from the library in {theirs}. Verify there with: "
        f"kb --corpus {theirs} --index DIR verify",
    ]
    theirs.rmdir()
    assert [line.count("is gone: no source holds") for line in told()] == [0, 1, 1]


def test_an_answer_that_is_a_list_is_saved_as_one_entry(kb: Kb, corpus: Path) -> None:
    """Shown with its items, moved, noted and removed by one number."""
    question = "What are the four signs of a tired crew?"
    told = json.loads(kb("ask", question, "--format", "json").out)["citations"]
    assert len(told) >= 4
    kb("collect", "add", "Crew", "--search", "orchard", "--number", "1")
    ran = kb("collect", "add", "Crew", "--question", question, "--note", "read aloud")
    assert ran.out.count("saved: ") == 1
    assert kb("collect", "add", "Crew", "--question", question).out.startswith("is there already")
    assert kb("collect", "list").out == "Crew: 2 passages\n"
    shown = kb("collect", "show", "Crew").out
    assert "\n   • “Nobody jokes at breakfast.”\n" in shown
    assert shown.count("Note: read aloud") == 1
    kb("collect", "move", "Crew", "2", "1")
    entries = json.loads(kb("collect", "show", "Crew", "--format", "json").out)["entries"]
    assert [entry["number"] for entry in entries] == [1] * len(told) + [2]
    assert [entry["quote"] for entry in entries[:-1]] == [each["quote"] for each in told]
    assert "collection Crew: 2 of 2 quotes where they were" in kb("verify").out
    assert "more of its list" in kb("collect", "remove", "Crew", "1").out
    assert kb("collect", "list").out == "Crew: 1 passage\n"


def test_a_list_is_copied_with_its_reference_once() -> None:
    """As a trainer pastes it: the lines, one citation, the reference below."""
    sheet = entries_sheet("A", saved_list(document()), style="apa")
    reference = "".join(text for text, _ in sheet.bibliography[0])
    assert copied_text(grouped(sheet.entries, "apa")) == (
        f"“{LEAD}”\n• “Look up”\n• “Step aside.”\n• “Power” "
        f"(Heifetz & Laurie, 1994, paras. 1–4)\n\n{reference}"
    )
