"""Chapters of a textbook and a manual, made into PDF, Word, e-books and slides by other programs.

The same words must be found in every format, at the page, slide or heading where other programs
find them. Needs pandoc, LibreOffice and poppler; skips without them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import docx
import pptx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from support import REPOSITORY, hashing_settings

from kb.corpus import Added, add
from kb.library import Library, build_from_corpus
from kb.passages import locator_at
from kb.readers import read
from kb.records import Document, Filters, Locator, Reading
from kb.sentences import sentence_spans

TEXTS = REPOSITORY.parent / "shared" / "data"
CHAPTERS = {
    "leading": "domain_openstax_principles_management/ch13-*.md",
    "deciding": "domain_openstax_principles_management/ch02-*.md",
    "developing": "domain_army_fm6_22/01-*.md",
}
FORMATS = ("pdf", "docx", "epub", "pptx")
TOOLS = ("pandoc", "soffice", "pdftotext")
SENTENCES_PER_CHAPTER = 12
SLIDE_LEVEL = 2
PARAGRAPH_NUMBER = re.compile(r"^\d+-\d+\. ")  # of the manual

pytestmark = [
    pytest.mark.skipif(
        not all(map(shutil.which, TOOLS)), reason=f"needs {', '.join(TOOLS)} to make the files"
    ),
    pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts are not on this machine"),
]


@dataclass(frozen=True)
class Probe:
    """A sentence of a chapter, and the headings above it from the top."""

    chapter: str
    sentence: str
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    """The made files, what `add` said of them, and the library built of them."""

    files: Path
    added: list[Added]
    library: Library

    def document(self, probe: Probe, suffix: str) -> Document:
        """The chapter of a probe in one format."""
        path = f"{probe.chapter}.{suffix}"
        (source,) = (each for each in self.library.sources() if each.path == path)
        return self.library.document(source.document_id)

    def place(self, probe: Probe, suffix: str) -> Locator:
        """Where the library says that a probe's sentence stands."""
        document = self.document(probe, suffix)
        pattern = r"\s+".join(map(re.escape, probe.sentence.split()))
        found = re.search(pattern, document.text)
        assert found, f"{probe.sentence!r} is not in {document.source.path}"
        return locator_at(document, found.start())


def chapter_text(name: str) -> str:
    """Markdown of a chapter."""
    return "\n\n".join(
        file.read_text(encoding="utf-8") for file in sorted(TEXTS.glob(CHAPTERS[name]))
    )


def plain(text: str) -> str:
    """Text with single spaces."""
    return " ".join(text.split())


def probes(name: str) -> list[Probe]:
    """Sentences without markup that stand once in the chapter, evenly spread over it."""
    text = chapter_text(name)
    path: list[tuple[int, str]] = []
    found: list[Probe] = []
    for paragraph in re.split(r"\n\s*\n", text):
        if heading := re.fullmatch(r"(#+)\s+(.*)", paragraph.strip()):
            depth = len(heading[1])
            path = [*(entry for entry in path if entry[0] < depth), (depth, plain(heading[2]))]
            continue
        paragraph = PARAGRAPH_NUMBER.sub("", paragraph)
        if re.match(r"[A-Z]", paragraph) and not re.search(r"[*_`<|\[\]\\$^~@#]", paragraph):
            sentence = plain(re.split(r"(?<=[a-z]\.)\s", paragraph)[0])
            if 12 <= len(sentence.split()) <= 40 and plain(text).count(sentence) == 1:
                found.append(Probe(name, sentence, tuple(words for _, words in path)))
    assert len(found) >= SENTENCES_PER_CHAPTER
    step = len(found) // SENTENCES_PER_CHAPTER
    return found[::step][:SENTENCES_PER_CHAPTER]


def made(folder: Path, name: str) -> None:
    """The chapter in every format."""
    source = folder / f"{name}.md"
    source.write_text(chapter_text(name), encoding="utf-8")
    facts = ["--metadata", f"title=On {name}", "--metadata", "author=Ada Quince"]
    for suffix in ("docx", "epub", "pptx"):
        command = ["pandoc", "--from", "markdown-smart", str(source), *facts]
        command += ["--slide-level", str(SLIDE_LEVEL), "--output", str(folder / f"{name}.{suffix}")]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    source.unlink()


def justified(source: Path, target: Path) -> None:
    """The document in two narrow columns of justified lines, with running head and foot."""
    document = docx.Document(str(source))
    for section in document.sections:
        columns = OxmlElement("w:cols")
        section._sectPr.append(columns)
        columns.set(qn("w:num"), "2")
        columns.set(qn("w:space"), "500")
        section.header.paragraphs[0].text = "A Reader for Leaders"
        section.footer.paragraphs[0].text = "Not for sale"
    for style in document.styles:
        if style.name in ("Normal", "Body Text", "First Paragraph", "Compact"):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    document.save(str(target))


