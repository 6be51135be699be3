"""An extractive reader: which words of a passage answer the question.

A small network over vectors that are stored already, so that no model reads a passage when a
question is asked: the words of a passage attend to the pieces of the question, to each other and
to the question again. The encoder reads question and passage apart, as in DeFormer (Cao et al.
2020, arXiv 2005.00697). `eval/train_extractive.py` and `eval/train_encoder.py` fit it on
SQuAD's training set.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from kb.arrays import from_text
from kb.interaction import row_maxima, unit
from kb.records import Vectors
from kb.runs import run_maxima, slices

FILE = Path(__file__).with_name("extractive.json")
NOWHERE = -12.0  # logit of a sentence without words of its own; about the lowest there is
UNDECIDED = 3.0  # logit of a passage that as likely as not holds the answer, by its training
_EPSILON = 1e-5  # of a layer norm


@dataclass(frozen=True, slots=True)
class Words:
    """A passage's words.

    Attributes:
        vectors: Of any length, shape (words, word dimension).
        sentences: Number of the sentence that each stands in; -1 in title and headings.
        count: Sentences of the passage.
    """

    vectors: Vectors
    sentences: NDArray[np.int64]
    count: int


@dataclass(frozen=True, slots=True)
class _Linear:
    """Rows to rows: `weight` of shape (from, to), `bias` of shape (to,)."""

    weight: Vectors
    bias: Vectors

    def __call__(self, rows: Vectors) -> Vectors:
        product = rows @ self.weight
        product += self.bias
        return np.asarray(product, np.float32)


@dataclass(frozen=True, slots=True)
class _Block:
    """An attention and what follows it.

    Attributes:
        query: Of the words; where they attend to each other, keys and values behind it.
        told: Keys and values of the question; None where the words attend to each other.
        distance: Added to the logits by how far apart two words stand, shape (heads, reaches).
        same_sentence: Added within a sentence, shape (heads, 1, 1).
    """

    query: _Linear
    told: _Linear | None
    out: _Linear
    widen: _Linear
    narrow: _Linear
    distance: Vectors
    same_sentence: Vectors


class ExtractiveReader:
    """The trained network.

    Attributes:
        model: Fingerprint of the embedder whose vectors it reads.
    """

    def __init__(self, stated: Mapping[str, Any]) -> None:
        self.model: str = stated["model"]
        self._heads: int = stated["heads"]
        self._reach: int = stated["reach"]
        self._arrays = {
            name: np.ascontiguousarray(from_text(array).T)
            for name, array in stated["arrays"].items()
        }
        # What is added up per word has mean 0 from the start, so that no norm must subtract it.
        self._word = self._linear("word", even=True)
        self._likely = self._linear("likeness", even=True)
        self._piece = self._linear("piece", even=True)
        self._text = self._linear("text", even=True)
        self._importance = self._linear("importance")
        self._blocks = [self._block(n, kind) for n, kind in enumerate(stated["kinds"])]
        self._answer = self._linear("answer", after="last_norm")

    def _linear(
        self, *names: str, after: str = "", scale: float = 1.0, even: bool = False
    ) -> _Linear:
        """The layers side by side.

        Args:
            names: Of the layers.
            after: Layer norm before them, whose scale and shift are drawn in; "" for none.
            scale: Of the first layer's output.
            even: Whether the mean is taken from every row of the output.
        """
        weights = [self._arrays[f"{name}.weight"] for name in names]
        biases = [
            self._arrays.get(f"{name}.bias", np.zeros(weight.shape[1], np.float32))
            for name, weight in zip(names, weights, strict=True)
        ]
        weights[0], biases[0] = weights[0] * scale, biases[0] * scale
        weight, bias = np.hstack(weights), np.hstack(biases)
        if after:
            bias += self._arrays[f"{after}.bias"] @ weight
            weight *= self._arrays[f"{after}.weight"][:, None]
        if even:
            weight, bias = weight - weight.mean(axis=1)[:, None], bias - bias.mean()
        return _Linear(np.ascontiguousarray(weight, np.float32), np.asarray(bias, np.float32))

    def _block(self, number: int, kind: str) -> _Block:
        name = f"attentions.{number}"
        query, key, value = (f"{name}.{part}" for part in ("query", "key", "value"))
        scale = (self._arrays[f"{query}.weight"].shape[1] // self._heads) ** -0.5
        crosses = kind == "cross"
        own = (query,) if crosses else (query, key, value)
        nothing = np.zeros((1, self._heads), np.float32)
        return _Block(
            self._linear(*own, after=f"{name}.norm", scale=scale),
            self._linear(key, value, after="question_norm") if crosses else None,
            self._linear(f"{name}.out", even=True),
            self._linear(f"widen.{number}", after=f"norms.{number}"),
            self._linear(f"narrow.{number}", even=True),
            np.ascontiguousarray(self._arrays.get(f"{name}.distance", nothing).T),
            self._arrays.get(f"{name}.same_sentence", nothing[0])[:, None, None],
        )

    def sentence_logits(
        self, pieces: Vectors, text: Vectors, passages: Sequence[Words]
    ) -> list[Vectors]:
        """For each passage how strongly each of its sentences answers, shape (sentences,).

        The logits are comparable between passages of one question; their softmax over all
        sentences is the share of each.

        Args:
            pieces: Unit vectors of the question's word pieces, shape (pieces, word dimension).
            text: Unit vector of the whole question, shape (dimension,).
            passages: Whose words are read.
        """
        read = [number for number, passage in enumerate(passages) if len(passage.vectors)]
        found = [np.full(passage.count, NOWHERE, np.float32) for passage in passages]
        if not read or not len(pieces):
            return found
        # A product with one column now and then reads past its rows (OpenBLAS), of which NumPy
        # warns; what comes back is right.
        with np.errstate(invalid="ignore"):
            logits = self.word_logits(pieces, text, [passages[number] for number in read])
        for number, values in zip(read, logits, strict=True):
            passage, weights = passages[number], np.exp(values.astype(float))
            shares = np.bincount(passage.sentences + 1, weights, passage.count + 1)
            found[number] = np.log(np.maximum(shares[1:], np.exp(NOWHERE))).astype(np.float32)
        return found

    def word_logits(
        self, pieces: Vectors, text: Vectors, passages: Sequence[Words]
    ) -> list[Vectors]:
        """For each passage how strongly each of its words belongs to the answer.

        Args are those of `sentence_logits`; every passage has words, the question pieces.
        """
        words = unit(np.concatenate([passage.vectors for passage in passages]))
        own = slices(np.array([len(passage.vectors) for passage in passages]))
        found = self._word(words)
        found += self._likely(self._likeness(words @ pieces.T, pieces, passages))
        asked = _even(np.vstack([self._piece(pieces), self._text(text[None])]))
        for block in self._blocks:
            even = _even(found)
            if block.told:
                found += self._told(block, even, block.told(asked))
            else:
                told = block.query(even)
                found += self._told_within(block, [told[part] for part in own], passages)
            wide = block.widen(_even(found))
            found += block.narrow(np.maximum(wide, 0, out=wide))
        logits = self._answer(_even(found))[:, 0]
        return [logits[part] for part in own]

    def _likeness(self, cosines: Vectors, pieces: Vectors, passages: Sequence[Words]) -> Vectors:
        """How near each word and what stands around it come to the question, shape (words, 7).

        The word: highest and weighted mean cosine, and whether it stands in title or headings.
        Its sentence with title and headings, then with the sentence before: MaxSim, plain and
        weighted, weighted of both, weighted of the whole passage.
        """
        weights = _softmax(self._importance(pieces)[:, 0])
        counts = [passage.count + 1 for passage in passages]
        firsts = np.cumsum([0, *counts[:-1]])
        runs = np.concatenate(
            [first + 1 + p.sentences for first, p in zip(firsts, passages, strict=True)]
        )
        maxima, _ = run_maxima(cosines, runs, sum(counts))
        context = np.repeat(firsts, counts)
        in_context = np.maximum(maxima, maxima[context])
        before = np.vstack([np.full_like(maxima[:1], -1.0), maxima[:-1]])
        before[firsts] = -1.0
        before[[first + 1 for first, count in zip(firsts, counts, strict=True) if count > 1]] = -1.0
        whole = np.maximum.reduceat(maxima, firsts, axis=0) @ weights
        of_runs = np.stack(
            [
                in_context.mean(axis=1),
                in_context @ weights,
                np.maximum(in_context, before) @ weights,
                np.repeat(whole, counts),
            ],
            axis=1,
        )
        outside = np.concatenate([passage.sentences < 0 for passage in passages])
        of_words = np.stack([row_maxima(cosines), cosines @ weights, outside], axis=1)
        return np.hstack([of_words, of_runs[runs]]).astype(np.float32)

    def _told(self, block: _Block, even: Vectors, asked: Vectors) -> Vectors:
        """What the words hear from the question, shape of `even`.

        The question is short: its keys stand in for the layer that makes queries of the words,
        its values for the layer behind them.
        """
        width, pieces = even.shape[1] // self._heads, len(asked)
        keys, values = self._parted(asked, 2)
        queries = np.vstack([block.query.weight, block.query.bias])
        by_head = queries.reshape(-1, self._heads, width).transpose(1, 0, 2)
        wanted = (by_head @ keys.transpose(0, 2, 1)).transpose(1, 0, 2).reshape(len(queries), -1)
        given = (values @ block.out.weight.reshape(self._heads, width, -1)).reshape(
            self._heads * pieces, -1
        )
        shares = np.exp(_Linear(wanted[:-1], wanted[-1])(even)).reshape(-1, pieces)
        shares /= _sums(shares)
        return _Linear(given, block.out.bias)(shares.reshape(len(even), -1))

    def _told_within(
        self, block: _Block, parts: Sequence[Vectors], passages: Sequence[Words]
    ) -> Vectors:
        """What the words of each passage hear from one another, shape (words, width)."""
        longest = max(map(len, parts))
        apart = np.arange(1 - longest, longest).clip(-self._reach, self._reach) + self._reach
        # Row i and column j of this hold the offset of words that stand j - i apart.
        by_distance = sliding_window_view(block.distance[:, apart], longest, axis=1)[:, ::-1]
        heard = []
        for part, passage in zip(parts, passages, strict=True):
            query, keys, values = self._parted(part, 3)
            logits = query @ keys.transpose(0, 2, 1)
            logits += by_distance[:, -len(part) :, -len(part) :]
            is_same = passage.sentences == passage.sentences[:, None]
            logits += block.same_sentence * is_same.astype(np.float32)
            shares = np.exp(logits, out=logits)  # small enough to need no shift
            own = shares @ values
            own /= _sums(shares)
            heard.append(own.transpose(1, 0, 2).reshape(len(part), -1))
        return block.out(np.concatenate(heard))

    def _parted(self, rows: Vectors, count: int) -> Vectors:
        """What stands side by side in the rows, shape (count, heads, rows, width)."""
        return rows.reshape(len(rows), count, self._heads, -1).transpose(1, 2, 0, 3)


@cache
def trained_reader() -> ExtractiveReader:
    """The reader that ships with the product."""
    return ExtractiveReader(json.loads(FILE.read_text(encoding="utf-8")))


def _even(rows: Vectors) -> Vectors:
    """A layer norm without scale and shift, for rows whose mean is 0."""
    spread = np.vecdot(rows, rows) / np.float32(rows.shape[1])
    return np.asarray(rows / np.sqrt(spread + np.float32(_EPSILON))[:, None], np.float32)


def _sums(rows: Vectors) -> Vectors:
    """Sum along the last axis, which stays; a product is faster than `numpy.sum`."""
    return np.asarray(rows @ np.ones((rows.shape[-1], 1), np.float32), np.float32)


def _softmax(values: Vectors) -> Vectors:
    """Shares along the last axis; the values are small enough to need no shift."""
    shares = np.exp(values)
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares
