"""Answers and passages as a reader sees them; every text is escaped."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence

from kb.answer import leant_on
from kb.export.words import SENTENCE_BEFORE
from kb.listing import is_list
from kb.records import Answer, Citation, Hit, Passage, Statement
from kb.ui import words
from kb.ui.links import source_address, span_address
from kb.ui.markup import escape, link, marked

_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")
_BEFORE_IT = f'<span class="kb-muted">{escape(SENTENCE_BEFORE)} </span>'
_OPEN_REFERENCES = 4  # more of them are folded up


def answer_html(answer: Answer) -> str:
    """The status, the quoted lines with numbered citations, and where each line stands."""
    headline, explanation = words.verdict(answer)
    return (
        f'<section class="kb-answer kb-{words.shown_status(answer)}" aria-label="Answer" '
        'aria-live="polite">'
        f'<h2 class="kb-verdict">{escape(headline)}</h2>'
        f'<div class="kb-muted">{escape(explanation)} {_confidence(answer)}</div>'
        f"{_statements(answer)}{_references(answer)}</section>"
    )


def spelling_html(asked: str, corrected: str) -> str:
    """Which question the answer is to, where mistaken words were corrected; empty otherwise."""
    written = " ".join(asked.split())
    if corrected == written:
        return ""
    return (
        f'<p class="kb-spelling">Shown for: <strong>{escape(corrected)}</strong> '
        f'<span class="kb-muted">(you wrote: {escape(written)})</span></p>'
    )


def hit_html(hit: Hit, generation: str, spans: Iterable[tuple[int, int]] = ()) -> str:
    """A passage with its place; `spans` are offsets of the document to be marked."""
    inside = [(start - hit.start, end - hit.start) for start, end in spans]
    return (
        f'<article class="kb-passage"><p class="kb-where">'
        f"{link(source_address(hit, generation), hit.title, kind='kb-strong')}"
        f'<span class="kb-muted"> · {escape(words.place(hit.locator, hit.title))}</span></p>'
        f'<p class="kb-text">{spaced(marked(hit.text, inside, "mark"))}</p></article>'
    )


def citation_html(citation: Citation, generation: str) -> str:
    """A quote with its place."""
    return (
        f'<article class="kb-passage"><p class="kb-where">'
        f"{link(source_address(citation, generation), citation.title, kind='kb-strong')}"
        f'<span class="kb-muted"> · {escape(words.place(citation.locator, citation.title))}</span>'
        f'</p><p class="kb-text">{escape(citation.quote)}</p></article>'
    )


def neighbours_html(
    passages: Sequence[Passage], spans: Iterable[tuple[int, int]], generation: str
) -> str:
    """Passages in reading order with some stretches marked."""
    found = list(spans)
    pieces = []
    for passage in passages:
        inside = [(start - passage.start, end - passage.start) for start, end in found]
        at = span_address(passage.document_id, passage.start, passage.end, generation)
        place = link(at, words.place(passage.locator), kind="kb-muted")
        pieces.append(
            f'<p class="kb-where">{place}</p>'
            f'<p class="kb-text">{spaced(marked(passage.text, inside, "mark"))}</p>'
        )
    return f'<div class="kb-neighbours">{"".join(pieces)}</div>'


def quoted_first(answer: Answer) -> list[Hit]:
    """The passages of an answer: those quoted, in the order of the quotes, then the others."""
    numbers = {cited.passage_id: cited.number for cited in reversed(answer.citations)}
    return sorted(answer.passages, key=lambda hit: numbers.get(hit.passage_id, math.inf))


def compares_sources(answer: Answer) -> bool:
    """Whether a comparison goes source by source, with all lines of one before the next."""
    titles = {citation.number: citation.title for citation in answer.citations}
    runs = [t for t, _ in itertools.groupby(titles[each.citation] for each in answer.statements)]
    return answer.kind == "comparison" and len(runs) == len(set(runs)) > 1


def spaced(escaped: str) -> str:
    """Half a line instead of a blank one between paragraphs."""
    return _BLANK_LINES.sub('<span class="kb-gap"></span>', escaped)


def _confidence(answer: Answer) -> str:
    if answer.status == "not_found":
        return ""
    return (
        f'<details class="kb-sure"><summary>The library is '
        f"{escape(words.confidence(answer))}.</summary>"
        f"<span>{escape(words.confidence_number(answer.confidence))}</span></details>"
    )


def _statements(answer: Answer) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    led = leant_on(answer.citations)
    lines = [
        _BEFORE_IT * (each.citation in led) + _quote(each, cited[each.citation], answer.generation)
        for each in answer.statements
    ]
    if compares_sources(answer):
        return _columns([cited[each.citation].title for each in answer.statements], lines)
    leads = is_list(answer.citations)
    listed = len(lines) if (leads or answer.kind == "list") and len(lines) > 1 else 0
    if listed and (leads or _announces(answer.statements[0], answer.statements[1:])):
        listed -= 1
    lead, items = lines[: len(lines) - listed], lines[len(lines) - listed :]
    drawn = "".join(f'<p class="kb-quote">{line}</p>' for line in lead)
    if items:
        drawn += '<ul class="kb-lines">' + "".join(f"<li>{each}</li>" for each in items) + "</ul>"
    return drawn


def _announces(first: Statement, others: Sequence[Statement]) -> bool:
    """Whether the first line is the sentence before a list and the others are its items."""
    return first.text.rstrip().endswith((".", ":")) and not any(
        each.text.rstrip().endswith(".") and len(each.text) >= len(first.text) for each in others
    )


def _columns(titles: Sequence[str], lines: Sequence[str]) -> str:
    """The lines of a comparison side by side, one column for each source's title."""
    columns: dict[str, list[str]] = {}
    for title, line in zip(titles, lines, strict=True):
        columns.setdefault(title, []).append(f'<p class="kb-quote">{line}</p>')
    drawn = [
        f'<div class="kb-column"><h3>{escape(title)}</h3>{"".join(lines)}</div>'
        for title, lines in columns.items()
    ]
    return f'<div class="kb-columns">{"".join(drawn)}</div>' if drawn else ""


def _quote(statement: Statement, citation: Citation, generation: str) -> str:
    number = link(
        source_address(citation, generation),
        str(citation.number),
        kind="kb-cite",
        title=f"{citation.number}: open {citation.title} at these words",
    )
    return f"<q>{marked(statement.text, statement.marks)}</q>{number}"


def _references(answer: Answer) -> str:
    if not answer.citations:
        return ""
    rows = [
        f'<li value="{each.number}">'
        f"{link(source_address(each, answer.generation), each.title)}"
        f'<span class="kb-muted"> · {escape(words.place(each.locator, each.title))}</span></li>'
        for each in answer.citations
    ]
    drawn = "open" if len(rows) <= _OPEN_REFERENCES else ""
    return (
        f'<details class="kb-references" {drawn}><summary>Where each line stands</summary>'
        f"<ol>{''.join(rows)}</ol></details>"
    )
