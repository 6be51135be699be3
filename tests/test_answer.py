"""Answers: quoted word for word, complete where a list is asked for, or none at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support import REPOSITORY, built, document_with, write_files

from kb.answer import (
    MOST_STATEMENTS,
    chosen_sentences,
    leant_on,
    with_neighbours,
    without_asides,
    without_echoes,
)
from kb.asking import Asker, Course
from kb.export.plain import answer_text
from kb.lexical import terms
from kb.library import Library
from kb.listing import (
    Quote,
    announced,
    best_list,
    counts_otherwise,
    headed_by_question,
    is_list,
    quotes_at,
    steps_whole,
    without_bare_leads,
)
from kb.questions import Question, understand
from kb.records import Answer, Filters
from kb.selection import Sentence, answer_marks, asks_measure, tells_life, wanted
from kb.settings import Settings
from kb.vocabulary import read_vocabulary

QUESTIONS = (
    "What is orchard leadership?",
    "Who coined the term orchard leadership?",
    "When was lighthouse leadership described?",
    "What are the principles of orchard leadership?",
    "Where does the ferry committee meet?",
    "How many harbours reported fewer groundings?",
    "Why did nine harbours report fewer groundings?",
    "What does lighthouse leadership say on trust and relationships?",
    "Which signs show a tired crew?",
    "How should a leader walk the rows?",
    "Is the youngest deckhand allowed to question the captain?",
    "trust",
)
STRANGERS = (
    "Which algebra governs photosynthesis in tungsten?",
    "quarterly zloty exchange rates",
    "Who won the chess olympiad?",
)


def quotes_of(library: Library, *words: str) -> list[Quote]:
    """These stretches of the library's one document as quotes."""
    (source,) = library.sources()
    document, tables = library.document(source.document_id), library._generation.tables
    starts = [document.text.index(each) for each in words]
    spans = [(start, start + len(each)) for start, each in zip(starts, words, strict=True)]
    return quotes_at(document, spans, tables.passages(tables.rows_of(source.document_id)))


def statements(answer: Answer) -> list[str]:
    """The quoted words, on one line each."""
    return [" ".join(statement.text.split()) for statement in answer.statements]


@pytest.fixture(params=["hashing", pytest.param("real model", marks=pytest.mark.model)])
def either(request: pytest.FixtureRequest) -> Library:
    """The small library, by both embedders."""
    name = "library" if request.param == "hashing" else "real_library"
    found = request.getfixturevalue(name)
    assert isinstance(found, Library)
    return found


def test_every_statement_stands_word_for_word_in_its_source(either: Library) -> None:
    """The promise: a quote slices back to the source text, and so does its citation."""
    answers = [either.ask(question) for question in QUESTIONS]
    assert sum(bool(answer.statements) for answer in answers) > len(QUESTIONS) / 2
    for answer in answers:
        pairs = zip(answer.statements, answer.citations, strict=True)
        for number, (statement, citation) in enumerate(pairs, start=1):
            assert statement.citation == citation.number == number
            text = either.document(citation.document_id).text
            assert text[citation.start : citation.end] == citation.quote == statement.text


def test_statements_are_missing_exactly_where_nothing_was_found(either: Library) -> None:
    """Status, statements and confidence say the same."""
    order = {"not_found": 0, "partial": 1, "answered": 2}
    answers = [either.ask(question) for question in (*QUESTIONS, *STRANGERS)]
    for answer in answers:
        assert (answer.status == "not_found") == (answer.statements == ())
        assert 0.0 <= answer.confidence <= 1.0
    quoted = [answer for answer in answers if answer.statements]
    ranks = [order[a.status] for a in sorted(quoted, key=lambda answer: answer.confidence)]
    assert ranks == sorted(ranks)


@pytest.mark.model
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_the_library_says_is_found(real_library: Library, question: str) -> None:
    """Every kind of question."""
    assert real_library.ask(question).status in ("answered", "partial")


def test_a_citation_lies_in_the_passage_that_it_names(either: Library) -> None:
    """A click on a citation opens the passage with the quote in it, or right below it."""
    for question in QUESTIONS:
        for citation in either.ask(question).citations:
            passage = either.passage(citation.passage_id)
            assert passage.document_id == citation.document_id
            inside = passage.start <= citation.start < citation.end <= passage.end
            assert inside or citation.quote in passage.locator.headings


@pytest.mark.parametrize("question", STRANGERS)
def test_a_question_without_support_is_not_found_and_shows_the_nearest_passages(
    either: Library, question: str
) -> None:
    """No statement rather than a wrong one; a person still sees what is near."""
    answer = either.ask(question)
    assert (answer.status, answer.statements, answer.citations) == ("not_found", (), ())
    assert len(answer.passages) == 8
    assert answer.confidence < 0.5


@pytest.mark.parametrize(
    "question",
    [
        "When was lighthouse leadership not described?",
        "Who rejected the term orchard leadership?",
        "Who coined the term orchard leadership in 1803?",
        "Who coined the term orchard leadership at Zwolle?",
    ],
)
def test_what_takes_something_unsaid_for_granted_is_not_found(
    library: Library, question: str
) -> None:
    """A denial, a word that turns it round, another year or a name that no text holds."""
    assert library.ask("Who coined the term orchard leadership?").status != "not_found"
    assert library.ask(question).status == "not_found"


def test_a_claim_that_is_looked_up_takes_nothing_for_granted(library: Library) -> None:
    """What is near it belongs to it, whatever it turns round."""
    assert library.ask("Nobody rejected the term orchard leadership").status != "not_found"


@pytest.mark.model
def test_confidence_is_higher_where_the_library_knows(real_library: Library) -> None:
    """The least sure answer beats the surest refusal."""
    known = min(real_library.ask(question).confidence for question in QUESTIONS[:5])
    assert known > max(real_library.ask(question).confidence for question in STRANGERS)


def test_a_list_question_gets_the_complete_list_in_order(settings: Settings) -> None:
    """Every item cited, none left out, none from the list beside it."""
    steps = [f"Step word{n} towards harbour" for n in range(12)]
    write_files(
        settings.corpus,
        {
            "steps.txt": "Twelve steps to a calm harbour:\n" + "\n".join(f"- {s}" for s in steps),
            "other.txt": "Three reasons to wait:\n- Fog.\n- Ice.\n- Debt.\n",
        },
    )
    library = built(settings)
    answer = library.ask("What are the twelve steps to a calm harbour?")
    assert answer.kind == "list"
    assert [text for text in statements(answer) if text in steps] == steps
    assert not {"Fog.", "Ice.", "Debt."} & set(statements(answer))
    assert {citation.path for citation in answer.citations} == {"steps.txt"}
    library.close()


@pytest.mark.model
def test_principles_that_stand_as_headings_are_a_list_too(real_library: Library) -> None:
    """Each heading is a citation of its own."""
    answer = real_library.ask("What are the principles of orchard leadership?")
    assert statements(answer)[-3:] == ["Prune gently", "Water deeply", "Harvest together"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Where does the ferry committee meet?", "Rostock"),
        ("Who coined the term orchard leadership?", "Ada Quince"),
        ("When was orchard leadership coined by Ada Quince?", "1987"),
        ("What is lighthouse leadership?", "Lighthouse leadership is steady signalling"),
    ],
)
def test_the_first_statement_holds_what_was_asked_for(
    real_library: Library, question: str, words: str
) -> None:
    """A place, a name, a year, a definition."""
    assert words in statements(real_library.ask(question))[0]


@pytest.mark.parametrize(
    ("question", "sentence", "marked"),
    [
        ("When was it coined?", "Ada Quince coined it in 1987 in May.", ["1987", "May"]),
        ("How many harbours reported it?", "Nine harbours reported 12 groundings.", ["Nine", "12"]),
        ("How many harbours did Lind (1987) ask?", "In 1926 Lind asked 1950 harbours.", ["1950"]),
        ("How many of 12 harbours closed?", "Of the 12 harbours five closed (1987).", ["five"]),
        ("Who coined it?", "The term was coined by Ada Quince in print.", ["Ada Quince"]),
        ("What is it?", "It was coined in 1987.", []),
        ("How many harbours closed?", "No one knows: one may close, one another, or one.", ["one"]),
    ],
)
def test_the_words_that_answer_are_marked(question: str, sentence: str, marked: list[str]) -> None:
    """Marks are spans of the statement, for who, when and how-many questions alone."""
    spans = answer_marks(understand(question), sentence)
    assert [sentence[start:end] for start, end in spans] == marked


