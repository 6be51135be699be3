"""What a question asks: its kind, the frameworks it names, its phrases and its terms."""

from __future__ import annotations

import pytest

from kb.questions import (
    asked_for_all,
    asked_of_any,
    asked_of_one,
    content_words,
    counted_noun,
    frameworks_named,
    people_meant,
    understand,
)

NAMES = {
    "servant leadership": "servant-leadership",
    "leadership system": "leadership-system",
    "collaborative leadership": "collaborative-leadership",
    "collaborative leadership system": "leadership-system",
    "orchard model": "orchard-leadership",
    "leader member exchange": "leader-member-exchange",
}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is servant leadership?", "definition"),
        ("Define psychological safety", "definition"),
        ("What are the nine qualities of values-driven leadership?", "list"),
        ("From which four positions does a host work?", "list"),
        ("In which year did the two hosts work?", "when"),
        ("Which roles do collaborative leaders play?", "list"),
        ("What purposes do the goals of a crew serve?", "open"),
        ("List the steps of change", "list"),
        ("What are the benefits of sharing power?", "list"),
        ("What are values-driven alliances?", "definition"),
        ("Which skills-based crews were surveyed?", "open"),
        ("What are the part-time roles of a crew?", "list"),
        ("Who coined the term servant leadership?", "who"),
        ("Which author wrote about social character?", "who"),
        ("When was the essay published?", "when"),
        ("What time do lessons start?", "when"),
        ("What percentage of crews were surveyed?", "how_many"),
        ("By what percentage do wages rise?", "how_many"),
        ("For which reasons was it written?", "reason"),
        ("What are the recommendations of the report?", "list"),
        ("the four responses of survivors", "list"),
        ("In which year did Greenleaf retire?", "when"),
        ("How many stages does the model have?", "how_many"),
        ("Where did the study take place?", "where"),
        ("Why do teams fall apart?", "reason"),
        ("How can leaders build trust?", "how_to"),
        ("What is the difference between transactional and servant leadership?", "comparison"),
        ("How do managers differ from leaders?", "comparison"),
        ("How do leaders and managers differ?", "comparison"),
        ("Leaders and managers: how do they differ?", "comparison"),
        ("Is trust needed for delegation?", "yes_no"),
        ("trust in networks", "open"),
        ("What should I do when two people in my team quarrel?", "how_to"),
        ("How do I lead people over whom I have no authority?", "how_to"),
        ("When is it wise to avoid a conflict?", "how_to"),
        ("Tips for a first meeting", "how_to"),
        ("What does GROW stand for?", "list"),
        ("When are letters of thanks sent?", "when"),
        ("Who signs the offer letter?", "who"),
        ("What is the third stage of the model?", "list"),
        ("When a crew quarrels, is it the captain's fault?", "yes_no"),
        ("My crew quarrels. What is that called?", "definition"),
        ("Could you explain what people mean by a safe team?", "definition"),
        ("Define the role of the pilot", "definition"),
        ("According to the captain, why do crews fall apart?", "reason"),
        ("When should a captain not steer?", "how_to"),
        ("Is it ever right to leave a quarrel alone?", "how_to"),
        ("How often should a crew meet?", "how_to"),
        ("When to steer", "how_to"),
        ("How often does the crew meet?", "how_many"),
        ("What are the symptoms of a quarrel?", "list"),
        ("What did the captain find in three ports?", "open"),
        ("What is patience in the four steps?", "definition"),
        ("What do the four steps ask of a crew?", "open"),
        ("What do the steps leave out?", "open"),
        ("Which stage comes from the second edition?", "open"),
        ("What is single steering as opposed to double steering?", "comparison"),
        ("Who is a deck hand?", "definition"),
        ("Explain who steers the boat", "who"),
        ("A crew with a pilot who never sleeps", "open"),
        ("Would it help a pilot who never sleeps?", "yes_no"),
        ("Nobody trusts the pilot, whom should we ask?", "who"),
        ("When he shouts they laugh. Where does that come from?", "where"),
    ],
)
def test_the_kind_of_a_question_is_recognised(question: str, kind: str) -> None:
    """The kind decides how long an answer is and what it must hold."""
    assert understand(question).kind == kind
    assert understand(question.lower().rstrip("?")).kind == kind


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("What are the nine qualities of alliance leaders?", 9),
        ("What are the 12 steps?", 12),
        ("Which roles do leaders play?", None),
        ("When did five crews meet?", None),
    ],
)
def test_a_list_question_may_say_how_many_items_it_expects(
    question: str, count: int | None
) -> None:
    """Only a list question counts items."""
    assert understand(question).count == count


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Servant Leadership or the orchard model", ("servant-leadership", "orchard-leadership")),
        ("the collaborative leadership system", ("leadership-system",)),
        ("leadership system and servant leadership", ("leadership-system", "servant-leadership")),
        ("what does leader-member exchange say", ("leader-member-exchange",)),
        ("servant leaderships", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_frameworks_are_named_in_order_and_the_longer_name_wins(
    text: str, slugs: tuple[str, ...]
) -> None:
    """Case and hyphens do not matter; a part of a word names nothing."""
    assert frameworks_named(text, NAMES) == slugs


def test_the_question_keeps_its_words_stripped_with_phrases_and_stems() -> None:
    """White space is folded; quoted words are phrases; stop words are no terms."""
    found = understand("  What   is meant by “North  Star” leaders?\n", NAMES)
    assert found.text == "What is meant by “North Star” leaders?"
    assert found.phrases == ("north star",)
    assert set(found.terms) >= {"north", "star", "leader"} and "what" not in found.terms


def test_a_question_of_stop_words_keeps_them_as_terms() -> None:
    """Otherwise nothing could be looked up."""
    assert understand("who was it?").terms == ("who", "was", "it")


def test_content_words_keep_their_form_and_order() -> None:
    """For marking words in a text, stems would be too short."""
    assert content_words("The keepers of a Lamp") == ["keepers", "lamp"]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("What is step 4 in ADKAR?", 4),
        ("What is the third stage of the model?", 3),
        ("What's the last phase?", -1),
        ("What are the three stages?", None),
        ("Who took the first step?", None),
        ("What is the last of Lind's steps?", -1),
        ("What is the third of the nine stages?", 3),
        ("Which of the stages is the last?", -1),
        ("What comes after step 4?", 5),
        ("Which step precedes the third stage?", 2),
        ("What comes before the last step?", -2),
        ("What comes before step 1?", 0),
    ],
)
def test_one_member_of_a_list_is_asked_for_by_its_place(question: str, place: int | None) -> None:
    """Counting from one; -1 is the last."""
    assert understand(question).place == place


