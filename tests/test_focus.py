"""What a question is after besides its words, and which sentences are put first for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support import built, write_files

from kb.focus import (
    ADVICE,
    definition_first,
    focused,
    further_passages,
    is_below_aspect,
    is_below_part,
    is_on_whole,
    names_aspect,
    part_of,
    printing_first,
    prints,
    restated,
    says_all,
)
from kb.lexical import terms
from kb.listing import Quote
from kb.questions import understand
from kb.records import Answer, Block, Document, Filters, Locator, Passage
from kb.selection import Sentence
from kb.settings import Settings
from kb.tables import PassageRow

STEPS = """# Harbour method

The harbour method is a way of bringing boats home. The harbour method has four steps:
rest, observe, wait and sail. Crews like it.

## Rest

Rest is the step in which nobody rows.

## Observe

Observe is the step in which the crew reads the wind. It takes an hour.

## Wait

Wait is the step of patience.

## Sail

Sail is the step in which the boat leaves.

## Evidence and criticism

Critics warn that the harbour method ignores fog. No study has tested the harbour method.

## In practice

A ferry crew used the harbour method in March. It slept for a night. Then it sailed.
"""


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("What are the criticisms of the model?", "criticism"),
        ("What are the limits of the model?", "criticism"),
        ("What limits the power of a king?", None),
        ("What is the payoff of a long rest?", "benefit"),
        ("We offer a payoff to whoever leaves the crew", None),
        ("What are the problems with the model?", "criticism"),
        ("Is it wise to raise problems with the captain?", None),
        ("What is the evidence for the model?", "evidence"),
        ("Does servant leadership work?", "evidence"),
        ("How valid is the model?", "evidence"),
        ("What are the valid reasons for a berth?", None),
        ("Has the model a scientific basis?", "evidence"),
        ("Is the model scientific?", "evidence"),
        ("What are the four principles of scientific management?", None),
        ("How does the advice process work?", None),
        ("How can I measure servant leadership?", "measurement"),
        ("Which questionnaire is about servant leadership?", "measurement"),
        ("List the three measures of the model", None),
        ("Give an example of servant leadership", "example"),
        ("What is servant leadership, with an example?", "example"),
        ("servant leadership example", "example"),
        ("What are the benefits of servant leadership?", "benefit"),
        ("Is it ever right to avoid a conflict?", "occasion"),
        ("How often should I meet my crew?", "frequency"),
        ("How do I know whether my crew is tired?", "signs"),
        ("Is it bad to lead from above?", "criticism"),
        ("How do I calm a crew?", "advice"),
        ("When should I avoid a conflict?", "occasion"),
        ("When should a captain not steer?", "exception"),
        ("When did critics reply?", None),
        ("Why should nobody be criticised in public?", "criticism"),
        ("Why is criticising people in public unwise?", None),
        ("What is trust?", None),
    ],
)
def test_the_part_of_a_text_that_is_asked_for_is_recognised(
    question: str, part: str | None
) -> None:
    """By nouns that stand for it, or by the kind of the question."""
    found = part_of(understand(question))
    assert (found.name if found else None) == part


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Where does the idea of coaching come from?", "roots"),
        ("What is the history of coaching?", "roots"),
        ("Where does the word coaching come from?", None),
        ("Who invented coaching?", "origin"),
    ],
)
def test_where_a_framework_comes_from_stands_below_its_origins(
    question: str, part: str | None
) -> None:
    """Who devised it and when is asked otherwise, and what its name means."""
    found = part_of(understand(question, {"coaching": "coaching"}))
    assert (found.name if found else None) == part


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("What are the drawbacks of coaching?", "What are the criticisms of coaching?"),
        ("Pros and cons of coaching", "criticisms of coaching?"),
        ("What is wrong with coaching?", "What are the criticisms of coaching?"),
        ("What problems does coaching have?", "What criticisms are there of coaching?"),
        ("What problems does coaching solve?", None),
        ("What is the free-rider problem in coaching?", None),
        ("What are the drawbacks of open-plan offices?", None),
        ("What are the arguments against coaching?", "What are the criticisms of coaching?"),
        (
            "Which objections have been raised against coaching?",
            "Which criticisms are there of coaching?",
        ),
        ("What speaks against coaching?", "What are the criticisms of coaching?"),
    ],
)
def test_criticism_of_a_framework_goes_by_one_name(question: str, other: str | None) -> None:
    """Whatever the question calls it; what is no framework has drawbacks of another sense."""
    assert restated(understand(question, {"coaching": "coaching"})) == other


def sentence(text: str, start: int, score: float) -> Sentence:
    """A sentence of the one document."""
    return Sentence(0, "d", start, start + len(text), text, score, 0.0)


def test_the_defining_sentence_comes_first_and_the_others_keep_their_order() -> None:
    """However much better another one matches."""
    found = [
        sentence("Trust in crews is built slowly.", 90, 2.0),
        sentence("Trust is a belief that others keep their word.", 40, -1.0),
        sentence("Crews trust.", 0, -2.0),
    ]
    names = [frozenset(terms("trust"))]
    ordered = definition_first(names, found, ["d"], whole=True, beside=False)
    assert [s.start for s in ordered] == [40, 90, 0]
    assert ordered[0].score == 2.0
    calm = [frozenset(terms("calm"))]
    assert definition_first(calm, found, [], whole=True, beside=False) == found


def test_what_opens_with_the_name_comes_before_what_only_points_back() -> None:
    """Where no sentence says what the thing is."""
    back = sentence("This is about calm.", 60, 2.0)
    named = sentence("Calm adds to trust.", 90, 1.0)
    names = [frozenset(terms("calm"))] * 2
    ordered = definition_first(names, [back, named], ["d"], whole=True, beside=False)
    assert [(s.start, s.score) for s in ordered] == [(90, 2.0), (60, 2.0)]
    told = [sentence("It is a way to steer.", 60, 2.0), named]
    assert definition_first(names, told, ["d"], whole=True, beside=False) == told
    assert definition_first(names, [back], ["d"], whole=True, beside=False) == [back]


def test_what_points_to_another_source_defines_nothing() -> None:
    """Though it looks like an entry of a glossary."""
    found = [
        sentence("Calm: both frameworks ask why a crew is still.", 60, 2.0),
        sentence("Calm is the part of the mate.", 0, 1.0),
    ]
    names = [frozenset(terms("calm"))] * 2
    lifted = definition_first(names, found[::-1], ["d"], whole=True, beside=False)
    assert lifted[0].start == 60
    kept = definition_first(names, found[::-1], ["d"], pointing=[0], whole=True, beside=False)
    assert kept == found[::-1]


def test_the_best_sentence_on_a_part_stays_before_what_the_whole_is() -> None:
    """The text never says "a backbone crew is"; what the framework is was not asked."""
    found = [
        sentence("A backbone crew supplies the ropes and the lamps.", 60, 2.0),
        sentence("Harbour steering is steering by many crews.", 0, 1.0),
    ]
    own = frozenset(terms("backbone crew"))
    names = [own, own, frozenset(terms("harbour steering"))]
    assert definition_first(names, found, ["d"], whole=False, beside=False) == found


@pytest.mark.parametrize(("beside", "first"), [(True, 60), (False, 0)])
def test_what_a_sentence_opens_with_is_not_defined_by_the_sentence_on_its_neighbour(
    beside: bool, first: int
) -> None:
    """Though both are names of one framework."""
    found = [
        sentence("Red-lamp steering, by contrast, keeps the course.", 60, 2.0),
        sentence("Green-lamp steering is steering in which the course is changed.", 0, 1.0),
    ]
    own = frozenset(terms("red-lamp steering"))
    names = [own, own, frozenset(terms("green-lamp steering"))]
    ordered = definition_first(names, found, ["d"], whole=True, beside=beside)
    assert ordered[0].start == first


def test_without_a_definition_the_best_sentence_that_opens_with_the_name_comes_first() -> None:
    """It may be one thing among others that the framework's names stand for."""
    found = [
        sentence("Crews differ on red-lamp steering.", 90, 2.0),
        sentence("Red-lamp steering keeps the course.", 60, 1.0),
        sentence("Red-lamp steering spares the crew.", 30, 0.5),
        sentence("Steering is what the mate does.", 0, 0.0),
    ]
    own = frozenset(terms("red-lamp steering"))
    names = [own, own, frozenset(terms("steering"))]
    ordered = definition_first(names, found, ["d"], whole=True, beside=True)
    assert [s.start for s in ordered] == [60, 90, 30, 0]


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is sleepy steering?", "Sleepy steering happens when the mate nods."),
        ("What is Lind's steering?", "Steering is the art of keeping a boat on its course."),
    ],
)
def test_a_kind_of_a_framework_is_told_by_its_own_sentence(
    real_settings: Settings, question: str, first: str
) -> None:
    """Before what the framework is, of which the kind may be an alias."""
    head = (
        "---\nframework: steering\ntitle: Steering\naliases: [sleepy steering]\n"
        "people: [Ida Lind]\n---\n\n# Steering\n\n"
    )
    told = (
        "Steering is the art of keeping a boat on its course. Ida Lind wrote of it.\n\n"
        "## Faults\n\nSleepy steering happens when the mate nods. Crews fear it.\n"
    )
    write_files(real_settings.corpus, {"steering.md": head + told})
    library = built(real_settings)
    assert said(library.ask(question))[0] == first
    library.close()


