"""What was found for a question, and one answer out of what was found for several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from kb.answer import MOST_STATEMENTS
from kb.definitions import entry_name
from kb.lexical import terms
from kb.listing import Quote, is_list
from kb.questions import FACTS, Question
from kb.records import Status, Vectors
from kb.selection import answer_marks, wanted
from kb.tables import PassageRow
from kb.weights import Weights, under

_CONTRASTING = re.compile(r"\b(?:whereas|while)\b", re.IGNORECASE)
_CONTRASTS = re.compile(rf";|{_CONTRASTING.pattern}|\b(?:unlike|than|contrast\w*)\b", re.IGNORECASE)
_COMPARES = re.compile(rf"{_CONTRASTS.pattern}|\b(?:differ\w*|distin\w+|but|not)\b", re.IGNORECASE)
QUOTES_OF_EACH = 2  # from each part of a question and each framework of a comparison


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a question.

    Attributes:
        passages: Best first, near-duplicates collapsed.
        scores: Of the passages.
        quotes: What to quote; empty if nothing supports an answer.
        confidence: Probability in [0, 1] that the quotes answer the question.
        features: What the confidence was read from, shape (SUPPORT_FEATURES,); None if nothing
            was found.
    """

    question: Question
    passages: tuple[PassageRow, ...]
    scores: tuple[float, ...]
    quotes: tuple[Quote, ...]
    confidence: float
    status: Status
    features: Vectors | None = None


def both(whole: Finding, halves: Sequence[Finding], weights: Weights) -> Finding:
    """The answers to both parts of a question, one after the other, each with its own marks.

    Two facts may stand in one sentence, so there the answer to the whole question comes first
    and each part adds what it lacks. `partial` where only one part is answered.
    """
    facts = all(half.question.kind in FACTS for half in halves)
    quotes = list(whole.quotes[:QUOTES_OF_EACH]) if facts else []
    for half in halves:
        told = facts and any(wanted(half.question, quote.text) for quote in quotes)
        quotes += [] if told else _leading(half)
    marked: dict[tuple[str, int], Quote] = {}
    for quote in quotes:
        place = (quote.document_id, quote.start)
        if place not in marked:
            marked[place] = replace(quote, marks=_marks_of(quote, halves))
    passages, scores = _merged([whole, *halves])
    sure = whole if facts else _least_sure(halves)
    status, confidence = sure.status, sure.confidence
    if status == "not_found" and marked:
        least = max(weights.support.partial_from, weights.support_expected.partial_from)
        status, confidence = "partial", least
    return replace(
        whole,
        passages=passages,
        scores=scores,
        quotes=tuple(marked.values()),
        confidence=confidence,
        status=status,
    )


def _least_sure(found: Sequence[Finding]) -> Finding:
    """The one with the least confidence."""
    return min(found, key=lambda each: each.confidence)


def _leading(half: Finding) -> Sequence[Quote]:
    """The first quotes of a part; a list whole."""
    return half.quotes if half.question.kind == "list" else half.quotes[:QUOTES_OF_EACH]


def _marks_of(quote: Quote, halves: Sequence[Finding]) -> tuple[tuple[int, int], ...]:
    """The words that answer either part, without overlap; a list keeps its own."""
    if quote.marks is not None:
        return quote.marks
    found = {mark for half in halves for mark in answer_marks(half.question, quote.text)}
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return tuple(apart)


def _merged(found: Sequence[Finding]) -> tuple[tuple[PassageRow, ...], tuple[float, ...]]:
    """The passages of several findings, best first."""
    passages: dict[int, tuple[PassageRow, float]] = {}
    for source in found:
        for passage, score in zip(source.passages, source.scores, strict=True):
            passages.setdefault(passage.row, (passage, score))
    ordered = sorted(passages.values(), key=lambda pair: -pair[1])
    return tuple(p for p, _ in ordered), tuple(score for _, score in ordered)


def joined(
    question: Question,
    whole: Finding,
    parts: Mapping[str, Finding],
    quoted: Set[str],
    weights: Weights,
) -> Finding:
    """The frameworks' answers one after the other; as sure as the least sure of them.

    Where one of them has none, the others' beside the answer to the whole question; `partial` at
    best, unless that answer quotes it.

    Args:
        question: The comparison.
        whole: What was found for it.
        parts: What was found for each framework.
        quoted: The frameworks that the answer to the whole quotes.
        weights: Whose thresholds decide.
    """
    told = {slug: part for slug, part in parts.items() if part.quotes}
    if not told or (len(told) < len(parts) and parts.keys() <= quoted):
        return whole
    sure = _least_sure(list(told.values()))
    if whole.status == "answered" and parts.keys() <= quoted:
        sure = max(sure, whole, key=lambda each: each.confidence)
    passages, scores = _merged((*told.values(), whole))
    found = Finding(
        question,
        passages,
        scores,
        tuple(quote for part in told.values() for quote in part.quotes),
        sure.confidence,
        sure.status,
        whole.features,
    )
    if len(told) == len(parts):
        return found
    if whole.quotes:
        found = completed(whole, [part for slug, part in told.items() if slug not in quoted])
    if parts.keys() <= told.keys() | quoted:
        return found
    return in_part(found, weights)


def in_part(found: Finding, weights: Weights) -> Finding:
    """What was found as no full answer."""
    threshold = min(weights.support.answered_from, weights.support_expected.answered_from)
    return replace(found, confidence=under(found.confidence, threshold), status="partial")


