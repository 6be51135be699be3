"""Search: both retrievers contribute, filters hold, the same words are shown once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from support import ORCHARD, built, document_with, write_files

from kb.embedding import HashingEmbedder
from kb.errors import BlankQuestion, QuestionTooLong
from kb.index import open_generation
from kb.interaction import word_vectors
from kb.library import Library, build_library
from kb.records import Document, Filters, SearchResult
from kb.search import allowed_rows, candidates, first_of_near_duplicates
from kb.settings import Settings


def numbered(document: Document, number: int) -> Document:
    """The document as one of many."""
    source = replace(document.source, document_id=f"{number:012}", path=f"{number:03}.txt")
    return replace(document, source=source)


def paths(found: SearchResult) -> set[str]:
    """Where the passages stand."""
    return {hit.path for hit in found.passages}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ferry committee Rostock", "The ferry committee meets on Tuesdays in Rostock."),
        ("rhythm that sailors count", "Trust comes from a rhythm that sailors can count."),
        ("removing burdens each season", "Prune gently means that a leader removes one burden"),
    ],
)
def test_the_passage_that_says_it_comes_first(library: Library, query: str, expected: str) -> None:
    """Also where only forms of the words are shared."""
    assert expected in " ".join(library.search(query).passages[0].text.split())


@pytest.mark.model
def test_the_passage_comes_first_whose_sentence_holds_what_is_asked_for(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Of two that say it, the one with the year; in the order of the words where none is asked."""
    fair = "# Fair\n\nThe fair of the rope makers"
    library = read_as_corpus(
        {
            "guild.md": f"{fair} was founded by a guild.\n",
            "year.md": f"{fair} in our harbour was founded in 1432.\n",
        }
    )
    first = {
        asked: [library.search(asked).passages[0].path, library.ask(asked).passages[0].path]
        for asked in ("When was the fair of the rope makers founded?", "Fair of the rope makers")
    }
    assert list(first.values()) == [["year.md"] * 2, ["guild.md"] * 2]
    scores = [hit.score for hit in library.search(next(iter(first))).passages]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.model
