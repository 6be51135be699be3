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


def short_names(
    record: Record,
    *,
    last: str,
    most: int,
    italics: bool = False,
    lead: str = "",
    shown: int = 1,
) -> str:
    """Family names for the text: all up to `most`, else the first and *et al.*; or empty.

    Args:
        record: CSL-JSON.
        last: Joining word before the last name.
        most: Names printed before *et al.* takes their place.
        italics: Whether *et al.* stands in italics.
        lead: Printed in place of the first family name, where others share it.
        shown: Names printed before *et al.*, more than one where it takes more to tell works
            apart; *et al.* never stands for one name alone.
    """
    names = families(record)
    names[:1] = [lead or name for name in names[:1]]
    others = italic("et al.") if italics else "et al."
    if len(names) <= most or len(names) <= shown + (shown > 1):
        return joined(names, last, oxford="" if len(names) <= most else ",")
    comma = "," if shown > 1 else ""
    return f"{', '.join(names[:shown])}{comma} {others}"


def families(record: Record) -> list[str]:
    """Family names of the authors, else of the editors, as a citation in the text has them."""
    return [family_of(name) for name in creators(record) or creators(record, "editor")]


def leads(records: Sequence[Record]) -> list[str]:
    """What stands for each record's first family name where different people share it.

    `A. Smith` and `B. Smith`; where the initials are the same too, the given names are written
    out. Empty where the family name is enough. `Ronald A.` and `R.` may be one person.
    """
    first = [(creators(record) or creators(record, "editor") or [{}])[0] for record in records]
    return [_lead(name, first) for name in first]


def _lead(name: Name, others: Sequence[Name]) -> str:
    family, given = full_family(name), name.get("given", "")
    same = [
        other["given"]
        for other in others
        if other.get("given") and full_family(other).casefold() == family.casefold()
    ]
    strangers = [other for other in same if not _may_be_one(given, other)]
    if (
        not family
        or not given
        or not any(not _may_be_one(one, other) for one in same for other in same)
    ):
        return ""
    short = initials(given, " ")
    is_shared = any(initials(other, " ") == short for other in strangers)
    return f"{given if is_shared else short} {family}"


def _may_be_one(one: str, other: str) -> bool:
    """Whether two given names may be of one person: `Ronald A.`, `R. A.`; `C. Otto`, `Otto`."""
    words, others = (re.findall(r"[^\s.]+", name.casefold()) for name in (one, other))
    if any(len(word) > 1 and word in others for word in words):
        return True
    ordered = (sorted(pair, key=len) for pair in zip(words, others, strict=False))
    return all(a == b or (len(a) == 1 and b.startswith(a)) for a, b in ordered)


def sort_key(text: str) -> str:
    """What an alphabetical list is sorted by: letters without case, articles left out."""
    return re.sub(r"^(a|an|the) ", "", re.sub(r"[^\w ]", "", text).casefold())
