"""The extractive reader: the arithmetic is the trained network's, and it finds answers."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch
from support import REPOSITORY

from kb.embedding import load_embedder
from kb.extractive import FILE, NOWHERE, UNDECIDED, ExtractiveReader, Words, trained_reader
from kb.library import Library
from kb.matching import asked, match, read
from kb.questions import understand
from kb.settings import Settings

sys.path.insert(0, str(REPOSITORY / "eval"))
import train_extractive

QUESTION, ANSWER = "Where does the ferry committee meet?", "Rostock"
RANDOM = np.random.default_rng(3)


def drawn(rows: int, width: int) -> np.ndarray:
    """Unit vectors."""
    vectors = RANDOM.standard_normal((rows, width)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def passage(sentences: list[int], count: int) -> Words:
    """A passage of drawn words."""
    return Words(drawn(len(sentences), 192), np.array(sentences, np.int64), count)


PASSAGES = [
    passage([-1, -1, 0, 0, 0, 1, 1, 2, 2], 3),
    passage([0, 0, 2, 2, 2], 3),  # no title, and a sentence without a word of its own
    passage([-1] * 3 + [0] * 20 + [1] * 20, 2),
]


def test_the_arithmetic_is_that_of_the_trained_network() -> None:
    """The same logits as torch gives, passages padded there and not here."""
    network = train_extractive.Reader(192, 384)
    arrays = trained_reader()._arrays
    state = {name: torch.tensor(array.T.copy()) for name, array in arrays.items()}
    network.load_state_dict(state)
    network.eval()
    pieces, text = drawn(6, 192), drawn(1, 384)
    longest = max(len(p.vectors) for p in PASSAGES)
    words = np.zeros((len(PASSAGES), longest, 192), np.float32)
    sentences = np.full((len(PASSAGES), longest), train_extractive.OUT_OF_TEXT)
    for number, found in enumerate(PASSAGES):
        words[number, : len(found.vectors)] = found.vectors
        sentences[number, : len(found.vectors)] = found.sentences
    given = (words, sentences, pieces[None], np.ones((1, 6), bool), text)
    with torch.no_grad():
        expected = network(*map(torch.from_numpy, given)).numpy()
    logits = trained_reader().word_logits(pieces, text[0], PASSAGES)
    for number, values in enumerate(logits):
        assert values == pytest.approx(expected[number, : len(values)], abs=1e-4)


def test_a_sentence_has_the_share_of_its_words() -> None:
    """Title and headings count for none, a sentence without words has next to nothing."""
    pieces, text = drawn(4, 192), drawn(1, 384)[0]
    words = trained_reader().word_logits(pieces, text, PASSAGES[1:2])[0]
    found = trained_reader().sentence_logits(pieces, text, PASSAGES[1:2])[0]
    assert found[0] == pytest.approx(max(np.logaddexp.reduce(words[:2]), NOWHERE), abs=1e-4)
    assert found[1] == NOWHERE
    assert found[2] == pytest.approx(max(np.logaddexp.reduce(words[2:]), NOWHERE), abs=1e-4)


@pytest.mark.parametrize(("pieces", "words"), [(0, 5), (3, 0)])
def test_nothing_to_read_is_no_answer(pieces: int, words: int) -> None:
    """Neither a question without pieces nor a passage without words is an error."""
    empty = passage([0] * words, 2)
    found = trained_reader().sentence_logits(drawn(pieces, 192), drawn(1, 384)[0], [empty])
    assert found[0].tolist() == [NOWHERE, NOWHERE]


def read_first(library: Library, question: str, settings: Settings) -> list[tuple[float, str]]:
    """Every sentence of the small library with its logit, highest first."""
    generation = library._generation
    _, embedding = next(iter(load_embedder(settings).encode_tokens([question])))
    found = asked(generation, understand(question, {}), embedding)
    rows = generation.tables.passages(list(range(generation.count)))
    matches = read(generation, found, match(generation, found, rows))
    pairs = [
        (float(logit), row.passage.text[a - row.passage.start : b - row.passage.start])
        for row, m in zip(rows, matches, strict=True)
        for logit, (a, b) in zip(m.answering, row.sentences, strict=True)
    ]
    return sorted(pairs, reverse=True)


def test_it_finds_the_sentence_with_the_answer(
    real_library: Library, real_settings: Settings
) -> None:
    """Over the model whose vectors it knows."""
    best = read_first(real_library, QUESTION, real_settings)[0]
    assert ANSWER in best[1]


def test_vectors_of_another_model_tell_it_nothing(
    library: Library, small_settings: Settings
) -> None:
    """Every sentence answers as strongly as any other."""
    assert {logit for logit, _ in read_first(library, QUESTION, small_settings)} == {UNDECIDED}


def test_the_weights_are_those_that_the_record_tells_of() -> None:
    """The file holds every parameter of the network that is trained, and no other."""
    parameters = set(train_extractive.Reader(192, 384).state_dict())
    assert set(trained_reader()._arrays) == parameters
    assert isinstance(trained_reader(), ExtractiveReader)
    assert FILE.stat().st_size < 1_000_000
