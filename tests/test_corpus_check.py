"""The rules that the shipped library keeps, each broken once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from support import REPOSITORY, Kb, hashing_settings, write_files

from kb.corpus import cited_works
from kb.corpus_check import check_corpus
from kb.errors import SourceNotFound
from kb.references import STYLES, reference
from kb.references.marks import in_headline_capitals
from kb.settings import Settings

FILLER = " ".join(
    f"In season {n} the growers of valley {n} weighed their baskets twice." for n in range(70)
)
CALM = f"""\
---
framework: calm-leadership
title: Calm leadership
aliases: [the calm way]
people: [Ada Quince]
year: 1987
family: values and ethics
sources: [quince-1987]
---

# Calm leadership

## In brief

Calm leadership is quiet attention (Quince, 1987).

## Origins

{FILLER}

## Principles

### Wait

Waiting is a skill that can be practised.

### Listen

Listening is a skill that can be shown.

## In practice

Calm leaders sit down before they speak.

## What it says on decisions

Decisions ripen and are not plucked.

## Evidence and criticism

Critics find it slow.

## Related frameworks

It is near to [itself](calm-leadership.md).
"""
WORKS = [
    {
        "id": "quince-1987",
        "type": "book",
        "title": "Calm",
        "author": [{"family": "Quince", "given": "Ada"}],
        "issued": {"date-parts": [[1987]]},
    }
]


@pytest.fixture
def shipped(settings: Settings) -> Callable[..., list[str]]:
    """Problems of a library of one framework after replacements in its text."""

    def problems(*changes: tuple[str, str], works: list[dict[str, object]] = WORKS) -> list[str]:
        text = CALM
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        write_files(
            settings.corpus,
            {"calm-leadership.md": text, "references.json": json.dumps(works)},
        )
        return list(check_corpus(settings).problems)

    return problems


def test_a_library_that_keeps_the_rules_has_no_problem(
    shipped: Callable[..., list[str]], settings: Settings
) -> None:
    """And its counts are stated."""
    assert shipped() == []
    found = check_corpus(settings)
    assert (found.frameworks, found.references) == (1, 1)
    assert found.words > 700


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("framework: calm-leadership", "framework: calm", "expected the file's name"),
        ("values and ethics", "values", "family is 'values'; expected one of"),
        ("year: 1987\n", "", "year is missing"),
        ("aliases: [the calm way]\n", "", "aliases is empty"),
        ("sources: [quince-1987]\n", "", "sources is empty"),
        ("sources: [quince-1987]", "sources: [quince-1987, pip-1990]", "'pip-1990' has no record"),
        ("# Calm leadership\n", "# Calm leaders\n", "level-1 headings are"),
        ("## Origins", "## Sources", "headings are"),
        ("## What it says on decisions", "## What it says on lunch", "headings are"),
        ("### Listen\n\n", "", "fewer than two principles"),
        ("Critics find it slow.\n", "", "nothing stands below 'Evidence and criticism'"),
        ("(calm-leadership.md)", "(https://example.org)", "link to 'https://example.org'"),
        ("(calm-leadership.md)", "(other.md)", "link to 'other.md'"),
        (FILLER, "Short.", "words; expected 700 to 1800"),
        ("(Quince, 1987)", "", "never cited as Quince and 1987"),
        ("Listening is a skill that can be shown", "Waiting is a skill that can be practised",
         "stands in calm-leadership.md too"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named_with_its_file(
    shipped: Callable[..., list[str]], old: str, new: str, problem: str
) -> None:
    """What was found and what was expected."""
    found = shipped((old, new))
    assert any(text.startswith("calm-leadership.md: ") and problem in text for text in found), found


def test_records_are_complete_and_cited(shipped: Callable[..., list[str]]) -> None:
    """A work without a year, and a work that no source cites."""
    broken = [{**WORKS[0], "issued": None}, {**WORKS[0], "id": "pip-1990"}]
    found = shipped(works=broken)
    assert "references.json: quince-1987 lacks issued" in found
    assert "references.json: pip-1990 is cited by no source" in found


def test_a_name_stands_for_one_framework(
    shipped: Callable[..., list[str]], settings: Settings
) -> None:
    """Otherwise a question would name two at once."""
    shipped()
    write_files(
        settings.corpus,
        {"quiet-leadership.md": CALM.replace("calm-leadership", "quiet-leadership")},
    )
    found = [text for text in check_corpus(settings).problems if "also stands for" in text]
    assert any("'the calm way' also stands for quiet-leadership.md" in text for text in found)


def test_a_missing_folder_is_an_explained_error(tmp_path: Path) -> None:
    """There is nothing to check."""
    with pytest.raises(SourceNotFound, match="does not exist"):
        check_corpus(hashing_settings(tmp_path))


def test_the_command_lists_problems_and_fails(shipped: Callable[..., list[str]], kb: Kb) -> None:
    """Exit status 1 with a count; 0 with the counts of what is there."""
    shipped(("year: 1987\n", ""))
    bad = kb("corpus", "check")
    assert (bad.code, bad.out) == (1, "")
    assert "year is missing" in bad.err and "CorpusCheckFailed: 1 problems" in bad.err
    shipped()
    good = kb("corpus", "check")
    assert (good.code, good.err) == (0, "")
    assert good.out.startswith("1 frameworks, ")


def test_the_shipped_library_keeps_every_rule(tmp_path: Path) -> None:
    """The corpus that is in this repository."""
    settings = hashing_settings(tmp_path).model_copy(update={"corpus": REPOSITORY / "corpus"})
    assert check_corpus(settings).problems == ()


def test_titles_of_the_shipped_library_are_in_sentence_case() -> None:
    """Styles that ask for headline capitals make them; the others print a title as it stands."""
    works = cited_works(REPOSITORY / "corpus").values()
    assert [work["id"] for work in works if in_headline_capitals(work["title"])] == []
    books = [work["container-title"] for work in works if work["type"] == "chapter"]
    assert [title for title in books if in_headline_capitals(title)] == []


@pytest.mark.parametrize("style", STYLES)
def test_no_reference_of_the_shipped_library_has_a_hole(style: str) -> None:
    """Doubled or stranded marks and empty brackets show that a field is missing."""
    hole = re.compile(
        r"  |\(\)|\[\]|[,:] ?[.,:]|(?<!\.)\.\.(?!\.)|“”|‘’|\bNone\b| [,;:]|[(“] | \)|[?!][.,]"
    )
    printed = [reference(work, style=style) for work in cited_works(REPOSITORY / "corpus").values()]
    assert [text for text in printed if hole.search(text)] == []


def test_a_work_without_the_address_of_a_page_is_no_page() -> None:
    """Or names the site and who is behind it."""
    works = cited_works(REPOSITORY / "corpus").values()
    pages = [work for work in works if work["type"] == "webpage" and not work.get("URL")]
    assert [work["id"] for work in pages if not work.get("publisher")] == []
    agenda = cited_works(REPOSITORY / "corpus")["rogelberg-2020-agenda"]
    printed = "(2020) ‘How to create the perfect meeting agenda’, Harvard Business Review."
    assert reference(agenda, style="harvard") == f"Rogelberg, S.G. {printed}"
    whole = [work for work in works if work["type"] in ("book", "report", "thesis", "chapter")]
    assert [work["id"] for work in whole if not work.get("publisher")] == []


def test_headline_capitals_are_printed_from_the_sentence_case_of_the_library() -> None:
    """Adverbs, last words, compounds and German titles among them."""
    works = cited_works(REPOSITORY / "corpus")
    printed = {
        "chaleff-1995-courageous": "The Courageous Follower: Standing Up to and for Our Leaders.",
        "day-2010-strategy": "Strategy from the Outside In: Profiting from Customer Value.",
        "weber-1919-politik": "Politik als Beruf.",
        "muth-2011-command": "the U.S. Army and the German Armed Forces, 1901–1940, and the Con",
        "thomas-1976-conflict": "In Handbook of Industrial and Organizational Psychology, edited",
    }
    for key, words in printed.items():
        assert words in reference(works[key], style="chicago")
    assert "In M. D. Dunnette (Ed.), Handbook of industrial and organizational psychology" in (
        reference(works["thomas-1976-conflict"])
    )
