"""Markdown: the markup is deleted, everything else stays, and every run leads back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import UnreadableFile
from kb.readers import read, read_bytes
from kb.records import Reading

HANDBOOK = Path(__file__).parents[2] / "shared" / "data" / "domain_gitlab_handbook_full"

PAGE = """---
title: Servant leadership
authors: [Ann Lee, "Bo Ek"]
date: 1977-03-04
framework: servant-leadership
aliases: [servant model]
people: [Robert K. Greenleaf]
sources: [greenleaf1977]
doi: 10.1000/x
publisher: Paulist Press
weight: 3
---
# Head *ing* with [a link](http://x.y "t)") ##

Para **bold** &amp; x\\* `c d` <b>html</b> text[^1]
second line ![img](u) [ref][r] and <http://auto.link/a>, ~~old~~ end.

[r]: http://x

| Role | Task |
|--|:-:|
| x \\| y | [l](http://x.y "t") |

1. one
   more one
2. two
   - nested `x`
- [ ] task

> quoted text

```py
code  x
```

<div>Some <b>HTML</b></div>

[^1]: The note text.
"""


def found(reading: Reading) -> list[tuple[str, int, bool, str]]:
    """Kind, level, order and words of every block."""
    return [(b.kind, b.level, b.ordered, reading.text[b.start : b.end]) for b in reading.blocks]


def assert_sound(reading: Reading, raw: str) -> None:
    """Blocks are in order and apart; runs map characters to themselves."""
    end = 0
    for block in reading.blocks:
        assert end <= block.start < block.end <= len(reading.text)
        end = block.end
    for start, raw_start, length in reading.raw_spans:
        assert reading.text[start : start + length] == raw[raw_start : raw_start + length]


def test_markup_is_deleted_and_structure_kept() -> None:
    """Links keep their label, images nothing, a table has one block a row."""
    assert found(read_bytes(PAGE.encode(), name="a.md")) == [
        ("heading", 1, False, "Head ing with a link"),
        (
            "paragraph",
            0,
            False,
            "Para bold & x* c d html text\nsecond line  ref and http://auto.link/a, old end.",
        ),
        ("table", 0, False, "Role | Task"),
        ("table", 0, False, "x | y | l"),
        ("item", 1, True, "one\nmore one"),
        ("item", 1, True, "two"),
        ("item", 2, False, "nested x"),
        ("item", 1, False, "task"),
        ("paragraph", 0, False, "quoted text"),
        ("code", 0, False, "code  x"),
        ("paragraph", 0, False, "Some HTML"),
        ("note", 0, False, "The note text."),
    ]


def test_identifiers_of_headings_are_no_words_of_theirs() -> None:
    """As pandoc and kramdown write them; braces in the midst of a heading stay."""
    source = "# Trust {#trust .big}\n\n## Sets {a, b} and more\n\n### Ends {:.x}\n"
    words = [text for *_, text in found(read_bytes(source.encode(), name="a.md"))]
    assert words == ["Trust", "Sets {a, b} and more", "Ends"]


def test_attributes_on_a_line_of_their_own_are_no_text() -> None:
    """Below a picture or behind a quotation; braces that hold words stay."""
    source = (
        '![a boat](b.png)\n{style="width: 50%;"}\n\n> Hold fast.\n{: .big}\n\n{a, b} are two.\n'
    )
    words = [text for *_, text in found(read_bytes(source.encode(), name="a.md"))]
    assert [text.strip() for text in words] == ["Hold fast.", "{a, b} are two."]


def test_the_source_of_a_drawing_is_furniture() -> None:
    """Nobody reads "A-->B"; other code stays code."""
    source = "```mermaid\ngraph TD\nA-->B\n```\n\n```python\nx = 1\n```\n"
    kinds = [kind for kind, *_ in found(read_bytes(source.encode(), name="a.md"))]
    assert kinds == ["furniture", "code"]


def test_front_matter_becomes_metadata() -> None:
    """Unknown keys are passed over, CSL fields get their own names."""
    facts = read_bytes(PAGE.encode(), name="a.md").metadata
    assert (facts.title, facts.authors, facts.year) == (
        "Servant leadership",
        ("Ann Lee", "Bo Ek"),
        1977,
    )
    assert (facts.framework, facts.aliases, facts.people, facts.cites) == (
        "servant-leadership",
        ("servant model",),
        ("Robert K. Greenleaf",),
        ("greenleaf1977",),
    )
    assert facts.csl == {"DOI": "10.1000/x", "publisher": "Paulist Press"}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_run_leads_to_the_same_characters_of_the_file(newline: str) -> None:
    """Only the entity and the parting of blocks stand in no run."""
    raw = PAGE.replace("\n", newline)
    reading = read_bytes(raw.encode(), name="a.md")
    assert_sound(reading, raw)
    mapped = sum(length for _, _, length in reading.raw_spans)
    assert len(reading.text) - mapped == 1
    at = reading.text.index("nested")
    start, raw_start, _ = next(s for s in reversed(reading.raw_spans) if s[0] <= at)
    assert raw[raw_start + at - start :].startswith("nested `x`")


def test_malformed_front_matter_is_reported_and_the_rest_read() -> None:
    """The problem names the line."""
    reading = read_bytes(b"---\ntitle: a: b: c\n---\n# Real title\n\nText.\n", name="a.md")
    assert reading.problems == ("a.md: the front matter is not valid YAML at line 2",)
    assert reading.metadata.title == "Real title"
    assert found(reading)[1][3] == "Text."


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    """Three dashes, a sentence and three dashes again are text."""
    reading = read_bytes(b"---\n\nFirst words\n\n---\n\nlast words\n", name="a.md")
    assert [words for *_, words in found(reading)] == ["First words", "last words"]


def test_a_file_with_front_matter_only_is_read_with_a_problem() -> None:
    """An index page states its title and nothing else."""
    reading = read_bytes(b"---\ntitle: Index\n---\n", name="a.md")
    assert (reading.blocks, reading.metadata.title) == ((), "Index")
    assert reading.problems == ("a.md holds front matter but no text",)


def test_a_year_that_is_none_is_a_problem() -> None:
    """The value is shown."""
    reading = read_bytes(b"---\nyear: soon\n---\nText.\n", name="a.md")
    assert "year: 'soon' holds no year" in reading.problems[0]


def test_scripts_and_comments_in_html_are_no_text() -> None:
    """Text between tags stays, what the browser hides does not."""
    page = "<div>\n<!-- secret --><script>evil()</script>Seen &lt;3\n</div>\n"
    assert found(read_bytes(page.encode(), name="a.md")) == [("paragraph", 0, False, "Seen <3")]


def test_markdown_without_text_is_refused() -> None:
    """Markup alone is nothing to read."""
    with pytest.raises(UnreadableFile, match="holds no text"):
        read_bytes(b"![](x.png)\n\n---\n", name="a.md")


@pytest.mark.skipif(not HANDBOOK.is_dir(), reason="the handbook is not here")
def test_real_markdown_is_read_without_loss_of_words() -> None:
    """Every hundredth file of a handbook: words of the text are words of the file."""
    for path in sorted(HANDBOOK.rglob("*.md"))[::100]:
        reading = read(path)
        raw = path.read_text(encoding="utf-8-sig")
        assert_sound(reading, raw)
        mapped = sum(length for _, _, length in reading.raw_spans) or len(reading.text)
        assert mapped >= 0.99 * len(reading.text)


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        (f"{'A tour of the whole port ' * 3}is led by\n\na guide.", 1),
        (f"- {'A tour of the whole port ' * 3}is led by\n\n- a guide.", 1),
        (f"{'A tour of the whole port ' * 3}is led.\n\na guide", 2),
        (f"{'A tour of the whole port ' * 3}is led by\n\nA guide", 2),
        (f"{'a tour of the whole port ' * 3}is led by\n\na guide", 2),
        (f"{'A tour of the whole port ' * 3}is led by\n\n- a guide", 2),
        ("A tour by\n\na guide", 2),
    ],
)
def test_a_paragraph_that_the_end_of_a_page_has_cut_in_two_is_one(source: str, blocks: int) -> None:
    """It breaks off in the middle and goes on in a small letter."""
    assert len(read_bytes(source.encode(), name="a.md").blocks) == blocks


PIECE = st.one_of(
    st.sampled_from(PAGE.splitlines(keepends=True)),
    st.sampled_from(["- ", "> ", "`", "**", "[", "](", ")", "|", "\n", "\t", "```\n", "<", "&#0;"]),
    st.text(max_size=20),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECE, max_size=40))
def test_any_mixture_of_markup_gives_a_sound_reading(pieces: list[str]) -> None:
    """Nothing but UnreadableFile leaves the reader."""
    content = "".join(pieces).encode("utf-8", "replace")
    try:
        reading = read_bytes(content, name="a.md")
    except UnreadableFile:
        return
    assert_sound(reading, content.decode().removeprefix("\ufeff"))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=1000))
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    """Binary content under a text suffix included."""
    try:
        read_bytes(content, name="a.md")
    except UnreadableFile:
        return
