"""A parsed HTML or XHTML tree → blocks, in the order of the page."""

from __future__ import annotations

import re
from typing import Any

from kb.readers.blocks import BlockWriter
from kb.records import BlockKind


def _names(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", words))


_HIDDEN = _names(
    "head script style noscript template svg math iframe object embed applet button select "
    "textarea input option datalist canvas audio video dialog"
)
_PAGE_PARTS = frozenset({"nav", "menu"})
_BLOCKS = _names(
    "address article aside blockquote body center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol "
    "p pre section summary table tbody td tfoot th thead tr ul caption"
)
_ASIDES = frozenset({"aside", "footer", "form"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_LAYOUT = ("table", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "article")
# A table whose cell holds so many characters arranges the page and is no table of its text.
LAYOUT_CELL_CHARS = 400
# Names that page builders give to what stands beside the text, alone or before such an ending.
_BESIDE = re.compile(
    r"(?i)(?:(?!has|with|no|without|body)[\w-]+[-_])?(?:cookies?|consent|gdpr|breadcrumbs?|sidebar|"
    r"footer|navbar|nav|navigation|menu|share|sharing|social|related|newsletter|subscribe|signup|"
    r"comments?|respond|advert|ads?|promo|popup|modal|paywall|toc)"
    r"(?:[-_](?:banner|bar|box|buttons?|list|links?|area|section|wrap|wrapper|container|posts?|"
    r"articles?|stories|widget|form|signup|icons?|content|menu|inner|block|notice|row|items?))*"
)
_SPACE = re.compile(r"[ \t\n\r\f]+")
# Two line breaks in a row part paragraphs on pages of old hands.
_EMPTY_LINE = re.compile(r"\n[ \t\xa0]*\n\s*")
_MARK = re.compile(r"\[?(?:\d{1,3}|[a-z*†‡])\]?")
_MARK_TYPES = frozenset({"noteref", "doc-noteref", "backlink", "doc-backlink"})
_NOTE_TYPES = frozenset({"footnote", "endnote", "rearnote", "note", "doc-footnote", "doc-endnote"})


class TreeReader:
    """Collects the blocks of a tree; hidden parts and menus are left out.

    Attributes:
        writer: Receives the blocks.
        page: Page of every block that is added, where the format has pages.
        linked: For each block added, the share of its characters that is a link.
        aside: For each block added, whether it stands in a side box, form, head or foot.
    """

    def __init__(self, writer: BlockWriter, *, page: str | None = None) -> None:
        self.writer = writer
        self.page = page
        self.linked: list[float] = []
        self.aside: list[bool] = []
        self._anchors = 0
        self._linked_chars = 0
        self._buffer: list[str] = []
        self._open: list[str] = []  # the block elements round the current place
        self._lists: list[bool] = []
        self._fresh: list[bool] = []  # whether the item's own line is still to come
        self._cells: list[str] | None = None
        self._layout: list[bool] = []
        self._notes = 0
        self._roles: list[tuple[Any, int]] = []  # open elements that act as headings
        self._beside: list[Any] = []  # the elements beside the text that are open

    def read(self, root: Any) -> None:
        """Adds everything below `root`."""
        from lxml import etree

        hidden: Any = None
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if hidden is not None:
                if event == "end" and element is hidden:
                    hidden = None
                    self._text(element.tail if element is not root else None)
                continue
            if event in ("comment", "pi"):
                self._text(element.tail)
                continue
            tag = _local(element.tag)
            if event == "start":
                if tag in _HIDDEN or tag in _PAGE_PARTS or _is_hidden(element, tag):
                    hidden = element
                    if tag in _BLOCKS:
                        self._flush()
                    continue
                if _types(element) & {"pagebreak", "doc-pagebreak"}:
                    self._turn_page(element)
                    continue
                self._start(tag, element)
                self._text(element.text)
            else:
                self._end(tag, element)
                if element is not root:
                    self._text(element.tail)
        self._flush()

    def _turn_page(self, element: Any) -> None:
        """A mark of the printed edition: what follows stands on that page."""
        label = element.get("title") or element.get("aria-label") or "".join(element.itertext())
        self.page = label.strip().removeprefix("Page ").strip() or self.page

    def _text(self, text: str | None) -> None:
        if text:
            self._linked_chars += len(text.strip()) if self._anchors else 0
            self._buffer.append(text if "pre" in self._open else _SPACE.sub(" ", text))

    def _start(self, tag: str, element: Any) -> None:
        if tag == "br":
            self._buffer.append("\n")
        self._anchors += tag == "a"
        if tag not in _BLOCKS:
            return
        self._flush()
        self._open.append(tag)
        if level := _heading_level(element, tag):
            self._roles.append((element, level))
        if _is_beside(element, tag):
            self._beside.append(element)
        if tag == "table":
            self._layout.append(_is_layout(element))
        elif tag == "tr" and self._layout and not self._layout[-1]:
            self._cells = []
        elif tag in _LISTS:
            self._lists.append(tag == "ol")
        elif tag == "li":
            self._fresh.append(True)
        if _is_note(element):
            self._notes += 1

    def _end(self, tag: str, element: Any) -> None:
        self._anchors -= tag == "a"
        if tag not in _BLOCKS:
            return
        if tag in ("td", "th") and self._cells is not None:
            self._cells.append(_clean("".join(self._buffer)).replace("\n", " "))
            self._buffer = []
        self._flush()
        if tag == "tr" and self._cells is not None:
            row, self._cells = self._cells, None
            if any(row):
                self._add("table", " | ".join(row))
        elif tag == "table" and self._layout:
            self._layout.pop()
        elif tag in _LISTS and self._lists:
            self._lists.pop()
        elif tag == "li" and self._fresh:
            self._fresh.pop()
        if _is_note(element):
            self._notes -= 1
        if self._beside and self._beside[-1] is element:
            self._beside.pop()
        if self._open:
            self._open.pop()
        if self._roles and self._roles[-1][0] is element:
            self._roles.pop()

    def _flush(self) -> None:
        """Ends the current block, if it holds any text."""
        if self._cells is not None:
            self._buffer.append(" ")
            return
        whole = "".join(self._buffer)
        self._buffer = []
        if "pre" in self._open:
            parts = [whole.strip("\n")]
        else:
            parts = [_clean(part) for part in _EMPTY_LINE.split(whole)]
        for text in parts:
            if text.strip():
                kind, level, ordered = self._kind()
                self._add(kind, text, level=level, ordered=ordered)

    def _add(self, kind: BlockKind, text: str, *, level: int = 0, ordered: bool = False) -> None:
        before = len(self.writer.blocks)
        self.writer.add(kind, text, level=level, page=self.page, ordered=ordered)
        if len(self.writer.blocks) > before:
            self.linked.append(min(1.0, self._linked_chars / len(text)))
            self.aside.append(
                bool(self._beside)
                or any(tag in _ASIDES for tag in self._open)
                or ("header" in self._open and not {"article", "main"} & set(self._open))
            )
        self._linked_chars = 0

    def _kind(self) -> tuple[BlockKind, int, bool]:
        if self._roles:
            return "heading", self._roles[-1][1], False
        for tag in reversed(self._open):
            if tag in _HEADINGS:
                return "heading", _HEADINGS[tag], False
            if tag == "pre":
                return "code", 0, False
            if self._notes:
                return "note", 0, False
            if tag == "li":
                if self._fresh and self._fresh[-1]:
                    self._fresh[-1] = False
                    return "item", max(1, len(self._lists)), bool(self._lists and self._lists[-1])
                break
        return "paragraph", 0, False


def _clean(text: str) -> str:
    """White space as a browser shows it: runs are one space, line breaks stay."""
    lines = (_SPACE.sub(" ", line).strip(" ") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _is_hidden(element: Any, tag: str) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    marks = tag in ("a", "sup") and _is_note_mark(element, tag)
    return element.get("hidden") is not None or "display:none" in style or marks


def _is_note_mark(element: Any, tag: str) -> bool:
    """Whether it is the raised number of a note, or the way back from one."""
    if tag == "a":
        return bool(_MARK_TYPES & _types(element))
    links = list(element.iter("{*}a", "a"))
    leads = len(links) == 1 and "#" in (links[0].get("href") or "")
    return leads and bool(_MARK.fullmatch("".join(element.itertext()).strip()))


def _is_beside(element: Any, tag: str) -> bool:
    """Whether the name of an element says that it stands beside the text."""
    if tag in ("body", "html", "main", "article", *_HEADINGS):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    if not any(_BESIDE.fullmatch(name) for name in names[:12]):
        return False
    return next(element.iter("{*}article", "{*}main", "article", "main"), None) is None


def _is_layout(table: Any) -> bool:
    if any(inner is not table for inner in table.iter(*_LAYOUT)):
        return True
    cells = (cell for cell in table.iter("td") if next(cell.iter("br"), None) is not None)
    return any(len("".join(cell.itertext())) > LAYOUT_CELL_CHARS for cell in cells)


def _heading_level(element: Any, tag: str) -> int:
    """The level of an element that acts as a heading without being one, else 0."""
    if tag == "summary":
        return 3
    if (element.get("role") or "") != "heading" or tag in _HEADINGS:
        return 0
    level = element.get("aria-level") or "2"
    return int(level) if level in {"1", "2", "3", "4", "5", "6"} else 2


def _types(element: Any) -> set[str]:
    """What an e-book says that an element is."""
    types = f"{element.get('{http://www.idpf.org/2007/ops}type') or ''} {element.get('role') or ''}"
    return set(types.lower().split())


def _is_note(element: Any) -> bool:
    return bool(_NOTE_TYPES & _types(element))
