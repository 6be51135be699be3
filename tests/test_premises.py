"""Premises: what a question takes for granted and a sentence does not say."""

from __future__ import annotations

import pytest

from kb.confidence import corrects
from kb.premises import (
    absent_figures,
    absent_titles,
    asked_of,
    is_always_unsaid,
    is_date_unsaid,
    is_deadline_unsaid,
    is_denial_unsaid,
    is_lately_unsaid,
    is_origin_unsaid,
    is_place_unsaid,
    is_rhythm_unsaid,
    is_said_by_other,
    is_year_unsaid,
    missing,
    names_foreign,
    names_in,
    tells_denied,
    tells_opposite,
    tells_undenied,
    turning_round,
    uncounted,
    unsaid,
)
from kb.questions import understand

SENTENCE = "Nine harbours reported fewer groundings after the lamps were lit in 1926."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why did nine harbours report fewer groundings?", (0, 0, 0, 0)),
        ("Why did nine harbours not report fewer groundings?", (1, 0, 0, 0)),
        ("Why do most harbours report fewer groundings today?", (0, 2, 0, 0)),
        ("Why did groundings become more common?", (0, 0, 1, 0)),
        ("Why did forty harbours report it in 1926?", (0, 0, 0, 0)),
        ("Why did ten harbours report it in 1927?", (0, 0, 0, 2)),
    ],
)
def test_what_a_sentence_does_not_say_is_counted(question: str, expected: tuple[int, ...]) -> None:
    """Denials, particulars, opposites and numbers, each by itself."""
    assert unsaid(question, SENTENCE, SENTENCE) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "lacking"),
    [
        ("What percentage of the berths is let?", "Of the berths 72% are let.", 0),
        ("What percentage of the berths is let?", "Some 72 percent are let.", 0),
        ("What share of the berths is let?", "The percentage is 72.", 0),
        ("What percentage of the berths is let?", "Of the berths 72 are let.", 1),
        ("What percentage is let today?", "Of the berths 72% are let.", 1),
    ],
)
def test_a_share_goes_by_several_words(question: str, sentence: str, lacking: int) -> None:
    """A sign stands for "percentage" as "per cent" does."""
    assert unsaid(question, sentence, sentence)[1] == lacking


def test_a_number_may_stand_in_the_sentence_before() -> None:
    """Or in a heading; denials may not."""
    told = f"Ten years of quiet. {SENTENCE}"
    assert unsaid("What was there in ten years?", SENTENCE, told)[3] == 0
    assert unsaid("What was not there?", SENTENCE, f"It was not. {SENTENCE}")[0] == 1


def test_names_begin_with_a_capital_beyond_the_first_word() -> None:
    """Stop words are no names; a name is there by its own letters or its stem."""
    assert names_in("Did Ada Lind and The captain meet?") == ["ada", "lind"]
    assert missing(["ada", "lind"], {"ada"}) == 0.5
    assert missing([], {"ada"}) == 0.0


def test_titles_figures_and_counted_things_are_looked_up() -> None:
    """A title word for word, a number in figures as it stands, what is counted by its stem."""
    text = "Her book The Long Watch sold 400 copies to harbour masters."
    assert absent_titles("Who wrote The Long Watch?", [text]) == 0.0
    assert absent_titles("Who wrote The Short Watch?", [text]) == 1.0
    assert absent_figures("Who bought 400 copies in 1926?", text) == 0.5
    assert uncounted("How many copies were sold?", text) == 0.0
    assert uncounted("How many awards did it win?", text) == 1.0
    assert uncounted("By how much did sales rise?", text) == 0.0
    assert uncounted("How many people bought it?", "It was bought by 40 young sailors.") == 0.0
    assert uncounted("How many people bought it?", "It has twelve chapters.") == 1.0


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which harbours did not report groundings?", True),
        ("Who never lit a lamp?", True),
        ("Which harbours reported fewer groundings?", False),
        ("When is it better not to light a lamp?", False),
        ("Which of my harbours never reports groundings?", False),
        ("Half of the harbours never report. What is to be done?", False),
    ],
)
def test_what_is_not_so_is_not_told_by_what_is(question: str, expected: bool) -> None:
    """A denial in an own case or a request for advice only tells the situation."""
    assert is_denial_unsaid(question, SENTENCE) is expected
    assert not is_denial_unsaid(question, f"{SENTENCE} Others did not.")


