"""References and citations in the text, for one work or for a list of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.records import Locator
from kb.references.fields import fields_of, set_title, short_title
from kb.references.marks import DOUBLE, Run, closed, plain, runs
from kb.references.names import families, family_first, leads, short_names, sort_key
from kb.references.records import SLIDES, Place, Record
from kb.references.styles import SHIPPED, Style

STYLES = tuple(SHIPPED)
_ALIASES = {"mla": "modern-language-association", "chicago": "chicago-author-date"}
_ALIASES |= {"harvard": "harvard-cite-them-right", "apa7": "apa"}


@dataclass(frozen=True, slots=True)
class Work:
    """One work among the others of a list.

    Attributes:
        suffix: `a`, `b`, … where author and year do not tell works apart, else empty.
        number: Its place in the list from 1, in the order of the records.
        titled: Whether a citation in the text needs the title too (MLA).
        lead: First name in the text where the family name is not enough, else empty.
        shown: Names before *et al.* in the text.
    """

    record: Record
    suffix: str = ""
    number: int = 1
    titled: bool = False
    lead: str = ""
    shown: int = 1


def reference(record: Record, *, style: str = "apa", suffix: str = "") -> str:
    """The bibliography entry of a work as plain text, without a number.

    Args:
        record: CSL-JSON.
        style: One of `STYLES`, or any CSL style by name or file (see `kb.references.csl`).
        suffix: Letter after the year, as `works` gives it.

    Raises:
        BadSetting: The style is not known.
    """
    return plain(_entry(record, style, suffix))


def reference_runs(record: Record, *, style: str = "apa", suffix: str = "") -> tuple[Run, ...]:
    """The bibliography entry as stretches of text with and without italics."""
    return runs(_entry(record, style, suffix))


def in_text(record: Record, *, locator: Locator | None = None, style: str = "apa") -> str:
    """The citation in the text of a work that is cited alone: `(Heifetz, 1994, p. 12)`."""
    return plain(_in_text(Work(record), _span(locator), style))


def in_text_runs(
    work: Work, *, locator: Locator | None, style: str, through: Locator | None = None
) -> tuple[Run, ...]:
    """The citation in the text of one of several works, as stretches of text.

    Args:
        work: As `works` gives it.
        locator: Its place, or None for the whole work.
        style: As for `reference`.
        through: The last place, where several places in a row are cited together.
    """
    return runs(_in_text(work, _span(locator, through), style))


def works(records: Iterable[Record], *, style: str = "apa") -> list[Work]:
    """Each different record once, in the order given, told apart from the others.

    Records are the same when all their fields but `id` are.

    Raises:
        BadSetting: The style is not known.
    """
    unique = list({same_work(record): Work(record) for record in records}.values())
    first_names = leads([work.record for work in unique])
    unique = [
        replace(work, number=at, lead=lead)
        for at, (work, lead) in enumerate(zip(unique, first_names, strict=True), start=1)
    ]
    rule = _rule(style)
    if rule is None or rule.numbered:
        return unique
    unique = [work for group in _alike(unique, style) for work in _with_names(group)]
    told: dict[int, Work] = {}
    for group in _alike(unique, style):
        by_title = sorted(group, key=lambda work: sort_key(fields_of(work.record).title))
        for at, work in enumerate(by_title):
            if len(group) > 1:
                work = replace(work, suffix=letters(at), titled=not rule.dated)
            told[work.number] = work
    return [told[number] for number in sorted(told)]


def _alike(listed: Iterable[Work], style: str) -> list[list[Work]]:
    """The works in groups of those that are cited alike."""
    groups: dict[str, list[Work]] = {}
    for work in listed:
        groups.setdefault(plain(_in_text(work, None, style)).casefold(), []).append(work)
    return list(groups.values())


def _with_names(group: Sequence[Work]) -> list[Work]:
    """Works that are cited alike, with as many names as tell different authors apart."""
    names = [[name.casefold() for name in families(work.record)] for work in group]
    kinds = len({tuple(each) for each in names})
    longest = max(map(len, names))
    shown = next(
        (at for at in range(1, longest) if len({tuple(each[:at]) for each in names}) == kinds),
        longest,
    )
    return [replace(work, shown=shown) for work in group]


def bibliography(records: Iterable[Record], style: str = "apa") -> list[str]:
    """Entries of all works: by number for a numbered style, else in alphabetical order."""
    printed = bibliography_runs(works(records, style=style), style)
    return ["".join(text for text, _ in entry) for _, entry in printed]


def bibliography_runs(listed: Sequence[Work], style: str) -> list[tuple[Work, tuple[Run, ...]]]:
    """Works with their entries as stretches of text, in the order of the bibliography."""
    if is_numbered(style):
        lead = [(work, f"[{work.number}] ") for work in listed]
    else:
        rule = _rule(style)
        names_publisher = rule is None or rule.names_publisher
        by_year = rule is None or rule.dated
        ordered = sorted(listed, key=lambda work: _order(work, names_publisher, by_year))
        lead = [(work, "") for work in ordered]
    return [(work, runs(mark + _entry(work.record, style, work.suffix))) for work, mark in lead]


def listed_runs(
    entries: Sequence[tuple[Work, tuple[Run, ...]]], style: str
) -> list[tuple[Run, ...]]:
    """The entries as they stand below each other, each with its work.

    MLA prints names once: three hyphens stand for those of the entry before.
    """
    rule = _rule(style)
    if rule is None or rule.opening is None:
        return [runs for _, runs in entries]
    printed, before = [], ""
    for work, ((text, slants), *rest) in entries:
        names = closed(rule.opening(fields_of(work.record)))
        is_repeated = bool(names) and names == before
        printed.append(((f"---.{text[len(names) :]}" if is_repeated else text, slants), *rest))
        before = names
    return printed


def locator_text(record: Record, place: Place | None, style: str = "apa") -> str:
    """`p. 12`, `pp. 12–14`, `slide 3`, `para. 4`, as the style writes it; empty without one."""
    if place is None:
        return ""
    kind, number = place
    rule = _rule(style) or SHIPPED["apa"]
    are_several = any(mark in number for mark in "–,")
    if kind == "paragraph":
        return f"{rule.paragraph[are_several]}{number}"
    if record.get("genre") == SLIDES:
        return f"{'slides' if are_several else 'slide'} {number}"
    return f"{rule.page[are_several]}{rule.pages(number)}"


def _span(locator: Locator | None, through: Locator | None = None) -> Place | None:
    """What a citation says of the place, page before paragraph."""
    if locator is None or not (locator.page or locator.paragraph):
        return None
    last = through if through and bool(through.page) == bool(locator.page) else locator
    first_number, last_number = (
        (each.page or str(each.paragraph)).strip().replace("-", "–") for each in (locator, last)
    )
    number = first_number if first_number == last_number else f"{first_number}–{last_number}"
    return ("page" if locator.page else "paragraph"), number


def same_work(record: Record) -> str:
    """What two records of the same work share: every field but `id`."""
    kept = {key: value for key, value in record.items() if key != "id"}
    return json.dumps(kept, sort_keys=True, default=str)


def is_numbered(style: str) -> bool:
    """Whether the style cites works by number."""
    rule = _rule(style)
    if rule is None:
        from kb.references.csl import csl_is_numbered

        return csl_is_numbered(style)
    return rule.numbered


def letters(at: int) -> str:
    """`a` to `z`, then `aa`, `ab` and so on, for 0, 1, 2 and so on."""
    return (letters(at // 26 - 1) if at >= 26 else "") + chr(ord("a") + at % 26)


def style_name(style: str) -> str:
    """The style's full name for a short one."""
    return _ALIASES.get(style.lower(), style)


