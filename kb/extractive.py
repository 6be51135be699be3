"""An extractive reader: which words of a passage answer the question.

A small network over vectors that are stored already, so that no model reads a passage when a
question is asked: the words of a passage attend to the pieces of the question, to each other and
to the question again. The encoder reads question and passage apart, as in DeFormer (Cao et al.
2020, arXiv 2005.00697). `eval/train_extractive.py` fits it on SQuAD's training set.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.records import Vectors

FILE = Path(__file__).with_name("extractive.json")
NOWHERE = -12.0  # logit of a sentence without words of its own; about the lowest there is
UNDECIDED = 3.0  # logit of a passage that as likely as not holds the answer, by its training
_EPSILON = 1e-5  # of a layer norm


@dataclass(frozen=True, slots=True)
class Words:
    """A passage's words.

    Attributes:
        vectors: Unit vectors, shape (words, word dimension).
        sentences: Number of the sentence that each stands in; -1 in title and headings.
        count: Sentences of the passage.
    """

    vectors: Vectors
    sentences: NDArray[np.int64]
    count: int


class ExtractiveReader:
    """The trained network.

    Attributes:
        model: Fingerprint of the embedder whose vectors it reads.
    """

    def __init__(self, stated: Mapping[str, Any]) -> None:
        self.model: str = stated["model"]
        self._heads: int = stated["heads"]
        self._reach: int = stated["reach"]
        self._kinds: Sequence[str] = stated["kinds"]
        self._arrays = {
            name: np.ascontiguousarray(_array(array).T) for name, array in stated["arrays"].items()
        }

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
        logits = self.word_logits(pieces, text, [passages[number] for number in read])
        for number, values in zip(read, logits, strict=True):
            shares = np.zeros(passages[number].count + 1)
            np.add.at(shares, passages[number].sentences + 1, np.exp(values.astype(float)))
            found[number] = np.log(np.maximum(shares[1:], np.exp(NOWHERE))).astype(np.float32)
        return found

    def word_logits(
        self, pieces: Vectors, text: Vectors, passages: Sequence[Words]
    ) -> list[Vectors]:
        """For each passage how strongly each of its words belongs to the answer.

        Args are those of `sentence_logits`; every passage has words, the question pieces.
        """
        words = np.concatenate([passage.vectors for passage in passages])
        bounds = np.cumsum([0, *(len(passage.vectors) for passage in passages)])
        found = self._linear("word", words)
        found += self._linear("likeness", self._likeness(words @ pieces.T, pieces, passages))
        asked = np.vstack([self._linear("piece", pieces), self._linear("text", text[None])])
        asked = self._normed("question_norm", asked)
        for number, kind in enumerate(self._kinds):
            name = f"attentions.{number}"
            normed = self._normed(f"{name}.norm", found)
            query = self._linear(f"{name}.query", normed)
            if kind == "cross":
                keys = asked @ self._arrays[f"{name}.key.weight"]
                heard = self._heard(query, keys, self._linear(f"{name}.value", asked), None)
            else:
                keys = normed @ self._arrays[f"{name}.key.weight"]
                values = self._linear(f"{name}.value", normed)
                heard = np.concatenate(
                    [
                        self._heard(
                            query[first:last],
                            keys[first:last],
                            values[first:last],
                            self._offset(name, passage.sentences),
                        )
                        for first, last, passage in zip(
                            bounds[:-1], bounds[1:], passages, strict=True
                        )
                    ]
                )
            found += self._linear(f"{name}.out", heard)
            wide = self._linear(f"widen.{number}", self._normed(f"norms.{number}", found))
            found += self._linear(f"narrow.{number}", np.maximum(wide, 0, out=wide))
        logits = self._linear("answer", self._normed("last_norm", found))[:, 0]
        return np.split(logits, bounds[1:-1])

    def _likeness(self, cosines: Vectors, pieces: Vectors, passages: Sequence[Words]) -> Vectors:
        """How near each word and what stands around it come to the question, shape (words, 7).

        The word: highest and weighted mean cosine, and whether it stands in title or headings.
        Its sentence with title and headings, then with the sentence before: MaxSim, plain and
        weighted, weighted of both, weighted of the whole passage.
        """
        weights = _softmax(self._linear("importance", pieces)[:, 0])
        counts = [passage.count + 1 for passage in passages]
        firsts = np.cumsum([0, *counts[:-1]])
        runs = np.concatenate(
            [first + 1 + p.sentences for first, p in zip(firsts, passages, strict=True)]
        )
        order = np.argsort(runs, kind="stable")
        present, begins = np.unique(runs[order], return_index=True)
        maxima = np.full((sum(counts), len(pieces)), -1.0, np.float32)
        maxima[present] = np.maximum.reduceat(cosines[order], begins, axis=0)
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
        of_words = np.stack([cosines.max(axis=1), cosines @ weights, outside], axis=1)
        return np.hstack([of_words, of_runs[runs]]).astype(np.float32)

    def _heard(
        self, query: Vectors, keys: Vectors, values: Vectors, offset: Vectors | None
    ) -> Vectors:
        """What each row of `query` attends to, shape of `query`."""
        width = query.shape[1] // self._heads
        scale = np.float32(width**-0.5)
        parted = [
            part.reshape(len(part), self._heads, width).transpose(1, 0, 2)
            for part in (query * scale, keys, values)
        ]
        logits = parted[0] @ parted[1].transpose(0, 2, 1)
        if offset is not None:
            logits += offset
        heard = _softmax(np.asarray(logits, np.float32)) @ parted[2]
        return np.asarray(heard.transpose(1, 0, 2).reshape(query.shape), np.float32)

    def _offset(self, name: str, sentences: NDArray[np.int64]) -> Vectors:
        """Added to the logits between words: by distance, and within a sentence."""
        places = np.arange(len(sentences))
        apart = np.clip(places - places[:, None], -self._reach, self._reach) + self._reach
        same = sentences == sentences[:, None]
        by_distance = self._arrays[f"{name}.distance"].T[:, apart]
        within = self._arrays[f"{name}.same_sentence"][:, None, None] * same
        return np.asarray(by_distance + within, np.float32)

    def _linear(self, name: str, rows: Vectors) -> Vectors:
        product = rows @ self._arrays[f"{name}.weight"]
        product += self._arrays[f"{name}.bias"]
        return np.asarray(product, np.float32)

    def _normed(self, name: str, rows: Vectors) -> Vectors:
        width = np.float32(rows.shape[1])
        even = rows - (rows.sum(axis=1) / width)[:, None]
        spread = np.sqrt(np.einsum("ij,ij->i", even, even) / width + np.float32(_EPSILON))
        even /= spread[:, None]
        even *= self._arrays[f"{name}.weight"]
        even += self._arrays[f"{name}.bias"]
        return np.asarray(even, np.float32)


@cache
def trained_reader() -> ExtractiveReader:
    """The reader that ships with the product."""
    return ExtractiveReader(json.loads(FILE.read_text(encoding="utf-8")))


def _array(stated: Mapping[str, Any]) -> Vectors:
    numbers = np.frombuffer(base64.b64decode(stated["float16"]), np.float16)
    return numbers.astype(np.float32).reshape(stated["shape"])


def _softmax(values: Vectors) -> Vectors:
    """Shares along the last axis; the values are small enough to need no shift."""
    shares = np.exp(values)
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares
