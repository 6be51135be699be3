"""The top of a pasted page: its title, who wrote it and when, and the site's own lines."""

from __future__ import annotations

import re

from kb.readers.bylines import byline_names, date_year, is_affiliation, is_name, origin
from kb.readers.shapes import (
    HEADING_WORDS,
    MAIL,
    NOTES,
    SECTION,
    SOLID_WORDS,
    TITLE_CHARS,
    TITLE_WORDS,
    is_prose,
    is_short,
)
from kb.readers.units import Unit
from kb.records import Metadata

# A text says within so many words whose work it is taken from.
ORIGIN_WORDS = 60

_SUBJECT = re.compile(r"(?:subject|re|title|betreff|asunto)\s?:\s*", re.I)
_ASKED_BY = re.compile(r"\w{1,15}:\s.*\?$", re.DOTALL)  # "Q: When will I be paid?"
_SITE = re.compile(r"(?i)\b(?:blog|news|magazine|journal|institute|home|official|website|inc)\b")


def find_title(units: list[Unit]) -> Unit | None:
    """The line at the top of the page that names the text."""
    solid = (at for at, unit in enumerate(units) if is_prose(unit))
    first = next(solid, None)
    if first is None:
        first = next((at for at, unit in enumerate(units) if unit.kind in ("item", "note")), 0)
    second = next(solid, len(units))
    body = " ".join(unit.text for unit in units[first : second + 20])[:20_000].casefold()
    words_below = set(re.findall(r"\w{4,}", body))
    below = {unit.text for unit in units[max(second, len(units) // 2) :] if unit.words <= 6}
    best, best_score = None, 0.0
    for at, unit in enumerate(units[:first]):
        if best and SECTION.match(unit.text):
            break
        if not _may_be_title(unit):
            continue
        score = _title_score(units, at, first, words_below)
        score -= 3 * (unit.text in below)  # the name of the site stands at both ends of a page
        if score >= best_score + (0.01 if best else 0):
            best, best_score = unit, score
    if (
        best
        and not best.text.isupper()
        and is_name(best.text)
        and best.text.split()[-1].casefold() not in body
    ):
        return None  # whoever posted it, and not whom it is about
    return best


def _may_be_title(unit: Unit) -> bool:
    text = unit.text
    return (
        unit.kind is None
        and not unit.likely_furniture
        and unit.words <= TITLE_WORDS
        and unit.end - unit.start <= TITLE_CHARS
        and text[-1] not in ".,;:"
        and text.count("|") + text.count("•") < 2
        and any(map(str.isalpha, text))
        and not SECTION.match(text)
        and not MAIL.match(text)
        and not NOTES.fullmatch(text)
        and date_year(text) is None
        and not byline_names(text)
    )


def _title_score(units: list[Unit], at: int, first: int, words_below: set[str]) -> float:
    unit, score = units[at], 0.0
    below = [other for other in units[at + 1 : first + 1] if other.kind != "furniture"][:2]
    after = below[0] if below else None
    if after and _is_byline(after.text):
        score += 0 if is_name(unit.text) else 3
    elif len(below) == 2 and _is_byline(below[1].text) and len(below[0].text.split()) <= 3:
        score += 2.5
    if any(other is not unit and _contains_title(other.text, unit.text) for other in units[:first]):
        score += 2
    if unit.underline == "=":
        score += 2
    near = units[at + 1 : at + 3]
    # A pair of lines on their own is a title and its subtitle.
    score += 1.5 * (unit.gap and [other.gap for other in near] == [False, True])
    words = re.findall(r"\w{4,}", unit.text.casefold())
    score += 2 * sum(word in words_below for word in words) / max(3, len(words))
    score += 0.5 * (unit.words >= 3) + 0.5 * (unit.words >= 5) + 0.5 * (at == 0)
    score += bool(after and is_name(after.text)) - is_name(unit.text)
    opening = units[first].text.casefold() if first < len(units) else ""
    score += 2 * opening.startswith(unit.text.casefold() + " ") - (unit.words == 1)
    score += 2 * bool(_SUBJECT.match(unit.text))
    score -= 3 * bool(_ASKED_BY.match(unit.text))
    return score - 2 * (bool(_SITE.search(unit.text)) and unit.words <= 6)


def _is_byline(text: str) -> bool:
    return bool(date_year(text) or byline_names(text))


def _contains_title(line: str, title: str) -> bool:
    """Whether the line is the title with the site's name before or after it."""
    if line == title or len(title) <= 12 or len(line) > TITLE_CHARS:
        return False
    if line.endswith(title):
        return bool(re.search(r"[:|–—-]\s+$", line.removesuffix(title)))
    return line.startswith(title) and bool(re.match(r"\s+[:|–—-]", line.removeprefix(title)))


def mark_head(units: list[Unit], title: Unit | None) -> Metadata:
    """Marks what stands round the title and the top of the text, and reads it."""
    solid = [at for at, unit in enumerate(units) if is_prose(unit, SOLID_WORDS)]
    head = solid[1] if len(solid) > 1 else len(units)
    authors: list[str] = []
    year = None
    for place, unit in enumerate(units):
        if unit is title or unit.kind not in (None, "item", "furniture"):
            continue
        names, dated = byline_names(unit.text), date_year(unit.text)
        if is_prose(unit) and not (names and dated):
            continue
        if place < head or place > (solid[-1] if solid else 0):
            authors.extend(name for name in names if name not in authors and place < head)
            year = year or dated
            if (names or dated) and unit.words <= TITLE_WORDS:
                unit.kind = "furniture"
                if place and units[place - 1].likely_furniture and units[place - 1] is not title:
                    units[place - 1].kind = "furniture"
    signed = _signed(units[: solid[0] if solid else 0], title)
    if title:
        at = next(place for place, unit in enumerate(units) if unit is title)
        title.kind, title.level = "heading", 1
        _mark_before_title(units, at, any(unit.kind == "furniture" for unit in units))
        _mark_after_title(units, at)
    authors = authors or signed or _signed_below(units[solid[-1] + 1 :] if solid else [])
    words = _SUBJECT.sub("", title.text) if title else None
    people, printed = _origin(units)
    return Metadata(title=words, authors=tuple(authors) or people, year=year or printed)


def _signed_below(end: list[Unit]) -> list[str]:
    """The names of a line such as "Written by Ann Lee" after the text."""
    lines = (unit.text for unit in end if unit.text[:11].casefold() == "written by ")
    return next((list(names) for line in lines if (names := byline_names(line))), [])


def _origin(units: list[Unit]) -> tuple[tuple[str, ...], int | None]:
    """Authors and year of the work that the text says it is taken from, as a note."""
    for unit in units:
        if unit.kind in (None, "note") and unit.words <= ORIGIN_WORDS:
            people, year = origin(unit.text)
            if people:
                unit.kind = "note"
                return people, year
    return (), None


def _mark_before_title(units: list[Unit], at: int, is_page: bool) -> None:
    """Above a page's title stand only the site's name and its menu."""
    title = units[at]
    for unit in units[:at]:
        repeats = unit.text == title.text or _contains_title(unit.text, title.text)
        if repeats or (is_page and unit.words <= HEADING_WORDS and unit.kind in (None, "item")):
            unit.kind = "furniture"


def _mark_after_title(units: list[Unit], at: int) -> None:
    """Labels between the title and other furniture ("Leadership", then the date)."""
    end = at + 1
    while end < len(units) and (units[end].kind == "furniture" or _is_label(units[end])):
        end += 1
    while end > at + 1 and units[end - 1].kind != "furniture":
        end -= 1
    for unit in units[at + 1 : end]:
        unit.kind = "furniture"


def _signed(units: list[Unit], title: Unit | None) -> list[str]:
    """Names that stand at a page's top as authors' names do, and are no words of the text.

    A name does so above or below the date, above the house where its bearer works, or twice:
    under the picture and as a link.
    """
    found: list[str] = []
    for before, unit, after in zip([None, *units], units, [*units[1:], None], strict=False):
        if unit is title or unit.kind not in (None, "furniture") or not is_name(unit.text):
            continue
        house = after is not None and after.kind is None and is_affiliation(after.text)
        beside = [other for other in (before, after) if other and other is not title]
        if house or any(date_year(o.text) or o.text == unit.text for o in beside):
            unit.kind = "furniture"
            if house and after:
                after.kind = "furniture"
            if unit.text not in found:
                found.append(unit.text)
    return found


def _is_label(unit: Unit) -> bool:
    return unit.kind is None and (is_short(unit) or unit.likely_furniture)