def _rule(style: str) -> Style | None:
    return SHIPPED.get(style_name(style))


def _entry(record: Record, style: str, suffix: str) -> str:
    rule = _rule(style)
    if rule is None:
        from kb.references.csl import csl_entry

        return csl_entry(record, style)
    return rule.entry(fields_of(record), suffix)


def _in_text(work: Work, place: Place | None, style: str) -> str:
    rule = _rule(style)
    where = locator_text(work.record, place, style)
    if rule is None:
        from kb.references.csl import csl_citation

        return csl_citation(work.record, place, style, number=work.number)
    if rule.numbered:
        return f"[{work.number}{f', {where}' if where else ''}]"
    fields = fields_of(work.record)
    title = fields.headline(short_title(fields)) if rule.headline else short_title(fields)
    title = set_title(fields, title, quotes=rule.quotes, shapes=rule.quoted)
    names = short_names(
        work.record,
        last=rule.last,
        most=rule.most,
        italics=rule.undated != "n.d.",
        lead=work.lead,
        shown=work.shown,
    )
    if names == fields.publisher and not rule.names_publisher:
        names = ""
    who = f"{names}, {title}" if names and work.titled else names or title
    if not rule.dated:
        gap = ", " if where and not where[0].isdigit() else " "
        return _comma_inside(f"({who}{gap if where else ''}{where})")
    year = fields.year or rule.undated
    suffix = f"-{work.suffix}" if work.suffix and not fields.year else work.suffix
    gap = rule.gap if fields.year else ", "
    printed = f"({who}{gap}{year}{suffix}{f', {where}' if where else ''})"
    return _comma_inside(printed) if rule.quotes == DOUBLE else printed


def _comma_inside(citation: str) -> str:
    """A comma behind a quoted title goes inside its marks, as American styles have it."""
    marks = "’?”" if "‘" in citation else "”"  # else a single one is an apostrophe
    return re.sub(f"({marks}),", r",\1", citation)


def _order(work: Work, names_publisher: bool, by_year: bool) -> tuple[list[str], str, str]:
    fields = fields_of(work.record)
    names = [family_first(name, gap=None) for name in fields.authors or fields.editors]
    if names == [fields.publisher] and not names_publisher:
        names = []
    title = sort_key(fields.title)
    year = (fields.year or "9999") if by_year else ""
    return [sort_key(name) for name in names] or [title], year, title