@pytest.fixture
def real_settings(real_settings: Settings, tmp_path: Path) -> Settings:
    """The model that ships, exported once for all tests; folders of this test."""
    folders = {"corpus": tmp_path / "corpus", "index": tmp_path / "index"}
    return real_settings.model_copy(update=folders)


def ask(settings: Settings, question: str) -> Answer:
    """The answer from a library of one small source."""
    write_files(settings.corpus, {"harbour.md": STEPS})
    library = built(settings)
    answer = library.ask(question)
    library.close()
    return answer


def said(answer: Answer) -> list[str]:
    """The statements, each on one line."""
    return [" ".join(statement.text.split()) for statement in answer.statements]


def marked(answer: Answer) -> list[str]:
    """The words marked in the first statement."""
    first = answer.statements[0]
    return [first.text[start:end] for start, end in first.marks]


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "What is the second step of the harbour method?",
        "What comes after rest in the harbour?",
        "What comes after step 1 in the harbour method?",
    ],
)
def test_one_member_of_a_list_is_marked_and_told(real_settings: Settings, question: str) -> None:
    """The whole list stands there too, so that the place can be checked."""
    answer = ask(real_settings, question)
    assert marked(answer) == ["observe"]
    assert said(answer)[1:] == [
        "Observe",
        "Observe is the step in which the crew reads the wind.",
        "It takes an hour.",
    ]


@pytest.mark.model
def test_letters_are_answered_with_the_members_that_they_open(real_settings: Settings) -> None:
    """Marked where the sentence names them."""
    assert marked(ask(real_settings, "What does ROWS stand for?")) == [
        "rest", "observe", "wait", "sail",
    ]  # fmt: skip


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "What is step 9 of the harbour method?",
        "What comes after step 4 in the harbour method?",
        "What comes before step 1 in the harbour method?",
        "What comes after the last step of the harbour method?",
    ],
)
def test_a_member_beyond_either_end_is_no_full_answer(
    real_settings: Settings, question: str
) -> None:
    """There is no ninth of four steps, and none before the first."""
    assert ask(real_settings, question).status != "answered"


@pytest.mark.model
def test_criticism_stands_below_its_heading(real_settings: Settings) -> None:
    """Nothing else of the source is quoted."""
    answer = ask(real_settings, "What are the criticisms of the harbour method?")
    assert {citation.locator.headings[-1] for citation in answer.citations} == {
        "Evidence and criticism"
    }


@pytest.mark.model
def test_criticism_is_found_by_any_of_its_names(real_settings: Settings) -> None:
    """The source itself speaks of criticism alone."""
    head = "---\nframework: harbour-method\ntitle: Harbour method\n---\n\n"
    write_files(real_settings.corpus, {"harbour.md": head + STEPS})
    library = built(real_settings)
    asked = library.ask("What is the criticism of the harbour method?")
    for name in ("drawbacks", "disadvantages", "cons"):
        answer = library.ask(f"What are the {name} of the harbour method?")
        assert (answer.status, said(answer)) == (asked.status, said(asked))
    both = library.ask("What are the drawbacks of the harbour method and when do I use it?")
    assert said(asked)[0] in said(both)
    library.close()


