"""`Hit`s to `Answer`: choose sentences, cite them, say how sure, or say that nothing is there."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence

from kb.definitions import entry_name, narrowed
from kb.enumerations import CAPTION, SHORT_MEMBER, exercises, is_set_as_heading, is_title
from kb.lexical import STOPWORDS, terms, words
from kb.listing import Quote
from kb.passages import locator_at
from kb.questions import Question
from kb.records import Citation, Document, Passage, Statement
from kb.search import first_of_near_duplicates
from kb.selection import Sentence, answer_marks
from kb.tables import Tables

MOST_STATEMENTS = 5
FACT_STATEMENTS = 3
FACT_KINDS = ("who", "when", "how_many", "where", "yes_no", "definition")
# A further sentence is quoted if its log-odds are no further than this below the best. On a third
# of squad2_dev_a's questions 1 / 1.5 / 2.5 quote 2.0 / 2.6 / 3.5 sentences, of which one holds the
# answer for .868 / .880 / .889; in no result file.
CLOSE_TO_BEST = 1.5
# Likewise, where what is expected sets the best apart: as many are quoted as if it did not
# (2.8 on our development questions, which 1.5 makes 2.6); in no result file.
CLOSE_WHERE_EXPECTED = 1.9
CLOSE_WITHIN_PART = 3.0  # likewise, where a part of a text is asked for; unmeasured
LONGEST_HEAD = 4  # words of a sentence that opens a paragraph or an item and says little alone
LONGEST_CHAIN = 2  # sentences before one that opens with a pronoun
WIDEST_BREAK = 4  # characters between two sentences that follow one another
# "This article" is the text itself, whatever stands before it.
# So does "Leaders should use this technique when …".
_LEANS_BACK = re.compile(
    r"^(?:[\w’'-]+\s+){1,6}this\s+(?:technique|method|approach|procedure|tool|step)\b|"
    r"^[\"'“‘(]*(They|Their|Them|It|Its|This|These|Those|He|She|His|Her|Such|Both)\b"
    r"(?! is (the|a) (way|view|kind) of)"
    r"(?!(?<=This) (article|paper|chapter|book|report|essay|post|guide|handbook|excerpt|page)\b)"
)
# "Several cautions apply.", "Critics name further limits.": which, the next sentences say.
_LEADS_ON = re.compile(
    r"(?=(?:\S+\s+){1,8}\S+$)(?!.*:).*?\b(?P<many>several|two|three|four|other|further|harder)\s"
    r"(?:\w+\s)?(?:objections|limits|cautions|criticisms|doubts|questions|points|reasons|ways|causes|"
    r"matters|concerns|problems|weaknesses|objectors|critics|kinds(?=\W*$))\b",
    re.IGNORECASE,
)
# Sentences quoted behind one that leads on, by its word; behind "further limits" the next says all.
MOST_LED = {"other": 1, "further": 1, "harder": 1, "several": 2, "two": 2, "three": 3, "four": 4}
# What stands beside a text and seldom answers: a caption, a row of a table that is cut between its
# lines, and of a table of contents or an index: "Types of feedback 2-14", "trust, 4-62–4-63,".
# "FM 6-22" is a title.
_BESIDE_TEXT = re.compile(
    rf"{CAPTION.pattern}|"
    r"[^\n]*\s\|\s[^\n]*\n(?s:.*)\s\|\s|"
    r"(?s:.{2,}?)[\s.](?<!(?-i:[A-Z][A-Z])\s)\d{1,3}-\d{1,3}(?:–\d{1,3}-\d{1,3})?,?$",
    re.IGNORECASE,
)
LONGEST_CAPTION = 120  # words; a longer one has run into the text; unmeasured
# "In the next section, we discuss …", "We will return to this later in the chapter.", "You should
# be able to name …": says what is told elsewhere. "As we will see later, …" tells it.
_SECTION = r"(?:\w+\s+){0,3}?(?:sections?|chapters?|modules?)\b"
_TELLS = (
    r"(?<!as\s)\b(?:we|you)(?:['’]ll|\s+will|\s+shall)?\s+(?:\w+ly\s+|now\s+|first\s+)?"
    r"(?:discuss|look|explore|examine|turn|return|describe|explain|introduce|review|consider|address|"
    r"share|focus|cover|learn|begin|outline|define|see)\b"
)
_TELLS_ELSEWHERE = re.compile(
    rf"(?:in|throughout)\s+(?:the|this)\s+{_SECTION}.{{0,200}}?{_TELLS}|"
    rf".{{0,200}}?{_TELLS}.{{0,200}}?\b(?:in|of)\s+(?:the|this)\s+{_SECTION}|"
    r"you\s+should\s+(?:now\s+)?be\s+able\s+to\b|"
    # "Keep reading."
    r"(?:keep\s+reading|continue\s+reading|read\s+(?:on|more)|click\s+here)\W*$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_SPEAKER_ASKS = re.compile(r"[\w. ]{1,30}:\s.*\?[\"'”’)*_]*$", re.DOTALL)  # in an interview
_ASKS = re.compile(r"\?[\"'”’)*_]*$")


def chosen_sentences(
    question: Question, sentences: Sequence[Sentence], *, part: bool = False, expected: bool = False
) -> list[Quote]:
    """The sentences to quote: the best first, the others in reading order.

    What is weaker in the first passage does not stand before the two next best, where these
    stand in others. A caption is quoted only if it is the best.

    Args:
        question: Its kind bounds the number.
        sentences: Best first.
        part: They are a part of a text that is asked for: criticism, an example.
        expected: The best stands in a source that is expected to be asked questions.
    """
    if not sentences:
        return []
    is_short = question.kind in FACT_KINDS and not part
    most = FACT_STATEMENTS if is_short else MOST_STATEMENTS
    near = CLOSE_WHERE_EXPECTED if expected else CLOSE_TO_BEST
    within = CLOSE_WITHIN_PART if part else near
    close = [
        s
        for n, s in enumerate(sentences)
        if s.score >= sentences[0].score - within and (n == 0 or not _is_beside(question, s.text))
    ]
    distinct = first_of_near_duplicates([s.text for s in close])
    chosen = [s for s, is_first in zip(close, distinct, strict=True) if is_first][:most]
    rank_of_row = {row: n for n, row in enumerate(dict.fromkeys(s.row for s in chosen))}
    next_best, weaker = chosen[1:FACT_STATEMENTS], chosen[FACT_STATEMENTS:]
    in_others = any(s.row != chosen[0].row for s in next_best)
    rest = [
        sentence
        for group in ((next_best, weaker) if in_others else (chosen[1:],))
        for sentence in sorted(group, key=lambda s: (rank_of_row[s.row], s.start))
    ]
    return [
        Quote(s.row, s.document_id, s.start, s.end, s.text, s.score) for s in (chosen[0], *rest)
    ]


def without_asides(
    sentences: Sequence[Sentence], document: Callable[[str], Document]
) -> list[Sentence]:
    """The sentences, best first, without those that tell nothing, if any others are left.

    They put an exercise to the reader, say what another section will tell, or go on with a caption;
    the last may be the best.
    """
    telling = [
        s
        for s in sentences
        if not _TELLS_ELSEWHERE.match(s.text)
        and not (_ASKS.search(s.text) and _in_exercise(document(s.document_id), s))
    ]
    kept = [
        s for n, s in enumerate(telling) if n == 0 or not _in_caption(document(s.document_id), s)
    ]
    return kept or list(sentences)


def _in_exercise(text: Document, sentence: Sentence) -> bool:
    return any(start <= sentence.start < end for start, end in exercises(text))


def _in_caption(text: Document, sentence: Sentence | Quote) -> bool:
    """Whether the block opens as a caption does and is as short as one."""
    following = bisect_right(text.blocks, sentence.start, key=lambda block: block.start)
    block = text.blocks[following - 1]
    if not CAPTION.match(text.text, block.start, block.end):
        return False
    return len(text.text[block.start : block.end].split()) <= LONGEST_CAPTION


def _is_beside(question: Question, sentence: str) -> bool:
    """Whether a further sentence stands beside the text, or is a glossary's entry on another thing.

    The latter counts where one thing is to be defined.
    """
    if _BESIDE_TEXT.match(sentence) or is_set_as_heading(sentence):
        return True
    entry, subject = entry_name(sentence), set(terms(narrowed(question.subject)))
    return bool(entry and subject) and not subject <= set(terms(sentence))


def without_echoes(question: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes without headings that say no word but the question's, if any are left.

    Nor does the bare item of a list.
    """
    asked = set(question.terms)

    def is_echo(text: str) -> bool:
        is_name = is_title(text) or (question.kind != "yes_no" and _is_bare_item(text))
        return is_name and set(terms(text)) <= asked

    telling = [quote for quote in quotes if not is_echo(quote.text)]
    return telling or list(quotes)


