"""The fields of a record, cleaned and ready to be printed by any style."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from kb.references.marks import DOUBLE, clean, italic, quoted, title_case, with_quotes
from kb.references.names import creators, given_first, joined
from kb.references.records import Name, Record, date_of

Shape = Literal["article", "part", "whole", "page"]

_SHAPES: dict[str, Shape] = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "article": "article",
    "review": "article",
    "chapter": "part",
    "entry": "part",
    "entry-dictionary": "part",
    "entry-encyclopedia": "part",
    "paper-conference": "part",
    "webpage": "page",
    "post": "page",
    "post-weblog": "page",
}
_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fields:
    """One work as the styles print it; a field that nobody stated is empty.

    Attributes:
        shape: An article in a periodical, a part of a book, a whole work or a web page.
        is_thesis: Whether a university took it as a thesis; `genre` then says as which.
        is_report: Whether it is a report; `number` then is the report's.
        volume: With en dashes, like `issue` and `pages`.
        link: Address of the DOI, else the URL.
        published: Year, month and day as far as they are known.
        english: Whether headline capitals suit the title.

    Apostrophes and quotation marks of `title` and `container` are curly, the outermost double;
    `quoted` and `with_quotes` of `kb.references.marks` make others of them.
    """

    shape: Shape
    is_thesis: bool
    is_report: bool
    title: str
    container: str
    volume: str
    issue: str
    pages: str
    publisher: str
    place: str
    edition: str
    number: str
    genre: str
    doi: str
    link: str
    accessed: tuple[int, ...]
    published: tuple[int, ...]
    authors: tuple[Name, ...]
    editors: tuple[Name, ...]
    translators: tuple[Name, ...]
    english: bool

    @property
    def year(self) -> str:
        """The year, or empty."""
        return str(self.published[0]) if self.published else ""

    def headline(self, text: str) -> str:
        """The title in headline capitals, if it is English."""
        return title_case(text) if self.english else text

    def named_editors(self, last: str, *, gap: str | None) -> str:
        """The editors, given names first."""
        return joined([given_first(name, gap=gap) for name in self.editors], last)

    def named_translators(self, last: str, *, gap: str | None) -> str:
        """The translators, given names first; none who stands as the author already."""
        names = [name for name in self.translators if name not in self.authors]
        return joined([given_first(name, gap=gap) for name in names], last)


def fields_of(record: Record) -> Fields:
    """The record's fields, cleaned."""

    def text(*keys: str) -> str:
        return next((clean(str(record[key])) for key in keys if record.get(key)), "")

    shape = _SHAPES.get(text("type"), "whole")
    container = with_quotes(text("container-title"), DOUBLE)
    if shape in ("article", "part") and not container:
        shape = "whole"
    doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", text("DOI"), flags=re.I)
    return Fields(
        shape=shape,
        is_thesis=text("type") == "thesis",
        is_report=text("type") == "report",
        title=with_quotes(text("title"), DOUBLE) or "Untitled",
        container=container,
        volume=_dashes(text("volume")),
        issue=_dashes(text("issue")),
        pages=_dashes(text("page")),
        publisher=text("publisher"),
        place=text("publisher-place"),
        edition=_edition(text("edition")),
        number=text("number"),
        genre=text("genre") or ("Thesis" if text("type") == "thesis" else ""),
        doi=doi,
        link=f"https://doi.org/{doi}" if doi else text("URL"),
        accessed=date_of(record, "accessed"),
        published=date_of(record),
        authors=tuple(creators(record)),
        editors=tuple(creators(record, "editor")),
        translators=tuple(creators(record, "translator")),
        english=(text("language") or "en").lower().startswith("en"),
    )


def day(date: tuple[int, ...]) -> str:
    """`5 March 2020`, as far as the date is known."""
    name = _MONTHS[date[1] - 1] if len(date) > 1 and 1 <= date[1] <= 12 else ""
    number = str(date[2]) if len(date) > 2 and name else ""
    return " ".join(part for part in (number, name, str(date[0]) if date else "") if part)


def short_day(date: tuple[int, ...]) -> str:
    """`5 Mar. 2020`, as far as the date is known; May, June and July stay whole."""
    words = day(date).split()
    return " ".join(
        f"{word[:4] if word == 'September' else word[:3]}."
        if word in _MONTHS and word not in ("May", "June", "July")
        else word
        for word in words
    )


def american_day(date: tuple[int, ...]) -> str:
    """`Mar. 5, 2020`, as far as the date is known."""
    words = short_day(date).split()
    return f"{words[1]} {words[0]}, {words[2]}" if len(words) > 2 else " ".join(words)


def month_day(date: tuple[int, ...]) -> str:
    """`March 5`, as far as the date is known."""
    name = _MONTHS[date[1] - 1] if len(date) > 1 and 1 <= date[1] <= 12 else ""
    return f"{name} {date[2]}" if name and len(date) > 2 else name


def shorter(pages: str, *, most_for_zeros: bool) -> str:
    """`201–19` for `201–219`: from 100 on, the last two digits, or more if more have changed.

    Args:
        pages: With en dashes; whatever else stands there stays.
        most_for_zeros: As the Chicago Manual has it (18th edition, 9.63): every digit after a
            whole hundred and only the changed ones after 01 to 09, `100–104` and `107–8`. The
            MLA Handbook (9th edition, 2.140) keeps two, `100–04` and `107–08`.
    """

    def short(found: re.Match[str]) -> str:
        first, last = found.groups()
        whole = len(first) != len(last) or len(first) < 3 or last < first
        if whole or (most_for_zeros and first.endswith("00")):
            return found[0]
        pairs = enumerate(zip(first, last, strict=True))
        at = next((at for at, (one, other) in pairs if one != other), 0)
        least = 1 if most_for_zeros and first[-2] == "0" else 2
        return f"{first}–{last[min(at, len(last) - least) :]}"

    return re.sub(r"(?<![\w.])(\d+)–(\d+)(?![\w.])", short, pages)


def set_title(fields: Fields, text: str, *, quotes: str, shapes: Collection[Shape]) -> str:
    """A title in quotation marks for works of these shapes, in italics otherwise."""
    if fields.shape in shapes:
        return quoted(text, quotes)
    return italic(with_quotes(text, quotes))


def short_title(fields: Fields) -> str:
    """The title up to its colon, at most ten words; a cut inside it is marked."""
    words = re.split(r"(?<=[?!][”’]) |[:?!] ", fields.title)[0].split()
    return " ".join(words) if len(words) <= 10 else f"{' '.join(words[:8])} …"


def _dashes(numbers: str) -> str:
    return re.sub(r"(?<=\w)\s*(-+|–)\s*(?=\w)", "–", numbers)


def _edition(text: str) -> str:
    if not text.isdigit():
        return text
    tail = (
        "th"
        if text[-2:] in ("11", "12", "13")
        else {"1": "st", "2": "nd", "3": "rd"}.get(text[-1], "th")
    )
    return f"{text}{tail} ed."