@pytest.mark.model
def test_an_example_is_told_from_its_beginning(real_settings: Settings) -> None:
    """In reading order."""
    answer = ask(real_settings, "Give an example of the harbour method")
    assert said(answer) == [
        "A ferry crew used the harbour method in March.",
        "It slept for a night.",
        "Then it sailed.",
    ]


@pytest.mark.model
def test_of_a_part_the_sentence_that_names_its_example_is_quoted(real_settings: Settings) -> None:
    """Not the tale of the whole."""
    told = "A sleeping pilot is the usual example of a long rest."
    text = STEPS.replace("It slept for a night.", f"It slept for a night.\n\n{told}")
    assert text != STEPS
    write_files(real_settings.corpus, {"harbour.md": text})
    library = built(real_settings)
    assert said(library.ask("Give an example of a long rest")) == [told]
    library.close()


@pytest.mark.model
def test_what_is_to_be_defined_and_illustrated_is_defined_first(real_settings: Settings) -> None:
    """The example follows."""
    answer = ask(real_settings, "What is the harbour method, with an example?")
    assert said(answer)[:2] == [
        "The harbour method is a way of bringing boats home.",
        "A ferry crew used the harbour method in March.",
    ]


@pytest.mark.model
def test_a_part_that_no_sentence_defines_is_told_below_its_heading(
    real_settings: Settings,
) -> None:
    """The whole that it is a part of is defined well enough, and not asked for."""
    text = STEPS.replace("Wait is the step of patience.", "The crew does nothing but wait.")
    write_files(real_settings.corpus, {"harbour.md": f"---\nframework: boats\n---\n\n{text}"})
    library = built(real_settings)
    answer = library.ask("What is wait in the harbour method?")
    assert said(answer)[0] == "The crew does nothing but wait."
    library.close()


@pytest.mark.model
def test_no_statement_leans_on_a_sentence_that_is_not_quoted(real_settings: Settings) -> None:
    """What answers stands first, the sentence before its pronoun right behind it."""
    answer = ask(real_settings, "How long does it take to read the wind?")
    texts = said(answer)
    assert texts[:2] == [
        "It takes an hour.",
        "Observe is the step in which the crew reads the wind.",
    ]


@pytest.mark.parametrize(
    ("told", "is_first"),
    [
        ("One drawback of such boats is that they leak.", True),
        ("The biggest danger of them is that they leak.", True),
        ("Crews know a drawback of boats.", False),
    ],
)
def test_a_sentence_that_is_told_as_a_drawback_comes_first(told: str, is_first: bool) -> None:
    """By whatever name and heading; a framework's text has a section for them."""
    plain, named = sentence("Boats are wide.", 0, 0.5), sentence(told, 30, 0.0)
    passage = PassageRow(0, Passage("p", "d", 0, 9, "", "", Locator(None, ("Boats",), 1), 3), ())
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    for names, first in (({}, is_first), ({"boats": "boats"}, False)):
        question = understand("What are the drawbacks of boats?", names)
        found = focused(question, part_of(question), [plain, named], [passage], lambda _: document)
        assert (found[0] is not plain) is first


def test_the_sentence_with_the_years_of_who_is_named_comes_first() -> None:
    """Where these are asked for."""
    plain = sentence("Ida Lind wrote in 1901.", 0, 0.5)
    years, other = (sentence(f"{n} (1864–1920) sailed.", 30, -1.0) for n in ("Ida Lind", "Al Berg"))
    passage = PassageRow(0, Passage("p", "d", 0, 9, "", "", Locator(None, ("Boats",), 1), 3), ())
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    question = understand("When did Ida Lind die?")
    for asked, told, first in (
        (question, years, years.text),
        (question, other, plain.text),
        (understand("When did Ida Lind sail?"), years, plain.text),
    ):
        found = focused(asked, part_of(asked), [plain, told], [passage], lambda _: document)
        assert found[0].text == first


@pytest.mark.parametrize(
    ("sailor", "first"),
    [
        ("A mate may steer alone, for instance, and need help with a new net.", 0),
        ("A mate may steer alone and need help with a new net.", 1),
    ],
)
def test_what_is_said_for_instance_is_an_example_itself(sailor: str, first: int) -> None:
    """Below whatever heading, if it matches best; else what stands below that of examples."""
    best, other = sentence(sailor, 0, 1.0), replace(sentence("Moss fished.", 90, -1.0), row=1)
    passages = [
        PassageRow(n, Passage("p", "d", 0, 9, "", "", Locator(None, (heading,), 1), 3), ())
        for n, heading in enumerate(("Boats", "Examples"))
    ]
    blocks = (Block("paragraph", 0, 80), Block("paragraph", 90, 102))
    document = Document(None, "", blocks, (), ())  # type: ignore[arg-type]
    asked = understand("Give an example of an expert who asks for guidance")
    found = focused(asked, part_of(asked), [best, other], passages, lambda _: document)
    assert found[0].text == (best, other)[first].text


def test_who_devised_a_framework_is_said_below_its_origins() -> None:
    """With a year, and in its own source; whoever did something else is asked for in no part."""
    names = {"boats": "boats"}
    question = understand("Who devised boats and when?", names)
    part = part_of(question)
    assert part is not None
    assert part.name == "origin"
    assert part_of(understand("Who devised it and when?", names)) is None
    assert part_of(understand("Who doubts boats?", names)) is None
    passages = [
        PassageRow(n, Passage("p", d, 0, 9, "", "", Locator(None, (heading,), 1), 3), ())
        for n, (d, heading) in enumerate([("d", "Origins"), ("e", "Origins"), ("d", "Practice")])
    ]
    told = [
        sentence("Ada Lind liked them.", 0, 1.5),
        sentence("Ada Lind devised boats in 1901.", 30, 1.0),
        replace(sentence("Eve Moss devised oars in 1899.", 60, 3.0), row=1, document_id="e"),
        replace(sentence("Sam Hill mends boats.", 90, 2.5), row=2),
    ]
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    found = focused(question, part, told, passages, lambda _: document, ["d"])
    assert [s.start for s in found] == [30, 0]


