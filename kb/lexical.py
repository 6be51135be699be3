"""BM25 over the same passages, twice: stems with their pairs, and pieces of words.

Pairs of neighbouring stems reward phrases. Pieces of five letters meet other forms of a
word and misspelt ones. BM25: Robertson and Zaragoza 2009.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer

from kb.records import Vectors

STOPWORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being between both
    but by can could did do does doing down during each few for from further had has have
    having he her here hers him his how i if in into is it its itself just me more most my
    no nor not of off on once only or other our out over own s same she should so some such
    t than that the their them then there these they this those through to too under until
    up very was we were what when where which while who whom whose why will with would you
    your
    """.split()
)
# (k1, b) by view; chosen on SQuAD and management terms, not in a result file
PARAMETERS = {"terms": (0.9, 0.4), "pieces": (1.2, 0.75)}
PIECE_LETTERS = 5  # of a word between its boundary marks
_WORD = re.compile(r"\w+")
_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word's stem by the Snowball English rules; lower case."""
    return str(_stemmer.stemWord(word.lower()))


def words(text: str) -> list[str]:
    """Words of the text in order, lower case, nothing left out."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=8192)
def terms(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, in order, with repetitions."""
    return tuple(stem(word) for word in words(text) if word not in STOPWORDS)


def term_keys(text: str) -> list[str]:
    """Stems and pairs of neighbouring stems."""
    found = terms(text)
    return [*found, *(f"{one}_{two}" for one, two in itertools.pairwise(found))]


def piece_keys(text: str) -> list[str]:
    """Runs of five letters of the words that carry meaning, with marks at their ends."""
    found = []
    for word in words(text):
        if word not in STOPWORDS:
            marked = f"<{word}>"
            last = max(1, len(marked) - PIECE_LETTERS + 1)
            found += [marked[first : first + PIECE_LETTERS] for first in range(last)]
    return found


_VIEWS: dict[str, Callable[[str], list[str]]] = {"terms": term_keys, "pieces": piece_keys}


def build_lexical(texts: Sequence[str], folder: Path) -> None:
    """Write both BM25 indexes of the texts below a folder, row by row."""
    for name, keys in _VIEWS.items():
        vocabulary: dict[str, int] = {}
        rows = [
            [vocabulary.setdefault(key, len(vocabulary)) for key in keys(text)] for text in texts
        ]
        if not vocabulary:
            vocabulary[""] = 0
        k1, b = PARAMETERS[name]
        index = bm25s.BM25(k1=k1, b=b)
        found = bm25s.tokenization.Tokenized(ids=rows or [[]], vocab=vocabulary)
        with np.errstate(invalid="ignore"):  # the mean length is 0 where no text holds a key
            index.index(found, show_progress=False)
        index.save(str(folder / name), show_progress=False)


class LexicalIndex:
    """Both BM25 indexes, opened."""

    def __init__(self, folder: Path) -> None:
        self._indexes: dict[str, Any] = {
            name: bm25s.BM25.load(str(folder / name), mmap=True) for name in _VIEWS
        }
        terms_index = self._indexes["terms"]
        self._rows = int(terms_index.scores["num_docs"])
        self._starts = terms_index.scores["indptr"]
        self._numbers: dict[str, int] = terms_index.vocab_dict

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every stem that stands in some text."""
        return frozenset(term for term in self._numbers if "_" not in term)

    def scores(self, view: str, text: str) -> Vectors:
        """BM25 score of every row in a view, `terms` or `pieces`; shape (rows,), at least 0."""
        index = self._indexes[view]
        known = [key for key in _VIEWS[view](text) if key in index.vocab_dict]
        if not known:
            return np.zeros(self._rows, np.float32)
        return np.asarray(index.get_scores(known), np.float32)

    def holds(self, term: str) -> bool:
        """Whether the stem stands in some text."""
        return term in self._numbers

    def rarity(self, term: str) -> float:
        """Inverse document frequency, ln(1 + (N - n + .5) / (n + .5)); highest if unknown."""
        number = self._numbers.get(term)
        found = 0 if number is None else int(self._starts[number + 1] - self._starts[number])
        return float(np.log1p((self._rows - found + 0.5) / (found + 0.5)))
