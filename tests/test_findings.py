"""One answer out of what was found for several questions."""

from __future__ import annotations

import pytest

from kb.findings import Finding, alone, joined, sides_first, tells_both, told_apart, untold
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


def test_a_comparison_is_as_sure_as_an_answer_to_the_whole_that_quotes_all() -> None:
    """One that lacks a framework says nothing of how sure the rest is."""
    parts = {"orchard": found("orchard", "O1."), "light": found("light", "L1.", confidence=0.3)}
    whole = found("orchard", "All.", confidence=0.8)
    for named, confidence in (({"orchard", "light"}, 0.8), ({"orchard"}, 0.3)):
        answer = joined(COMPARED, whole, parts, named, learned_weights())
        assert answer.confidence == confidence
        assert [quote.text for quote in answer.quotes] == ["O1.", "L1."]


def test_a_comparison_of_which_nothing_is_said_has_no_answer() -> None:
    """Neither of one nor of the other."""
    parts = {"orchard": found("orchard"), "light": found("light")}
    whole = found("none")
    assert joined(COMPARED, whole, parts, set(), learned_weights()) is whole


APART = (("single loop", "single"), ("double loop",))


@pytest.mark.parametrize(
    ("best", "first"),
    [
        ("A single loop repairs, whereas a double loop asks why.", "A single loop repairs, where"),
        ("Crews compared a single loop and a double loop.", "A single loop is one."),
        ("A single loop repairs; it is quick.", "A single loop is one."),
        ("Learn of a single and a double loop; use them.", "A single loop is one."),
    ],
)
def test_what_contrasts_two_things_comes_before_what_either_is(best: str, first: str) -> None:
    """What only names both does not."""
    each = (found("one", "A single loop is one."), found("two", "A double loop is another."))
    quotes = told_apart(found("three", best), each, APART).quotes
    assert quotes[0].text.startswith(first)
    assert len(quotes) == 3


def test_of_two_things_the_one_that_is_here_is_said_and_no_full_answer() -> None:
    """With what its own source says beside; without a definition the answer is what it is."""
    weights = learned_weights()
    whole = found("ropes", "Ropes are long.", "Ropes are no chains.")
    answer = alone(whole, found("ropes", "Ropes are long."), weights)
    assert [quote.text for quote in answer.quotes] == ["Ropes are long.", "Ropes are no chains."]
    assert answer.status == "partial" and answer.confidence < weights.support.answered_from
    elsewhere = alone(found("chains", "Chains rust."), found("ropes", "Ropes are long."), weights)
    assert [quote.text for quote in elsewhere.quotes] == ["Ropes are long."]
    assert alone(whole, None, weights) is whole


@pytest.mark.parametrize(
    ("texts", "lacking"),
    [
        (("A single look is quick.", "A double look is slow."), []),
        (("Single and double loops are named alike.", "A double look is slow."), ["single"]),
        (("Loops are named alike.",), ["single", "double"]),
        (("A single loop is quick, whereas a double loop is slow.",), []),
    ],
)
def test_what_is_told_apart_is_each_told_by_itself(
    texts: tuple[str, ...], lacking: list[str]
) -> None:
    """A sentence that only names both together says nothing of either."""
    apart = (("single loop", "single"), ("double loop", "double"))
    assert [names[-1] for names in untold(found("all", *texts), apart)] == lacking


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Crews speak of single and double loops.",), True),
        (("A single loop is quick.", "Double loops are slow."), True),
        (("Unlike a double one, a single loop is quick.",), True),
        (("A single loop is quick.", "A double look is slow."), False),
        (("A double look differs in length.",), False),
    ],
)
def test_what_shares_a_word_with_a_thing_tells_it_from_no_other(
    texts: tuple[str, ...], expected: bool
) -> None:
    """Either is named in full by some sentence, or the first contrasts them."""
    apart = (("single loop",), ("double loop",))
    assert tells_both(found("all", *texts), apart) is expected


@pytest.mark.parametrize(
    ("first", "moved"),
    [
        ("Crews speak of single and double loops.", True),
        ("A single loop is quicker than a double one.", False),
        ("A single loop is quick; a double one is slow.", False),
    ],
)
def test_what_is_said_of_either_thing_comes_before_what_names_both(first: str, moved: bool) -> None:
    """Unless that compares them; where one has no sentence of its own, the order stays."""
    apart = (("single loop", "single"), ("double loop", "double"))
    own = ["A double look is slow.", "A single look is quick."]
    told = [quote.text for quote in sides_first(found("all", first, *own), apart).quotes]
    assert told == ([own[1], own[0], first] if moved else [first, *own])
    whole = found("all", first, own[0])
    assert sides_first(whole, apart).quotes == whole.quotes
    contrast = "A double look is slow, whereas a single look is quick."
    told = [
        quote.text for quote in sides_first(found("all", "Both differ.", contrast), apart).quotes
    ]
    assert told == [contrast, "Both differ."]


def test_beside_two_things_that_are_told_apart_no_entry_defines_a_third() -> None:
    """Their neighbour in a glossary answers nothing."""
    whole = found("all", "triple loop: A look at the aims.", "No single loop: a rest.", "Both.")
    each = [found("one", "A single loop is a fix."), found("two", "A double loop is a change.")]
    quoted = [quote.text for quote in told_apart(whole, each, APART).quotes]
    assert quoted[2:] == ["No single loop: a rest.", "Both."]