@pytest.mark.parametrize(
    ("question", "is_said"),
    [
        ("How many crews did Lind and Holm survey?", True),
        ("How many crews did Lind survey?", True),
        ("How many crews did Lind and Moss survey?", False),
        ("How many boats did Lind survey?", False),
        ("How many did Lind survey?", False),
        ("Which crews did Lind and Holm survey?", False),
    ],
)
def test_a_number_is_told_by_a_sentence_with_every_word_of_the_question(
    question: str, is_said: bool
) -> None:
    """If it holds a number; two words may meet by chance."""
    understood = understand(question)
    assert says_all(understood, "Lind and Holm (1999) surveyed 65 crews.") is is_said
    assert not says_all(understood, "Lind and Holm surveyed crews.")


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("What do boats say about wind and rain?", 1.0),
        ("What do boats say about rain?", 1.0),
        ("How do boats deal with rain in March?", 0.0),
        ("Why is there rain on boats?", 0.0),
        ("What does it say about rain?", 0.0),
    ],
)
def test_what_stands_below_the_aspect_of_a_framework_comes_first(text: str, share: float) -> None:
    """Where its heading names all that is asked; it is an answer then, if no sure one."""
    heading = "What they say on wind and rain"
    question = understand(text, {"boats": "boats"})
    assert names_aspect(question, heading) == share
    assert names_aspect(question, "Related: rain") == 0.0
    assert names_aspect(question, "Rain, snow, hail and fog") == 0.0
    passages = [
        PassageRow(n, Passage("p", "d", 0, 9, "", "", Locator(None, (above,), 1), 3), ())
        for n, above in enumerate(("In brief", heading))
    ]
    brief = sentence("Boats float on water.", 0, 2.0)
    below = replace(sentence("They take the drops as they come.", 30, 0.5), row=1)
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    found = focused(question, None, [brief, below], passages, lambda _: document, ["d"])
    assert (found[0].row == 1) is (share > 0)
    quotes = [Quote(each.row, "d", each.start, each.end, each.text, 0.0) for each in found]
    assert is_below_aspect(question, quotes, passages, ["d"]) is (share > 0)
    assert not is_below_aspect(question, quotes, passages, ["e"])


def test_advice_for_something_else_is_left_out_beside_the_best() -> None:
    """Unless a framework is named, whose own advice may be worded in any way."""
    best, far = (sentence(t, n, -n) for n, t in enumerate(("Ask first.", "Mend the ladder.")))
    near = replace(sentence("Ask again.", 2, -2.0), near=1.0)
    passage = PassageRow(0, Passage("p", "d", 0, 9, "", "", Locator(None, ("Practice",), 1), 3), ())
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    for names, kept in (({}, [0, 2]), ({"boats": "boats"}, [0, 1, 2])):
        question = understand("How do I lead boats?", names)
        found = focused(question, ADVICE, [best, far, near], [passage], lambda _: document)
        assert [s.start for s in found] == kept


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What should a crew do before the race?", 0),
        ("What should a crew do after a race?", 30),
        ("What should a crew do after the dinner?", 30),
        ("What should a crew do before dinner and after the race?", 30),
    ],
)
def test_what_is_done_before_stands_below_a_heading_that_says_so(question: str, first: int) -> None:
    """What stands below "After the race" is done after it, and after nothing else."""
    headings = [("Regatta", "Before the race"), ("After the race", "Aboard")]
    passages = [
        PassageRow(n, Passage("p", "d", 0, 9, "", "", Locator(None, names, 1), 3), ())
        for n, names in enumerate(headings)
    ]
    told = [sentence("Oil the oars.", 0, 0.0), replace(sentence("Dry it.", 30, 1.0), row=1)]
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    found = focused(understand(question), None, told, passages, lambda _: document)
    assert found[0].start == first


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Why should crews rest?", 0),
        ("When should crews rest?", 30),
        ("What is the first stage of a storm?", 60),
        ("What is the third stage of a storm?", 90),
        ("What is the last stage of a storm?", 30),
    ],
)
def test_what_stands_below_the_question_or_tells_of_the_place_comes_first(
    question: str, first: int
) -> None:
    """Of a heading that puts another question nothing follows."""
    passages = [
        PassageRow(n, Passage("p", "d", 0, 9, "", "", Locator(None, names, 1), 3), ())
        for n, names in enumerate([("Why Should Crews Rest?",), ("Storms",)])
    ]
    told = [
        sentence("They tire.", 0, 0.0),
        replace(sentence("They sleep when it is calm.", 30, 0.5), row=1),
        replace(sentence("The first stage is wind.", 60, 0.0), row=1),
        replace(sentence("The third stage is calm.", 90, 0.0), row=1),
    ]
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    found = focused(understand(question), None, told, passages, lambda _: document)
    assert found[0].start == first


