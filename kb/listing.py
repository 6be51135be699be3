"""Lists and members of lists as quotes: which list a question asks for, and how it is quoted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from kb.acronyms import spells
from kb.enumerations import (
    NUMBERS,
    Enumeration,
    announces_next,
    counted_members,
    enumerations,
    is_title,
    lists_of_blocks,
    stated_numbers,
)
from kb.index import Generation
from kb.lexical import terms, words
from kb.matching import Asked
from kb.questions import (
    Question,
    counted_noun,
    place_stated,
    plain_list_words,
    telling_list_words,
)
from kb.records import Citation, Document
from kb.sentences import sentence_spans
from kb.tables import PassageRow, Tables
from kb.vocabulary import Vocabulary

# How a list fits a question; unmeasured but on our development questions.
ANNOUNCED_WEIGHT = 0.7  # of the lead and the heading right above, against all headings
ANNOUNCED_FROM = 0.25  # coverage from which an equal count means something
COUNT_BONUS = 0.4
COUNT_OFF = 0.01  # taken off for each member too many or too few: of lists alike the nearest
LIST_FROM = 0.55
MOST_PARTED = 15  # members of lists that are quoted as parts of one; unmeasured
MOST_STEPS = 8  # of a list that is quoted whole because two of them are
BARE_HEADING = 0.15  # added for a list right below the very word that is asked for; unmeasured
SPELT = 2.0  # the members begin with the letters that are asked for
SAYS_LETTERS = 0.4  # added where the sentence above the members says the letters; unmeasured
MIXED_LIST = 0.15  # taken off where the lead counts several lists in one
LIST_ALONE = 0.05  # added where the sentence ends with the list
OTHER_NOUN = 0.1  # taken off where the sentence counts something by another name, or not
LONGEST_LEAD = 820  # characters; a text without full stops is no sentence that announces a list
MEMBER_SENTENCES = 2  # quoted of one member
UNSAID_SHARE = 0.85  # of the fit where the persons whose list it is are not named with it
COUNTED_WITHIN = 2  # words behind a number, of which one is what is counted: "five chief faults"
_NAME_ENDS = re.compile(r":\s|\s(?:is|are|means)\s")
# What the kinds are of, with a word before or behind it: "types of basic feedback".
_KINDS_OF = re.compile(
    r"\b(?:types|kinds|forms|sorts)\s+of\s+(?P<what>[\w-]+(?:\s+[\w-]+)?)", re.IGNORECASE
)
_QUESTION_WORDS = frozenset("how what when where which who why".split())
# Little words that turn what is asked.
_TURNS = re.compile(r"\b(?:not|no|never|without|before|after|during|until)\b|n['’]t\b")
SYNONYM_SHARE = 0.9  # of a word's weight where another of its group stands for it; unmeasured
# Taken off where nothing says what the list is of: benefits, or shared leadership.
OTHER_LIST = 0.5


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
    vocabulary: Vocabulary,
    noun: Set[str] = frozenset(),
    besides: Set[int] = frozenset(),
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
        vocabulary: Other words by which a list may be announced.
        noun: Stems of what is listed, which the lead has to name.
        besides: How many members a list has not that is asked for.
    """
    fitting: list[tuple[float, Document, Enumeration]] = []
    for document_id in dict.fromkeys(found.passage.document_id for found in passages):
        document = documents[document_id]
        rank = next(n for n, p in enumerate(passages) if p.passage.document_id == document_id)
        lists = enumerations(document)
        named = {found.lead for found in lists if found.members}
        for found in lists:
            if found.numbered and found.items and found.lead in named:
                continue  # the lead names its own members, and other headings stand below
            said = document.text[slice(*found.lead)] if found.lead else ""
            if len(said) > LONGEST_LEAD or found.size in besides:
                continue
            if noun and not _lists(noun, said, _announcement(document, found)):
                continue
            if _is_on_member(asked.question, document, found):
                continue
            score = _fit(asked, document, found, vocabulary) - 0.05 * rank
            fitting.append((score, document, found))
    fitting = _of_member(asked.question, fitting) or fitting
    best = max(fitting, key=lambda one: one[0], default=None)
    if best is None or best[0] < LIST_FROM:
        return [], 0.0
    best = _named_below(asked.question, best, fitting) or best
    # Eight errors are no eight steps, if the same text has these and is what is asked about.
    is_named = best[1].source.metadata.framework in asked.question.frameworks
    called_so = [
        one
        for one in fitting
        if one[1] is best[1]
        and (is_named or one[0] >= LIST_FROM)
        and _is_called(asked.question, *one[1:])
    ]
    if not called_so and _is_exact(asked.question):
        # Of the five stages of a framework that has four, these are meant, not five lessons.
        called_so = [
            one
            for one in fitting
            if one[1].source.metadata.framework in asked.question.frameworks
            and _counts_noun(asked.question, _announcement(*one[1:]))
        ]
    score, document, found = max(called_so, key=lambda one: one[0]) if called_so else best
    rows = generation.tables.passages(generation.tables.rows_of(document.document_id))
    if _is_other(asked.question, found):
        return _whole(document, found, rows), 0.0
    if asked.question.place is not None or asked.question.beside:
        return _member(asked.question, document, found, rows), score
    of_all = [each for _, other, each in fitting if other is document]
    parts = _parted_by_titles(asked.question, document, found, of_all)
    return [quote for part in parts for quote in _whole(document, part, rows)], score


