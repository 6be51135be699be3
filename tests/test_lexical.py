"""BM25: against its own formula, stems, and words that carry no meaning."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kb.lexical import (
    IRREGULAR,
    PARAMETERS,
    LexicalIndex,
    build_lexical,
    piece_keys,
    stem,
    term_keys,
    terms,
    words,
)

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


def expected_score(view: str, keys: Callable[[str], list[str]], asked: str, number: int) -> float:
    """BM25 in the form of Lucene, worked out from the formula."""
    bags = [Counter(keys(text)) for text in TEXTS]
    lengths = [sum(bag.values()) for bag in bags]
    mean = sum(lengths) / len(lengths)
    k1, b = PARAMETERS[view]
    score = 0.0
    for key in keys(asked):
        holding = sum(key in bag for bag in bags)
        if holding:
            rarity = math.log(1 + (len(TEXTS) - holding + 0.5) / (holding + 0.5))
            count = bags[number][key]
            score += rarity * count / (count + k1 * (1 - b + b * lengths[number] / mean))
    return score


@pytest.mark.parametrize(("view", "keys"), [("terms", term_keys), ("pieces", piece_keys)])
@pytest.mark.parametrize("asked", ["trust rock", "trust leaders", "truest teams"])
def test_scores_follow_the_formula(
    tmp_path: Path, view: str, keys: Callable[[str], list[str]], asked: str
) -> None:
    """Every row of both views, for keys in one text, in two and in none."""
    found = built(TEXTS, tmp_path).scores(view, asked)
    expected = [expected_score(view, keys, asked, number) for number in range(len(TEXTS))]
    assert found == pytest.approx(expected, abs=1e-5)


def test_unknown_words_score_zero_everywhere(tmp_path: Path) -> None:
    """Row by row, also when no word is known at all."""
    index = built(TEXTS, tmp_path)
    assert index.scores("terms", "zebra").tolist() == [0.0, 0.0, 0.0, 0.0]
    assert np.array_equal(index.scores("terms", "zebra trust"), index.scores("terms", "trust"))


def test_a_misspelt_word_meets_its_text_by_its_pieces(tmp_path: Path) -> None:
    """No stem agrees, and still the right row is the best."""
    index = built(TEXTS, tmp_path)
    assert not index.scores("terms", "leadres").any()
    assert index.scores("pieces", "leadres").argmax() == 1


def test_words_that_stand_side_by_side_score_higher(tmp_path: Path) -> None:
    """A phrase is more than its words."""
    index = built(("calm pilot and harbour", "calm harbour and pilot"), tmp_path)
    first, second = index.scores("terms", "calm harbour")
    assert second > first > 0


def test_rarity_falls_with_the_number_of_texts_and_is_highest_for_the_unknown(
    tmp_path: Path,
) -> None:
    """ln(1 + (N - n + .5) / (n + .5))."""
    index = built(TEXTS, tmp_path)
    assert index.rarity("trust") == pytest.approx(math.log(1 + 2.5 / 2.5))
    assert index.rarity("rock") == pytest.approx(math.log(1 + 3.5 / 1.5))
    assert index.rarity("zebra") == pytest.approx(math.log(1 + 4.5 / 0.5))
    assert (index.holds("rock"), index.holds("zebra")) == (True, False)


@pytest.mark.parametrize("texts", [(), ("",), ("the of", "who is it")])
def test_an_index_without_any_term_opens_and_finds_nothing(
    texts: tuple[str, ...], tmp_path: Path
) -> None:
    """An empty corpus, or one of stop words, builds without a warning."""
    index = built(texts, tmp_path)
    assert index.scores("terms", "trust").sum() == index.scores("pieces", "trust").sum() == 0


def test_terms_are_stems_without_stop_words_in_order() -> None:
    """Forms of a word meet; case does not matter."""
    assert terms("The Leaders were leading with qualities") == ("leader", "lead", "qualiti")
    assert terms("Who was it?") == ()


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


@pytest.mark.parametrize(
    ("form", "base"),
    [("found", "find"), ("Led", "leading"), ("criteria", "criterion"), ("women", "woman")],
)
def test_irregular_forms_are_one_word(form: str, base: str) -> None:
    """No rule of endings finds these."""
    assert stem(form) == stem(base)


def test_no_irregular_form_stands_for_two_words() -> None:
    """The second would win in silence; and a base that is a form would lead nowhere."""
    lines = [line.split() for line in IRREGULAR.read_text("utf-8").splitlines() if line[:1] != "#"]
    forms = [form for _, *rest in lines for form in rest]
    assert len(forms) == len(set(forms))
    assert not set(forms) & {base for base, *_ in lines}
    assert all(len(line) > 1 and all(map(str.isalpha, line)) for line in lines)