def test_when_something_does_not_work_is_told_by_when_it_works_less_well() -> None:
    """Of what happened once it is not."""
    told = "Lamps work less well in thick fog."
    assert not is_denial_unsaid("When does a lamp not work?", told)
    assert is_denial_unsaid("When does a lamp not work?", "Lamps work best on clear nights.")
    assert is_denial_unsaid("When did the lamp not work?", told)


def test_words_that_turn_a_statement_round_are_found() -> None:
    """An own case may have gone wrong without the answer's saying so."""
    assert turning_round("Why should pilots hide mistakes?") == {"hide", "mistak"}
    assert turning_round("What are the invalid reasons?") == {"invalid"}
    assert not turning_round("Why should I hide it?")
    assert not turning_round("What are important, hidebound reasons?")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many groundings were reported in 1931?", True),
        ("How many groundings were reported in 1926?", False),
        ("Who was the pilot in 1911?", False),
        ("Who was the mate in 1895?", False),
        ("Who was the mate in 1885?", True),
        ("How many groundings are reported in 1931?", False),
        ("How many groundings did we report in 1931?", False),
    ],
)
def test_another_year_is_not_told(question: str, expected: bool) -> None:
    """A span holds its years, and what is so now is not dated by the question's year."""
    told = f"{SENTENCE} Ada Lind was the pilot from 1907 to 1914, and mate in the 1890s."
    assert is_year_unsaid(question, told) is expected


def test_a_name_is_foreign_if_no_part_of_it_is_known() -> None:
    """Letters alone and own cases are left out, and so is the first word."""

    def is_foreign(word: str) -> bool:
        return word not in ("Lind", "Ada")

    assert names_foreign("What did Ada Bergstrom say?", is_foreign)
    assert not names_foreign("What did Ada-Maria Lind's son say?", is_foreign)
    assert not names_foreign("Who was the CEO?", is_foreign)
    assert not names_foreign("Our pilot is from Oslo, what now?", is_foreign)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many pilots were rejected last year?", True),
        ("How many pilots are rejected each year?", False),
        ("How many pilots did we reject last year?", False),
    ],
)
def test_what_was_lately_is_not_told_by_a_rule(question: str, expected: bool) -> None:
    """What is told has to say when."""
    assert is_lately_unsaid(question, "Pilots who nap are rejected.") is expected
    assert not is_lately_unsaid(question, SENTENCE)
    assert not is_lately_unsaid(question, "Last year nine were rejected.")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many pilots nap in Japan?", True),
        ("How many pilots nap in the Oslo office?", True),
        ("How many pilots nap in Norway?", False),
        ("How many pilots nap in the UAE?", False),
        ("How many naps do I get in Japan?", False),
    ],
)
def test_a_place_is_to_be_named_by_a_quoted_text(question: str, expected: bool) -> None:
    """By its people or its language too; in an own case it tells the situation."""
    assert is_place_unsaid(question, ["Pilots nap.", "Norwegian pilots row."]) is expected
    assert is_place_unsaid("How many naps do I get in Japan?", ["Pilots nap."], own_case=True)


