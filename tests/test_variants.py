"""Words that are written differently in Britain and America meet."""

from __future__ import annotations

import pytest

from kb.lexical import terms
from kb.questions import frameworks_named
from kb.variants import american


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organisations organise", "organizations organize"),
        ("organisational behaviour", "organizational behavior"),
        ("programmes programme", "programs program"),
        ("judgement acknowledgement", "judgment acknowledgment"),
        ("centre centres centred theatre metre", "center centers centered theater meter"),
        ("favourable colourful neighbourhood", "favorable colorful neighborhood"),
        ("analyse analysed catalogue dialogue", "analyze analyzed catalog dialog"),
        ("defence offence practise practising", "defense offense practice practicing"),
        ("counsellor traveller marvellous", "counselor traveler marvelous"),
        ("skilful wilful sceptical grey", "skillful willful skeptical gray"),
        ("anaemia haemoglobin paediatric tumour", "anemia hemoglobin pediatric tumor"),
        ("recognised prioritising criticise", "recognized prioritizing criticize"),
    ],
)
def test_both_spellings_have_one_stem(british: str, american: str) -> None:
    """Of each word in some of its forms."""
    assert terms(british) == terms(american)


@pytest.mark.parametrize(
    "words",
    [
        "supervise revise advise improvise promise compromise exercise precise concise",
        "praise raise noise wise likewise rise enterprise surprise despise disguise treatise",
        "hour four our source tournament courage where therefore sincere literature",
        "would should shoulder basis emphasis crises optimism realistic",
    ],
)
def test_words_that_are_written_alike_stay(words: str) -> None:
    """Also where they end like words that are not: their kin would part from them."""
    assert [american(word) for word in words.split()] == words.split()


def test_a_framework_is_named_in_either_spelling() -> None:
    """Names are kept in one spelling."""
    names = {"organizational trust": "trust"}
    for text in ("What is organisational trust?", "What is organizational trust?"):
        assert frameworks_named(text, names) == ("trust",)
