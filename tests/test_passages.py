"""Passages: by structure first, within the limit, every character where it stood."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st
from support import document_with

from kb.embedding import HashingEmbedder
from kb.passages import embedded_text, locator_at, split_document
from kb.records import Document, Passage

EMBEDDER = HashingEmbedder()
LONG = " ".join(f"Sentence number {n} has seven words here." for n in range(60))


def split(document: Document, **options: int) -> list[Passage]:
    """The document's passages with the hashing embedder."""
    return split_document(document, EMBEDDER, **options)


def uncovered(document: Document, passages: list[Passage]) -> str:
    """Visible characters of the document that stand in no passage."""
    kept = [False] * len(document.text)
    for passage in passages:
        kept[passage.start : passage.end] = [True] * (passage.end - passage.start)
    return "".join(
        sign for sign, inside in zip(document.text, kept, strict=True) if not inside
    ).strip()


def test_blocks_under_one_heading_share_a_passage() -> None:
    """Structure first: a heading begins a passage, paragraphs below it stay together."""
    document = document_with(
        ("heading", "First", 1), ("paragraph", "One."), ("paragraph", "Two."),
        ("heading", "Second", 1), ("paragraph", "Three."),
    )  # fmt: skip
    assert [p.text for p in split(document)] == ["One.\n\nTwo.", "Three."]


def test_a_passage_knows_title_headings_and_paragraph_number() -> None:
    """The locator leads a person to the place; items count as paragraphs."""
    document = document_with(
        ("heading", "Part", 1), ("paragraph", "One."), ("heading", "Detail", 2),
        ("paragraph", "Two."), ("item", "Three."), title="Book",
    )  # fmt: skip
    second = split(document)[1]
    assert second.context == "Book › Part › Detail"
    assert (second.locator.headings, second.locator.paragraph) == (("Part", "Detail"), 2)
    assert embedded_text(second) == "Book › Part › Detail\nTwo.\n\nThree."


def test_a_heading_that_repeats_the_title_is_named_once() -> None:
    """Doubled words would count twice in both retrievers."""
    document = document_with(("heading", "Book", 1), ("paragraph", "One."), title="book")
    assert split(document)[0].context == "Book"


def test_furniture_stands_in_no_passage() -> None:
    """What a page wears around its text is neither indexed nor quoted."""
    document = document_with(
        ("paragraph", "One."), ("furniture", "Share this on everything"), ("paragraph", "Two.")
    )
    assert [p.text for p in split(document)] == ["One.", "Two."]


def test_notes_keep_apart_from_the_text_above_them() -> None:
    """A footnote is found as a footnote."""
    document = document_with(("paragraph", "One."), ("note", "[1] A note."))
    assert [p.text for p in split(document)] == ["One.", "[1] A note."]


def test_a_heading_without_text_below_it_is_a_passage_of_its_own() -> None:
    """Nothing that is not furniture is lost to search."""
    document = document_with(
        ("heading", "Part", 1), ("heading", "Alone", 2), ("heading", "Next", 2),
        ("paragraph", "One."), ("heading", "Last", 1),
    )  # fmt: skip
    assert [p.text for p in split(document)] == ["Alone", "One.", "Last"]


def test_a_document_of_furniture_alone_has_no_passage() -> None:
    """Nothing to index is not an error here; building reports it."""
    assert split(document_with(("furniture", "Share this"))) == []


@pytest.mark.parametrize("limit", [80, 128, 256])
def test_no_passage_is_longer_than_the_model_reads(limit: int) -> None:
    """Context and text together fit, so that the model cuts nothing in silence."""
    document = document_with(("heading", "Numbers", 1), ("paragraph", LONG))
    passages = split(document, limit=limit)
    assert len(passages) > 1
    for passage in passages:
        assert passage.tokens == EMBEDDER.count_tokens([embedded_text(passage)])[0] <= limit


def test_the_models_own_bound_holds_where_the_setting_asks_for_more() -> None:
    """A setting cannot make the model read further."""
    document = document_with(("paragraph", LONG))
    assert max(p.tokens for p in split(document, limit=8192)) <= EMBEDDER.max_tokens