def test_the_passage_comes_first_whose_sentence_names_the_thing_of_a_kind(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Of two on the colour, the one that tells it; as the words have it where none is asked."""
    library = read_as_corpus(
        {
            "nobody.md": "# Boats\n\nNobody knows the colour of the pilot boats in our harbour.\n",
            "told.md": "# Boats\n\nThe pilot boats of our harbour are green.\n",
        }
    )
    first = [
        [library.search(asked).passages[0].path, library.ask(asked).passages[0].path]
        for asked in (
            "Which colour are the pilot boats of our harbour?",
            "Colour of the pilot boats of our harbour",
        )
    ]
    assert first == [["told.md"] * 2, ["nobody.md"] * 2]


def test_hits_are_ranked_from_one_with_falling_scores(library: Library) -> None:
    """Scores lie in [0, 1]; ranks count without gaps."""
    hits = library.search("trust between leaders and crews").passages
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] >= 0.0 and scores[0] <= 1.0


@pytest.mark.parametrize("limit", [1, 3, 8])
def test_the_limit_bounds_the_hits_and_does_not_change_their_order(
    library: Library, limit: int
) -> None:
    """A longer list continues a shorter one."""
    query = "trust between leaders and crews"
    longest = [hit.passage_id for hit in library.search(query, limit=14).passages]
    assert len(longest) == 14
    found = [hit.passage_id for hit in library.search(query, limit=limit).passages]
    assert found == longest[:limit]


def test_a_hit_carries_everything_that_leads_to_its_place(library: Library) -> None:
    """Path, title, framework, headings and offsets belong to the same passage."""
    hit = library.search("removes one burden each season").passages[0]
    assert (hit.path, hit.title) == ("orchard-leadership.md", "Orchard leadership")
    assert hit.framework == "orchard-leadership"
    assert hit.locator.headings == ("Orchard leadership", "Principles", "Prune gently")
    assert library.document(hit.document_id).text[hit.start : hit.end] == hit.text
    assert library.passage(hit.passage_id).text == hit.text


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(frameworks=("orchard-leadership",)), {"orchard-leadership.md"}),
        (Filters(families=("contingency",)), {"lighthouse-leadership.md"}),
        (Filters(formats=("text",)), {"notes/ferry.txt"}),
        (Filters(year_from=2000), {"lighthouse-leadership.md"}),
        (Filters(year_to=2000), {"orchard-leadership.md"}),
        (Filters(year_from=1987, year_to=1987), {"orchard-leadership.md"}),
        (
            Filters(frameworks=("orchard-leadership", "lighthouse-leadership")),
            {"orchard-leadership.md", "lighthouse-leadership.md"},
        ),
        (Filters(frameworks=("orchard-leadership",), year_from=2000), set()),
    ],
)
def test_filters_restrict_the_sources_that_may_answer(
    library: Library, filters: Filters, expected: set[str]
) -> None:
    """Every kind of filter, several at once, and one that excludes everything.

    A source without a year passes no filter on years.
    """
    found = library.search("trust, leaders, crews and promises", filters=filters, limit=20)
    assert paths(found) == expected


def test_a_filter_fills_the_limit_where_it_can(library: Library) -> None:
    """Sources are restricted before the best are taken, not afterwards."""
    only = Filters(formats=("text",))
    assert len(library.search("orchard leadership pruning", filters=only, limit=2).passages) == 2


def test_both_retrievers_contribute_candidates(settings: Settings) -> None:
    """A rare word finds its passage even where a hundred others are nearer by vector."""
    words = [f"Trust trust trust is counted by crew {n}." for n in range(150)]
    words.append("Between wind and weather the harbour keeps one astrolabe. " * 3)
    build_library(
        (numbered(document_with(("paragraph", text.strip())), n) for n, text in enumerate(words)),
        settings,
        corpus_digest="x",
    )
    generation = open_generation(settings)
    question = "trust counted crew astrolabe"
    embedding = next(iter(HashingEmbedder().encode_tokens([question])))[1]
    vector = embedding.vector
    words, _ = word_vectors(question, embedding, generation.projection)
    near, _ = generation.search(vector, 20)
    found = candidates(generation, vector, question, generation.likeness(vector, words), limit=20)
    assert 150 not in near.tolist()
    assert 150 in found.rows.tolist() and set(near.tolist()) <= set(found.rows.tolist())
    assert found.rows.tolist() == sorted(found.rows.tolist())
    generation.close()


def test_a_high_limit_is_delivered_and_leaves_the_first_as_they_are(settings: Settings) -> None:
    """Whoever asks for 500 passages gets 500; those beyond the candidates follow in order."""
    lines = [f"Crew {n} of harbour {n * 7919 % 1009} counted ropes {n * 31}." for n in range(600)]
    documents = [numbered(document_with(("paragraph", one)), n) for n, one in enumerate(lines)]
    build_library(documents, settings, corpus_digest="x", embedder=HashingEmbedder())
    library = Library.open(settings, check_corpus=False)
    few, many = (library.search("crew 40 counted ropes", limit=limit) for limit in (8, 500))
    assert (len(few.passages), len(many.passages)) == (8, 500)
    assert [hit.passage_id for hit in many.passages[:8]] == [h.passage_id for h in few.passages]
    scores = [hit.score for hit in many.passages]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage_id for hit in many.passages}) == 500
    assert len(library.ask("How many ropes did crew 40 count?", limit=500).passages) >= 500
    library.close()


def test_no_filter_means_every_row(small_settings: Settings) -> None:
    """Search is told so, and takes the short way."""
    generation = open_generation(small_settings)
    assert allowed_rows(generation, Filters()) is None
    assert allowed_rows(generation, Filters(frameworks=("none",))) is not None
    generation.close()


def test_the_same_words_from_two_sources_are_shown_once(settings: Settings) -> None:
    """A text that lies there twice with small changes does not fill the page."""
    copy = ORCHARD.replace("orchard-leadership", "orchard-copy") + "\nOne more line.\n"
    write_files(settings.corpus, {"a.md": ORCHARD, "b.md": copy})
    library = built(settings)
    texts = [hit.text for hit in library.search("prune gently", limit=20).passages]
    assert len(texts) == len(set(texts))
    library.close()


def test_near_duplicates_are_told_by_their_runs_of_words() -> None:
    """One word changed in fifty is the same text; a common beginning is not."""
    long = " ".join(f"word{n}" for n in range(60))
    texts = [
        long,
        long.replace("word59", "other"),
        "word0 word1 word2",
        long[:200],
        "short",
        "Short.",
    ]
    assert first_of_near_duplicates(texts).tolist() == [True, False, True, True, True, False]


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "?!… —", "\u200b"])
def test_a_blank_query_is_refused_with_an_example(library: Library, blank: str) -> None:
    """Signs without a word ask nothing."""
    for call in (library.search, library.ask):
        with pytest.raises(BlankQuestion, match=r'expected a few words, as in: kb ask "What is'):
            call(blank)


def test_a_question_above_the_limit_is_refused_with_both_lengths(library: Library) -> None:
    """Ten thousand characters are not read in silence."""
    question = "leader " * 1429
    for call in (library.search, library.ask):
        with pytest.raises(QuestionTooLong, match=r"10,002 characters; up to 2,000 are read"):
            call(question[:-1])


def test_a_question_at_the_limit_is_answered(library: Library, small_settings: Settings) -> None:
    """The limit itself is allowed; white space is not counted twice."""
    exact = ("trust " * 400)[: small_settings.question_chars - 1] + "?"
    assert len(exact) == 2000
    assert library.search(exact + "   \n").passages


def test_unusual_words_are_searched_like_any_other(library: Library) -> None:
    """Operators, quotes, markup, other scripts and nulls are words, not commands."""
    for query in (
        '"trust" OR 1=1 --',
        "<script>alert(1)</script>",
        "доверие 信任 🚢 a",
        "a\x00b",
        "%s {}",
    ):
        assert library.search(query).query == query


def test_stages_are_timed(library: Library) -> None:
    """Milliseconds by stage, and the whole."""
    elapsed = library.search("trust").elapsed_ms
    assert set(elapsed) >= {"understand", "embed", "search", "rank", "total"}
    assert all(milliseconds >= 0 for milliseconds in elapsed.values())
    assert elapsed["total"] >= max(elapsed.values()) - 0.01
