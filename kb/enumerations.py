"""Lists that a document holds: runs of items, sibling headings, and sentences that name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile, zip_longest

from kb.records import Block, Document, Hit, Passage
from kb.sentences import sentence_spans

MINIMUM_ITEMS = 2
MAXIMUM_ITEMS = 30
FEWEST_SPOKEN = 3  # members; two things joined by "and" are no list
# "The four bases are a, b, c and d", "… names five shifts: a; b; c; d and e".
_SPOKEN = re.compile(
    r"(?P<head>[^:;]{8,220}?)(?::\s|,?\s(?:which\s|they\s)?"
    r"(?:are|were|include|includes|namely|comprises?)\s)"
    r"(?P<tail>[^:]{10,600})[.;]?$",
    re.DOTALL,
)
# What is named must be announced by its number or by a word for members.
_ANNOUNCES = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}|qualities|roles|"
    r"principles|benefits|lessons|steps|stages|phases|styles|types|kinds|forms|bases|elements|"
    r"components|characteristics|practices|behaviou?rs|factors|conditions|dimensions|levels|modes|"
    r"traits|skills|barriers|mechanisms|shifts|ways|parts|functions|tasks|values|disciplines|"
    r"domains|criticisms|advantages|capabilities|competenc\w+|needs|companies|strategies)\b",
    re.IGNORECASE,
)
_POINTS_DOWN = re.compile(
    rf"{_ANNOUNCES.pattern}|\b(these|following|follows|below|such as)\b", re.IGNORECASE
)
# Headings above pointers to other texts.
ELSEWHERE = re.compile(
    r"\b(related|see also|further reading|references|bibliography|notes)\b|"
    r"^(?:(?:additional|further|other|useful) )?resources$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[,;]\s+(?:and\s+|or\s+)?|\s+and\s+")
# "… has four steps, goal, reality, options and will, and …": a number, what it counts, members,
# which may stand in brackets or behind a dash ("two factors drive a leader—time and risk").
_COUNTED = re.compile(
    r"(?<!first )(?<!last )(?<!next )(?<!other )\b"
    r"(?P<number>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\s"
    r"(?:(?P<noun>[^,:;.()]{2,110}?)"
    r"(?P<mark>:\s|\s?—\s?|\s–\s|\s\(|\s(?:are|were)(?:, in (?:this )?order,|:)?\s|"
    r",?\s(?:which|who|that)\s(?:are|were)\s|,?\snamely,?\s|,\s)|[^:;.]{2,110}?(?P<colon>:\s))",
    re.IGNORECASE,
)
# "Trust, compassion, stability and hope are the four needs that …"
_TURNED = re.compile(
    r"(?P<members>[^:;.]{8,240}?)\s(?:are|were|make up|form)\s(?:the|his|her|their|its)\s"
    r"(?P<number>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s",
    re.IGNORECASE,
)
_COLON = re.compile(r"[^:;.]{2,140}?(?P<colon>:\s)")
_NUMBER = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b(?=[\s-][a-z])",
    re.IGNORECASE,
)
NUMBERS = {
    word: number
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
}
_SEMICOLON = re.compile(r";\s+(?P<joined>(?:and|or)\s+)?")
_COMMA = re.compile(r",\s+(?P<joined>(?:and|or)\s+)?")
_COMMA_OR_AND = re.compile(r",\s+(?P<joined>(?:and|or)\s+)?|\s+(?P<bare>and|or)\s+")
_AND = re.compile(r"\s+(?P<joined>and|or)\s+")
_AND_ALONE = re.compile(r"\s+(?P<joined>and)\s+")
_MEMBER_ENDS = re.compile(r"[,;:.](?=\s|$)|\s?—|\s–\s|\s(?:which|who|that)\b")
_DASH = re.compile(r"—|\s–\s")
_NO_MEMBER = re.compile(
    r"(?:those|two|three|four|five|six|seven|eight|nine|ten|\w+ed by)\b", re.IGNORECASE
)
# "G - Goals: Identify …" in a paragraph of its own; so may "Principle 2. Select …" be.
_LABELLED = re.compile(r"[A-Z]\w*(?:(?:\s\w+){0,3}(?::|\s[–-])|\s\d{1,2}\.)\s+\S")
_NUMBERED_LABEL = re.compile(r"[A-Z]\w*\s\d{1,2}[.:]\s+")
_NOTE_NUMBERS = re.compile(r"\s*(?:\[\d{1,3}\]|[¹²³⁴-⁹])*\s*$")
_QUESTIONS = re.compile(r"\bquestions?\b", re.IGNORECASE)
# What stands beside a text: "Figure 3 – Key traits of …", "Table 2. Means by group", "Photo: A crew
# at work." "Figure 2 shows that …" tells something.
_NUMBERED_CAPTION = (
    r"(?:figure|fig\.?|table|tab\.|exhibit|chart|diagram|plate)\s+(?:[a-z]?\d[\d.-]*[a-z]?|[ivx]+)"
    r"\s*[.:,|–—-](?=\s)"
)
CAPTION = re.compile(
    rf"{_NUMBERED_CAPTION}|"
    r"(?:figure|table|exhibit|photo|image|chart|diagram|source|credit)s?:\s",
    re.IGNORECASE,
)
# "2-40. Accurate notes are useful …": a paragraph of a manual that a converter has set as an item.
# So may the end of a page be, and a caption.
_NUMBERED = re.compile(r"\d{1,3}-\d{1,3}\.\s")
_NO_ITEM = re.compile(
    rf"this page (?:is )?(?:intentionally )?left blank\b|{_NUMBERED_CAPTION}", re.IGNORECASE
)
# "Recovery from Setbacks", "LEADER SELECTION".
_SMALL = (
    r"(?:of|to|in|for|from|and|or|the|an?|on|at|by|with|as|through|over|into|about|between|against|"
    r"beyond|within|without|under|across|among|around)\b"
)
_CAPITALS = re.compile(
    rf"[A-ZÀ-Þ]{{2,}}|"
    rf"[A-ZÀ-Þ0-9][\w’'-]*(?:[\s–—/&,]+(?:{_SMALL}[\s–—/&,]+)*[A-ZÀ-Þ0-9][\w’'-]*)+"
)
_END_MARKS = (".", ";", "!", "?")
_JOINS = re.compile(r"\b(?:and|or)\b")
# "There are two basic types. These are plain and corrective.": counted in one sentence, named in
# the next.
_THESE = re.compile(
    r"(?:These|Those|They)(?:\s[\w-]+){0,3}?\s(?:are|were|include|included)(?::|\s(?:the|to))?\s"
)
_LEANS_BACK = re.compile(r"(?:These|Those)\b")
LONGEST_MEMBER = 90  # characters
MOST_BEFORE_NAMED = 2  # sentences back to the one that counts what "These are …" names
LONGEST_TITLE = 10  # words of a line that stands over a list as a heading would; unmeasured
LAST_TWO = 2  # members, that "and" joins
MOST_COLUMNS = 4  # of a table that reads as a list; unmeasured
SHORT_MEMBER = 2  # words; what follows a list is longer
KEPT_DOCUMENTS = 64  # held in memory with their lists


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list in a document.

    Attributes:
        lead: Span of the sentence that announces it; None if there is none.
        headings: Texts of the headings above it, outermost first.
        items: Spans of the items in reading order, each the item's first sentence or the
            heading; empty if the lead itself names the members.
        named: How many members the lead names, if it does so itself.
        announcement: Span of the words that say what is listed: the lead, or its part
            before the members.
        members: Spans of the members in the lead, if it names them itself.
        numbered: The lead states numbers, and none of them is that of the items, or another one
            before that of the members.
        asks: It is an exercise: its items ask the reader, and nothing announces them.
    """

    lead: tuple[int, int] | None
    headings: tuple[str, ...]
    items: tuple[tuple[int, int], ...]
    named: int = 0
    announcement: tuple[int, int] | None = None
    members: tuple[tuple[int, int], ...] = ()
    numbered: bool = False
    asks: bool = False

    @property
    def size(self) -> int:
        """Members of the list."""
        return len(self.items) or self.named

    @property
    def heading(self) -> str:
        """The nearest heading; "" above the first one."""
        return self.headings[-1] if self.headings else ""


def is_pointer(passage: Passage | Hit) -> bool:
    """Whether a passage stands under a heading above pointers to other texts."""
    return bool(ELSEWHERE.search(passage.locator.heading))


@lru_cache(maxsize=KEPT_DOCUMENTS)
def enumerations(document: Document) -> tuple[Enumeration, ...]:
    """Every list of the document: of items, of headings, and named by sentences."""
    return (*lists_of_blocks(document), *_spoken_lists(document, _told(document)))


@lru_cache(maxsize=KEPT_DOCUMENTS)
def lists_of_blocks(document: Document) -> tuple[Enumeration, ...]:
    """The lists of items and of headings; to find those that sentences name takes longer."""
    blocks = _told(document)
    return (
        *(found for found in _item_lists(document, blocks) if not found.asks),
        *_labelled_lists(document, blocks),
        *_table_lists(document, blocks),
        *_heading_lists(document, blocks),
    )


@lru_cache(maxsize=KEPT_DOCUMENTS)
def exercises(document: Document) -> tuple[tuple[int, int], ...]:
    """Spans of the questions that a text puts to its readers."""
    found = _item_lists(document, _told(document))
    return tuple(item for each in found if each.asks for item in each.items)


def _told(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.kind != "furniture"]


def _paths(document: Document, blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """The headings that each block stands below, the uppermost first; of a heading its own last."""
    paths: list[tuple[str, ...]] = []
    levels: list[int] = []
    path: tuple[str, ...] = ()
    for block in blocks:
        if block.kind == "heading":
            while levels and levels[-1] >= block.level:
                levels.pop()
            path = (*path[: len(levels)], document.text[block.start : block.end])
            levels.append(block.level)
        paths.append(path)
    return paths


def _item_lists(document: Document, blocks: list[Block]) -> Iterator[Enumeration]:
    paths = _paths(document, blocks)
    position = 0
    while position < len(blocks):
        block, path = blocks[position], paths[position]
        if block.kind != "item":
            position += 1
            continue
        last = position
        while last < len(blocks) and _goes_on(block, blocks[last]):
            last += 1
        points_elsewhere = bool(path) and ELSEWHERE.search(path[-1])
        is_note = position > 0 and blocks[position - 1].kind == "table"
        for leading, run in _parted(document, blocks[position:last]):
            if not MINIMUM_ITEMS <= len(run) <= MAXIMUM_ITEMS or points_elsewhere:
                continue
            if is_note and not leading:
                continue  # the heading above stands over the table
            lead = (
                sentence_spans(document.text, leading.start, leading.end)[-1]
                if leading
                else _lead(document, blocks, position, len(run))
            )
            if _asks_readers(document, run, lead, path[-1] if path else ""):
                yield Enumeration(None, (), tuple((b.start, b.end) for b in run), asks=True)
                continue
            items = tuple(sentence_spans(document.text, b.start, b.end)[0] for b in run)
            title = None if leading or lead else _title(document, blocks, position)
            names = (*path, document.text[slice(*title)]) if title else path
            yield Enumeration(lead or title, names, items, announcement=lead)
        position = last


def _goes_on(first: Block, item: Block) -> bool:
    """Whether it is an item of the list that the first one opens, or below one of them.

    Where bullets follow numbers on the same level, another list begins.
    """
    is_other = item.level <= first.level and item.ordered != first.ordered
    return item.kind == "item" and not is_other


def _asks_readers(
    document: Document, items: Sequence[Block], lead: tuple[int, int] | None, heading: str
) -> bool:
    """Whether the items are an exercise at the end of a text: questions that nothing announces.

    A colon, their number or the word does: "Ask these three questions."
    """
    if not all(document.text[item.start : item.end].endswith("?") for item in items):
        return False
    announcing = document.text[slice(*lead)] if lead else ""
    said = f"{announcing} {heading}"
    is_counted = len(items) in stated_numbers(announcing)
    return not (announces_next(announcing) or is_counted or _QUESTIONS.search(said))


def _labelled_lists(document: Document, blocks: list[Block]) -> Iterator[Enumeration]:
    """So many paragraphs or lines, each with a label, as the paragraph right before them states.

    Where that one ends with a colon, all labelled paragraphs right behind it are.
    """
    paths = _paths(document, blocks)
    for position, (block, below) in enumerate(pairwise(blocks)):
        are_paragraphs = block.kind == below.kind == "paragraph"
        if not are_paragraphs or not _LABELLED.match(document.text, below.start, below.end):
            continue
        spans = sentence_spans(document.text, block.start, block.end)
        if announces_next(document.text[slice(*spans[-1])]):
            led = [
                (one.start, one.end)
                for one in takewhile(lambda b: _is_labelled(document, b), blocks[position + 1 :])
            ]
            if MINIMUM_ITEMS <= len(led) <= MAXIMUM_ITEMS:
                yield Enumeration(spans[-1], paths[position], tuple(led), announcement=spans[-1])
                continue
        for lead in spans:
            for size in set(stated_numbers(document.text[slice(*lead)])):
                items = _labelled(document, blocks[position + 1 :][:size], size)
                if MINIMUM_ITEMS <= size == len(items):
                    yield Enumeration(lead, paths[position], tuple(items), announcement=lead)


def _is_labelled(document: Document, block: Block) -> bool:
    """Whether it is a paragraph of one line that opens with a label."""
    is_line = block.kind == "paragraph" and "\n" not in document.text[block.start : block.end]
    return is_line and bool(_LABELLED.match(document.text, block.start, block.end))


def _labelled(document: Document, blocks: list[Block], size: int) -> list[tuple[int, int]]:
    """The labelled lines of the first paragraph, or one of each; [] if any has no label."""
    lines: list[tuple[int, int]] = []
    for block in blocks:
        if block.kind != "paragraph":
            return []
        lines += _lines(document.text, block.start, block.end)
        if len(lines) >= size:
            break
    if not all(_LABELLED.match(document.text, *line) for line in lines):
        return []
    return [(start, _label_told(document.text, start, end)) for start, end in lines]


def _label_told(text: str, start: int, end: int) -> int:
    """Where a labelled line ends: behind a number as a label, with the first sentence."""
    label = _NUMBERED_LABEL.match(text, start, end)
    return sentence_spans(text, label.end(), end)[0][1] if label else end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in text[start:end].splitlines(keepends=True):
        yield start, start + len(line.rstrip())
        start += len(line)


def _table_lists(document: Document, blocks: list[Block]) -> Iterator[Enumeration]:
    """Tables with as many rows below the first as the sentence right before them states.

    So are narrow ones right below a heading; their first row tells how to read the others.
    """
    paths = _paths(document, blocks)
    for position, (block, below) in enumerate(pairwise(blocks)):
        if block.kind not in ("paragraph", "heading") or below.kind != "table":
            continue
        first, *rows = takewhile(lambda b: b.kind == "table", blocks[position + 1 :])
        if not MINIMUM_ITEMS <= len(rows) <= MAXIMUM_ITEMS:
            continue
        items = tuple(sentence_spans(document.text, b.start, b.end)[0] for b in rows)
        path = paths[position]
        if block.kind == "heading":
            if document.text.count(" | ", first.start, first.end) < MOST_COLUMNS:
                yield Enumeration((first.start, first.end), path, items)
            continue
        lead = sentence_spans(document.text, block.start, block.end)[-1]
        if len(rows) in stated_numbers(document.text[slice(*lead)]):
            yield Enumeration(lead, path, items, announcement=lead)


def _parted(document: Document, items: Sequence[Block]) -> list[tuple[Block | None, list[Block]]]:
    """The lists in a run of items, each with the item of the run that announces it.

    Of items on the level of the first, those that end with a colon before another one announce
    what follows; where most do, they are members that texts follow. A list ends before a numbered
    paragraph, a caption or a heading that is set as an item, and what follows that one is none.
    """
    run = [item for item in items if item.level <= items[0].level]
    announcing = [
        item
        for item, after in pairwise(items)
        if item.level == after.level == items[0].level
        and announces_next(document.text[item.start : item.end])
    ]
    if 2 * len(announcing) > len(run):
        announcing = []
    ending = [item for item in run if _NUMBERED.match(document.text, item.start, item.end)]
    if 2 * len(ending) > len(run):
        ending = []
    ending += [item for item in run if _NO_ITEM.match(document.text, item.start, item.end)]
    parts: list[tuple[Block | None, list[Block]]] = [(None, [])]
    is_over = False
    for item, following in zip_longest(run, run[1:]):
        if item in announcing:
            parts.append((item, []))
            is_over = False
        elif item in ending or _heads_next(document, item, parts[-1][1], following):
            if not is_over and _ends_with_heading(document, parts[-1][1]):
                parts[-1][1].pop()
            is_over = True
        elif not is_over:
            parts[-1][1].append(item)
    return parts


def _ends_with_heading(document: Document, items: Sequence[Block]) -> bool:
    """Whether the last item ends with no mark, as a heading does, and the one before with one."""
    ends = [document.text[item.start : item.end] for item in items[-2:]]
    return len(ends) > 1 and is_title(ends[1]) and ends[0].endswith(_END_MARKS)


def is_set_as_heading(text: str) -> bool:
    """Whether the text is set in capitals, short words aside, and ends with no mark."""
    return bool(_CAPITALS.fullmatch(text))


def _heads_next(
    document: Document, item: Block, before: Sequence[Block], following: Block | None
) -> bool:
    """Whether the item is set in capitals with no mark, as neither those before it nor the next is.

    So a heading is that a converter has set as an item.
    """
    text = document.text
    if not before or not is_set_as_heading(text[item.start : item.end]):
        return False
    others = [*before, *([following] if following else [])]
    return all(text[each.start : each.end].endswith(_END_MARKS) for each in others)


def announces_next(text: str) -> bool:
    """Whether the text ends with a mark that something follows: a colon or a dash.

    The number of a note may stand behind it: "Good captains:[2]".
    """
    return _NOTE_NUMBERS.sub("", text).endswith((":", "—", "–"))


def is_title(text: str) -> bool:
    """Whether the text is short and ends as a heading does, with no mark or a question's."""
    is_open = text[-1:].isalnum() or text.endswith("?")
    return is_open and "\n" not in text and len(text.split()) <= LONGEST_TITLE


def _title(document: Document, blocks: list[Block], position: int) -> tuple[int, int] | None:
    """The paragraph before a list that stands over it as a heading would; None without one."""
    before = blocks[position - 1]
    if position == 0 or before.kind != "paragraph":
        return None
    is_over = is_title(document.text[before.start : before.end])
    return (before.start, before.end) if is_over else None


def _lead(
    document: Document, blocks: list[Block], position: int, size: int
) -> tuple[int, int] | None:
    """The sentence before a list, if it announces one: by a colon, its number or a word for it."""
    if position == 0 or blocks[position - 1].kind != "paragraph":
        return None
    before = blocks[position - 1]
    spans = sentence_spans(document.text, before.start, before.end)
    spans[-1] = _last_line(document.text, *spans[-1])
    last = document.text[slice(*spans[-1])]
    runs_on = len(spans) > 1 and is_title(last) and last[-1:].isalpha()
    if announces_next(last) or runs_on:
        # "These six include:": what the six are of, the sentence before tells, unless it counts
        # something else. So it is before "Good captains are".
        leans = len(spans) > 1 and (runs_on or _LEANS_BACK.match(last))
        numbers = stated_numbers(document.text[slice(*spans[-2])]) if leans else []
        told = leans and (not numbers or size in numbers)
        return (spans[-2][0], spans[-1][1]) if told else spans[-1]
    # "The model has ten dimensions. Some of them took long to find.": the first announces them.
    numbered = (span for span in spans if size in stated_numbers(document.text[slice(*span)]))
    points_down = not stated_numbers(last) and _POINTS_DOWN.search(last)
    return next(numbered, spans[-1] if points_down else None)


def _last_line(text: str, start: int, end: int) -> tuple[int, int]:
    """The last line of what ends with no mark: the lines of a table's head are no sentence."""
    line = text.rfind("\n", start, end) + 1
    return (line, end) if line and text[end - 1].isalnum() else (start, end)


def _heading_lists(document: Document, blocks: list[Block]) -> Iterator[Enumeration]:
    paths = _paths(document, blocks)
    headings = [number for number, block in enumerate(blocks) if block.kind == "heading"]
    for at, parent in enumerate(headings):
        level = blocks[parent].level
        children: list[int] = []
        for number in headings[at + 1 :]:
            if blocks[number].level <= level:
                break
            if not children or blocks[number].level <= blocks[children[0]].level:
                children.append(number)
        # Headings that head others are an outline, not a list.
        deepest = max((blocks[number].level for number in _below(blocks, headings[at:])), default=0)
        is_list = all(blocks[number].level == deepest for number in children)
        if is_list and MINIMUM_ITEMS <= len(children) <= MAXIMUM_ITEMS:
            lead = None
            between = blocks[parent + 1 : children[0]]
            if between and between[0].kind == "paragraph":
                spans = sentence_spans(document.text, between[0].start, between[0].end)
                said = document.text[slice(*spans[0])]
                is_announcing = announces_next(said) or _POINTS_DOWN.search(said)
                lead = spans[0] if is_announcing or stated_numbers(said) else None
            yield Enumeration(
                lead,
                paths[parent],
                tuple((blocks[number].start, blocks[number].end) for number in children),
                announcement=_before_members(document, lead, len(children)),
                numbered=_states_other_number(document, lead, len(children)),
            )


def _before_members(
    document: Document, lead: tuple[int, int] | None, size: int
) -> tuple[int, int] | None:
    """The part of a lead that says what is listed: what stands in a member names no list."""
    counted = counted_members(document.text, *lead) if lead else ()
    return next((said for said, members in counted if len(members) == size), lead)


def _states_other_number(document: Document, lead: tuple[int, int] | None, size: int) -> bool:
    if lead is None:
        return False
    stated = stated_numbers(document.text[slice(*lead)])
    return bool(stated) and size not in (*stated, sum(stated))


def stated_numbers(sentence: str) -> list[int]:
    """How many of something a sentence says that there are, two at the least for number words."""
    return [NUMBERS.get(word.lower()) or int(word) for word in _NUMBER.findall(sentence)]


def _below(blocks: list[Block], headings: list[int]) -> Iterator[int]:
    """Positions of the headings below the first one."""
    for number in headings[1:]:
        if blocks[number].level <= blocks[headings[0]].level:
            return
        yield number


def names_several(sentence: str, number: int = 0) -> bool:
    """Whether the sentence itself names the members of a list.

    Args:
        sentence: Of a source.
        number: So many things behind one another are a list though none is announced; 0 if not.
    """
    if number and len(_BETWEEN.findall(sentence)) >= number - 1:
        return True
    return bool(_members(_SPOKEN.match(sentence)))


def _members(found: re.Match[str] | None) -> list[str]:
    """The members that a sentence names; [] if it announces none."""
    if found is None or not _ANNOUNCES.search(found["head"]):
        return []
    members = _BETWEEN.split(found["tail"])
    return members if len(members) >= FEWEST_SPOKEN else []


def _spoken_lists(document: Document, blocks: list[Block]) -> Iterator[Enumeration]:
    for block, path in zip(blocks, _paths(document, blocks), strict=True):
        if block.kind != "paragraph":
            continue
        spans = sentence_spans(document.text, block.start, block.end)
        yield from _told_after(document, spans, path)
        for start, end in spans:
            counted = list(counted_members(document.text, start, end))
            for announcement, members in counted:
                others = _NUMBER.findall(document.text, *announcement)[:-1]
                yield Enumeration(
                    (start, end), path, (), len(members), announcement, members, bool(others)
                )
            found = _SPOKEN.match(document.text, start, end)
            spoken = _members(found)
            if found and not counted and 0 < len(spoken) <= MAXIMUM_ITEMS:
                # "The nine stages are grouped by threes: …" names no stages.
                stated = stated_numbers(found["head"])
                yield Enumeration(
                    (start, end),
                    path,
                    (),
                    len(spoken),
                    found.span("head"),
                    tuple(_spans(document.text, *found.span("tail"), _BETWEEN)),
                    bool(stated) and len(spoken) not in stated,
                )


def _told_after(
    document: Document, spans: Sequence[tuple[int, int]], path: tuple[str, ...]
) -> Iterator[Enumeration]:
    """Lists that one sentence counts and the next, or the one behind that, names.

    Both are the lead, with what stands between them.
    """
    text = document.text
    for position, (start, end) in enumerate(spans):
        these = _THESE.match(text, start, end)
        if not these:
            continue
        for before in reversed(spans[max(0, position - MOST_BEFORE_NAMED) : position]):
            numbers = stated_numbers(text[slice(*before)])
            found = (_named(text, these.end(), end, number) for number in numbers)
            if members := next((named for named in found if named), ()):
                yield Enumeration((before[0], end), path, (), len(members), before, members)
                break


def counted_members(
    text: str, start: int, end: int
) -> Iterator[tuple[tuple[int, int], tuple[tuple[int, int], ...]]]:
    """Lists that a sentence announces by number and names: announcement and members, as spans.

    Args:
        text: Of the document.
        start: Of the sentence.
        end: Of the sentence.
    """
    if turned := _TURNED.match(text, start, end):
        number = NUMBERS.get(turned["number"].lower()) or int(turned["number"])
        before = turned.span("members")
        tries = (
            _members_by(text, *before, number, _COMMA, whole=True),
            _members_by(text, *before, number, _COMMA_OR_AND, whole=True),
        )
        if members := next((found for found in tries if found), ()):
            yield (turned.end("members"), end), members
    position = start
    while match := _COUNTED.search(text, position, end):
        number = NUMBERS.get(match["number"].lower()) or int(match["number"])
        position = match.end("number")
        if not MINIMUM_ITEMS <= number <= MAXIMUM_ITEMS:
            continue
        marks = [match.span(match.lastgroup or 0)]
        if later := _COLON.match(text, position, end):
            marks.append(later.span("colon"))
        for mark in marks:
            is_bracket = text[mark[1] - 1] == "("
            last = text.find(")", mark[1], end) if is_bracket else end
            is_bare = match["mark"] == ", " and mark == marks[0]
            if members := _named(text, mark[1], last, number, is_bare=is_bare):
                yield (start, mark[0]), members
                position = members[-1][1]
                break


def _named(
    text: str, start: int, end: int, number: int, *, is_bare: bool = False
) -> tuple[tuple[int, int], ...]:
    """Spans of exactly so many members from here on; () if they are not named here.

    Behind a mere comma what follows may be something else: there no member holds an "and".

    "a, b and c, and more" names three, "a, b and c, and d" of four too; which of the two is
    meant shows where the first and the last member open alike, or the last is short.
    """
    tries = (
        _members_by(text, start, end, number, _SEMICOLON, whole=True),
        _alike(text, _members_by(text, start, end, number, _COMMA, whole=True)),
        _members_by(text, start, end, number, _COMMA_OR_AND, one_join=True),
        _members_by(text, start, end, number, _COMMA),
        _members_by(text, start, end, number, _COMMA_OR_AND, one_join=is_bare),
    )
    found = next((members for members in tries if members), ())
    if found and any(_NO_MEMBER.match(text, one) for one, _ in found):
        return ()
    # "two ropes—made by hand—and paint": what stands between dashes is an aside.
    is_behind_dash = _DASH.search(text, start - len(" — "), start)
    return () if is_behind_dash and any(_DASH.search(text, *m) for m in found) else found


def _members_by(
    text: str,
    start: int,
    end: int,
    number: int,
    between: re.Pattern[str],
    *,
    whole: bool = False,
    one_join: bool = False,
) -> tuple[tuple[int, int], ...]:
    """So many members by one kind of separator, "and" before the last; () if they are not there.

    Args:
        text: Of the document.
        start: Where the members begin.
        end: Of the sentence.
        number: Of members.
        between: Separator.
        whole: Nothing may follow the members.
        one_join: No "and" before others than the last.
    """
    if number < LAST_TWO:
        return ()
    spans = list(_spans(text, start, end, between))
    if between is _COMMA and len(spans) == number - 1:
        # "a, b and c or d" names three: the last is "c or d".
        alone = list(_spans(text, *spans[-1], _AND_ALONE))
        spans[-1:] = alone if len(alone) == LAST_TWO else list(_spans(text, *spans[-1], _AND))
    if len(spans) < number or (whole and len(spans) > number):
        return ()
    kept = spans[:number]
    joins = [bool(_JOINS.search(text, one[1], other[0])) for one, other in pairwise(kept)]
    if not joins[-1] or (one_join and any(joins[:-1])):
        return ()
    # What announces the list may run on to a colon: "…, in order: a, b and c".
    inner = text.find(": ", *kept[0])
    kept[0] = (inner + 2 if inner >= 0 else kept[0][0], kept[0][1])
    ends = (
        None if between is _SEMICOLON else _MEMBER_ENDS.search(text, kept[-1][0] + 1, kept[-1][1])
    )
    kept[-1] = (kept[-1][0], ends.start() if ends else kept[-1][1])
    return tuple(kept) if all(0 < b - a <= LONGEST_MEMBER for a, b in kept) else ()


def _alike(text: str, members: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    if not members:
        return ()
    first, last = (text[one:other].split() for one, other in (members[0], members[-1]))
    alike = first[0].endswith("ing") and last[0].endswith("ing")
    return members if alike or len(last) <= SHORT_MEMBER else ()


def _spans(text: str, start: int, end: int, between: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Stretches between the separators, without the full stop at the end."""
    position = start
    for match in between.finditer(text, start, end):
        yield position, match.start()
        position = match.end()
    yield position, end - (text[position:end].endswith((".", ";")))
