"""No export says anything between quotation marks that its source does not say."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from export_reading import READERS, SETTINGS, flat
from export_samples import (
    CORPUS,
    QUOTES,
    SOURCES,
    TEXTS,
    quoted,
    sample_answer,
    sample_comparison,
    sample_search,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kb.corpus import cited_works
from kb.export import (
    Sheet,
    answer_sheet,
    comparison_sheet,
    entries_sheet,
    entry_of,
    render,
    search_sheet,
)
from kb.export.entries import group_of
from kb.export.slide_parts import pieces
from kb.export.words import around, directed, excerpt, paragraphs, printable, tied, written_lines

ODD = (
    "Bell\x07 and null\x00, a\x1b[31m colour, a form\x0cfeed and \ud800 a half.",
    "Trust \u202egniht edis-thgir\u202c, שלום עולם and مرحبا بالعالم with marks \u200f.",
    "Leaders 👩🏽‍🚀 listen 🫱🏿‍🫲🏻 and é is not é; \ufffe \uffff \U0001f3f4\U000e0067\U000e0062.",
    "A word of five thousand letters: " + "leadership" * 500 + " ends.",
    '=HYPERLINK("http://evil.example","click") & <b>bold</b> | **stars** _under_ `code` $x^2$',
    "# No heading\n- no bullet\n1. no list\n> no quote\n![no](http://image.example/x.png)\n---",
    "He said “yes” and ‘no’ … and then “perhaps”.",
    "Tabs\tand\u00a0hard\u2009spaces\r\nand\rline\u2028ends\x85all of them.",
)


def sheets() -> dict[str, Sheet]:
    """One sheet of each kind, in a different style each."""
    sources = [
        replace(source, metadata=replace(source.metadata, cites=("heifetz-1997-work",)))
        for source in SOURCES
    ]
    cited = cited_works(CORPUS)
    entries = [
        replace(
            entry_of(
                quoted("weber-authority", quote, 1), SOURCES[1], text=TEXTS["weber-authority"]
            ),
            note="Mind the “charisma” trap.\n\nSecond paragraph.",
            tags=("power", "day one"),
        )
        for quote in QUOTES["weber-authority"]
    ]
    answer, comparison = sample_answer(), sample_comparison()
    return {
        "answer": answer_sheet(answer, sources, texts=TEXTS, cited=cited),
        "nothing": answer_sheet(
            replace(answer, status="not_found", statements=(), citations=()), SOURCES, style="ieee"
        ),
        "list": entries_sheet(
            "Principles",
            [
                entry_of(quoted("adaptive-leadership", quote, 1), SOURCES[0])
                for quote in ("Get on the balcony", "Regulate distress", "Maintain disciplined")
            ],
            style="apa",
        ),
        "search": search_sheet(sample_search(), SOURCES, style="modern-language-association"),
        "comparison": comparison_sheet(comparison, SOURCES, style="chicago-author-date"),
        "collection": entries_sheet("Day one", entries, style="harvard-cite-them-right"),
    }


def odd_sheet(texts: tuple[str, ...] | list[str]) -> Sheet:
    """A collection of made-up quotes whose title, path, note and tags are odd too."""
    base = entry_of(quoted("weber-authority", QUOTES["weber-authority"][0], 1), SOURCES[1])
    entries = [
        replace(
            base, quote=text, document_id=str(at), title=text[:80], path=text[:60], note=text,
            tags=(text[:20],), before=text[:50], after=text[:50],
            record={"title": text[:80], "author": [{"family": text[:30], "given": text[:9]}]},
        )
        for at, text in enumerate(texts)
    ]  # fmt: skip
    return entries_sheet(texts[0][:60] if texts else "Empty", entries, style="apa")


def stands_in(quote: str, sources: list[str]) -> bool:
    """Whether every stretch between the marks of a cut stands in one of the sources."""
    stretch = quote.removeprefix("… ").removesuffix(" …")
    return any(stretch in source for source in sources)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", sheets())
def test_every_quote_in_an_export_stands_word_for_word_in_its_source(name: str, kind: str) -> None:
    """The export is read back; a shortened quote says so, and its rest stands there too."""
    sheet = sheets()[kind]
    sources = [flat(text) for text in TEXTS.values()]
    found = READERS[name](render(sheet, name, SETTINGS), sheet)
    assert found
    assert [quote for quote in found if not stands_in(quote, sources)] == []


def office_paragraphs(content: bytes) -> Iterator[str]:
    """Every paragraph of every part: text, tables, notes, footnotes, endnotes, heads and feet."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.namelist():
            if part.endswith(".xml") and "theme" not in part:
                root = etree.fromstring(package.read(part))
                for paragraph in root.iter("{*}p"):
                    texts = paragraph.iter("{*}t", "{*}br", "{*}tab")
                    yield flat("".join(each.text or " " for each in texts))


def printed_besides_quotes(sheet: Sheet) -> list[str]:
    """Titles that stand in quotation marks and what we say ourselves, longest first."""
    runs = [entry.citation for entry in sheet.entries]
    runs += [entry.reference for entry in sheet.entries]
    runs += [each.reference for each in sheet.behind] + [each.citation for each in sheet.behind]
    runs += [
        group_of([first, last], sheet.style).citation
        for first, last in itertools.combinations(sheet.entries, 2)
        if first.document_id == last.document_id
    ]
    texts = [flat("".join(text for text, _ in each)) for each in runs]
    notes = [flat(line) for entry in sheet.entries for line in entry.note.split("\n\n")]
    return sorted({*texts, *notes, flat(sheet.remark)} - {""}, key=len)[::-1]


@pytest.mark.parametrize("name", ["docx", "pptx"])
@pytest.mark.parametrize("kind", sheets())
def test_nothing_in_quotation_marks_in_any_part_of_an_office_file_is_ours(
    name: str, kind: str
) -> None:
    """Notes of slides, footnotes and tables too; the context in the notes stands there as well."""
    sheet = sheets()[kind]
    sources = [flat(text) for text in TEXTS.values()]
    ours = printed_besides_quotes(sheet)
    seen = 0
    for paragraph in office_paragraphs(render(sheet, name, SETTINGS)):
        for mark in ("Before it in the source: ", "After it in the source: "):
            if paragraph.startswith(mark):
                assert stands_in(paragraph.removeprefix(mark), sources)
        for text in ours:
            paragraph = paragraph.replace(text, " ")
        for quote in re.findall(r"“([^“”]*)”", paragraph):
            seen += 1
            assert stands_in(flat(quote), sources), quote
    assert seen >= sum(not entry.is_block for entry in sheet.entries)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", sheets())
def test_no_quote_is_lost_on_the_way_out(name: str, kind: str) -> None:
    """Every entry's words are in the export whole; in slides of a table, in the notes."""
    sheet = sheets()[kind]
    found = READERS[name](render(sheet, name, SETTINGS), sheet)
    assert [entry.quote for entry in sheet.entries if flat(entry.quote) not in found] == []


@pytest.mark.parametrize("name", READERS)
def test_odd_characters_break_no_file_and_change_no_word(name: str) -> None:
    """Control characters, reversed text, emoji, endless words, formulas and markup."""
    sheet = odd_sheet(ODD)
    found = READERS[name](render(sheet, name, SETTINGS), sheet)
    kept = [text if name == "json" else printable(text) for text in ODD]
    whole = " ".join(found)
    short = [text for text in kept if len(text) < 1000]
    assert [text for text in short if flat(text) not in whole and flat(text) not in found] == []


@pytest.mark.parametrize("name", READERS)
def test_a_quote_of_five_pages_goes_out_whole(name: str) -> None:
    """On slides it goes on over the next ones, each cut marked; elsewhere it is one piece."""
    text = TEXTS["weber-authority"] + TEXTS["adaptive-leadership"]
    assert len(text.split()) > 2500
    sheet = odd_sheet([text])
    found = READERS[name](render(sheet, name, SETTINGS), sheet)
    if name == "pptx":
        found = [
            " ".join(q.removeprefix("… ").removesuffix(" …") for q in found if q != flat(text))
        ]
    assert flat(printable(text)) in [flat(quote) for quote in found]