def _is_bare_item(text: str) -> bool:
    """Whether it is a word or two, neither of them little, and a full stop: "Clear aims."."""
    said = words(text)
    return text.endswith(".") and len(said) <= SHORT_MEMBER and not STOPWORDS & set(said)


def with_neighbours(
    quotes: Sequence[Quote], tables: Tables, document: Callable[[str], Document]
) -> list[Quote]:
    """The quotes, each that says little alone together with the sentences that it leans on.

    One that opens with a pronoun leans on the sentence before it, one that only says that there are
    several objections on those that follow, a question or a head on the one behind it; a head is
    not quoted behind that one. Below a heading, and behind a list, none leans on what stands
    before.
    What answers stands first: behind the first quote comes the sentence before it (`leant_on`
    finds it again); every other quote is led by its own. A sentence that is quoted already is not
    quoted again. The weakest quotes give way where there would be more than `MOST_STATEMENTS`.

    Args:
        quotes: The best first.
        tables: Of the opened generation.
        document: Gives a document by identifier.
    """
    kept = list(quotes)
    while kept:
        resolved = _resolved(kept, tables, document)
        if len(resolved) <= MOST_STATEMENTS or len(kept) == 1:
            is_question = len(resolved) > 1 and _SPEAKER_ASKS.match(resolved[0].text)
            return resolved[1:] if is_question else resolved
        kept.remove(min(kept[1:], key=lambda quote: quote.score))
    return []


