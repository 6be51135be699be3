"""Spelling mistakes in a question, corrected against the words of the library itself.

Those of the questions that it is expected to be asked are among them.

A word is taken for a mistake only if neither the library knows its stem nor the embedding
model the word, and one of the library's words is a slip or two away: a letter too many, missing,
wrong, or two swapped. One slip at most makes a word of one that denies a known word.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import extract, extractOne

from kb.lexical import STOPWORDS, stem, words
from kb.opposites import undenied

FILE = "words.json"
SHORTEST = 5  # letters; shorter words have too many neighbours
TWO_SLIPS_FROM = 8  # letters from which two slips are forgiven
# Alike to this share of their letters, a word may be another form or spelling: "Dutch" is not of
# "Holland", "Duquesne" is of "Dusquesne"; no answered question of ours has a name below it.
ALIKE = 0.75
_WORD = re.compile(r"[^\W\d_]+")


def write_words(texts: Iterable[str], folder: Path) -> None:
    """Write how often each word stands in the texts."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words(text))
    ordered = {word: counts[word] for word in sorted(counts) if word.isalpha()}
    (folder / FILE).write_text(json.dumps(ordered, ensure_ascii=False), encoding="utf-8")


class Speller:
    """Corrects words that the library does not know."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        found: dict[str, int] = json.loads(self._file.read_text(encoding="utf-8"))
        return found

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self._counts)

    @cached_property
    def _candidates(self) -> list[str]:
        return [word for word in self._counts if len(word) >= SHORTEST - 1]

    @cached_property
    def _unaccented(self) -> list[str]:
        return list(map(_unaccented, self._counts))

    def corrected(self, text: str, is_word: Callable[[str], bool] = lambda word: False) -> str:
        """The text with mistaken words replaced; everything else stays as it is.

        Args:
            text: A question.
            is_word: Whether a word, in lower case, is known elsewhere and so no mistake.
        """
        return _WORD.sub(lambda match: self._correct(match.group(), is_word), text)

    def is_like_none(self, word: str) -> bool:
        """Whether no word of the library is the word or looks like it, accents left out."""
        plain = _unaccented(word)
        if len(plain) < SHORTEST - 1 or stem(word.lower()) in self._stems:
            return False
        return not is_like_one(plain, self._unaccented)

    def _is_known(self, word: str, is_word: Callable[[str], bool]) -> bool:
        return bool(word) and (stem(word) in self._stems or is_word(word))

    def _correct(self, word: str, is_word: Callable[[str], bool]) -> str:
        plain = word.lower()
        if len(plain) < SHORTEST or plain in STOPWORDS or stem(plain) in self._stems:
            return word
        if is_word(plain):
            return word
        # "Imprecise" is no slip for "improvise"; "disfunction" is one for "dysfunction".
        denies_known = self._is_known(undenied(plain), is_word)
        slips = 2 if len(plain) >= TWO_SLIPS_FROM and not denies_known else 1
        near = extract(plain, self._candidates, scorer=OSA.distance, score_cutoff=slips, limit=20)
        # The first letter is seldom wrong; among equals the commoner word wins.
        near = [found for found in near if found[0][0] == plain[0]]
        if not near:
            return word
        best = min(near, key=lambda found: (found[1], -self._counts[found[0]]))[0]
        return best.capitalize() if word[0].isupper() else best


def _unaccented(word: str) -> str:
    """The word in lower case without its accents."""
    parts = unicodedata.normalize("NFKD", word.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


def is_like_one(word: str, others: Collection[str]) -> bool:
    """Whether a word is one of several or looks like it."""
    scorer = Indel.normalized_similarity
    return extractOne(word, others, scorer=scorer, score_cutoff=ALIKE) is not None
