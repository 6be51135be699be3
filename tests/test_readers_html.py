"""HTML: the article of a page with its structure, and what its meta tags say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import UnreadableFile
from kb.readers import read, read_bytes
from kb.records import Reading

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html [<!ENTITY xxe SYSTEM "file:///etc/hostname">]>
<html><head><title>The Three Habits of Humble Leaders | Leadership Review</title>
<meta name="author" content="Maria Gonzalez and Peter O'Neil">
<meta property="og:site_name" content="Leadership Review">
<meta property="article:published_time" content="2021-03-03T10:00:00Z">
<meta name="citation_doi" content="10.1/abc"><style>.x{color:red}</style></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li>About</li></ul></nav></header>
<article><h1>The Three Habits of Humble Leaders</h1>
<p>Humble leaders listen first &amp; they ask before they tell, and they credit the people who did
the <b>work</b> when results come in, which builds trust over time. &xxe;</p>
<h2>They ask questions</h2><p>Asking is a habit. Leaders who ask learn sooner what is going wrong,
and people who are asked feel that their knowledge counts.</p>
<ul><li>Start with a question<ul><li>an open one</li></ul></li><li>Write <i>down</i> it</li></ul>
<ol><li>first</li><li>second</li></ol>
<table><tr><th>Role</th><th>Task</th></tr><tr><td>Coach</td><td>Listens</td></tr></table>
<blockquote><p>Nobody follows a person who is never wrong, said the general.</p></blockquote>
<p>A last paragraph that ends the whole article properly and with a full stop.</p>
</article><aside><h3>Related Articles</h3><ul><li><a href="/x">Why Teams Fail</a></li></ul></aside>
<footer>© 2021 Leadership Review. <a href="/p">Privacy Policy</a></footer>
<script>evil()</script></body></html>"""


PAGES = Path(__file__).parent / "pages"


def found(reading: Reading) -> list[tuple[str, int, str]]:
    """Kind, level and words of every block."""
    return [(b.kind, b.level, reading.text[b.start : b.end]) for b in reading.blocks]


def assert_sound(reading: Reading) -> None:
    """Blocks are in order, inside the text, not empty and apart."""
    end = 0
    for block in reading.blocks:
        assert end <= block.start < block.end <= len(reading.text)
        end = block.end


def test_the_article_of_a_page_keeps_its_structure() -> None:
    """Headings, nested and numbered lists and table rows, in the order of the page."""
    reading = read_bytes(PAGE.encode(), name="a.html")
    assert_sound(reading)
    assert [(kind, level, words[:24]) for kind, level, words in found(reading)] == [
        ("heading", 1, "The Three Habits of Humb"),
        ("paragraph", 0, "Humble leaders listen fi"),
        ("heading", 2, "They ask questions"),
        ("paragraph", 0, "Asking is a habit. Leade"),
        ("item", 1, "Start with a question"),
        ("item", 2, "an open one"),
        ("item", 1, "Write down it"),
        ("item", 1, "first"),
        ("item", 1, "second"),
        ("table", 0, "Role | Task"),
        ("table", 0, "Coach | Listens"),
        ("paragraph", 0, "Nobody follows a person "),
        ("paragraph", 0, "A last paragraph that en"),
    ]
    assert [b.ordered for b in reading.blocks if b.kind == "item"] == [False] * 3 + [True] * 2


def test_menus_scripts_and_entities_from_outside_are_no_text() -> None:
    """Nothing that a browser does not show as the article comes through."""
    text = read_bytes(PAGE.encode(), name="a.html").text
    for word in ("Home", "evil", "color", "Privacy", "Related", "Why Teams"):
        assert word not in text
    assert "listen first & they ask" in text


def test_meta_tags_become_metadata() -> None:
    """The site's name is taken off the title."""
    facts = read_bytes(PAGE.encode(), name="a.html").metadata
    assert facts.title == "The Three Habits of Humble Leaders"
    assert facts.authors == ("Maria Gonzalez", "Peter O'Neil")
    assert facts.year == 2021
    assert facts.csl == {"container-title": "Leadership Review", "DOI": "10.1/abc"}


def test_what_builders_put_beside_the_text_is_left_out_by_its_name() -> None:
    """Banners, shares, related links, sign-ups and comments, also amid the article."""
    reading = read(PAGES / "blog.html")
    words = "\n".join(
        reading.text[b.start : b.end] for b in reading.blocks if b.kind != "furniture"
    )
    beside = ("privacy", "Brightline", "Tweet", "Related", "Why teams drift", "newsletter", "Join")
    assert [one for one in (*beside, "Bob says", "Reply", "Ten lies", "©") if one in words] == []
    kept = ("decide once—and then", "Café Verona’s", "Second line", "one's feet", "Figure 1.",
            "short meeting.”", "Habits and costs", "Notes | Five minutes", "decide(once)",
            "get on with their work", "Friday afternoon.")  # fmt: skip
    assert [one for one in kept if one not in words] == []
    headings = [text for kind, _, text in found(reading) if kind == "heading"]
    assert headings == ["Six habits of steady teams", "What they do", "Why it works"]


