"""BM25: against its own formula, stems, and words that carry no meaning."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from kb.lexical import K1, B, LexicalIndex, build_lexical, terms, words

TEXTS = (
    "trust grows in small teams",
    "teams trust leaders who trust teams",
    "a lamp on a rock",
    "",
)


def built(texts: tuple[str, ...], folder: Path) -> LexicalIndex:
    """An opened index of the texts."""
    build_lexical(texts, folder)
    return LexicalIndex(folder)


def expected_score(asked: list[str], number: int) -> float:
    """BM25 in the form of Lucene, worked out from the formula."""
    bags = [Counter(terms(text)) for text in TEXTS]
    lengths = [sum(bag.values()) for bag in bags]
    mean = sum(lengths) / len(lengths)
    score = 0.0
    for term in asked:
        holding = sum(term in bag for bag in bags)
        rarity = math.log(1 + (len(TEXTS) - holding + 0.5) / (holding + 0.5))
        count = bags[number][term]
        score += rarity * count / (count + K1 * (1 - B + B * lengths[number] / mean))
    return score


def test_scores_follow_the_formula(tmp_path: Path) -> None:
    """Every row, for a term in two texts and one in a single text."""
    asked = terms("trust rock")
    found = built(TEXTS, tmp_path).scores(asked)
    assert found == pytest.approx([expected_score(asked, n) for n in range(4)], abs=1e-5)


def test_unknown_terms_score_zero_everywhere(tmp_path: Path) -> None:
    """Row by row, also when no term is known at all."""
    index = built(TEXTS, tmp_path)
    assert index.scores(["zebra"]).tolist() == [0.0, 0.0, 0.0, 0.0]
    assert np.array_equal(index.scores(["zebra", "trust"]), index.scores(["trust"]))


def test_rarity_falls_with_the_number_of_texts_and_is_highest_for_the_unknown(
    tmp_path: Path,
) -> None:
    """ln(1 + (N - n + .5) / (n + .5))."""
    index = built(TEXTS, tmp_path)
    assert index.rarity("trust") == pytest.approx(math.log(1 + 2.5 / 2.5))
    assert index.rarity("rock") == pytest.approx(math.log(1 + 3.5 / 1.5))
    assert index.rarity("zebra") == pytest.approx(math.log(1 + 4.5 / 0.5))


@pytest.mark.parametrize("texts", [(), ("",), ("the of", "who is it")])
def test_an_index_without_any_term_opens_and_finds_nothing(
    texts: tuple[str, ...], tmp_path: Path
) -> None:
    """An empty corpus, or one of stop words, builds without a warning."""
    assert built(texts, tmp_path).scores(["trust"]).sum() == 0


def test_terms_are_stems_without_stop_words_in_order() -> None:
    """Forms of a word meet; case does not matter."""
    assert terms("The Leaders were leading with qualities") == ["leader", "lead", "qualiti"]
    assert terms("Who was it?") == []


def test_words_keep_everything_in_lower_case() -> None:
    """Names of frameworks hold stop words too."""
    assert words("Leading FROM the Front, 2nd ed.") == [
        "leading",
        "from",
        "the",
        "front",
        "2nd",
        "ed",
    ]
