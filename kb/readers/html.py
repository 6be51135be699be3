"""HTML: the main content by trafilatura, the rest of the page left out; facts from meta tags."""

from __future__ import annotations

import codecs
import json
import logging
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from kb.errors import UnreadableFile
from kb.readers.blocks import BlockWriter, first_heading
from kb.readers.bylines import byline_names, date_year
from kb.readers.decoding import decode
from kb.readers.facts import split_names, year_of
from kb.readers.furniture import verdict
from kb.readers.markup import TreeReader
from kb.records import Block, Metadata, Reading

# A page whose extract is shorter than this share of its visible text is read whole.
MIN_EXTRACT_SHARE = 0.1
# A page whose extract is longer than this share of it is content from first to last.
MOST_SHARE = 0.85
# Shorter blocks ("Home") may stand in the extract by chance.
MATCH_CHARS = 12
# Blocks with more links than this lead elsewhere.
LINKED_SHARE = 0.6
# A byline stands among the first blocks.
HEAD_BLOCKS = 12
BYLINE_WORDS = 20

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ARTICLE_TYPES = re.compile(r"(?i)article|posting|report|chapter|book|webpage|creativework")
_SITE = re.compile(r"\s+[|–—·•»-]\s+")


def read(content: bytes, *, name: str) -> Reading:
    """Main content and metadata of a web page.

    The extractor says which part of the page is its content; headings, lists and tables in
    that part are taken from the page itself, because extractors drop some of them.

    Raises:
        UnreadableFile: Empty, binary, or without visible text.
    """
    source, problems = _decode(content, name)
    tree = _parse(source, name)
    facts = _facts(tree)
    whole = BlockWriter()
    reader = TreeReader(whole)
    reader.read(tree)
    text = whole.text()
    if not text:
        raise UnreadableFile(f"{name} shows no text; expected a page with content")
    writer = BlockWriter()
    shown = _content_blocks(text, reader, _main_content(source)) or whole.blocks
    for place, block in enumerate(shown):
        words = text[block.start : block.end]
        kind = "furniture" if _is_furniture(block, words, place) else block.kind
        writer.add(kind, words, level=block.level, ordered=block.ordered)
    text, blocks = writer.text(), tuple(writer.blocks)
    return Reading(text, blocks, (), _metadata(facts, tree, text, blocks), problems)


def _content_blocks(text: str, reader: TreeReader, content: str) -> list[Block]:
    """The blocks from the first to the last that the extractor found, without links and asides."""
    blocks = reader.writer.blocks
    found, at = [], 0
    for block in blocks:
        words = _squeezed(text[block.start : block.end])
        place = content.find(words, at)
        if place < 0:
            place = content.find(words)
        found.append(place >= 0 and len(words) >= MATCH_CHARS)
        at = place + len(words) if found[-1] else at
    sizes = [len(_squeezed(text[block.start : block.end])) for block in blocks]
    beside = sum(size for size, aside in zip(sizes, reader.aside, strict=True) if aside)
    extract = sum(size for size, hit in zip(sizes, found, strict=True) if hit)
    if extract < MIN_EXTRACT_SHARE * sum(sizes) or extract > MOST_SHARE * (sum(sizes) - beside):
        found = [not aside for aside in reader.aside]
    first = found.index(True) if True in found else 0
    last = len(found) - 1 - found[::-1].index(True) if True in found else -1
    # The headings right above the content belong to it.
    while first and blocks[first - 1].kind == "heading" and not reader.aside[first - 1]:
        first -= 1
    # So does the rest of a list that it closes with.
    while 0 <= last < len(blocks) - 1 and blocks[last + 1].kind in ("item", "table", "note"):
        if reader.aside[last + 1] or reader.linked[last + 1] >= LINKED_SHARE:
            break
        last += 1
    return [
        block
        for place, block in enumerate(blocks)
        if first <= place <= last
        and (found[place] or (reader.linked[place] < LINKED_SHARE and not reader.aside[place]))
    ]


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _is_furniture(block: Block, words: str, place: int) -> bool:
    if block.kind not in ("paragraph", "item", "heading"):
        return False
    signed = block.kind != "heading" and place < HEAD_BLOCKS and len(words.split()) <= BYLINE_WORDS
    dated = signed and (byline_names(words) or date_year(words))
    return bool(dated) or verdict(words) == "certain"


def _decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The characters by byte-order mark, UTF-8, the page's own declaration, or a guess."""
    declared = _DECLARED.search(content[:4096])
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        encoding = declared[1].decode("ascii").lower() if declared else ""
        if encoding in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
            encoding = "cp1252"  # as browsers do
        if encoding and not encoding.startswith(("utf", "unicode")):
            try:
                codecs.lookup(encoding)
                return content.decode(encoding), ()
            except (LookupError, UnicodeError, ValueError):
                pass
    return decode(content, name=name)


