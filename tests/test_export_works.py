"""Works behind the quotes: found by author and year, listed apart, never cited for words."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from docx import Document
from export_samples import (
    CORPUS,
    QUOTES,
    TEXTS,
    quoted,
    sample_answer,
    sample_comparison,
    source_of,
    text_of,
)
from pptx import Presentation
from support import Kb

from kb.collection import Collections
from kb.corpus import cited_works
from kb.export import Sheet, answer_sheet, comparison_sheet, entries_sheet, entry_of, held, render
from kb.export.behind import NAMED, OF_CHAPTERS, groups, passages_text
from kb.records import Metadata, Source
from kb.references import named_works
from kb.settings import Settings

SETTINGS = Settings()
CITED = cited_works(CORPUS)
ADAPTIVE = "adaptive-leadership"
KEYS = ("heifetz-1994-leadership", "heifetz-1997-work", "heifetz-2009-practice")


def work(family: str, year: int, *others: str, **more: Any) -> dict[str, Any]:
    """A book of that first author and year."""
    names = [{"family": name, "given": "A."} for name in (family, *others)]
    date = {"date-parts": [[year]]}
    return {"id": f"{family}-{year}", "title": "T", "author": names, "issued": date, **more}


def drawing(slug: str, keys: tuple[str, ...] = KEYS) -> Source:
    """A source that states what it draws on."""
    source = source_of(slug)
    return replace(source, metadata=replace(source.metadata, cites=keys))


def sheet_with_works(style: str = "apa") -> Sheet:
    """The sample answer, whose first source draws on three works."""
    sources = [drawing(ADAPTIVE), source_of("weber-authority")]
    return answer_sheet(sample_answer(), sources, style=style, texts=TEXTS, cited=CITED)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Kotter (1995) published it first.", ["Kotter-1995"]),
        ("Kotter and Cohen (2002) stressed feelings.", ["Kotter-2002"]),
        ("Kotter's later book (2002) has cases.", ["Kotter-2002"]),
        ("It came early (Kotter, 1995; Cohen and Kotter, 2002).", ["Kotter-1995", "Kotter-2002"]),
        ("Kotter (1995, 2002) twice.", ["Kotter-1995", "Kotter-2002"]),
        ("J. P. Kotter (1995a) with a letter.", ["Kotter-1995"]),
        ("van Dierendonck or, at the start, Van Dierendonck (2011).", ["van Dierendonck-2011"]),
        ("O’Neil et al. (2003) agree.", ["O'Neil-2003"]),
        ("In 1995 there was a study by Kotter.", []),
        ("Kotter left. Others (1995) followed.", []),
        ("Kotterman (1995) is somebody else.", []),
        ("Kotter (1996) is not among them.", []),
    ],
)
def test_a_work_is_named_by_first_author_and_year(text: str, named: list[str]) -> None:
    """In the text or in brackets, with particles and either apostrophe; a year alone is not."""
    works = [
        work("Kotter", 1995), work("Kotter", 2002, "Cohen"), work("van Dierendonck", 2011),
        work("O'Neil", 2003),
    ]  # fmt: skip
    assert [each["id"] for each in named_works(text, works)] == named


def test_authors_who_are_named_too_tell_two_works_of_a_year_apart() -> None:
    """Where they do not, both may be meant."""
    pair = [work("Blake", 1964, "Mouton"), work("Blake", 1964, "Mouton", "Barnes", title="B")]
    assert named_works("Blake and Mouton (1964)", pair) == pair[:1]
    assert named_works("Blake, Mouton and Barnes (1964)", pair) == pair[1:]
    twins = [work("Senge", 1990), work("Senge", 1990, title="B")]
    assert named_works("Senge (1990)", twins) == twins


def test_every_source_of_the_shipped_library_is_found_in_its_chapter() -> None:
    """709 works in 100 chapters: the way in which our chapters name works is understood."""
    import yaml

    missed, looked_for = [], 0
    for file in sorted(CORPUS.glob("*.md")):
        keys = yaml.safe_load(file.read_text("utf-8").split("---\n", 2)[1])["sources"]
        found = {each["id"] for each in named_works(text_of(file.stem), [CITED[k] for k in keys])}
        missed += [(file.name, key) for key in keys if key not in found]
        looked_for += len(keys)
    assert missed == []
    assert looked_for > 500


def test_a_quote_draws_on_the_works_that_its_paragraph_names() -> None:
    """Else on all that its chapter states; a source that states none draws on none."""
    named, unnamed, _ = QUOTES[ADAPTIVE]
    text = TEXTS[ADAPTIVE]
    first = entry_of(quoted(ADAPTIVE, named, 1), drawing(ADAPTIVE), text=text, cited=CITED)
    assert ([each["id"] for each in first.works], first.works_named) == ([KEYS[1]], True)
    other = entry_of(quoted(ADAPTIVE, unnamed, 2), drawing(ADAPTIVE), text=text, cited=CITED)
    assert ([each["id"] for each in other.works], other.works_named) == (list(KEYS), False)
    bare = entry_of(quoted(ADAPTIVE, named, 1), source_of(ADAPTIVE), text=text, cited=CITED)
    assert bare.works == ()
    # A sentence without a name, in a paragraph that has one.
    later = quoted(ADAPTIVE, QUOTES[ADAPTIVE][2].split(". ")[1], 3)
    assert entry_of(later, drawing(ADAPTIVE), text=text, cited=CITED).works_named


def test_works_behind_are_listed_apart_from_the_quoted_sources() -> None:
    """Each with the passages that name it, or whose chapter states it."""
    sheet = sheet_with_works()
    assert [entry.record["title"] for entry in sheet.entries][:1] == ["Adaptive leadership"]
    assert len(sheet.bibliography) == len(sheet.records) == 2
    listed = [(b.record["id"], b.named_in, b.chapter_of) for b in sheet.behind]
    assert listed == [(KEYS[0], (3,), (2,)), (KEYS[2], (), (2,)), (KEYS[1], (1,), (2,))]
    # What is cited for the words is the quoted source, never a work behind it.
    cited = "".join(entry.cited for entry in sheet.entries)
    assert "1997" not in cited
    assert "2009" not in cited


def test_letters_and_numbers_go_through_both_lists() -> None:
    """No two entries of an export share what they are cited by."""
    same = CITED[KEYS[1]] | {"title": "Another of that year", "issued": {"date-parts": [[1994]]}}
    sheet = answer_sheet(
        sample_answer(), [drawing(ADAPTIVE, ("x",))], texts=TEXTS, cited={"x": same}
    )
    assert sheet.entries[0].cited == "(Heifetz & Laurie, 1994a, para. 7)"
    assert sheet.behind[0].reference[0][0].endswith("(1994b). Another of that year. ")
    numbered = sheet_with_works("ieee")
    marks = [runs[0][0][:3] for runs in numbered.bibliography]
    marks += [each.reference[0][0][:3] for each in numbered.behind]
    assert marks == ["[1]", "[2]", "[3]", "[4]", "[5]"]


def test_numbers_run_as_the_lists_of_works_are_printed() -> None:
    """Works that passages name first, although a passage before them draws on all of them."""
    named, unnamed, _ = QUOTES[ADAPTIVE]
    pair = [quoted(ADAPTIVE, quote, at) for at, quote in enumerate((unnamed, named), start=1)]
    text = TEXTS[ADAPTIVE]
    entries = [entry_of(each, drawing(ADAPTIVE), text=text, cited=CITED) for each in pair]
    sheet = entries_sheet("A", entries, style="ieee")
    printed = [
        (head, [one.reference[0][0][:3] for one, _ in ones]) for head, ones in groups(sheet.behind)
    ]
    assert printed == [(NAMED, ["[2]"]), (OF_CHAPTERS, ["[3]", "[4]"])]
    assert [each.record["id"] for each in sheet.behind] == [KEYS[1], KEYS[0], KEYS[2]]


def test_references_are_counted_by_what_they_are_for() -> None:
    """Works that are quoted, and those behind them."""
    assert held(sheet_with_works(), "ris") == "5 references (2 quoted, 3 behind)."
    assert held(sheet_with_works(), "csv") == "5 quotations from 2 sources, word for word."


def test_reference_managers_can_tell_quoted_from_behind() -> None:
    """One keyword each, in all three formats."""
    sheet = sheet_with_works()
    expected = ["quoted source"] * 2 + ["work behind a quoted passage"] * 3
    entries = bibtexparser.parse_string(render(sheet, "bibtex", SETTINGS).decode()).entries
    assert [entry["keywords"] for entry in entries] == expected
    records = rispy.loads(render(sheet, "ris", SETTINGS).decode())
    assert [record["keywords"] for record in records] == [[each] for each in expected]
    csl = json.loads(render(sheet, "csl-json", SETTINGS))
    assert [record["keyword"] for record in csl] == expected
    kept = {"x": CITED[KEYS[1]] | {"keyword": "change"}}
    one = answer_sheet(sample_answer(), [drawing(ADAPTIVE, ("x",))], texts=TEXTS, cited=kept)
    assert json.loads(render(one, "csl-json", SETTINGS))[-1]["keyword"] == f"change, {expected[-1]}"


def test_every_format_shows_the_works_behind() -> None:
    """Under a heading of their own that says that they are not quoted."""
    sheet = sheet_with_works()
    paragraphs = Document(io.BytesIO(render(sheet, "docx", SETTINGS))).paragraphs
    texts = [paragraph.text for paragraph in paragraphs]
    at = texts.index("Works behind these passages")
    assert texts[at + 1 : at + 3] == [
        "The passages draw on these works and quote none. Read a work before you cite it.",
        "Named in the passages",
    ]
    assert texts[at + 3].startswith("Heifetz, R. A. (1994). Leadership without easy answers.")
    assert texts[at + 3].endswith("  ·\u00a0passage\u00a03")
    markdown = render(sheet, "markdown", SETTINGS).decode()
    assert "### Further sources of the chapters\n\n- Heifetz, R. A., Grashow, A.," in markdown
    assert markdown.rstrip().endswith(" · passage\u00a02")
    slides = Presentation(io.BytesIO(render(sheet, "pptx", SETTINGS))).slides
    titles = [slide.shapes.title.text for slide in slides]
    assert titles[-2:] == [
        "Works behind these passages: named in the passages",
        "Works behind these passages: further sources of the chapters",
    ]
    notes = slides[1].notes_slide.notes_text_frame.text
    assert "Works behind it (named in the passage): Heifetz & Laurie, 1997" in notes
    rows = csv.DictReader(io.StringIO(render(sheet, "csv", SETTINGS).decode("utf-8-sig")))
    behind = [(row["works_behind"], row["works_are"]) for row in rows]
    assert behind[0] == ("Heifetz & Laurie, 1997", "named in the passage")
    assert behind[3] == ("", "")
    told = json.loads(render(sheet, "json", SETTINGS))
    assert told["works_behind"][0]["named_in"] == [3]
    assert told["entries"][0]["works"] == ["Heifetz & Laurie, 1997"]


def test_the_notes_of_a_comparisons_slides_name_the_works_of_each_quote() -> None:
    """Below its reference."""
    sheet = comparison_sheet(sample_comparison(1), [drawing(ADAPTIVE)], texts=TEXTS, cited=CITED)
    slides = Presentation(io.BytesIO(render(sheet, "pptx", SETTINGS))).slides
    notes = slides[1].notes_slide.notes_text_frame.text
    assert "\nWorks behind it (named in the passage): Heifetz & Laurie, 1997" in notes


def test_without_works_no_export_speaks_of_them() -> None:
    """As before, for a library that states none."""
    sheet = answer_sheet(sample_answer(), [source_of(ADAPTIVE)], cited=CITED)
    for name in ("markdown", "json", "bibtex"):
        assert "Works behind these" not in render(sheet, name, SETTINGS).decode()


def test_a_work_that_is_quoted_itself_is_not_behind() -> None:
    """It stands among the quoted sources alone."""
    own = Source("d", "d.md", "0" * 64, 1, "markdown", Metadata(title="T", csl=work("Roe", 1999)))
    entry = replace(entry_of(quoted(ADAPTIVE, QUOTES[ADAPTIVE][0], 1), own),
                    works=(work("Roe", 1999), work("Doe", 1998)))  # fmt: skip
    entry = replace(entry, record=work("Roe", 1999))
    sheet = entries_sheet("A", [entry], style="apa")
    assert [each.record["id"] for each in sheet.behind] == ["Doe-1998"]


def test_a_collection_keeps_the_works_of_its_passages(tmp_path: Path) -> None:
    """So its export needs no library; they can be left out."""
    kept = Collections(tmp_path / "kept.sqlite")
    quote = quoted(ADAPTIVE, QUOTES[ADAPTIVE][0], 1)
    kept.save("A", entry_of(quote, drawing(ADAPTIVE), text=TEXTS[ADAPTIVE], cited=CITED))
    assert [each.record["id"] for each in kept.sheet("A").behind] == [KEYS[1]]
    assert kept.sheet("A").behind[0].named_in == (1,)
    assert kept.sheet("A", works=False).behind == ()


def test_passages_are_counted_in_runs() -> None:
    """One, neighbours, and others."""
    assert passages_text([3]) == "passage\u00a03"
    assert passages_text([5, 1, 3, 4, 4]) == "passages\u00a01,\u00a03–5"


def test_kb_export_lists_the_works_behind_unless_told_not_to(kb: Kb, corpus: Path) -> None:
    """`references.json` beside the sources holds them."""
    (corpus / "references.json").write_text(json.dumps([work("Quill", 1987)]), encoding="utf-8")
    source = corpus / "grafting.md"
    source.write_text(
        "---\ntitle: Grafting\nsources: [Quill-1987]\n---\n\n# Grafting\n\nGrafting a scion onto "
        "a rootstock takes patience, as Quill (1987) showed in trials of pears.\n",
        encoding="utf-8",
    )
    question = "What does grafting a scion take?"
    assert kb("export", "answer", question, "--to", "with.md").code == 0
    assert kb("export", "answer", question, "--to", "without.md", "--no-works").code == 0
    told = (corpus.parent / "with.md").read_text()
    assert "### Named in the passages\n\n- Quill, A. (1987)." in told
    assert "Quill, A." not in (corpus.parent / "without.md").read_text()
    kb("collect", "add", "Pears", "--question", question)
    assert kb("export", "collection", "Pears", "--to", "pears.bib").code == 0
    assert "@misc{quill1987" in (corpus.parent / "pears.bib").read_text()