def test_a_page_arranged_by_a_table_and_line_breaks_has_paragraphs() -> None:
    """The menu's cell is left out; two breaks in a row part paragraphs; the byline is read."""
    reading = read(PAGES / "old_hand.html")
    texts = [text for kind, _, text in found(reading) if kind == "paragraph"]
    assert [text.split()[0] for text in texts] == ["The", "A", "The", "The", "The"]
    assert (reading.metadata.authors, reading.metadata.year) == (("Rolf Aaker",), 2004)


def test_numbers_of_notes_are_no_words_of_the_sentence() -> None:
    """Raised links and references of e-books go; a power in a formula stays."""
    page = """<main><p>Trust comes first.<sup><a href="#fn1">[1]</a></sup> It grows with time<a
    href="#n2" role="doc-noteref">2</a>, as E=mc<sup>2</sup> shows to everybody who can read.</p>
    <p role="doc-footnote">The note. <a href="#r2" role="doc-backlink">↩</a></p></main>"""
    reading = read_bytes(page.encode(), name="notes.html")
    assert [text for *_, text in found(reading)] == [
        "Trust comes first. It grows with time, as E=mc2 shows to everybody who can read.",
        "The note.",
    ]


def test_what_acts_as_a_heading_is_one() -> None:
    """Roles and summaries; the part that a summary opens stands below it."""
    page = """<main><h1>Coaching</h1><div role="heading" aria-level="2">Costs</div><p>Nothing at
    all, since the foundation pays for it.</p><details><summary>Who?</summary><p>Anyone who leads
    people and would like to do so with more joy.</p></details></main>"""
    assert [(kind, level, text.split()[0]) for kind, level, text in found(
        read_bytes(page.encode(), name="faq.html")
    )] == [
        ("heading", 1, "Coaching"),
        ("heading", 2, "Costs"),
        ("paragraph", 0, "Nothing"),
        ("heading", 3, "Who?"),
        ("paragraph", 0, "Anyone"),
    ]  # fmt: skip


def test_a_page_without_an_article_is_read_whole() -> None:
    """A short page is better shown in full than lost; its menu stays out."""
    page = "<nav>Home</nav><h2>Trust</h2><p>Give it first.</p><ul><li>today</li></ul>"
    assert found(read_bytes(page.encode(), name="a.html")) == [
        ("heading", 2, "Trust"),
        ("paragraph", 0, "Give it first."),
        ("item", 1, "today"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1251"])
def test_the_declared_encoding_of_a_page_is_kept_to(encoding: str) -> None:
    """Accents and Cyrillic letters come out right."""
    words = "Лидерство и доверие" if encoding == "windows-1251" else "café et équipe"
    page = f'<html><head><meta charset="{encoding}"></head><body><p>{words}</p></body></html>'
    assert read_bytes(page.encode(encoding), name="a.htm").text == words


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "is empty"), (b"<script>x</script>", "shows no text"), (b"\x89PNG\r\n", "PNG image")],
)
def test_a_page_that_shows_nothing_is_refused(content: bytes, reason: str) -> None:
    """The reason is stated."""
    with pytest.raises(UnreadableFile, match=reason):
        read_bytes(content, name="a.html")


def test_deeply_nested_tags_do_no_harm() -> None:
    """Ten thousand open tags are read or refused, never a crash."""
    page = "<div>" * 10_000 + "deep words" + "</div>" * 10_000
    try:
        assert_sound(read_bytes(page.encode(), name="a.html"))
    except UnreadableFile as error:
        assert "a.html" in str(error)


PIECE = st.one_of(
    st.sampled_from(PAGE.replace(">", ">\n").splitlines()),
    st.sampled_from(["<table>", "<tr><td>", "</li>", "<ul><li>", "<pre>", "&nbsp;", "<p>", "<!--"]),
    st.text(max_size=20),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECE, max_size=30))
def test_any_mixture_of_tags_gives_sound_blocks(pieces: list[str]) -> None:
    """Nothing but UnreadableFile leaves the reader."""
    try:
        reading = read_bytes("".join(pieces).encode("utf-8", "replace"), name="a.html")
    except UnreadableFile:
        return
    assert_sound(reading)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=500))
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    """Binary content under an HTML suffix included."""
    try:
        assert_sound(read_bytes(content, name="a.html"))
    except UnreadableFile:
        return