def _of_member(
    question: Question, fitting: Sequence[tuple[float, Document, Enumeration]]
) -> list[tuple[float, Document, Enumeration]]:
    """The list below the heading that is asked for by its number and name, with a fit that counts.

    "The four image risks" may be one of six principles, and have a list of their own.
    """
    if not _is_exact(question):
        return []
    number = {word for word, count in NUMBERS.items() if count == question.count}
    number.add(str(question.count))
    for _, document, found in fitting:
        for start, end in found.items if found.size != question.count else ():
            name = document.text[start:end]
            if not number & set(words(name)) or not set(terms(name)) <= set(question.terms):
                continue
            nexts = (b.start for b in document.blocks if b.kind == "heading" and b.start >= end)
            last = next(nexts, len(document.text))
            own = [
                (max(score, LIST_FROM), other, of_it)
                for score, other, of_it in fitting
                if other is document and of_it.size == question.count
                if of_it.lead and end <= of_it.lead[0] < last
            ]
            if own:
                return own
    return []


def _parted_by_titles(
    question: Question, document: Document, found: Enumeration, lists: Sequence[Enumeration]
) -> list[Enumeration]:
    """The list, with those beside it that are parts of what is asked for; else it alone.

    Below "Benefits of delegation", "Benefits for leaders" and "Benefits for teams" are halves: the
    heading says all that is asked, and each has a line of its own that names the noun.
    """
    nouns, (line, above) = telling_list_words(question), _titled(document, found)
    if not (nouns and line and above) or question.count is not None:
        return [found]
    titled = [(each, *_titled(document, each)) for each in lists]
    beside = [
        (each, set(terms(title)))
        for each, title, headings in titled
        if headings == above and nouns <= set(terms(title))
    ]
    asked, titles = set(question.terms), [title for _, title in beside]
    # "The benefits for leaders" are those of one line.
    tells_one = titles and asked & (set().union(*titles) - titles[0].intersection(*titles))
    if tells_one or not asked <= set(terms(above[-1])):
        return [found]
    if not titles or sum(each.size for each, _ in beside) > MOST_PARTED:
        return [found]
    return sorted((each for each, _ in beside), key=lambda each: each.items[0][0])


def _titled(document: Document, found: Enumeration) -> tuple[str, tuple[str, ...]]:
    """The line right above a list that stands there as a heading would, "" without; the headings.

    Of the headings only those above that line.
    """
    line = document.text[slice(*found.lead)] if found.lead and found.items else ""
    if not is_title(line):
        return "", found.headings
    return line, found.headings if found.announcement else found.headings[:-1]


def _is_on_member(question: Question, document: Document, found: Enumeration) -> bool:
    """Whether the question names one heading of a list of headings: it asks what is below it.

    "What are the duties in France?" asks for no list of the countries that have a section.
    """
    if found.lead or question.place is not None or question.beside or question.count is not None:
        return False
    members = [set(terms(name)) for name in _names(document, found)]
    above = {term for name in found.headings for term in terms(name)}
    if sum(bool(own - above) and own <= set(question.terms) for own in members) != 1:
        return False
    headings = {block.start for block in document.blocks if block.kind == "heading"}
    return {start for start, _ in found.items} <= headings


