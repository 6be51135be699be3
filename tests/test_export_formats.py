"""Each format: the contract of JSON, formula-safe CSV, Word and PowerPoint as people use them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from export_samples import (
    QUOTES,
    SOURCES,
    TEXTS,
    quoted,
    sample_answer,
    sample_comparison,
    sample_search,
    source_of,
)
from lxml import etree
from pptx import Presentation

import kb.export.templates
from kb.errors import BadSetting
from kb.export import (
    answer_sheet,
    comparison_sheet,
    entries_sheet,
    entry_of,
    format_of,
    render,
    search_sheet,
    write_export,
)
from kb.export.entries import SheetCell
from kb.export.markdown import escaped, sheet_markdown
from kb.export.plain import (
    answer_json,
    answer_text,
    comparison_json,
    comparison_text,
    search_json,
    search_text,
)
from kb.export.table import FORMULA_STARTS, safe, sheet_csv
from kb.records import Comparison, Locator, Metadata
from kb.settings import Settings

SETTINGS = Settings()
TEMPLATES = Path(kb.export.templates.__file__).parent
CITATION_KEYS = [
    "number", "passage_id", "document_id", "path", "title", "authors", "year", "framework",
    "locator", "start", "end", "quote", "score", "reference",
]  # fmt: skip
HIT_KEYS = [
    "rank", "passage_id", "document_id", "path", "title", "framework", "locator", "start", "end",
    "text", "score",
]  # fmt: skip
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_an_answer_in_json_keeps_the_contract_to_the_letter() -> None:
    """No key is missing or added, at any depth."""
    printed = json.loads(json.dumps(answer_json(sample_answer())))
    assert list(printed) == [
        "question", "status", "confidence", "kind", "statements", "citations", "passages",
        "generation", "elapsed_ms",
    ]  # fmt: skip
    assert printed["statements"][1] == {
        "text": "Adaptive leaders therefore move between the two many times in the same meeting.",
        "citation": 2,
    }
    assert list(printed["citations"][0]) == CITATION_KEYS
    assert printed["citations"][0]["locator"] == {
        "page": None, "headings": ["Principles"], "paragraph": 7,
    }  # fmt: skip
    assert list(printed["passages"][0]) == HIT_KEYS
    assert list(printed["passages"][0]["locator"]) == ["page", "headings", "paragraph"]


def test_a_search_and_a_comparison_in_json_keep_the_contract() -> None:
    """Likewise."""
    searched = json.loads(json.dumps(search_json(sample_search())))
    assert list(searched) == ["query", "passages", "generation", "elapsed_ms"]
    compared = json.loads(json.dumps(comparison_json(sample_comparison())))
    assert list(compared) == ["frameworks", "dimensions", "cells", "generation"]
    assert list(compared["cells"][0]) == ["framework", "dimension", "status", "citations"]
    assert list(compared["cells"][0]["citations"][0]) == CITATION_KEYS
    assert {cell["status"] for cell in compared["cells"]} == {"covered", "partly", "none"}


def test_an_answer_for_the_terminal_shows_quotes_numbers_and_sources() -> None:
    """Lines are short; a source's escape sequences do not reach the terminal."""
    text = answer_text(sample_answer())
    assert (
        "“Adaptive leaders therefore move between the two many times in the same meeting.” [2]"
        in (" ".join(text.split()))
    )
    assert "[2] Adaptive leadership (1994)" in text
    assert "para. 9, Get on the balcony, in adaptive-leadership.md" in text
    assert max(len(line) for line in text.splitlines()) <= 100
    broken = replace(sample_answer().statements[0], text="Masts, ropes\n\nand sails.")
    assert "“Masts, ropes and sails.”" in answer_text(
        replace(sample_answer(), statements=(broken,))
    )
    bad = replace(sample_search().passages[0], text="\x1b[31mred", path="a\x1bb.md")
    assert "\x1b" not in search_text(replace(sample_search(), passages=(bad,)))


def test_nothing_found_is_said_and_the_nearest_passages_shown() -> None:
    """With and without passages."""
    nothing = replace(sample_answer(), status="not_found", statements=(), citations=())
    assert "holds no answer" in answer_text(nothing)
    assert "Nearest passages:" in answer_text(nothing)
    assert "Nearest" not in answer_text(replace(nothing, passages=()))
    assert "No passage found." in search_text(replace(sample_search(), passages=()))


def test_a_comparison_for_the_terminal_names_every_cell() -> None:
    """Status is a shape and a word; a cell that was not sent is empty."""
    comparison = sample_comparison(1)
    text = comparison_text(replace(comparison, cells=comparison.cells[:1]))
    assert "◐ adaptive-leadership: partly covered" in text
    assert text.count("no passage found") == 2


def test_a_quote_that_is_cut_for_the_terminal_says_how_to_see_it_whole() -> None:
    """It ends at a word, inside its marks; where nothing is cut, nothing is said."""
    comparison = sample_comparison(1)
    cell = next(each for each in comparison.cells if each.citations)
    long, short = "One word and the next. " * 20, "One word."

    def printed(quote: str) -> str:
        quoted = replace(cell, citations=(replace(cell.citations[0], quote=quote),))
        return comparison_text(replace(comparison, cells=(quoted,), dimensions=(cell.dimension,)))

    cut = printed(long)
    assert "One word and the next. …” (" in " ".join(cut.split())
    assert cut.rstrip().splitlines()[-1].startswith("Quotes that end in … are cut.")
    assert "--format markdown" in cut
    assert "are cut" not in printed(short)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_of_a_csv_can_be_a_formula(start: str) -> None:
    """In front of the sign, spaces do not help either."""
    assert safe(f"{start}1+1")[0] == "'"
    assert safe(f"  {start}1+1")[0] == "'"
    assert safe(f"1{start}1")[0] == "1"


@pytest.mark.parametrize("start", ("=1+1", "@SUM(A1)", "-2+3", "\t=1", "＝1"))
def test_no_column_of_any_csv_can_be_a_formula(start: str) -> None:
    """Whatever field of a source, of its record or of a person's note it stands in."""
    base = entry_of(quoted("weber-authority", QUOTES["weber-authority"][0], 1), SOURCES[1])
    record = {
        "title": start, "author": [{"family": start, "given": start}], "publisher": start,
        "issued": {"raw": start},
    }  # fmt: skip
    entry = replace(
        base, quote=start, record=record, title=start, framework=start, path=start,
        locator=Locator(start, (start, start), 1), before=start, after=start, note=start,
        tags=(start, start), works=(record | {"id": "w"},), score=-0.5,
    )  # fmt: skip
    listed = entries_sheet(start, [entry], style="apa")
    cell = SheetCell("covered", listed.entries)
    sheets = [
        listed,
        replace(listed, status="answered"),
        replace(listed, columns=(start,), rows=((start, (cell,)),)),
    ]
    for sheet in sheets:
        for row in csv.reader(io.StringIO(sheet_csv(sheet), newline="")):
            for value in row:
                assert not value.lstrip(" \u00a0").startswith(FORMULA_STARTS)


def test_a_csv_has_one_line_a_quote_and_a_mark_for_excel() -> None:
    """Lines inside a quote stay in its cell."""
    sheet = answer_sheet(sample_answer(), SOURCES, texts=TEXTS)
    text = sheet_csv(sheet, bom=True)
    assert text.startswith("\ufeffstatus,number,quote,citation,reference")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["quote"] for row in rows] == [s.text for s in sample_answer().statements]
    assert rows[0]["citation"] == "(Heifetz & Laurie, 1994, para. 7)"
    assert rows[0]["authors"] == "Heifetz, Ronald A.; Laurie, Donald L."
    assert (rows[0]["year"], rows[0]["headings"]) == ("1994", "Principles")


def test_a_comparison_in_csv_has_a_line_for_an_empty_cell_too() -> None:
    """Nothing found is said, not left out."""
    sheet = comparison_sheet(sample_comparison(2), SOURCES)
    rows = list(csv.DictReader(io.StringIO(sheet_csv(sheet), newline="")))
    assert [(row["compared"], row["status"]) for row in rows if not row["quote"]] == [
        ("Three skills", "none")
    ] * 2
    assert len([row for row in rows if row["quote"]]) == len(sheet.entries)


def test_markdown_makes_nothing_of_a_sources_signs() -> None:
    """Least of all an image, which would be fetched from elsewhere."""
    assert escaped("![x](http://a.example/b.png)") == r"!\[x\](http\://a.example/b.png)"
    assert escaped("12. and - and <i>") == r"12\. and - and \<i\>"
    sheet = answer_sheet(sample_answer(), SOURCES)
    text = sheet_markdown(sheet)
    assert "\n> Heifetz (1994) describes authority" in text
    assert "<https://doi.org/10.1000/weber.1>" in text
    assert "*Journal of authority*" in text


