"""Word, PowerPoint, e-books and zip archives; every file is made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Inches

from kb.errors import UnreadableFile
from kb.readers import Limits, read, read_bytes
from kb.readers.archive import documents
from kb.records import Reading

NOTES = (
    b'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b'<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r>'
    b"<w:t>Greenleaf, 1977.</w:t></w:r></w:p></w:footnote></w:footnotes>"
)


def word_file() -> bytes:
    """A document with a title, headings, lists, a table, a footnote and a tracked change."""
    document = Document()
    document.core_properties.author = "Ann Lee; Bo Ek"
    document.core_properties.title = "On Trust"
    document.add_paragraph("On Trust", style="Title")
    document.add_heading("Giving first", level=1)
    paragraph = document.add_paragraph("Trust is given before it is earned.")
    run = paragraph.add_run()
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), "2")
    run._r.append(mark)
    removed = OxmlElement("w:del")
    inside = OxmlElement("w:r")
    words = OxmlElement("w:delText")
    words.text = " Never."
    inside.append(words)
    removed.append(inside)
    paragraph._p.append(removed)
    for style, text in (
        ("List Bullet", "listen"),
        ("List Bullet 2", "and wait"),
        ("List Number", "say what was promised"),
        ("List Number", "do it"),
    ):
        document.add_paragraph(text, style=style)
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("Role", "Task"), ("Coach", "Listens")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    part = Part(PackURI("/word/footnotes.xml"), "application/xml", NOTES, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def slides() -> bytes:
    """A title slide, one with bullets, a text box, a table and notes, and one with a bold line."""
    presentation = Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[0])
    first.shapes.title.text = "Five roles"
    first.placeholders[1].text = "By Ann Lee"
    second = presentation.slides.add_slide(presentation.slide_layouts[1])
    second.shapes.title.text = "What leaders do"
    frame = second.placeholders[1].text_frame
    frame.text = "Listen"
    below = frame.add_paragraph()
    below.text, below.level = "to everybody", 1
    empty = presentation.slides.add_slide(presentation.slide_layouts[5])
    lines = empty.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1)).text_frame
    lines.text = "In a crisis"
    lines.paragraphs[0].runs[0].font.bold = True
    lines.add_paragraph().text = "Speak first and often."
    box = second.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1))
    box.text_frame.text = "A box beside it."
    table = second.shapes.add_table(1, 2, Inches(1), Inches(6), Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "Coach", "Listens"
    second.notes_slide.notes_text_frame.text = "Ask the room first."
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def book(**members: str) -> bytes:
    """An e-book of two chapters; `members` replaces or adds files."""
    files = {
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
        'container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>On Trust</dc:title>'
        "<dc:creator>Ann Lee</dc:creator><dc:date>2019-05-01</dc:date>"
        "<dc:publisher>Press</dc:publisher></metadata><manifest>"
        '<item id="toc" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "OEBPS/toc.ncx": '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint>'
        '<navLabel><text>Second chapter</text></navLabel><content src="text/two%20b.xhtml"/>'
        "</navPoint></navMap></ncx>",
        "OEBPS/text/one.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://'
        'www.idpf.org/2007/ops"><head><title>x</title></head><body><h1>First chapter</h1>'
        '<p>Trust is given.<span epub:type="pagebreak" title="12"/></p><ul><li>listen</li></ul>'
        '<aside epub:type="footnote"><p>A note.</p></aside></body></html>',
        "OEBPS/text/two b.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body>'
        "<p>No heading here.</p></body></html>",
        **members,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def found(reading: Reading) -> list[tuple[str, int, str | None, str]]:
    """Kind, level, page and words of every block."""
    return [(b.kind, b.level, b.page, reading.text[b.start : b.end]) for b in reading.blocks]


def assert_sound(reading: Reading) -> None:
    """Blocks are in order, inside the text, not empty and apart."""
    end = 0
    for block in reading.blocks:
        assert end <= block.start < block.end <= len(reading.text)
        end = block.end


def test_a_word_document_keeps_headings_lists_tables_and_footnotes() -> None:
    """Deleted words of a tracked change are no text; levels count from the title."""
    reading = read_bytes(word_file(), name="a.docx")
    assert found(reading) == [
        ("heading", 1, None, "On Trust"),
        ("heading", 2, None, "Giving first"),
        ("paragraph", 0, None, "Trust is given before it is earned."),
        ("item", 1, None, "listen"),
        ("item", 1, None, "and wait"),
        ("item", 1, None, "say what was promised"),
        ("item", 1, None, "do it"),
        ("table", 0, None, "Role | Task"),
        ("table", 0, None, "Coach | Listens"),
        ("note", 0, None, "Greenleaf, 1977."),
    ]
    assert [b.ordered for b in reading.blocks if b.kind == "item"] == [False, False, True, True]
    assert (reading.metadata.title, reading.metadata.authors) == ("On Trust", ("Ann Lee", "Bo Ek"))


def test_a_presentation_keeps_slide_numbers_bullets_and_notes() -> None:
    """The page is the slide; the speaker's notes are notes; a bold line heads what is below."""
    reading = read_bytes(slides(), name="a.pptx")
    assert found(reading) == [
        ("heading", 1, "1", "Five roles"),
        ("paragraph", 0, "1", "By Ann Lee"),
        ("heading", 2, "2", "What leaders do"),
        ("item", 1, "2", "Listen"),
        ("item", 2, "2", "to everybody"),
        ("paragraph", 0, "2", "A box beside it."),
        ("table", 0, "2", "Coach | Listens"),
        ("note", 0, "2", "Ask the room first."),
        ("heading", 3, "3", "In a crisis"),
        ("paragraph", 0, "3", "Speak first and often."),
    ]
    assert (reading.metadata.title, reading.metadata.authors) == ("Five roles", ("Ann Lee",))