def _named_below(
    question: Question,
    best: tuple[float, Document, Enumeration],
    fitting: Sequence[tuple[float, Document, Enumeration]],
) -> tuple[float, Document, Enumeration] | None:
    """The list that a line of its own calls what is asked for, where the best has only a heading.

    Below "Valid and invalid criteria" tips may stand, and "Invalid criteria" above a list.
    """
    _, document, found = best
    nouns, asked = telling_list_words(question), set(question.terms)
    own = set(terms(document.text[slice(*found.lead)])) if found.lead else set()
    if not (nouns and own) or (nouns & own and asked & own > nouns):
        return None
    _, above = _titled(document, found)
    named = (
        one
        for one in fitting
        if one[0] >= LIST_FROM and one[1] is document and above
        if one[2].headings[: len(above)] == above
        if nouns <= set(terms(_titled(document, one[2])[0]))
    )
    return max(named, key=lambda one: one[0], default=None)


def announced(
    quotes: Sequence[Quote],
    document: Callable[[str], Document],
    tables: Tables,
    asked: Set[str],
    *,
    below: bool = False,
) -> list[Quote]:
    """The list whole that a quote announces, where it or one of its items is quoted first; or [].

    So is the list below a quote that ends with a colon and says all that is asked, and a short
    list of which an item is quoted first where the paragraph that leads to it says all of that.

    A sentence such as "Leaders play these roles:" answers nothing without what follows it, nor does
    "A leader can do five things." before five items, and some of the items are not all.

    Args:
        quotes: The best first.
        document: Gives a document by identifier.
        tables: Of the opened generation.
        asked: Stems of the question.
        below: What is asked for, as what to do is, may be a list right below what answers.
    """
    if not quotes:
        return []
    first = quotes[0]
    own = [quote for quote in quotes if quote.document_id == first.document_id]
    leads = [quote for quote in own if _may_announce(quote)]
    text = document(first.document_id)
    lists = lists_of_blocks(text)
    for lead, found in ((lead, found) for lead in leads for found in lists):
        is_first = lead is first or any(_holds(item, first) for item in found.items)
        says_all = bool(asked) and _says_nothing_alone(lead.text) and asked <= set(terms(lead.text))
        if (is_first or says_all) and _announces(lead, text, found):
            return _whole(text, found, tables.passages(tables.rows_of(first.document_id)))
    for found in lists:
        if _opens_lead(first, text, found):
            return _whole(text, found, tables.passages(tables.rows_of(first.document_id)))
        is_item = found.size <= MOST_STEPS and any(_holds(item, first) for item in found.items)
        if is_item and asked and asked <= _led_to_by(text, found):
            return _whole(text, found, tables.passages(tables.rows_of(first.document_id)))
        if below and found.size <= MOST_STEPS and _stands_before(first, text, found):
            led = replace(found, lead=(first.start, (found.lead or (0, 0))[1]))
            return _whole(text, led, tables.passages(tables.rows_of(first.document_id)))
    return []


def _stands_before(quote: Quote, text: Document, found: Enumeration) -> bool:
    """Whether the quote is the sentence right before the lead of a list, which ends a block."""
    if not found.items or not found.lead:
        return False
    lead = text.text[slice(*found.lead)]
    between = text.text[quote.end : found.lead[0]]
    return announces_next(lead) and quote.end <= found.lead[0] and between in (" ", "\n")


def _opens_lead(quote: Quote, text: Document, found: Enumeration) -> bool:
    """Whether the lead is the quote and a sentence behind it that leans on it: "These are:"."""
    if not found.items or not found.lead or not _holds(found.lead, quote):
        return False
    return quote.end < found.lead[1] and announces_next(text.text[slice(*found.lead)])


def _led_to_by(text: Document, found: Enumeration) -> set[str]:
    """Stems of the block that ends with the lead of the list; none where that says no "these:"."""
    if not found.lead or not announces_next(text.text[slice(*found.lead)]):
        return set()
    start, end = found.lead
    opening = next((b.start for b in text.blocks if b.start <= start < b.end), start)
    return set(terms(text.text[opening:end]))


def steps_whole(
    quotes: Sequence[Quote],
    document: Callable[[str], Document],
    tables: Tables,
    asked: Set[str],
) -> list[Quote]:
    """The numbered list whole of which two quotes are items, if short; or [].

    One of them is the first quote, unless the heading above the list says all that is asked. Where
    it does, the first quote alone is enough.

    Args:
        quotes: The best first.
        document: Gives a document by identifier.
        tables: Of the opened generation.
        asked: Stems of the question.
    """
    if not quotes:
        return []
    text = document(quotes[0].document_id)
    numbered = {block.start for block in text.blocks if block.ordered}
    for found, held in _short_lists(quotes, text) if numbered else ():
        if not {start for start, _ in found.items} <= numbered:
            continue
        is_named = bool(asked) and asked <= set(terms(found.heading))
        is_first = held[0] is quotes[0]
        if (is_named or is_first) and (len(held) > 1 or (is_named and is_first)):
            return _whole(text, found, tables.passages(tables.rows_of(text.document_id)))
    return []