def test_markdown_escapes_a_number_only_where_it_would_open_a_list() -> None:
    """At the start of a reference or of a paragraph, not behind the italics before it."""
    csl = {"type": "article-journal", "container-title": "Journal", "volume": "31"}
    article = source_of("weber-authority")
    named = replace(article, metadata=Metadata(title="12. Day", authors=("Max Weber",), csl=csl))
    text = sheet_markdown(answer_sheet(sample_answer(), [named], style="chicago"))
    assert "- Weber, Max. n.d. “12. Day.” *Journal* 31.\n" in text
    unsigned = replace(article, metadata=Metadata(title="12. Day", csl=csl))
    text = sheet_markdown(answer_sheet(sample_answer(), [unsigned]))
    assert "- 12\\. Day. (n.d.). *Journal*, *31*.\n" in text


def test_a_markdown_table_compares_and_the_quotes_follow() -> None:
    """Shape, word, shortened quote and citation in the cell; whole quotes below."""
    text = sheet_markdown(comparison_sheet(sample_comparison(1), SOURCES))
    cells = text.split("\n| ")[3].split(" | ")
    assert cells[0] == "**Dimension 1: power and authority**"
    assert cells[1].startswith("◐ partly covered<br>“Heifetz and Laurie")
    assert cells[1].endswith("…” (Heifetz & Laurie, 1994, para. 7)")
    assert cells[3].startswith("○ no passage found |\n\n## Passages\n\n### Dimension 1")


