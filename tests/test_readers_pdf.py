"""PDF: pages as printed, reading order, words put together again; files made on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import UnreadableFile
from kb.readers import Limits, read, read_bytes
from kb.records import Reading


@dataclass(frozen=True)
class Put:
    """Words at a place of a page, in points from its lower left corner."""

    x: float
    y: float
    words: str
    size: float = 10.0
    bold: bool = False


def pdf(pages: list[list[Put]], *, labels: str = "", info: str = "", image: bool = False) -> bytes:
    """A PDF with these pages; the character 1 shows the glyph of the ligature fi."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + labels.encode() + b" >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding "
        b"/BaseEncoding /WinAnsiEncoding /Differences [1 /fi] >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        b"<< " + info.encode("latin-1") + b" >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
        b"/ColorSpace /DeviceGray /Length 1 >>\nstream\n0\nendstream",
    ]
    kids = []
    for puts in pages:
        content = "".join(
            f"BT /F{2 if put.bold else 1} {put.size} Tf {put.x} {put.y} Td "
            f"({put.words.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj ET\n"
            for put in puts
        )
        content += "q 500 0 0 700 50 50 cm /I Do Q\n" if image else ""
        stream = content.encode("latin-1")
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << "
            b"/F1 3 0 R /F2 4 0 R >> /XObject << /I 6 0 R >> >> /Contents %d 0 R >>"
            % (len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    body, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R /Info 5 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (len(objects) + 1, table, len(objects) + 1, len(body))
    )


def lines(x: float, top: float, words: list[str], step: float = 12.0) -> list[Put]:
    """Lines of ordinary size under each other."""
    return [Put(x, top - step * place, line) for place, line in enumerate(words)]


def found(reading: Reading, *kinds: str) -> list[tuple[str, str | None, str]]:
    """Kind, page and words of every block of these kinds, or of all but furniture."""
    return [
        (b.kind, b.page, reading.text[b.start : b.end])
        for b in reading.blocks
        if b.kind in kinds or (not kinds and b.kind != "furniture")
    ]


def raw_text(content: bytes) -> str:
    """What pdfium yields for the pages, parted by form feeds."""
    document = pypdfium2.PdfDocument(content)
    return "\f".join(page.get_textpage().get_text_range() for page in document)


def assert_sound(reading: Reading) -> None:
    """Blocks are in order, inside the text, not empty and apart."""
    end = 0
    for block in reading.blocks:
        assert end <= block.start < block.end <= len(reading.text)
        end = block.end


BOOK = pdf(
    [
        [
            Put(72, 760, "Leaders and trust"),
            Put(72, 700, "Giving trust first", 18, True),
            *lines(72, 670, ["Trust is given before it is earned, and leaders who wait for", "it"]),
            *lines(72, 630, ["The of\x01ce is a place where people de-", "cide what they want."]),
            *lines(72, 590, ["A long-", "term view helps, and so does the long-term plan."]),
            Put(72, 560, "\x95 listen to people"),
            Put(72, 545, "\x95 decide late"),
            *lines(72, 500, ["This sentence goes on over the end of the page because it"]),
            Put(300, 30, "iv"),
        ],
        [
            Put(72, 760, "Leaders and trust"),
            *lines(72, 700, ["is long, and it stops here at last on the second page now."]),
            Put(300, 30, "v"),
        ],
        [Put(72, 760, "Leaders and trust"), *lines(72, 700, ["Decide late."]), Put(300, 30, "vi")],
    ],
    labels="/PageLabels << /Nums [0 << /S /r /St 4 >>] >>",
    info="/Title (Microsoft Word - book.docx) /Author (Ann Lee; Bo Ek)",
)


def test_pages_are_named_as_printed_and_running_heads_set_aside() -> None:
    """A paragraph goes on over a page's end, whatever stands in its head and foot."""
    reading = read_bytes(BOOK, name="a.pdf")
    assert_sound(reading)
    assert found(reading) == [
        ("heading", "iv", "Giving trust first"),
        ("paragraph", "iv", "Trust is given before it is earned, and leaders who wait for it"),
        ("paragraph", "iv", "The office is a place where people decide what they want."),
        ("paragraph", "iv", "A long-term view helps, and so does the long-term plan."),
        ("item", "iv", "listen to people"),
        ("item", "iv", "decide late"),
        (
            "paragraph",
            "iv",
            "This sentence goes on over the end of the page because it "
            "is long, and it stops here at last on the second page now.",
        ),
        ("paragraph", "vi", "Decide late."),
    ]
    heads = [words for _, _, words in found(reading, "furniture")]
    assert heads == ["Leaders and trust", "iv", "Leaders and trust", "v", "Leaders and trust", "vi"]