def headed_by_question(
    question: Question,
    quotes: Sequence[Quote],
    document: Callable[[str], Document],
    tables: Tables,
) -> list[Quote]:
    """The short list whole of which a quote is an item, below a heading that puts the question.

    No other list and no heading stands below that one. "When is a vote not needed?" finds "When a
    vote may not be needed"; [] without such a list.

    Args:
        question: As understood.
        quotes: The best first.
        document: Gives a document by identifier.
        tables: Of the opened generation.
    """
    text = document(quotes[0].document_id) if quotes else None
    for found, _ in _short_lists(quotes, text) if text else ():
        if not text or not puts(found.heading, question):
            continue
        others = sum(found.headings == other.headings for other in lists_of_blocks(text)) - 1
        if not others and not _heads_others(text, found):
            return _whole(text, found, tables.passages(tables.rows_of(text.document_id)))
    return []


def _short_lists(
    quotes: Sequence[Quote], text: Document
) -> Iterator[tuple[Enumeration, list[Quote]]]:
    """The lists of a document that are short enough to be quoted whole, each with quoted items."""
    own = [quote for quote in quotes if quote.document_id == text.document_id]
    for found in lists_of_blocks(text):
        held = [quote for quote in own if any(_holds(item, quote) for item in found.items)]
        if held and found.size <= MOST_STEPS:
            yield found, held


def _heads_others(text: Document, found: Enumeration) -> bool:
    """Whether the next heading behind a list stands below the one above it."""
    headings = [block for block in text.blocks if block.kind == "heading"]
    above = [block.level for block in headings if block.start < found.items[0][0]]
    behind = [block.level for block in headings if block.start > found.items[0][0]]
    return bool(above and behind) and behind[0] > above[-1]


def puts(heading: str, question: Question) -> bool:
    """Whether a heading opens with the question's own word and says all that is asked.

    It denies what the question denies, and says "before" where that says "before".
    """
    opening = words(heading)[:1]
    if _QUESTION_WORDS.isdisjoint(opening) or opening != words(question.text)[:1]:
        return False
    turns = (frozenset(_TURNS.findall(text.lower())) for text in (heading, question.text))
    return set(question.terms) <= set(terms(heading)) and len(set(turns)) == 1


def without_bare_leads(quotes: Sequence[Quote], document: Callable[[str], Document]) -> list[Quote]:
    """The quotes without those that announce a list of which not every item is quoted.

    The best one stays. Beside advice, "A leader can do eight things." says nothing.
    """
    starts = {(quote.document_id, quote.start) for quote in quotes}

    def is_bare(quote: Quote) -> bool:
        if not _may_announce(quote):
            return False
        text = document(quote.document_id)
        return any(
            _announces(quote, text, found)
            and not {(quote.document_id, start) for start, _ in found.items} <= starts
            for found in lists_of_blocks(text)
        )

    return [quote for n, quote in enumerate(quotes) if n == 0 or not is_bare(quote)]


def is_list(quotes: Sequence[Quote | Citation]) -> bool:
    """Whether the first quote leads the others: it ends with a colon, or counts them."""
    if not quotes:
        return False
    texts = [quote.quote if isinstance(quote, Citation) else quote.text for quote in quotes]
    if announces_next(texts[0]):
        return True
    follow = all(a.document_id == b.document_id and a.end <= b.start for a, b in pairwise(quotes))
    return follow and len(quotes) - 1 in stated_numbers(texts[0])


def _may_announce(quote: Quote) -> bool:
    return _says_nothing_alone(quote.text) or bool(stated_numbers(quote.text))


def _says_nothing_alone(text: str) -> bool:
    """Whether it only leads to what follows: it ends as a lead or a heading does."""
    return announces_next(text) or is_title(text)


def _announces(quote: Quote, text: Document, found: Enumeration) -> bool:
    """Whether the quote is the list's lead and says nothing without the items."""
    if not (found.items and found.lead and _holds(found.lead, quote)):
        return False
    is_counted = found.size in stated_numbers(quote.text)
    if _says_nothing_alone(quote.text):
        return True
    return is_counted and not _spoken_members(text, found)