def test_where_another_time_was_read_the_one_that_is_asked_for_is_read_too(
    settings: Settings,
) -> None:
    """From the same source, though no part of a text is asked for."""
    page = (
        "# Regatta\n\n## Before the race\n\nOil the oars.\n\n## After the race\n\nDry the sail.\n"
    )
    write_files(settings.corpus, {"regatta.md": page})
    library = built(settings)
    generation = library._generation
    name = generation.tables.sources[0].document_id
    passages = generation.tables.passages(generation.tables.rows_of(name))
    oars, sail = (
        [p for p in passages if words in p.passage.text] for words in ("Oil the", "Dry the")
    )
    for asked, more in (("before the race", oars), ("after the race", []), ("before dinner", [])):
        question = understand(f"What must be done {asked}?")
        assert further_passages(generation, question, None, sail, Filters()) == more
    library.close()


@pytest.mark.parametrize(
    ("text", "is_advice"),
    [
        ("The first step is to bring peace to the deck.", True),
        ("The trick is to wait.", True),
        ("The aim of a crew is to land.", False),
    ],
)
def test_what_the_first_step_is_to_be_is_advice(text: str, is_advice: bool) -> None:
    """What something is for is none."""
    assert bool(ADVICE.form.search(text)) is is_advice


def test_a_tale_of_what_might_happen_does_not_open_advice() -> None:
    """However near it is; of an item each sentence is advice."""
    tale = sentence("A pilot who takes over a crew would ask first.", 0, 1.0)
    passage = PassageRow(0, Passage("p", "d", 0, 9, "", "", Locator(None, ("Boats",), 1), 3), ())
    plain = sentence("Pilots who take over a crew ask first.", 60, 0.5)
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    question = understand("How do I take over a crew?", {"crew": "crew"})
    found = focused(question, ADVICE, [tale, plain], [passage], lambda _: document)
    assert [s.start for s in found] == [60, 0]


@pytest.mark.parametrize(
    ("text", "advises"),
    [
        ("A crew needs to rest.", True),
        ("Crews need to rest.", True),
        ("The need to rest is old.", False),
        ("They feel a need to rest.", False),
    ],
)
def test_a_need_is_no_advice(text: str, advises: bool) -> None:
    """What somebody needs to do is."""
    assert bool(ADVICE.form.search(text)) is advises


def test_criticism_of_another_framework_is_left_out_where_there_is_enough() -> None:
    """Two sentences of the named framework's own source are; one alone is not."""
    place = Locator(None, ("Criticism",), 1)
    passages = [
        PassageRow(n, Passage("p", d, 0, 9, "", "", place, 3), ()) for n, d in enumerate("de")
    ]
    own = [sentence("Critics doubt boats.", 0, 1.0), sentence("Critics fear boats.", 30, 0.5)]
    other = replace(sentence("Critics of oars name boats.", 60, 2.0), row=1, document_id="e")
    document = Document(None, "", (), (), ())  # type: ignore[arg-type]
    question = understand("What are the criticisms of boats?", {"boats": "boats"})
    for few, kept in ((own, [0, 30]), (own[:1], [60, 0])):
        found = focused(
            question, part_of(question), [other, *few], passages, lambda _: document, ["d"]
        )
        assert [s.start for s in found] == kept


@pytest.mark.parametrize(
    ("question", "is_whole"),
    [
        ("What are the main criticisms of boats?", True),
        ("Is there evidence for the boat model?", True),
        ("Give an example of boats in practice", True),
        ("Who invented boats?", True),
        ("What criticism of boats did Lind voice?", False),
        ("What is the evidence for boats in winter?", False),
        ("What are the criticisms of oars?", False),
    ],
)
def test_a_part_is_asked_for_as_a_whole_or_for_something_in_it(
    question: str, is_whole: bool
) -> None:
    """Any word beside the part's and the framework's is something in it."""
    asked = understand(question, {"boats": "boats", "boat model": "boats"})
    assert is_on_whole(asked, ["boats", "boat model"]) == is_whole


