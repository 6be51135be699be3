"""BM25 over the same passages, with stemmed terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer

from kb.records import Vectors

K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009, section 3.2; eval/benchmarks/results/ablation.json
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
_WORD = re.compile(r"\w+")
_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word's stem by the Snowball English rules; lower case."""
    return str(_stemmer.stemWord(word.lower()))


def words(text: str) -> list[str]:
    """Words of the text in order, lower case, nothing left out."""
    return _WORD.findall(text.lower())


def terms(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, with repetitions."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]


def build_lexical(texts: Iterable[str], folder: Path) -> None:
    """Write a BM25 index of the texts into an empty folder, row by row."""
    vocabulary: dict[str, int] = {}
    rows = [
        [vocabulary.setdefault(term, len(vocabulary)) for term in terms(text)] for text in texts
    ]
    if not vocabulary:
        vocabulary[""] = 0
    index = bm25s.BM25(k1=K1, b=B)
    found = bm25s.tokenization.Tokenized(ids=rows or [[]], vocab=vocabulary)
    with np.errstate(invalid="ignore"):  # the mean length is 0 where no text holds a term
        index.index(found, show_progress=False)
    index.save(str(folder), show_progress=False)


class LexicalIndex:
    """An opened BM25 index."""

    def __init__(self, folder: Path) -> None:
        self._index: Any = bm25s.BM25.load(str(folder), mmap=True)
        self._rows = int(self._index.scores["num_docs"])

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every stem that stands in some text."""
        return frozenset(self._index.vocab_dict)

    def scores(self, question_terms: Sequence[str]) -> Vectors:
        """BM25 score of every row, shape (rows,), at least 0; 0 where no term stands."""
        known = [term for term in question_terms if term in self._index.vocab_dict]
        if not known:
            return np.zeros(self._rows, np.float32)
        return np.asarray(self._index.get_scores(known), np.float32)

    def rarity(self, term: str) -> float:
        """Inverse document frequency, ln(1 + (N - n + .5) / (n + .5)); highest if unknown."""
        number = self._index.vocab_dict.get(term)
        found = 0
        if number is not None:
            starts = self._index.scores["indptr"]
            found = int(starts[number + 1] - starts[number])
        return float(np.log1p((self._rows - found + 0.5) / (found + 0.5)))
