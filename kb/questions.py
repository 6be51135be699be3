"""What a question asks: its kind, the frameworks it names, its phrases and its terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.lexical import STOPWORDS, stem, terms, words

Kind = Literal[
    "definition", "list", "who", "when", "how_many", "where", "reason", "how_to", "comparison",
    "yes_no", "open",
]  # fmt: skip
NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_LISTED = (
    r"qualit\w+|roles?|principles?|benefits?|lessons?|steps?|stages?|phases?|styles?|types?|kinds?|"
    r"forms?|bases|sources|elements|components?|characteristics|practices|behaviou?rs?|factors|"
    r"conditions?|dimensions?|dysfunctions?|levels?|modes?|traits?|skills?|barriers|mechanisms?|"
    r"shifts?|ways|parts|functions|tasks|habits|values|disciplines|rules|questions|reasons|"
    r"examples|frameworks|strategies|methods|tools|areas|eras|attributes|virtues|domains|"
    r"advantages|disadvantages|criticisms|challenges|outcomes|goals|duties|responsibilities|"
    r"features|aspects|steps|pillars|capabilities|competenc\w+|passages|transitions|ideas|terms"
)
_NUMBER = "|".join(NUMBERS) + r"|\d{1,2}"
_KINDS: tuple[tuple[Kind, str], ...] = (
        ("how_many", r"\bhow (many|much|old|long|large|big|far|often|tall|high|deep)\b"),
        (
        "list",
        rf"^\W*((can|could|would) you )?(please )?(which|what|name|list|give|enumerate|tell me)\b"
        rf".{{0,60}}?(?<!step )(?<!stage )(?<!level )\b({_NUMBER})\s+\w+|"
        rf"^\W*(what|which) (are|were) (the |some |its |their |\w+['’]s? )?"
        rf"(\w+[\s'’-]+){{0,4}}?({_LISTED})\b|"
        rf"^\W*(which|what) (?!is\b|was\b)(\w+\s+){{0,3}}?({_LISTED})\b|"
        rf"^\W*((can|could|would) you )?(please )?(list|name|enumerate)\b|"
        rf"^\W*(the )?(\w+\s+){{0,2}}?({_LISTED}) (of|in|for)\b|"
        r"\b(letters?|acronym|initials)\b.*\bstand",
    ),
    (
            "comparison",
            r"\b(compare[sd]?|comparison|differ(s|ent|ence|ences)?\b.*\b(from|between|to|and)|"
            r"versus|vs\.?|in common|distinguish\w*\b.*\bfrom|contrast\w*|similar(ities|ity)?\b.*"
            r"\b(between|to|with|and))\b",
        ),
            ("when", r"\b(when (did|was|were|is|does|do|has|had|will|would)|^\W*when\b|"
                 r"(what|which) (year|date|century|decade|month|day|period)|since when)\b"),
        ("who", r"\b(who|whom|whose)\b|\b(which|what) (person|author|scholar|researcher|people|"
                r"leader|king|president|writer|psychologist|sociologist|founder)s?\b"),
        ("where", r"^\W*where\b|\b(in )?(what|which) (country|city|place|state|region|company|"
                  r"organi[sz]ation|university|town|location|area|continent)\b"),
        ("reason", r"\b(why|what (is|was|are) the (reason|cause|purpose)s?|what causes?|"
                   r"how come|for what reason|what makes)\b"),
        (
            "how_to",
            r"\b(how (do|can|should|could|would|might) (i|we|you|one|a|an|the|leaders?|managers?|"
            r"teams?|people)\b|how to\b|what (should|can|could) (i|we|you|a|leaders?|managers?)"
            r"\b.*\bdo\b)",
        ),
        (
            "definition",
            r"^\W*(what (is|are|was|were|does .* mean|do .* mean)|define|definition of|meaning of|"
            r"what's|explain|describe)\b",
        ),
        ("yes_no", r"^\W*(is|are|was|were|do|does|did|can|could|should|would|will|has|have|had)\b"),
)  # fmt: skip
# With two frameworks named, one of these words asks for a comparison.
_COMPARING = re.compile(
    r"\b(differ\w*|compar\w+|versus|vs|same|alike|both|similar\w*|common|unlike|than|or|apart|"
    r"contrast\w*|relat\w+|agree\w*)\b",
    re.IGNORECASE,
)
# "the four I's", but not "step 4 in": a number that counts what follows it.
_COUNTED = re.compile(
    rf"(?<!step )(?<!stage )(?<!phase )(?<!level )(?<!theory )\b({_NUMBER})\s+"
    r"(?!in\b|of\b|for\b|to\b|is\b|was\b|and\b|or\b)\w"
)
LONGEST_NAME_WORDS = 8  # of a framework or alias
_PLAIN_LIST_WORDS = frozenset(
    """
    steps stages phases styles types kinds forms elements components factors parts shifts ways
    points items ideas terms areas aspects features dimensions levels modes sources bases aspects
    principles characteristics qualities attributes letters name list enumerate stand
    """.split()
)
_PHRASE = re.compile(r"[\"“”«»]([^\"“”«»]{2,80})[\"“”«»]")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    Attributes:
        text: As asked, stripped.
        kind: What sort of answer it wants.
        terms: Stems that carry meaning, in order.
        phrases: Quoted stretches, lower case.
        frameworks: Slugs that it names, in order of mention.
        count: How many items a list question names ("the nine qualities"); None otherwise.
    """

    text: str
    kind: Kind
    terms: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    count: int | None = None


