"""What a question takes for granted and a sentence does not say: denials, numbers, titles.

To the model "before" is near "after" and "not" weighs nothing, so these are read from words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.lexical import STOPWORDS, stem, terms, words
from kb.opposites import opposed

PREMISE_FEATURES = ("denied", "particulars", "opposed", "numerals")
_NAME = re.compile(r"(?<=[\w,;:)] )[A-Z][\w’'-]+")
_FIGURES = re.compile(r"\b\d[\d,.]*\b")
# Several capitalised words in a row, as of a book, a prize or a person with a first name.
_TITLE = re.compile(
    r"(?<=\w )[A-Z][\w’'-]+(?:\s+(?:(?:of|the|and|for|to|in|a|de|van|von|&)\s+)*[A-Z][\w’'-]+)+"
)
_COUNTED = re.compile(r"\bhow (?:many|much)\s+((?:[\w’'-]+\s*){1,3})", re.IGNORECASE)
# Words that ask for one thing of many, or for how it is now or usually.
_PARTICULAR = re.compile(
    r"\b(best|worst|most|least|fewest|largest|biggest|greatest|highest|lowest|smallest|oldest|"
    r"youngest|latest|newest|longest|shortest|fastest|strongest|today|now|currently|nowadays|"
    r"average|usually|typical\w*|exactly|percent|per cent|percentage|share of|published|reviewed|"
    r"online|free)\b",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|"
    r"thousand|million|first|second|third|fourth|fifth|once|twice|half)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(not|no|never|none|nor|neither|without|cannot|except|unlike|rather than|other than|"
    r"besides|apart from|instead of|fail(?:s|ed)? to|\w+n['’]t|non[- ]?\w+|little|few|hardly|"
    r"rarely|seldom|least|lack\w*|refus\w+|den(?:y|ied)|prevent\w*|avoid\w*)\b",
    re.IGNORECASE,
)


def unsaid(question: str, sentence: str, told: str) -> tuple[float, ...]:
    """What of the question the sentence does not say, in the order of `PREMISE_FEATURES`.

    Args:
        question: As asked.
        sentence: The best one.
        told: The sentence with its headings and the one before it, where numbers may stand too.

    Returns:
        1 for a denial that it lacks, else 0; how many particulars it lacks; how many words it
        turns round; how many numbers it lacks.
    """
    return (
        float(bool(_DENIAL.search(question)) and not _DENIAL.search(sentence)),
        float(len(_found(_PARTICULAR, question) - _found(_PARTICULAR, sentence))),
        float(opposed(question, sentence)),
        float(len(_found(_NUMBER_WORD, question) - _found(_NUMBER_WORD, told))),
    )


def _found(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found.lower() for found in pattern.findall(text)}


def names_in(question: str) -> list[str]:
    """Capitalised words of the question beyond its first, stop words left out, in lower case."""
    return [name.lower() for name in _NAME.findall(question) if name.lower() not in STOPWORDS]


def missing(named: Sequence[str], there: set[str]) -> float:
    """Share of the words that are not there, neither themselves nor by their stem."""
    if not named:
        return 0.0
    return sum(stem(name) not in there and name not in there for name in named) / len(named)


def uncounted(question: str, sentence: str) -> float:
    """1 if the question asks how many of something that the sentence does not name, else 0."""
    match = _COUNTED.search(question)
    counted = terms(match.group(1))[:1] if match else ()
    return float(bool(counted) and counted[0] not in terms(sentence))


def absent_titles(question: str, texts: Sequence[str]) -> float:
    """Share of the titles in the question that no text holds word for word."""
    titles = [terms(title) for title in _TITLE.findall(question)]
    if not titles:
        return 0.0
    joined = ["|".join(("", *terms(text), "")) for text in texts]
    absent = [all("|".join(("", *title, "")) not in text for text in joined) for title in titles]
    return sum(absent) / len(absent)


def absent_figures(question: str, text: str) -> float:
    """Share of the question's numbers in figures that the text lacks."""
    return missing(_FIGURES.findall(question), set(words(text)))
