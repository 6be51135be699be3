"""Addresses of pages: every view can be shared, and a link works without a new session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from kb.records import Citation, Filters, Hit

Value = str | int | None | Sequence[str]
_FOLDER = Path(__file__).parent / "pages"


@dataclass(frozen=True, slots=True)
class PageFile:
    """One page: its file, its name in the menu, whether it is listed there, and its width."""

    file: Path
    title: str
    in_menu: bool = True
    is_wide: bool = False


# By the last part of the address; the home page has none.
PAGES: dict[str, PageFile] = {
    "": PageFile(_FOLDER / "home.py", "Home"),
    "ask": PageFile(_FOLDER / "ask.py", "Ask"),
    "compare": PageFile(_FOLDER / "compare.py", "Compare", is_wide=True),
    "library": PageFile(_FOLDER / "library.py", "Library", is_wide=True),
    "collection": PageFile(_FOLDER / "collection.py", "Collection"),
    "quality": PageFile(_FOLDER / "quality.py", "Quality", is_wide=True),
    "source": PageFile(_FOLDER / "source.py", "Source", in_menu=False),
}


def address(page: str, parameters: Mapping[str, Value] | None = None) -> str:
    """The address of a page relative to any other page; empty parameters are left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in (parameters or {}).items():
        if isinstance(value, str | int):
            pairs += [(name, str(value))] if value != "" else []
        else:
            pairs += [(name, each) for each in value or ()]
    return (page or "./") + ("?" + urlencode(pairs) if pairs else "")


def source_address(place: Citation | Hit, generation: str) -> str:
    """The address of a source opened at a citation or passage."""
    return span_address(place.document_id, place.start, place.end, generation)


def span_address(document_id: str, start: int, end: int, generation: str) -> str:
    """The address of a source opened at a stretch of its text."""
    return address(
        "source",
        {"document": document_id, "start": start, "end": end, "generation": generation},
    )


def ask_address(question: str, filters: Filters | None = None, generation: str = "") -> str:
    """The address of a question with its filters."""
    chosen = filters or Filters()
    return address(
        "ask",
        {
            "question": question,
            "framework": chosen.frameworks,
            "family": chosen.families,
            "kind": chosen.formats,
            "from": chosen.year_from,
            "to": chosen.year_to,
            "generation": generation,
        },
    )