def test_every_run_leads_to_the_same_characters_of_the_pages() -> None:
    """The space that stands for a line end is in no run; words are."""
    reading = read_bytes(BOOK, name="a.pdf")
    raw = raw_text(BOOK)
    for start, raw_start, length in reading.raw_spans:
        assert reading.text[start : start + length] == raw[raw_start : raw_start + length]
    mapped = {start + step for start, _, length in reading.raw_spans for step in range(length)}
    words = reading.text.index("decide what they")
    assert set(range(words, words + 16)) <= mapped
    assert reading.text.index("it is long") + 2 not in mapped


def test_properties_and_first_heading_become_metadata() -> None:
    """A title that a word processor put there is none."""
    facts = read_bytes(BOOK, name="a.pdf").metadata
    assert (facts.title, facts.authors) == ("Giving trust first", ("Ann Lee", "Bo Ek"))


def test_columns_are_read_one_after_the_other() -> None:
    """Also where the file draws the page line by line across both columns."""
    left = [f"left column, line number {number}, with words" for number in range(8)]
    right = [f"right column, line number {number}, with words" for number in range(8)]
    puts = [Put(60, 740, "A title above both of the columns here", 20)]
    for number in range(8):
        puts += [
            Put(60, 700 - 12 * number, left[number]),
            Put(330, 700 - 12 * number, right[number]),
        ]
    reading = read_bytes(pdf([puts]), name="a.pdf")
    assert [words for *_, words in found(reading)] == [
        "A title above both of the columns here",
        " ".join(left + right),
    ]


def test_a_small_o_that_stands_apart_is_a_bullet() -> None:
    """As Word prints the second level of a list."""
    puts = [
        Put(72, 700, "\x95 listen"),
        Put(90, 685, "o"),
        Put(108, 685, "to people who are quiet"),
    ]
    reading = read_bytes(pdf([puts]), name="a.pdf")
    assert [(b.kind, b.level, reading.text[b.start : b.end]) for b in reading.blocks] == [
        ("item", 1, "listen"),
        ("item", 2, "to people who are quiet"),
    ]


def test_rows_of_a_table_stay_rows() -> None:
    """Cells beside each other are parted by bars."""
    puts = [Put(72, 700, "Role"), Put(250, 700, "Task")]
    puts += [Put(72, 680, "Coach"), Put(250, 680, "Listens")]
    reading = read_bytes(pdf([puts]), name="a.pdf")
    assert found(reading) == [("table", "1", "Role | Task"), ("table", "1", "Coach | Listens")]


def test_pages_that_hold_but_one_line_each_keep_it() -> None:
    """Lines that differ in a number only are running heads where there is other text."""
    pages = [[Put(72, 700, f"Rule {n}: leaders listen to people.")] for n in range(6)]
    reading = read_bytes(pdf(pages), name="a.pdf")
    assert [page for _, page, _ in found(reading)] == ["1", "2", "3", "4", "5", "6"]


def test_printed_numbers_name_the_pages_where_the_file_has_no_labels() -> None:
    """Numbers in the foot that count with the pages are the pages' names."""
    pages = [
        [*lines(72, 500, [f"Page of words, {n}."]), Put(300, 30, str(40 + n))] for n in range(5)
    ]
    reading = read_bytes(pdf(pages), name="a.pdf")
    assert [page for _, page, _ in found(reading)] == ["40", "41", "42", "43", "44"]


@pytest.mark.parametrize(
    ("tree", "names"),
    [
        ("/Nums [0 << /S /D /St 17 >>]", "17 18 19 20 21 22"),
        ("/Nums [0 << /S /r >> 2 << /S /D >>]", "i ii 1 2 3 4"),
        ("/Nums [0 << /S /R /St 9 >>]", "IX X XI XII XIII XIV"),
        ("/Nums [0 << /S /a /St 25 >>]", "y z aa bb cc dd"),
        ("/Nums [0 << /S /A /St 52 >>]", "ZZ AAA BBB CCC DDD EEE"),
        ("/Nums [0 << /P (A-) /S /D /St 8 >>]", "A-8 A-9 A-10 A-11 A-12 A-13"),
        ("/Nums [0 << /P <FEFF00C4002D> /S /D >>]", "Ä-1 Ä-2 Ä-3 Ä-4 Ä-5 Ä-6"),
        ("/Nums [0 << /P (Cover) >> 1 << /S /D >>]", "Cover 1 2 3 4 5"),
        ("/Nums [0 << >> 2 << /S /D /St 5 >>]", "1 2 5 6 7 8"),
        ("/Nums [0 << >> 2 << /S /D >>]", "[1] [2] 1 2 3 4"),
        (
            "/Kids [<< /Limits [0 0] /Nums [0 << /S /r >>] >> << /Limits [2 4] /Kids "
            "[<< /Limits [2 4] /Nums [2 << /S /D >> 4 << /P (B-) /S /D >>] >>] >>]",
            "i ii 1 2 B-1 B-2",
        ),
        ("/Kids [<< /Nums [0 << /S /r >>] >> << /Nums [2 << /S /D >>] >>]", "i ii 1 2 3 4"),
    ],
)
def test_labels_of_every_style_name_the_pages(tree: str, names: str) -> None:
    """Also where part of the pages has none, and in trees with branches."""
    content = pdf([[Put(72, 700, "Words of a page.")]] * 6, labels=f"/PageLabels << {tree} >>")
    reading = read_bytes(content, name="a.pdf")
    assert [page for _, page, _ in found(reading)] == names.split()


