"""Lists of a document: runs of items with their announcement, and sibling headings."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from support import document_with

from kb.enumerations import (
    MAXIMUM_ITEMS,
    Enumeration,
    announces_next,
    counted_members,
    enumerations,
    is_set_as_heading,
    names_several,
)
from kb.records import Document


def texts(document: Document, found: Enumeration) -> list[str]:
    """The items themselves."""
    return [document.text[start:end] for start, end in found.items]


def test_a_run_of_items_is_a_list_announced_by_the_sentence_before() -> None:
    """Of a longer paragraph only the last sentence announces."""
    document = document_with(
        ("heading", "Roles", 1), ("paragraph", "Much is said. Leaders play two roles:"),
        ("item", "Coach. Listens a lot.", 1), ("item", "Envoy", 1), ("paragraph", "The end."),
    )  # fmt: skip
    (found,) = enumerations(document)
    assert texts(document, found) == ["Coach.", "Envoy"]
    assert found.lead is not None
    assert document.text[slice(*found.lead)] == "Leaders play two roles:"
    assert (found.headings, found.size) == (("Roles",), 2)


def test_an_unfinished_sentence_runs_on_into_its_items() -> None:
    """What the items are of, the sentence before tells."""
    lead = "Captains share certain traits. Most captains are"
    document = document_with(("paragraph", f"So it is. {lead}"), ("item", "Calm"), ("item", "Dry"))
    (found,) = enumerations(document)
    assert found.lead is not None
    assert document.text[slice(*found.lead)] == lead


def test_of_the_lines_of_a_head_only_the_last_leads() -> None:
    """The name of a table stands above it and tells nothing of these items."""
    head = ("paragraph", "Traits of captains\nModel: A to B\nWays to calm a crew")
    document = document_with(head, ("item", "Rest"), ("item", "Salt"))
    (found,) = enumerations(document)
    assert found.lead is not None
    assert document.text[slice(*found.lead)] == "Ways to calm a crew"


@pytest.mark.parametrize(
    ("text", "announces"),
    [
        ("Good captains:", True), ("Good captains:[2]", True), ("Good captains: [2][3]", True),
        ("Good captains:²", True), ("Good captains [2]", False), ("Good captains are: two", False),
    ],
)  # fmt: skip
def test_a_colon_announces_with_the_number_of_a_note_behind_it(text: str, announces: bool) -> None:
    """Pasted pages keep the numbers of their notes."""
    assert announces_next(text) is announces


@pytest.mark.parametrize(
    ("before", "announces"),
    [
        ("Crews keep three rules.", True),
        ("Crews keep to the following.", True),
        ("Crews keep these:", True),
        ("A pilot who has two maps would sail at night.", False),
        ("Lamps burn all night.", False),
    ],
)
def test_what_stands_before_a_list_may_announce_nothing(before: str, announces: bool) -> None:
    """A tale goes before a list of advice as easily."""
    document = document_with(("paragraph", before), *[("item", f"Rest {n}.", 1) for n in range(3)])
    (found,) = (each for each in enumerations(document) if each.items)
    assert (found.lead is not None) is announces


@pytest.mark.parametrize(
    ("heading", "before", "is_list"),
    [
        ("Sails", "Many crews depend on such companies.", False),
        ("Sails", "Ask yourself:", True),
        ("Sails", "A crew has two worries.", True),
        ("Review questions", "Many crews depend on such companies.", True),
    ],
)
def test_questions_that_nothing_announces_are_an_exercise(
    heading: str, before: str, is_list: bool
) -> None:
    """They belong to the reader, not to the paragraph before them."""
    document = document_with(
        ("heading", heading, 1), ("paragraph", before),
        ("item", "Who holds the sail?", 1), ("item", "Why does it tear?", 1),
    )  # fmt: skip
    assert any(found.items for found in enumerations(document)) is is_list


def test_items_below_items_belong_to_no_list_of_their_own() -> None:
    """The outer list is the one that was announced."""
    document = document_with(
        ("item", "One", 1), ("item", "Detail", 2), ("item", "Two", 1),
    )  # fmt: skip
    (found,) = enumerations(document)
    assert texts(document, found) == ["One", "Two"]


def test_a_narrow_table_right_below_a_heading_is_a_list_and_what_follows_it_is_none() -> None:
    """The first row tells how to read the others; notes on a table are not what is headed."""
    rows = (("table", "Rope | Use"), ("table", "Hemp | Mooring"), ("table", "Wire | Rigging"))
    notes = (("item", "Hemp means hemp.", 1), ("item", "Wire means steel.", 1))
    document = document_with(("heading", "Ropes", 1), *rows, *notes)
    (found,) = enumerations(document)
    assert texts(document, found) == ["Hemp | Mooring", "Wire | Rigging"]
    assert found.lead is not None
    assert (document.text[slice(*found.lead)], found.headings) == ("Rope | Use", ("Ropes",))
    wide = document_with(("heading", "Ropes", 1), *(("table", "a | b | c | d | e"),) * 3)
    assert enumerations(wide) == ()


def test_bullets_behind_numbers_are_another_list() -> None:
    """On the same level; below an item they belong to it."""
    kinds = [(1, True), (2, False), (1, True), (1, False), (1, False)]
    document = document_with(*(("item", f"Point {n}", 1) for n in range(len(kinds))))
    blocks = tuple(
        replace(block, level=level, ordered=ordered)
        for block, (level, ordered) in zip(document.blocks, kinds, strict=True)
    )
    numbered, bullets = enumerations(replace(document, blocks=blocks))
    assert [texts(document, each) for each in (numbered, bullets)] == [
        ["Point 0", "Point 2"], ["Point 3", "Point 4"],
    ]  # fmt: skip


def test_an_item_may_announce_those_that_follow_it() -> None:
    """As scanned outlines have it: on one level."""
    document = document_with(
        ("item", "Two kinds of rope:", 1), ("item", "Hemp.", 1), ("item", "Wire.", 1),
        ("item", "Three kinds of knot —", 1), ("item", "Bend.", 1), ("item", "Hitch.", 1),
        ("item", "Loop.", 1),
    )  # fmt: skip
    ropes, knots = enumerations(document)
    assert [texts(document, each) for each in (ropes, knots)] == [
        ["Hemp.", "Wire."], ["Bend.", "Hitch.", "Loop."],
    ]  # fmt: skip
    assert knots.lead is not None
    assert document.text[slice(*knots.lead)] == "Three kinds of knot —"


def test_a_list_ends_before_a_numbered_paragraph_that_is_set_as_an_item() -> None:
    """So converters set all paragraphs of a manual, and the headings between them."""
    items = ("2-1. Wind is felt.", "Crews rest:", "They sleep.", "They sing.", "Knots",
             "2-2. Knots hold.", "Hemp swells.", "Wire rusts.")  # fmt: skip
    (found,) = enumerations(document := document_with(*(("item", text, 1) for text in items)))
    assert texts(document, found) == ["They sleep.", "They sing."]
    ended = ("paragraph", "Crews rest:"), *(("item", text, 1) for text in (
        "They sleep.", "They sing.", "This page intentionally left blank.", "Chapter 2"
    ))  # fmt: skip
    (found,) = enumerations(document := document_with(*ended))
    assert texts(document, found) == ["They sleep.", "They sing."]
    numbered = [("item", f"2-{n}. Paragraph.", 1) for n in range(3)]
    (found,) = enumerations(document_with(*numbered))
    assert found.size == 3


def test_a_list_ends_before_a_caption_or_a_heading_that_is_set_as_an_item() -> None:
    """A heading is what is set in capitals with no mark behind items that have one."""
    for other in (
        "Table 4-10. Crews at Rest",
        "Rest from Labour",
        "SHIPS",
        "Rest and Sleep in Port",
    ):
        items = ("They sleep.", "They sing.", other, "They sail home.")
        document = document_with(
            ("paragraph", "Crews rest:"), *(("item", text, 1) for text in items)
        )
        (found,) = enumerations(document)
        assert texts(document, found) == ["They sleep.", "They sing."]
    for last in ("They sail home", "Ships"):
        items = ("They sleep.", "They sing.", last)
        (found,) = enumerations(
            document_with(("paragraph", "Crews rest:"), *(("item", text, 1) for text in items))
        )
        assert found.size == 3
    bare = document_with(*(("item", text, 1) for text in ("Old Rope", "New Rope", "Wire Rope")))
    (found,) = enumerations(bare)
    assert found.size == 3


def test_these_above_a_list_takes_the_sentence_before_unless_that_counts() -> None:
    """What these are of, that one says."""
    items = [("item", f"Rest {n}.", 1) for n in range(3)]
    document = document_with(("paragraph", "Sit. Crews rest well. These ways are used:"), *items)
    (found,) = (each for each in enumerations(document) if each.items)
    assert found.lead and document.text[slice(*found.lead)] == (
        "Crews rest well. These ways are used:"
    )


def test_labelled_lines_are_a_list_where_their_number_is_stated() -> None:
    """One below the other or each in a paragraph of its own."""
    lead = ("paragraph", "Knots follow the three-step REST model.")
    lines = ("R - Reach for it.", "E - Ease it in.", "T: tie it off.")
    one = document_with(lead, ("paragraph", "\n".join(lines)))
    several = document_with(lead, *(("paragraph", line) for line in lines))
    for document in (one, several):
        (found,) = (each for each in enumerations(document) if each.items)
        assert texts(document, found) == list(lines)
    plain = document_with(lead, *(("paragraph", line.split()[-1]) for line in lines))
    assert not [each for each in enumerations(plain) if each.items]


def test_of_paragraphs_with_a_number_as_label_the_first_sentences_are_the_list() -> None:
    """Behind the number stands a colon or a full stop."""
    lead = ("paragraph", "Sailing has three rules.")
    firsts = ("Rule 1: Rest first.", "Rule 2. Then observe.", "Rule 3. Sail last.")
    document = document_with(lead, *(("paragraph", f"{each} More is said.") for each in firsts))
    (found,) = (each for each in enumerations(document) if each.items)
    assert texts(document, found) == list(firsts)


def test_labelled_paragraphs_behind_a_colon_are_a_list() -> None:
    """However many; the first without a label ends it."""
    lines = ("Reach - Go for it.", "Ease - Let it in.")
    lead, after = ("paragraph", "Knots are based on:"), ("paragraph", "So it is.")
    document = document_with(lead, *(("paragraph", line) for line in lines), after)
    (found,) = (each for each in enumerations(document) if each.items)
    assert texts(document, found) == list(lines)
    plain = document_with(after, *(("paragraph", line) for line in lines))
    assert not [each for each in enumerations(plain) if each.items]


def test_rows_of_a_table_are_a_list_where_their_number_is_stated() -> None:
    """The first row names the columns."""
    lead = ("paragraph", "Trust has two parts.")
    rows = [("table", row) for row in ("Part; meaning", "Calm; no haste", "Care; no harm")]
    document = document_with(lead, *rows)
    (found,) = (each for each in enumerations(document) if each.items)
    assert texts(document, found) == ["Calm; no haste", "Care; no harm"]
    other = document_with(("paragraph", "Trust has four parts."), *rows)
    assert not [each for each in enumerations(other) if each.items]


def test_headings_have_a_lead_that_announces_them_or_none() -> None:
    """What just stands there says nothing of them."""
    for said, is_lead in (("Crews rest in three ways.", True), ("Rain fell.", False)):
        document = document_with(
            ("heading", "Rest", 1), ("paragraph", said),
            ("heading", "Sleep", 2), ("heading", "Song", 2), ("heading", "Sun", 2),
        )  # fmt: skip
        (found,) = (each for each in enumerations(document) if each.items)
        assert (found.lead is not None) is is_lead


def test_a_short_line_above_items_is_their_heading() -> None:
    """As bold words on a line of their own are."""
    items = [("item", f"Rest {n}.", 1) for n in range(3)]
    document = document_with(("heading", "Crews", 1), ("paragraph", "Resting well"), *items)
    (found,) = (each for each in enumerations(document) if each.items)
    assert found.headings == ("Crews", "Resting well")


def test_items_that_all_end_with_a_colon_are_members() -> None:
    """Each is the name of one, before its text."""
    document = document_with(*(("item", f"Stage {n}:", 1) for n in range(3)))
    (found,) = enumerations(document)
    assert found.size == 3


def test_the_sentence_that_states_the_number_announces_the_list() -> None:
    """Also where another one follows it, unless that ends with a colon."""
    items = [("item", f"Rest {n}.", 1) for n in range(3)]
    for before, lead in {
        "Crews keep three rules. They took long to find.": "Crews keep three rules.",
        "Crews keep three rules. They took long to find:": "They took long to find:",
        "Crews keep nine rules. They took long.": None,
    }.items():
        document = document_with(("paragraph", before), *items)
        (found,) = (each for each in enumerations(document) if each.items)
        assert (document.text[slice(*found.lead)] if found.lead else None) == lead


def test_a_paragraph_parts_two_lists() -> None:
    """The five qualities and the ten lessons of one page are two lists."""
    document = document_with(
        ("paragraph", "First:"), ("item", "a", 1), ("item", "b", 1),
        ("paragraph", "Second:"), ("item", "c", 1), ("item", "d", 1),
    )  # fmt: skip
    assert [texts(document, found) for found in enumerations(document)] == [["a", "b"], ["c", "d"]]


def test_furniture_between_items_does_not_part_a_list() -> None:
    """A running head in the middle of a page is not there."""
    document = document_with(
        ("item", "a", 1), ("furniture", "Page 7"), ("item", "b", 1), ("item", "c", 1)
    )
    (found,) = enumerations(document)
    assert texts(document, found) == ["a", "b", "c"]


def test_headings_below_a_heading_are_a_list() -> None:
    """Two qualities may stand as two headings, each with its text."""
    document = document_with(
        ("heading", "Qualities", 1), ("paragraph", "There are two. More follows."),
        ("heading", "Calm", 2), ("paragraph", "Text."),
        ("heading", "Candour", 2), ("paragraph", "Text."), ("heading", "Other", 1),
    )  # fmt: skip
    (found,) = enumerations(document)
    assert texts(document, found) == ["Calm", "Candour"]
    assert found.lead is not None
    assert document.text[slice(*found.lead)] == "There are two."
    assert found.headings == ("Qualities",)


def test_headings_that_head_others_are_an_outline_and_no_list() -> None:
    """The parts of a book are not what a question asks for; the list inside a part is."""
    document = document_with(
        ("heading", "Book", 1), ("heading", "Principles", 2), ("heading", "Wait", 3),
        ("paragraph", "Text."), ("heading", "Listen", 3), ("paragraph", "Text."),
        ("heading", "Practice", 2), ("paragraph", "Text."),
    )  # fmt: skip
    assert [texts(document, found) for found in enumerations(document)] == [["Wait", "Listen"]]


def test_one_item_or_a_whole_index_is_no_list() -> None:
    """A single bullet enumerates nothing, and nobody wants a list of fifty."""
    many = [("item", f"Item {number}", 1) for number in range(MAXIMUM_ITEMS + 1)]
    assert enumerations(document_with(("item", "alone", 1))) == ()
    assert enumerations(document_with(*many)) == ()


def test_a_sentence_may_name_the_members_itself() -> None:
    """The lead is quoted whole; it says how many it names, and has no items of its own."""
    sentence = "The four bases of power are office, knowledge, favour and fear."
    document = document_with(("paragraph", f"Much is said. {sentence} The end is near."))
    (found,) = enumerations(document)
    assert found.lead is not None and document.text[slice(*found.lead)] == sentence
    assert (found.size, found.items) == (4, ())


@pytest.mark.parametrize(("number", "several"), [(0, False), (3, True), (4, True), (5, False)])
def test_as_many_things_as_are_asked_for_need_no_announcement(number: int, several: bool) -> None:
    """One behind the other."""
    sentence = "Lind tells visible power from hidden, invisible and borrowed power."
    assert names_several(sentence.replace("visible power from", "visible,"), number) is several


def test_two_things_joined_by_and_are_no_list() -> None:
    """Nor is a sentence without members."""
    document = document_with(
        ("paragraph", "The pilots are calm and patient. The harbour office is near the gate.")
    )
    assert enumerations(document) == ()


@pytest.mark.parametrize(
    ("sentence", "members"),
    [
        ("It has four steps, goal, reality, options and will, and rests on two foundations.",
         ["goal", "reality", "options", "will"]),
        ("Crews keep three rules: speak, listen and rest.", ["speak", "listen", "rest"]),
        ("Three shifts are meant: trust, not fear; nodes, not hubs; and soul, not role.",
         ["trust, not fear", "nodes, not hubs", "soul, not role"]),
        ("The five tasks of Boin, Stern and Sundelius are known as: sensing, deciding, telling, "
         "ending and learning.", ["sensing", "deciding", "telling", "ending", "learning"]),
        ("Ada Lind's three courages (to speak, to wait and to leave) suit every crew.",
         ["to speak", "to wait", "to leave"]),
        ("Pilots keep four rules (written down in 1920), which are known to all.", []),
        ("The three traits are drive, honesty and integrity, and calm.",
         ["drive", "honesty and integrity", "calm"]),
        ("Trust, compassion and hope are the three needs of followers.",
         ["Trust", "compassion", "hope"]),
        ("Crews fear three things: losing oars, meeting ice and missing tides or winds.",
         ["losing oars", "meeting ice", "missing tides or winds"]),
        ("The first four steps loosen, the next three bring in, and the last keeps.", []),
        ("Seven boats left the harbour, and two came back.", []),
        ("Two things drive a crew to hire a pilot—fog and risk.", ["fog", "risk"]),
        ("Three rules – speak, listen and rest – keep the peace.", ["speak", "listen", "rest"]),
        ("The mate sold two ropes—made by hand—and paint.", []),
        ("Three shifts are meant: trust—not fear, nodes—not hubs, and soul.",
         ["trust—not fear", "nodes—not hubs", "soul"]),
    ],
)  # fmt: skip
def test_a_counted_list_names_as_many_members_as_it_says(sentence: str, members: list[str]) -> None:
    """The number decides where the list ends; without that many members there is none."""
    found = [
        [sentence[start:end] for start, end in spans]
        for _, spans in counted_members(sentence, 0, len(sentence))
    ]
    assert found == ([members] if members else [])


@pytest.mark.parametrize(
    ("told", "members"),
    [
        ("Crews know three basic calls. These are plain, loud and last.",
         ["plain", "loud", "last"]),
        ("Lind describes three duties of a crew. She found them at sea. These include the duty to "
         "speak, wait and rest, which all know.", ["duty to speak", "wait", "rest"]),
        ("Crews know four basic calls. These are plain, loud and last.", []),
        ("Crews know three basic calls. Some are plain, loud and last.", []),
        ("Crews know three calls. It rains. It pours. These are plain, loud and last.", []),
    ],
)  # fmt: skip
def test_what_one_sentence_counts_the_next_may_name(told: str, members: list[str]) -> None:
    """Both are the lead, so that it says what the members are of."""
    document = document_with(("paragraph", f"Much is said. {told}"))
    found = [each for each in enumerations(document) if each.members]
    named = [[document.text[slice(*m)] for m in each.members] for each in found]
    assert named == ([members] if members else [])
    assert all(each.lead and document.text[slice(*each.lead)] == told for each in found)


def test_these_above_a_list_takes_the_sentence_that_counts_them() -> None:
    """Which alone says what the items are; a sentence with another number does not."""
    items = [("item", f"Rest {n}.", 1) for n in range(3)]
    for number, lead in (
        ("three", "A crew has three rests. These include:"),
        ("two", "These include:"),
    ):
        document = document_with(
            ("paragraph", f"Sit. A crew has {number} rests. These include:"), *items
        )
        (found,) = (each for each in enumerations(document) if each.items)
        assert found.lead and document.text[slice(*found.lead)] == lead


def test_behind_a_mere_comma_no_member_holds_an_and() -> None:
    """What stands there may belong to something else."""
    sentence = "Crews know four ropes, hemp and wire and chains and rods."
    assert not list(counted_members(sentence, 0, len(sentence)))
    named = sentence.replace("ropes,", "ropes:")
    assert list(counted_members(named, 0, len(named)))


def test_a_list_below_a_lead_with_other_numbers_is_a_mixture() -> None:
    """Five headings below a sentence that counts two and four are neither of them."""
    document = document_with(
        ("heading", "Parts", 1), ("paragraph", "There are two gifts and four duties."),
        *[block for n in range(5)
          for block in (("heading", f"Part {n}", 2), ("paragraph", "Text."))],
    )  # fmt: skip
    mixture = next(found for found in enumerations(document) if found.items)
    assert (mixture.size, mixture.numbered) == (5, True)


def test_a_sentence_that_counts_something_else_before_its_members_is_a_mixture() -> None:
    """It may be taken for the list of the other things; one number alone leaves no doubt."""
    document = document_with(
        ("paragraph", "The port has two gates, and it has three piers: north, south and west."),
        ("paragraph", "The port has three piers: north, south and west."),
    )
    assert [found.numbered for found in enumerations(document)] == [True, False]


@pytest.mark.parametrize("said", ["no", "0", "one", "1"])
def test_nothing_and_one_thing_are_no_list(said: str) -> None:
    """A sentence with such a number counts nothing that the next could name."""
    text = f"The port has {said} gates of this kind. These are north, south and west."
    assert all(found.size > 1 for found in enumerations(document_with(("paragraph", text))))


def test_no_order_of_numbers_marks_and_joins_is_too_odd() -> None:
    """Texts hold every mixture of them: each is read, whatever it is taken for."""
    pieces = ("0", "1", "two", "three gates", "These are", "They are", "north", "a, b", "and", "or",
              ":", ";", ",", "—", "(", ")", ".", ". ", "[1]", "e.g.", "namely")  # fmt: skip
    choice = random.Random(0)
    for _ in range(3000):
        text = " ".join(choice.choices(pieces, k=choice.randint(1, 14)))
        document = document_with(("paragraph", text), ("item", text, 1))
        spans = [span for found in enumerations(document) for span in found.members]
        assert all(0 <= start <= end <= len(document.text) for start, end in spans), text


@pytest.mark.parametrize(
    ("number", "numbered"), [("nine", True), ("three", False), ("storm", False)]
)
def test_a_sentence_that_counts_another_number_names_no_list_of_these(
    number: str, numbered: bool
) -> None:
    """The nine stages are grouped here, and not named."""
    lead = (
        f"Lind's {number} stages follow these groups: calm at dawn, wind at noon, and rain at dusk."
    )
    (found,) = enumerations(document_with(("paragraph", lead)))
    assert (found.size, found.numbered) == (3, numbered)


def test_little_words_stand_small_in_a_heading() -> None:
    """Prepositions of two syllables, too."""
    assert is_set_as_heading("Calm through Rest over Boats")
    assert not is_set_as_heading("Calm grows through Rest")