@given(texts=st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_any_text_makes_office_files_of_sound_xml(texts: list[str]) -> None:
    """Every part of the package is parsed."""
    sheet = odd_sheet(texts)
    for name in ("docx", "pptx"):
        with zipfile.ZipFile(io.BytesIO(render(sheet, name, SETTINGS))) as package:
            assert package.testzip() is None
            for part in package.namelist():
                if part.endswith((".xml", ".rels")):
                    etree.fromstring(package.read(part))


# The quotation marks of the sheet itself could not be told from others.
@given(text=st.text(st.characters(exclude_characters="“”"), max_size=200))
@settings(max_examples=200, deadline=None)
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    """A renderer reads back the printable words and makes no other element of them."""
    sheet = odd_sheet([f"Words {text} end."])
    found = READERS["markdown"](render(sheet, "markdown", SETTINGS), sheet)
    assert found == [flat(printable(f"Words {text} end."))]


@given(text=st.text(max_size=400), limit=st.integers(min_value=5, max_value=80))
@settings(max_examples=200, deadline=None)
def test_pieces_of_a_quote_make_the_quote_again(text: str, limit: int) -> None:
    """Nothing is lost at a cut and every cut is marked on both sides."""
    cut = pieces(text, limit)
    assert all(piece.endswith(" …") for piece in cut[:-1])
    assert all(piece.startswith("… ") for piece in cut[1:])
    bare = [
        piece[2 if at else 0 : len(piece) - (2 if at < len(cut) - 1 else 0)]
        for at, piece in enumerate(cut)
    ]
    assert "".join("".join(bare).split()) == "".join("\n\n".join(paragraphs(text)).split())


def test_an_excerpt_says_that_it_is_one() -> None:
    """A text that fits is left as it is."""
    assert excerpt("one two three", 3) == "one two three"
    assert excerpt("one two\nthree four", 3) == "one two three …"


def test_the_lines_of_a_list_stay_apart_and_wrapped_lines_do_not() -> None:
    """Paragraphs are told by blank lines."""
    text = "A line\nthat is wrapped.\n\n- one\n- two\n  goes on\n3) three"
    assert paragraphs(text) == ["A line that is wrapped.", "- one\n- two goes on\n3) three"]
    items = "Ask first.\nListen to the end.\n\nBuy-in\nMore trust\nBetter results\n\nHe met\nAnn."
    assert paragraphs(items) == [
        "Ask first.\nListen to the end.",
        "Buy-in\nMore trust\nBetter results",
        "He met Ann.",
    ]


def test_the_lines_of_a_note_stay_apart() -> None:
    """Whoever wrote them broke them on purpose."""
    assert written_lines("First.\nSecond  line.\n\n \nThird.") == [
        "First.",
        "Second line.",
        "Third.",
    ]
    assert written_lines(" \n") == [""]


def test_the_number_of_a_page_stays_on_the_line_of_its_mark_or_name() -> None:
    """With a mark as APA has it, and bare as MLA and Chicago have it."""
    assert tied([("(Quay et al. 2)", False)]) == (("(Quay et al.\u00a02)", False),)
    assert tied([("(Quay 2011, 12–14)", False)]) == (("(Quay 2011,\u00a012–14)", False),)
    assert tied([("(Quay, 2011, p. 2)", False)]) == (("(Quay, 2011,\u00a0p.\u00a02)", False),)


def test_a_name_written_from_the_right_turns_no_year_behind_it() -> None:
    """An invisible mark stands on both sides; the words stay as they are."""
    (turned,) = directed([("(לוי, ד. 2019, para. 1)", False)])
    assert turned == ("(\u200eלוי, ד\u200e. 2019, para. 1)", False)
    assert directed([("(Levi, 2019)", True)]) == (("(Levi, 2019)", True),)


def test_the_context_is_marked_where_it_was_cut() -> None:
    """At the start and the end of a text nothing was cut."""
    text = "a b c QUOTE d e f"
    assert around(text, 6, 11, words=2) == ("… b c", "d e …")
    assert around(text, 6, 11, words=3) == ("a b c", "d e f")
