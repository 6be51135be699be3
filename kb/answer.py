"""`Hit`s to `Answer`: choose sentences, cite them, say how sure, or say that nothing is there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kb.acronyms import spells
from kb.enumerations import Enumeration, counted_members, enumerations
from kb.index import Generation
from kb.lexical import terms, words
from kb.matching import Asked
from kb.passages import locator_at
from kb.questions import NUMBERS, Question, plain_list_words, telling_list_words
from kb.records import Citation, Document, Passage, Statement
from kb.search import first_of_near_duplicates
from kb.selection import Sentence, answer_marks
from kb.sentences import sentence_spans
from kb.tables import PassageRow, Tables

MOST_STATEMENTS = 5
FACT_STATEMENTS = 3
FACT_KINDS = ("who", "when", "how_many", "where", "yes_no", "definition")
# A further sentence is quoted if its log-odds are no further than this below the best.
# Unmeasured.
CLOSE_TO_BEST = 1.5
CLOSE_WITHIN_PART = 3.0  # likewise, where a part of a text is asked for
# How a list fits a question; unmeasured but on our development questions.
ANNOUNCED_WEIGHT = 0.7  # of the lead and the heading right above, against all headings
ANNOUNCED_FROM = 0.25  # coverage from which an equal count means something
COUNT_BONUS = 0.4
LIST_FROM = 0.55
LONGEST_CHAIN = 2  # sentences before one that opens with a pronoun
SPELT = 2.0  # the members begin with the letters that are asked for
MIXED_LIST = 0.15  # taken off where the lead counts several lists in one
LIST_ALONE = 0.05  # added where the sentence ends with the list
OTHER_NOUN = 0.1  # taken off where the sentence counts something by another name, or not
MEMBER_SENTENCES = 2  # quoted of one member
OTHER_LIST = 0.5  # taken off where nothing says what the list is of: benefits, criticisms
_LEANS_BACK = re.compile(
    r"^[\"'“‘(]*(They|Their|Them|It|Its|This|These|Those|He|She|His|Her|Such|Both)\b"
    r"(?! is (the|a) (way|view|kind) of)"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a document that will be quoted.

    Attributes:
        marks: Spans in `text` of the words that answer; None if the kind of the question is
            to say which.
    """

    row: int
    document_id: str
    start: int
    end: int
    text: str
    score: float
    marks: tuple[tuple[int, int], ...] | None = None


def best_list(
    asked: Asked,
    passages: Sequence[PassageRow],
    documents: Mapping[str, Document],
    generation: Generation,
) -> tuple[list[Quote], float]:
    """The list that a list question asks for, its announcing sentence first, and how it fits.

    Without a list that fits, the list is empty and the fit 0. The fit is also 0 if the list
    is there and has another number of members than the question says. Of a question for one
    member only that one is quoted.

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
    score, document, found = best
    rows = generation.tables.passages(generation.tables.rows_of(document.document_id))
    if _is_other(asked.question, found):
        return _whole(document, found, rows), 0.0
    if asked.question.place is not None or asked.question.beside:
        return _member(asked.question, document, found, rows), score
    return _whole(document, found, rows), score


def _is_other(question: Question, found: Enumeration) -> bool:
    """Whether the question counts on more members, or on another number of them."""
    if question.place is not None:
        return question.place > found.size
    if question.count is None:
        return False
    return found.size < question.count or (not question.at_least and found.size != question.count)


def _fit(asked: Asked, document: Document, found: Enumeration) -> float:
    """Share of the question's terms that announce the list, more if the count agrees."""
    question = asked.question
    if question.acronym:
        return SPELT * spells(question.acronym, _names(document, found))
    if question.beside and _index(question, document, found) is None:
        return 0.0
    lead = document.text[slice(*found.announcement)] if found.announcement else ""
    nearest = found.headings[-1] if found.headings else ""
    announced = set(terms(lead)) | set(terms(nearest))
    around = announced | {term for name in found.headings for term in terms(name)}
    known = document.source.metadata
    around |= set(terms(" ".join((document.source.title, *known.people, *known.authors))))
    if question.beside:
        named = LIST_ALONE * bool(found.members)
        return 1.0 + named + asked.coverage(around, besides=frozenset(question.beside[0]))
    count = question.count
    # A list of the right length need not be called by the same noun: shifts, ways, points.
    is_plain = found.size == count or question.place is not None
    besides = plain_list_words(question) if is_plain else frozenset()
    close = asked.coverage(announced, besides=besides)
    score = ANNOUNCED_WEIGHT * close
    score += (1 - ANNOUNCED_WEIGHT) * asked.coverage(around, besides=besides)
    if not telling_list_words(question) <= around:
        score -= OTHER_LIST
    if found.numbered:
        score -= MIXED_LIST
    if found.members and found.lead:
        score += LIST_ALONE * (found.members[-1][1] >= found.lead[1] - 1)
        score -= OTHER_NOUN * (not _counts_noun(question, lead))
    if count is None or close < ANNOUNCED_FROM:
        return score
    if question.at_least:
        return score + (COUNT_BONUS if found.size >= count else -COUNT_BONUS)
    return score + (COUNT_BONUS if found.size == count else -COUNT_BONUS)


