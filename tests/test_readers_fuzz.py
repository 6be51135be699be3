"""Each reader against thousands of damaged and invented files: read soundly, or refused.

`KB_FUZZ_EXAMPLES=3000 pytest tests/test_readers_fuzz.py` is the long run; the usual one is short.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_readers_office import book, slides, word_file
from test_readers_pdf import BOOK

from kb.errors import UnreadableFile
from kb.passages import locator_at
from kb.readers import Limits, read_bytes
from kb.readers.sandbox import reading_of, reply_of
from kb.records import Document, Metadata, Reading, Source

HERE = Path(__file__).parent
EXAMPLES = int(os.environ.get("KB_FUZZ_EXAMPLES", "40"))
# Nothing here has more than some kilobytes; who takes longer hangs.
SECONDS = 30
LIMITS = Limits(max_bytes=4_000_000, max_unpacked_bytes=8_000_000)

FILES = {
    "txt": (HERE / "pasted" / "consultancy.txt").read_bytes(),
    "md": (HERE.parent / "README.md").read_bytes(),
    "html": (HERE / "pages" / "blog.html").read_bytes(),
    "pdf": BOOK,
    "docx": word_file(),
    "pptx": slides(),
    "epub": book(),
}
ZIPS = ("docx", "pptx", "epub")
PROFILE = settings(
    max_examples=EXAMPLES,
    deadline=timedelta(seconds=SECONDS),
    suppress_health_check=list(HealthCheck),
)


def changed(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes with up to four of: flipped, cut off, doubled, moved or foreign parts."""
    for _ in range(draw(st.integers(1, 4))):
        at, to = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        match draw(st.sampled_from(["flip", "cut", "double", "drop", "foreign", "noise"])):
            case "flip" if at < len(content):
                content = content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
            case "cut":
                content = content[:to]
            case "double":
                content = content[:to] + content[at : min(to, at + 5000)] + content[to:]
            case "drop":
                content = content[:at] + content[to:]
            case "foreign":
                other = FILES[draw(st.sampled_from(sorted(FILES)))]
                content = content[:at] + other[: draw(st.integers(0, 3000))] + content[to:]
            case _:
                content = content[:at] + draw(st.binary(max_size=40)) + content[at:]
    return content


@st.composite
def damaged(draw: st.DrawFn, suffix: str) -> bytes:
    """A real file with damage anywhere."""
    return changed(draw, FILES[suffix])


@st.composite
def damaged_within(draw: st.DrawFn, suffix: str) -> bytes:
    """An archive that is whole, but one or two of whose members are damaged or missing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FILES[suffix])) as whole:
        names = whole.namelist()
        hit = draw(st.sets(st.sampled_from(names), min_size=1, max_size=2))
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in names:
                if name not in hit:
                    packed.writestr(name, whole.read(name))
                elif draw(st.booleans()) or draw(st.booleans()):
                    packed.writestr(name, changed(draw, whole.read(name)))
    return buffer.getvalue()


def assert_sound(content: bytes, suffix: str) -> None:
    """The file is refused in one line, or read with every offset where it should be."""
    try:
        reading = read_bytes(content, name=f"a.{suffix}", limits=LIMITS)
    except UnreadableFile as error:
        assert str(error).startswith(f"a.{suffix}")
        assert "\n" not in str(error)
        return
    end = 0
    for block in reading.blocks:
        assert end <= block.start < block.end <= len(reading.text)
        assert reading.text[block.start : block.end].strip()
        end = block.end
    text_end = raw_end = 0
    for at, raw, length in reading.raw_spans:
        assert length > 0
        assert text_end <= at <= at + length <= len(reading.text)
        assert suffix == "pdf" or raw_end <= raw  # the raw text of columns stands in file order
        text_end, raw_end = at + length, raw + length
    assert reading_of(json.loads(json.dumps(reply_of(reading)))) == reading
    assert_located(reading)


def assert_located(reading: Reading) -> None:
    """Every block can be cited: it has a paragraph number, and headings of this text."""
    source = Source("0" * 12, "a", "0" * 64, 1, "text", Metadata(title="A"))
    document = Document(source, reading.text, reading.blocks, reading.raw_spans)
    for block in reading.blocks[:: max(1, len(reading.blocks) // 5)]:
        locator = locator_at(document, block.start)
        assert locator.paragraph >= 0
        assert all(heading.split()[0] in reading.text for heading in locator.headings)


@pytest.mark.parametrize("suffix", FILES)
def test_a_damaged_file_is_read_soundly_or_refused_in_a_line(suffix: str) -> None:
    """Bytes flipped, cut off, doubled, dropped, or taken from a file of another kind."""

    @PROFILE
    @given(damaged(suffix))
    def check(content: bytes) -> None:
        assert_sound(content, suffix)

    check()


@pytest.mark.parametrize("suffix", ZIPS)
def test_an_archive_with_damaged_members_is_read_soundly_or_refused(suffix: str) -> None:
    """The archive itself is whole, so that the damage reaches the parser of the format."""

    @PROFILE
    @given(damaged_within(suffix))
    def check(content: bytes) -> None:
        assert_sound(content, suffix)

    check()


WORDS = [
    "Trust", "leaders", "listen", "of", "the", "By Ann Lee", "3 May 2004", "Share", "Home",
    "Five things:", "one;", "two;", "Ends here.", "Why?", "5", "(a)", "É", "名", "\xad",
    "\ufeff", "\u200b", "\U0001f44d", "1️⃣", "Read more", "Leave a Reply", "References",
    "Recommended", "https://e.org/a-b", "Written by Bo Ek", "[edit]", "|", "…", "“", "”",
]  # fmt: skip
SHAPES = {
    "txt": [
        "\n", "\n\n", "\t", "  ", "• ", "- ", "1. ", "2. ", "a) ", "\r\n", "\r", "\x0c",
        "\u2028", "===\n", "---\n", "* * *\n", "o  ", "^ ", ": ", "; ", " ",
    ],
    "md": [
        "\n", "\n\n", "# ", "## ", "- ", "  - ", "1. ", "> ", "```", "~~~", "`", "*", "**", "_",
        "[", "](", ")", "![", "|", "|-|-|\n", "    ", "\t", "<b>", "</b>", "<!--", "-->",
        "&amp;", "\\", "[^1]", "[^1]: ", "{#a}", "---\n", "===\n", "~~", "<div>", "</div>",
        "\r\n", "  \n", " ",
    ],
    "html": [
        "<p>", "</p>", "<div class='share'>", "<div>", "</div>", "<br>", "<br><br>", "<h1>",
        "</h1>", "<h3>", "<li>", "<ul>", "</ul>", "<ol>", "<table>", "<tr>", "<td>", "</table>",
        "<dl>", "<dt>", "<dd>", "<pre>", "</pre>", "<a href=x>", "</a>", "&nbsp;", "&#x0;",
        "&lt;", "<!--", "-->", "<script>", "</script>", "<details>", "<summary>", "<nav>",
        "</nav>", "<article>", "</article>", "<span role=heading>", "</span>", "<blockquote>",
        "<![CDATA[", "]]>", " ",
    ],
}  # fmt: skip


@pytest.mark.parametrize("suffix", SHAPES)
def test_any_mixture_of_words_and_structure_is_read_soundly_or_refused(suffix: str) -> None:
    """What nobody would write, in any order."""

    @PROFILE
    @given(st.lists(st.sampled_from(WORDS + 2 * SHAPES[suffix]), max_size=120))
    def check(pieces: list[str]) -> None:
        assert_sound("".join(pieces).encode(), suffix)

    check()