def kept(name: str, reading: Reading) -> float:
    """Share of a chapter's plain sentences that stand word for word in one block."""
    blocks = "\n".join(
        plain(reading.text[block.start : block.end])
        for block in reading.blocks
        if block.kind != "furniture"
    )
    sentences = []
    for paragraph in re.split(r"\n\s*\n", chapter_text(name)):
        paragraph = plain(PARAGRAPH_NUMBER.sub("", paragraph))
        if re.match(r"[A-Z]", paragraph) and not re.search(r"[*_`<|\[\]\\$^~@#]", paragraph):
            spans = sentence_spans(paragraph, 0, len(paragraph))
            sentences += [paragraph[start:end].strip() for start, end in spans]
    assert len(sentences) > 100
    return sum(sentence in blocks for sentence in sentences) / len(sentences)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Everything made, added and built once."""
    home = tmp_path_factory.mktemp("real-documents")
    files = home / "files"
    files.mkdir()
    for name in CHAPTERS:
        made(files, name)
    profile = f"-env:UserInstallation={(home / 'office').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(files)]
        + [str(files / f"{name}.docx") for name in CHAPTERS],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for name in CHAPTERS:
        justified(files / f"{name}.docx", home / f"{name}-columns.docx")
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(home)]
        + [str(home / f"{name}-columns.docx") for name in CHAPTERS],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    settings = hashing_settings(home)
    added = add([files], settings)
    assert build_from_corpus(settings).problems == ()
    with closing(Library.open(settings)) as library:
        yield Shelf(files, added, library)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", CHAPTERS)
def test_the_same_words_find_the_same_passage_in_every_format(
    shelf: Shelf, name: str, suffix: str
) -> None:
    """Among the first three passages, whatever program wrote the file."""
    missed = []
    for probe in probes(name):
        found = shelf.library.search(
            probe.sentence, filters=Filters(formats=(suffix,)), limit=3
        ).passages
        texts = [plain(hit.text) for hit in found if hit.path == f"{name}.{suffix}"]
        # A long passage may be cut within the sentence.
        parts = (probe.sentence[:40], probe.sentence[-40:])
        if not any(part in text for text in texts for part in parts):
            missed.append(probe.sentence)
    assert missed == []


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", CHAPTERS)
def test_sentences_come_back_word_for_word(shelf: Shelf, name: str, suffix: str) -> None:
    """At least 98 of 100 from a PDF, where lines must be put together, else all of them."""
    share = kept(name, read(shelf.files / f"{name}.{suffix}"))
    assert share >= (0.98 if suffix == "pdf" else 0.995)


@pytest.mark.parametrize("name", CHAPTERS)
def test_narrow_justified_columns_keep_sentences_and_headings(shelf: Shelf, name: str) -> None:
    """Words that stand wide apart are no table, and heads and feet go in between nowhere."""
    reading = read(shelf.files.parent / f"{name}-columns.pdf")
    assert kept(name, reading) >= 0.98
    texts: dict[str, set[str]] = {kind: set() for kind in ("heading", "furniture")}
    for block in reading.blocks:
        if block.kind in texts:
            texts[block.kind].add(plain(reading.text[block.start : block.end]))
    assert {"A Reader for Leaders", "Not for sale"} <= texts["furniture"]
    asked = {plain(words) for words in re.findall(r"(?m)^#+ +(.*)$", chapter_text(name))}
    assert len(asked & texts["heading"]) >= 0.95 * len(asked)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_pdf_names_the_page_that_another_reader_finds(shelf: Shelf, name: str) -> None:
    """Page by page, pdftotext sees the sentence's first words where the library says."""
    pages = pdf_pages(shelf.files / f"{name}.pdf")
    wrong = []
    for probe in probes(name):
        page = shelf.place(probe, "pdf").page
        start = " ".join(probe.sentence.split()[:4])
        # The sentence may run over the page's end, so that only its first words are there.
        if page is None or start not in pages[int(page) - 1]:
            wrong.append((page, probe.sentence))
    assert wrong == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_slides_have_the_number_that_powerpoint_shows(shelf: Shelf, name: str) -> None:
    """Counted from one, empty slides and title slides too."""
    slides = [
        plain(" ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame))
        for slide in pptx.Presentation(str(shelf.files / f"{name}.pptx")).slides
    ]
    for probe in probes(name):
        page = shelf.place(probe, "pptx").page
        assert page is not None
        assert probe.sentence in slides[int(page) - 1]


@pytest.mark.parametrize("suffix", ["docx", "epub", "pdf"])
@pytest.mark.parametrize("name", CHAPTERS)
def test_every_sentence_stands_below_its_own_heading(shelf: Shelf, name: str, suffix: str) -> None:
    """The nearest heading is the one of the text that the file was made from."""
    for probe in probes(name):
        found = shelf.place(probe, suffix).headings
        assert plain(found[-1]) == probe.headings[-1]


@pytest.mark.parametrize("suffix", ["docx", "epub"])
@pytest.mark.parametrize("name", CHAPTERS)
def test_formats_with_real_headings_keep_the_whole_path(
    shelf: Shelf, name: str, suffix: str
) -> None:
    """From the chapter down; the file's own title may stand above."""
    for probe in probes(name):
        found = tuple(plain(heading) for heading in shelf.place(probe, suffix).headings)
        assert found[-len(probe.headings) :] == probe.headings


def test_title_and_author_are_read_and_the_day_of_making_is_no_year(shelf: Shelf) -> None:
    """What each file states of itself, and no more."""
    assert len(shelf.added) == len(CHAPTERS) * len(FORMATS)
    for one in shelf.added:
        assert one.outcome == "added"
        assert one.understood is not None
        assert one.path is not None
        facts = (one.understood.title, one.understood.authors, one.understood.year)
        assert facts == (f"On {one.path.split('.')[0]}", ("Ada Quince",), None)


def pdf_pages(file: Path) -> list[str]:
    """Text of each page, as poppler reads it."""
    ran = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(file), "-"], check=True, capture_output=True, timeout=60
    )
    return [plain(page) for page in ran.stdout.decode().split("\f")]
