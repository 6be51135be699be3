"""Records written as BibTeX, RIS and CSL-JSON, for reference managers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

from kb.references.marks import WORD, clean, in_headline_capitals
from kb.references.names import creators, family_first, family_of, full_family
from kb.references.records import Name, Record, date_of

_BIBTEX_KINDS = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
_RIS_KINDS = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "entry-encyclopedia": "ENCYC",
    "paper-conference": "CPAPER",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
    "post-weblog": "BLOG",
    "speech": "SLIDE",
}
_PUBLISHERS = {"techreport": "institution", "phdthesis": "school"}
# BibTeX's own characters; braces and backslashes of a field would break the entry.
_BIBTEX_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%",
    "&": r"\&", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def write_csl_json(records: Iterable[Record]) -> str:
    """A CSL-JSON array; the order and the fields of the records are kept."""
    return json.dumps([dict(record) for record in records], ensure_ascii=False, indent=2) + "\n"


def write_bibtex(records: Iterable[Record]) -> str:
    """BibTeX entries in UTF-8, each with a key of its own (`heifetz1994leadership`)."""
    taken: set[str] = set()
    return "\n".join(_bibtex_entry(record, _key(record, taken)) for record in records)


def write_ris(records: Iterable[Record]) -> str:
    """RIS entries with CRLF line ends, as the format's description asks."""
    lines: list[str] = []
    for record in records:
        lines += [f"{tag}  - {value}" for tag, value in _ris_lines(record) if value]
        lines += ["ER  - ", ""]
    return "\r\n".join(lines)


def _bibtex_entry(record: Record, key: str) -> str:
    kind = _BIBTEX_KINDS.get(str(record.get("type")), "misc")
    article = kind == "article"
    names = {
        role: " and ".join(_bibtex_name(name) for name in creators(record, role))
        for role in ("author", "editor")
    }
    date = date_of(record)
    fields = {
        **names,
        "title": _protected(_text(record, "title")),
        "year": str(date[0]) if date else "",
        "month": str(date[1]) if len(date) > 1 else "",
        "journal" if article else "booktitle": (_braced if article else _protected)(
            _text(record, "container-title")
        ),
        "volume": _braced(_text(record, "volume")),
        "number": _braced(_text(record, "issue") or _text(record, "number")),
        "pages": _braced(re.sub(r"\s*[-–]+\s*", "--", _text(record, "page"))),
        "edition": _braced(_text(record, "edition")),
        _PUBLISHERS.get(kind, "publisher"): _braced(_text(record, "publisher")),
        "address": _braced(_text(record, "publisher-place")),
        "doi": _address(record, "DOI"),
        "isbn": _text(record, "ISBN"),
        "url": _address(record, "URL"),
        "urldate": _iso(date_of(record, "accessed")),
        "type" if kind == "phdthesis" else "note": _braced(_text(record, "genre")),
        "keywords": _braced(_text(record, "keyword")),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{body}}}\n"


def _ris_lines(record: Record) -> list[tuple[str, str]]:
    date = date_of(record)
    pages = re.split(r"\s*[-–]+\s*", _text(record, "page"), maxsplit=1)
    container = _text(record, "container-title")
    tag = "JO" if str(record.get("type", "")).startswith("article") else "T2"
    return [
        ("TY", _RIS_KINDS.get(str(record.get("type")), "GEN")),
        *(("AU", family_first(name, gap=None)) for name in creators(record)),
        *(("ED", family_first(name, gap=None)) for name in creators(record, "editor")),
        ("TI", _text(record, "title")),
        (tag, container),
        ("PY", str(date[0]) if date else ""),
        ("DA", "/".join(f"{part:02d}" for part in date) if len(date) > 1 else ""),
        ("VL", _text(record, "volume")),
        ("IS", _text(record, "issue") or _text(record, "number")),
        ("SP", pages[0]),
        ("EP", pages[1] if len(pages) > 1 else ""),
        ("ET", _text(record, "edition")),
        ("PB", _text(record, "publisher")),
        ("CY", _text(record, "publisher-place")),
        ("DO", _text(record, "DOI")),
        ("SN", _text(record, "ISBN") or _text(record, "ISSN")),
        ("UR", _text(record, "URL")),
        ("Y2", _iso(date_of(record, "accessed")).replace("-", "/")),
        ("M3", _text(record, "genre")),
        *(("KW", word.strip()) for word in _text(record, "keyword").split(",")),
    ]


def _iso(date: tuple[int, ...]) -> str:
    return "-".join(f"{part:02d}" for part in date)


def _text(record: Record, key: str) -> str:
    return clean(str(record.get(key) or ""))


def _address(record: Record, key: str) -> str:
    """A field that must not be escaped; a brace or backslash in it would end the entry."""
    text = _text(record, key)
    for mark in "{}\\":
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


def _braced(text: str) -> str:
    return "".join(_BIBTEX_ESCAPES.get(character, character) for character in text)


def _protected(title: str) -> str:
    """The title with braces around capitals that a style would lower: `{Kotter}'s`, `{ADKAR}`.

    The capital at the start and after a colon stays without them. A title that has capitals
    on all longer words shows no names, so only words with two capitals are protected.
    """
    is_headline = in_headline_capitals(title)
    printed, end = [], 0
    for found in WORD.finditer(title):
        word, before = found[0], title[: found.start()]
        capitals = sum(character.isupper() for character in word)
        stays = is_headline or (word[0].isupper() and (not before or before.endswith(": ")))
        text = _braced(word)
        keeps = capitals > 1 or (capitals == 1 and not stays)
        printed += [_braced(title[end : found.start()]), f"{{{text}}}" if keeps else text]
        end = found.end()
    return "".join([*printed, _braced(title[end:])])


def _bibtex_name(name: Name) -> str:
    if "literal" in name or not name.get("given"):
        return f"{{{_braced(family_of(name))}}}"
    parts = [full_family(name), name.get("suffix", ""), name["given"]]
    return ", ".join(_name_part(part) for part in parts if part)


def _name_part(part: str) -> str:
    """The part, in braces if BibTeX would read two names or two parts in it."""
    text = _braced(part)
    return f"{{{text}}}" if "," in text or re.search(r"\band\b", text, re.I) else text


def _key(record: Record, taken: set[str]) -> str:
    people = creators(record) or creators(record, "editor")
    date = date_of(record)
    words = [word for word in re.findall(r"\w+", _text(record, "title").lower()) if len(word) > 3]
    # A key that begins with a digit is refused by some programs.
    named = [family_of(people[0])] if people else []
    first, *others = [*named, *words[: 2 - len(named)]] or [""]
    parts = [first, str(date[0]) if date else "", *others]
    ascii_only = unicodedata.normalize("NFKD", "".join(parts)).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]", "", ascii_only.lower()) or "work"
    key, at = base, 1
    while key in taken:
        at += 1
        key = f"{base}-{at}"
    taken.add(key)
    return key