def test_a_number_in_a_framework_s_name_is_no_place() -> None:
    """Level 5 leadership is not the fifth of its levels."""
    names = {"level 5 leadership": "level-5", "level 5 leader": "level-5"}
    assert understand("What is a Level 5 leader?", names).place is None
    assert understand("What is level 2 in the hierarchy?", names).place == 2


def test_the_neighbour_of_a_member_is_asked_for() -> None:
    """After it or before it."""
    assert understand("What comes after storming?").beside == (("storm",), 1)
    assert understand("Which stage comes before the norming stage?").beside == (("norm",), -1)
    assert understand("Which stage follows storming?").beside == (("storm",), 1)
    assert understand("What precedes the norming stage?").beside == (("norm",), -1)


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("What are Lind's three learned needs?", {"need"}),
        ("What are the four drives that underlie motivation?", {"drive"}),
        ("Name the five forces of the harbour.", {"forc"}),
        ("What are the needs of a crew?", set()),
    ],
)
def test_what_a_question_counts_need_be_no_known_noun(question: str, noun: set[str]) -> None:
    """Its last word is the noun."""
    assert counted_noun(understand(question)) == noun


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("What are the paradoxes of leading a team?", {"paradox"}),
        ("What are the main drives behind it?", {"drive"}),
        ("What are paradoxes?", set()),
        ("What is the paradox of leading a team?", set()),
    ],
)
def test_all_of_something_may_be_asked_for_by_any_noun(question: str, noun: set[str]) -> None:
    """Only where it is asked of something, or it is to be defined."""
    assert asked_for_all(understand(question)) == noun