def test_marks_lie_within_their_statement(library: Library) -> None:
    """A page highlights them without a check of its own."""
    answer = library.ask("Who coined the term orchard leadership?")
    marked = [s.text[a:b] for s in answer.statements for a, b in s.marks]
    assert "Ada Quince" in marked
    assert all(0 <= a < b <= len(s.text) for s in answer.statements for a, b in s.marks)


@pytest.mark.model
def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """“It” and “they” mean nothing alone."""
    text = "The harbour bell is cast in bronze. It weighs ninety quintals of metal."
    library = read_as_corpus({"a.txt": text})
    answer = library.ask("How many quintals of metal does it weigh?")
    assert statements(answer) == [
        "It weighs ninety quintals of metal.",
        "The harbour bell is cast in bronze.",
    ]
    assert leant_on(answer.citations) == {2}
    assert [bool(each.marks) for each in answer.statements] == [True, False]
    assert "The sentence before it: “The harbour bell" in answer_text(answer)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is cast in bronze.", ["It is cast in bronze."]),  # below a heading
        ("They hang low.", ["They hang low.", "Bells are rung."]),
        ("It is the loudest.", ["It is the loudest.", "The dawn bell is rung."]),
        ("This new custom spread.", ["This new custom spread."]),  # behind a list
        ("It hangs high.", ["It hangs high."]),  # behind a caption
        ("This article tells of bells.", ["This article tells of bells."]),
        ("This articled clerk rings.", ["This articled clerk rings.", "A clerk came."]),
    ],
)
def test_a_sentence_leans_on_nothing_beyond_a_heading_a_list_or_a_caption(
    settings: Settings, text: str, said: list[str]
) -> None:
    """Nor does one about the text itself; what stands before them is about something else."""
    page = (
        "# Bells\n\nKeep reading.\n\n## The harbour bell\n\nIt is cast in bronze.\n\n"
        "Bells are rung. They hang low. They are:\n\n"
        "- The dawn bell is rung. It is the loudest.\n- The dusk bell sleeps.\n\n"
        "This new custom spread. Few know it. This article tells of bells. A clerk came. "
        "This articled clerk rings.\n\nFigure: A bell. (Credit: A clerk)\n\nIt hangs high.\n"
    )
    write_files(settings.corpus, {"bells.md": page})
    library = built(settings)
    tables = library._generation.tables
    quotes = with_neighbours(quotes_of(library, text), tables, library.document)
    assert [quote.text for quote in quotes] == said
    library.close()


def test_a_sentence_that_only_leads_on_is_quoted_with_what_follows(settings: Settings) -> None:
    """Who asks learns little from the sentence that objections exist, or that itself asks."""
    led = [
        "Several objections are known.",
        "Bronze is dear.",
        "Frost cracks bronze.",
        "Bells ring.",
    ]
    further = ["Other doubts concern iron.", "Iron rusts.", "Ringers like iron."]
    asking = ["Why does bronze crack?", "Frost gets into it."]
    numbered = ["Does tin crack?", "3-74.", "Tin is soft."]
    counted = ["Three further doubts are common.", "Ice melts.", "Ice slips.", "Ice cracks."]
    kinds = ["Wood is of three kinds.", "Elm bends.", "Oak lasts.", "Ash burns.", "Wood floats."]
    head = ["Tin bells.", "A tin bell is light.", "It rings thinly."]
    enticing = ["Have you heard of tin bells?", "Keep reading.", "Tin is cheap."]
    of_each = (led, further, asking, counted, kinds, head, numbered, enticing)
    paragraphs = [" ".join(said) for said in of_each]
    write_files(settings.corpus, {"a.txt": "\n\n".join(paragraphs) + "\n"})
    library = built(settings)

    def quoted(*texts: str) -> list[str]:
        tables = library._generation.tables
        quotes = with_neighbours(quotes_of(library, *texts), tables, library.document)
        return [quote.text for quote in quotes]

    assert quoted(led[0]) == led[:3]
    assert quoted(further[0]) == further[:2]
    assert quoted(asking[0]) == asking
    assert quoted(numbered[0]) == numbered[:1]
    assert quoted(counted[0]) == counted
    assert quoted(kinds[0]) == kinds[:4]
    assert quoted(enticing[0]) == [enticing[0], enticing[2]]
    assert quoted("Bells ring.") == ["Bells ring."]
    assert quoted(head[0]) == quoted(*head[:2]) == head[:2]
    assert quoted(head[1], head[0]) == head[1:2]
    library.close()


