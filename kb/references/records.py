"""A source of the library to its CSL-JSON record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from kb.records import Source

Record = Mapping[str, Any]
Name = dict[str, str]
Place = tuple[Literal["page", "paragraph"], str]
"""A kind of place and its number, or numbers: `("page", "12–14")`."""

SLIDES = "PowerPoint slides"
PARTICLES = frozenset(
    ["af", "al", "ap", "av", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "dos",
     "du", "el", "la", "le", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur"]
)  # fmt: skip
SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
# Words that no personal name holds; one of them makes the name an organisation's.
ORGANISATION_WORDS = frozenset([
    "academy", "agency", "army", "association", "authority", "bank", "board", "bureau",
    "center", "centre", "club", "college", "commission", "committee", "company",
    "consortium", "consulting", "cooperative", "corporation", "corps", "council",
    "department", "division", "employment", "faculty", "federation", "force", "foundation",
    "fund", "gmbh", "government", "group", "headquarters", "inc", "incorporated",
    "initiative", "institute", "institution", "international", "journal", "laboratory",
    "league", "llc", "llp", "ltd", "ministry", "museum", "nations", "navy", "network",
    "ngo", "observatory", "office", "organisation", "organization", "partners",
    "partnership", "police", "press", "program", "programme", "project", "publishers",
    "publishing", "secretariat", "school", "service", "services", "society", "staff",
    "studio", "studios", "team", "trust", "union", "university", "wiki", "wikipedia",
])  # fmt: skip
JOINING_WORDS = frozenset(["and", "for", "of", "on", "the", "&"])


def csl_record(source: Source) -> dict[str, Any]:
    """The CSL-JSON record of a source.

    What the metadata's `csl` states wins over what is derived from the other fields. A text
    about a framework that names its originators and no author states the year of the
    framework, not its own, so that year does not date the reference.
    """
    metadata = source.metadata
    record: dict[str, Any] = {"id": source.document_id, "title": source.title}
    if metadata.authors:
        record["author"] = [parse_name(name) for name in metadata.authors]
    if metadata.year is not None and (metadata.authors or not metadata.people):
        record["issued"] = {"date-parts": [[metadata.year]]}
    if source.format == "pptx":
        record["genre"] = SLIDES
    record.update({key: value for key, value in metadata.csl.items() if value not in (None, "")})
    record.setdefault("type", _kind(record))
    return record


def parse_name(text: str) -> Name:
    """A CSL name from `Given Family`, `Family, Given[, Suffix]` or an organisation's name.

    Returns:
        `{"family", "given"[, "suffix"]}`, or `{"literal"}` for organisations, for names of
        one word and for names that are written without spaces.
    """
    name = " ".join(text.split())
    if name.startswith("{") and name.endswith("}"):
        return {"literal": name[1:-1].strip()}
    if _is_organisation(name):
        return {"literal": name}
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and _is_suffix(parts[1]):
        return {**_given_first(parts[0]), "suffix": parts[1]}
    if len(parts) in (2, 3) and all(parts):
        extra = {"suffix": parts[2]} if len(parts) == 3 else {}
        return {"family": parts[0], "given": parts[1], **extra}
    return _given_first(name) if len(parts) == 1 else {"literal": name}


def year_of(record: Record) -> int | None:
    """The year in which the work was issued, or None where nobody stated it."""
    parts = date_of(record)
    return parts[0] if parts else None


def date_of(record: Record, field: str = "issued") -> tuple[int, ...]:
    """Year, month and day, as far as the record states them; empty where it does not."""
    issued = record.get(field)
    if not isinstance(issued, Mapping):
        return ()
    dates = issued.get("date-parts") or []
    if dates and dates[0]:
        return tuple(int(part) for part in dates[0] if str(part).strip().lstrip("-").isdigit())
    found = re.search(r"\b(1\d{3}|20\d{2})\b", str(issued.get("raw") or issued.get("literal")))
    return (int(found[1]),) if found else ()


def _kind(record: Record) -> str:
    if record.get("genre") == SLIDES:
        return "speech"
    if record.get("container-title") and (record.get("volume") or record.get("issue")):
        return "article-journal"
    if record.get("container-title") and (record.get("editor") or record.get("page")):
        return "chapter"
    if record.get("publisher") or record.get("ISBN"):
        return "book"
    return "webpage" if record.get("URL") else "document"


def _is_organisation(name: str) -> bool:
    words = [word.strip(".,()").lower() for word in name.split()]
    return (
        len(words) == 1
        or words[0] in JOINING_WORDS
        or any(character.isdigit() for character in name)
        or any(word in ORGANISATION_WORDS or word in JOINING_WORDS for word in words)
    )


def _is_suffix(word: str) -> bool:
    return word.rstrip(".").lower() in SUFFIXES


def _given_first(name: str) -> Name:
    words = name.split()
    suffix: Name = {"suffix": words.pop()} if len(words) > 2 and _is_suffix(words[-1]) else {}
    if len(words) == 1:
        return {"literal": words[0]}
    at = len(words) - 1
    while at > 1 and words[at - 1] in PARTICLES:
        at -= 1
    return {"family": " ".join(words[at:]), "given": " ".join(words[:at]), **suffix}
