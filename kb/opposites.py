"""Words that say the opposite of one another, from a file of pairs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kb.lexical import stem, words

FILE = Path(__file__).with_name("opposites.txt")


@cache
def _pairs() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        pair = [stem(word.strip()) for word in line.partition("#")[0].split(",")]
        if len(pair) == 2:
            for one, other in (pair, reversed(pair)):
                found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}


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