def test_by_when_is_answered_by_a_time() -> None:
    """Neither a date nor a span of time nor an event in the quotes tells none."""
    assert is_deadline_unsaid("By when must logs be signed?", "Logs are signed by the mate.")
    assert not is_deadline_unsaid("By when must logs be signed?", "Before dusk, logs are signed.")
    assert not is_deadline_unsaid("Until when can I sign?", "Logs lie open for three days.")
    assert not is_deadline_unsaid("Who must sign the logs?", "Logs are signed by the mate.")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who kept the unofficial list?", True),
        ("Who kept the official list?", False),
        ("Who kept our unofficial list?", False),
        ("Who understood the list?", False),
    ],
)
def test_what_a_prefix_denies_is_not_told_by_what_is_so(question: str, expected: bool) -> None:
    """A quote that denies it in other words, or with another prefix, may answer."""
    assert tells_undenied(question, ["Ada Lind kept the official list."]) is expected
    assert not tells_undenied(question, ["Ada Lind kept a list that was not official."])
    assert not tells_undenied("Why is it inequality?", ["It is unequal, and no equal share."])
    assert not tells_undenied("Why do crews distrust him?", ["Trust is lost by lies."])
    assert tells_undenied("Why do crews distrust him?", ["Trust is won by truth."])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who coiled the longest rope?", True),
        ("Why is that the longest of ropes?", True),
        ("Why is that the longest of cables?", False),
        ("Who coiled the longest of Lind's?", False),
        ("Who put the crew first?", True),
        ("Why did Lind not put the crew first?", False),
        ("Who coiled the shortest rope?", False),
        ("Who coiled the longest cable?", False),
        ("Who coiled the longest and the shortest rope?", False),
        ("Who coiled my longest rope?", False),
        ("Who gave ropes to the crew?", False),
    ],
)
def test_an_opposite_beside_the_same_word_is_no_answer(question: str, expected: bool) -> None:
    """Unless another quote says the word itself, or the first one tells of an exception."""
    told = "Lind put the crew last, took ropes and coiled the shortest rope."
    assert tells_opposite(question, [told]) is expected
    assert not tells_opposite(question, [told, question])
    assert not tells_opposite(question, [f"Unlike Brandt, {told}"])


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("Why did the port close its school?", "It moved without closing the school.", True),
        ("What makes pilots choose the north gate?", "Pilots rarely choose the north gate.", True),
        ("Why does it rank its speed?", "It refused, in 1901, to rank its speed.", False),
        ("Why does a school matter?", "Without a school, no port keeps its crews.", False),
        ("Why does it lead the school?", "It not only leads the school but owns it.", False),
        ("Why visit a school?", "Those who do not visit a school guess.", False),
        ("Why does honesty pay?", "It depends on not punishing honesty.", False),
        # What it says of the school elsewhere, it does not take back.
        ("Why is the school full?", "The school is full, as no other school is near.", False),
        ("Why did the school fail?", "It never had a school of its own.", False),
        ("What tells why the port closed its school?", "It never closed its school.", False),
        (
            "In a storm, why did the port close its school?",
            "It never closed it, or a school.",
            True,
        ),
        ("Why teach without a school?", "Crews learn where they have no school.", False),
        ("Why did I close the school?", "It moved without closing the school.", False),
        ("Did the port close its school?", "It moved without closing the school.", False),
        ("Why were ten lamps lit?", "At least ten lamps were lit for the fleet.", False),
        # A denial that is itself taken back is none.
        ("Why should crews avoid the school?", "Crews should not avoid the school.", True),
        ("Why should crews not avoid the school?", "Crews should not avoid the school.", False),
        ("Why should crews avoid the school?", "Crews do not join the school.", False),
    ],
)
def test_a_reason_is_not_asked_of_what_is_taken_back(
    question: str, quote: str, expected: bool
) -> None:
    """Within its reach, of words that stand nowhere else, and in no own case."""
    assert tells_denied(question, quote) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does Brandt say about ropes?", True),
        ("According to Eva Brandt, what are ropes for?", True),
        ("Which ropes do Moss and Heath list?", True),
        ("What does Ada Lind say about ropes?", False),
        ("Which ropes does Moss list?", True),
        ("What does Lindt say about ropes?", False),
        ("What does Zzyzx say about ropes?", False),
        ("What do Mates say about ropes?", True),
        ("What does Mate say about ropes?", False),
        ("Why did Brandt buy ropes?", False),
    ],
)
def test_the_words_of_one_are_not_those_of_another(question: str, expected: bool) -> None:
    """What the text itself says is that of whom it names; a misspelt name is as good."""
    quotes = ["In her log, Ada Lind lists ropes.", "Ropes are long."]
    text = f"{' '.join(quotes)} The mate was Tom Moss."

    def is_known(name: str) -> bool:
        return name != "Zzyzx"

    names, _ = asked_of(question)
    assert is_said_by_other(names, quotes, text, is_known) is expected
    assert not is_said_by_other(["Moss"], quotes[1:], text, is_known)
    assert not is_said_by_other(names, [], text, is_known)


