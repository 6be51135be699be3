"""Answer and abstention measures against cases worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.evaluation.abstention import (
    Judged,
    abstention_scores,
    area_under_risk_coverage,
    auroc,
    calibration_error,
    coverage_at,
    refused_share,
    reliability,
    risk_coverage,
)
from kb.evaluation.answers import answer_scores, holds, list_scores, normalise, token_f1
from kb.evaluation.questions import Gold, Question, resolve_gold
from kb.records import Answer, Citation, Locator, Passage, Statement

TEXT = "Trust grows slowly. Trust breaks fast. Fear grows in silence."
PLACE = Locator(page=None, headings=(), paragraph=1)
PASSAGE = Passage("p1", "d1", 0, 38, TEXT[:38], "", PLACE, 9)
GOLD = Question("q1", "How does trust break?", gold=(Gold("a.md", "breaks fast"),))


def citation(number: int, start: int, end: int) -> Citation:
    """A citation of the one passage, its quote taken from the text."""
    return Citation(
        number, "p1", "d1", "a.md", "A", (), None, None, PLACE, start, end, TEXT[start:end], 1.0, ""
    )


def answered(*spans: tuple[int, int], marks: tuple[tuple[int, int], ...] = ()) -> Answer:
    """An answer that quotes the spans, one statement each."""
    cited = tuple(citation(number, *span) for number, span in enumerate(spans, start=1))
    said = tuple(Statement(c.quote, c.number, marks) for c in cited)
    status = "answered" if spans else "not_found"
    return Answer("?", status, 0.5, "fact", said, cited, (), "g", {})  # type: ignore[arg-type]


def scores(question: Question, answer: Answer) -> dict[str, float | None]:
    """Scores of the answer with the one document and passage."""
    (resolved,), _ = resolve_gold([question], {"a.md": TEXT, "b.md": TEXT})
    return answer_scores(resolved, answer, text_of=lambda _: TEXT, passages={"p1": PASSAGE})


def test_squad_normalisation_drops_case_punctuation_and_articles() -> None:
    """Punctuation goes without leaving a blank, as in the published script."""
    assert normalise("The U.S.  Army's a-team, an idea") == ["us", "armys", "ateam", "idea"]


@pytest.mark.parametrize(
    ("prediction", "references", "expected"),
    [
        ("in the 10th and 11th centuries", ["10th and 11th centuries"], 8 / 9),
        ("France", ["the France.", "Paris"], 1.0),
        ("trust trust", ["trust"], 2 / 3),
        ("fear", ["trust"], 0.0),
        ("", [], 1.0),
        ("trust", [], 0.0),
        ("the", ["a"], 1.0),
        ("", ["trust"], 0.0),
    ],
)
def test_token_f1_is_that_of_the_squad_script(
    prediction: str, references: list[str], expected: float
) -> None:
    """First row: precision 4/5, recall 4/4; repeated tokens count as often as both have them."""
    assert token_f1(prediction, references) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("quoted", "gold", "expected"),
    [
        ((0, 10), (2, 5), True),
        ((0, 10), (0, 10), True),
        ((0, 10), (5, 11), False),
        ((2, 7), (0, 10), True),
        ((2, 6), (0, 10), False),
    ],
)
def test_a_quote_holds_gold_it_contains_or_is_half_of(
    quoted: tuple[int, int], gold: tuple[int, int], expected: bool
) -> None:
    """Gold cut off at the edge of a quote is not held."""
    assert holds(quoted, gold) is expected


def test_gold_in_the_second_sentence_counts_for_the_answer_only() -> None:
    """First sentence 0; first three, answer and cited passage 1."""
    found = scores(GOLD, answered((0, 19), (20, 38)))
    assert (found["first_sentence"], found["first_three"], found["in_answer"]) == (0.0, 1.0, 1.0)
    assert (found["passage_holds_gold"], found["citation_verbatim"]) == (1.0, 1.0)


def test_a_passage_may_hold_gold_that_no_sentence_quotes() -> None:
    """The passage was right, the sentence was not."""
    found = scores(GOLD, answered((0, 19)))
    assert (found["in_answer"], found["passage_holds_gold"]) == (0.0, 1.0)


def test_an_answerable_question_that_is_refused_scores_zero() -> None:
    """Silence is not skipped: every span measure and F1 are 0."""
    found = scores(replace(GOLD, references=("fast",)), answered())
    assert found["first_sentence"] == found["in_answer"] == found["F1"] == 0.0
    assert found["citation_verbatim"] is None


def test_an_unanswerable_question_that_is_refused_has_f1_one() -> None:
    """As SQuAD 2.0 has it; span measures do not apply."""
    question = Question("u", "?", answerable=False)
    assert scores(question, answered())["F1"] == 1.0
    assert scores(question, answered((0, 19)))["F1"] == 0.0
    assert scores(question, answered())["in_answer"] is None


def test_marked_words_are_scored_beside_the_sentence() -> None:
    """The sentence has precision 1/3 against "fast", its marked word 1."""
    question = replace(GOLD, references=("fast",))
    found = scores(question, answered((20, 38), marks=((13, 17),)))
    assert found["F1"] == pytest.approx(0.5)
    assert found["F1_marked"] == 1.0


def test_a_comparison_is_covered_by_the_share_of_its_documents() -> None:
    """Gold in two documents, one of them quoted: a half."""
    gold = (Gold("a.md", "breaks fast"), Gold("b.md", "grows slowly"))
    found = scores(replace(GOLD, kind="comparison", gold=gold), answered((20, 38)))
    assert found["comparison_coverage"] == 0.5


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "Trust breaks slowly."},
        {"start": 21},
        {"end": 61, "quote": TEXT[20:61]},
        {"passage_id": "p9"},
        {"quote": "", "start": 20, "end": 20},
    ],
)
def test_a_citation_off_its_characters_or_its_passage_is_not_verbatim(
    change: dict[str, object],
) -> None:
    """Altered words, offsets, an end outside the passage, a foreign passage, an empty quote."""
    right = answered((0, 19), (20, 38))
    wrong = replace(right.citations[1], **change)  # type: ignore[arg-type]
    said = (right.statements[0], Statement(wrong.quote, 2))
    spoiled = replace(right, citations=(right.citations[0], wrong), statements=said)
    assert scores(GOLD, spoiled)["citation_verbatim"] == 0.5


def test_a_heading_above_the_passage_may_be_cited() -> None:
    """Members of a list are often headings; they stand outside the passage beneath them."""
    question, answer = GOLD, answered((39, 43))
    place = replace(PLACE, headings=("Fear",))
    under = {"p1": replace(PASSAGE, locator=place)}
    assert answer.citations[0].quote == "Fear"
    found = answer_scores(question, answer, text_of=lambda _: TEXT, passages=under)
    assert found["citation_verbatim"] == 1.0
    assert scores(question, answer)["citation_verbatim"] == 0.0


def test_a_statement_that_differs_from_its_citation_is_not_verbatim() -> None:
    """The words shown must be the words cited."""
    right = answered((20, 38))
    spoiled = replace(right, statements=(Statement("Trust breaks.", 1),))
    assert scores(GOLD, spoiled)["citation_verbatim"] == 0.0


def test_a_list_is_scored_for_completeness_and_order() -> None:
    """Three of four items; of their three pairs two stand in the right order."""
    text = "It has clarity, the chaos domain and, before both, Complexity."
    assert list_scores(text, ["complexity", "clarity", "chaos domain", "order"]) == (
        0.75,
        pytest.approx(1 / 3),
    )
    assert list_scores(text, ["clarity", "chaos domain"]) == (1.0, 1.0)
    assert list_scores(text, ["cha", "order"]) == (0.0, None)
    assert list_scores("• Catalyst— guide people\n• Coach–listen", ["catalyst", "coach"]) == (1, 1)


def outcome(confidence: float, correct: bool, answerable: bool = True) -> Judged:
    """An outcome that was not refused."""
    return Judged(confidence, correct, answerable, not_found=False)


SIX = [
    outcome(0.9, True),
    outcome(0.8, True),
    outcome(0.6, False),
    outcome(0.6, True),
    outcome(0.3, False, answerable=False),
    outcome(0.1, False),
]


def test_auroc_counts_pairs_and_half_a_tie() -> None:
    """.9 beats both, .5 beats .1 and ties with .5: 3.5 of 4 pairs."""
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert auroc([0.1], [0.9]) == 0.0
    assert auroc([], [0.9]) is None


def test_the_risk_coverage_curve_spreads_errors_over_equal_confidence() -> None:
    """One error in the tie of two: half an error each."""
    points = risk_coverage(SIX)
    assert [coverage for coverage, _ in points] == pytest.approx([n / 6 for n in range(1, 7)])
    assert [risk for _, risk in points] == pytest.approx([0, 0, 1 / 6, 1 / 4, 2 / 5, 1 / 2])
    area = (0 + 0 + 1 / 6 + 1 / 4 + 2 / 5 + 1 / 2) / 6
    assert area_under_risk_coverage(SIX) == pytest.approx(area)


def test_coverage_takes_a_tie_whole_or_not_at_all() -> None:
    """At 80% two of six; at 75% the tie comes along; at 100% still two."""
    assert coverage_at(SIX, 0.8) == pytest.approx(2 / 6)
    assert coverage_at(SIX, 0.75) == pytest.approx(4 / 6)
    assert coverage_at(SIX, 1.0) == pytest.approx(2 / 6)
    assert coverage_at([outcome(0.5, False)], 0.8) == 0.0


def test_calibration_error_is_the_weighted_gap_of_its_bins() -> None:
    """Gaps: .1 and .2 once each, .1 for two (mean .6 against .5), .3 and .1 once each."""
    assert calibration_error(SIX) == pytest.approx((0.1 + 0.2 + 2 * 0.1 + 0.3 + 0.1) / 6)
    bins = reliability([outcome(1.0, True), outcome(0.9, False)])
    assert (bins[9].count, bins[9].accuracy) == (2, 0.5)


def test_refused_share_keeps_nine_of_ten_answerable_questions() -> None:
    """The ninth best answerable question sets the threshold: .2; one of two others is below."""
    kept = [outcome(number / 10, True) for number in range(1, 11)]
    others = [outcome(0.15, False, answerable=False), outcome(0.2, False, answerable=False)]
    assert refused_share(kept + others) == 0.5
    assert refused_share(kept) is None


def test_the_library_s_own_threshold_is_reported_beside_the_curves() -> None:
    """Half the answerable questions answered, every unanswerable one refused."""
    judged = [
        outcome(0.9, True),
        Judged(0.2, False, answerable=True, not_found=True),
        Judged(0.1, False, answerable=False, not_found=True),
    ]
    found = abstention_scores(judged)
    assert (found["answered"], found["not_found"], found["AUROC"]) == (0.5, 1.0, 1.0)
    assert found["coverage@80"] == pytest.approx(1 / 3)