def _holds(span: tuple[int, int], quote: Quote) -> bool:
    return span[0] <= quote.start < span[1]


def _is_exact(question: Question) -> bool:
    """Whether the question says how many members there are."""
    return question.count is not None and not question.at_least


def _is_other(question: Question, found: Enumeration) -> bool:
    """Whether the question counts on more members, or on another number of them."""
    if question.place is not None:
        return not 0 < abs(question.place) <= found.size
    if question.count is None:
        return False
    if found.items and found.numbered and not question.at_least:
        return True
    return found.size < question.count or (not question.at_least and found.size != question.count)


def _fit(asked: Asked, document: Document, found: Enumeration, vocabulary: Vocabulary) -> float:
    """Share of the question's terms that announce the list, more if the count agrees."""
    question = asked.question
    if question.acronym:
        is_named = question.acronym.lower() in words(_announcement(document, found))
        return SPELT * spells(question.acronym, _names(document, found)) + SAYS_LETTERS * is_named
    if question.beside and _index(question, document, found) is None:
        return 0.0
    lead = _announcement(document, found)
    if _is_of_other_kind(question, lead):
        return 0.0
    nearest = set(terms(found.heading))
    announced = set(terms(lead)) | nearest
    called = plain_list_words(question) | telling_list_words(question)
    is_bare = bool(found.heading) and not lead and nearest <= called
    if is_bare:
        # "Phases" below "Leading change": the text's own title says of what.
        announced |= set(terms(document.source.title))
    around = announced | {term for name in found.headings for term in terms(name)}
    known = document.source.metadata
    people = frozenset(terms(" ".join((*known.people, *known.authors))))
    around |= people | set(terms(document.source.title))
    if question.beside:
        named = LIST_ALONE * bool(found.members)
        return 1.0 + named + asked.coverage(around, besides=frozenset(question.beside[0]))
    count = question.count
    # A list of the right length need not be called by the same noun: shifts, ways, points.
    is_plain = bool(lead) and (found.size == count or question.place is not None)
    besides = plain_list_words(question) if is_plain else frozenset()
    # "The five modes of Thomas and Kilmann" may be announced without saying whose they are.
    close = max(
        _coverage(asked, announced, besides, vocabulary),
        UNSAID_SHARE * _coverage(asked, announced, besides | people, vocabulary),
    )
    score = ANNOUNCED_WEIGHT * close + BARE_HEADING * is_bare
    score += (1 - ANNOUNCED_WEIGHT) * _coverage(asked, around, besides, vocabulary)
    if _is_of_another(question, known.framework, around):
        score -= OTHER_LIST
    if not telling_list_words(question) <= vocabulary.widened(around):
        score -= OTHER_LIST
    if found.numbered:
        score -= MIXED_LIST
    if found.members and found.lead:
        score += LIST_ALONE * (found.members[-1][1] >= found.lead[1] - 1)
        score -= OTHER_NOUN * (not _counts_noun(question, lead))
    # Six things of which nothing says that they are steps are not the six steps.
    said = vocabulary.widened(nearest | set(terms(document.source.title)))
    if not lead and called and not called & said:
        return score - (OTHER_LIST if count else 0.0)
    if (
        count is None
        or close < ANNOUNCED_FROM
        or not _is_met(question, announced, around, vocabulary)
    ):
        return score
    if question.at_least:
        return score + (COUNT_BONUS if found.size >= count else -COUNT_BONUS)
    off = abs(found.size - count)
    return score - COUNT_BONUS - COUNT_OFF * off if off else score + COUNT_BONUS


def _is_met(
    question: Question, announced: set[str], around: set[str], vocabulary: Vocabulary
) -> bool:
    """Whether the list goes by its very noun, or something else of the question stands around it.

    Seven practices of coaching are not the seven habits of effective people.
    """
    nouns = plain_list_words(question) | telling_list_words(question) | counted_noun(question)
    others = set(question.terms) - nouns - set(terms(" ".join(NUMBERS)))
    return bool(nouns & announced or others & vocabulary.widened(around)) or not others


def _is_of_another(question: Question, framework: str | None, around: set[str]) -> bool:
    """Whether a list is another framework's, and not called by the name that is asked for."""
    if not question.frameworks or framework in question.frameworks:
        return False
    names = {stem for slug in question.frameworks for stem in terms(slug.replace("-", " "))}
    return not names & set(question.terms) <= around


