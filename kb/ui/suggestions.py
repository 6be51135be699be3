"""What to show a person who has not asked yet: questions to try, frameworks by family."""

from __future__ import annotations

from collections.abc import Iterable

from kb.frameworks import FAMILIES, Framework, question_what
from kb.library import Library

# One of each kind of question, for libraries that hold the frameworks named.
_RANGE = (
    (("servant-leadership",), "What are the ten characteristics of servant leadership?"),
    (("bases-of-power",), "Who described the bases of power?"),
    (
        ("servant-leadership", "transformational-leadership"),
        "How does servant leadership differ from transformational leadership?",
    ),
    (("path-goal-theory",), "When was path-goal theory published?"),
    (("boundary-spanning-leadership",), "What is boundary-spanning leadership?"),
)
_AT_MOST = 5
OTHERS = "Other frameworks"


def first_questions(library: Library) -> list[str]:
    """A few questions that this library can answer; empty if it names no framework."""
    frameworks = library.frameworks()
    slugs = {framework.slug for framework in frameworks}
    found = [question for named, question in _RANGE if slugs.issuperset(named)]
    found += [
        question_what(each.title, each.mention) for each in frameworks if len(each.title) < 40
    ]
    return list(dict.fromkeys(found))[:_AT_MOST]


def by_family(frameworks: Iterable[Framework]) -> list[tuple[str, list[Framework]]]:
    """The frameworks under their families, in the library's order of families."""
    shelves: dict[str, list[Framework]] = {}
    for framework in frameworks:
        shelves.setdefault(framework.family or "", []).append(framework)
    order = {family: number for number, family in enumerate(FAMILIES)}
    named = sorted(shelves, key=lambda family: (not family, order.get(family, len(order)), family))
    return [(_capital(family) or OTHERS, shelves[family]) for family in named]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
