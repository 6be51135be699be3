"""One answer out of what was found for several questions."""

from __future__ import annotations

import pytest

from kb.findings import Finding, joined
from kb.listing import Quote
from kb.questions import understand
from kb.records import Status
from kb.weights import learned_weights

COMPARED = understand("How do orchards and lighthouses see trust?")


def found(document: str, *texts: str, confidence: float = 0.9) -> Finding:
    """What was found in one source; nothing where there are no texts."""
    status: Status = "answered" if texts else "not_found"
    quotes = (Quote(0, document, 9 * n, 9 * n + 8, text, 0.0) for n, text in enumerate(texts))
    return Finding(COMPARED, (), (), tuple(quotes), confidence if texts else 0.1, status)


@pytest.mark.parametrize(
    ("whole", "lighthouse", "quoted", "status"),
    [
        # Each has its own answer.
        (found("orchard", "All."), found("light", "L1.", "L2."), ["O1.", "L1.", "L2."], "answered"),
        # One has none, and the answer to the whole says nothing of it either.
        (found("orchard", "All."), found("light"), ["All."], "partial"),
        (found("third", "All."), found("light"), ["All.", "O1."], "partial"),
        (found("none"), found("light"), ["O1."], "partial"),
        # One has none, but the answer to the whole quotes it.
        (found("light", "All."), found("light"), ["All.", "O1."], "answered"),
    ],
)
def test_a_comparison_says_what_it_can_of_each(
    whole: Finding, lighthouse: Finding, quoted: list[str], status: Status
) -> None:
    """It is no whole answer where nothing is said of one of them."""
    weights = learned_weights()
    parts = {"orchard": found("orchard", "O1."), "light": lighthouse}
    named = {quote.document_id for quote in whole.quotes}
    answer = joined(COMPARED, whole, parts, named, weights)
    assert [quote.text for quote in answer.quotes] == quoted
    assert answer.status == status
    assert (answer.confidence < weights.support.answered_from) == (status == "partial")


def test_a_comparison_of_which_nothing_is_said_has_no_answer() -> None:
    """Neither of one nor of the other."""
    parts = {"orchard": found("orchard"), "light": found("light")}
    whole = found("none")
    assert joined(COMPARED, whole, parts, set(), learned_weights()) is whole
