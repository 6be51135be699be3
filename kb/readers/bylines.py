"""Who wrote a pasted page and when: byline and date lines."""

from __future__ import annotations

import re

MAX_CHARS = 200

_MONTH = (
    r"(?:jan(?:uary|vier|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo"
    r"|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|février|mars|avril|mai|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre|märz|juni|juli|oktober|dezember|janeiro"
    r"|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro)"
)
_DAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?|lunes|martes|miércoles|"
    r"jueves|viernes|sábado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|montag|"
    r"dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
)
_YEAR = r"((?:19|20)\d\d)"
_DATE = re.compile(
    rf"(?:(?:first |originally |last )?(?:posted|published|updated|modified|written|date|dated|"
    rf"created|publicado|publié|veröffentlicht)(?: on| at| el| le| am)?:? )?"
    rf"(?:{_DAY},?\.? )?(?:"
    rf"{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?(?: de| of)?[ -]{_MONTH}\.?,?(?: de| del)?[ -]{_YEAR}|"
    rf"{_MONTH}\.?,? {_YEAR}|{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|"
    rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR})"
    rf"(?:,?t? ?(?:at |- )?\d{{1,2}}[:.h]\d{{2}}(?::\d{{2}})? ?(?:[ap]\.?m\.?)?(?: \w{{1,5}})?)?"
)
_PARTS = re.compile(
    r"\s*[|•·–—»›]\s*|\s+[-/]\s+|[^\S\n]{2,}|,\s+(?=\d{1,2}[ .])"
    r"|,? on (?=\w+\.? \d)| (?:by|por|par|von) "
)
_BY = re.compile(
    r"(?i:(?:(?:written|posted|published|words|text|story|article)[ -])?"
    r"(?:by|por|par|von|authors?:|author)\b:?\s?)(?=[^\W\d_a-z])"
)
_INNER_BY = re.compile(r"\s(?:by|por|par|von)\s(?=[^\W\d_a-z])")
_NAME_SPLIT = re.compile(r"\s*(?:,? (?:and|y|et|und|with) |,| & |;)\s*")
_NAME_WORD = re.compile(
    r"[^\W\d_a-z](?:[^\W\d_]|['’.-])*|de|del|da|di|van|von|der|den|la|le|bin|al"
)
_ROLE = re.compile(
    r"(?i)\b(?:senior|junior|chief|head|vice|president|director|manager|professor|prof|lecturer|"
    r"editor|staff|writer|author|founder|co-?founder|ceo|cto|coo|cfo|chair(?:man|woman|person)?|"
    r"partner|consultant|coach|leader|leadership|research(?:er)?|futurist|fellow|institute|"
    r"university|college|school|center|centre|department|company|group|team|press|inc|llc|ltd|"
    r"phd|ph\.d|mba|md|contributor|correspondent|columnist|reporter|guest|admin|the|our|dean)\b"
)

_HOUSE = re.compile(
    r"(?i)\b(?:university|college|institute|school of|faculty|department|centre for|center for|"
    r"universidad|universität|université|academy|polytechnic)\b"
)
_ORIGIN = re.compile(
    r"(?i)(?:this (?:article|post|essay|text|piece|page|chapter|column|blog ?post) )?"
    r"(?:(?:is|was|has been) )?(?:based (?:up)?on|adapted from|excerpted from|drawn from|"
    r"taken from|reprinted from|an? (?:excerpt|extract|adaptation) (?:from|of))\s"
)
_OWNER = re.compile(r"(?P<name>[^\W\d_a-z][^,;:(]{2,60}?)['’]s?\s")
_BY_NAMES = re.compile(r"(?:\bby|\bwith)\s+(?P<names>[^\W\d_a-z][^:;(]{2,120})")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})\.\s")
_IMPRINT = re.compile(rf"\((?:[^()]*\W)?{_YEAR}\)")


def origin(line: str) -> tuple[tuple[str, ...], int | None]:
    """Whose work a text says that it is taken from ("based on Ann Lee's book …"), and its year.

    Names are empty and the year is None where the line says nothing of the kind.
    """
    match = _ORIGIN.match(line) if len(line) <= 2 * MAX_CHARS else None
    if match is None:
        return (), None
    rest = line[match.end() :]
    owner = _OWNER.match(rest)
    names = [owner["name"]] if owner else []
    for stated in _BY_NAMES.finditer(rest):
        sentence = _SENTENCE_END.split(stated["names"])[0]
        names += _NAME_SPLIT.split(sentence.strip(" ,."))
    year = _IMPRINT.search(rest)
    people = (" ".join(name.split()) for name in names if is_name(name))
    return tuple(dict.fromkeys(people)), int(year[1]) if year else None


def date_year(line: str) -> int | None:
    """The year of a line that is a date, or has one as a part of its own; else None."""
    if len(line) > MAX_CHARS:
        return None
    for part in (line, *_PARTS.split(line)):
        match = _DATE.fullmatch(" ".join(part.casefold().split()).strip(" .,:()[]"))
        if match:
            return int(next(group for group in match.groups() if group))
    return None


def byline_names(line: str) -> tuple[str, ...]:
    """The persons whom a byline names ("By Ann Lee, Senior Fellow"); empty if it is none."""
    if len(line) > MAX_CHARS:
        return ()
    match = _BY.match(line)
    if match is None and date_year(line):
        match = _INNER_BY.search(line)
    if not match or line.endswith((".", "?", "!", ":", ";")):
        return ()
    names: list[str] = []
    for part in _NAME_SPLIT.split(_PARTS.split(line[match.end() :])[0]):
        if not is_name(part):
            break
        names.append(" ".join(part.split()))
    return tuple(names)


def is_affiliation(line: str) -> bool:
    """Whether a line names the house where an author works, as papers print it."""
    return len(line) <= MAX_CHARS and bool(_HOUSE.search(line)) and line[-1] not in ".:;?!"


def is_name(words: str) -> bool:
    """Whether the words look like the full name of a person."""
    parts = words.split()
    return (
        2 <= len(parts) <= 5
        and not _ROLE.search(words)
        and all(_NAME_WORD.fullmatch(part) for part in parts)
        and parts[0][0].isupper()
        and parts[-1][0].isupper()
    )
