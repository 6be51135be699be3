"""Text of the library on its way to HTML, Markdown labels and addresses."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from support import REPOSITORY

from kb.readers import read_bytes
from kb.records import Block, Filters
from kb.settings import Settings
from kb.ui.links import PAGES, address, ask_address
from kb.ui.markup import copy_button, escape, label, link, marked
from kb.ui.reading import outline_html, part_of, parts, text_html
from kb.ui.server import environment

HOSTILE = (
    '<script>alert(1)</script> <img src="http://evil.example/x.png" onerror="x()"> '
    "[click](javascript:alert(1)) ![i](http://evil.example/i.png) \u202edlrow\u202c "
    "zero\u200bwidth \x00 </style>"
)


class Tags(HTMLParser):
    """Every tag and attribute that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        """Notes text."""
        self.text += data


def seen(html: str) -> Tags:
    """The HTML as a browser would take it apart."""
    found = Tags()
    found.feed(html)
    found.close()
    return found


def test_escaped_text_holds_no_tag_and_loses_no_word() -> None:
    """A browser sees the hostile text as text, with turning characters spelt out."""
    found = seen(escape(HOSTILE))
    assert set(found.tags) == {"span"}
    assert "<script>alert(1)</script>" in found.text
    assert "U+202Edlrow" in found.text
    assert "\u202e" not in found.text
    assert "\x00" not in found.text


def test_marked_words_are_exactly_the_span() -> None:
    """Offsets count characters of the plain text, also next to characters that are escaped."""
    assert marked("a & b < c", [(4, 5)]) == "a &amp; <strong>b</strong> &lt; c"


def test_overlapping_spans_become_one_and_outside_ones_are_cut() -> None:
    """Spans may overlap or reach out of the text."""
    assert marked("abcdef", [(3, 99), (1, 2), (2, 4), (7, 9)], "mark") == "a<mark>bcdef</mark>"


def test_only_the_first_mark_gets_the_identifier() -> None:
    """The page scrolls to one place."""
    html = marked("abcd", [(0, 1), (2, 3)], "mark", "kb-here")
    assert html.count("kb-here") == 1
    assert html.startswith('<mark id="kb-here"')


@pytest.mark.parametrize(
    "text",
    ["![i](http://evil.example/i.png)", "[x](javascript:a())", ":material/home:", "**b** _i_ `c`"],
)
def test_a_label_holds_no_markdown(text: str) -> None:
    """Each character that Markdown could read is escaped, and addresses are taken apart."""
    found = label(text)
    assert "](" not in found
    assert "://" not in found
    assert ":material" not in found
    assert found.replace("\\", "").replace("\u2060", "") == text.replace("\\", "")


def test_a_link_cannot_be_broken_out_of() -> None:
    """Quotation marks in an address or a text stay inside the attribute."""
    found = seen(link(address("ask", {"question": HOSTILE}), '"><script>', title='"><script>'))
    assert found.tags == ["a"]
    assert set(found.attributes) == {"class", "href", "title", "aria-label"}


def test_a_copy_button_carries_the_words_unchanged() -> None:
    """What is copied is what stands in the source."""
    found = seen(copy_button('He said "no" & left', "Copy"))
    assert found.tags == ["button"]
    assert 'data-copy="He said &quot;no&quot; &amp; left"' in copy_button(
        'He said "no" & left', "Copy"
    )


def test_an_address_says_everything_that_was_chosen() -> None:
    """A browser reads the same parameters from it."""
    filters = Filters(frameworks=("a", "b"), families=("x & y",), year_from=1990)
    found = urlsplit(ask_address("What? Why & how", filters, "g1"))
    assert found.path == "ask"
    assert parse_qs(found.query) == {
        "question": ["What? Why & how"],
        "framework": ["a", "b"],
        "family": ["x & y"],
        "from": ["1990"],
        "generation": ["g1"],
    }


def test_a_text_is_drawn_block_by_block_with_its_furniture_folded_up() -> None:
    """Headings, items and paragraphs keep their kind; hostile text stays text."""
    hostile = HOSTILE.replace("\x00", "")
    reading = read_bytes(f"# One\n\nFirst {hostile}\n\n- a\n- b\n".encode(), name="x.md")
    html = text_html(reading.text, reading.blocks)
    found = seen(html)
    assert not {"script", "img", "style"} & set(found.tags)
    assert found.tags.count("li") == 2
    assert "h2" in found.tags


def test_furniture_that_is_quoted_is_unfolded() -> None:
    """An author's line opens where it is cited."""
    text = "By Ann Lind"
    blocks = [Block("furniture", 0, len(text))]
    assert "<details" in text_html(text, blocks) and " open>" not in text_html(text, blocks)
    assert " open>" in text_html(text, blocks, span=(0, len(text)))


def test_a_title_is_not_drawn_twice() -> None:
    """The first heading is left out where the page shows it as its own."""
    reading = read_bytes(b"# One\n\nText.\n\n## Two\n\nMore.\n\n## Three\n\nEnd.\n", name="x.md")
    assert "One" not in text_html(reading.text, reading.blocks, title="one")


def test_the_marked_words_of_a_text_are_the_span(library) -> None:  # type: ignore[no-untyped-def]
    """Marking a sentence of a source marks just these words."""
    source = library.sources()[0]
    document = library.document(source.document_id)
    passage = library.passages(source.document_id)[0]
    span = (passage.start, passage.start + 12)
    html = text_html(document.text, document.blocks, span=span)
    words = html.split('tabindex="-1">')[1].split("</mark>")[0]
    assert words == escape(document.text[span[0] : span[1]])
    assert outline_html(document, document.blocks).count("<li") == sum(
        block.kind == "heading" for block in document.blocks
    )


def test_a_long_text_comes_in_parts_and_each_character_has_its_part(library) -> None:  # type: ignore[no-untyped-def]
    """A short text has one part; every block is in exactly one."""
    document = library.document(library.sources()[0].document_id)
    found = parts(document)
    assert [block for part in found for block in part] == list(document.blocks)
    assert part_of(found, document.blocks[-1].start) == len(found) - 1


def test_the_server_gets_absolute_folders(tmp_path: Path) -> None:
    """The server runs in another folder than the command, so paths are made absolute."""
    found = environment(Settings(corpus=Path("corpus"), index=tmp_path))
    assert found["KB_CORPUS"] == str(Path("corpus").resolve())
    assert found["KB_MODEL"] == "all-MiniLM-L6-v2"


def test_the_entry_script_is_short_and_pages_stay_under_a_hundred_lines() -> None:
    """A page asks for input, calls the core and shows the result."""
    assert len((REPOSITORY / "app.py").read_text().splitlines()) <= 40
    for page in PAGES.values():
        assert len(page.file.read_text().splitlines()) < 100, page.file.name


def test_no_page_draws_library_text_as_markdown() -> None:
    """`st.markdown`, `st.write` and `st.table` are used nowhere in the interface."""
    for file in (REPOSITORY / "kb" / "ui").rglob("*.py"):
        text = file.read_text()
        for call in ("st.markdown(", "st.write(", "st.table(", "unsafe_allow"):
            assert call not in text, f"{file.name} uses {call}"