def document_of(content: bytes) -> tuple[Document, dict[str, bytes]]:
    """The document and the parts of its package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return Document(io.BytesIO(content)), parts


def test_a_word_file_has_styles_footnotes_and_a_bibliography() -> None:
    """One real footnote a work, where it is cited first: its reference and its file."""
    sheet = answer_sheet(sample_answer(), SOURCES)
    document, parts = document_of(render(sheet, "docx", SETTINGS))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles[:4] == ["Title", "Subtitle", "Place", "Quotation"]
    assert (styles.count("Quotation"), styles.count("Quote")) == (4, 1)
    assert styles[-3:] == ["Heading 1", "Bibliography", "Bibliography"]
    notes = etree.fromstring(parts["word/footnotes.xml"]).findall(f"{W}footnote")
    texts = ["".join(note.itertext()).strip() for note in notes]
    assert texts[2:] == [
        "Heifetz, R. A., & Laurie, D. L. (1994). Adaptive leadership. Leadership library. "
        "· adaptive-leadership.md",
        "Weber, M. (1994). Weber authority. Journal of authority, 12(3), 201–219. "
        "https://doi.org/10.1000/weber.1 · weber-authority.md",
    ]
    references = document.element.body.iter(f"{W}footnoteReference")
    assert [each.get(f"{W}id") for each in references] == ["1", "2"]
    italic = [run.text for run in document.paragraphs[-1].runs if run.italic]
    assert italic == ["Journal of authority", "12"]
    assert document.core_properties.title == sheet.title


def test_a_comparison_in_word_is_a_table_on_its_side_whose_head_repeats() -> None:
    """More frameworks than fit make another table."""
    comparison = sample_comparison(3)
    document, _ = document_of(render(comparison_sheet(comparison, SOURCES), "docx", SETTINGS))
    (table,) = document.tables
    assert (len(table.rows), len(table.columns)) == (4, 4)
    assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert table.cell(0, 1).text == "Adaptive leadership"
    assert table.cell(1, 3).text == "○ no passage found"
    assert [section.orientation for section in document.sections] == [
        WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip
    many = tuple(f"framework-{at}" for at in range(6))
    wide = comparison_sheet(replace(comparison, frameworks=many), SOURCES)
    document, _ = document_of(render(wide, "docx", SETTINGS))
    assert [len(table.columns) for table in document.tables] == [4, 4]


def test_a_word_template_of_your_own_keeps_its_page_and_gets_the_styles(tmp_path: Path) -> None:
    """Its own text stays in front, its own styles win."""
    own = Document()
    own.add_paragraph("Our house")
    own.styles["Quote"].font.bold = True
    width = own.sections[0].page_width
    own.save(str(tmp_path / "own.docx"))
    settings = Settings(template_docx=str(tmp_path / "own.docx"))
    sheet = answer_sheet(sample_answer(), SOURCES)
    document, _ = document_of(render(sheet, "docx", settings))
    assert document.paragraphs[0].text == "Our house"
    assert document.paragraphs[1].text == sheet.title
    assert document.sections[0].page_width == width
    assert document.styles["Quote"].font.bold
    assert document.styles["Bibliography"].paragraph_format.first_line_indent < 0
    # A file that this product made is a template too: its footnotes are kept.
    (tmp_path / "again.docx").write_bytes(render(sheet, "docx", SETTINGS))
    again = Settings(template_docx=str(tmp_path / "again.docx"))
    document, _ = document_of(render(sheet, "docx", again))
    references = document.element.body.iter(f"{W}footnoteReference")
    assert [each.get(f"{W}id") for each in references] == ["1", "2", "3", "4"]


def test_slides_hold_one_passage_each_with_reference_and_notes() -> None:
    """Opening, five passages, references; the notes hold context and place."""
    sheet = answer_sheet(sample_answer(), SOURCES, texts=TEXTS)
    slides = list(Presentation(io.BytesIO(render(sheet, "pptx", SETTINGS))).slides)
    assert [slide.slide_layout.name for slide in slides] == [
        "Opening", *["Passage"] * 5, "References",
    ]  # fmt: skip
    second = slides[2]
    assert second.shapes.title.text == "Adaptive leadership · Get on the balcony"
    foot = second.placeholders[2].text_frame.text.split("\n")
    assert (
        foot[0]
        == "Heifetz, R. A., & Laurie, D. L. (1994). Adaptive leadership. Leadership library."
    )
    assert foot[1] == "para. 9, Get on the balcony · adaptive-leadership.md"
    notes = second.notes_slide.notes_text_frame.text
    assert "Before it in the source: …" in notes
    assert "only on the balcony has no effect.\n\nThe quote: “Adaptive leaders" in notes
    assert "File: adaptive-leadership.md, characters 2089 to 2168" in notes


def test_the_items_of_a_list_stand_together() -> None:
    """On one slide, and under one line in Word; a long quote or a noted one stands alone."""
    words = ("Get on the balcony", "Regulate distress", "Maintain disciplined attention")
    entries = [entry_of(quoted("adaptive-leadership", each, 1), SOURCES[0]) for each in words]
    listed = entries_sheet("Principles", entries, style="apa")
    deck = Presentation(io.BytesIO(render(listed, "pptx", SETTINGS)))
    assert deck.slides[1].placeholders[1].text_frame.text.split("\n") == [
        "•  “Get on the balcony”",
        "•  “Regulate distress”",
        "•  “Maintain disciplined attention” (Heifetz & Laurie, 1994,\u00a0paras.\u00a08–14)",
    ]
    assert len(deck.slides) == 3
    document, _ = document_of(render(listed, "docx", SETTINGS))
    places = [each.text for each in document.paragraphs if each.style.name == "Place"]
    assert places == ["1–3.  Adaptive leadership  ·  paras. 8–14"]
    # The sentence that announces them stands in front, and all are cited once.
    lead = entry_of(quoted("adaptive-leadership", QUOTES["adaptive-leadership"][0], 1), SOURCES[0])
    sheet = entries_sheet("P", [lead, *entries * 3], style="apa")
    words = "“Heifetz and Laurie (1997) name six"
    deck = Presentation(io.BytesIO(render(sheet, "pptx", SETTINGS)))
    lines = deck.slides[1].placeholders[1].text_frame.text.split("\n")
    assert lines[0].startswith(words)
    assert [line[:4] for line in lines[1:]] == ["•  “"] * 3
    assert lines[-1].endswith("(Heifetz & Laurie, 1994,\u00a0paras.\u00a07–14)")
    assert "Principles\n\n“" not in sheet_markdown(sheet)
    assert "\n\n- “Get on the balcony”\n- “Regulate distress”\n- “" in sheet_markdown(sheet)
    document, _ = document_of(render(sheet, "docx", SETTINGS))
    styles = [each.style.name for each in document.paragraphs]
    assert styles[2:7] == ["Place", "Quotation", *["Quoted Item"] * 3]
    noted = entries_sheet("P", [entries[0], replace(entries[1], note="!")], style="apa")
    assert len(Presentation(io.BytesIO(render(noted, "pptx", SETTINGS))).slides) == 4


def test_a_list_of_ten_with_its_sentence_goes_on_one_slide() -> None:
    """A longer one goes on over more slides, each cited for what it holds."""
    base = entry_of(quoted("adaptive-leadership", QUOTES["adaptive-leadership"][0], 1), SOURCES[0])
    items = [
        replace(
            base,
            quote=f"Characteristic {at}",
            start=base.end + at,
            end=base.end + at + 1,
            locator=replace(base.locator, paragraph=7 + at),
        )
        for at in range(1, 31)
    ]
    ten = entries_sheet("P", [base, *items[:10]], style="apa")
    assert len(Presentation(io.BytesIO(render(ten, "pptx", SETTINGS))).slides) == 3
    deck = Presentation(
        io.BytesIO(render(entries_sheet("P", items, style="apa"), "pptx", SETTINGS))
    )
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles[1:-1] == [
        f"Adaptive leadership · Principles ({at}\u00a0of\u00a03)" for at in (1, 2, 3)
    ]
    ends = [slide.placeholders[1].text_frame.text[-6:] for slide in list(deck.slides)[1:-1]]
    assert ends == ["\u00a08–17)", "18–27)", "28–37)"]


def test_sentences_of_one_passage_stand_together() -> None:
    """In quotation marks of their own, cited once; in another passage or noted, apart."""
    pair = re.split(r"(?<=\.) ", QUOTES["adaptive-leadership"][2])
    text = TEXTS["adaptive-leadership"]
    base = entry_of(quoted("adaptive-leadership", QUOTES["adaptive-leadership"][2], 1), SOURCES[0])
    first, second = (
        replace(base, quote=words, start=text.index(words), end=text.index(words) + len(words))
        for words in pair
    )
    sheet = entries_sheet("P", [first, second], style="apa")
    written = sheet_markdown(sheet)
    assert "**1–2.** Adaptive leadership, para." in written
    assert written.count("(Heifetz & Laurie, 1994, para.") == 1
    for other in (replace(second, passage_id="other"), replace(second, note="!")):
        apart = sheet_markdown(entries_sheet("P", [first, other], style="apa"))
        assert apart.count("(Heifetz & Laurie, 1994, para.") == 2


def test_a_long_comparison_goes_on_over_more_slides() -> None:
    """Every dimension stands on exactly one, and no slide is filled beyond its foot."""
    sheet = comparison_sheet(sample_comparison(11), SOURCES)
    deck = Presentation(io.BytesIO(render(sheet, "pptx", SETTINGS)))
    tables = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    shown = [row.cells[0].text for each in tables for row in list(each.table.rows)[1:]]
    assert shown == [dimension for dimension, _ in sheet.rows]
    assert len(tables) > 2
    for each in tables:
        height = sum(row.height for row in each.table.rows)
        assert each.top + height < deck.slide_height


def test_the_fewer_frameworks_the_larger_the_letters_of_the_table() -> None:
    """Two are read from the back of a room; five must fit."""
    comparison = sample_comparison(2)
    for count, points in ((2, 16), (3, 14)):
        slugs = comparison.frameworks[:count]
        cells = tuple(cell for cell in comparison.cells if cell.framework in slugs)
        sheet = comparison_sheet(replace(comparison, frameworks=slugs, cells=cells), SOURCES)
        deck = Presentation(io.BytesIO(render(sheet, "pptx", SETTINGS)))
        (table,) = (s.table for slide in deck.slides for s in slide.shapes if s.has_table)
        sizes = {
            run.font.size.pt
            for cell in table.iter_cells()
            for line in cell.text_frame.paragraphs
            for run in line.runs
        }
        assert sizes == {points}


def test_the_notes_of_a_list_cite_its_quotes_once() -> None:
    """From the first place to the last, as the slide does."""
    base = entry_of(quoted("adaptive-leadership", QUOTES["adaptive-leadership"][1], 1), SOURCES[0])
    base = replace(base, list_id=1, opens_list=True)
    items = [
        replace(base, quote=f"Item {at}", opens_list=False, start=base.end + at, end=base.end + at,
                locator=replace(base.locator, paragraph=base.locator.paragraph + at))
        for at in (1, 2)
    ]  # fmt: skip
    sheet = entries_sheet("P", [base, *items], style="apa")
    deck = Presentation(io.BytesIO(render(sheet, "pptx", SETTINGS)))
    notes = deck.slides[1].notes_slide.notes_text_frame.text
    first = base.locator.paragraph
    cited = f"(Heifetz & Laurie, 1994, paras. {first}–{first + 2})"
    assert f"The quotes:\n“{base.quote}”\n“Item 1”\n“Item 2” {cited}" in notes
    assert notes.count("1994, para") == 1


def test_five_frameworks_stand_side_by_side() -> None:
    """On eight dimensions: in one table in Word, on each slide in PowerPoint, which is counted."""
    comparison = sample_comparison(8)
    five = tuple(f"framework-{at}" for at in range(5))
    cells = tuple(
        replace(cell, framework=slug)
        for slug in five
        for cell in comparison.cells
        if cell.framework == "adaptive-leadership"
    )
    sheet = comparison_sheet(replace(comparison, frameworks=five, cells=cells), SOURCES)
    document, _ = document_of(render(sheet, "docx", SETTINGS))
    (table,) = document.tables
    assert (len(table.rows), len(table.columns)) == (9, 6)
    deck = Presentation(io.BytesIO(render(sheet, "pptx", SETTINGS)))
    slides = [slide for slide in deck.slides if any(shape.has_table for shape in slide.shapes)]
    tables = [shape for slide in slides for shape in slide.shapes if shape.has_table]
    assert {len(each.table.columns) for each in tables} == {6}
    assert sum(len(each.table.rows) - 1 for each in tables) == 8
    count = len(slides)
    assert [slide.shapes.title.text[-8:] for slide in slides] == [
        f"({at}\u00a0of\u00a0{count})" for at in range(1, count + 1)
    ]
    for each in tables:
        assert each.top + sum(row.height for row in each.table.rows) < deck.slide_height
        sizes = {
            run.font.size.pt
            for cell in each.table.iter_cells()
            for paragraph in cell.text_frame.paragraphs
            for run in paragraph.runs
        }
        assert sizes == {12.0}


def test_a_powerpoint_template_of_your_own_is_used(tmp_path: Path) -> None:
    """Layouts of other names serve; a place for the reference is made where there is none."""
    Presentation().save(str(tmp_path / "own.pptx"))
    settings = Settings(template_pptx=str(tmp_path / "own.pptx"))
    for sheet in (
        answer_sheet(sample_answer(), SOURCES),
        comparison_sheet(sample_comparison(), SOURCES),
    ):
        deck = Presentation(io.BytesIO(render(sheet, "pptx", settings)))
        assert deck.slides[0].shapes.title.text == sheet.title
        text = "\n".join(
            shape.text_frame.text
            for slide in deck.slides
            for shape in slide.shapes
            if shape.has_text_frame
        )
        assert "Heifetz, R. A., & Laurie, D. L. (1994)." in text


def test_a_markdown_template_of_your_own_is_filled(tmp_path: Path) -> None:
    """In its own order; what it does not ask for stays out, and a dollar of a source stays."""
    own = tmp_path / "own.md"
    own.write_text("---\ntitle: ${title}\n---\n\n${references}\n\n${passages}\n\n© ACME\n")
    settings = Settings(template_markdown=str(own))
    entry = entry_of(quoted("weber-authority", QUOTES["weber-authority"][0], 1), SOURCES[1])
    sheet = entries_sheet("Day ${one}", [replace(entry, quote="It costs ${title}.")], style="apa")
    text = render(sheet, "markdown", settings).decode()
    assert text.startswith("---\ntitle: Day \\$\\{one\\}\n---\n\n## References\n\n- Weber, M.")
    assert "It costs \\$\\{title\\}." in text
    assert text.endswith("\n\n© ACME\n")
    for words in ("Hello ${nobody}", "Hello ${"):
        own.write_text(words)
        with pytest.raises(BadSetting, match=r"template_markdown is .*leave the setting empty"):
            render(sheet, "markdown", settings)
    with pytest.raises(BadSetting, match=r"template_markdown is .*No such file"):
        render(sheet, "markdown", Settings(template_markdown=str(tmp_path / "none.md")))


def test_what_a_word_template_lacks_is_set_in_its_own_letters(tmp_path: Path) -> None:
    """A style taken over keeps its layout and leaves the typeface to the template."""
    own = Document()
    own.styles["Normal"].font.name = "Georgia"
    own.save(str(tmp_path / "own.docx"))
    settings = Settings(template_docx=str(tmp_path / "own.docx"))
    document, _ = document_of(render(answer_sheet(sample_answer(), SOURCES), "docx", settings))
    assert document.styles["Quotation"].font.name is None
    assert document.styles["Place"].paragraph_format.keep_with_next


@pytest.mark.parametrize("name", ["docx", "pptx"])
def test_a_template_that_is_none_is_explained(name: str, tmp_path: Path) -> None:
    """Missing, or another kind of file."""
    other = tmp_path / f"no.{name}"
    other.write_text("not an office file")
    for path in (other, tmp_path / f"missing.{name}"):
        settings = Settings(**{f"template_{name}": str(path)})
        with pytest.raises(BadSetting, match=rf"template_{name} is .*leave the setting empty"):
            render(answer_sheet(sample_answer(), SOURCES), name, settings)


def changed_package(file: Path, made: Path, part: str, change: Callable[[bytes], bytes]) -> str:
    """A copy of an office file with one part changed, or left out if nothing is left of it."""
    with zipfile.ZipFile(file) as package, zipfile.ZipFile(made, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            content = change(content) if name == part else content
            if content:
                copy.writestr(name, content)
    return str(made)


def half(content: bytes) -> bytes:
    """What is left of a part that was cut off."""
    return content[: len(content) // 2]


DAMAGES = [
    ("docx", "word/document.xml", half, "a part of which is damaged"),
    ("docx", "word/styles.xml", half, "a part of which is damaged"),
    ("docx", "word/styles.xml", lambda _: b"", "which cannot be used"),
    ("pptx", "ppt/presentation.xml", half, "a part of which is damaged"),
    ("pptx", "ppt/slideLayouts/slideLayout6.xml", half, "a part of which is damaged"),
    ("pptx", "ppt/slideLayouts/slideLayout6.xml", lambda _: b"", "which cannot be used"),
]


@pytest.mark.parametrize(("name", "part", "change", "told"), DAMAGES)
def test_a_damaged_template_is_explained(
    name: str, part: str, change: Callable[[bytes], bytes], told: str, tmp_path: Path
) -> None:
    """Wherever the damage is, and what to do about it."""
    shipped = TEMPLATES / f"leadership.{name}"
    own = changed_package(shipped, tmp_path / f"own.{name}", part, change)
    settings = Settings(**{f"template_{name}": own})
    with pytest.raises(BadSetting, match=rf"own\.{name}', {told}.*leave the setting empty"):
        render(answer_sheet(sample_answer(), SOURCES), name, settings)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it has a password, or"),
        ("pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it has a password, or"),
        ("docx", b"PK\x03\x04 cut off", "which is damaged or no Word file"),
        ("pptx", b"", "which is damaged or no PowerPoint file"),
        ("docx", (TEMPLATES / "leadership.pptx").read_bytes(), "it holds no Word document"),
        ("markdown", b"# A handout", "it asks for nothing"),
        ("markdown", b"${title} ${author}", "author"),
    ],
)
def test_a_template_of_another_kind_is_explained(
    name: str, content: bytes, told: str, tmp_path: Path
) -> None:
    """With a password, cut off, empty, of another program, without a place for the quotes."""
    own = tmp_path / "own"
    own.write_bytes(content)
    with pytest.raises(BadSetting, match=told):
        render(
            answer_sheet(sample_answer(), SOURCES), name, Settings(**{f"template_{name}": str(own)})
        )


@pytest.mark.parametrize(("name", "kind"), [("docx", b"document"), ("pptx", b"presentation")])
def test_a_template_may_be_saved_as_one(name: str, kind: bytes, tmp_path: Path) -> None:
    """What Word and PowerPoint save as .dotx and .potx gives a .docx and a .pptx."""
    sheet = answer_sheet(sample_answer(), SOURCES)
    own = changed_package(
        TEMPLATES / f"leadership.{name}",
        tmp_path / "own",
        "[Content_Types].xml",
        lambda content: content.replace(kind + b".main+xml", b"template.main+xml"),
    )
    made = render(sheet, name, Settings(**{f"template_{name}": own}))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert b"template.main" not in package.read("[Content_Types].xml")
    assert len(made) > 0.9 * len(render(sheet, name, SETTINGS))


def test_a_word_template_of_another_program_is_used(tmp_path: Path) -> None:
    """One that writes the name of a heading's style with a capital, and one without any style."""
    own = Document()
    own.styles["Heading 1"].element.name_val = "Heading 1"
    own.save(tmp_path / "capital.docx")
    for style in list(own.styles):
        style.element.getparent().remove(style.element)
    own.save(tmp_path / "bare.docx")
    sheet = answer_sheet(sample_answer(), SOURCES)
    for name in ("capital.docx", "bare.docx"):
        settings = Settings(template_docx=str(tmp_path / name))
        document, _ = document_of(render(sheet, "docx", settings))
        assert "References" in [
            each.text for each in document.paragraphs if each.style.name == "Heading 1"
        ]