@pytest.mark.parametrize(
    "labels",
    [
        "/PageLabels 5",
        "/PageLabels << >>",
        "/PageLabels << /Nums [0 << /S /D >>] >>",
        "/PageLabels << /Nums [0 << /S /Z >>] >>",
        "/PageLabels << /Nums [0 << /S /D /St -9 >>] >>",
        "/PageLabels << /Nums [0 << /S /a /St 2000000000 >>] >>",
        "/PageLabels << /Nums [0 << /P ( \\n\\000) >>] >>",
    ],
)
def test_labels_that_say_nothing_leave_the_word_to_the_printed_numbers(labels: str) -> None:
    """Broken ones, and those that only count the pages of an offprint."""
    pages = [
        [*lines(72, 500, [f"Page of words, {n}."]), Put(300, 30, str(40 + n))] for n in range(5)
    ]
    reading = read_bytes(pdf(pages, labels=labels), name="a.pdf")
    assert [page for _, page, _ in found(reading)] == ["40", "41", "42", "43", "44"]


def test_a_scan_is_named_as_such() -> None:
    """Pictures without text are refused; some among other pages are a problem."""
    with pytest.raises(UnreadableFile, match=r"a\.pdf is a scan: its 2 pages are pictures"):
        read_bytes(pdf([[], []], image=True), name="a.pdf")
    mixed = read_bytes(pdf([[Put(72, 700, "Some words.")], []], image=True), name="a.pdf")
    assert mixed.problems == ("a.pdf: 1 pages are scanned pictures without text: 2",)


def test_pages_past_the_limit_are_reported() -> None:
    """Nothing is left out in silence."""
    reading = read_bytes(BOOK, name="a.pdf", limits=Limits(max_pages=1))
    assert reading.problems == ("a.pdf: only the first 1 of 3 pages were read",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"%PDF-1.5\nnothing", "damaged or cut off"),
        (BOOK[:300], "damaged or cut off"),
        (pdf([]), "has no pages|damaged"),
        (pdf([[]]), "holds no text on its 1 pages"),
        (
            BOOK.replace(
                b"/Root 1 0 R",
                b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <"
                b"" + b"42" * 32 + b"> /P -4 >> /ID [<00> <00>] /Root 1 0 R",
            ),
            "encrypted with a password",
        ),
    ],
)
def test_bad_files_are_refused_with_their_reason(content: bytes, reason: str) -> None:
    """Empty, cut off, without pages, without text and encrypted are told apart."""
    with pytest.raises(UnreadableFile, match=reason):
        read_bytes(content, name="a.pdf")


def test_a_pdf_is_read_in_the_child_process_as_here(tmp_path: Path) -> None:
    """What comes back over the pipe is what the reader made."""
    (tmp_path / "a.pdf").write_bytes(BOOK)
    assert read(tmp_path / "a.pdf") == read_bytes(BOOK, name="a.pdf")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(BOOK)), st.binary(max_size=40), st.integers(0, 60))
def test_changed_bytes_are_read_or_refused(at: int, new: bytes, removed: int) -> None:
    """Nothing but UnreadableFile leaves the reader."""
    try:
        reading = read_bytes(BOOK[:at] + new + BOOK[at + removed :], name="a.pdf")
    except UnreadableFile as error:
        assert "a.pdf" in str(error)
        return
    assert_sound(reading)


PUT = st.builds(
    Put,
    st.floats(0, 600),
    st.floats(0, 790),
    st.text(st.sampled_from("abc AB.-1234567890)(\x01\x95"), max_size=25),
    st.sampled_from([6.0, 10.0, 10.0, 18.0]),
    st.booleans(),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(PUT, max_size=15), min_size=1, max_size=4))
