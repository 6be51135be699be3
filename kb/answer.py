"""`Hit`s to `Answer`: choose sentences, cite them, say how sure, or say that nothing is there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.enumerations import Enumeration, enumerations
from kb.index import Generation
from kb.lexical import terms
from kb.matching import Asked
from kb.passages import locator_at
from kb.questions import Question, plain_list_words, telling_list_words
from kb.records import Citation, Document, Passage, Statement
from kb.search import first_of_near_duplicates
from kb.selection import Sentence, answer_marks
from kb.tables import PassageRow

MOST_STATEMENTS = 5
FACT_STATEMENTS = 3
FACT_KINDS = ("who", "when", "how_many", "where", "yes_no", "definition")
# A further sentence is quoted if its log-odds are no further than this below the best.
# Unmeasured.
CLOSE_TO_BEST = 1.5
# How a list fits a question; unmeasured but on our development questions.
ANNOUNCED_WEIGHT = 0.7  # of the lead and the heading right above, against all headings
ANNOUNCED_FROM = 0.25  # coverage from which an equal count means something
COUNT_BONUS = 0.4
LIST_FROM = 0.55
OTHER_LIST = 0.5  # taken off where nothing says what the list is of: benefits, criticisms
_LEANS_BACK = re.compile(
    r"^[\"'“‘(]*(They|Their|Them|It|Its|This|These|Those|He|She|His|Her|Such|Both)\b"
    r"(?! is (the|a) (way|view|kind) of)"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a document that will be quoted."""

    row: int
    document_id: str
    start: int
    end: int
    text: str
    score: float


def best_list(
    asked: Asked,
    passages: Sequence[PassageRow],
    documents: Mapping[str, Document],
    generation: Generation,
) -> tuple[list[Quote], float]:
    """The list that a list question asks for, its announcing sentence first, and how it fits.

    Without a list that fits, the list is empty and the fit 0.

    Args:
        asked: A question of kind `list`.
        passages: Best first.
        documents: Those that the passages stand in.
        generation: The opened generation.
    """
    best: tuple[float, Document, Enumeration] | None = None
    for document_id in dict.fromkeys(found.passage.document_id for found in passages):
        document = documents[document_id]
        rank = next(n for n, p in enumerate(passages) if p.passage.document_id == document_id)
        for found in enumerations(document):
            score = _fit(asked, document, found) - 0.05 * rank
            if best is None or score > best[0]:
                best = (score, document, found)
    if best is None or best[0] < LIST_FROM:
        return [], 0.0
    return _quoted_list(generation, *best), best[0]


def _fit(asked: Asked, document: Document, found: Enumeration) -> float:
    """Share of the question's terms that announce the list, more if the count agrees."""
    lead = document.text[slice(*found.announcement)] if found.announcement else ""
    nearest = found.headings[-1] if found.headings else ""
    announced = set(terms(lead)) | set(terms(nearest))
    around = announced | {term for name in found.headings for term in terms(name)}
    around |= set(terms(document.source.title))
    count = asked.question.count
    # A list of the right length need not be called by the same noun: shifts, ways, points.
    besides = plain_list_words(asked.question) if found.size == count else frozenset()
    close = asked.coverage(announced, besides=besides)
    score = ANNOUNCED_WEIGHT * close
    score += (1 - ANNOUNCED_WEIGHT) * asked.coverage(around, besides=besides)
    if not telling_list_words(asked.question) <= around:
        score -= OTHER_LIST
    if count is None or close < ANNOUNCED_FROM:
        return score
    return score + (COUNT_BONUS if found.size == count else -COUNT_BONUS)


def _quoted_list(
    generation: Generation, score: float, document: Document, found: Enumeration
) -> list[Quote]:
    spans = [*([found.lead] if found.lead else []), *found.items]
    passages = generation.tables.passages(generation.tables.rows_of(document.document_id))
    return quotes_at(document, spans, passages, score)