def test_a_format_is_told_by_its_name_or_a_files_suffix() -> None:
    """The longer suffix wins."""
    assert format_of("docx").suffix == ".docx"
    assert format_of("My notes.MD").name == "markdown"
    assert format_of("works.csl.json").name == "csl-json"
    assert format_of("works.json").name == "json"
    with pytest.raises(BadSetting, match=r"'notes\.odt' names no format of an export"):
        format_of("notes.odt")


def test_an_export_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Nothing is left beside it."""
    sheet = search_sheet(sample_search(), SOURCES)
    write_export(sheet, tmp_path / "found.md", SETTINGS)
    write_export(sheet, tmp_path / "works.bib", SETTINGS)
    assert (tmp_path / "found.md").read_text(encoding="utf-8") == sheet_markdown(sheet)
    assert "@article{weber1994weber," in (tmp_path / "works.bib").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["found.md", "works.bib"]
    with pytest.raises(BadSetting, match="cannot be written: its folder does not exist"):
        write_export(sheet, tmp_path / "no" / "found.md", SETTINGS)


def test_a_file_that_cannot_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    """Read-only, a folder, too long a name: each is said, and nothing lies beside it."""
    sheet = search_sheet(sample_search(), SOURCES)
    kept = tmp_path / "kept.md"
    kept.write_text("by hand")
    kept.chmod(0o444)
    with pytest.raises(BadSetting, match="cannot be written: it is read-only"):
        write_export(sheet, kept, SETTINGS)
    assert kept.read_text() == "by hand"
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(BadSetting, match="cannot be written: it is a folder"):
        write_export(sheet, tmp_path / "folder.md", SETTINGS)
    with pytest.raises(BadSetting, match="cannot be written: File name too long"):
        write_export(sheet, tmp_path / f"{'y' * 300}.md", SETTINGS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.md", "kept.md"]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    """It stays a link, and what it leads to is the export."""
    sheet = search_sheet(sample_search(), SOURCES)
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    write_export(sheet, tmp_path / "link.md", SETTINGS)
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text(encoding="utf-8") == sheet_markdown(sheet)


def test_a_quote_whose_source_is_not_at_hand_is_cited_from_the_citation() -> None:
    """Title, authors and year of the citation make the reference."""
    sheet = answer_sheet(sample_answer(), [])
    assert sheet.entries[0].cited == "(Heifetz & Laurie, 1994, para. 7)"
    printed = ["".join(text for text, _ in runs) for runs in sheet.bibliography]
    assert printed == [
        "Heifetz, R. A., & Laurie, D. L. (1994). Adaptive leadership.",
        "Weber, M. (1994). Weber authority.",
    ]


def test_an_empty_result_makes_a_file_in_every_format() -> None:
    """A search that found nothing, a comparison of nothing, an answer without passages."""
    sheets = [
        search_sheet(replace(sample_search(), passages=()), SOURCES),
        comparison_sheet(Comparison((), (), (), ""), SOURCES),
        comparison_sheet(replace(sample_comparison(), cells=()), SOURCES),
        answer_sheet(
            replace(sample_answer(), status="not_found", statements=(), citations=(), passages=()),
            SOURCES,
        ),
    ]
    for sheet in sheets:
        for name in ("docx", "pptx", "markdown", "csv", "json", "bibtex", "ris", "csl-json"):
            assert isinstance(render(sheet, name, SETTINGS), bytes)


def test_the_shipped_templates_are_those_that_the_script_draws(tmp_path: Path) -> None:
    """Styles and layouts, part by part, but for the date."""
    from kb.export.templates.make import HERE, SLIDES, WORD, main

    main(tmp_path)
    for name, parts in (
        (WORD, ["word/styles.xml", "word/document.xml"]),
        (SLIDES, ["ppt/slideMasters/slideMaster1.xml", "ppt/theme/theme1.xml"]),
    ):
        with zipfile.ZipFile(HERE / name) as shipped, zipfile.ZipFile(tmp_path / name) as drawn:
            for part in parts:
                assert shipped.read(part) == drawn.read(part)
