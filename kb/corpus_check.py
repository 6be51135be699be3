"""The rules that the shipped library keeps: front matter, headings, links, references."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.corpus import SLUG, cited_works, read_documents, scan
from kb.expected import placed, read_expected, without_source
from kb.frameworks import DIMENSIONS, FAMILIES, PRINCIPLES, TAKES_POSITION, Section, sections
from kb.lexical import words
from kb.records import Document
from kb.sentences import sentence_spans
from kb.settings import Settings

FEWEST_WORDS, MOST_WORDS = 700, 1800
FIXED_BEFORE = ("In brief", "Origins", PRINCIPLES, "In practice")
FIXED_AFTER = ("Evidence and criticism", "Related frameworks")
LONG_SENTENCE_WORDS = 6  # from here on a sentence may stand only once in the library
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FIELDS = ("id", "type", "title", "author", "issued")


@dataclass(frozen=True, slots=True)
class CorpusCheck:
    """What the check counted and found wrong; `problems` name the file first."""

    frameworks: int
    words: int
    references: int
    problems: tuple[str, ...]


def check_corpus(settings: Settings) -> CorpusCheck:
    """Every broken rule of the library in the corpus folder.

    Raises:
        SourceNotFound: The corpus folder does not exist.
        UnreadableFile: `references.json` is not a JSON array of records.
    """
    files, problems = scan(settings.corpus)
    works = cited_works(settings.corpus)
    documents = []
    for found in read_documents(settings.corpus, files, settings):
        if isinstance(found, str):
            problems.append(found)
        else:
            documents.append(found)
    slugs = {document.source.metadata.framework for document in documents}
    for document in documents:
        raw = (settings.corpus / document.source.path).read_text("utf-8", errors="replace")
        rules = (
            _front_matter(document, works),
            _headings(document),
            _links(raw, slugs),
            _length(document),
            _citations(document, works),
        )
        problems += [f"{document.source.path}: {text}" for rule in rules for text in rule]
    problems += _aliases(documents)
    problems += _repeated_sentences(documents)
    problems += _expected(settings.corpus, documents)
    problems += _records(works, {key for d in documents for key in d.source.metadata.cites})
    return CorpusCheck(
        frameworks=len(slugs - {None}),
        words=sum(len(words(document.text)) for document in documents),
        references=len(works),
        problems=tuple(problems),
    )


def _front_matter(document: Document, works: Mapping[str, Any]) -> Iterator[str]:
    known = document.source.metadata
    stem = Path(document.source.path).stem
    if known.framework != stem or not SLUG.fullmatch(stem):
        yield f"framework is {known.framework!r}; expected the file's name {stem!r}"
    if known.family not in FAMILIES:
        yield f"family is {known.family!r}; expected one of {', '.join(FAMILIES)}"
    if known.year is None:
        yield "year is missing"
    for name, given in (("aliases", known.aliases), ("people", known.people)):
        if not given:
            yield f"{name} is empty"
    if not known.cites:
        yield "sources is empty"
    for key in known.cites:
        if key not in works:
            yield f"source {key!r} has no record in references.json"


def _headings(document: Document) -> Iterator[str]:
    found = list(sections(document))
    top = [section.heading for section in found if section.level == 1]
    if top != [document.source.title]:
        yield f"level-1 headings are {top}; expected the title alone"
    second = [section.heading for section in found if section.level == 2]
    taken = [d for d in DIMENSIONS if TAKES_POSITION + d in second]
    expected = [*FIXED_BEFORE, *(TAKES_POSITION + d for d in taken), *FIXED_AFTER]
    if second != expected:
        yield f"headings are {second}; expected {expected}"
    if not taken:
        yield f"no section '{TAKES_POSITION}…'; expected at least one"
    if sum(section.level == 3 for section in found) < 2:
        yield "fewer than two principles"
    yield from (f"nothing stands below '{s.heading}'" for s in found if _is_empty(document, s))


def _is_empty(document: Document, section: Section) -> bool:
    return not document.text[section.start : section.end].strip()


def _links(raw: str, slugs: set[str | None]) -> Iterator[str]:
    for target in _LINK.findall(raw):
        if not target.endswith(".md") or target.removesuffix(".md") not in slugs:
            yield f"link to {target!r}; expected a framework of the library"


def _length(document: Document) -> Iterator[str]:
    count = len(document.text.split())
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        yield f"{count} words; expected {FEWEST_WORDS} to {MOST_WORDS}"


def _citations(document: Document, works: Mapping[str, Any]) -> Iterator[str]:
    """Each source of the front matter is named in the text by its first author and year."""
    for key in document.source.metadata.cites:
        record = works.get(key)
        if not record:
            continue
        author = (record.get("author") or [{}])[0]
        name = author.get("family") or author.get("literal") or ""
        date, *_ = (record.get("issued") or {}).get("date-parts") or [[]]
        year = str(date[0]) if date else ""
        if name not in document.text or year not in document.text:
            yield f"source {key!r} is never cited as {name} and {year}"


def _aliases(documents: list[Document]) -> Iterator[str]:
    owners: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        known = document.source.metadata
        for name in {document.source.title.lower(), *(alias.lower() for alias in known.aliases)}:
            owners[name].append(document.source.path)
    for name, paths in owners.items():
        if len(paths) > 1:
            yield f"{paths[0]}: the name {name!r} also stands for {', '.join(paths[1:])}"


def _repeated_sentences(documents: list[Document]) -> Iterator[str]:
    first_in: dict[str, str] = {}
    for document in documents:
        for start, end in _sentences(document):
            sentence = document.text[start:end]
            path = first_in.setdefault(sentence, f"{document.source.path}:{start}")
            repeated = path != f"{document.source.path}:{start}"
            if repeated and len(words(sentence)) > LONG_SENTENCE_WORDS:
                where = path.rsplit(":", 1)[0]
                yield f"{document.source.path}: “{sentence}” stands in {where} too"


def _sentences(document: Document) -> Iterator[tuple[int, int]]:
    """Spans of all sentences but headings."""
    for block in document.blocks:
        if block.kind != "heading":
            yield from sentence_spans(document.text, block.start, block.end)


def _expected(corpus: Path, documents: list[Document]) -> Iterator[str]:
    """Each expected question stands once, and its quote in a sentence of its source."""
    expected, problems = read_expected(corpus)
    by_path = {document.source.path: document for document in documents}
    yield from [*problems, *without_source(expected, by_path)]
    asked: dict[str, str] = {}
    for path, entries in expected.items():
        for entry in entries:
            first = asked.setdefault(entry.question.casefold(), entry.place)
            if first != entry.place:
                yield f"{entry.place}: “{entry.question}” stands in {first} too"
        if document := by_path.get(path):
            yield from placed(entries, document.text, {0: list(_sentences(document))})[1]


def _records(works: Mapping[str, Any], cited: set[str]) -> Iterator[str]:
    for key, record in works.items():
        missing = [name for name in _FIELDS if not record.get(name)]
        if missing:
            yield f"references.json: {key} lacks {', '.join(missing)}"
        if key not in cited:
            yield f"references.json: {key} is cited by no source"