def _is_of_other_kind(question: Question, announcement: str) -> bool:
    """Whether kinds of one thing are asked for, and those of another announced.

    "Three types of feedback in communication" are no types of communication.
    """
    asked, told = _KINDS_OF.search(question.text), _KINDS_OF.search(announcement)
    if not (asked and told):
        return False
    return not set(question.terms) & set(terms(told["what"]))


def _coverage(
    asked: Asked, stems: set[str], besides: frozenset[str], vocabulary: Vocabulary
) -> float:
    """Share of the question's terms that stand there, a little less for those by another name."""
    exact = asked.coverage(stems, besides=besides)
    widened = asked.coverage(vocabulary.widened(stems), besides=besides)
    return exact + SYNONYM_SHARE * (widened - exact)


def _is_called(question: Question, document: Document, found: Enumeration) -> bool:
    """Whether the list has as many members as are asked for, and is announced by their name."""
    return found.size == question.count and _counts_noun(question, _announcement(document, found))


def _announcement(document: Document, found: Enumeration) -> str:
    """The words that say what is listed; "" if none do."""
    return document.text[slice(*found.announcement)] if found.announcement else ""


def _counts_noun(question: Question, announcement: str) -> bool:
    """Whether an announcement counts what is asked for: "nine benefits", not "four quadrants"."""
    known, own = plain_list_words(question) | telling_list_words(question), counted_noun(question)
    # Of "the three stages of transitions" stages are counted, though transitions may be as well.
    asked = own & known or known or own
    return bool(asked & set(terms(_counted(announcement))))


def counts_otherwise(question: Question, quotes: Sequence[Quote]) -> bool:
    """Whether the first quote counts what is asked for with another number, and none with that.

    "The five dysfunctions" are no answer in full to what the four dysfunctions are.
    """
    noun, count = counted_noun(question), question.count
    if not (quotes and noun and _is_exact(question)) or any(
        count in stated_numbers(quote.text) for quote in quotes
    ):
        return False
    behind = (words(said)[:COUNTED_WITHIN] for said in _each_counted(quotes[0].text))
    return any(noun <= set(terms(" ".join(said))) for said in behind)


def _each_counted(text: str) -> list[str]:
    """What a text counts, behind each of its numbers."""
    return re.findall(rf"\b(?:{'|'.join(NUMBERS)}|\d{{1,2}})\s+([^,:;]+)", text.lower())


def _counted(announcement: str) -> str:
    """What an announcement counts, and what it says of that; "" if it counts nothing."""
    return next(reversed(_each_counted(announcement)), "")


def _lists(noun: Set[str], lead: str, announcement: str) -> bool:
    """Whether a lead names what is to be listed, and counts nothing else."""
    counted = _counted(announcement)
    return noun <= set(terms(lead)) and (not counted or noun <= set(terms(counted)))


def _names(document: Document, found: Enumeration) -> list[str]:
    """The members' own words."""
    return [document.text[start:end] for start, end in found.members or found.items]


def _index(question: Question, document: Document, found: Enumeration) -> int | None:
    """Position of the member that the question asks for; None if the list has no such."""
    if question.place is not None:
        position = question.place - 1 if question.place > 0 else found.size + question.place
        return position if 0 <= position < found.size else None
    if not question.beside:
        return None
    wanted, step = question.beside
    for position, name in enumerate(_names(document, found)):
        # "Debate is stage 2 of escalation: …": an item may go on behind its name.
        name = _NAME_ENDS.split(name, maxsplit=1)[0]
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
    if question.place is not None and not found.items:
        heading = _numbered_heading(document, found, question.place) or heading
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


def _numbered_heading(document: Document, found: Enumeration, place: int) -> tuple[int, int] | None:
    """The heading below the lead that gives its own place: "Passage two: …", "Level 3"."""
    lead = found.lead or (0, 0)
    headings = (b for b in document.blocks if b.kind == "heading" and b.start >= lead[1])
    spans = ((b.start, b.end) for b in headings)
    return next((s for s in spans if place_stated(document.text[slice(*s)]) == place), None)


def _same_thing(name: str, heading: str) -> bool:
    wanted, there = (set(terms(text)) or set(words(text)) for text in (name, heading))
    shared = len(wanted & there)
    return shared > 0 and (wanted <= there or there <= wanted) and 2 * shared >= len(there)


def _below(document: Document, heading: tuple[int, int]) -> list[tuple[int, int]]:
    """The first sentences of the paragraph right below a heading."""
    if any(b.kind == "item" and b.start <= heading[0] < b.end for b in document.blocks):
        return []
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
