"""Spans of the sentences in a block of text.

A rule splitter for prose: it ends a sentence at `.`, `!` or `?` before white space and a
capital, digit, quote or bracket, but not after an abbreviation, an initial or a numeral
that counts something, nor before a year in brackets or within an entry of a list of works, "Lind,
Ann. The Art of Work. Boston: Elm Press, 1994." A blank line ends one too, unless a small
letter follows a letter across it. White space stays outside every span.
"""

from __future__ import annotations

import re

ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof rev hon st sr jr gen col maj capt lt sgt cpt cmdr adm pres gov sen rep
    vs etc e.g i.e cf al ca approx resp incl ed eds vol vols no nos pp p ch chap sec fig
    figs eq para paras art dept est inc ltd corp co bros univ assn ave blvd jan feb mar apr
    jun jul aug sep sept oct nov dec mt ft u.s u.k u.n u.s.a d.c a.m p.m ph.d b.a m.a d.phil
    viz
    """.split()
)
# An abbreviation that may close a sentence too; the next word decides.
CLOSING = frozenset({"etc", "inc", "ltd", "corp", "co", "jr", "sr", "u.s", "u.k", "u.n", "u.s.a"})
CLOSING |= {"a.m", "p.m", "ph.d", "d.c"}
# A year goes on with the sentence: "What makes a leader? (1998) holds that ...".
_BREAK = re.compile(
    r"(?:[.!?…]+[\"'”’)\]]*(?:\[\d+\])*)(?!\s+\(\d{4}[a-z]?\))"
    r"(?=\s+(?:[\"'“‘(\[]*[A-Z0-9À-ÞĀ-Ž]|[•*–-]\s))|\n\s*\n(?!(?<=[^\W\d_]\n\n)[a-zß-ÿ])"
)
# A line that names a work: its authors, surname first, and the year behind them or at its end.
_WORK = re.compile(
    r"^(?:\[?\d+[\].)]*[ \t]+|[-•*][ \t]+)?[A-ZÀ-Þ][\w’'-]+,[ ](?:"
    r"(?:[A-ZÀ-Þ]\.[ -]?)+[\w.,&’' -]{0,150}\(\d{4}[a-z]?\)\.[ ][^\n]{5,400}|"
    r"[A-ZÀ-Þ][\w’'-]*\b[^\n]{5,400}:[ ][A-ZÀ-Þ][^.:\n]{1,60},[ ]\d{4}\.?)[ \t]*$",
    re.MULTILINE,
)
_LAST_WORD = re.compile(r"([\w.&-]+?)\.[\"'”’)\]]*(?:\[\d+\])*$")
_NEXT_WORD = re.compile(r"\s*[\"'“‘(\[]*(\w+)")
_STARTERS = frozenset(
    """
    the a an this that these those it he she they we you i in on at for but and when while
    if although though as after before however here there what why how who its his her their
    our each every some many most no not since because with by from to
    """.split()
)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences within `text[start:end]`, in order, without outer white space.

    Args:
        text: The whole text; offsets refer to it.
        start: First character of the block.
        end: One past the block's last character; the text's end by default.

    Returns:
        `(start, end)` pairs that together hold every visible character of the block.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    first = start
    works = [work.span() for work in _WORK.finditer(text[start:end])]
    for match in _BREAK.finditer(text, start, end):
        if any(opening < match.end() - start < closing for opening, closing in works):
            continue
        if not match.group().isspace() and _is_abbreviation(text, first, match.end(), end):
            continue
        _add_trimmed(spans, text, first, match.end())
        first = match.end()
    _add_trimmed(spans, text, first, end)
    return spans


def _add_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))


def _is_abbreviation(text: str, first: int, stop: int, end: int) -> bool:
    found = _LAST_WORD.search(text, max(first, stop - 40), stop)
    if not found:
        return False
    word = found.group(1).lower()
    following = _NEXT_WORD.match(text, stop, min(end, stop + 60))
    next_word = following.group(1) if following else ""
    if word in CLOSING:
        return next_word.lower() not in _STARTERS
    if word in ABBREVIATIONS:
        # "No." and the like abbreviate only before a numeral.
        return not (
            word in {"no", "art", "est", "co", "mar", "sec", "may"} and not next_word[:1].isdigit()
        )
    is_initial = len(word) == 1 and word.isalpha() and found.group(1).isupper()
    if is_initial:
        return next_word.lower() not in _STARTERS
    # A numeral at the start of a line counts an item: "1. Listen".
    return word.isdigit() and len(word) <= 3 and text[first : found.start(1)].strip() == ""
