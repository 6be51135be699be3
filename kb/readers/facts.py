"""Keys and values that a file states of itself (front matter, sidecars) → `Metadata`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kb.records import Metadata

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_JUNK_TITLE = re.compile(
    r"(?i)(?:microsoft (?:word|powerpoint) - .*|untitled.*|document\s?\d*|presentation\s?\d*|"
    r"powerpoint presentation|word document|slide \d+|(?:no|unknown) title|title|"
    r".*\.(?:docx?|pdf|indd|tex|dvi|pptx?|qxd|rtf|odt|odp))"
)
_JUNK_AUTHOR = re.compile(
    r"(?i)(?:admin(?:istrator)?|user|unknown(?: author)?|owner|author|default|"
    r"python-(?:docx|pptx)|microsoft(?: office)? user|steve canny|\W*)"
)
_LISTS = {
    "author": "authors",
    "authors": "authors",
    "aliases": "aliases",
    "people": "people",
    "sources": "cites",
    "cites": "cites",
}
_TEXTS = ("title", "framework", "family")
# CSL-JSON fields that are passed on, by their name in lower case with hyphens.
_CSL = {
    name.lower(): name
    for name in (
        "publisher", "publisher-place", "container-title", "collection-title", "event-title",
        "DOI", "URL", "ISBN", "ISSN", "type", "volume", "issue", "page", "number", "edition",
        "genre", "language", "abstract", "accessed", "archive", "medium", "title-short", "section",
    )
}  # fmt: skip


def metadata_of(facts: Mapping[str, Any]) -> tuple[Metadata, tuple[str, ...]]:
    """The bibliographic record, and a sentence for each value that could not be taken over.

    Unknown keys are passed over: front matter is also used for other things.
    """
    fields: dict[str, Any] = {}
    csl: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in facts.items():
        name = str(key).strip().lower().replace("_", "-")
        if name in _TEXTS:
            _take(fields, name, _text(value))
        elif name in _LISTS:
            fields[_LISTS[name]] = (*fields.get(_LISTS[name], ()), *_texts(value, name))
        elif name in ("year", "date", "issued") and value not in (None, ""):
            year = _YEAR.search(_text(value) or "")
            if year:
                fields.setdefault("year", int(year[1]))
            else:
                problems.append(f"{key}: {str(value)[:60]!r} holds no year; expected e.g. 2021")
        elif name in _CSL:
            _take(csl, _CSL[name], _text(value))
        elif name == "csl" and isinstance(value, Mapping):
            csl.update({str(field): inner for field, inner in value.items()})
    return Metadata(**fields, csl=csl), tuple(problems)


def year_of(value: str | None) -> int | None:
    """The first year that stands in a date of any form."""
    found = _YEAR.search(value or "")
    return int(found[1]) if found else None


def stated_title(value: str | None) -> str | None:
    """A title from a file's properties, unless a program put its own words there."""
    title = " ".join((value or "").split())
    return None if not title or _JUNK_TITLE.fullmatch(title) else title


def stated_authors(value: str | None) -> tuple[str, ...]:
    """Authors from a file's properties, unless they name an account or a program."""
    names = (value or "").strip()
    return () if _JUNK_AUTHOR.fullmatch(names) else split_names(names)


def split_names(value: str) -> tuple[str, ...]:
    """The persons of one string: parted by semicolons, "and" or "&", else by commas."""
    parts = re.split(r"\s*;\s*|,?\s+(?:and|&)\s+", value.strip())
    if len(parts) == 1 and value.count(",") >= 1:
        by_comma = [part.strip() for part in value.split(",")]
        # "Lee, Ann" is one person, family name first; "Ann Lee, Bo Ek" are two.
        if all(" " in part for part in by_comma):
            parts = by_comma
    return tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))


def _take(fields: dict[str, Any], name: str, value: str | None) -> None:
    if value:
        fields[name] = value


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, list | tuple | Mapping):
        return None
    text = " ".join(str(value).split())
    return None if text in ("", "~", "null") else text


def _texts(value: Any, name: str) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        value = [value]
    if isinstance(value, list | tuple):
        texts = (_name(entry) for entry in value)
        return tuple(text for text in texts if text)
    text = _text(value)
    if not text:
        return ()
    if name in ("author", "authors"):
        return split_names(text)
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _name(entry: Any) -> str | None:
    """A person written out: a string, or a mapping as in CSL-JSON."""
    if not isinstance(entry, Mapping):
        return _text(entry)
    whole = entry.get("name") or entry.get("literal") or entry.get("key")
    parts = (_text(entry.get("given")), _text(entry.get("family")))
    return _text(whole) or " ".join(part for part in parts if part) or None