def test_some_of_a_list_may_be_more() -> None:
    """Who asks to name two is content with a list of five; the number behind a noun is a name."""
    assert (
        understand("Name two forms of conflict").count,
        understand("Name two forms").at_least,
    ) == (2, True)
    assert understand("What are the two forms?").at_least is False
    assert understand("What are the criticisms of the eight steps?").count is None


def test_a_comparison_may_name_frameworks_by_their_people() -> None:
    """Only where fewer than two are named otherwise; elsewhere a person is no framework."""
    people = {"lind": "orchard-leadership", "ada lind": "orchard-leadership"}
    compared = understand("How does Lind differ from servant leadership on trust?", NAMES, people)
    assert compared.kind == "comparison"
    assert compared.frameworks == ("orchard-leadership", "servant-leadership")
    assert understand("What did Lind write?", NAMES, people).frameworks == ()
    assert understand("Lind compared with Holm", NAMES, people).frameworks == ()


def test_of_a_person_with_two_frameworks_the_question_means_the_nearer_one() -> None:
    """Its names share more words with the question, or its family with the others; else neither."""
    people = {"lind": ("orchard", "lighthouse"), "berg": ("harbour",)}
    names = {"lind s four seasons": "orchard", "lind s lighthouse of change": "lighthouse"}
    families = {"orchard": "growth", "lighthouse": "change", "harbour": "change"}
    for text, meant in {
        "How does Lind's approach to change differ?": {"lind": "lighthouse"},
        "What do the four of Lind and Berg say?": {"lind": "orchard", "berg": "harbour"},
        "Compare Lind and Berg.": {"lind": "lighthouse", "berg": "harbour"},
        "What did Lind write?": {},
        "What do the Lindens say of change?": {},
    }.items():
        assert people_meant(text, people, names, families) == meant


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("What does the orchard model say about power and trust?", {"power", "trust"}),
        ("Compare servant leadership and the orchard model on power.", {"power"}),
        ("What does the orchard model say about an orchard?", {"orchard"}),
        ("How does a leader see it in the orchard model?", {"see"}),
        ("What is the orchard model?", set()),
        ("Are the orchard model and servant leadership the same thing?", set()),
        ("What do the orchard model and servant leadership share, and how do they fit together?",
         set()),
        ("How does the idea of the orchard model differ from servant leadership?", set()),
        ("How do the orchard model and servant leadership each explain power?", {"power"}),
    ],
)  # fmt: skip
def test_what_is_asked_about_a_framework_is_neither_its_name_nor_that_something_is_said(
    text: str, aspect: set[str]
) -> None:
    """A word for seeing stays where there is no other."""
    assert understand(text, NAMES).aspect == aspect


@pytest.mark.parametrize(
    "text",
    [
        "What do servant and collaborative leaders have in common?",
        "Servant or collaborative leadership: which one asks more of a leader?",
        "How do servant leaders and collaborative leaders settle a quarrel?",
        "Servant or collaborative: which one asks more of a leader?",
    ],
)
def test_kinds_of_leaders_name_their_frameworks(text: str) -> None:
    """The word that two of them share stands once; one kind alone is no framework to do with."""
    assert understand(text, NAMES).frameworks == ("servant-leadership", "collaborative-leadership")
    assert understand("What does a servant leader do?", NAMES).frameworks == ()
    assert understand("What is a servant leader?", NAMES).frameworks == ("servant-leadership",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How do servant leadership and the orchard model see trust?", "comparison"),
        ("What limits power in servant leadership, and in the orchard model?", "comparison"),
        ("How does servant leadership use what the orchard model found?", "open"),
        ("How strong is the link between servant leadership and the orchard model?", "open"),
        ("Who wrote on servant leadership and the orchard model?", "comparison"),
        ("How many tried servant leadership and the orchard model?", "how_many"),
        ("How do the orchard model and servant leadership see trust?", "comparison"),
        ("How do the orchard model's pickers build trust?", "open"),
        ("How do the pickers of the orchard model build trust?", "how_to"),
    ],
)
def test_the_same_is_asked_of_what_stands_side_by_side(text: str, kind: str) -> None:
    """It is compared; one thing that is asked about two is not."""
    assert understand(text, NAMES).kind == kind


