"""E-books (EPUB): zip and lxml over the spine, chapters in reading order, package metadata."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from kb.errors import UnreadableFile
from kb.readers.archive import Package, leads_out
from kb.readers.blocks import BlockWriter, first_heading
from kb.readers.facts import stated_authors, stated_title, year_of
from kb.readers.limits import Limits
from kb.readers.markup import TreeReader
from kb.records import Metadata, Reading

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


def read(content: bytes, *, name: str, limits: Limits) -> Reading:
    """Text and structure of an e-book; pages are those of the printed edition, where marked.

    Raises:
        UnreadableFile: Empty, damaged, protected, past a limit, or without text.
    """
    package = Package(content, name=name, kind="an e-book (.epub)", limits=limits)
    book = _Book(package)
    writer = BlockWriter()
    problems = []
    reader = TreeReader(writer)
    for href in book.spine[: limits.max_pages]:
        if href not in package.names:
            problems.append(f"{name} lacks its part {href}; the rest was read")
            continue
        tree = _html(package.read(href))
        if tree is None:
            problems.append(f"{name}: its part {href} cannot be read; the rest was")
            continue
        _add_chapter(tree, dict(book.labels.get(href, {})), reader)
    if len(book.spine) > limits.max_pages:
        problems.append(f"{name}: only the first {limits.max_pages} parts were read")
    text = writer.text()
    if not text:
        raise UnreadableFile(f"{name} holds no text; expected an e-book with chapters")
    metadata = book.metadata(first_heading(text, writer.blocks))
    return Reading(text, tuple(writer.blocks), (), metadata, tuple(problems))


def _add_chapter(tree: Any, labels: dict[str, int], reader: TreeReader) -> None:
    """A chapter whose headings are not marked as such has those of the table of contents."""
    writer = reader.writer
    trial = BlockWriter()
    TreeReader(trial).read(tree)
    text = trial.text()
    words = {" ".join(text[b.start : b.end].split()) for b in trial.blocks}
    marked = any(block.kind == "heading" for block in trial.blocks)
    if labels and trial.blocks and not marked and not words.intersection(labels):
        label = next(iter(labels))
        writer.add("heading", label, level=labels[label], page=reader.page)
    before = len(writer.blocks)
    reader.read(tree)
    if marked:
        return
    text = writer.text()
    for place, block in enumerate(writer.blocks[before:], start=before):
        label = " ".join(text[block.start : block.end].split())
        if block.kind == "paragraph" and label in labels:
            writer.blocks[place] = replace(block, kind="heading", level=labels.pop(label))


class _Book:
    """The package document: what belongs to the book and in which order."""

    def __init__(self, package: Package) -> None:
        self._package = package
        container = _xml(package, "META-INF/container.xml")
        root = next((item.get("full-path") for item in container.iter("{*}rootfile")), None)
        if not root or leads_out(root):
            raise UnreadableFile(f"{package.name} does not say where its content is")
        self._opf = _xml(package, root)
        self._folder = posixpath.dirname(root)
        manifest: dict[str, Any] = {item.get("id"): item for item in self._opf.iter("{*}item")}
        refs = [manifest.get(ref.get("idref")) for ref in self._opf.iter("{*}itemref")]
        items = [item for item in refs if item is not None
                 and "nav" not in (item.get("properties") or "").split()
                 and (item.get("media-type") or "application/xhtml+xml") in _PAGES]  # fmt: skip
        hrefs = [self._member(item.get("href") or "", self._folder) for item in items]
        self.spine = [href for href in hrefs if href]
        self._refuse_protected()
        self.labels = self._labels(manifest)

    def metadata(self, heading: str | None) -> Metadata:
        """Title, authors, date and publisher as the package states them."""

        def stated(tag: str) -> list[str]:
            elements = self._opf.iter(f"{{http://purl.org/dc/elements/1.1/}}{tag}")
            texts = (" ".join("".join(element.itertext()).split()) for element in elements)
            return [text for text in texts if text]

        titles = stated("title")
        dates = [date for date in stated("date") if not self._is_stamp(date)]
        isbn = next((code.lower().removeprefix("urn:isbn:") for code in stated("identifier")
                     if "isbn" in code.lower()), None)  # fmt: skip
        csl = {
            "type": "book",
            "publisher": next(iter(stated("publisher")), None),
            "language": next(iter(stated("language")), None),
            "ISBN": isbn,
        }
        people = (name for creator in stated("creator") for name in stated_authors(creator))
        return Metadata(
            title=stated_title(titles[0] if titles else None) or heading,
            authors=tuple(dict.fromkeys(people)),
            year=year_of(dates[0]) if dates else None,
            csl={field: value for field, value in csl.items() if value},
        )

    def _is_stamp(self, date: str) -> bool:
        """Whether a date with a time of day is that of the file's making, not of the work."""
        marks = [mark for mark in self._opf.iter("{*}meta")
                 if mark.get("property") == "dcterms:modified"]  # fmt: skip
        return "T" in date and any((mark.text or "").strip()[:10] == date[:10] for mark in marks)

    def _member(self, href: str, folder: str) -> str | None:
        path = posixpath.normpath(posixpath.join(folder, unquote(href.split("#")[0])))
        return None if not href or leads_out(path) else path

    def _refuse_protected(self) -> None:
        if "META-INF/encryption.xml" not in self._package.names:
            return
        marks = _xml(self._package, "META-INF/encryption.xml").iter("{*}CipherReference")
        locked = {unquote(mark.get("URI") or "") for mark in marks}
        if locked.intersection(self.spine):
            raise UnreadableFile(f"{self._package.name} is copy-protected; its text is encrypted")

    def _labels(self, manifest: dict[str, Any]) -> dict[str, dict[str, int]]:
        """The entries of the table of contents with their depth, for each part of the book."""
        labels: dict[str, dict[str, int]] = {}

        def note(words: str, target: str | None, folder: str, depth: int) -> None:
            path = self._member(target or "", folder)
            words = " ".join(words.split())
            if path and words:
                labels.setdefault(path, {}).setdefault(words, max(1, min(depth, 6)))

        for item in manifest.values():
            path = self._member(item.get("href") or "", self._folder)
            if path not in self._package.names:
                continue
            folder = posixpath.dirname(path or "")
            if item.get("media-type") == "application/x-dtbncx+xml":
                for point in _xml(self._package, str(path)).iter("{*}navPoint"):
                    words = next(("".join(mark.itertext()) for mark in point.iter("{*}text")), "")
                    target = next((mark.get("src") for mark in point.iter("{*}content")), None)
                    depth = 1 + sum(1 for _ in point.iterancestors("{*}navPoint"))
                    note(words, target, folder, depth)
            elif "nav" in (item.get("properties") or "").split():
                tree = _html(self._package.read(str(path)))
                for link in tree.iter("{*}a") if tree is not None else ():
                    depth = sum(1 for _ in link.iterancestors("{*}ol", "ol"))
                    note("".join(link.itertext()), link.get("href"), folder, depth)
        return labels


def _xml(package: Package, member: str) -> Any:
    """A tree without entities from outside; small faults of the writer are mended."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    tree = etree.fromstring(package.read(member), parser)
    if tree is None:
        raise UnreadableFile(f"{package.name} is damaged at {member}")
    return tree


def _html(content: bytes) -> Any:
    """The tree of a chapter; read as HTML where it is not well formed."""
    from lxml import etree, html

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(content, parser)
        if not any(isinstance(node, etree._Entity) for node in tree.iter(etree.Entity)):
            return tree
    except etree.XMLSyntaxError:
        pass
    try:
        return html.document_fromstring(
            content, parser=html.HTMLParser(no_network=True, encoding="utf-8")
        )
    except (etree.LxmlError, ValueError, AssertionError):
        return None
