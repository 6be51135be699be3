"""Some features are fitted beside others that stay as they are, whatever their scale."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from support import REPOSITORY

from kb.weights import Linear

sys.path.insert(0, str(REPOSITORY / "eval"))
import train

MODEL = Linear({"a": 0.4, "new": 0.0, "b": -0.2}, bias=7.0)


def test_what_stands_beside_a_feature_is_the_sum_of_the_others() -> None:
    """Without the bias, which moves nothing in an order."""
    features = np.array([[1.0, 5.0, 1.0], [0.0, 3.0, 10.0]])
    assert train.beside(MODEL, ["new"], features).tolist() == [
        [pytest.approx(0.2), 5.0],
        [pytest.approx(-2.0), 3.0],
    ]


def test_a_weight_is_found_in_the_scale_of_the_model() -> None:
    """Rows are right by ten times what the model with .3 for the new feature says."""
    drawn = np.random.default_rng(0)
    truth = train.with_weights(MODEL, {"new": 0.3})
    assert truth.weights == {"a": 0.4, "new": 0.3, "b": -0.2} and truth.bias == 7.0
    group = []
    for _ in range(3000):
        features = drawn.normal(size=(5, 3))
        odds = 10 * truth.scores(features)
        chances = np.exp(odds - odds.max())
        labels = np.zeros(5)
        labels[drawn.choice(5, p=chances / chances.sum())] = 1
        group.append((features, labels))
    found = train.listwise_beside(MODEL, ["new"], [group])
    assert found == {"new": pytest.approx(0.3, abs=0.02)}
    both = train.listwise_beside(MODEL, ["b", "new"], [group])
    assert both == {"b": pytest.approx(-0.2, abs=0.02), "new": pytest.approx(0.3, abs=0.02)}