def understand(text: str, names: Mapping[str, str] | None = None) -> Question:
    """The question's kind, terms, phrases and the frameworks that it names.

    Args:
        text: Plain text, not blank.
        names: Slug by name or alias of every framework, as `frameworks_named` wants them.
    """
    stripped = " ".join(text.split())
    kind: Kind = next(
        (kind for kind, pattern in _KINDS if re.search(pattern, stripped, re.IGNORECASE)), "open"
    )
    found = frameworks_named(stripped, names or {})
    if len(found) > 1 and _COMPARING.search(stripped):
        kind = "comparison"
    if kind == "definition" and not found and len(stripped.split()) > 12:
        kind = "open"
    return Question(
        text=stripped,
        kind=kind,
        terms=tuple(terms(stripped)) or tuple(words(stripped)),
        phrases=tuple(match.lower().strip() for match in _PHRASE.findall(stripped)),
        frameworks=found,
        count=_count(stripped) if kind == "list" else None,
    )


def frameworks_named(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Slugs of the frameworks that the text names, in order; the longest name wins.

    Args:
        text: The question.
        names: Slug by name; each name is the joined output of `kb.lexical.words`.
    """
    found = words(text)
    slugs: list[str] = []
    position = 0
    while position < len(found):
        for length in range(min(LONGEST_NAME_WORDS, len(found) - position), 0, -1):
            slug = names.get(" ".join(found[position : position + length]))
            if slug:
                slugs.append(slug)
                position += length - 1
                break
        position += 1
    return tuple(dict.fromkeys(slugs))


def plain_list_words(question: Question) -> frozenset[str]:
    """Stems that only say that a list is wanted: steps, kinds, items."""
    return frozenset(stem(word) for word in words(question.text) if word in _PLAIN_LIST_WORDS)


def telling_list_words(question: Question) -> frozenset[str]:
    """Stems that say which list is wanted: benefits, criticisms, lessons."""
    found = (word for word in words(question.text) if re.fullmatch(_LISTED, word))
    return frozenset(stem(word) for word in found if word not in _PLAIN_LIST_WORDS)


def content_words(text: str) -> list[str]:
    """Words of the text that carry meaning, lower case, in order."""
    return [word for word in words(text) if word not in STOPWORDS]


def _count(text: str) -> int | None:
    match = _COUNTED.search(text.lower())
    if not match:
        return None
    word = match.group(1)
    return NUMBERS.get(word) or int(word)
