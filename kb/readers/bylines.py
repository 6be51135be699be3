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
    r"\s*[|•·–—]\s*|\s+[-/]\s+|[^\S\n]{2,}|,? on (?=\w+\.? \d)| (?:by|por|par|von) "
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
