"""Plain text, above all text pasted from a web page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import UnreadableFile
from kb.readers import read, read_bytes
from kb.readers.furniture import verdict
from kb.records import Block, Reading

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the five seed texts are not here")

PASTED_PAGE = """Skip to main content
Home
About
Programmes
Contact
Search
Leadership Review
Leadership
The Three Habits of Humble Leaders
By Maria Gonzalez and Peter O'Neil
March 3, 2021
6 min read
Share
Facebook
LinkedIn

Humble leaders listen first. They ask before they tell, and they credit the people who did the \
work when results come in, which builds trust over time.

1. They ask questions
Asking is a habit. Leaders who ask learn sooner what is going wrong, and people who are asked \
feel that their knowledge counts.

2. They share credit
When results come in, the humble leader names the people behind them and steps back from view.

What the research says

A review of 53 studies found three effects:

Higher engagement
Lower turnover
Better team learning

Advertisement

For managers, the message is plain:

- Start meetings with a question
- End them with a thank you
  and a summary of who did what
- Write down
   - what you learned
   - what you will change

References
Owens, B. and Hekman, D. (2012). Modeling how to grow. Academy of Management Journal.

Related Articles
Why Teams Fail
How to Run a Meeting That Matters
5 comments
John D. says:
I like this article very much because it tells me what I always knew about my boss.
Reply
© 2021 Leadership Review. All rights reserved.
Privacy Policy | Terms of Use | Cookies
"""

MAGAZINE = """Open in app
Sign up
Sign in
Write

Member-only story

What Adaptive Leadership Taught Me About Change

Priya Natarajan
Priya Natarajan

·
Follow

Published in
Better Humans

·
8 min read
·
Mar 14, 2022

1.2K

23

Photo by Jehyun Sung on Unsplash

When I took over the operations team, I believed that my job was to have answers. Six months \
later I had learned that the harder work was to hold the question open.

Heifetz distinguishes technical problems from adaptive challenges. Technical problems can be \
solved by experts; adaptive challenges require people to change what they believe.

The balcony and the dance floor

Getting on the balcony means stepping back to see patterns. You cannot see them while you dance.

“The most common cause of failure in leadership is produced by treating adaptive challenges as if \
they were technical problems.”
— Ronald Heifetz

Six things to do

Get on the balcony

Identify the adaptive challenge

Regulate distress

Maintain disciplined attention

Give the work back to people

Protect voices of leadership from below

What I would do differently

I would have listened for longer. I would have named the losses that the change asked of people, \
because nobody resists change, they resist loss.

Leadership
Change Management
Management

1.2K

23

Priya Natarajan
Follow

Written by Priya Natarajan
4.3K Followers
·
Writer for
Better Humans

Coach. Writes about change.

More from Priya Natarajan and Better Humans
How I Stopped Being Busy
It was a Tuesday and I had eleven meetings.

5 min read
·
Jan 3, 2022
Help
Status
About
Careers
Blog
Privacy
Terms
Text to speech
Teams
"""

BLOG = """Menu
Skip to content
LeaderLab
Helping managers since 2009
Home › Articles › Servant leadership
The 10 Characteristics of Servant Leaders
Posted on 12 June 2018 by admin
Share on Facebook Share on Twitter Share on LinkedIn
Table of Contents
1. What is servant leadership?
2. The ten characteristics
3. Criticism
1. What is servant leadership?
Robert Greenleaf wrote in 1970 that the servant-leader is servant first. It begins with the \
natural feeling that one wants to serve.
2. The ten characteristics
Larry Spears, drawing on Greenleaf's essays, names ten characteristics:
1. Listening: the leader seeks to identify the will of a group.
2. Empathy: the leader strives to understand others.
3. Healing
4. Awareness
5. Persuasion
6. Conceptualization
7. Foresight
8. Stewardship
9. Commitment to the growth of people
10. Building community
3. Criticism
Some authors say that the model lacks empirical support. Others say that it is too soft for \
business.
Was this helpful? Yes No
About the author
Jane Doe is a coach in Leeds. She has trained more than 500 managers.
Leave a Reply
Your email address will not be published. Required fields are marked *
Comment *
Name *
Email *
Website
Save my name, email, and website in this browser for the next time I comment.
Recent Posts
Five ways to delegate
Recent Comments
Bob on Five ways to delegate
Archives
May 2018
April 2018
Proudly powered by WordPress
"""

WRAPPED = """The Project on Leadership

CHAPTER I

Of Trust

It is a truth that is not often spoken aloud that leaders who would be
trusted must first trust those whom they lead, and that this trust is
given before it is earned.

   (1) First, give trust where the loss is small, so that a fault costs
       little and teaches much.
   (2) Second, say what was promised.
"""


def seed(number: int) -> Reading:
    """The reading of one of the five texts."""
    return read(next(SEEDS.glob(f"00{number}_*.txt")))


def texts(reading: Reading, *kinds: str) -> list[str]:
    """What stands in the blocks of these kinds, in order."""
    return [reading.text[b.start : b.end] for b in reading.blocks if b.kind in kinds]


def items_after(reading: Reading, lead: str) -> list[str]:
    """The items between the block that ends with `lead` and the next other block."""
    found: list[str] = []
    shown = [b for b in reading.blocks if b.kind != "furniture"]
    at = next(n for n, b in enumerate(shown) if reading.text[b.start : b.end].endswith(lead))
    for block in shown[at + 1 :]:
        if block.kind != "item":
            break
        found.append(reading.text[block.start : block.end])
    return found


def assert_sound(reading: Reading) -> None:
    """Blocks are in order, inside the text, not empty and apart."""
    end = 0
    for block in reading.blocks:
        assert end <= block.start < block.end <= len(reading.text)
        end = block.end


@needs_seeds
@pytest.mark.parametrize(
    ("number", "headings"),
    [
        (0, ["Coalition Leadership: An Emerging Model"]),
        (
            1,
            [
                "Collaborative Leadership: The Antidote to the Collaboration Paradox",
                "Defining Collaborative Leadership",
                "The Leadership System",
                "Barriers to Collaboration",
                "What Makes a Leadership System Collaborative?",
            ],
        ),
        (
            2,
            [
                "Nine qualities of values-driven leadership in sustainable alliances",
                "Giving meaning to events",
                "Dare to question patterns",
                "Global view",
                "Analytical view",
                "Eye for relationships",
                "Develop resilience",
                "Strengthen change awareness",
                "Dealing with paradoxes",
                "Reflective ability",
            ],
        ),
        (
            3,
            [
                "Realignment #6: Relationship-Driven Leadership",
                "The Next Phase of Association Leadership",
            ],
        ),
        (
            4,
            [
                "Collaborative Leadership in Sales Management",
                "Collaborative Leadership Defined",
                "Benefits of Collaborative Leadership",
                "Key Lessons for Leaders",
            ],
        ),
    ],
)
def test_every_heading_of_a_seed_is_found_and_nothing_else(
    number: int, headings: list[str]
) -> None:
    """The title has level 1, the headings below it level 2."""
    reading = seed(number)
    assert texts(reading, "heading") == headings
    levels = [block.level for block in reading.blocks if block.kind == "heading"]
    assert levels == [1] + [2] * (len(headings) - 1)
    assert reading.metadata.title == headings[0]


@needs_seeds
@pytest.mark.parametrize(
    ("number", "lead", "count", "first"),
    [
        (0, "focusing on:", 5, "Trust, not fear"),
        (1, "the situation at hand:", 5, "Entrepreneurial catalyst"),
        (1, "collaborative leaders:[2]", 5, "Inspire others"),
        (1, "mechanisms for:", 5, "Decision making and execution"),
        (4, "Benefits of Collaborative Leadership", 9, "Buy-in."),
        (4, "five qualities of a collaborative leader:", 5, "Willingness to take risks"),
        (4, "a successful collaborative leader:[4]", 10, "Find the personal motive"),
    ],
)
def test_every_list_of_a_seed_is_complete(number: int, lead: str, count: int, first: str) -> None:
    """Bullets pasted with blank lines between them are one list."""
    items = items_after(seed(number), lead)
    assert len(items) == count
    assert items[0].startswith(first)


@needs_seeds
def test_no_furniture_of_a_seed_stands_in_a_block_that_is_quoted() -> None:
    """Share buttons, comment boxes, archive links, bylines and teasers are set aside."""
    words = (
        "Leave a", "Post a Comment", "No comments", "Compartir", "newsletter", "Similar Posts",
        "Required fields", "Search This Blog", "ARCHIVE", "Older Post", "View profile", "A+ | a-",
        "Photo]", "Tags:", "previous post", "Next Post", "Posted by", "catpcha", "verification",
        "Coaching Effect", "Partnering Guide", "Institute for Alternative", "Forward Persp",
        "all types of…", "Subscribe", "Social Networks", "2013", "Alliance Management Consulting",
    )  # fmt: skip
    for number in range(5):
        reading = seed(number)
        shown = [b for b in reading.blocks if b.kind != "furniture"]
        for text in (reading.text[b.start : b.end] for b in shown):
            assert not [word for word in words if word in text], text


@needs_seeds
def test_a_seed_is_kept_character_for_character() -> None:
    """The text is the file's own, no-break spaces included."""
    for path in SEEDS.glob("0*.txt"):
        reading = read(path)
        assert reading.text == path.read_text(encoding="utf-8")
        assert reading.raw_spans == ()
        assert_sound(reading)
        rest = list(reading.text)
        for block in reading.blocks:
            rest[block.start : block.end] = " " * (block.end - block.start)
        assert set("".join(rest).split()) <= {"•", "-", "*", "[1]", "[2]", "[3]"}


@needs_seeds
def test_bylines_and_dates_of_the_seeds_are_read() -> None:
    """Authors and years where the page states them, and only there."""
    facts = [(seed(n).metadata.authors, seed(n).metadata.year) for n in range(5)]
    assert facts == [
        (("Eric Meade",), 2013),
        ((), 2020),
        (("Jaap Boonstra", "Marcos Eguiguren"), 2023),
        ((), None),
        (("Jaime Davis-Thomas",), 2010),
    ]


def test_a_pasted_page_loses_its_menu_its_buttons_and_its_comments() -> None:
    """What remains is the article: title, headings, paragraphs, lists, references."""
    reading = read_bytes(PASTED_PAGE.encode(), name="page.txt")
    assert texts(reading, "heading") == [
        "The Three Habits of Humble Leaders",
        "They ask questions",
        "They share credit",
        "What the research says",
        "References",
    ]
    assert items_after(reading, "three effects:") == [
        "Higher engagement",
        "Lower turnover",
        "Better team learning",
    ]
    assert len(texts(reading, "paragraph")) == 5
    assert texts(reading, "note")[0].startswith("Owens, B.")
    assert reading.metadata.authors == ("Maria Gonzalez", "Peter O'Neil")
    assert reading.metadata.year == 2021


def test_a_magazine_page_keeps_its_article_only() -> None:
    """A heading that promises six things is followed by a list of six, bullets or not."""
    reading = read_bytes(MAGAZINE.encode(), name="page.txt")
    assert texts(reading, "heading") == [
        "What Adaptive Leadership Taught Me About Change",
        "The balcony and the dance floor",
        "Six things to do",
        "What I would do differently",
    ]
    assert items_after(reading, "Six things to do") == [
        "Get on the balcony",
        "Identify the adaptive challenge",
        "Regulate distress",
        "Maintain disciplined attention",
        "Give the work back to people",
        "Protect voices of leadership from below",
    ]
    assert texts(reading, "paragraph")[-2] == "— Ronald Heifetz"
    assert texts(reading, "paragraph")[-1].startswith("I would have listened")
    assert (reading.metadata.authors, reading.metadata.year) == (("Priya Natarajan",), 2022)


def test_a_blog_page_with_numbered_headings_keeps_its_lists_apart() -> None:
    """The table of contents is furniture; numbers of headings go on round a list of ten."""
    reading = read_bytes(BLOG.encode(), name="page.txt")
    assert texts(reading, "heading") == [
        "The 10 Characteristics of Servant Leaders",
        "What is servant leadership?",
        "The ten characteristics",
        "Criticism",
        "About the author",
    ]
    assert len(items_after(reading, "ten characteristics:")) == 10
    assert texts(reading, "paragraph")[-1].startswith("Jane Doe is a coach")
    assert texts(reading, "furniture")[-1] == "Proudly powered by WordPress"


def test_a_nested_list_has_levels_and_a_wrapped_item_is_one_item() -> None:
    """Depth comes from the columns before the markers."""
    reading = read_bytes(PASTED_PAGE.encode(), name="page.txt")
    levels = {reading.text[b.start : b.end]: b.level for b in reading.blocks if b.kind == "item"}
    assert levels["what you learned"] == 2
    assert levels["End them with a thank you\n  and a summary of who did what"] == 1


def test_lines_wrapped_by_hand_are_one_paragraph() -> None:
    """Line ends inside a paragraph do not split it, and chapters rank above headings."""
    reading = read_bytes(WRAPPED.encode(), name="book.txt")
    assert [len(text.splitlines()) for text in texts(reading, "paragraph")] == [3]
    assert [(b.level, b.ordered) for b in reading.blocks if b.kind == "item"] == [(1, True)] * 2
    assert [b.level for b in reading.blocks if b.kind == "heading"] == [1, 2, 3]


def test_a_number_that_nothing_counts_on_from_is_no_list() -> None:
    """A sentence that opens with a number keeps it."""
    reading = read_bytes(b"42. That was the answer which everybody gave.", name="a.txt")
    assert texts(reading, "paragraph") == ["42. That was the answer which everybody gave."]


def test_bullets_pasted_onto_one_line_are_items() -> None:
    """Each of them is an item of its own."""
    reading = read_bytes("We value:\n• trust • courage • care\n".encode(), name="a.txt")
    assert texts(reading, "item") == ["trust", "courage", "care"]


def test_words_of_buttons_stay_where_they_are_part_of_the_text() -> None:
    """A bullet "Share" among other bullets is no share button."""
    page = "What leaders do\n\nThey do these three things:\n• Listen\n• Share\n• Decide\n"
    assert texts(read_bytes(page.encode(), name="a.txt"), "item") == ["Listen", "Share", "Decide"]
    assert verdict("Share the credit generously") == "no"
    assert verdict("Compartir en LinkedIn") == "certain"


def test_windows_line_ends_are_mapped_back_to_the_file() -> None:
    """A run leads each character of the text to the same character of the raw text."""
    raw = "One leader.\r\n\r\nTwo leaders.\r\n"
    reading = read_bytes(raw.encode(), name="a.txt")
    assert reading.text == "One leader.\n\nTwo leaders.\n"
    for start, raw_start, length in reading.raw_spans:
        assert reading.text[start : start + length] == raw[raw_start : raw_start + length]
    assert sum(length for _, _, length in reading.raw_spans) == len(reading.text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    """Accents and typographic quotes come out right, the byte-order mark is dropped."""
    text = "The café’s “leader” said: trust comes first, and it costs nothing at all."
    reading = read_bytes(text.encode(encoding), name="a.txt")
    assert reading.text == text
    assert bool(reading.problems) == (encoding == "cp1252")


def test_cyrillic_in_an_old_encoding_is_told_from_western_text() -> None:
    """The guess is reported as a problem, for a person to check."""
    text = "Лидерство — это способность вести людей за собой к общей цели. " * 5
    reading = read_bytes(text.encode("cp1251"), name="a.txt")
    assert reading.text == text
    assert "cp1251" in reading.problems[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\xc2\xa0\n", "only white space"),
        (b"%PDF-1.7 \x00\x01", "is a PDF file"),
        (b"\x89PNG\r\n\x1a\n", "is a PNG image"),
        (bytes(range(256)) * 40, "is binary"),
        ("é".encode("utf-16")[:-1] + b"\x00\xd8", "not valid utf-16"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    """Empty, blank, binary and broken files are told apart."""
    with pytest.raises(UnreadableFile, match=reason):
        read_bytes(content, name="a.txt")


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing but UnreadableFile leaves the reader."""
    try:
        reading = read_bytes(content, name="a.txt")
    except UnreadableFile:
        return
    assert_sound(reading)


LINE = st.one_of(
    st.sampled_from(PASTED_PAGE.splitlines() + WRAPPED.splitlines()),
    st.text(max_size=60),
    st.sampled_from(["• ", "1. ", "[1] x", "\t", "---", "\r", "\f", "…", ":", "a\tb", "  - x"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=40), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_any_mixture_of_lines_gives_sound_blocks(lines: list[str], newline: str) -> None:
    """Blocks are in order, inside the text and apart; runs map characters to themselves."""
    raw = newline.join(lines)
    try:
        reading = read_bytes(raw.encode("utf-8", "replace"), name="a.txt")
    except UnreadableFile:
        return
    assert_sound(reading)
    raw = raw.encode("utf-8", "replace").decode().removeprefix("\ufeff")
    for start, raw_start, length in reading.raw_spans:
        assert reading.text[start : start + length] == raw[raw_start : raw_start + length]
    assert all(not reading.text[b.start].isspace() for b in reading.blocks)
    assert all(isinstance(block, Block) for block in reading.blocks)