def _counts_noun(question: Question, announcement: str) -> bool:
    """Whether an announcement counts what is asked for: "nine benefits", not "four quadrants"."""
    asked = plain_list_words(question) | telling_list_words(question)
    counted = re.findall(rf"\b(?:{'|'.join(NUMBERS)}|\d{{1,2}})\s+([^,:;]+)", announcement.lower())
    return bool(counted) and bool(asked & set(terms(counted[-1])))


def _names(document: Document, found: Enumeration) -> list[str]:
    """The members' own words."""
    return [document.text[start:end] for start, end in found.members or found.items]


def _index(question: Question, document: Document, found: Enumeration) -> int | None:
    """Position of the member that the question asks for; None if the list has no such."""
    if question.place is not None:
        position = question.place - 1 if question.place > 0 else found.size - 1
        return position if 0 <= position < found.size else None
    if not question.beside:
        return None
    wanted, step = question.beside
    for position, name in enumerate(_names(document, found)):
        if set(wanted) <= set(terms(name)) and len(terms(name)) <= len(wanted) + 1:
            return position + step if 0 <= position + step < found.size else None
    return None


def _whole(document: Document, found: Enumeration, rows: Sequence[PassageRow]) -> list[Quote]:
    """The announcing sentence with its members marked, and the items or headings of their own."""
    items = list(found.items) or [span for span in _headings_of(document, found) if span]
    if found.members and len(items) != found.size:
        items = []
    spans = [*([found.lead] if found.lead else []), *items]
    return _marked(quotes_at(document, spans, rows), found, _spoken_members(document, found))


def _member(
    question: Question, document: Document, found: Enumeration, rows: Sequence[PassageRow]
) -> list[Quote]:
    """The announcing sentence with one member marked, and what the text says of that member."""
    position = _index(question, document, found)
    if position is None:
        return []
    members = _spoken_members(document, found)
    heading = found.items[position] if found.items else _headings_of(document, found)[position]
    spans = [found.lead] if found.lead else []
    if found.items or heading:
        spans += [heading, *_below(document, heading)] if heading else []
    marked = members[position : position + 1]
    return _marked(quotes_at(document, spans, rows), found, marked)


def _spoken_members(document: Document, found: Enumeration) -> tuple[tuple[int, int], ...]:
    """Spans of the members where the lead names all of them; () otherwise."""
    if found.members or not found.lead:
        return found.members
    spoken = (members for _, members in counted_members(document.text, *found.lead))
    return next((members for members in spoken if len(members) == found.size), ())


def _marked(
    quotes: list[Quote], found: Enumeration, members: Sequence[tuple[int, int]]
) -> list[Quote]:
    """The quotes, the first with the members marked in it."""
    if not quotes or not found.lead or not members:
        return quotes
    start = found.lead[0]
    marks = tuple((one - start, other - start) for one, other in members)
    return [replace(quotes[0], marks=marks), *quotes[1:]]


