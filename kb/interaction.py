"""Late interaction: word vectors of a passage, kept small, and MaxSim between two texts.

Word pieces are averaged to words, words without meaning of their own are dropped, vectors
are projected to `WORD_DIMENSION` and stored as int8. The projection holds the principal
directions of the model's output over its own vocabulary, so it depends on the model alone
and never on the corpus. MaxSim: Khattab and Zaharia 2020, arXiv 2004.12832.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb.embedding import TokenEmbedding
from kb.lexical import STOPWORDS
from kb.records import Vectors

# 192 as int8 lost nothing against all 384 on 600 development questions; not in a result file.
WORD_DIMENSION = 192
SAMPLE_WORDS = 30  # vocabulary words in one text of the projection's sample
Bytes = NDArray[np.int8]


def unit(vectors: Vectors) -> Vectors:
    """The vectors divided by their length; zero stays zero."""
    return np.asarray(vectors / _lengths(vectors)[..., None], np.float32)


def cosines(vectors: Vectors, units: Vectors) -> Vectors:
    """Cosines of vectors of any length with unit vectors; 0 for a vector of zeros.

    Products are divided, of which there are fewer than numbers in the vectors.

    Args:
        vectors: Shape (vectors, dimension).
        units: Shape (units, dimension), or (dimension,) for one.

    Returns:
        Shape (vectors, units), or (vectors,) for one.
    """
    found = vectors @ units.T
    by_unit = found.T
    by_unit /= _lengths(vectors)
    return found


def row_maxima(rows: Vectors) -> Vectors:
    """Greatest number of each row; faster along columns than as `rows.max(axis=1)`."""
    return np.asarray(np.ascontiguousarray(rows.T).max(axis=0), np.float32)


def _lengths(vectors: Vectors) -> Vectors:
    """What the vectors are to be divided by to have unit length: 1 for zero."""
    norms = np.sqrt(np.vecdot(vectors, vectors))
    return np.asarray(np.where(norms > 0, norms, 1.0), np.float32)


def quantised(vectors: Vectors) -> Bytes:
    """Directions of the vectors as int8; their length is lost, `unit` restores it to 1."""
    peaks = np.abs(vectors).max(axis=-1, keepdims=True, initial=1e-12)
    return np.asarray(np.rint(vectors * (127.0 / peaks)), np.int8)


def projection(sample: Sequence[TokenEmbedding], dimension: int) -> Vectors:
    """Matrix of shape (dimension, at most WORD_DIMENSION) that keeps most of the sample.

    Args:
        sample: Token output over the model's vocabulary; if it is empty, the directions
            are drawn at random from a fixed seed.
        dimension: Length of the model's vectors.
    """
    width = min(WORD_DIMENSION, dimension)
    if not sample:
        drawn = np.random.default_rng(0).standard_normal((dimension, width))
        return np.linalg.qr(drawn)[0].astype(np.float32)
    moment = np.zeros((dimension, dimension))
    for text in sample:
        tokens = unit(text.tokens[1:-1])
        moment += tokens.T @ tokens
    directions = np.linalg.eigh(moment)[1][:, ::-1]
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(dimension)])
    return np.ascontiguousarray((directions * signs)[:, :width], np.float32)


def word_vectors(
    text: str, embedding: TokenEmbedding, matrix: Vectors
) -> tuple[Vectors, NDArray[np.int32]]:
    """Unit vectors of the text's words, shape (words, columns of `matrix`), and their offsets.

    Words come in reading order; a text of nothing but stop words keeps them all.
    """
    pieces, starts, ends = _read_pieces(embedding)
    if not len(pieces):
        return np.zeros((0, matrix.shape[1]), np.float32), np.zeros(0, np.int32)
    begins = np.ones(len(pieces), bool)
    for piece in np.flatnonzero(starts[1:] == ends[:-1]) + 1:
        at = int(starts[piece])
        begins[piece] = not (text[at].isalnum() and text[at - 1].isalnum())
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(pieces)) - 1
    word_starts = starts[first]
    words = map(text.__getitem__, map(slice, word_starts.tolist(), ends[last].tolist()))
    kept = np.fromiter((_has_meaning(word.lower()) for word in words), bool, len(first))
    if not kept.any():
        kept[:] = True
    sums = _run_sums(embedding.tokens, pieces[first[kept]], pieces[last[kept]] + 1)
    return unit(sums @ matrix), word_starts[kept].astype(np.int32)


def _read_pieces(embedding: TokenEmbedding) -> tuple[NDArray[np.int64], ...]:
    """Row, start and end of every word piece; special tokens have none of the text."""
    bounds = np.array(embedding.spans, np.int64).reshape(-1, 2)
    rows = np.flatnonzero(bounds[:, 1] > bounds[:, 0])
    return rows, bounds[rows, 0], bounds[rows, 1]


def _has_meaning(word: str) -> bool:
    return word.isalnum() and word not in STOPWORDS


def _run_sums(tokens: Vectors, firsts: NDArray[np.int64], ends: NDArray[np.int64]) -> Vectors:
    """Sum of the rows `first:end` of each run; a product is faster than `np.add.reduceat`."""
    rows = np.arange(len(tokens))
    inside = (rows >= firsts[:, None]) & (rows < ends[:, None])
    return np.asarray(inside.astype(np.float32) @ tokens, np.float32)


def span_vectors(embedding: TokenEmbedding, spans: Sequence[tuple[int, int]]) -> Vectors:
    """Unit vectors of stretches of the text, each the mean of its tokens in context.

    A stretch that the model did not read gets the whole text's vector.
    """
    pieces, starts, ends = _read_pieces(embedding)
    bounds = np.array(spans, np.int64).reshape(-1, 2)
    firsts = np.searchsorted(starts, bounds[:, 0])
    lasts = np.searchsorted(ends, bounds[:, 1], side="right")
    read = np.flatnonzero(lasts > firsts)
    vectors = np.tile(embedding.vector, (len(bounds), 1))
    if len(read):
        vectors[read] = _run_sums(
            embedding.tokens, pieces[firsts[read]], pieces[lasts[read] - 1] + 1
        )
    return unit(vectors)


def maxsim_both_ways(
    words: Vectors, others: Vectors, counts: NDArray[np.int64]
) -> tuple[Vectors, Vectors]:
    """MaxSim of one text with each of others, and of each of these with the one.

    MaxSim is the mean over a text's words of their highest similarity to a word of the other
    (Khattab and Zaharia 2020, arXiv 2004.12832, who take the sum); 0 if either has no words.

    Args:
        words: Unit vectors of the one, shape (words, word dimension).
        others: Vectors of any length of the other texts' words, one text after the other.
        counts: How many words each of them has.

    Returns:
        Two arrays of shape (texts,).
    """
    there, back = np.zeros((2, len(counts)), np.float32)
    held = np.flatnonzero(counts)
    if len(words) and len(held):
        similar = cosines(others, words)
        firsts = (np.cumsum(counts) - counts)[held]
        there[held] = np.maximum.reduceat(similar, firsts, axis=0).mean(axis=1)
        back[held] = np.add.reduceat(row_maxima(similar), firsts) / counts[held]
    return there, back