def test_a_long_section_is_cut_at_the_ends_of_sentences() -> None:
    """Words are cut only where not even a sentence fits."""
    passages = split(document_with(("paragraph", LONG)), limit=80)
    assert all(p.text.startswith("Sentence") and p.text.endswith("here.") for p in passages)


@pytest.mark.parametrize("kind", ["paragraph", "item"])
def test_a_list_keeps_the_sentence_that_announces_it(kind: str) -> None:
    """Which is why the piece before it ends earlier; alone it would say nothing."""
    items = [("item", f"Rule {n} asks every crew to rest for an hour.", 1) for n in range(5)]
    lead = ("paragraph", "All is said. Keep five rules.")
    document = document_with((kind, LONG[:400], 1), lead, *items)
    starts = set()
    for limit in range(80, 160, 5):
        passages = split(document, limit=limit)
        assert all(passage.tokens <= limit for passage in passages)
        assert uncovered(document, passages) == ""
        starts |= {passage.text[:16] for passage in passages}
        last = passages[-1]
        if len(passages) > 1 and last.text.startswith("Rule 0"):
            whole = document.text[document.text.index("Keep five") : last.end]
            assert EMBEDDER.count_tokens([whole])[0] > limit
    assert "Keep five rules." in starts


def test_a_heading_path_longer_than_the_limit_leaves_room_for_the_text() -> None:
    """The outermost headings go first, and the text stays whole."""
    heading = " ".join(["very"] * 200)
    document = document_with(("heading", heading, 1), ("paragraph", "One short text."))
    (passage,) = split(document, limit=128)
    assert (passage.context, passage.text) == ("", "One short text.")


@pytest.mark.parametrize("overlap_chars", [20, 100, 400])
def test_neighbouring_pieces_repeat_at_most_the_overlap(overlap_chars: int) -> None:
    """The setting counts characters, and no value of its range stops a build."""
    document = document_with(("paragraph", LONG))
    passages = split(document, limit=80, overlap_chars=overlap_chars)
    repeated = [a.end - b.start for a, b in pairwise(passages)]
    assert max(repeated) > 0
    assert all(shared <= overlap_chars for shared in repeated)
    assert all(p.tokens <= 80 and document.text[p.start : p.end] == p.text for p in passages)
    assert uncovered(document, passages) == ""


def test_identity_depends_on_place_and_words_and_nothing_else() -> None:
    """The same document gives the same identifiers; a moved passage gets another."""
    document = document_with(("paragraph", "One."), ("furniture", "x"), ("paragraph", "One."))
    first, second = split(document)
    assert (first.passage_id, second.passage_id) == tuple(p.passage_id for p in split(document))
    assert first.text == second.text and first.passage_id != second.passage_id


def test_locators_name_the_block_at_an_offset() -> None:
    """A sentence in the third paragraph is cited as the third paragraph."""
    document = document_with(
        ("heading", "Part", 1), ("paragraph", "One."), ("furniture", "x"), ("paragraph", "Two.")
    )
    assert locator_at(document, document.text.index("Two")).paragraph == 2
    assert locator_at(document, document.text.index("Two")).headings == ("Part",)


words = st.text(alphabet="abcdefg .,;\n!äß–漢", min_size=1, max_size=400)


@given(parts=st.lists(words, min_size=1, max_size=4), overlap_chars=st.sampled_from([0, 30]))
@budget(deadline=None, max_examples=60)
def test_every_visible_character_stands_in_a_passage_at_its_offset(
    parts: list[str], overlap_chars: int
) -> None:
    """Whatever the text, quotes slice back and nothing is lost between pieces."""
    visible = [part.strip() for part in parts if part.strip()]
    document = document_with(*(("paragraph", part) for part in visible))
    passages = split(document, limit=70, overlap_chars=overlap_chars)
    assert all(document.text[p.start : p.end] == p.text for p in passages)
    assert uncovered(document, passages) == ""
    assert len({p.passage_id for p in passages}) == len(passages)


def test_empty_lines_in_a_long_section_are_not_repeated() -> None:
    """Line breaks have no word piece of their own; each still belongs to one place only."""
    words = [f"Line number {n} of a long table." + "\n" * (n % 9) for n in range(120)]
    document = document_with(("code", "\n".join(words)))
    found = split(document, limit=64)
    assert len(found) > 10
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert uncovered(document, found) == ""