def test_words_anywhere_on_pages_give_a_sound_reading(pages: list[list[Put]]) -> None:
    """Blocks are in order and apart, and runs lead to the same characters."""
    content = pdf(pages)
    try:
        reading = read_bytes(content, name="a.pdf")
    except UnreadableFile:
        return
    assert_sound(reading)
    raw = raw_text(content)
    for start, raw_start, length in reading.raw_spans:
        assert reading.text[start : start + length] == raw[raw_start : raw_start + length]


def test_a_quote_has_the_page_on_which_its_sentence_begins() -> None:
    """A paragraph that runs over pages is parted between sentences, its words unchanged."""
    top = ["Trust is given before it is earned, and leaders who wait for it wait"]
    foot = [
        "The bark keeps the rings of every year. A crew that may ask says so",
        "early, and a captain who listens to the crew on every long and",
    ]
    head = ["dark night lands the ship. The harbour counts the lamps. Nobody is", "late."]
    pages = [[*lines(72, 700, top), *lines(72, 84, foot)], lines(72, 700, head)]
    reading = read_bytes(pdf(pages), name="a.pdf")
    crossing = "A crew that may ask says so early, and a captain who listens to the crew"
    crossing += " on every long and dark night lands the ship."
    assert found(reading)[1:] == [
        ("paragraph", "1", f"The bark keeps the rings of every year. {crossing}"),
        ("paragraph", "2", "The harbour counts the lamps. Nobody is late."),
    ]
    assert_sound(reading)


def test_a_heading_of_two_lines_is_one_heading() -> None:
    """Also where its font stands wider than the text's, and white space parts paragraphs."""
    body = [  # lines 1.2 sizes apart; those of the heading 1.4
        put
        for top in range(600, 100, -50)
        for put in lines(72, top, ["Leaders who wait for trust wait for the whole of their lives,",
                                   "as those know who have waited for the trust of others. So",
                                   "it is."], 11.0)
    ]  # fmt: skip
    heading = [Put(72, 700, "How captains listen to crews that", 18, True),
               Put(72, 674, "are tired", 18, True)]  # fmt: skip
    reading = read_bytes(pdf([[*heading, *body]]), name="a.pdf")
    assert found(reading, "heading") == [
        ("heading", "1", "How captains listen to crews that are tired")
    ]


def spread(top: float, words: list[str], *, left: float = 72, right: float = 296) -> list[Put]:
    """A justified line: its words at even distances from one side of a column to the other."""
    widths = [5.0 * len(word) for word in words]  # about that of Helvetica at ten points
    gap = (right - left - sum(widths)) / (len(words) - 1)
    places = [left + sum(widths[:at]) + at * gap for at in range(len(words))]
    return [Put(x, top, word) for x, word in zip(places, words, strict=True)]


def test_words_spread_to_fill_a_narrow_column_are_a_sentence_and_no_table() -> None:
    """Word gaps of any width, if they are even or stand amid full lines of a paragraph."""
    puts = [
        *lines(72, 700, ["Leaders who listen to their people before they are"]),
        *spread(688, ["asked", "notice", "sooner", "what", "is"]),
        *lines(72, 676, ["going wrong in the organisation, and they have the"]),
        *spread(664, ["responsibility", "to"]),
        *lines(72, 652, ["act on it."]),
    ]
    reading = read_bytes(pdf([puts]), name="a.pdf")
    ((kind, _, words),) = found(reading)
    assert kind == "paragraph"
    assert " ".join(words.split()) == (
        "Leaders who listen to their people before they are asked notice sooner what is going "
        "wrong in the organisation, and they have the responsibility to act on it."
    )


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("They set short-", "and long-term aims for it.", "short- and long-term"),
        ("See https://lead.example/essays/the-qu", "iet-manager.html for more.",
         "essays/the-quiet-manager.html for"),
        ("It is a day-", "to-day matter of good habits.", "is a day-to-day matter"),
        ("Trust (see the annex)", "\x97and only trust\x97makes it work.", "annex)—and only"),
    ],
)  # fmt: skip
def test_words_at_a_line_end_are_joined_as_their_author_wrote_them(
    first: str, second: str, joined: str
) -> None:
    """Suspended hyphens keep their space; addresses and dashes have none."""
    words = [
        "There is one more thing that every leader ought to learn about",
        first,
        second,
        "And that is all.",
    ]
    assert joined in read_bytes(pdf([lines(72, 700, words)]), name="a.pdf").text