def _headings_of(document: Document, found: Enumeration) -> list[tuple[int, int] | None]:
    """For each member that the lead names the heading of its own below the lead."""
    lead = found.lead or (0, 0)
    below = [b for b in document.blocks if b.kind == "heading" and b.start >= lead[1]]
    headings: list[tuple[int, int] | None] = []
    for name in _names(document, found):
        near = (b for b in below if _same_thing(name, document.text[b.start : b.end]))
        block = next(near, None)
        headings.append((block.start, block.end) if block else None)
    return headings


def _same_thing(name: str, heading: str) -> bool:
    wanted, there = (set(terms(text)) or set(words(text)) for text in (name, heading))
    shared = len(wanted & there)
    return shared > 0 and (wanted <= there or there <= wanted) and 2 * shared >= len(there)


def _below(document: Document, heading: tuple[int, int]) -> list[tuple[int, int]]:
    """The first sentences of the paragraph right below a heading."""
    following = (b for b in document.blocks if b.start >= heading[1] and b.kind != "furniture")
    block = next(following, None)
    if block is None or block.kind != "paragraph":
        return []
    return sentence_spans(document.text, block.start, block.end)[:MEMBER_SENTENCES]


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


def chosen_sentences(
    question: Question, sentences: Sequence[Sentence], *, part: bool = False
) -> list[Quote]:
    """The sentences to quote: the best first, the others in reading order.

    Args:
        question: Its kind bounds the number.
        sentences: Best first.
        part: They are a part of a text that is asked for: criticism, an example.
    """
    if not sentences:
        return []
    is_short = question.kind in FACT_KINDS and not part
    most = FACT_STATEMENTS if is_short else MOST_STATEMENTS
    within = CLOSE_WITHIN_PART if part else CLOSE_TO_BEST
    close = [s for s in sentences if s.score >= sentences[0].score - within]
    distinct = first_of_near_duplicates([s.text for s in close])
    chosen = [s for s, is_first in zip(close, distinct, strict=True) if is_first][:most]
    rank_of_row = {row: n for n, row in enumerate(dict.fromkeys(s.row for s in chosen))}
    rest = sorted(chosen[1:], key=lambda s: (rank_of_row[s.row], s.start))
    return [
        Quote(s.row, s.document_id, s.start, s.end, s.text, s.score) for s in (chosen[0], *rest)
    ]


def with_antecedents(quotes: Sequence[Quote], tables: Tables) -> list[Quote]:
    """The quotes, each that opens with a pronoun led by the sentence that it leans on.

    A sentence that is quoted already is not quoted again. The weakest quotes give way where
    there would be more than `MOST_STATEMENTS`.
    """
    kept = list(quotes)
    while kept:
        resolved = _resolved(kept, tables)
        if len(resolved) <= MOST_STATEMENTS or len(kept) == 1:
            return resolved
        kept.remove(min(kept[1:], key=lambda quote: quote.score))
    return []


def _resolved(quotes: Sequence[Quote], tables: Tables) -> list[Quote]:
    quoted = {(q.document_id, q.start): q for q in quotes}
    resolved: dict[tuple[str, int], Quote] = {}
    for quote in quotes:
        chain = [quote]
        while len(chain) <= LONGEST_CHAIN and _LEANS_BACK.match(chain[0].text):
            before = _sentence_before(chain[0], tables)
            if before is None:
                break
            chain.insert(0, quoted.get((before.document_id, before.start), before))
        for found in chain:
            resolved.setdefault((found.document_id, found.start), found)
    return list(resolved.values())


def _sentence_before(quote: Quote, tables: Tables) -> Quote | None:
    """The sentence right before a quote, in its passage or the one before; None at the start."""
    rows = tables.rows_of(quote.document_id)
    near = [row for row in (quote.row - 1, quote.row) if row in rows]
    for found in reversed(tables.passages(near)):
        earlier = [span for span in found.sentences if span[1] <= quote.start]
        if earlier:
            start, end = earlier[-1]
            first = start - found.passage.start
            text = found.passage.text[first : first + end - start]
            return Quote(found.row, quote.document_id, start, end, text, quote.score)
    return None


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
        marks = answer_marks(question, quote.text) if quote.marks is None else quote.marks
        statements.append(Statement(quote.text, number, marks))
    return tuple(statements), tuple(citations)
