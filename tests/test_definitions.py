"""Which sentence defines: it opens with the name, and a word for the kind follows."""

from __future__ import annotations

import pytest

from kb.definitions import STRONG_ENOUGH, asked_subject, defining, narrowed, points_back
from kb.lexical import terms


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is coalition leadership?", "coalition leadership"),
        ("What's meant by a “safe team”?", "safe team"),
        ("How would you define charismatic leadership?", "charismatic leadership"),
        ("What exactly do researchers mean by ethical leadership?", "ethical leadership"),
        ("What is feminist leadership, in one sentence?", "feminist leadership"),
        ("What does it mean to be a servant leader?", "servant leader"),
        ("What does Cynefin mean?", "Cynefin"),
        ("How is trust defined in the model of Mayer?", "trust"),
        ("What does drift theory say?", "drift theory"),
        ("What does drift theory say about trust?", ""),
        ("What does Mayer say?", ""),
        ("What is the concept of presencing?", "presencing"),
        ("Who counts as a stakeholder?", "stakeholder"),
        ("Who is a deck hand?", "deck hand"),
        ("Who is a good captain to learn from?", ""),
        ("What exactly is a deck hand?", "deck hand"),
        ("So what is really a deck hand?", "deck hand"),
        ("What precisely does Cynefin mean?", "Cynefin"),
        ("What do you understand by drift?", "drift"),
        ("When did the captain retire?", ""),
        ("How do I explain the plan to my team?", ""),
    ],
)
def test_what_is_to_be_defined_is_read_from_the_question(question: str, subject: str) -> None:
    """Articles, politeness and the wish for brevity do not belong to it."""
    assert asked_subject(question) == subject


def test_what_something_is_part_of_can_be_left_out() -> None:
    """A point in a model is looked for by its own name."""
    assert narrowed("barrier point in ADKAR") == "barrier point"


@pytest.mark.parametrize(
    ("sentence", "is_definition"),
    [
        ("Double-loop learning is learning in which people question their goals.", True),
        ("Double-loop learning means asking twice.", True),
        ("The term double-loop learning refers to a second look.", True),
        ("Double-loop learning is the centre of a wider theory.", False),
        ("Double-loop learning is uncomfortable, since it takes time.", False),
        ("Double-loop learning was described by two scholars of a school that closed.", False),
        ("Trust in double-loop learning and in many other things is a matter of time.", False),
        ("A way to ask twice has emerged, which can be called “double-loop learning.”", True),
        ("Asking why twice is known as double-loop learning.", True),
        ("What is known as double-loop learning in groups is slow.", False),
        ("Double-loop learning does not mean asking twice.", False),
        ("Trust in double-loop learning is a belief that questions help.", False),
        ("Double-loop learning, meaning a second look at the rules, takes time.", True),
        ("Single loops repair, whereas double-loop learning is a change of rules.", True),
        ("Schools asked for double-loop learning, a second look that changes the rules.", True),
        ("Rules and double-loop learning, the second look, take time.", False),
        ("Schools want double-loop learning—“a kind of second look,” they say.", True),
        ("Rules block double-loop learning – the doubts, talks and tries that help.", True),
        ("Schools of double-loop learning - anything that asks twice - are few.", True),
        ("Schools of double-loop learning—the one, the other—that ask are few.", False),
        ("They try “double-loop learning” that helps them: doubts, talks and tries.", True),
        ("They try “double-loop learning” and rest: doubts come later.", False),
        ("Double-loop learning in schools—the places that teach—is rare.", False),
        ("Double-loop learning – a second look at the rules.", True),
        ("Double-loop learning (second order): a second look at the rules.", True),
        ("Double-loop learning: slow.", False),
        ("Crews draw up double-loop learning (DLL), a plan mainly used by cooks.", True),
        ("Crews draw up double-loop learning (DLL), a plan for cooks.", False),
        ("Double-loop learning: The habits, rules and looks of a group.", True),
        ("Double-loop learning—a second look at the rules.", True),
        ("Double-loop learning—slow at first—takes time.", False),
        ("Double-loop learning is an important way of asking why.", False),
        ("Double-loop learning is a growing field of study.", False),
        ("If double-loop learning is a part of the plan, it takes time.", False),
    ],
)
def test_a_definition_opens_with_the_name_and_gives_the_kind(
    sentence: str, is_definition: bool
) -> None:
    """Saying how something is, or what it belongs to, is not saying what it is."""
    names = [frozenset(terms("double-loop learning"))]
    assert (defining(sentence, names) >= STRONG_ENOUGH) is is_definition


def test_the_last_word_of_a_longer_name_is_not_the_thing() -> None:
    """What the harbour bell is does not tell what a bell is."""
    names = [frozenset(terms("bell"))]
    assert defining("They ring the harbour bell – the sign of dusk.", names) < STRONG_ENOUGH
    assert defining("They ring the bell – the sign of dusk.", names) >= STRONG_ENOUGH


def test_any_name_of_the_thing_will_do() -> None:
    """A text may define under the full name what is asked for by the short one."""
    names = [frozenset(terms("GROW")), frozenset(terms("GROW coaching"))]
    sentence = "GROW coaching is a way of structuring a talk."
    assert defining(sentence, names[:1]) < STRONG_ENOUGH <= defining(sentence, names)


@pytest.mark.parametrize(
    ("sentence", "is_pointing"),
    [
        ("This is about trust.", True),
        ("It takes time.", True),
        ("It is a way to steer.", False),
        ("This means asking twice.", True),
        ("Itself a rule, trust is rare.", False),
        ("Trust takes time.", False),
    ],
)
def test_what_only_points_back_says_nothing_of_its_own(sentence: str, is_pointing: bool) -> None:
    """Unless it says what that is to which it points."""
    assert points_back(sentence) is is_pointing
