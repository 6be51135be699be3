"""BM25 over the same passages, twice: stems with their pairs, and pieces of words.

Pairs of neighbouring stems reward phrases. Pieces of five letters meet other forms of a
word and misspelt ones. BM25: Robertson and Zaragoza 2009.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from kb.records import Vectors
from kb.variants import american

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
Numbers = NDArray[np.int64]
_WORD = re.compile(r"\w+")
_stemmer = Stemmer.Stemmer("english")
IRREGULAR = Path(__file__).with_name("irregular.txt")


@cache
def _irregular() -> Mapping[str, str]:
    """The form that stands for all, by irregular form."""
    lines = (line.split() for line in IRREGULAR.read_text(encoding="utf-8").splitlines())
    return {form: base for base, *forms in lines if base != "#" for form in forms}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word's stem by the Snowball English rules, lower case.

    Of "led" it is that of "lead", of "organise" that of "organize".
    """
    word = word.lower()
    return str(_stemmer.stemWord(american(_irregular().get(word, word))))


def words(text: str) -> list[str]:
    """Words of the text in order, lower case, nothing left out."""
    return _WORD.findall(text.lower())


def spoken(text: str) -> list[str]:
    """Words of the text in order, lower case, each as it is written in America."""
    return [american(word) for word in words(text)]


def spoken_places(text: str) -> list[tuple[str, int, int]]:
    """Each word as `spoken` gives it, with its start and end in the text."""
    return [(american(found[0].lower()), *found.span()) for found in _WORD.finditer(text)]


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
    counted = _counted_words(texts)
    for name, keyed in (("terms", _term_numbers(counted)), ("pieces", _piece_numbers(counted))):
        k1, b = PARAMETERS[name]
        index = bm25s.BM25(k1=k1, b=b)
        index.scores, index.nonoccurrence_array = _scores(keyed, len(texts), k1, b), None
        index.vocab_dict = {key: number for number, key in enumerate(keyed.keys)} or {"": 0}
        index.save(str(folder / name), show_progress=False)


@dataclass(frozen=True, slots=True)
class _Keyed:
    """What stands in the texts, in order: the key's number in `keys` and the text's row."""

    keys: list[str]
    numbers: Numbers
    rows: Numbers


def _counted_words(texts: Sequence[str]) -> _Keyed:
    """The words that carry meaning; each is looked at once, however often it stands there."""
    vocabulary: dict[str, int] = {}
    numbers: list[Numbers] = []
    for text in texts:
        found = [word for word in words(text) if word not in STOPWORDS]
        numbers.append(
            np.array([vocabulary.setdefault(w, len(vocabulary)) for w in found], np.int64)
        )
    rows = np.repeat(np.arange(len(texts)), [len(found) for found in numbers])
    return _Keyed(list(vocabulary), np.concatenate([*numbers, np.zeros(0, np.int64)]), rows)


def _term_numbers(found: _Keyed) -> _Keyed:
    """Stems, then pairs of neighbouring stems, as `term_keys` gives them."""
    stems: dict[str, int] = {}
    stem_of = [stems.setdefault(stem(word), len(stems)) for word in found.keys]
    single = np.array(stem_of, np.int64)[found.numbers]
    together = found.rows[1:] == found.rows[:-1]
    pairs, numbers = np.unique(
        (single[:-1] * len(stems) + single[1:])[together], return_inverse=True
    )
    names = list(stems)
    firsts, seconds = (part.tolist() for part in np.divmod(pairs, max(1, len(stems))))
    spelt = [f"{names[one]}_{names[two]}" for one, two in zip(firsts, seconds, strict=True)]
    return _Keyed(
        names + spelt,
        np.concatenate([single, numbers + len(names)]),
        np.concatenate([found.rows, found.rows[1:][together]]),
    )


def _piece_numbers(found: _Keyed) -> _Keyed:
    """Pieces of words, as `piece_keys` gives them."""
    pieces: dict[str, int] = {}
    of_word = [
        [pieces.setdefault(piece, len(pieces)) for piece in piece_keys(word)] for word in found.keys
    ]
    counts = np.array([len(one) for one in of_word], np.int64)[found.numbers]
    flat = np.array([number for one in of_word for number in one], np.int64)
    starts = np.cumsum([0, *(len(one) for one in of_word)])[found.numbers]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return _Keyed(
        list(pieces), flat[np.repeat(starts, counts) + within], np.repeat(found.rows, counts)
    )


def _scores(found: _Keyed, texts: int, k1: float, b: float) -> dict[str, Any]:
    """BM25 of every key in every text that holds it, in the columns that bm25s reads.

    The formula is its default one, Lucene's: Kamphuis et al. 2020.
    """
    lengths = np.bincount(found.rows, minlength=texts).astype(np.float64)
    held, times = np.unique(found.numbers * max(1, texts) + found.rows, return_counts=True)
    numbers, rows = np.divmod(held, max(1, texts))
    texts_with = np.bincount(numbers, minlength=max(1, len(found.keys)))
    rarity = np.log1p((texts - texts_with + 0.5) / (texts_with + 0.5))
    mean = lengths.mean() if lengths.any() else 1.0
    weight = times / (k1 * (1 - b + b * lengths[rows] / mean) + times)
    return {
        "data": (rarity[numbers] * weight).astype(np.float32),
        "indices": rows.astype(np.int32),
        "indptr": np.concatenate([[0], np.cumsum(texts_with)]).astype(np.int32),
        "num_docs": texts,
    }


class LexicalIndex:
    """Both BM25 indexes, opened."""

    def __init__(self, folder: Path) -> None:
        self._indexes: dict[str, Any] = {
            name: bm25s.BM25.load(str(folder / name), mmap=True) for name in _VIEWS
        }
        for index in self._indexes.values():
            # As plain arrays where they lie: slicing a memmap costs more.
            for name in ("data", "indices", "indptr"):
                index.scores[name] = index.scores[name].view(np.ndarray)
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
