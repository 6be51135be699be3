"""The leadership frameworks in a library: names, aliases, principles, dimensions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from kb.enumerations import ELSEWHERE, stated_numbers
from kb.records import Block, Document, Source

# The questions that every framework may be asked; rows of the comparison table.
DIMENSIONS = (
    "purpose and goals",
    "power and authority",
    "trust and relationships",
    "structure and networks",
    "decisions",
    "conflict and paradox",
    "change and learning",
    "people and development",
    "culture and values",
    "accountability and results",
)
FAMILIES = (
    "traits and skills",
    "styles and behaviour",
    "contingency",
    "relationships and followers",
    "vision and inspiration",
    "values and ethics",
    "shared and collective",
    "partnership and networks",
    "change and learning",
    "power and conflict",
    "complexity and systems",
    "teams and coaching",
    "culture and identity",
)
FEW_MENTIONS = 3  # fewer tell nothing about the article; unmeasured
PRINCIPLES = "Principles"  # heading above the principles of a framework
TAKES_POSITION = "What it says on "  # heading above what a framework says on a dimension


@dataclass(frozen=True, slots=True)
class Framework:
    """One framework and the source that is about it.

    Attributes:
        mention: The title as it stands within a sentence.
        principles: Names in the order of the source; empty if it lists none.
    """

    slug: str
    title: str
    mention: str
    family: str | None
    year: int | None
    aliases: tuple[str, ...]
    people: tuple[str, ...]
    principles: tuple[str, ...]
    document_id: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the span of the text below it, up to the next heading of its level."""

    heading: str
    level: int
    start: int
    end: int


def frameworks_of(
    sources: Iterable[Source], document: Callable[[str], Document]
) -> tuple[Framework, ...]:
    """One framework for each slug, by title; the first source of a slug describes it."""
    found: dict[str, Framework] = {}
    for source in sources:
        known = source.metadata
        if not known.framework or known.framework in found:
            continue
        described = document(source.document_id)
        found[known.framework] = Framework(
            slug=known.framework,
            title=source.title,
            mention=in_sentence(source.title, described.text),
            family=known.family,
            year=known.year,
            aliases=known.aliases,
            people=known.people,
            principles=tuple(s.heading for s in principle_sections(described)),
            document_id=source.document_id,
        )
    return tuple(sorted(found.values(), key=lambda framework: framework.title.casefold()))


def sections(document: Document) -> Iterator[Section]:
    """Every heading of the document with the text that it heads, in reading order."""
    headings = [block for block in document.blocks if block.kind == "heading"]
    for number, block in enumerate(headings):
        following = (later for later in headings[number + 1 :] if later.level <= block.level)
        after: Block | None = next(following, None)
        end = after.start if after else len(document.text)
        name = document.text[block.start : block.end]
        yield Section(name, block.level, block.end, end)


def principle_sections(document: Document) -> list[Section]:
    """Sections of the principles: those right below the heading "Principles"."""
    found = list(sections(document))
    above = next((s for s in found if s.heading.casefold() == PRINCIPLES.casefold()), None)
    if above is None:
        return []
    return [s for s in found if above.start <= s.start < above.end and s.level == above.level + 1]


def dimension_section(document: Document, dimension: str) -> Section | None:
    """The section in which the source takes a position on a dimension; None if it has none."""
    wanted = (TAKES_POSITION + dimension).casefold()
    return next((s for s in sections(document) if s.heading.casefold() == wanted), None)


def heading_questions(document: Document, near: Collection[str] = ()) -> list[str]:
    """Questions that the document's own headings answer, in reading order.

    Args:
        document: Of a framework or of anything else.
        near: The headings that are asked about where it describes no framework.
    """
    title = document.source.title
    named = document.source.metadata.framework is not None
    mention = in_sentence(title, document.text)
    found = [question_what(title, mention)] if named else []
    if named and not is_plural(title) and (principles := principle_sections(document)):
        found.append(f"What are the {len(principles)} principles of {mention}?")
    for section in sections(document):
        heading = section.heading
        if heading.startswith(TAKES_POSITION):
            topic = heading.removeprefix(TAKES_POSITION)
            does = "do" if is_plural(title) else "does"
            found.append(f"What {does} {mention} say on {topic}?")
        elif not named and heading in near and _says_topic(heading, title):
            found.append(heading if heading.endswith("?") else f"What is said on “{heading}”?")
    return found