def _resolved(
    quotes: Sequence[Quote], tables: Tables, document: Callable[[str], Document]
) -> list[Quote]:
    quoted = {(q.document_id, q.start): q for q in quotes}
    resolved: dict[tuple[str, int], Quote] = {}
    for quote in quotes:
        is_head = _is_head(quote, document)
        led = _sentences_led(quote, tables, is_head=is_head)
        if is_head and led and all((q.document_id, q.start) in resolved for q in led):
            continue
        chain = [quote]
        while len(chain) <= LONGEST_CHAIN and _LEANS_BACK.match(chain[-1].text):
            before = _sentence_before(chain[-1], tables)
            if before is None or _is_apart(document(before.document_id), before, chain[-1]):
                break
            chain.append(quoted.get((before.document_id, before.start), before))
        for found in chain[:: -1 if resolved else 1]:
            resolved.setdefault((found.document_id, found.start), found)
        for found in led:
            resolved.setdefault((found.document_id, found.start), found)
    return list(resolved.values())


def leant_on(citations: Sequence[Citation]) -> frozenset[int]:
    """Numbers of the quotes that tell what the one above them leans on.

    That one opens with a pronoun, and they stand right before it in its document.
    """
    return frozenset(
        below.number
        for above, below in itertools.pairwise(citations)
        if _LEANS_BACK.match(above.quote)
        and above.document_id == below.document_id
        and 0 <= above.start - below.end <= WIDEST_BREAK
    )


def _sentences_led(quote: Quote, tables: Tables, *, is_head: bool) -> list[Quote]:
    """What follows a quote that is a head, asks or only says that there are several.

    It stands in the same passage, or in the next one below the same heading.
    """
    leads = _LEADS_ON.match(quote.text)
    if leads:
        most = MOST_LED[leads["many"].lower()]
    elif is_head or _ASKS.search(quote.text):
        most = 1
    else:
        return []
    rows = tables.rows_of(quote.document_id)
    found = tables.passages([row for row in (quote.row, quote.row + 1) if row in rows])
    headings = found[0].passage.locator.headings
    after = [
        Quote(each.row, quote.document_id, start, end, text, quote.score)
        for each in found
        if each.passage.locator.headings == headings
        for (start, end), text in zip(each.sentences, each.texts, strict=True)
        if start >= quote.end and not _TELLS_ELSEWHERE.match(text)
    ]
    # Behind the number of a paragraph something else begins.
    return list(itertools.takewhile(lambda led: _LETTER.search(led.text), after[:most]))


def _is_head(quote: Quote, document: Callable[[str], Document]) -> bool:
    """Whether it is but the first words of a block: "Interpersonal roles. Managers spend …"."""
    if len(quote.text.split()) > LONGEST_HEAD or _LEANS_BACK.match(quote.text):
        return False
    blocks = document(quote.document_id).blocks
    return any(b.start == quote.start and b.end > quote.end for b in blocks)


def _sentence_before(quote: Quote, tables: Tables) -> Quote | None:
    """The sentence right before a quote, in its passage or the one before; None at the start."""
    rows = tables.rows_of(quote.document_id)
    near = [row for row in (quote.row - 1, quote.row) if row in rows]
    for found in reversed(tables.passages(near)):
        earlier = sum(end <= quote.start for _, end in found.sentences)
        if earlier:
            (start, end), text = found.sentences[earlier - 1], found.texts[earlier - 1]
            if not _LETTER.search(text):
                return None  # the number of a paragraph: nothing stands before its first sentence
            return Quote(found.row, quote.document_id, start, end, text, quote.score, marks=())
    return None


def _is_apart(text: Document, before: Quote, quote: Quote) -> bool:
    """Whether a heading or the end of a list or of a caption stands between two sentences."""
    opening = next((b for b in text.blocks if b.start <= before.start < b.end), None)
    between = (b for b in text.blocks if before.end <= b.start <= quote.start)
    kinds = [block.kind for block in between]
    ends_list = bool(opening and opening.kind == "item" and kinds) and "item" not in kinds
    ends_caption = _in_caption(text, before) and not _in_caption(text, quote)
    return "heading" in kinds or ends_list or ends_caption


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