def declined(found: Finding, weights: Weights) -> Finding:
    """What was found as no answer."""
    threshold = min(weights.support.partial_from, weights.support_expected.partial_from)
    sure = under(found.confidence, threshold)
    return replace(found, quotes=(), confidence=sure, status="not_found")


def alone(whole: Finding, defined: Finding | None, weights: Weights) -> Finding:
    """What one of two things is, then what its source says of both; `partial` at best.

    Args:
        whole: What was found for the question that tells them apart.
        defined: What was found for the one; None if nothing says what it is.
        weights: Whose thresholds decide.
    """
    if defined is None:
        return whole
    first = defined.quotes[0]
    own = [q for q in whole.quotes if q.document_id == first.document_id and q.start != first.start]
    passages, scores = _merged((defined, whole))
    found = replace(
        defined,
        question=whole.question,
        passages=passages,
        scores=scores,
        quotes=(first, *own[:QUOTES_OF_EACH]),
    )
    return in_part(found, weights)


def told_apart(whole: Finding, each: Sequence[Finding], apart: Sequence[Sequence[str]]) -> Finding:
    """What either thing is, then what else answers; the answer as it is unless both are told.

    A sentence that contrasts them stays first, and a list whole.

    Args:
        whole: What was found for the question that tells them apart.
        each: What was found for either of them.
        apart: Both by the names that they may have.
    """
    if len(each) < 2 or is_list(whole.quotes):
        return whole
    quotes: dict[tuple[str, int], Quote] = {}
    contrast = [quote for quote in whole.quotes[:1] if _contrasts(quote.text, apart)]
    rest = [quote for quote in whole.quotes if not _defines_other(quote.text, apart)]
    for quote in (*contrast, *(found.quotes[0] for found in each), *rest):
        quotes.setdefault((quote.document_id, quote.start), quote)
    sure = _least_sure(each)
    passages, scores = _merged((*each, whole))
    return replace(
        whole,
        passages=passages,
        scores=scores,
        quotes=tuple(quotes.values())[:MOST_STATEMENTS],
        confidence=sure.confidence,
        status=sure.status,
    )


def sides_first(whole: Finding, apart: Sequence[Sequence[str]]) -> Finding:
    """The answer with what it says of either thing alone before what it says of both.

    A sentence that contrasts them comes first of all. As it is where its first sentence compares,
    or where one has no sentence of its own.

    Args:
        whole: What was found for the question that tells them apart.
        apart: Both by the names that they may have.
    """
    if not apart or not whole.quotes or is_list(whole.quotes):
        return whole
    lead = [quote for quote in whole.quotes if _contrasts(quote.text, apart)][:1]
    if not lead and not _COMPARES.search(whole.quotes[0].text):
        own = ([q for q in whole.quotes if names not in _untold_by([q], apart)] for names in apart)
        firsts = [quotes[0] for quotes in own if quotes]
        lead = firsts if len(firsts) == len(apart) else []
    if not lead:
        return whole
    return replace(whole, quotes=(*lead, *(q for q in whole.quotes if q not in lead)))


def _defines_other(sentence: str, apart: Sequence[Sequence[str]]) -> bool:
    """Whether it is an entry of a glossary that names neither thing."""
    said = set(terms(sentence))
    names_one = any(set(terms(name)) <= said for names in apart for name in names)
    return bool(entry_name(sentence)) and not names_one


def _contrasts(sentence: str, apart: Sequence[Sequence[str]]) -> bool:
    """Whether the sentence names both, with a word between them or a semicolon."""
    said = _names_said(sentence, apart)
    if not all(said):
        return False
    parts = [_names_said(part, apart) for part in sentence.split(";")]
    each_alone = {tuple(part) for part in parts if any(part) and not all(part)}
    return bool(_CONTRASTING.search(sentence)) or len(each_alone) == len(apart)


def _names_said(text: str, apart: Sequence[Sequence[str]]) -> list[bool]:
    """Whether the text names each of two things."""
    said = set(terms(text))
    return [any(set(terms(name)) <= said for name in names) for names in apart]


def untold(whole: Finding, apart: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Of two things that are told apart those of which no quote says something by itself.

    None where a sentence contrasts them.

    Args:
        whole: What was found for both.
        apart: Both by the names that they may have.
    """
    if any(_contrasts(quote.text, apart) for quote in whole.quotes):
        return []
    return _untold_by(whole.quotes, apart)


def tells_both(found: Finding, apart: Sequence[Sequence[str]]) -> bool:
    """Whether sentences name both of two things that are told apart, or the first contrasts them.

    What is said of something that shares a word with one of them leaves open how they differ.
    """
    if any(_CONTRASTS.search(quote.text) for quote in found.quotes[:1]):
        return True
    said = [_names_said(quote.text, apart) for quote in found.quotes]
    return all(map(any, zip(*said, strict=True)))


def _untold_by(quotes: Sequence[Quote], apart: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    stems = [set(terms(names[-1])) for names in apart]
    of_both = set.intersection(*stems) if stems else set[str]()
    said = [set(terms(quote.text)) for quote in quotes]
    own = [each - of_both for each in stems]
    return [
        names
        for names, mine, others in zip(apart, own, reversed(own), strict=True)
        if mine and not any(mine <= each and not others & each for each in said)
    ]


def completed(whole: Finding, further: Sequence[Finding]) -> Finding:
    """The answer with the best quote of every framework that it says nothing of."""
    added = [found.quotes[0] for found in further if found.quotes][: MOST_STATEMENTS - 1]
    passages, scores = _merged((whole, *further))
    kept = whole.quotes[: MOST_STATEMENTS - len(added)]
    return replace(whole, passages=passages, scores=scores, quotes=(*kept, *added))