def test_slides_past_the_limit_are_reported() -> None:
    """Nothing is left out in silence."""
    reading = read_bytes(slides(), name="a.pptx", limits=Limits(max_pages=1))
    assert reading.problems == ("a.pptx: only the first 1 of 3 slides were read",)
    assert {block.page for block in reading.blocks} == {"1"}


def test_an_e_book_is_read_along_its_spine() -> None:
    """Chapters without a heading get that of the contents; printed pages are kept."""
    reading = read_bytes(book(), name="a.epub")
    assert found(reading) == [
        ("heading", 1, None, "First chapter"),
        ("paragraph", 0, "12", "Trust is given."),
        ("item", 1, "12", "listen"),
        ("note", 0, "12", "A note."),
        ("heading", 1, "12", "Second chapter"),
        ("paragraph", 0, "12", "No heading here."),
    ]
    facts = reading.metadata
    assert (facts.title, facts.authors, facts.year) == ("On Trust", ("Ann Lee",), 2019)
    assert facts.csl == {"type": "book", "publisher": "Press"}


def test_entities_from_outside_are_not_followed(tmp_path: Path) -> None:
    """Neither files of this machine nor exploding entities come into the text."""
    (tmp_path / "secret.txt").write_text("SECRET")
    doctype = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">'
        '<!ENTITY a "lollollol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    )
    chapter = f"{doctype}<html><body><p>Seen &x; and &b; words.</p></body></html>"
    reading = read_bytes(book(**{"OEBPS/text/one.xhtml": chapter}), name="a.epub")
    assert "SECRET" not in reading.text
    assert "lollol" not in reading.text
    assert "words." in reading.text


def test_a_protected_e_book_is_named_as_such() -> None:
    """Its chapters are listed as encrypted."""
    locked = '<encryption><CipherReference URI="OEBPS/text/one.xhtml"/></encryption>'
    with pytest.raises(UnreadableFile, match="copy-protected"):
        read_bytes(book(**{"META-INF/encryption.xml": locked}), name="a.epub")


def test_an_e_book_that_lacks_a_chapter_is_read_with_a_problem() -> None:
    """The rest is not lost, and names that climb out of the book are not followed."""
    opf = book()
    with zipfile.ZipFile(io.BytesIO(opf)) as archive:
        package = archive.read("OEBPS/book.opf").decode()
    broken = package.replace("text/two%20b.xhtml", "../../etc/passwd").replace(
        "text/one.xhtml", "text/none.xhtml"
    )
    with pytest.raises(UnreadableFile, match="holds no text"):
        read_bytes(book(**{"OEBPS/book.opf": broken}), name="a.epub")
    missing = package.replace("text/one.xhtml", "text/none.xhtml")
    reading = read_bytes(book(**{"OEBPS/book.opf": missing}), name="a.epub")
    assert reading.problems == ("a.epub lacks its part OEBPS/text/none.xhtml; the rest was read",)