@pytest.mark.parametrize(
    ("question", "heading", "text", "is_below"),
    [
        ("What are the criticisms of boats?", "Criticism", "Little is known.", True),
        ("What are the criticisms of boats?", "Origins", "Little is known.", False),
        ("Give an example of boats", "In practice", "A ferry crew slept.", True),
        ("How do I apply boats?", "In practice", "Sleep before you sail.", False),
        ("Who invented boats?", "Origins", "They were invented by Ida Lind.", True),
        ("Who invented boats?", "Origins", "Nobody knows.", False),
        ("What are boats?", "Criticism", "Little is known.", False),
    ],
)
def test_the_heading_tells_that_the_part_is_there(
    question: str, heading: str, text: str, is_below: bool
) -> None:
    """In the framework's own source, with the name that is asked for; advice must fit."""
    asked = understand(question, {"boats": "boats"})
    place = Locator(None, (heading,), 1)
    passages = [PassageRow(0, Passage("p", "d", 0, 99, "", "", place, 3), ())]
    quotes = [Quote(0, "d", 0, len(text), text, 1.0)]
    assert is_below_part(asked, part_of(asked), quotes, passages, ["d"]) == is_below
    assert not is_below_part(asked, part_of(asked), quotes, passages, ["e"])
    assert not is_below_part(asked, part_of(asked), [], passages, ["d"])


@pytest.mark.parametrize(
    ("work", "holds"),
    [
        ("The Art of Mooring", True),
        ("the art of mooring", True),
        ("Art of Mooring", True),
        ("A Art of Mooring", True),
        ("leaving harbours", False),
        ("The Art of Rowing", False),
        ("", False),
    ],
)
def test_a_title_is_printed_in_capitals(work: str, holds: bool) -> None:
    """With or without its article; the same words in small letters are no title."""
    told = "Ida Berg tells in The Art of Mooring how she dreads leaving harbours."
    assert prints(work, told) == holds


def test_of_sentences_that_print_the_title_that_with_the_name_comes_first() -> None:
    """Others only speak of the work."""
    question = understand("Who wrote Leaving Harbours?")
    spoken_of = sentence("Leaving Harbours is a fine book on boats.", 0, 2.0)
    named = sentence("It was Ida Berg who wrote Leaving Harbours.", 50, 1.0)
    beside = sentence("Ole Dahl wrote about boats.", 90, 3.0)
    found = printing_first(question, [beside, spoken_of, named])
    assert [s.start for s in found] == [50, 0, 90]
    assert printing_first(understand("Who wrote about boats?"), [beside, named])[0] is beside


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Who wrote Leaving Harbours?", "Ida Berg (1971) sided with crews in Leaving Harbours."),
        ("who wrote leaving harbours", "Ida Berg (1971) sided with crews in Leaving Harbours."),
        ("Who wrote Winter Harbours?", None),
    ],
)
def test_who_wrote_a_work_is_said_where_its_title_is_printed(
    real_settings: Settings, question: str, first: str | None
) -> None:
    """And not by a sentence on its subject; nobody wrote what no text names."""
    told = (
        "# Boats\n\nOle Dahl wrote a famous book, Oars, about leaving harbours in the winter.\n\n"
        "## Crews\n\nIda Berg (1971) sided with crews in Leaving Harbours. Crews like her.\n"
    )
    write_files(real_settings.corpus, {"boats.md": told})
    library = built(real_settings)
    assert said(library.ask(question))[:1] == ([first] if first else [])
    library.close()


@pytest.mark.model
def test_a_work_of_which_no_author_is_told_is_no_full_answer(real_settings: Settings) -> None:
    """Its subtitle is no name of a person."""
    told = (
        "# Outside in\n\nThis is an excerpt from the new book Leaving Harbours: Steering From the "
        "Stern.\n\nAssociations are at a critical juncture. The market around them has changed.\n"
    )
    write_files(real_settings.corpus, {"boats.md": told})
    library = built(real_settings)
    assert library.ask("Who wrote the book Leaving Harbours?").status == "partial"
    library.close()
