"""The part of a text that asks, the two questions of one with two parts, what it tells apart."""

from __future__ import annotations

import pytest

from kb.phrasing import as_question, asking_part, halves, sides


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("What is trust?", "What is trust?"),
        ("Our crew quarrels. What should I do?", "What should I do?"),
        ("When a storm comes, who decides?", "who decides?"),
        ("According to Ada Lind, what is a safe team?", "what is a safe team?"),
        ("Could you tell me why crews fall apart?", "why crews fall apart?"),
        ("If I may ask, could you tell me who decides?", "who decides?"),
        ("When was the lamp lit, and by whom?", "When was the lamp lit, and by whom?"),
        ("In which year, roughly, was the lamp lit?", "In which year, roughly, was the lamp lit?"),
        ("lamp, rope and oil", "lamp, rope and oil"),
        ("Tell me about the lamp. It is old.", "Tell me about the lamp. It is old."),
    ],
)
def test_what_only_leads_up_to_the_question_is_left_out(text: str, part: str) -> None:
    """The situation, a clause that sets the scene, a courtesy; a question of its own stays."""
    assert asking_part(text) == part


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who devised the model and when?",
         ("Who devised the model?", "when devised the model?")),
        ("When and where was Follett born?",
         ("When was Follett born?", "where was Follett born?")),
        ("What is Theory U and who created it?",
         ("What is Theory U?", "who created Theory U?")),
        ("What is delayering and does it help?", ("What is delayering?", "does delayering help?")),
        ("What is Theory U and what should a leader do in it?",
         ("What is Theory U?", "what should a leader do in Theory U?")),
        ("Which decisions stay here and which are handed over?", None),
        ("How can I see who leads and who follows?", None),
        ("What is trust?", None),
    ],
)  # fmt: skip
def test_a_question_with_two_parts_becomes_two_questions(
    question: str, parts: tuple[str, str] | None
) -> None:
    """Each with the words of the other that it leans on; embedded questions are not taken apart."""
    assert halves(question) == parts


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("What is the difference between a rope and a cable?", (("rope",), ("cable",))),
        ("Difference between red-lamp and green-lamp signals",
         (("red-lamp signals", "red-lamp"), ("green-lamp signals", "green-lamp"))),
        ("What are the main differences between trust and calm?", (("trust",), ("calm",))),
        ("How does the mate differ from the captain?", (("mate",), ("captain",))),
        ("How is \u201ccalm\u201d different from a calm crew?", (("calm",), ("calm crew",))),
        ("How do mates and captains differ?", (("mates",), ("captains",))),
        ("In what do the red and the green lamp differ?",
         (("red lamp", "red"), ("green lamp", "green"))),
        ("How do rope and the green lamp differ?", (("rope",), ("green lamp",))),
        ("mates vs. captains", (("mates",), ("captains",))),
        ("Mates and captains: how do they differ?", (("Mates",), ("captains",))),
        ("A mate or a captain, what's the difference?", (("mate",), ("captain",))),
        ("Mates and captains: how do they eat?", None),
        ("What is a mate as opposed to a captain?", (("mate",), ("captain",))),
        ("What makes a good captain?", None),
        ("How do crews differ from what was, in earlier days, usual on ships?", None),
        ("How does a mate differ from a captain? Please define both.", None),
    ],
)  # fmt: skip
def test_what_a_question_tells_apart_is_known_by_its_names(
    text: str, apart: tuple[tuple[str, ...], tuple[str, ...]] | None
) -> None:
    """A word that both share may be said once."""
    assert sides(text) == apart


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("why do ropes fray", "Why do ropes fray?"),
        ("Why do ropes fray?", "Why do ropes fray?"),
        ("isn't hemp better", "Isn't hemp better?"),
        ("my rope is wet", "My rope is wet"),
        ("what a mess. no rope is dry", "What a mess. no rope is dry"),
        ("five signs of wear", "Five signs of wear"),
    ],
)
def test_an_offered_question_is_written_as_one(text: str, offered: str) -> None:
    """What states something or lists a heading stays as it is."""
    assert as_question(text) == offered