@pytest.mark.parametrize(
    ("question", "told", "expected"),
    [
        ("When was the log invented?", "A log is a book that a crew keeps.", True),
        ("When was the log invented?", "A log is kept when a crew sails.", True),
        ("When was the log invented?", "Crews kept logs in the 1840s.", False),
        ("When was the log invented?", "Crews kept logs before the war.", False),
        ("In which year did the crew rest?", "It rested when the wind dropped.", True),
        ("On which day did the crew rest?", "The crew rested on Sunday.", False),
        ("When did the crew rest?", "It rested when the wind dropped.", False),
        ("When did the crew rest?", "The crew likes its rest.", True),
        ("When does the crew rest?", "The crew likes its rest.", False),
    ],
)
def test_when_something_was_is_not_told_without_a_time(
    question: str, told: str, expected: bool
) -> None:
    """Nor is it by an occasion where a year is asked for, or when something came up."""
    assert is_date_unsaid(question, told) is expected


@pytest.mark.parametrize(
    ("question", "told", "expected"),
    [
        ("How often should the crew rest?", "Most crews like a rest.", True),
        ("How often should the crew rest?", "The crew rests twice a day.", False),
        ("How often should the crew rest?", "The crew rests at set intervals.", False),
        ("How often may the crew rest?", "Habitual rest spoils a crew.", False),
        ("How soon should the crew rest?", "The crew rests when the wind drops.", False),
        ("How much should the crew rest?", "Most crews like a rest.", False),
    ],
)
def test_how_often_is_not_told_without_a_time(question: str, told: str, expected: bool) -> None:
    """Nor is how soon."""
    assert is_rhythm_unsaid(question, told) is expected


def test_what_corrects_the_question_is_told_of_reasons_alone() -> None:
    """A claim that is looked up, and a fact, have an answer of their own."""
    denied, opposite = ["It moved without closing the school."], ["Its ropes are the shortest."]
    assert corrects(understand("Why did the port close its school?"), denied)
    assert corrects(understand("Why does it have the longest ropes?"), opposite)
    assert not corrects(understand("Why does it have the shortest ropes?"), opposite)
    assert not corrects(understand("Who has the longest ropes?"), opposite)
    assert not corrects(understand("Is it true that the port did close its school?"), denied)
    assert not corrects(understand("Why did the port close its school?"), [])


def test_who_came_up_with_it_is_not_told_by_what_it_is() -> None:
    """Who else did something may be told by what they are."""
    told = "A log is a book."
    assert is_origin_unsaid("Who first invented the log?", told)
    assert is_origin_unsaid("Who coined the term log?", told)
    assert not is_origin_unsaid("Who invented the log?", "It was invented by pilots.")
    assert not is_origin_unsaid("Who keeps the log?", told)
    assert not is_origin_unsaid("Which log was invented first?", told)


def test_why_it_is_always_so_is_not_told_by_why_it_may_be() -> None:
    """What always is to be done has reasons of its own."""
    may_be, is_so = ["Fog can delay a boat."], ["Fog delays every boat."]
    assert is_always_unsaid("Why does fog always delay boats?", may_be)
    assert is_always_unsaid(
        "Why does fog always delay boats?", ["Fog does not always delay a boat."]
    )
    assert not is_always_unsaid("Why does fog always delay boats?", is_so)
    assert not is_always_unsaid("Why does fog always delay boats?", [*may_be, *is_so])
    assert not is_always_unsaid(
        "Why does fog always delay boats?", ["Fog hides the quay.", *may_be]
    )
    assert not is_always_unsaid("Why does fog delay boats?", may_be)
    assert not is_always_unsaid("Why should pilots always fear fog?", may_be)
    assert not is_always_unsaid("Why does fog always delay my boat?", may_be)


def test_a_further_quote_corrects_with_every_word_of_the_question() -> None:
    """Else it may take back something else."""
    near = "Ropes need care."
    question = understand("Why do ropes really help the pilot?")
    assert corrects(question, [near, "Ropes, by themselves, are not helpful to a pilot."])
    assert not corrects(question, [near, "Ropes, by themselves, are not helpful."])
    assert not corrects(question, [near, "Ropes are helpful to a pilot."])


@pytest.mark.parametrize(
    ("question", "names", "named"),
    [
        ("What does Ada Lind say about ropes?", ["Ada", "Lind"], "Ada Lind"),
        ("According to Lind and Moss, what holds?", ["Lind", "Moss"], "Lind and Moss"),
        ("What do ropes say?", [], ""),
        ("Why did Lind buy ropes?", [], ""),
    ],
)
def test_of_whom_words_are_asked(question: str, names: list[str], named: str) -> None:
    """The names, and their place in the question."""
    found, (start, end) = asked_of(question)
    assert (found, question[start:end]) == (names, named)
