"""Words that say the opposite of one another, from a file of pairs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kb.lexical import stem, words

FILE = Path(__file__).with_name("opposites.txt")
# A prefix that denies, and what it denies: "unofficial"; "discover" and "inform" hold none.
_PREFIXED = re.compile(
    r"(?!un(?:der|i(?![nm]))|in(?:depend|differ|form|come|put|side|sight|stall|ten[sd]|ven|vest|"
    r"vol|crea|land|ner|habit|voice)|im(?:prov|press|port|pos(?!sib)|pact|age|mediat|migr)|"
    r"dis(?:cover|count|cours|charg|clos|tress|pos|play|tri|card|miss|pens|patch|tract|pers|solv))"
    r"(?:un|in|im|ir|il|dis|non|mis)-?(.{5,})"
)


@cache
def _pairs() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        pair = [stem(word.strip()) for word in line.partition("#")[0].split(",")]
        if len(pair) == 2:
            for one, other in (pair, reversed(pair)):
                found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}


def undenied(word: str) -> str:
    """What a prefix of the word denies, in lower case; "" without such a prefix."""
    match = _PREFIXED.fullmatch(word.lower())
    return match[1] if match else ""


def opposites_of(word: str) -> frozenset[str]:
    """Stems of the opposites of a stem."""
    return _pairs().get(word, frozenset())


def opposed(question: str, sentence: str) -> int:
    """How many words of the question have their opposite in the sentence, and not themselves.

    A word whose opposite the question names too is weighed by it and does not count.
    """
    asked, said = ({stem(word) for word in words(text)} for text in (question, sentence))
    pairs = _pairs()
    return sum(
        bool(pairs[word] & said) and not pairs[word] & asked
        for word in asked - said
        if word in pairs
    )
