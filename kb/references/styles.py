"""The five styles that ship: APA 7, Chicago author-date 18, MLA 9, Cite Them Right Harvard, IEEE.

They are written out here because citeproc-py 0.11 prints the current style files wrongly (it
doubles the title of a work without author, takes a locator for the pages of an article and
writes initials where Chicago and MLA want names) and needs 20 to 150 ms for six references,
which an answer does not have. Entries are marked text, see `kb.references.marks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from kb.references.fields import Fields, Shape, american_day, day, month_day, short_day, shorter
from kb.references.marks import (
    DOUBLE,
    SINGLE,
    closed,
    italic,
    listed,
    quoted,
    sentences,
    with_quotes,
)
from kb.references.names import family_first, given_first, joined
from kb.references.records import Name


@dataclass(frozen=True, slots=True)
class Style:
    """How one style prints.

    Attributes:
        entry: Fields and year suffix to a bibliography entry.
        last: Joining word before the last name in the text.
        most: Names printed in the text before *et al.* takes their place.
        numbered: Works are cited by number, in the order of their first citation.
        dated: Citations in the text carry the year.
        undated: What stands for a year that nobody stated.
        gap: What stands between the year and what comes before it in the text.
        page: Mark of one page and of several; empty where only the number is printed.
        pages: How the numbers of several pages are printed.
        paragraph: Mark of one paragraph and of several.
        quotes: Quotation marks around the title of an article or chapter.
        quoted: Shapes of works whose title stands in quotation marks in the text.
        names_publisher: Whether an author who is the publisher too is named in the text.
        headline: Titles take headline capitals in the text.
        opening: The names that an entry opens with, where a list prints `---` in place of the
            same names as in the entry before; else None.
    """

    entry: Callable[[Fields, str], str]
    last: str
    most: int
    numbered: bool = False
    dated: bool = True
    undated: str = "n.d."
    gap: str = ", "
    page: tuple[str, str] = ("p. ", "pp. ")
    pages: Callable[[str], str] = str
    paragraph: tuple[str, str] = ("para. ", "paras. ")
    quotes: str = "“”"
    quoted: tuple[Shape, ...] = ("article", "part")
    names_publisher: bool = True
    headline: bool = True
    opening: Callable[[Fields], str] | None = None


def apa(fields: Fields, suffix: str) -> str:
    """Publication Manual of the American Psychological Association, 7th edition."""
    who = _apa_names(fields)
    year = f"{fields.year or 'n.d.'}{_dashed(fields, suffix)}"
    date = f"({listed(year, month_day(fields.published) if fields.shape != 'whole' else '')})"
    publisher = "" if fields.publisher == who else fields.publisher
    if fields.shape == "article":
        issue = f"({fields.issue})" if fields.issue else ""
        title = fields.title
        rest = listed(italic(fields.container), italic(fields.volume) + issue, fields.pages)
    elif fields.shape == "part":
        inner = listed(fields.edition, _volume(fields, "Vol."), _pages(fields.pages))
        title = fields.title
        book = italic(fields.container) + (f" ({inner})" if inner else "")
        rest = sentences(f"In {listed(_apa_editors(fields), book)}", publisher)
    else:
        inner = listed(fields.edition, fields.number)
        if by := fields.named_translators("&", gap=" "):
            inner = "; ".join(filter(None, (f"{by}, Trans.", inner)))
        title = italic(fields.title) + (f" ({inner})" if inner else "")
        genre = listed(fields.genre, publisher) if fields.is_thesis else fields.genre
        title += f" [{genre}]" if genre else ""
        rest = sentences(fields.container, "" if fields.is_thesis else publisher)
    head = sentences(who, date, title) if who else sentences(title, date)
    return " ".join(part for part in (head, sentences(rest), fields.link) if part)


def chicago(fields: Fields, suffix: str) -> str:
    """Chicago Manual of Style, 18th edition, author-date."""
    names = _leading_names(fields, most=6, shown=3)
    year = f"{fields.year or 'n.d.'}{_dashed(fields, suffix)}"
    title = fields.headline(fields.title)
    in_quotes = fields.shape != "whole" or fields.is_thesis
    title = quoted(title, DOUBLE) if in_quotes else italic(title)
    pages = shorter(fields.pages, most_for_zeros=True)
    if fields.shape == "article":
        where = italic(fields.container)
        if fields.volume:
            where += f" {fields.volume}" + (f" ({fields.issue})" if fields.issue else "")
        elif fields.issue:
            where += f", {_issue(fields)}"
        rest = where + (f": {pages}" if pages else "")
    elif fields.shape == "part":
        by = f"edited by {fields.named_editors('and', gap=None)}" if fields.editors else ""
        book = italic(fields.headline(fields.container))
        book = listed(f"In {book}", fields.edition, _volume(fields, "vol."), by, pages)
        rest = sentences(book, fields.publisher)
    elif fields.is_thesis:
        rest = listed(fields.genre, fields.publisher)
    else:
        by = fields.named_translators("and", gap=None)
        by = f"Translated by {by}" if by else ""
        rest = sentences(
            fields.edition, by, fields.genre, fields.number, fields.container, fields.publisher
        )
    head = sentences(names, year, title) if names else sentences(title, year)
    return " ".join(part for part in (head, sentences(rest, fields.link)) if part)


def mla(fields: Fields, suffix: str) -> str:
    """MLA Handbook, 9th edition; works are told apart by title, so `suffix` is not printed."""
    who = _mla_names(fields)
    title = fields.headline(fields.title)
    page = fields.shape in ("article", "part", "page")
    title = quoted(title, DOUBLE) if page else italic(title)
    volume = _volume(fields, "vol.")
    issue = _issue(fields)
    by = ""
    if fields.editors and fields.authors:
        by = f"edited by {_mla_editors(fields)}"
    elif translators := fields.named_translators("and", gap=None):
        by = f"translated by {translators}"
        by = by if fields.container else f"{by[0].upper()}{by[1:]}"
    if fields.is_thesis:
        rest = listed(fields.publisher, fields.genre, fields.link)
        return sentences(who, title, fields.year, rest)
    parts = listed(
        italic(fields.headline(fields.container)),
        by,
        fields.edition,
        volume,
        issue or fields.number,
        fields.publisher,
        short_day(fields.published) if fields.shape in ("page", "article") else fields.year,
        _pages(shorter(fields.pages, most_for_zeros=False)),
        fields.link,
    )
    return sentences(who, title, parts, fields.genre)


def harvard(fields: Fields, suffix: str) -> str:
    """Cite Them Right Harvard, 12th edition."""
    people = fields.authors or fields.editors
    names = [family_first(name, gap="", suffix_mark=" ") for name in people]
    who = f"{names[0]} {italic('et al.')}" if len(names) > 3 else joined(names, "and", oxford="")
    if who and not fields.authors:
        who += " (eds)" if len(people) > 1 else " (ed.)"
    date = f"({fields.year or 'no date'}{_dashed(fields, suffix)})"
    link = f"Available at: {fields.link}" if fields.link else ""
    if link and fields.accessed and not fields.doi:
        link += f" (Accessed: {day(fields.accessed)})"
    imprint = f"{fields.place}: {fields.publisher}" if fields.place else fields.publisher
    edition = re.sub(r" ed\.$", " edn", fields.edition)
    container = with_quotes(fields.container, SINGLE)
    if fields.shape == "article":
        issue = f"({fields.issue})" if fields.volume else _issue(fields)
        volume = fields.volume + (issue if fields.issue else "")
        title = quoted(fields.title, SINGLE)
        rest = listed(title, italic(container), volume, _pages(fields.pages))
    elif fields.shape == "part":
        by = f"{_harvard_names(fields.editors)} {_eds(fields)} " if fields.editors else ""
        title = quoted(fields.title, SINGLE)
        book = f"in {by}{italic(container)}"
        volume = _volume(fields, "Vol.")
        where = listed(imprint, _pages(fields.pages))
        rest = f"{title}, {sentences(book, edition, volume, where)}"
    elif fields.is_thesis:
        title = italic(with_quotes(fields.title, SINGLE))
        rest = sentences(title, fields.genre, imprint)
    else:
        genre = f" [{fields.genre}]" if fields.genre else ""
        title = f"{italic(with_quotes(fields.title, SINGLE))}{genre}"
        by = fields.named_translators("and", gap="")
        by = f"Translated by {by}" if by else ""
        rest = sentences(title, by, edition, fields.number, container, imprint)
    if who:
        head = f"{who} {date} {rest}"
    elif fields.shape in ("article", "part"):
        head = f"{title} {date} {rest.removeprefix(f'{title}, ')}"
    else:
        head = sentences(f"{title} {date}", rest.removeprefix(closed(title)).strip())
    return sentences(head, link)


def ieee(fields: Fields, suffix: str) -> str:
    """IEEE Reference Guide; works are told apart by number, so `suffix` is not printed."""
    people = fields.authors or fields.editors
    names = [given_first(name, gap=" ") for name in people]
    who = f"{names[0]} {italic('et al.')}" if len(names) > 6 else joined(names, "and")
    if who and not fields.authors:
        who += ", Eds." if len(people) > 1 else ", Ed."
    pages = _pages(fields.pages)
    doi = f"doi: {fields.doi}" if fields.doi else ""
    imprint = f"{fields.place}: {fields.publisher}" if fields.place else fields.publisher
    title = quoted(fields.title, DOUBLE)
    if fields.shape == "article":
        volume = _volume(fields, "vol.")
        rest = listed(italic(fields.container), volume, _issue(fields), pages, fields.year, doi)
        entry = f"{f'{who}, ' if who else ''}{closed(title, ',')} {rest}"
    elif fields.shape == "part":
        by = ""
        if fields.editors and fields.authors:
            role = "Eds." if fields.editors[1:] else "Ed."
            by = f"{fields.named_editors('and', gap=' ')}, {role}"
        book = f"in {italic(fields.container)}"
        book = listed(book, _volume(fields, "vol."), by, fields.edition)
        rest = sentences(book, listed(imprint, fields.year, pages, doi))
        entry = f"{f'{who}, ' if who else ''}{closed(title, ',')} {rest}"
    elif fields.shape == "page":
        site = sentences(fields.container or fields.publisher, fields.year)
        seen = f"Accessed: {american_day(fields.accessed)}" if fields.accessed else ""
        entry = sentences(who, closed(title), site, seen)
    elif fields.is_thesis or fields.is_report:
        genre = fields.genre if fields.is_thesis else ""
        rest = listed(genre, fields.publisher, fields.place, fields.number, fields.year, doi)
        entry = f"{f'{who}, ' if who else ''}{closed(title, ',')} {rest}"
    else:
        genre = f"[{fields.genre}]" if fields.genre else ""
        by = fields.named_translators("and", gap=" ")
        by = f"{by}, Trans." if by else ""
        head = listed(who, italic(fields.title), by, fields.edition)
        entry = sentences(head, genre, listed(imprint, fields.year, doi))
    entry = closed(entry)
    return f"{entry} [Online]. Available: {fields.link}" if fields.link and not doi else entry


def _volume(fields: Fields, mark: str) -> str:
    return f"{mark} {fields.volume}" if fields.volume else ""


def _issue(fields: Fields) -> str:
    """`no. 25`; what has a name has no number, as `Q4` or `Spring`."""
    return f"no. {fields.issue}" if fields.issue[:1].isdigit() else fields.issue


def _pages(pages: str) -> str:
    if not pages:
        return ""
    return f"pp. {pages}" if any(mark in pages for mark in "–,") else f"p. {pages}"


def _dashed(fields: Fields, suffix: str) -> str:
    return suffix if fields.year or not suffix else f"-{suffix}"


def _apa_names(fields: Fields) -> str:
    names = [family_first(name, gap=" ") for name in fields.authors or fields.editors]
    if len(names) > 20:
        who = f"{', '.join(names[:19])}, … {names[-1]}"
    elif len(names) == 2 and ", " in names[0]:
        who = f"{names[0]}, & {names[1]}"
    else:
        who = joined(names, "&")
    if not who or fields.authors:
        return who
    return f"{who} (Eds.)" if len(names) > 1 else f"{who} (Ed.)"


def _apa_editors(fields: Fields) -> str:
    if not fields.editors or not fields.authors:
        return ""
    names = [given_first(name, gap=" ") for name in fields.editors]
    return f"{joined(names, '&')} ({'Eds.' if names[1:] else 'Ed.'})"


def _mla_names(fields: Fields) -> str:
    people = fields.authors or fields.editors
    names = [family_first(people[0], gap=None)] if people else []
    if len(people) == 2:
        names.append(given_first(people[1], gap=None))
    who = ", and ".join(names) + (", et al." if len(people) > 2 else "")
    if who == fields.publisher:  # an organisation that publishes itself is named once, as that
        return ""
    if who and not fields.authors:
        who += ", editors" if len(people) > 1 else ", editor"
    return who


def _mla_editors(fields: Fields) -> str:
    if len(fields.editors) > 2:
        return f"{given_first(fields.editors[0], gap=None)} et al."
    return fields.named_editors("and", gap=None)


def _harvard_names(people: Sequence[Name]) -> str:
    names = [given_first(name, gap="") for name in people]
    return f"{names[0]} {italic('et al.')}" if len(names) > 3 else joined(names, "and", oxford="")


def _eds(fields: Fields) -> str:
    return "(eds)" if len(fields.editors) > 1 else "(ed.)"


def _leading_names(fields: Fields, *, most: int, shown: int) -> str:
    people = fields.authors or fields.editors
    if not people:
        return ""
    listed_people = people if len(people) <= most else people[:shown]
    names = [family_first(people[0], gap=None)]
    names += [given_first(name, gap=None) for name in listed_people[1:]]
    if len(people) > most:
        who = f"{', '.join(names)}, et al."
    elif len(names) == 2:
        who = f"{names[0]}, and {names[1]}"
    else:
        who = joined(names, "and")
    if not fields.authors:
        who += ", eds." if len(people) > 1 else ", ed."
    return who


SHIPPED: dict[str, Style] = {
    "apa": Style(apa, last="&", most=2),
    "chicago-author-date": Style(
        chicago,
        last="and",
        most=2,
        gap=" ",
        page=("", ""),
        pages=partial(shorter, most_for_zeros=True),
        quoted=("article", "part", "page"),
    ),
    "modern-language-association": Style(
        mla,
        last="and",
        most=2,
        dated=False,
        gap=" ",
        page=("", ""),
        pages=partial(shorter, most_for_zeros=False),
        paragraph=("par. ", "pars. "),
        names_publisher=False,
        opening=_mla_names,
        quoted=("article", "part", "page"),
    ),
    "harvard-cite-them-right": Style(
        harvard, last="and", most=3, undated="no date", quotes="‘’", headline=False
    ),
    "ieee": Style(ieee, last="and", most=6, numbered=True, dated=False),
}
