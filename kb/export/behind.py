"""The works that quoted passages draw on: never quoted themselves, so never cited for words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.records import Source
from kb.references import Record, Run, in_text, named_works, same_work

TITLE = "Works behind these passages"
REMARK = "The passages draw on these works and quote none. Read a work before you cite it."
NAMED = "Named in the passages"
OF_CHAPTERS = "Further sources of the chapters"
# Keywords by which a reference manager tells them apart.
QUOTED_KEYWORD, BEHIND_KEYWORD = "quoted source", "work behind a quoted passage"
NEAREST_KEYWORD = "near an unanswered question"
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Behind:
    """One work behind the quotes of a sheet.

    Attributes:
        record: CSL-JSON.
        citation: In the style of the sheet, without a place.
        reference: Its entry, told apart from those of the quoted sources too.
        named_in: Numbers of the entries whose paragraph names it by author and year.
        chapter_of: Numbers of the entries whose paragraph names no work, and whose source
            states this one among those that it draws on.
    """

    record: Mapping[str, Any]
    citation: tuple[Run, ...]
    reference: tuple[Run, ...]
    named_in: tuple[int, ...]
    chapter_of: tuple[int, ...]


def drawn_on(
    source: Source, cited: Mapping[str, Record], stretch: str
) -> tuple[tuple[Record, ...], bool]:
    """The works behind a stretch of a source, and whether the stretch names them.

    Args:
        source: Its metadata names the works that it draws on by key.
        cited: Record by key, as `kb.corpus.cited_works` gives them.
        stretch: Paragraphs with the quote in them.
    """
    known = [cited[key] for key in source.metadata.cites if key in cited]
    named = named_works(stretch, known)
    return tuple(named or known), bool(named)


def paragraphs_with(text: str, start: int, end: int) -> str:
    """The whole paragraphs in which a stretch of the text stands."""
    first = max((found.end() for found in _BLANK_LINE.finditer(text, 0, start)), default=0)
    following = _BLANK_LINE.search(text, end)
    return text[first : following.start() if following else len(text)]


def numbers_by_work(
    passages: Sequence[tuple[int, Sequence[Record], bool]],
) -> dict[str, tuple[list[int], list[int]]]:
    """Numbers of the passages that name a work, and of those with it behind their chapter."""
    numbers: dict[str, tuple[list[int], list[int]]] = {}
    for number, works, are_named in passages:
        for work in works:
            named, of_chapter = numbers.setdefault(same_work(work), ([], []))
            (named if are_named else of_chapter).append(number)
    return numbers


def groups(behind: Sequence[Behind]) -> list[tuple[str, list[tuple[Behind, str]]]]:
    """The works under their two headings, each with the passages that it stands behind."""
    named = [(work, passages_text(work.named_in)) for work in behind if work.named_in]
    others = [(work, passages_text(work.chapter_of)) for work in behind if not work.named_in]
    return [(head, works) for head, works in ((NAMED, named), (OF_CHAPTERS, others)) if works]


def passages_text(numbers: Sequence[int]) -> str:
    """`passage 3`, or `passages 1, 3–5`."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and spans[-1][-1] == number - 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    listed = ",\u00a0".join("–".join(map(str, span)) for span in spans)
    return f"passage{'s' if len(set(numbers)) > 1 else ''}\u00a0{listed}"


def short_list(works: Sequence[Record]) -> str:
    """`Greenleaf, 1977; Liden et al., 2008`, whatever the style of the sheet."""
    return "; ".join(in_text(work).removeprefix("(").removesuffix(")") for work in works)


def kind_text(are_named: bool) -> str:
    """How a passage and its works belong together."""
    return "named in the passage" if are_named else "sources of its chapter"


def told(works: Sequence[Record], are_named: bool) -> str:
    """The works of a passage in one line, for the notes of a slide."""
    return f"Works behind it ({kind_text(are_named)}): {short_list(works)}"


def marked(record: Mapping[str, Any], keyword: str) -> dict[str, Any]:
    """The record with one keyword more."""
    known = str(record.get("keyword") or "")
    return {**record, "keyword": ", ".join(part for part in (known, keyword) if part)}