@pytest.mark.parametrize(
    ("date", "year"),
    [("2019-05-01T10:00:00Z", 2019), ("2024-03-01T10:00:00Z", None), ("2024-03-01", 2024)],
)
def test_the_moment_of_making_an_e_book_is_no_year_of_the_work(date: str, year: int | None) -> None:
    """Programs write the time of day of the conversion where nobody stated a date."""
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        package = archive.read("OEBPS/book.opf").decode()
    modified = '<meta property="dcterms:modified">2024-03-01T10:00:01Z</meta></metadata>'
    package = package.replace("2019-05-01", date).replace("</metadata>", modified)
    reading = read_bytes(book(**{"OEBPS/book.opf": package}), name="a.epub")
    assert reading.metadata.year == year


@pytest.mark.parametrize("suffix", ["docx", "pptx", "epub"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 cut off", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "encrypted or an old Office file"),
        (zipped({"a.txt": b"x"}), "expected|lacks"),
        (zipped({"[Content_Types].xml": b"x", "../evil": b"x"}), "leads out of it"),
        (zipped({"[Content_Types].xml": b"0" * 3_000_000}), "as zip bombs are"),
    ],
)
def test_bad_packages_are_refused_with_their_reason(
    suffix: str, content: bytes, reason: str
) -> None:
    """Empty, cut off, encrypted, foreign, climbing and exploding files are told apart."""
    with pytest.raises(UnreadableFile, match=reason):
        read_bytes(content, name=f"a.{suffix}")


def test_an_archive_yields_its_documents() -> None:
    """Folders, hidden files and the leavings of macOS are passed over; odd names are kept."""
    content = zipped(
        {"a.txt": b"one", "b/ü 1.md": b"two", "__MACOSX/a.txt": b"x", ".hidden": b"x", "c/": b""}
    )
    assert list(documents(content, name="a.zip")) == [("a.txt", b"one"), ("b/ü 1.md", b"two")]


@pytest.mark.parametrize(
    ("content", "limits", "reason"),
    [
        (zipped({"/etc/passwd": b"x"}), Limits(), "leads out of it"),
        (zipped({"a/../../b": b"x"}), Limits(), "leads out of it"),
        (zipped({"C:\\b": b"x"}), Limits(), "leads out of it"),
        (zipped({"a": b"x", "b": b"x"}), Limits(max_members=1), "holds 2 files; the limit is 1"),
        (zipped({"a": b"xy"}), Limits(max_unpacked_bytes=1), "unpacks to more than"),
        (zipped({"a": b"0" * 5_000_000}), Limits(), "as zip bombs are"),
        (b"no zip", Limits(), "damaged or cut off"),
    ],
)
def test_an_archive_is_checked_before_anything_is_unpacked(
    content: bytes, limits: Limits, reason: str
) -> None:
    """Each danger has its own sentence."""
    with pytest.raises(UnreadableFile, match=reason):
        list(documents(content, name="a.zip", limits=limits))


def test_an_office_file_is_read_in_the_child_process_as_here(tmp_path: Path) -> None:
    """What comes back over the pipe is what the reader made."""
    for name, make in (("a.docx", word_file), ("b.pptx", slides), ("c.epub", book)):
        content = make()
        (tmp_path / name).write_bytes(content)
        assert read(tmp_path / name) == read_bytes(content, name=name)


MAKERS: dict[str, Callable[[], bytes]] = {"docx": word_file, "pptx": slides, "epub": book}
WHOLE = {suffix: make() for suffix, make in MAKERS.items()}


@pytest.mark.parametrize("suffix", sorted(MAKERS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_are_read_or_refused(suffix: str, data: st.DataObject) -> None:
    """Nothing but UnreadableFile leaves the reader when parts of a member are changed."""
    with zipfile.ZipFile(io.BytesIO(WHOLE[suffix])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(members)))
    content = members[name]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 60)))
    members[name] = content[:start] + data.draw(st.binary(max_size=12)) + content[end:]
    if data.draw(st.booleans()) and len(members) > 1:
        del members[data.draw(st.sampled_from(sorted(members)))]
    try:
        assert_sound(read_bytes(zipped(members), name=f"a.{suffix}"))
    except UnreadableFile as error:
        assert f"a.{suffix}" in str(error)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(MAKERS)), st.binary(max_size=300), st.integers(0, 3000))
def test_bytes_changed_anywhere_are_read_or_refused(suffix: str, new: bytes, at: int) -> None:
    """The zip structure itself included."""
    content = WHOLE[suffix][:at] + new + WHOLE[suffix][at + len(new) :]
    try:
        assert_sound(read_bytes(content, name=f"a.{suffix}"))
    except UnreadableFile as error:
        assert f"a.{suffix}" in str(error)