@pytest.mark.parametrize(
    ("text", "orchard"),
    [
        ("How do servant leadership and the orchard model see trust?",
         "How do the orchard model see trust?"),
        ("Compare the orchard model with servant leadership on trust.",
         "Compare the orchard model on trust."),
        ("How strong is the leadership system, servant leadership's case and the orchard model?",
         "How strong is the orchard model?"),
        ("Orchard model vs. servant leadership: trust", "Orchard model: trust"),
        ("Servant leadership & the orchard model", "the orchard model"),
        # What is set against it is asked of it likewise.
        ("How does servant leadership's trust differ from the orchard model?",
         "How does orchard model's trust differ?"),
        ("Where does servant leadership's view of power differ from that of the orchard model?",
         "Where does orchard model's view of power differ?"),
        ("How does servant leadership compare with the orchard model on trust?",
         "How does orchard model compare on trust?"),
        ("How does servant leadership differ from the orchard model and orchard model on trust?",
         "How does orchard model and orchard model differ on trust?"),
        # What is not joined to it belongs to the question.
        ("Is the orchard model better than servant leadership?",) * 2,
    ],
)  # fmt: skip
def test_one_framework_is_asked_without_the_others(text: str, orchard: str) -> None:
    """Those beside it are left out, with what belongs to them."""
    assert asked_of_one(text, "orchard-leadership", NAMES) == orchard


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Which frameworks say that leaders should listen?", "leaders should listen?"),
        ("What do the different theories say about ropes?", "ropes?"),
        ("Which leadership models warn against ropes?", "ropes?"),
        ("What other theories deal with quarrels?", "quarrels?"),
        ("Which of the texts say something about trust?", "trust?"),
        ("Which frameworks have four steps?", ""),
        ("Which framework says that power is shared?", ""),
        ("What do the frameworks say about trust?", "trust?"),
    ],
)
def test_what_any_framework_says_is_asked_without_who_says_it(text: str, said: str) -> None:
    """One that is looked for by what it says is another question."""
    assert asked_of_any(text) == said


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("Who wrote The Quiet Orchard?", "The Quiet Orchard"),
        ("Who wrote the book Quiet Orchards: How Trees Lead?", "Quiet Orchards"),
        ('Who is the author of "What grows"?', "What grows"),
        ("When was The Quiet Orchard first published?", "The Quiet Orchard"),
        ("Who wrote Quiet Orchards and when?", "Quiet Orchards"),
        ("who wrote the quiet orchard", "the quiet orchard"),
        ("Who co-wrote The Quiet Orchard with Ann Lind?", "The Quiet Orchard"),
        ("Who wrote The Quiet Orchard together with Ann Lind?", "The Quiet Orchard"),
        ("Who wrote Leading with Trust?", "Leading with Trust"),
        ("Who wrote Leading with Apples?", "Leading with Apples"),
        ("Who wrote about Quiet Orchards?", ""),
        ("Who wrote the first book on Quiet Orchards?", ""),
        ("Who published the ORCHARD results?", ""),
        ("Who planted The Quiet Orchard?", ""),
    ],
)
def test_a_work_is_asked_for_by_its_title(text: str, work: str) -> None:
    """As it is written, without a subtitle; what somebody wrote about is no title."""
    assert understand(text).work == work
