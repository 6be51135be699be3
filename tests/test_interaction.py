"""Word vectors: kept small without losing their direction, and MaxSim worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from kb.embedding import HashingEmbedder, TokenEmbedding
from kb.interaction import (
    cosines,
    maxsim_both_ways,
    projection,
    quantised,
    row_maxima,
    span_vectors,
    unit,
    word_vectors,
)

EMBEDDER = HashingEmbedder()
IDENTITY = np.eye(384, dtype=np.float32)


def embedded(text: str) -> TokenEmbedding:
    """Token output of one text."""
    return next(iter(EMBEDDER.encode_tokens([text])))[1]


def test_maxsim_is_the_mean_of_each_words_best_match_both_ways() -> None:
    """Worked by hand: two words are best met by 1 and 0.6; three by 1, 0.8 and 0."""
    words = np.array([[1, 0], [0, 1]], np.float32)
    others = np.array([[1, 0], [0.8, 0.6], [-1, 0], [0, 1]], np.float32)
    there, back = maxsim_both_ways(words, others, np.array([3, 0, 1]))
    assert there == pytest.approx([0.8, 0, 0.5])
    assert back == pytest.approx([0.6, 0, 1])


def test_cosines_of_vectors_of_any_length() -> None:
    """With several unit vectors as with one; a vector of zeros has none."""
    vectors = np.array([[3, 4], [0, -2], [0, 0]], np.float32)
    units = np.array([[1, 0], [0.6, 0.8]], np.float32)
    assert cosines(vectors, units) == pytest.approx(np.array([[0.6, 1], [0, -0.8], [0, 0]]))
    assert cosines(vectors, units[1]) == pytest.approx([1, -0.8, 0])


def test_greatest_number_of_each_row() -> None:
    """As numpy has it."""
    rows = np.random.default_rng(2).standard_normal((9, 4)).astype(np.float32)
    assert row_maxima(rows).tolist() == rows.max(axis=1).tolist()


def test_maxsim_of_nothing_is_zero() -> None:
    """A text without words is near to nothing."""
    found = maxsim_both_ways(np.zeros((0, 2), np.float32), np.ones((1, 2), np.float32), np.ones(1))
    assert np.array(found).tolist() == [[0.0], [0.0]]


def test_bytes_keep_the_direction_of_a_vector() -> None:
    """Cosine with the original stays above .999; zero stays zero."""
    vectors = np.random.default_rng(1).standard_normal((50, 192)).astype(np.float32)
    restored = unit(quantised(vectors).astype(np.float32))
    assert (restored * unit(vectors)).sum(axis=1).min() > 0.999
    assert not quantised(np.zeros((1, 4), np.float32)).any()


def test_the_projection_keeps_lengths_and_is_the_same_every_time() -> None:
    """Orthonormal columns, with and without a sample."""
    sample = [embedded("leaders keep small promises to patient crews every winter")]
    for given in ([], sample):
        matrix = projection(given, 384)
        assert np.allclose(matrix.T @ matrix, np.eye(192), atol=1e-4)
        assert np.array_equal(matrix, projection(given, 384))


def test_word_pieces_are_joined_to_words_and_stop_words_dropped() -> None:
    """“leaders” in two pieces is one word; “the” carries no meaning."""
    tokens = np.array([[9, 9], [1, 0], [0, 1], [5, 5], [1, 1], [9, 9]], np.float32)
    spans = ((0, 0), (0, 4), (4, 7), (8, 11), (12, 16), (0, 0))
    given = TokenEmbedding(np.ones(2, np.float32), tokens, spans)
    vectors, starts = word_vectors("leaders the crew", given, np.eye(2, dtype=np.float32))
    assert starts.tolist() == [0, 12]
    assert vectors == pytest.approx(np.full((2, 2), 0.5**0.5), abs=1e-6)


def test_a_text_of_stop_words_keeps_them_all() -> None:
    """“Who is it” can still be compared."""
    vectors, starts = word_vectors("who is it", embedded("who is it"), IDENTITY)
    assert (len(vectors), starts.tolist()) == (3, [0, 4, 7])


def test_a_span_is_the_mean_of_its_tokens_and_an_unread_one_the_whole_text() -> None:
    """Sentences get vectors of their own, in context."""
    text = "calm crews. loud hubs."
    given = embedded(text)
    first, beyond = span_vectors(given, [(0, 11), (500, 510)])
    assert first == pytest.approx(unit(given.tokens[1:3].mean(axis=0)), abs=1e-6)
    assert beyond == pytest.approx(given.vector, abs=1e-6)