def _parse(source: str, name: str) -> Any:
    from lxml import etree, html

    # Without `huge_tree` everything below the 256th open tag would be dropped in silence.
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(_DECLARATION.sub("", source), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        # The parser mends every fault; what it reports as one is mostly a lack of memory.
        raise UnreadableFile(
            f"{name} cannot be parsed: it is no HTML, or needs more memory than the limit"
        ) from None
    return tree


def _main_content(source: str) -> str:
    """The words of the page's main content without white space; empty if none is found."""
    from trafilatura import bare_extraction

    # It reports every page without an article; we decide on that ourselves.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(
            _DECLARATION.sub("", source), include_comments=False, include_tables=True
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return ""  # the whole page is read instead
    body = getattr(found, "body", None)
    return "" if body is None else _squeezed("".join(body.itertext()))


def _facts(tree: Any) -> dict[str, list[str]]:
    """Values of meta tags and of the article's JSON-LD by lower-case name, in order."""
    facts: dict[str, list[str]] = {}

    def note(name: str, value: Any) -> None:
        if isinstance(value, str) and value.strip():
            facts.setdefault(name.lower(), []).append(" ".join(value.split())[:1000])

    for meta in tree.iter("meta"):
        key = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        note(key, meta.get("content"))
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            for thing in _things(script.text or ""):
                note("ld:headline", thing.get("headline") or thing.get("name"))
                note("ld:date", thing.get("datePublished"))
                for person in _people(thing.get("author")):
                    note("ld:author", person)
    for title in tree.iter("title"):
        note("title", title.text_content())
    return facts


def _things(source: str) -> Iterator[Mapping[str, Any]]:
    """The articles that a JSON-LD script describes."""
    try:
        found = json.loads(source)
    except (ValueError, RecursionError):
        return
    graph = found.get("@graph", [found]) if isinstance(found, dict) else found
    for thing in graph if isinstance(graph, list) else ():
        if isinstance(thing, dict) and _ARTICLE_TYPES.search(str(thing.get("@type", ""))):
            yield thing


def _people(author: Any) -> Iterator[str]:
    for person in author if isinstance(author, list) else [author]:
        name = person.get("name") if isinstance(person, dict) else person
        if isinstance(name, str):
            yield name


def _metadata(
    facts: Mapping[str, list[str]], tree: Any, text: str, blocks: tuple[Block, ...]
) -> Metadata:
    def first(*names: str) -> str | None:
        return next((facts[name][0] for name in names if name in facts), None)

    authors = facts.get("citation_author") or facts.get("dc.creator") or facts.get("ld:author")
    stated = first("author", "article:author", "parsely-author", "sailthru.author")
    if not authors and stated and not stated.startswith(("http", "/")):
        authors = list(split_names(stated.removeprefix("By ").removeprefix("by ")))
    head = [text[block.start : block.end] for block in blocks[:HEAD_BLOCKS]]
    lines = [line for words in head for line in words.split("\n")]
    if not authors:
        authors = [name for line in lines for name in byline_names(line)]
    year = year_of(
        first("citation_publication_date", "citation_date", "citation_year", "dc.date",
              "article:published_time", "ld:date", "datepublished", "date", "dcterms.created",
              "dc.date.issued", "parsely-pub-date")
    )  # fmt: skip
    year = year or next((found for line in lines if (found := date_year(line))), None)
    csl = {
        "publisher": first("citation_publisher", "dc.publisher"),
        "container-title": first("citation_journal_title", "citation_book_title", "og:site_name"),
        "DOI": first("citation_doi", "dc.identifier.doi"),
        "volume": first("citation_volume"),
        "issue": first("citation_issue"),
        "URL": first("og:url") or _canonical(tree),
    }
    return Metadata(
        title=_title(facts, text, blocks),
        authors=tuple(dict.fromkeys(authors)),
        year=year,
        csl={field: value for field, value in csl.items() if value},
    )


def _canonical(tree: Any) -> str | None:
    for link in tree.iter("link"):
        if link.get("rel") == "canonical" and (link.get("href") or "").startswith("http"):
            return str(link.get("href"))
    return None


def _title(facts: Mapping[str, list[str]], text: str, blocks: tuple[Block, ...]) -> str | None:
    """The stated title without the name of the site."""
    for name in ("citation_title", "dc.title", "ld:headline", "og:title"):
        if name in facts:
            return _without_site(facts[name][0], facts)
    heading = first_heading(text, list(blocks))
    whole = facts.get("title", [""])[0]
    if heading:
        return heading
    return _without_site(whole, facts) or None


def _without_site(title: str, facts: Mapping[str, list[str]]) -> str:
    sites = {site.casefold() for site in facts.get("og:site_name", [])}
    parts = _SITE.split(title)
    if len(parts) > 1:
        if parts[-1].casefold() in sites:
            return title[: title.rindex(parts[-1])].rstrip(" |–—·•»-")
        if parts[0].casefold() in sites:
            return title[len(parts[0]) :].lstrip(" |–—·•»-")
        if not sites and all(len(a) > len(b) for a, b in pairwise(parts)) and len(parts[0]) > 15:
            return parts[0]
    return title
