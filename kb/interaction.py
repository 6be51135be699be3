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
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    lengths = np.where(norms > 0, norms, 1.0)
    return np.asarray(vectors / lengths, np.float32)


def quantised(vectors: Vectors) -> Bytes:
    """Directions of the vectors as int8; their length is lost, `unit` restores it to 1."""
    peaks = np.abs(vectors).max(axis=-1, keepdims=True, initial=1e-12)
    return np.asarray(np.round(vectors * (127.0 / peaks)), np.int8)


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
    groups: list[list[int]] = []
    plain: list[list[int]] = []
    last_end = -1
    for row, (start, end) in enumerate(embedding.spans):
        if end <= start:
            continue
        if start == last_end and groups and text[start].isalnum() and text[start - 1].isalnum():
            groups[-1].append(row)
        else:
            groups.append([row])
        last_end = end
    for group in groups:
        word = text[embedding.spans[group[0]][0] : embedding.spans[group[-1]][1]].lower()
        if word.isalnum() and word not in STOPWORDS:
            plain.append(group)
    kept = plain or groups
    if not kept:
        return np.zeros((0, matrix.shape[1]), np.float32), np.zeros(0, np.int32)
    means = _group_means(embedding.tokens, kept)
    starts = np.array([embedding.spans[group[0]][0] for group in kept], np.int32)
    return unit(unit(means) @ matrix), starts


def _group_means(tokens: Vectors, groups: Sequence[Sequence[int]]) -> Vectors:
    """Mean of the rows of each group; a group is a run of neighbouring rows."""
    bounds = np.array([(group[0], group[-1] + 1) for group in groups]).ravel()
    padded = np.concatenate([tokens, np.zeros((1, tokens.shape[1]), np.float32)])
    sums = np.add.reduceat(padded, bounds, axis=0)[::2]
    return np.asarray(sums / [[len(group)] for group in groups], np.float32)


def span_vectors(embedding: TokenEmbedding, spans: Sequence[tuple[int, int]]) -> Vectors:
    """Unit vectors of stretches of the text, each the mean of its tokens in context.

    A stretch that the model did not read gets the whole text's vector.
    """
    starts = np.array([start for start, _ in embedding.spans])
    ends = np.array([end for _, end in embedding.spans])
    vectors = np.empty((len(spans), embedding.vector.shape[0]), np.float32)
    for row, (start, end) in enumerate(spans):
        inside = (ends > starts) & (starts >= start) & (ends <= end)
        vectors[row] = embedding.tokens[inside].mean(axis=0) if inside.any() else embedding.vector
    return unit(vectors)


def maxsim(question: Vectors, passage: Vectors) -> float:
    """Mean over the question's words of their highest similarity to a passage word.

    Both arguments hold unit vectors in rows; 0 if either is empty.
    """
    if not len(question) or not len(passage):
        return 0.0
    return float((question @ passage.T).max(axis=1).mean())
