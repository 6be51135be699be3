"""How sure an answer is: a calibrated probability from what was found.

Closeness in meaning tells questions about other subjects apart; words of the question that
nothing in the passage stands for tell those that the library only seems to answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from kb.definitions import defining, narrowed
from kb.index import Generation
from kb.lexical import STOPWORDS, stem, terms, words
from kb.matching import Asked, Match
from kb.opposites import opposed
from kb.questions import Question
from kb.records import Vectors
from kb.selection import FAR, Sentence, asks_measure, wanted

SUPPORT_FEATURES = (
    "sentence", "sentence_lead", "passage", "passage_lead", "cosine", "sentence_cosine", "maxsim",
    "rare_maxsim", "weakest_word", "coverage", "sentence_coverage", "unknown", "names", "numbers",
    "wanted", "wants", "list_fit", "length", "unmet", "rarest_missing", "sentence_missing",
    "sentence_rare_maxsim", "widest_gap", "far_words", "uncounted", "titles", "denied", "named",
    "how_to", "how_many", "defined", "particulars", "opposed", "numerals",
)  # fmt: skip
_FACTS = ("who", "when", "how_many", "where")
_NAME = re.compile(r"(?<=[\w,;:)] )[A-Z][\w’'-]+")
# Several capitalised words in a row, as of a book, a prize or a person with a first name.
_TITLE = re.compile(
    r"(?<=\w )[A-Z][\w’'-]+(?:\s+(?:(?:of|the|and|for|to|in|a|de|van|von|&)\s+)*[A-Z][\w’'-]+)+"
)
_COUNTED = re.compile(r"\bhow (?:many|much)\s+((?:[\w’'-]+\s*){1,3})", re.IGNORECASE)
_NUMERAL = re.compile(r"\b\d[\d,.]*\b")
# Words that ask for one thing of many, or for how it is now or usually.
_PARTICULAR = re.compile(
    r"\b(best|worst|most|least|fewest|largest|biggest|greatest|highest|lowest|smallest|oldest|"
    r"youngest|latest|newest|longest|shortest|fastest|strongest|today|now|currently|nowadays|"
    r"average|usually|typical\w*|exactly|percent|per cent|percentage|share of|published|reviewed|"
    r"online|free)\b",
    re.IGNORECASE,
)
DEFINING_SENTENCES = 6  # best ones in which a definition is looked for; unmeasured
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


def support_features(
    generation: Generation,
    asked: Asked,
    matches: Sequence[Match],
    scores: Sequence[float],
    sentences: Sequence[Sentence],
    *,
    list_fit: float,
) -> Vectors:
    """What the support model reads, shape (SUPPORT_FEATURES,).

    Args:
        generation: The opened generation.
        asked: The question.
        matches: Of the best passages, best first; one at least.
        scores: Of those passages.
        sentences: Scored, best first; one at least.
        list_fit: How well the quoted list fits the question; 0 if none is quoted.
    """
    best = sentences[0]
    at = next(n for n, m in enumerate(matches) if m.passage.row == best.row)
    passage = matches[at].passage.passage
    maxima = matches[at].word_maxima
    nearest = _in_sentence(asked, matches[at], best)
    stems = set(terms(passage.text)) | set(terms(passage.context))
    question = asked.question
    told = " ".join((passage.context, _with_the_one_before(matches[at], best)))
    unknown = [term for term in asked.rarity if not generation.lexical.holds(term)]
    others = [s.score for s in sentences[1:] if s.row != best.row]
    cosines = generation.vectors([m.passage.row for m in matches]) @ asked.vector
    is_fact = question.kind in _FACTS
    return np.array(
        [
            best.score,
            best.score - max(others, default=best.score - 4.0),
            scores[at],
            scores[0] - (scores[1] if len(scores) > 1 else 0.0),
            cosines.max(),
            max(float(m.sentence_cosines.max(initial=-1.0)) for m in matches),
            maxima.mean() if maxima.size else 0.0,
            float(maxima @ asked.weights) if maxima.size else 0.0,
            maxima.min(initial=1.0) if maxima.size else 0.0,
            asked.coverage(stems),
            asked.coverage(set(terms(best.text))),
            len(unknown) / max(1, len(asked.rarity)),
            _missing(_NAME, question.text, stems),
            # Whether the number of a list's members fits is `list_fit`.
            _missing(_NUMERAL, question.text, set(words(passage.text)))
            if question.count is None
            else 0.0,
            wanted(question, best.text),
            float(is_fact),
            list_fit,
            float(np.log1p(len(question.terms))),
            float((is_fact or asks_measure(question)) and not wanted(question, passage.text)),
            asked.rarest_missing(stems),
            asked.rarest_missing(set(terms(best.text)) | set(terms(passage.context))),
            float(nearest @ asked.weights),
            float((asked.weights * (1 - nearest)).max(initial=0.0)),
            float(asked.weights @ (nearest < FAR)),
            _uncounted(question, best.text),
            _absent_titles(question.text, (passage.text, passage.context)),
            float(bool(_DENIAL.search(question.text)) and not _DENIAL.search(best.text)),
            sum(name.lower() not in STOPWORDS for name in _NAME.findall(question.text)),
            float(question.kind == "how_to"),
            float(question.kind == "how_many"),
            _defined(question, sentences[:DEFINING_SENTENCES]),
            len(_particulars(question.text) - _particulars(best.text)),
            opposed(question.text, best.text),
            0.0 if list_fit > 0 else len(_numerals(question.text) - _numerals(told)),
        ],
        np.float32,
    )


def _missing(pattern: re.Pattern[str], text: str, found: set[str]) -> float:
    """Share of what the pattern finds in the question that is not among the words found."""
    names = [name.lower() for name in pattern.findall(text) if name.lower() not in STOPWORDS]
    if not names:
        return 0.0
    return sum(stem(name) not in found and name not in found for name in names) / len(names)


def _in_sentence(asked: Asked, found: Match, sentence: Sentence) -> Vectors:
    """How near each question word comes to a word of the sentence, its title and headings.

    1 where the word itself stands there in some form.
    """
    number = [start for start, _ in found.passage.sentences].index(sentence.start)
    there = {*terms(sentence.text), *terms(found.passage.passage.context)}
    exact = np.array([stem in there for stem in asked.stems], np.float32)
    return np.maximum(found.in_context[:, number], exact)


def _uncounted(question: Question, sentence: str) -> float:
    """1 if the question asks how many of something that the sentence does not name, else 0."""
    match = _COUNTED.search(question.text)
    counted = terms(match.group(1))[:1] if match else ()
    return float(bool(counted) and counted[0] not in terms(sentence))


def _defined(question: Question, sentences: Sequence[Sentence]) -> float:
    """How plainly one of the sentences says what the question wants defined, in [0, 2]."""
    if not question.subject:
        return 0.0
    names = [frozenset(terms(narrowed(question.subject))), frozenset(terms(question.subject))]
    return max(defining(sentence.text, names) for sentence in sentences)


def _with_the_one_before(found: Match, sentence: Sentence) -> str:
    """The text of the sentence and of the one before it in its passage."""
    passage, spans = found.passage.passage, found.passage.sentences
    number = [start for start, _ in spans].index(sentence.start)
    first = spans[max(0, number - 1)][0] - passage.start
    return passage.text[first : sentence.end - passage.start]


def _numerals(text: str) -> set[str]:
    return {found.lower() for found in _NUMBER_WORD.findall(text)}


def _particulars(text: str) -> set[str]:
    return {found.lower() for found in _PARTICULAR.findall(text)}


def _absent_titles(question: str, texts: Sequence[str]) -> float:
    """Share of the titles in the question that no text holds word for word."""
    titles = [terms(title) for title in _TITLE.findall(question)]
    if not titles:
        return 0.0
    joined = ["|".join(("", *terms(text), "")) for text in texts]
    absent = [all("|".join(("", *title, "")) not in text for text in joined) for title in titles]
    return sum(absent) / len(absent)