def _says_topic(heading: str, title: str) -> bool:
    """Whether a heading says what stands below it, and not only where in the text it stands."""
    return heading.casefold() != title.casefold() and not _SAYS_NO_TOPIC.search(heading)


def question_what(title: str, mention: str) -> str:
    """The question what a framework is: "What are the bases of power?" for several things."""
    if not is_plural(title):
        return f"What is {mention}?"
    needs_article = (
        mention[:1].islower() and bool(_HEAD_ENDS.search(mention)) and not _joins_two(mention)
    )
    article = "the " if needs_article and not mention.startswith("the ") else ""
    return f"What are {article}{mention}?"


def is_plural(title: str) -> bool:
    """Whether a title names several things: steps, X and Y, bases of power, not team of teams."""
    head = _HEAD_ENDS.split(title, maxsplit=1)[0]
    is_activity = head.split()[0].endswith("ing")
    if _joins_two(title):
        return not is_activity
    return head.endswith("s") and not is_activity and not head.endswith(("ss", "us", "is", "ics"))


def _joins_two(title: str) -> bool:
    """Whether it names two things; "five and" would ask for a list of five."""
    found = _HEAD_ENDS.search(title)
    return found is not None and found[0] == " and " and not stated_numbers(title)


def in_sentence(title: str, text: str = "") -> str:
    """The title as it stands within a sentence: its first letter small unless it begins a name.

    With the article that it mostly has in the text: "What is the leadership pipeline?"

    Args:
        title: Of a framework.
        text: About it. Whether it mostly writes the title's first word small or, in the middle
            of its sentences, with a capital tells a common word from a name; where it does
            neither, an activity ("Leading meetings") and a plain title that ends in a common noun
            are none.
    """
    name = _named(title, text)
    return name if is_plural(title) else f"{_article(name, text)}{name}"


def _article(name: str, text: str) -> str:
    """The article that mostly stands before the name, with a blank; empty if none does.

    Where the text is short of it, before its head: "the GLOBE study" of culture and leadership.
    """
    head = _HEAD_ENDS.split(name, maxsplit=1)[0]
    for put in (name, head) if " " in head else (name,):
        found = re.findall(rf"(?:\b(the|an?)\s+)?\b{re.escape(put)}(?![\w-])", text, re.IGNORECASE)
        articles = Counter(article.lower() for article in found)
        if sum(articles.values()) >= FEW_MENTIONS:
            most, _ = articles.most_common(1)[0]
            return f"{most} " if most else ""
    return ""


def _named(title: str, text: str) -> str:
    """The title with its first letter small unless it begins a name."""
    if not title[1:2].islower():
        return title
    words = title.split()
    first = re.escape(words[0].split("-")[0])
    small = len(re.findall(rf"\b{first[0].lower()}{first[1:]}(?!\w)", text))
    capital = len(re.findall(rf"(?<=[a-z,;] ){first}(?!\w)", text))
    if small or capital:
        is_common = small >= capital
    else:
        is_plain = re.fullmatch(r"[A-Z][a-z-]*( [a-z-]+)*", title)
        is_activity = len(words) > 1 and words[0].endswith("ing")
        is_common = bool(is_plain) and (is_activity or words[-1].casefold() in _COMMON_NOUNS)
    return title[0].lower() + title[1:] if is_common else title


_SAYS_NO_TOPIC = re.compile(
    rf"{ELSEWHERE.pattern}|^\W*(?:(?:chapter|section|part|appendix)\s)?[\divxlc.\W]*$|"
    r"^(?:introduction|overview|summary|conclusions?|about|background|(?:table of )?contents|"
    r"abstract|preface|foreword|acknowledge?ments|resources?|appendix|index)$",
    re.IGNORECASE,
)
_HEAD_ENDS = re.compile(r"\s(?:of|for|in|by|through|and)\s")
_COMMON_NOUNS = frozenset(
    """
    leadership organisations learning stewardship governance alignment sensemaking followership
    impact management candour power motivation teams multipliers safety conflict trust command
    practice theory model skills negotiation transitions system
    """.split()
)