def quotes_at(
    document: Document,
    spans: Sequence[tuple[int, int]],
    passages: Sequence[PassageRow],
    score: float = 1.0,
) -> list[Quote]:
    """Stretches of a document as quotes.

    Args:
        document: Where they stand.
        spans: `(start, end)` in its text.
        passages: All of the document's, in reading order.
        score: Given to every quote.
    """
    return [
        Quote(
            _row_at(passages, start),
            document.document_id,
            start,
            end,
            document.text[start:end],
            score,
        )
        for start, end in spans
    ]


def _row_at(passages: Sequence[PassageRow], offset: int) -> int:
    """Row of the passage that holds the offset, or of the first one after it."""
    for found in passages:
        if offset < found.passage.end:
            return found.row
    return passages[-1].row


def chosen_sentences(question: Question, sentences: Sequence[Sentence]) -> list[Quote]:
    """The sentences to quote: the best first, the others in reading order.

    Args:
        question: Its kind bounds the number.
        sentences: Best first.
    """
    if not sentences:
        return []
    most = FACT_STATEMENTS if question.kind in FACT_KINDS else MOST_STATEMENTS
    close = [s for s in sentences if s.score >= sentences[0].score - CLOSE_TO_BEST]
    distinct = first_of_near_duplicates([s.text for s in close])
    chosen = [s for s, is_first in zip(close, distinct, strict=True) if is_first][:most]
    rank_of_row = {row: n for n, row in enumerate(dict.fromkeys(s.row for s in chosen))}
    rest = sorted(chosen[1:], key=lambda s: (rank_of_row[s.row], s.start))
    return [
        Quote(s.row, s.document_id, s.start, s.end, s.text, s.score) for s in (chosen[0], *rest)
    ]


def with_antecedents(quotes: Sequence[Quote], passages: Sequence[PassageRow]) -> list[Quote]:
    """The quotes, each that opens with a pronoun led by the sentence before it.

    A sentence that is quoted already is not quoted again.
    """
    by_row = {found.row: found for found in passages}
    quoted = {(q.document_id, q.start) for q in quotes}
    resolved: list[Quote] = []
    for quote in quotes:
        before = _sentence_before(quote, by_row.get(quote.row))
        if (
            before
            and _LEANS_BACK.match(quote.text)
            and (quote.document_id, before.start) not in quoted
        ):
            quoted.add((quote.document_id, before.start))
            resolved.append(before)
        resolved.append(quote)
    return resolved


def _sentence_before(quote: Quote, found: PassageRow | None) -> Quote | None:
    if found is None:
        return None
    earlier = [span for span in found.sentences if span[1] <= quote.start]
    if not earlier:
        return None
    start, end = earlier[-1]
    first = start - found.passage.start
    text = found.passage.text[first : first + end - start]
    return Quote(quote.row, quote.document_id, start, end, text, quote.score)


def cite(
    question: Question,
    quotes: Sequence[Quote],
    passages: Mapping[int, Passage],
    documents: Mapping[str, Document],
    references: Mapping[str, str],
    scores: Mapping[int, float],
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Statements and their citations, numbered from 1 in the order of the quotes.

    Args:
        question: Decides which words are marked.
        quotes: What to quote.
        passages: By row.
        documents: By identifier.
        references: Printed reference by document identifier.
        scores: Fused score by row; 0 for a row that was not ranked.
    """
    statements, citations = [], []
    for number, quote in enumerate(quotes, start=1):
        passage, document = passages[quote.row], documents[quote.document_id]
        source, known = document.source, document.source.metadata
        citations.append(
            Citation(
                number=number,
                passage_id=passage.passage_id,
                document_id=quote.document_id,
                path=source.path,
                title=source.title,
                authors=known.authors,
                year=known.year,
                framework=known.framework,
                locator=locator_at(document, quote.start),
                start=quote.start,
                end=quote.end,
                quote=quote.text,
                score=round(scores.get(quote.row, 0.0), 6),
                reference=references[quote.document_id],
            )
        )
        statements.append(Statement(quote.text, number, answer_marks(question, quote.text)))
    return tuple(statements), tuple(citations)