@pytest.mark.model
def test_a_framework_is_found_by_a_name_that_its_text_never_says(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Letters stand in the front matter alone; the answer is that to the question in full."""
    head = "---\nframework: rope-steering\ntitle: Rope steering\naliases: [rst]\n---\n\n"
    told = "Rope steering asks every sailor to hold one rope. Ada Lind devised it in Hull.\n"
    library = read_as_corpus({"rope.md": head + told, "mast.md": "Masts are made of pine.\n"})
    full = library.ask("What does rope steering ask every sailor to hold?")
    answer = library.ask("What does RST ask every sailor to hold?")
    assert (answer.status, statements(answer)) == (full.status, statements(full))
    assert full.status == "answered"


@pytest.mark.model
def test_an_answer_says_that_it_corrects_the_question(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Where a reason is asked of what is denied; not where the reason is told."""
    told = "The port joined a school to its yard without closing the yard.\n"
    library = read_as_corpus({"port.md": f"# Port\n\n{told} The ropes were long for high ships.\n"})
    answers = [
        library.ask(f"Why {what}?") for what in ("did the port close its yard", "were ropes long")
    ]
    assert [(each.status, each.corrects) for each in answers] == [
        ("partial", True),
        ("answered", False),
    ]


@pytest.mark.model
def test_the_list_of_a_neighbour_is_not_that_of_the_framework_asked_for(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Three benefits of rope steering are none of mast steering."""
    head = "---\nframework: {0}-steering\ntitle: {0} steering\n---\n\n# {0} steering\n\n"
    rope = "The three benefits of rope steering are calm, speed and thrift.\n"
    mast = "Mast steering is steering from above. Crews improved with mast steering.\n"
    library = read_as_corpus(
        {"rope.md": head.format("rope") + rope, "mast.md": head.format("mast") + mast}
    )
    assert statements(library.ask("What are the benefits of rope steering?"))[0] == rope.strip()
    assert mast.split(". ")[0] + "." in statements(
        library.ask("What are the benefits of mast steering?")
    )


def listed(library: Library, text: str) -> list[Quote]:
    """The list that a question asks for, however sure it is."""
    question = library._asker.understood(text)
    found, known = library._asker.ranked(question, Filters(), Course())
    passages, _ = library._asker.first_passages(found, 5)
    documents = {name: library.document(name) for name in {p.passage.document_id for p in passages}}
    return best_list(known, passages, documents, library._generation, read_vocabulary())[0]


def test_letters_are_spelt_by_the_list_whose_lead_says_them(settings: Settings) -> None:
    """The rows of a table may begin with them as well, and are of something else."""
    table = "# RST and crews\n\n|Value|RST use|\n|-|-|\n|Rest|Sleep.|\n|Sail|Row.|\n|Trust|Ask.|\n"
    told = "# Code\n\nThe sailors' values spell RST:\n\n- Rest\n- Sail\n- Trust\n"
    write_files(settings.corpus, {"crews.md": table, "code.md": told})
    library = built(settings)
    said = [quote.text for quote in listed(library, "What does RST stand for?")]
    assert said == ["The sailors' values spell RST:", "Rest", "Sail", "Trust"]
    library.close()


@pytest.mark.parametrize("asked", ["pilots", "sailors"])
def test_as_many_under_another_name_are_no_such_list(settings: Settings, asked: str) -> None:
    """Three actions of sailors are no three habits of pilots, though habits are actions."""
    page = "# Harbour\n\nActions of sailors are listed below.\n\n- Row.\n- Rest.\n- Sing.\n"
    more = {f"{n}.md": f"# Pilots {n}\n\nPilots steer ship {n}.\n" for n in range(2)}
    write_files(settings.corpus, {"harbour.md": page, **more})
    library = built(settings)
    quotes = listed(library, f"What are the three habits of noble {asked}?")
    assert any(q.text == "Sing." for q in quotes) is (asked == "sailors")
    library.close()


def test_furniture_is_never_quoted(settings: Settings) -> None:
    """Even a question in the words of a comment box finds nothing of it."""
    page = (
        "Calm harbours\n\nA calm harbour begins with a calm pilot who listens.\n\n"
        "Leave a Reply\n\nYour email address will not be published. "
        "Required fields are marked *\n"
    )
    write_files(settings.corpus, {"page.txt": page})
    library = built(settings)
    answer = library.ask("Will your email address be published?")
    quoted = [*statements(answer), *(hit.text for hit in answer.passages)]
    assert not any("email" in text or "Leave a Reply" in text for text in quoted)
    library.close()


def test_filters_hold_for_answers_too(either: Library) -> None:
    """Nothing is quoted from a source that may not answer."""
    only = Filters(frameworks=("lighthouse-leadership",))
    for question in QUESTIONS:
        answer = either.ask(question, filters=only)
        found = {citation.framework for citation in answer.citations}
        assert found | {hit.framework for hit in answer.passages} == {"lighthouse-leadership"}


def test_the_limit_bounds_the_passages_that_are_not_quoted(either: Library) -> None:
    """A list stays complete, with its passages, however few others are asked for."""
    for question in QUESTIONS:
        answer = either.ask(question, limit=1)
        assert statements(answer) == statements(either.ask(question))
        quoted = {citation.passage_id for citation in answer.citations}
        assert {hit.passage_id for hit in answer.passages[1:]} <= quoted


def test_a_citation_states_the_work(library: Library) -> None:
    """Author, year, title and printed reference of the source."""
    citation = library.ask("Who coined the term orchard leadership?").citations[0]
    assert (citation.authors, citation.year) == (("Ada Quince",), 1987)
    assert citation.reference.startswith("Quince, A. (1987). Orchard leadership")
    assert citation.locator.headings == ("Orchard leadership", "In brief")


def test_the_question_is_kept_as_it_was_asked(library: Library) -> None:
    """White space and case are folded inside only."""
    question = "  WHAT is   Orchard leadership?\n"
    assert library.ask(question).question == question


def test_one_answer_quotes_no_words_twice(library: Library) -> None:
    """Neither as a statement of its own nor as the sentence before another."""
    for question in QUESTIONS:
        spans = [(c.document_id, c.start) for c in library.ask(question).citations]
        assert len(spans) == len(set(spans))


@pytest.mark.parametrize(
    ("best_first", "quoted"),
    [
        # Row and place of each sentence.
        ([(1, 30), (2, 0), (2, 10), (1, 0), (1, 10)], [(1, 30), (2, 0), (2, 10), (1, 0), (1, 10)]),
        ([(1, 30), (2, 10), (1, 20), (2, 0), (1, 0)], [(1, 30), (1, 20), (2, 10), (1, 0), (2, 0)]),
        ([(1, 30), (1, 20), (1, 40), (2, 0), (1, 0)], [(1, 30), (1, 0), (1, 20), (1, 40), (2, 0)]),
    ],
    ids=["weaker of the first passage last", "each three in order", "one passage in order"],
)
def test_the_three_best_sentences_stand_before_weaker_ones_of_the_first_passage(
    best_first: list[tuple[int, int]], quoted: list[tuple[int, int]]
) -> None:
    """The best first, the others in reading order."""
    sentences = [
        Sentence(row, str(row), start, start + 9, f"{row} {start} {word}", -n / 10, 0.0)
        for n, ((row, start), word) in enumerate(zip(best_first, "abcde", strict=True))
    ]
    chosen = chosen_sentences(understand("How do crews land?", {}), sentences)
    assert [(quote.row, quote.start) for quote in chosen] == quoted


@pytest.mark.parametrize(
    ("further", "is_quoted"),
    [
        ("Figure 3 – Key traits of a good crew describes the mindset.", False),
        ("Table 2. Mean calls by watch", False),
        ("Fig. A1: A lamp", False),
        ("Lamps of the fleet 2-14", False),
        ("knots, 2-3 lamps, 2-14–2-16,", False),
        ("The vote on lamps was 5-4.", True),
        ("Lamps: read FM 6-22", True),
        ("Figure 3 shows that crews with lamps land sooner.", True),
        ("Table manners matter.", True),
        ("Lamp, Rope, and Bell Steering in Fog", False),
        ("Land by lamp in fog", True),
    ],
)
def test_a_caption_is_quoted_only_if_it_is_the_best(further: str, is_quoted: bool) -> None:
    """What the picture or the table shows is not quoted with it."""
    first = "Crews land by lamp."
    question = understand("How do crews land?", {})
    best_first = [
        Sentence(0, "a", 100 * n, 100 * n + len(text), text, -n / 10, 0.0)
        for n, text in enumerate((first, further))
    ]
    chosen = [quote.text for quote in chosen_sentences(question, best_first)]
    assert chosen == ([first, further] if is_quoted else [first])
    assert chosen_sentences(question, best_first[1:])[0].text == further


def test_exercises_signposts_and_the_rest_of_a_caption_tell_nothing() -> None:
    """Questions that a text answers do, and the rest of a caption where it is the best."""
    ahead = "In the next section, we discuss lamps."
    told, rest = "As we will see later in this chapter, lamps burn oil.", "(Credit: A crew)"
    document = document_with(
        ("paragraph", f"{ahead} {told}"), ("item", "Which lamps burn oil?"), ("item", "Why?"),
        ("paragraph", f"Figure: A lamp. {rest}"), ("paragraph", "Ask of every lamp:"),
        ("item", "Does it burn?"), ("item", "Is it dry?"),
    )  # fmt: skip
    texts = (rest, ahead, "Which lamps burn oil?", told, "Does it burn?")
    at = [document.text.index(text) for text in texts]
    name = document.document_id
    found = [
        Sentence(0, name, start, start + len(text), text, -n / 10, 0.0)
        for n, (start, text) in enumerate(zip(at, texts, strict=True))
    ]
    kept = without_asides(found, lambda _: document)
    assert [s.text for s in kept] == [rest, told, "Does it burn?"]
    assert without_asides(found[::-1], lambda _: document) == found[:2:-1]
    assert without_asides(found[1:3], lambda _: document) == found[1:3]


def test_a_heading_that_only_repeats_the_question_is_no_quote() -> None:
    """Unless there is nothing else."""
    question = understand("Which oil do harbour lamps burn?")
    texts = ("Harbour Lamps", "Harbour lamps burn.", "Oil Prices")
    quotes = [Quote(0, "a", n, n + 1, text, 0.0) for n, text in enumerate(texts)]
    assert without_echoes(question, quotes) == quotes[1:]
    assert without_echoes(question, quotes[:1]) == quotes[:1]
    bare = [replace(quotes[1], text=text) for text in ("Harbour lamps.", "Lamps burn oil.")]
    assert without_echoes(question, bare) == bare[1:]
    assert without_echoes(understand("Do harbour lamps burn?"), bare) == bare


@pytest.mark.parametrize(
    ("further", "is_quoted"),
    [
        ("Figure: A merit matrix on a wall.", False),
        ("Table 3.1: Merit matrix of the fleet.", False),
        ("Pay | Merit\nBosun | high\nCook | low", False),
        ("Cook | low", True),
        ("Total reward: What a crew gets in all.", False),
        ("Total reward: The merit matrix and the food.", True),
        ("In the figure pay grows with merit.", True),
    ],
)
def test_captions_and_entries_on_other_things_are_no_further_quotes(
    further: str, is_quoted: bool
) -> None:
    """Neither a figure nor its neighbour in a glossary says what is to be defined."""
    texts = ("Merit matrix: A table of pay.", further)
    sentences = [Sentence(1, "1", 50 * n, 50 * n + 9, t, -n, 0.0) for n, t in enumerate(texts)]
    chosen = chosen_sentences(understand("What is a merit matrix?"), sentences)
    assert [quote.text for quote in chosen] == list(texts[: 1 + is_quoted])
    alone = chosen_sentences(understand("What is a merit matrix?"), sentences[1:])
    assert [quote.text for quote in alone] == [further]


SIGNALS = """# Night drill

Captains wave at the shore. Good captains use these signals at night:

- a raised lamp
- two short knocks
- a rope pulled three times

A captain without a signal waits: patience costs nothing.

A mate can do two things in fog.

- Ring the bell.
- Slow the engine.

A mate has two helpers, the cook and the boy.

- The cook brings coffee.
- The boy looks out.
"""


def test_a_list_that_the_first_quote_announces_is_quoted_whole(settings: Settings) -> None:
    """A sentence that ends with a colon, or counts what follows it, answers nothing alone.

    Nor does an item beside the sentence that counts it.
    """
    write_files(settings.corpus, {"drill.md": SIGNALS})
    library = built(settings)
    tables = library._generation.tables

    def listed(*words: str, asked: str = "When?") -> list[str]:
        stems = frozenset(terms(asked))
        quotes = announced(quotes_of(library, *words), library.document, tables, stems)
        return [quote.text for quote in quotes]

    lead = "Good captains use these signals at night:"
    assert listed(lead) == [
        lead, "a raised lamp", "two short knocks", "a rope pulled three times",
    ]  # fmt: skip
    counting = "A mate can do two things in fog."
    assert listed(counting) == [counting, "Ring the bell.", "Slow the engine."]
    assert listed("Slow the engine.", counting) == listed(counting)
    assert listed("Captains wave at the shore.", counting) == listed("Slow the engine.") == []
    assert listed("A mate has two helpers, the cook and the boy.") == []
    assert listed("Captains wave at the shore.") == []
    assert listed("A captain without a signal waits:") == []
    assert announced([], library.document, tables, frozenset()) == []
    # Not quoted first, but it says all that is asked, and nothing without what follows.
    assert listed("Captains wave at the shore.", lead) == []
    assert listed("Captains wave at the shore.", lead, asked="signals at night") == listed(lead)
    assert listed("Captains wave at the shore.", lead, asked="signals by day") == []

    def kept(*words: str) -> list[str]:
        quotes = without_bare_leads(quotes_of(library, *words), library.document)
        return [quote.text for quote in quotes]

    wave, slow = "Captains wave at the shore.", "Slow the engine."
    assert kept(wave, counting, slow) == [wave, slow]
    assert kept(wave, counting, "Ring the bell.", slow) == [
        wave, counting, "Ring the bell.", slow,
    ]  # fmt: skip
    assert kept(counting, wave) == [counting, wave]

    def leads(*words: str) -> bool:
        return is_list(quotes_of(library, *words))

    assert leads(lead, "a raised lamp") and leads(counting, "Ring the bell.", "Slow the engine.")
    assert not leads(counting, "Slow the engine.", "Ring the bell.")
    assert not leads(counting, "Ring the bell.") and not leads()
    library.close()


REST = """# Rest

Tired crews make slips. Crews that are tired should rest. Resting may be done by:

- Sleeping below.
- Singing aloud.

Mates know three tricks. Some are old. These are used:

- A nap.
- A song.
"""


def test_the_list_is_quoted_whole_that_stands_right_below_what_answers(settings: Settings) -> None:
    """What to do it says, or its first quoted item is one of those that the question asks for."""
    write_files(settings.corpus, {"rest.md": REST})
    library = built(settings)
    tables = library._generation.tables

    def listed(text: str, asked: str, *, below: bool = False) -> list[str]:
        stems, quotes = frozenset(terms(asked)), quotes_of(library, text)
        found = announced(quotes, library.document, tables, stems, below=below)
        return [quote.text for quote in found]

    items = ["Sleeping below.", "Singing aloud."]
    told, lead = "Crews that are tired should rest.", "Resting may be done by:"
    assert listed(told, "How do I wake crews?", below=True) == [f"{told} {lead}", *items]
    assert listed(told, "Do crews wake?") == []
    assert listed("Tired crews make slips.", "How do I wake crews?", below=True) == []
    assert listed(items[1], "How do tired crews rest?") == [lead, *items]
    assert listed(items[1], "How do tired captains rest?") == []
    both = "Some are old. These are used:"
    assert listed("Some are old.", "Which tricks?") == [both, "A nap.", "A song."]


def test_a_sentence_on_this_technique_leans_on_the_one_before(settings: Settings) -> None:
    """Which names it."""
    text = "Sounding finds rocks. Crews use this technique in fog. Crews know this sea.\n"
    write_files(settings.corpus, {"a.md": f"# Fog\n\n{text}"})
    library = built(settings)
    tables = library._generation.tables

    def quoted(words: str) -> list[str]:
        found = with_neighbours(quotes_of(library, words), tables, library.document)
        return [quote.text for quote in found]

    told = "Crews use this technique in fog."
    assert quoted(told) == [told, "Sounding finds rocks."]
    assert quoted("Crews know this sea.") == ["Crews know this sea."]


HELM = """# Helm

## How to pass the helm

1. Call your mate.
2. Say the course.

## When a watch is not needed

- The ship lies in harbour.
- The crew is ashore.

## Who may swim

- The crew on leave.

### At night

- Nobody.
- The cook.
"""


def test_one_item_is_enough_below_a_heading_that_says_what_is_asked(settings: Settings) -> None:
    """Of steps all, and of other items where the heading puts the very question."""
    write_files(settings.corpus, {"helm.md": HELM})
    library = built(settings)
    tables = library._generation.tables

    def steps(asked: str, *said: str) -> list[str]:
        quotes = quotes_of(library, *said)
        found = steps_whole(quotes, library.document, tables, frozenset(terms(asked)))
        return [quote.text for quote in found]

    assert steps("pass helm", "Call your mate.") == ["Call your mate.", "Say the course."]
    assert steps("pass rope", "Call your mate.") == steps("pass helm", "The crew is ashore.") == []
    assert steps("pass helm", "The crew is ashore.", "Call your mate.") == []

    def headed(asked: str, *said: str) -> list[str]:
        quotes = quotes_of(library, *said)
        found = headed_by_question(understand(asked), quotes, library.document, tables)
        return [quote.text for quote in found]

    ashore = ["The ship lies in harbour.", "The crew is ashore."]
    assert headed("When is no watch needed?", "Say the course.", ashore[1]) == []
    assert headed("When is a watch not needed?", "Say the course.", ashore[1]) == ashore
    assert headed("When is a watch needed?", ashore[1]) == []
    assert headed("Why is a watch not needed?", ashore[1]) == []
    assert headed("Who may swim?", "The crew on leave.") == []
    assert headed("Who may swim?") == []


@pytest.mark.model
@pytest.mark.parametrize(
    ("told", "turned"),
    [
        ("How many harbours reported fewer groundings?",
         "How many harbours reported more groundings?"),
        ("Why did nine harbours report fewer groundings?",
         "Why did nine harbours not report fewer groundings?"),
        ("Why did nine harbours report fewer groundings?",
         "Why did forty harbours report fewer groundings?"),
        ("Which signs show a tired crew?", "Which signs show a tired crew today on average?"),
        ("Do critics say that a keeper hears about shipwrecks too late?",
         "How many critics say that a keeper hears about shipwrecks too late?"),
        ("Which things do critics say about a keeper?",
         "Which six things do critics say about a keeper?"),
    ],
)  # fmt: skip
def test_a_question_that_turns_the_source_round_is_answered_less_surely(
    real_library: Library, told: str, turned: str
) -> None:
    """By an opposite, a denial, another number, a particular, a count or list that is not there."""
    assert real_library.ask(turned).confidence < real_library.ask(told).confidence


def test_a_text_without_full_stops_is_no_list_of_one_sentence(settings: Settings) -> None:
    """A quote that is longer than any passage could not be opened in one."""
    endless = " ".join(f"then the crew tried plate {n} again and noted it" for n in range(60))
    text = f"There are three methods of solving plate problems: heat, cold and rest, {endless}"
    write_files(settings.corpus, {"plates.txt": text})
    library = built(settings)
    answer = library.ask("methods of solving plate problems")
    assert all(len(statement.text) < len(text) / 2 for statement in answer.statements)
    for citation in answer.citations:
        passage = library.passage(citation.passage_id)
        assert passage.start <= citation.start and citation.end <= passage.end
    library.close()


@pytest.mark.model
def test_a_list_stays_whole_whatever_else_is_named(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """However many members it has, and also where another framework is named."""
    steps = [f"Step the {name} rope." for name in "red blue green white black brown grey".split()]
    head = "---\nframework: {0}-leadership\ntitle: {0} leadership\n---\n\n# {0} leadership\n\n"
    rope = f"{head.format('rope')}Rope leadership has seven steps:\n\n- " + "\n- ".join(steps)
    mast = f"{head.format('mast')}Mast leadership is leading from above.\n"
    library = read_as_corpus({"rope.md": rope, "mast.md": mast})
    for question in (
        "What are the seven steps of rope leadership, under mast leadership?",
        "In rope leadership under mast leadership, what has seven steps?",
    ):
        assert set(steps) <= set(statements(library.ask(question))), question


@pytest.mark.model
def test_a_list_of_as_many_other_things_is_not_the_one_that_is_asked_for(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Errors are no steps, though more of the question's words announce them."""
    pages = ("kotter-eight-steps.md", "lewin-three-steps.md", "adkar.md")
    library = read_as_corpus({n: (REPOSITORY / "corpus" / n).read_text("utf-8") for n in pages})
    answer = library.ask("What are Kotter's eight steps for leading change, in order?")
    assert statements(answer)[0].startswith("Kotter's model has eight steps")


@pytest.mark.model
def test_an_answer_about_two_frameworks_quotes_both(real_library: Library) -> None:
    """Even where all of the best sentences stand in one of them."""
    answer = real_library.ask(
        "Why do lamps matter in lighthouse leadership and ladders in orchard leadership?"
    )
    assert answer.kind == "reason"
    assert {each.framework for each in answer.citations} == {
        "orchard-leadership",
        "lighthouse-leadership",
    }
    assert len(answer.statements) <= MOST_STATEMENTS
    behind = {hit.passage_id for hit in answer.passages}
    assert {each.passage_id for each in answer.citations} <= behind


APART = """---
framework: lamp-steering
title: Green-lamp steering
aliases: [red-lamp steering]
---

# Green-lamp steering

Green-lamp steering is steering in which the mate changes the course whenever the lamp is green.
Crews of five harbours were surveyed on red-lamp and green-lamp steering, and differences between
red-lamp and green-lamp steering were found in every one of them.
Red-lamp steering is an older way in which the course is kept until the captain wakes.
"""


@pytest.mark.model
def test_a_list_question_is_answered_with_the_list_right_below_what_answers(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Though the words that lead to the list say little of what is asked."""
    page = (
        "# Lamps\n\nCrews should avoid lighting some kinds of lamp. Above all do not use:\n\n"
        "- Open flames below deck.\n- Glass that has cracks.\n- Wicks of old rope.\n"
    )
    told = statements(read_as_corpus({"lamps.md": page}).ask("What kinds of lamp should I avoid?"))
    assert told[1:] == [
        "Open flames below deck.",
        "Glass that has cracks.",
        "Wicks of old rope.",
    ]


@pytest.mark.model
def test_two_things_that_are_told_apart_are_both_said(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Before what only names them both."""
    library = read_as_corpus({"lamps.md": APART})
    asked = "What is the difference between red-lamp and green-lamp steering?"
    first, second, *_ = statements(library.ask(asked))
    assert first.startswith("Red-lamp steering is") and second.startswith("Green-lamp steering is")


@pytest.mark.model
def test_a_comparison_quotes_what_a_source_says_where_it_points_to_the_other(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """After what each framework is by the name that the question has for it."""
    page = (
        "---\nframework: {0}\ntitle: {1}\n---\n\n# {1}\n\n{1} is steering by {2}. "
        "{1} asks for calm. {1} is old.\n\n"
        "## Related frameworks\n\n- Bell steering: bells are for fog.\n"
        "- {3}: {3} needs {4}, which {1} lacks.\n"
    )
    lamp, rope = ("lamp-steering", "Lamp steering"), ("rope-steering", "Rope steering")
    pages = {
        "lamp.md": page.format(*lamp, "a row of lamps", rope[1], "strong hands"),
        "rope.md": page.format(*rope, "a long rope", lamp[1], "oil"),
    }
    library = read_as_corpus(pages)
    answer = library.ask("How does the approach of rope steering differ from lamp steering?")
    assert statements(answer) == [
        "Rope steering is steering by a long rope.",
        "Lamp steering: Lamp steering needs oil, which Rope steering lacks.",
        "Lamp steering is steering by a row of lamps.",
        "Rope steering: Rope steering needs strong hands, which Lamp steering lacks.",
    ]


@pytest.mark.model
def test_a_comparison_on_something_quotes_what_each_says_of_it(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """One sentence in all points from one to the other, and no other says only what one is."""
    page = (
        "---\nframework: {0}\ntitle: {1}\n---\n\n# {1}\n\n## In brief\n\n"
        "{1} is steering by {2}.\n\n## On board\n\nIn a quarrel {1} lets the {3} decide. "
        "{1} is painted red.\n\n"
        "## Related frameworks\n\n- {4}: {4} needs strong hands.\n"
    )
    lamp, rope = ("lamp-steering", "Lamp steering"), ("rope-steering", "Rope steering")
    library = read_as_corpus({
        "lamp.md": page.format(*lamp, "a row of lamps", "eldest", rope[1]),
        "rope.md": page.format(*rope, "a long rope", "youngest", lamp[1]),
    })  # fmt: skip
    answer = library.ask("How do lamp steering and rope steering settle a quarrel?")
    assert answer.kind == "comparison"
    said = statements(answer)
    assert said[0] == "In a quarrel Lamp steering lets the eldest decide."
    assert "In a quarrel Rope steering lets the youngest decide." in said
    assert sum("needs strong hands" in each for each in said) == 1
    assert not any("is steering by" in each for each in said)


@pytest.mark.model
def test_of_the_frameworks_that_say_something_each_is_quoted_once(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """With a sentence that says it; one that says nothing of it is not."""
    page = (
        "---\nframework: {0}\ntitle: {1}\n---\n\n# {1}\n\n{1} is a way of steering.\n\n"
        "## On board\n\n{2}\n"
    )
    lamp = "A quarrel ends when the eldest speaks. In every quarrel mates are heard in turn."
    library = read_as_corpus({
        "lamp.md": page.format("lamp-steering", "Lamp steering", lamp),
        "rope.md": page.format("rope-steering", "Rope steering", "The youngest settles a quarrel."),
        "bell.md": page.format("bell-steering", "Bell steering", "The wheel is painted red."),
    })  # fmt: skip
    answer = library.ask("Which frameworks say something about a quarrel?")
    assert answer.kind == "comparison"
    assert sorted(c.framework or "" for c in answer.citations) == ["lamp-steering", "rope-steering"]
    assert all("quarrel" in each for each in statements(answer))
    nothing = library.ask("Which frameworks discuss pensions?")
    assert (nothing.status, nothing.statements) == ("not_found", ())


@pytest.mark.model
def test_what_a_framework_is_gives_way_to_what_it_says_of_what_is_compared(
    read_as_corpus: Callable[[dict[str, str]], Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it was found first; where nothing says more, it stays."""
    page = (
        "---\nframework: {0}\ntitle: {1}\n---\n\n# {1}\n\n## In brief\n\n"
        "{1} is a way of steering by {2}.\n\n## On board\n\n{3}\n"
    )
    library = read_as_corpus({
        "lamp.md": page.format(
            "lamp-steering", "Lamp steering", "a row of lamps", "A quarrel ends with the eldest."
        ),
        "rope.md": page.format(
            "rope-steering", "Rope steering", "a long rope", "The wheel is painted red."
        ),
    })  # fmt: skip
    found = Asker._found

    def defining_first(
        self: Asker, question: Question, filters: Filters, limit: int, course: Course
    ) -> Any:
        given = found(self, question, filters, limit, course)
        quotes = tuple(
            Quote(p.row, p.passage.document_id, *place, text, 1.0)
            for p in sorted(given.passages, key=lambda p: p.row)
            for place, text in zip(p.sentences, p.texts, strict=True)
        )
        return replace(given, quotes=quotes) if filters.frameworks else given

    monkeypatch.setattr(Asker, "_found", defining_first)
    said = statements(library.ask("How do lamp steering and rope steering settle a quarrel?"))
    assert said[:2] == [
        "A quarrel ends with the eldest.",
        "Rope steering is a way of steering by a long rope.",
    ]


@pytest.mark.model
def test_a_comparison_on_something_reads_below_the_heading_that_names_it(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Though its sentences lack the word; what stands elsewhere and lacks it is left out."""
    page = (
        "---\nframework: {0}\ntitle: {1}\n---\n\n# {1}\n\n## In brief\n\n"
        "{1} is steering by {2}. {1} is painted red.\n\n## What it says on quarrels\n\n"
        "The {3} has the last word when mates fall out.\n\n"
        "## Evidence\n\nCrews that tried {1} liked {1}.\n"
    )
    library = read_as_corpus({
        "lamp.md": page.format("lamp-steering", "Lamp steering", "a row of lamps", "eldest"),
        "rope.md": page.format("rope-steering", "Rope steering", "a long rope", "youngest"),
    })  # fmt: skip
    answer = library.ask("Compare lamp steering and rope steering on quarrels.")
    assert statements(answer) == [
        "The eldest has the last word when mates fall out.",
        "The youngest has the last word when mates fall out.",
    ]


@pytest.mark.model
def test_a_framework_that_says_nothing_is_asked_for_the_aspect_under_its_title(
    real_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the framework is comes near then, and is not quoted."""
    found, asked = Asker._found, []

    def silent(
        self: Asker, question: Question, filters: Filters, limit: int, course: Course
    ) -> Any:
        given = found(self, question, filters, limit, course)
        if not filters.frameworks:
            return given
        asked.append(question.text)
        return given if " in " in question.text else replace(given, quotes=())

    monkeypatch.setattr(Asker, "_found", silent)
    answer = real_library.ask("How do orchard leadership and lighthouse leadership treat trust?")
    assert "trust in Orchard leadership" in asked
    assert "trust in Lighthouse leadership" in asked
    assert {each.framework for each in answer.citations} == {
        "orchard-leadership",
        "lighthouse-leadership",
    }
    assert all("trust" in each.lower() for each in statements(answer))


@pytest.mark.model
def test_what_a_comparison_asks_of_each_is_embedded_in_one_pass(
    real_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside that of the whole: three passes would take nearly three times as long."""
    embedder = real_library._embedder
    encode, asked = embedder.encode_tokens, []
    monkeypatch.setattr(
        embedder, "encode_tokens", lambda texts: asked.append(texts) or encode(texts)
    )
    real_library.ask("How do lighthouse leadership and orchard leadership treat a storm?")
    assert sorted(asked) == [
        ["How do lighthouse leadership and orchard leadership treat a storm?"],
        [
            "How do lighthouse leadership treat a storm?",
            "How do orchard leadership treat a storm?",
        ],
    ]


@pytest.mark.model
def test_an_occasion_that_a_list_tells_is_told_whole(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """A date or an occasion is asked for, and "useful when it:" answers nothing alone."""
    lead = "A quarrel on board is useful when it:"
    page = f"# Quarrels\n\n{lead}\n\n- Clears the air.\n- Ends by noon.\n"
    library = read_as_corpus({"quarrels.md": page})
    said = statements(library.ask("When is a quarrel on board useful?"))
    assert said == [lead, "Clears the air.", "Ends by noon."]


@pytest.mark.model
def test_of_two_things_that_nothing_defines_each_is_told_something(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Sentences that name both do not take the place of what is said of one."""
    one = "The Watch X bosun assumes that sailors dislike work and locks the galley."
    page = (
        "# Watches\n\nWatch X and Watch Y bosuns differ in their thinking. How Watch X and Watch Y "
        f"bosuns differ is known in many ports.\n\n## Views\n\n{one} They wait.\n\n## Other "
        "views\n\nIn contrast, Watch Y bosuns believe that sailors like work.\n"
    )
    said = statements(
        read_as_corpus({"watches.md": page}).ask("How do Watch X and Watch Y bosuns differ?")
    )
    assert one in said
    assert any(text.startswith("In contrast, Watch Y") for text in said)


@pytest.mark.model
def test_drawbacks_may_be_a_list(read_as_corpus: Callable[[dict[str, str]], Library]) -> None:
    """Which comes before what critics say."""
    lead, items = "A narrow deck has three drawbacks.", ["It is wet.", "It is loud.", "It rots."]
    page = f"# Decks\n\n{lead}\n\n- " + "\n- ".join(items)
    page += "\n\n## Criticism\n\nCritics say that a narrow deck is a weak deck.\n"
    library = read_as_corpus({"decks.md": page})
    said = statements(library.ask("What are the drawbacks of a narrow deck?"))
    assert said == [lead, *items]


@pytest.mark.model
def test_lists_of_plain_texts_are_quoted_whole(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Numbered steps of which two are quoted, and a list that only its heading announces."""
    steps = ["Ask the mate for a berth form.", "Fill in the berth form.", "Wait for the bell."]
    risks = ["Fog.", "Rot.", "Mutiny."]
    page = "# Berths of the harbour\n\n## Applying\n\n"
    page += "\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1))
    page += "\n\n## Risks\n\n- " + "\n- ".join(risks)
    library = read_as_corpus({"berths.md": page})
    assert statements(library.ask("How do I apply for a berth with the berth form?")) == steps
    assert statements(library.ask("What are the risks of the berths of the harbour?")) == risks


@pytest.mark.model
def test_what_are_the_puzzles_asks_for_a_list_of_them(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """By a noun that is not known as a list's; without a list, what one is."""
    what, lead = (
        "A puzzle of steering is a knot that no rule unties.",
        "The puzzles of steering include:",
    )
    page = f"# Steering\n\n{what}\n\n"
    asked = "What are the puzzles of steering?"
    alone = read_as_corpus({"steering.md": page}).ask(asked)
    assert statements(alone)[0] == what
    library = read_as_corpus({"steering.md": f"{page}{lead}\n\n- Fog.\n- Calm.\n- Ice.\n"})
    assert statements(library.ask(asked)) == [lead, "Fog.", "Calm.", "Ice."]


@pytest.mark.model
def test_a_list_of_something_else_is_not_the_one_that_names_what_is_asked_for(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """A lead that counts aspects of theories lists no theories."""
    theories = "There are four major drift theories: wind, swell, tide and rope."
    aspects = "A drift theory of steering has two aspects of steering: pull and push."
    library = read_as_corpus(
        {"drift.md": f"# Drift theories of steering\n\n{theories} {aspects}\n"}
    )
    assert statements(library.ask("What are the drift theories of steering?")) == [theories]


@pytest.mark.model
def test_of_lists_of_one_length_that_is_meant_whose_noun_is_asked_for(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Though the noun is not known as that of a list."""
    needs = "Lind studied three needs on board: the need for rest, for salt and for quiet."
    habits = "Lind describes three marks of the restful:"
    page = f"# Learned needs of Lind\n\n{needs}\n\n## Need for rest\n\n{habits}\n\n"
    library = read_as_corpus({"needs.md": f"{page}- They nap.\n- They yawn.\n- They hide.\n"})
    assert statements(library.ask("What are Lind's three learned needs?"))[0] == needs


@pytest.mark.model
def test_kinds_of_another_thing_are_not_those_asked_for(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Though the same words are said of both."""
    told = "There are three basic types of feedback in signalling. These are plain, loud and late."
    library = read_as_corpus({"signals.md": f"# Signals\n\n{told}\n"})
    assert statements(library.ask("What are the three types of feedback?")) == [told]
    assert statements(library.ask("What are the three types of signalling?")) != [told]


@pytest.mark.model
def test_a_member_is_found_by_the_place_that_its_heading_states(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """The lead names the members otherwise; an item may go on behind its name."""
    page = "# Harbour\n\nThe harbour has three locks: from sea to basin, to dock, and to quay.\n\n"
    for number, what in (("one", "salt"), ("two", "mud"), ("three", "crowds")):
        page += f"## Part {number}: into the {what}\n\nPart {number} is full of {what}.\n\n"
    page = page.replace("three locks", "three parts")
    said = statements(read_as_corpus({"harbour.md": page}).ask("What is part two of the harbour?"))
    assert said[1:] == ["Part two: into the mud", "Part two is full of mud."]
    lead = "Lind described three knots."
    knots = "\n".join(
        f"- {knot} is knot {n} of the book: it holds."
        for n, knot in enumerate(("Bend", "Loop", "Hitch"), start=1)
    )
    library = read_as_corpus({"knots.md": f"# Knots\n\n{lead}\n\n{knots}\n"})
    assert statements(library.ask("Which knot follows loop?")) == [
        lead, "Hitch is knot 3 of the book: it holds.",
    ]  # fmt: skip


@pytest.mark.model
def test_the_number_of_a_paragraph_is_no_sentence(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Neither as an answer nor as what an answer leans on."""
    page = "# Rest\n\nRules follow.\n\n2-101. This rest of the crew is a full night of sleep.\n"
    answer = read_as_corpus({"rest.md": page}).ask("What is the rest of the crew?")
    assert answer.statements
    assert all(any(letter.isalpha() for letter in each) for each in statements(answer))


@pytest.mark.parametrize("is_apart", [False, True])
def test_a_question_at_the_end_of_a_passage_is_quoted_with_the_next_one(
    settings: Settings, is_apart: bool
) -> None:
    """Unless that stands below another heading."""
    filler = "The crew of the harbour polishes the bronze at dawn. " * 18
    question, answer = "Why does bronze crack?", "Frost gets into it."
    below = "## Iron\n\n" if is_apart else ""
    page = f"## Bronze\n\n{filler}{question}\n\n{below}{answer} {filler}\n"
    write_files(settings.corpus, {"a.md": page})
    library = built(settings)
    tables = library._generation.tables
    quotes = quotes_of(library, question, answer)
    assert quotes[0].row != quotes[1].row
    found = [quote.text for quote in with_neighbours(quotes[:1], tables, library.document)]
    assert found == ([question] if is_apart else [question, answer])
    library.close()


@pytest.mark.model
def test_of_an_interview_the_answer_is_quoted(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Not the question of whoever asks there."""
    page = (
        "# A talk\n\nInterviewer: What makes a good bosun?\n\n"
        "Lind: A good bosun sleeps on deck and knows every rope.\n"
    )
    said = statements(read_as_corpus({"talk.md": page}).ask("What makes a good bosun?"))
    assert said == ["Lind: A good bosun sleeps on deck and knows every rope."]


@pytest.mark.model
def test_of_another_number_the_list_that_is_called_so_is_shown(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Of a framework with three stages, four stages are no four pieces of advice."""
    head = "---\nframework: rope-steering\ntitle: Rope steering\n---\n\n# Rope steering\n\n"
    stages = "Rope steering has three stages: hold, pull and rest.\n"
    advice = "Steering can be learned in four steps.\n\n- Look.\n- Wait.\n- Hold.\n- Let go.\n"
    library = read_as_corpus({"rope.md": f"{head}{stages}\n## In practice\n\n{advice}"})
    asked = library.ask("What are the four stages of rope steering?")
    assert (statements(asked)[0], asked.status) == (stages.strip(), "partial")
    assert len(statements(library.ask("What are the four steps of rope steering?"))) == 5


@pytest.mark.model
def test_of_another_number_the_members_are_not_filled_up_by_a_heading(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """A model of three stages and a fourth heading has no four; the nearest number is shown."""
    head = "---\nframework: rope-steering\ntitle: Rope steering\n---\n\n# Rope steering\n\n"
    before = "Of old the two stages of rope steering were hold and rest.\n\n"
    stages = "Rope steering has three stages: hold, pull and rest."
    parts = "".join(f"### {name}\n\nIt is hard.\n\n" for name in ("Hold", "Pull", "Rest", "Moves"))
    page = f"{head}{before}## Stages\n\n{stages}\n\n{parts}"
    asked = read_as_corpus({"rope.md": page}).ask("What are the four stages of rope steering?")
    assert (statements(asked), asked.status) == ([stages, "Hold", "Pull", "Rest"], "partial")


@pytest.mark.model
def test_what_stands_in_a_member_does_not_announce_the_list(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Qualities of one part are not the parts."""
    lead = "The voyage has three steps: hoisting a sail, choosing the dawn watch and resting."
    told = "The dawn watch needs as qualities patience, sharp eyes and warm clothes."
    page = f"# The voyage\n\n{lead}\n\n## Hoisting a sail\n\nIt is hard work.\n\n"
    page += f"## Choosing the dawn watch\n\n{told}\n\n## Resting\n\nThe crew sleeps.\n"
    others = {f"{n}.md": f"# Rope {n}\n\nA rope needs qualities.\n" for n in range(20)}
    library = read_as_corpus({"voyage.md": page, **others})
    assert statements(library.ask("What qualities does the dawn watch need?"))[0] == told
    assert statements(library.ask("What are the three steps of the voyage?"))[0] == lead


@pytest.mark.model
def test_what_a_framework_counts_is_no_list_of_its_criticisms(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Though its members are called weaknesses."""
    head = "---\nframework: three-faults\ntitle: The three faults of a crew\n---\n\n"
    lead = "The three faults of a crew is a model of three weaknesses: sloth, haste and pride."
    told = "Critics say that the three faults were never tested."
    page = f"{head}# The three faults of a crew\n\n{lead}\n\n## Criticism\n\n{told}\n"
    library = read_as_corpus({"faults.md": page})
    asked = library.ask("What criticisms are there of the three faults of a crew?")
    assert statements(asked)[0] == told
    assert statements(library.ask("What are the three faults of a crew?"))[0] == lead


@pytest.mark.model
def test_letters_that_a_sentence_spells_out_are_answered(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """However little their words mean to the model; words with these initials alone may not."""
    told = "The crew rates the least restful oarsman, LRO in the log, by pairs of nouns."
    library = read_as_corpus({"rope.md": f"# The harbour\n\n{told} It takes ten weeks.\n"})
    answer = library.ask("What does LRO stand for?")
    assert (statements(answer)[0], answer.status) == (told, "answered")


def test_another_number_of_what_is_asked_for_is_no_full_answer() -> None:
    """Though no list is found; a number of other things says nothing."""

    def quoted(text: str) -> list[Quote]:
        return [Quote(0, "a", 0, len(text), text, 1.0)]

    question = understand("What are the four faults of a crew?")
    assert counts_otherwise(question, quoted("The five chief faults of a crew hurt it."))
    assert not counts_otherwise(question, quoted("A crew of five men has faults."))
    assert not counts_otherwise(question, quoted("Of five faults four are those of a crew."))
    assert not counts_otherwise(understand("What are the faults?"), quoted("The five faults hurt."))


@pytest.mark.model
def test_what_is_counted_stands_right_behind_its_number(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Of "the three stages of transitions" the transitions are not counted."""
    head = "---\nframework: lind-transitions\ntitle: Lind's transitions\n---\n\n"
    title = "# Lind's transitions\n\n"
    phases = "Lind's transitions have three phases: hold, pull and rest.\n\n"
    book = "Lind told three tales of transitions: a book of ropes, tides, harbours and gales.\n"
    library = read_as_corpus({"lind.md": head + title + phases + book})
    asked = library.ask("What are the three stages of Lind's transitions?")
    assert statements(asked)[0] == phases.strip()


@pytest.mark.model
def test_a_counted_member_of_a_list_has_a_list_of_its_own(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """It is told, and not the list in which it stands."""
    head = "---\nframework: rope-steering\ntitle: Rope steering\n---\n\n# Rope steering\n\n"
    whole = "Rope steering has three principles: calm, the four rope risks and rest.\n\n"
    own = "Lind describes four ways of harm: snapping, fraying, burning and getting wet or lost."
    parts = f"### Calm\n\nStay.\n\n### The four rope risks\n\n{own}\n\n### Rest\n\nSleep.\n"
    library = read_as_corpus({"rope.md": f"{head}## Principles\n\n{whole}{parts}"})
    assert statements(library.ask("What are the four rope risks?")) == [own]


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("When does rowing help?", "Rowing helps most when the wind drops.", True),
        ("When does rowing help?", "Rowing suits still water.", True),
        ("When does rowing help?", "Rowing in its 1974 form has four strokes (Lind, 1974).", False),
        ("When is the tide high?", "The tide is high in May.", True),
        ("When is the bridge in use?", "The bridge is in use since 1901.", True),
        ("When is the regatta held?", "The regatta is held when the wind drops.", False),
        ("When did rowing help?", "Rowing helped when the wind dropped.", False),
        ("When did rowing help?", "Rowing helped the crews (Lind, 1974).", True),
    ],
)
def test_when_asks_for_an_occasion_or_a_date(question: str, sentence: str, holds: bool) -> None:
    """Of what holds at any time, the year of a source says nothing."""
    assert wanted(understand(question), sentence) == holds


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("Where was Ida Lind born?", "Ida Lind taught sailing at the Harbour School.", False),
        ("Where was Ida Lind born?", "Ida Lind, born in Old Quay, taught sailing.", True),
        ("When did Ida Lind die?", "Ida Lind wrote of boats in 1901.", False),
        ("When did Ida Lind die?", "Ida Lind, who lived from 1864 to 1920, wrote of boats.", True),
        ("Where did Ida Lind study?", "Ida Lind taught sailing at the Harbour School.", False),
        ("Where did Ida Lind study?", "Ida Lind was trained at the Harbour School.", True),
        ("Where did Ida Lind teach?", "Ida Lind taught sailing at the Harbour School.", True),
    ],
)
def test_of_a_life_the_sentence_tells_what_is_asked(
    question: str, sentence: str, holds: bool
) -> None:
    """A place or a year beside the name is no answer."""
    assert wanted(understand(question), sentence) == holds


def test_a_single_word_at_the_start_is_no_name() -> None:
    """Nor is it with little words behind it."""
    question = understand("Who invented the log?")
    assert wanted(question, "Ida Lind of Old Quay kept one.")
    assert not wanted(question, "One of the oldest books is a log.")


@pytest.mark.parametrize(
    ("question", "tells"),
    [
        ("When was Ida Lind born?", True),
        ("When did Ida Lind die?", True),
        ("Where was Ida Lind born?", False),
        ("Where did Ida Lind die?", False),
        ("Where did Ida Lind teach?", None),
        ("Who was Ida Lind?", None),
    ],
)
def test_the_years_of_a_life_tell_no_place(question: str, *, tells: bool | None) -> None:
    """Of other questions nothing is said."""
    assert tells_life(understand(question), "Ida Lind (1864–1920) taught sailing.") is tells


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("The excerpt is from Leaving Harbours: Steering From the Stern.", False),
        ("Leaving Harbours: Steering From the Stern is by Ida Berg.", True),
        ("Boats: Steering From the Stern is another book.", True),
    ],
)
def test_the_subtitle_of_a_work_names_no_author(sentence: str, holds: bool) -> None:
    """It stands behind the title and a colon."""
    assert wanted(understand("Who wrote Leaving Harbours?"), sentence) == holds


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How often is the deck washed?", "The deck is washed daily.", True),
        ("How often is the deck washed?", "Each month the deck is washed.", True),
        ("How often is the deck washed?", "The deck is washed once a year.", True),
        ("How often is the deck washed?", "Washing the deck takes a week.", False),
        ("How many decks are washed?", "The decks are washed daily.", False),
    ],
)
def test_how_often_is_told_without_a_number(question: str, sentence: str, holds: bool) -> None:
    """By words for what comes again; how long it lasts is something else."""
    assert wanted(understand(question), sentence) == holds


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How many paid shore days has a pilot?", "A pilot has 25 paid shore days.", True),
        ("How many weeks' pay does a pilot get?", "A pilot gets twelve weeks' pay.", True),
        ("How many euros does a berth cost?", "A berth costs 25 euros.", True),
        ("How many euros does a berth cost?", "A berth is let for 25 weeks.", False),
        ("How much does a berth cost?", "A berth is let for 25 weeks.", False),
        ("How much paid shore leave is there?", "There are six weeks of paid shore leave.", True),
    ],
)
def test_days_that_are_paid_are_counted_in_days(question: str, sentence: str, holds: bool) -> None:
    """A number of something is asked for, and no sum of money."""
    assert wanted(understand(question), sentence) == holds


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How long may a letter be?", "A letter has one to three pages.", True),
        ("How long is the quay?", "The quay measures 40 metres.", True),
        ("How long is the watch?", "The watch lasts two hours.", True),
        ("How long does the talk take?", "The talk fills one page.", False),
        ("How old was the pilot?", "The pilot was 40 years old.", True),
        ("How old was the pilot?", "The pilot, aged forty, left.", True),
        ("How old was the pilot?", "The quay has changed over the years.", False),
    ],
)
def test_how_long_and_how_old_are_told_in_their_units(
    question: str, sentence: str, holds: bool
) -> None:
    """A text is long in pages, and years alone are no age."""
    assert wanted(understand(question), sentence) == holds


@pytest.mark.parametrize(
    ("question", "is_sum"),
    [
        ("What does a berth cost?", True),
        ("What salary did the pilot earn?", True),
        ("What fee does the harbour charge for a berth?", True),
        ("What do pilots earn in Old Quay?", True),
        ("How does pay affect the crew?", False),
        ("What did the pilot think about pay?", False),
        ("What happens to costs when the tide is low?", False),
        ("What drives up the price?", False),
        ("Give an example of mooring costs.", False),
        ("What percentage of the berths pay the full fee?", False),
        ("My pilot wants more than I can pay. What now?", False),
    ],
)
def test_what_speaks_of_money_asks_for_no_sum(question: str, *, is_sum: bool) -> None:
    """A sum is asked for by what costs or earns it, not by all that has to do with money."""
    assert asks_measure(understand(question)) == is_sum


BERTHS = """# Berths

## Good and bad reasons for a berth

*Good reasons*

- A leak.
- A storm.

*Bad reasons*

- A hangover.
- A quarrel.

**Examples of a good application**

- "He leaks a bad application for a berth, which is a good example of a good application."
- "It storms."

**Examples of bad applications**

- "He is nice."
- "She is early."

Some tips for those who apply:

- Look at the log.
- Look at the tide.
"""


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What are the bad reasons for a berth?", ["Bad reasons", "A hangover.", "A quarrel."]),
        ("What are the good reasons for a berth?", ["Good reasons", "A leak.", "A storm."]),
        (
            "What are the reasons for a berth?",
            ["Good reasons", "A leak.", "A storm.", "Bad reasons", "A hangover.", "A quarrel."],
        ),
        (
            "What are the examples of bad applications?",
            ["Examples of bad applications", '"He is nice."', '"She is early."'],
        ),
    ],
)
def test_of_lists_below_one_heading_those_are_meant_whose_own_lines_say_so(
    read_as_corpus: Callable[[dict[str, str]], Library], question: str, expected: list[str]
) -> None:
    """All of them where the heading alone says what is asked; none that is of something else."""
    assert statements(read_as_corpus({"berths.md": BERTHS}).ask(question)) == expected


@pytest.mark.model
def test_who_names_one_of_several_headings_asks_for_no_list_of_them(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """What stands below it is asked for."""
    page = "# Rowing\n\nAll row.\n\n## Harbour specific duties of rowers\n\n"
    for harbour in ("Bergen", "Narvik", "Oslo", "Tromso"):
        page += f"### {harbour}\n\nIn {harbour} everybody in a boat must wear a bell.\n\n"
    other = "# Oslo\n\n" + "".join(
        f"## Day {day}\n\nOslo had {day} boats.\n\n" for day in range(1, 31)
    )
    library = read_as_corpus({"rowing.md": page, "oslo.md": other})
    told = statements(library.ask("What are the specific duties of harbour rowers in Oslo?"))
    assert told[0] == "In Oslo everybody in a boat must wear a bell."
    assert "Bergen" not in told


@pytest.mark.model
def test_what_something_consists_of_is_told_by_the_list_that_names_it(
    read_as_corpus: Callable[[dict[str, str]], Library],
) -> None:
    """Also where its items are paragraphs with labels, or its letters stand apart."""
    lead = "The T-O-W model of steering is based on:"
    items = ["Tide - Look at the water.", "Oar - Look at the wood.", "Wind - Look at the flag."]
    page = "# Steering\n\nThe T-O-W model helps at night.\n\n## The model\n\n"
    page += "\n\n".join((lead, *items)) + "\n"
    library = read_as_corpus({"steering.md": page})
    assert statements(library.ask("What does the T-O-W model consist of?")) == [lead, *items]
    assert statements(library.ask("What does T.O.W. stand for?")) == [lead, *items]


@pytest.mark.model
def test_the_words_of_an_author_are_looked_for_in_the_authors_text(real_library: Library) -> None:
    """There a sentence that names the author only introduces one."""
    trust = real_library.ask("What does Quince say about trust?")
    assert statements(trust)[0] == "Trust grows like bark, one ring a year."
    assert {each.framework for each in trust.citations} == {"orchard-leadership"}
    assert trust.question == "What does Quince say about trust?"
    assert real_library.ask("What does Ada Quince say about harpoons?").status == "not_found"
