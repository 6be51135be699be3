"""Names of authors and editors, printed as the styles want them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.references.marks import clean, italic
from kb.references.records import Name, Record


def creators(record: Record, role: str = "author") -> list[Name]:
    """The cleaned names that the record states for a role; empty where there are none."""
    names = []
    for name in record.get(role) or []:
        kept = {key: clean(str(value)) for key, value in dict(name).items() if value}
        if kept.get("literal") or kept.get("family") or kept.get("given"):
            names.append(kept)
    return names


def initials(given: str, gap: str) -> str:
    """`Ronald A.` as `R. A.` with `gap` between the initials; hyphens are kept."""
    letters = []
    for word in given.replace(".", ". ").split():
        parts = [f"{part[0].upper()}." for part in word.split("-") if part and part[0].isalpha()]
        if parts:
            letters.append("-".join(parts))
    return gap.join(letters)


def family_of(name: Name) -> str:
    """The name that stands in a citation in the text."""
    return name.get("literal") or full_family(name) or name.get("given", "")


def full_family(name: Name) -> str:
    """Family name with its particle, if the record keeps that apart."""
    particle = name.get("non-dropping-particle", "")
    return f"{particle} {name.get('family', '')}".strip()


def family_first(name: Name, *, gap: str | None, suffix_mark: str = ", ") -> str:
    """`Heifetz, R. A.`; with `gap` None the given names are written out."""
    if "literal" in name or not name.get("given") or not name.get("family"):
        return family_of(name)
    given = name["given"] if gap is None else initials(name["given"], gap)
    printed = f"{full_family(name)}, {given}" if given else full_family(name)
    return printed + (suffix_mark + name["suffix"] if name.get("suffix") else "")


def given_first(name: Name, *, gap: str | None) -> str:
    """`R. A. Heifetz`; with `gap` None the given names are written out."""
    if "literal" in name or not name.get("given") or not name.get("family"):
        return family_of(name)
    given = name["given"] if gap is None else initials(name["given"], gap)
    suffix = f" {name['suffix']}" if name.get("suffix") else ""
    return f"{given} {full_family(name)}{suffix}".strip()


def joined(names: Sequence[str], last: str, *, oxford: str = ",") -> str:
    """`A, B, and C`, with `last` as the joining word and `oxford` before it from three on."""
    if len(names) < 3:
        return f" {last} ".join(names)
    return f"{', '.join(names[:-1])}{oxford} {last} {names[-1]}"


def short_names(record: Record, *, last: str, most: int, italics: bool = False) -> str:
    """Family names for the text: all up to `most`, else the first and *et al.*; or empty."""
    names = [family_of(name) for name in creators(record) or creators(record, "editor")]
    if len(names) > most:
        return f"{names[0]} {italic('et al.') if italics else 'et al.'}"
    return joined(names, last, oxford="")


def sort_key(text: str) -> str:
    """What an alphabetical list is sorted by: letters without case, articles left out."""
    return re.sub(r"^(a|an|the) ", "", re.sub(r"[^\w ]", "", text).casefold())
