"""Weights of the learned parts: trained by `eval/train.py`, kept as text in `weights.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from kb.records import Status, Vectors

FILE = Path(__file__).with_name("weights.json")
SUPPORT = ("support", "support_expected")


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model over named features.

    Attributes:
        weights: By feature, in the order of the columns.
        bias: Added to the weighted sum.
    """

    weights: Mapping[str, float]
    bias: float

    def scores(self, features: Vectors) -> Vectors:
        """Weighted sums, shape (rows,), for features of shape (rows, weights)."""
        weights = np.array(list(self.weights.values()), np.float32)
        return np.asarray(features @ weights + self.bias, np.float32)


@dataclass(frozen=True, slots=True)
class Support(Linear):
    """Log-odds that an answer is right, calibrated on development questions.

    Attributes:
        answered_from: Least confidence of the status `answered`.
        partial_from: Least confidence of the status `partial`; below it, `not_found`.
    """

    answered_from: float
    partial_from: float

    def confidence(self, features: Vectors) -> float:
        """Probability in [0, 1] of an answer with these features, shape (weights,)."""
        return probability(float(self.scores(features[None])[0]))

    def lowered(self, confidence: float) -> float:
        """The confidence with the next lower status, as high as that may have it."""
        is_sure = confidence >= self.answered_from
        return under(confidence, self.answered_from if is_sure else self.partial_from)

    def status(self, confidence: float) -> Status:
        """What the confidence stands for."""
        if confidence >= self.answered_from:
            return "answered"
        return "partial" if confidence >= self.partial_from else "not_found"


def under(confidence: float, threshold: float) -> float:
    """The confidence, or the greatest number below the threshold where it reaches that."""
    return min(confidence, float(np.nextafter(threshold, 0.0)))


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that was learned.

    Attributes:
        passage: Orders passages; its scores become a probability by the logistic function.
        read: The same for the first of them, which the extractive reader has read.
        sentence: Orders sentences of the best passages.
        support: How sure an answer is.
        support_expected: The same where the sentence that answers stands in a source that is
            expected to be asked questions.
    """

    passage: Linear
    read: Linear
    sentence: Linear
    support: Support
    support_expected: Support


@cache
def learned_weights() -> Weights:
    """The weights that ship with the product."""
    stated = json.loads(FILE.read_text(encoding="utf-8"))
    return Weights(
        passage=Linear(**stated["passage"]),
        read=Linear(**stated["read"]),
        sentence=Linear(**stated["sentence"]),
        **{name: Support(**stated[name]) for name in SUPPORT},
    )


def probability(log_odds: float) -> float:
    """The logistic function, in [0, 1]."""
    return float(1.0 / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0))))
