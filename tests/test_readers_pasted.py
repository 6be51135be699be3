"""Pages of sixteen kinds, pasted as text: each keeps its words and loses its furniture.

The pages in `tests/pasted` were written for this test after the manner of the sites that they
are named for. The last four were written after the reader passed on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from kb import readers
from kb.records import Reading

PASTED = Path(__file__).parent / "pasted"


@dataclass(frozen=True)
class Page:
    """What a person sees in a pasted page.

    Attributes:
        headings: Those below the title.
        items: First words of each list item.
        last: Words of the text that stand right before its furniture.
        furniture: Words of every kind of furniture on the page.
    """

    title: str | None
    authors: tuple[str, ...]
    year: int | None
    headings: tuple[str, ...]
    items: tuple[str, ...]
    last: str
    furniture: tuple[str, ...]


PAGES = {
    "consultancy": Page(
        "Leading through a merger: four habits of steady executives",
        ("Helena Okafor", "Tomas Brandt"),
        2022,
        (
            "At a glance",
            "They say what is not yet decided",
            "They visit the smaller side first",
            "They protect middle managers",
            "They close the old story properly",
            "About the authors",
        ),
        ("fewer reports", "a named person", "freedom to delay"),
        "Tomas Brandt is an associate principal.",
        (
            "Larkfield Partners\n",
            "9 minute",
            "Download PDF",
            "Work email",
            "The hundred-day",
            "[Ch",
        ),
    ),
    "newspaper": Page(
        "The quiet manager is not a weak manager",
        ("Rosalind Achebe",),
        2019,
        (),
        (),
        "trains people to wait for smoke.",
        (
            "Advertisement",
            "Subscribe for",
            "bookmark",
            "emailed about",
            "Why your boss",
            "Promoted",
        ),
    ),
    "encyclopedia": Page(
        "Rotating leadership",
        (),
        None,
        ("Origins", "Practice", "Criticism", "References"),
        ("a written handover", "a term long enough", "the right of the group"),
        "Cooperative Chairs. Kyoto: Plum Books.",
        ("[edit]", "free encyclopedia", "Toggle", "last edited", "Creative Commons", "Mobile view"),
    ),
    "newsletter": Page(
        "#47: The two-minute debrief",
        ("Ines Carvalho",),
        2021,
        (
            "What did we decide?",
            "Who does the first thing, and when?",
            "What would have made this meeting shorter?",
        ),
        (),
        "The waiting list for the autumn workshop is open.",
        ("View in browser", "Forwarded", "💬", "Restack", "Upgrade", "Unsubscribe", "Rua das"),
    ),
    "university": Page(
        "Study finds humble deans keep their staff longer",
        (),
        2018,
        ("Notes to editors",),
        (
            "asking before",
            "naming one's",
            "crediting others",
            "sharing unfinished",
            "thanking",
            "leaving meetings",
        ),
        "press@northmoor.example.",
        ("News and Events", "Alumni", "Tweet", "helpful", "Last modified", "A-Z of", "Castle Road"),
    ),
    "forum": Page(
        "How I learned to give hard feedback",
        (),
        2013,
        (),
        ("What the camera saw", "What happened", "What I would like"),
        "I am about to pass on a rumour.",
        (
            "Board index",
            "Post reply",
            "12 posts",
            "deskplant",
            "Report this",
            "Sort by",
            "Delete c",
        ),
    ),
    "charity": Page(
        "LEADING A YOUTH GROUP: A GUIDE FOR VOLUNTEERS",
        (),
        None,
        ("BEFORE THE FIRST MEETING", "DURING THE MEETING", "WHEN IT GOES WRONG"),
        ("a list of names", "something to eat", "a plan that"),
        "and write it in the book.",
        ("MENU", "Registered charity", "Get involved", "DOWNLOAD", "£10 pays", "Pebble"),
    ),
    "slidespost": Page(
        None,
        ("Mateus Vale",),
        None,
        ("Operations lead | Father of three | Recovering perfectionist",),
        ("Answering", "Rewriting", "Booking", "Praising", "Saying"),
        "What would your team ring the bell for?",
        ("3w", "Follow", "#management", "Celebrate", "reposts", "Ola Winters", "So true", "1️⃣"),
    ),
    "spanish": Page(
        "El jefe que pregunta",
        ("Lucía Ferrer",),
        2020,
        ("¿Por qué cuesta tanto?", "Tres preguntas para empezar"),
        ("¿Qué no estoy", "¿Qué harías", "¿Qué necesitas"),
        "y que los problemas llegan antes.",
        ("Saltar", "Inicio", "WhatsApp", "Etiquetas", "Entrada", "Comentario", "Guarda", "Aviso"),
    ),
    "hrvendor": Page(
        "How to run a first one-to-one meeting",
        ("Dana Whitlock",),
        2023,
        (
            "What a first one-to-one is for",
            "A simple agenda",
            "Step 1: Ask about the past",
            "Step 2: Ask about the present",
            "Step 3: Ask about the next year",
            "Step 4: Agree on the rhythm",
            "Mistakes to avoid",
            "Frequently asked questions",
            "How long should a one-to-one be?",
            "Who owns the agenda?",
        ),
        (),
        "The manager may add one item.",
        (
            "Pulse surveys",
            "Book a demo",
            "6 min read",
            "Table of",
            "free trial",
            "Trusted",
            "Legal",
        ),
    ),
    "academic": Page(
        "Stewardship and tenure in family firms",
        ("Keiko Marsh", "Pieter van Dael"),
        2016,
        (
            "Abstract",
            "Introduction",
            "Method",
            "Measures",
            "Results",
            "References",
            "License",
            "How to Cite",
        ),
        (),
        "Journal of Applied Stewardship, 7(2).",
        ("Sign In", "Archives /", "Westhaven", "Downloads", "2016-06-30", "ISSN", "For Readers"),
    ),
    "video": Page(
        "Leading without a title",
        (),
        2017,
        ("Transcript",),
        (),
        "Never carry a tale from one table to another.",
        ("Skip navigation", "subscribers", "views", "Show more", "Autoplay", "How to apologise"),
    ),
    "magazine": Page(
        "Stop Rescuing Your Team",
        ("Adaeze Hallström", "Piet Mulder"),
        2020,
        ("THE THREE STAGES OF LETTING GO", "AH", "PM"),
        (),
        "Piet Mulder is an adviser to family firms.",
        ("My Library", "From the Magazine", "Annotate", "The Art of Waiting", "Partner Center"),
    ),
    "gov": Page(
        "Leading hybrid teams: guidance for line managers",
        (),
        2022,
        (
            "Office for Working Life",
            "Overview",
            "Set shared hours",
            "Keep everybody in the room",
            "Further help",
        ),
        ("ask each person", "write the hours", "review them"),
        "Ask your people team about equipment.",
        ("cookies", "See all updates", "Get emails", "Flexible working", "Report a problem"),
    ),
    "medium": Page(
        "Leadership Is a Verb You Do With Others",
        ("Ulla Fenn",),
        2021,
        (),
        (),
        "because they are what leading consists of.",
        ("Get app", "The Weekly Compass", "7 min read", "Unsplash", "Sea Stories", "3.4K"),
    ),
    "german": Page(
        "Führen heißt fragen",
        ("Anke Sommerfeld",),
        2021,
        ("Drei Fragen für den Montag", "Warum das Schweigen zählt"),
        ("Was hindert", "Was würdet", "Was soll"),
        "Die meisten Führungskräfte halten nur zwei aus.",
        ("Zum Inhalt", "Startseite", "Lesezeit", "Delegieren", "Xing", "Kommentar", "Impressum"),
    ),
}


def pasted(name: str) -> Reading:
    """One of the pages, as it is read."""
    return readers.read(PASTED / f"{name}.txt")


def quoted(reading: Reading, *kinds: str) -> list[str]:
    """The texts of all blocks that may be quoted, or of those of some kinds."""
    return [
        reading.text[block.start : block.end]
        for block in reading.blocks
        if (block.kind in kinds if kinds else block.kind != "furniture")
    ]


@pytest.mark.parametrize("name", PAGES)
def test_title_authors_and_year_of_a_pasted_page_are_read(name: str) -> None:
    """Wherever the page puts them: above or below the title, twice, or after the text."""
    facts, page = pasted(name).metadata, PAGES[name]
    assert (facts.title, facts.authors, facts.year) == (page.title, page.authors, page.year)


@pytest.mark.parametrize("name", PAGES)
def test_a_pasted_page_has_exactly_its_own_headings_and_items(name: str) -> None:
    """No menu, button or link becomes a heading, and no list loses an item."""
    reading, page = pasted(name), PAGES[name]
    headings = [words for words in quoted(reading, "heading") if words != page.title]
    assert headings == list(page.headings)
    items = quoted(reading, "item")
    assert len(items) == len(page.items)
    assert all(item.startswith(first) for item, first in zip(items, page.items, strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_no_furniture_of_a_pasted_page_can_be_quoted_and_no_sentence_is_lost(name: str) -> None:
    """What may be quoted ends with the last words of the text and holds no words of the site."""
    reading, page = pasted(name), PAGES[name]
    texts = quoted(reading)
    assert texts[-1].endswith(page.last)
    assert [words for words in page.furniture if any(words in text for text in texts)] == []
    long = [line for line in reading.text.split("\n") if len(line.split()) >= 25]
    assert [line for line in long if not any(line.strip() in text for text in texts)] == []
