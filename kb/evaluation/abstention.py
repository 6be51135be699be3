"""Whether confidence tells right answers from wrong ones, and the library from what it lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

ECE_BINS = 10
ACCURACIES = (0.8, 0.9)
ANSWERED_SHARE = 0.9
# Products such as 0.9 * 10 may fall a rounding error to either side of a whole number.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's outcome.

    Attributes:
        confidence: Of the answer, in [0, 1].
        correct: The answer holds the gold; never true of an unanswerable question.
        answerable: The documents hold an answer.
        not_found: The library said that it holds none.
    """

    confidence: float
    correct: bool
    answerable: bool
    not_found: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of similar confidence: how many, their mean confidence, their accuracy."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Chance that a positive scores above a negative, ties counting half; None without both."""
    if not positives or not negatives:
        return None
    marked = sorted(
        [(score, True) for score in positives] + [(score, False) for score in negatives]
    )
    below, total = 0, 0.0
    for _, group in groupby(marked, key=lambda pair: pair[0]):
        kinds = [positive for _, positive in group]
        here = kinds.count(False)
        total += kinds.count(True) * (below + here / 2)
        below += here
    return total / (len(positives) * len(negatives))


def risk_coverage(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Points `(coverage, risk)` when questions are answered from the most confident down.

    Risk is the share of wrong answers among those given. Questions of equal confidence cannot
    be told apart, so their errors are spread evenly over the group.
    """
    points: list[tuple[float, float]] = []
    given, wrong = 0, 0.0
    ranked = sorted(judged, key=lambda one: one.confidence, reverse=True)
    for _, members in groupby(ranked, key=lambda one: one.confidence):
        group = list(members)
        share = sum(not one.correct for one in group) / len(group)
        for _ in group:
            given += 1
            wrong += share
            points.append((given / len(judged), wrong / given))
    return points


def area_under_risk_coverage(judged: Sequence[Judged]) -> float | None:
    """Mean risk over all coverages, lower is better; None without questions."""
    points = risk_coverage(judged)
    return sum(risk for _, risk in points) / len(points) if points else None


def coverage_at(judged: Sequence[Judged], accuracy: float) -> float | None:
    """Largest share of questions that one threshold can answer at this accuracy or better.

    A threshold takes all questions of equal confidence or none; 0 if none reaches it.
    """
    if not judged:
        return None
    best, given, right = 0, 0, 0
    ranked = sorted(judged, key=lambda one: one.confidence, reverse=True)
    for _, members in groupby(ranked, key=lambda one: one.confidence):
        group = list(members)
        given += len(group)
        right += sum(one.correct for one in group)
        if right >= accuracy * given - ROUNDING:
            best = given
    return best / len(judged)


def reliability(judged: Sequence[Judged], *, bins: int = ECE_BINS) -> list[Bin]:
    """Confidence against accuracy in bins of equal width; the last bin includes 1."""
    groups: list[list[Judged]] = [[] for _ in range(bins)]
    for one in judged:
        groups[min(int(one.confidence * bins), bins - 1)].append(one)
    return [
        Bin(
            low=index / bins,
            high=(index + 1) / bins,
            count=len(group),
            confidence=sum(one.confidence for one in group) / len(group) if group else 0.0,
            accuracy=sum(one.correct for one in group) / len(group) if group else 0.0,
        )
        for index, group in enumerate(groups)
    ]


def calibration_error(judged: Sequence[Judged], *, bins: int = ECE_BINS) -> float | None:
    """Expected calibration error: mean distance of confidence and accuracy, by bin size."""
    if not judged:
        return None
    filled = reliability(judged, bins=bins)
    return sum(one.count * abs(one.confidence - one.accuracy) for one in filled) / len(judged)


def refused_share(judged: Sequence[Judged], *, answered: float = ANSWERED_SHARE) -> float | None:
    """Share of unanswerable questions below the threshold that answers enough answerable ones.

    The threshold is the highest confidence that at least the share `answered` of the
    answerable questions reach; None without questions of both kinds.
    """
    kept = sorted((one.confidence for one in judged if one.answerable), reverse=True)
    others = [one.confidence for one in judged if not one.answerable]
    if not kept or not others:
        return None
    needed = math.ceil(answered * len(kept) - ROUNDING)
    threshold = kept[max(needed, 1) - 1]
    return sum(confidence < threshold for confidence in others) / len(others)


def abstention_scores(judged: Sequence[Judged]) -> dict[str, float | None]:
    """All measures of this file by name; None where the questions do not allow one.

    AUROC tells answerable from unanswerable questions, AUROC_correct right answers from wrong
    ones among the answerable. answered and not_found are what the library did at its own
    threshold: the share of answerable questions that it answered, and of unanswerable ones
    that it refused.
    """
    answerable = [one for one in judged if one.answerable]
    others = [one for one in judged if not one.answerable]
    scores = {
        "AUROC": auroc([one.confidence for one in answerable], [one.confidence for one in others]),
        "AUROC_correct": auroc(
            [one.confidence for one in answerable if one.correct],
            [one.confidence for one in answerable if not one.correct],
        ),
        "AURC": area_under_risk_coverage(judged),
        "ECE": calibration_error(judged),
        "answered": _share([not one.not_found for one in answerable]),
        "not_found": _share([one.not_found for one in others]),
        "refused@90": refused_share(judged),
    }
    for accuracy in ACCURACIES:
        scores[f"coverage@{accuracy:.0%}".rstrip("%")] = coverage_at(judged, accuracy)
    return scores


def _share(outcomes: Sequence[bool]) -> float | None:
    return sum(outcomes) / len(outcomes) if outcomes else None
