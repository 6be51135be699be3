"""Which sentences of the best passages answer: features of every sentence, and their score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kb.enumerations import ELSEWHERE, NUMBERS, names_several
from kb.lexical import terms, words
from kb.matching import Asked, Match, sentence_stems, word_means
from kb.phrasing import HELPING, asking_part, asks
from kb.premises import DAYS_AND_MONTHS
from kb.questions import FACTS, Question
from kb.records import Vectors
from kb.runs import consecutive
from kb.weights import Linear

# Eight answer one question in a thousand more of squad2_dev_a and two of our 574, in a tenth more
# time; in no result file.
PASSAGES_READ = 6
SENTENCE_FEATURES = (
    "passage", "cosine", "maxsim", "rare_maxsim", "coverage", "context_coverage", "pairs",
    "wanted", "defines", "names_several", "count", "advice", "cross_reference", "place",
    "before", "after", "two_maxsim", "rare_two_maxsim", "three_maxsim", "rare_three_maxsim",
    "rare_next_maxsim", "far_words", "far_words_of_two", "answering", "answering_here",
    "expected",
)  # fmt: skip
# Similarity below which nothing in a sentence stands for a word of the question; unmeasured.
FAR = 0.45
# What a passage's best sentence counts beside the passage itself: .4 and .8 order the fitted halves
# as well; eval/benchmarks/results/ablation.json has what it adds.
BEST_SENTENCE = 0.6
# Where something of a kind is asked for, and what the reader's logit counts then: of 0 to .4 and of
# .05 to .15 these do best on the fitted halves and our development questions; in no result file.
BEST_OF_A_KIND, READ_OF_A_KIND = 0.2, 0.1
KEPT_QUESTIONS = 64  # of which it is remembered what they want
BARE_TERMS = 3  # a definition question of so many words at most asks for a bare term
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})s?\b|\b(\d{1,2}(st|nd|rd|th)?) century\b")
_DATE = re.compile(rf"\b({DAYS_AND_MONTHS})\b")
# "When does delegation help?" asks on what occasion, "When is the meeting held?" for a date.
_ASKS_OCCASION = re.compile(
    r"^\W*when\s+(?:do|does|is|are)\b(?!.*\b(?:next|due|held|scheduled|published|celebrated)\b)",
    re.IGNORECASE,
)
_OCCASION = re.compile(
    r"\b(?:when|whenever|where|if|unless|until|once|while|during|only|as long as|in cases?|under|"
    r"suits?|fits?|conditions?|situations?|circumstances)\b",
    re.IGNORECASE,
)
# The year of a source, "Janis (1982)", dates no occasion.
_IN_YEAR = re.compile(rf"\b(?:in|since|by|from|until|around)\s+(?:{_YEAR.pattern})")
# "One can do more", "one another", "no one": nothing is counted.
_NUMBER = re.compile(
    r"\b(\d[\d,.]*|(?<!\bno )(?<!\bany )one(?!['’]s|\s(?:can|could|may|might|must|should|will|"
    r"would|another)\b)|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|billion|half|thirds?|quarters?|dozens?|couple|"
    r"several|once|twice|majority)\b",
    re.IGNORECASE,
)
# Before a number of four digits that is a year: "in 1995", "(1995)", "Hersey, 1995".
_BEFORE_YEAR = re.compile(
    r"(?:[(,;–-]|\b(?:in|since|by|from|until|of|and|to|between|before|after|around))\s*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+(?:\s+(?:[A-ZÀ-Þ][\w.’'-]*|of|the|de|van|von|and|’t))*")
_COPULA = re.compile(
    r"\b(is|are|was|were|means|refers? to|describes?|denotes?|defined as|consists? of|called|"
    r"known as|involves?)\b"
)
_REASON = re.compile(
    r"\b(because|since|due to|reason|in order to|so that|therefore|as a result|thus|cause[sd]?|"
    r"lead to|leads to|allow|enable|prevent)\b",
    re.IGNORECASE,
)


_YEARS_OF_LIFE = r"\(\d{4}\s?[–-]\s?\d{4}\)|\blived\s+from\b"
# What is asked of a life, and what a sentence that tells it holds: where somebody taught or wrote
# says neither where they were born nor where they studied.
_OF_LIFE = tuple(
    (
        re.compile(rf"^\W*(?:when|where|in (?:what|which) \w+)\b.*\b(?:{asked})\b", re.IGNORECASE),
        re.compile(told, re.IGNORECASE),
    )
    for asked, told in (
        ("born", rf"\b(?:born|births?|birthplace|native)\b|{_YEARS_OF_LIFE}"),
        ("die|died", r"\b(?:die[ds]?|deaths?|kill\w*|slain|murder\w*|assassinat\w*|executed|"
         rf"perished|until h(?:is|er) end)\b|{_YEARS_OF_LIFE}"),
        ("grow up|grew up", r"\b(?:gr[eo]w\w* up|childhood|raised|born)\b"),
        ("study|go to (?:school|college|university)",
         r"\b(?:stud(?:y|ies|ied)|educat\w+|trained|degrees?|graduat\w+|doctora\w+|student)\b"),
        ("lives?", r"\b(?:li(?:ves?|ved|ving)|resid\w+|home|settled|moved)\b"),
    )
)  # fmt: skip
ENDS_OF_LIFE = 2  # of `_OF_LIFE`, the first: birth and death
_LIFE_YEARS = re.compile(_YEARS_OF_LIFE, re.IGNORECASE)
_ASKS_ADVICE = re.compile(r"\b(?:should|ought)\b", re.IGNORECASE)
# "Which river …?", "… in what style?"
_OF_A_KIND = re.compile(rf"\b(?:what|which|whose)\s+(?!{HELPING}\b)\w", re.IGNORECASE)
# Headings above advice.
_ADVICE = re.compile(r"\b(practice|how to|tips|advice|apply|applying|using|steps)\b", re.IGNORECASE)
MEASURED_KINDS = ("how_many", "open")  # "Why do leaders pay for it?" asks for no sum
_ASKS_MONEY = re.compile(
    r"\b(cost|costs|price|salary|earn|earns|paid|pay(?! (?:attention|heed))|fee|fees|worth|charge|"
    r"budget)\b",
    re.IGNORECASE,
)
# "How many paid days …?", "How many weeks' pay …?": days are counted, not money; nor is it in "What
# percentage of the costs …?".
_COUNTS_OTHER = re.compile(
    r"\bhow many\b(?!\s+(?:dollars?|euros?|pounds?|cents|yen|francs?)\b)|\bhow much paid\b|"
    r"\b(?:what|which)\s+(?:percentage|proportion|share|fraction|number|per ?cent)\b",
    re.IGNORECASE,
)
# "How does pay affect effort?", "What drives the price?", "Give an example of costs": no sum is
# asked for. Nor is it where money is but what is spoken of: "What was said about pay?".
_ASKS_NO_SUM = re.compile(
    r"^\W*(?:how\b(?!\s(?:much|many)\b)|(?:give|name|tell|show|explain|describe|list)\b)|"
    r"\bexamples?\b|"
    r"^\W*(?:what|which)\b(?!.*\b(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|"
    r"would|shall|should|must|may|might)\b)",
    re.IGNORECASE,
)
_SPOKEN_OF = re.compile(
    r"\b(?:about|of|on|to|for|with|in|from|by|than|between|behind|regarding)\s(?:[\w’'-]+\s)?$",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$£€¥]\s?\d|\b(dollars?|euros?|pounds?|cents|yen|francs?|free of charge)\b", re.IGNORECASE
)
# "How often is it held?" is answered by "quarterly" as by "four times".
_ASKS_FREQUENCY = re.compile(r"\bhow (?:often|frequently)\b", re.IGNORECASE)
_FREQUENCY = re.compile(
    r"\b(?:hourly|daily|nightly|(?:bi-?|semi-?)?(?:weekly|monthly|annual(?:ly)?|yearly)|fortnightly|"
    r"quarterly|(?:each|every|per|once an?|twice an?)\s(?:other\s|single\s)?"
    r"(?:hour|day|night|week|fortnight|month|quarter|year))\b",
    re.IGNORECASE,
)
_ASKS_DURATION = re.compile(r"\bhow (long|old)\b", re.IGNORECASE)
_DURATION = re.compile(
    r"\b(seconds?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|years?|decades?|centur\w+)\b",
    re.IGNORECASE,
)
# "How long may a letter be?": so many pages.
_LENGTH = re.compile(
    rf"{_DURATION.pattern}|(?:\d|\b(?:one|two|three|four|five|six|ten|half|single))[\s-]"
    r"(?:pages?|words|lines|paragraphs?|sentences|inch(?:es)?|feet|foot|yards?|miles?|"
    r"(?:kilo|centi)?met(?:re|er)s?|km|cm)\b",
    re.IGNORECASE,
)
# Over the years nobody is old.
_AGE = re.compile(
    rf"\b(?:aged?|ages|old|born|founded|since|birthdays?)\b|"
    rf"(?:\d|\b(?:\w+teen|\w+ty|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    rf"hundreds?|thousands?|many|several|half))[\w\s-]{{0,12}}{_DURATION.pattern}",
    re.IGNORECASE,
)
_ASKS_AGE = re.compile(r"\bhow old\b", re.IGNORECASE)
# What is long or may be so, not what lasts or takes long.
_ASKS_LENGTH = re.compile(
    r"\bhow long (?:is|are|was|were|(?:may|can|could|should|must|will|would|ought)\b.*\bbe\W*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a ranked passage; offsets are in the document's text.

    Attributes:
        score: Log-odds that it answers.
        near: MaxSim of the question with it and its headings, weighted by rarity, in [-1, 1].
    """

    row: int
    document_id: str
    start: int
    end: int
    text: str
    score: float
    near: float


def scored_sentences(
    matches: Sequence[Match], features: Vectors, weights: Linear
) -> list[Sentence]:
    """Every sentence of the passages with the log-odds that it answers, best first.

    Args:
        matches: With the passages, best first.
        features: `sentence_features` of them.
        weights: Over `SENTENCE_FEATURES`.
    """
    found = [place for m in matches for place in _places(m)]
    values = weights.scores(features).tolist()
    near = features[:, SENTENCE_FEATURES.index("rare_maxsim")].tolist()
    scored = [
        Sentence(*place, value, nearness)
        for place, value, nearness in zip(found, values, near, strict=True)
        if any(letter.isalpha() for letter in place[-1])  # no bare number of a paragraph
    ]
    return sorted(scored, key=lambda sentence: -sentence.score)


def by_best_sentence(
    question: Question, matches: Sequence[Match], features: Vectors, weights: Linear
) -> list[int]:
    """Places of the passages, those first whose best sentence answers too.

    A passage without sentences leaves them as they are.

    Args:
        question: One of `is_shown_by_sentence`.
        matches: With the passages, best first.
        features: `sentence_features` of them.
        weights: Over `SENTENCE_FEATURES`.
    """
    counts = np.array([len(m.passage.sentences) for m in matches], np.int64)
    if not counts.all():
        return list(range(len(matches)))
    firsts = np.cumsum(counts) - counts
    of_passage = features[:, SENTENCE_FEATURES.index("passage")]
    answering = features[:, SENTENCE_FEATURES.index("answering")]
    # The sentence model counts the passage along.
    alone = weights.scores(features) - weights.weights["passage"] * of_passage
    if _asks_of_a_kind(question):
        told = BEST_OF_A_KIND * alone + READ_OF_A_KIND * answering
    else:
        told = BEST_SENTENCE * alone
    values = of_passage[firsts] + np.maximum.reduceat(told, firsts)
    return [int(n) for n in np.argsort(-values, kind="stable")]


def is_shown_by_sentence(question: Question) -> bool:
    """Whether a passage's best sentence shows that the passage answers.

    Not where a phrase or a title is quoted: passages that hold it come first. It does for facts and
    comparisons, and where something is asked of a thing ("What is the Chinese name of …?") or of a
    kind ("Which river …?"): no form tells such a sentence, but the reader has learned to. A bare
    term ("What is span of control?") is explained in many places, what a list holds is shown by its
    lines together, who should do something is told by no name, and a claim that is looked up is
    none of these.
    """
    if question.phrases or question.work:
        return False
    if question.kind == "definition":
        return len(question.terms) > BARE_TERMS
    is_shown = question.kind in (*FACTS, "comparison") or _asks_of_a_kind(question)
    return is_shown and asks(question.text) and not _ASKS_ADVICE.search(question.text)


def _asks_of_a_kind(question: Question) -> bool:
    """Whether it asks which thing of a kind it is, and no other kind of question."""
    return question.kind == "open" and bool(_OF_A_KIND.search(question.text))


def _places(found: Match) -> list[tuple[int, str, int, int, str]]:
    """Row, document, start, end and text of every sentence of a passage."""
    passage = found.passage
    return [
        (passage.row, passage.passage.document_id, start, end, text)
        for (start, end), text in zip(passage.sentences, passage.texts, strict=True)
    ]


def sentence_features(asked: Asked, matches: Sequence[Match], scores: Sequence[float]) -> Vectors:
    """Features of each sentence of the passages, shape (sentences, SENTENCE_FEATURES).

    Args:
        asked: The question.
        matches: With the passages.
        scores: Of the passages, in [0, 1].
    """
    if not any(m.passage.sentences for m in matches):
        return np.zeros((0, len(SENTENCE_FEATURES)), np.float32)
    counts = np.array([len(m.passage.sentences) for m in matches])
    # Sentences stand two places apart from those of another passage.
    at = np.arange(counts.sum()) + 2 * (1 + np.repeat(np.arange(len(counts)), counts))
    windows = _windows(asked, np.hstack([m.in_context for m in matches]), at)
    maxsim = np.zeros(at[-1] + 2, np.float32)
    maxsim[at] = np.concatenate([m.maxsim for m in matches])
    of_passages = np.array(
        [
            (_log_odds(score), *_of_heading(asked.question, m), m.answers)
            for m, score in zip(matches, scores, strict=True)
        ]
    )
    of_passage = np.repeat(of_passages, counts, axis=0)
    places = consecutive(np.zeros_like(counts), counts)
    answering = np.concatenate([m.answering for m in matches])
    columns = (
        of_passage[:, 0],
        np.concatenate([m.sentence_cosines for m in matches]),
        maxsim[at],
        windows[:, 0],
        np.array([told for m in matches for told in _of_words(asked, m)]),
        of_passage[:, 1:3],
        places / np.repeat(counts, counts),
        maxsim[at - 1],
        maxsim[at + 1],
        windows[:, 1:],
        answering,
        answering - of_passage[:, 3],
        asked.likeness.relative(np.concatenate([m.expected for m in matches])),
    )
    return np.column_stack(columns).astype(np.float32)


def _of_heading(question: Question, found: Match) -> tuple[float, float]:
    """Whether the heading above stands over advice, if that is wanted, and over pointers."""
    nearest = found.passage.passage.locator.heading
    advice = question.kind == "how_to" and bool(_ADVICE.search(nearest))
    return float(advice), float(bool(ELSEWHERE.search(nearest)))


def _of_words(asked: Asked, found: Match) -> list[tuple[float, ...]]:
    """What the words of each sentence tell."""
    question = asked.question
    context = set(terms(found.passage.passage.context))
    return [
        (
            asked.coverage(stems),
            asked.coverage(stems | context),
            asked.shared_pairs(text),
            wanted(question, text),
            defines(question, text),
            float(question.kind == "list" and names_several(text)),
            float(_holds_count(question, text)),
        )
        for text, stems in zip(found.passage.texts, sentence_stems(found.passage), strict=True)
    ]


def _windows(asked: Asked, in_context: Vectors, at: NDArray[np.int64]) -> Vectors:
    """How the question's words are met in each sentence and with those around it.

    Title and headings are at hand for every sentence, and what a sentence leaves to a pronoun
    often stands in the one before. Shape (sentences, 8): MaxSim by rarity of the sentence; plain
    and by rarity together with the one before; the same with the two before; by rarity together
    with the one after; weight of the words that nothing stands for in the sentence, and in it
    and the one before.

    Args:
        asked: The question.
        in_context: `Match.in_context` of all passages side by side.
        at: Where each sentence stands, those of other passages at least two places off.
    """
    apart = np.full((len(in_context), at[-1] + 2), -1.0, np.float32)
    apart[:, at] = in_context
    two = np.maximum(in_context, apart[:, at - 1])
    three = np.maximum(two, apart[:, at - 2])
    following = np.maximum(in_context, apart[:, at + 1])
    rare = asked.weights
    return np.stack(
        [
            rare @ in_context,
            word_means(two),
            rare @ two,
            word_means(three),
            rare @ three,
            rare @ following,
            rare @ (in_context < FAR),
            rare @ (two < FAR),
        ],
        axis=1,
    ).astype(np.float32)


def _log_odds(score: float) -> float:
    bounded = min(max(score, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


def asks_measure(question: Question) -> bool:
    """Whether the question asks for a sum of money or a length of time."""
    return _measure(question.text, question.kind) is not None


@lru_cache(maxsize=KEPT_QUESTIONS)
def _measure(text: str, kind: str) -> re.Pattern[str] | None:
    """What a sum of money or a length of time that a question asks for is counted in."""
    if kind not in MEASURED_KINDS:
        return None
    # "How long do I get sick pay?" asks for a time.
    is_long = bool(_ASKS_DURATION.search(text))
    if not is_long:
        return _MONEY if _asks_money(text, is_open=kind == "open") else None
    if _ASKS_AGE.search(text):
        return _AGE
    return _LENGTH if _ASKS_LENGTH.search(text) else _DURATION


def _asks_money(question: str, *, is_open: bool) -> bool:
    """Whether a sum is asked for, not only something about money."""
    text = asking_part(question) if is_open else question
    if _COUNTS_OTHER.search(text):
        return False
    if is_open and _ASKS_NO_SUM.search(text):
        return False
    named = _ASKS_MONEY.finditer(text)
    return any(not (is_open and _SPOKEN_OF.search(text[: each.start()])) for each in named)


def tells_life(question: Question, text: str) -> bool | None:
    """Whether a text tells when or where somebody was born or died; None if that is not asked.

    The years behind a name tell no place.
    """
    ends = [told for asked, told in _OF_LIFE[:ENDS_OF_LIFE] if asked.search(question.text)]
    if question.kind not in ("when", "where") or not ends:
        return None
    said = _LIFE_YEARS.sub("", text) if question.kind == "where" else text
    return any(told.search(said) for told in ends)


def wanted(question: Question, sentence: str) -> float:
    """1 if the sentence holds what the kind of question asks for, beyond its own words, else 0."""
    if measure := _measure(question.text, question.kind):
        return float(bool(measure.search(sentence)))
    if question.kind == "when" and _ASKS_OCCASION.search(question.text):
        told = (form.search(sentence) for form in (_OCCASION, _DATE, _IN_YEAR))
        return float(any(told))
    if question.kind in ("when", "where") and any(
        asked.search(question.text) and not told.search(sentence) for asked, told in _OF_LIFE
    ):
        return 0.0
    if question.kind == "when":
        return float(bool(_YEAR.search(sentence) or _DATE.search(sentence)))
    if question.kind == "how_many":
        is_often = _ASKS_FREQUENCY.search(question.text) and _FREQUENCY.search(sentence)
        return float(bool(is_often or _new_numbers(question, sentence)))
    if question.kind in ("who", "where"):
        return float(bool(_new_names(question, sentence)))
    if question.kind == "reason":
        return float(bool(_REASON.search(sentence)))
    return 0.0


def defines(question: Question, sentence: str) -> float:
    """1 if a definition is asked for and the sentence opens with the term and a copula."""
    if question.kind != "definition":
        return 0.0
    match = _COPULA.search(sentence)
    if not match:
        return 0.0
    subject = set(terms(sentence[: match.start()]))
    return float(bool(subject) and set(question.terms) <= subject | {"mean", "defin"})


def _holds_count(question: Question, sentence: str) -> bool:
    """Whether the sentence states the number of members that a list question names."""
    if question.count is None:
        return False
    stated = {str(question.count), *(w for w, n in NUMBERS.items() if n == question.count)}
    return bool(stated & set(words(sentence)))


def answer_marks(question: Question, sentence: str) -> tuple[tuple[int, int], ...]:
    """Spans of the words in the sentence that answer a who, when, where or how-many question."""
    if question.kind == "when":
        return tuple(
            match.span()
            for match in sorted(
                [*_YEAR.finditer(sentence), *_DATE.finditer(sentence)], key=lambda m: m.start()
            )
        )
    if question.kind == "how_many":
        return tuple(_new_numbers(question, sentence))
    if question.kind in ("who", "where"):
        return tuple(_new_names(question, sentence))
    return ()


def _new_numbers(question: Question, sentence: str) -> list[tuple[int, int]]:
    """Spans of numbers that are no years and that the question does not hold already."""
    asked = set(words(question.text))
    return [
        match.span()
        for match in _NUMBER.finditer(sentence)
        if match.group().lower() not in asked
        and not (_YEAR.fullmatch(match.group()) and _BEFORE_YEAR.search(sentence[: match.start()]))
    ]


def _new_names(question: Question, sentence: str) -> list[tuple[int, int]]:
    """Spans of capitalised names that the question does not hold already.

    Behind the title of a work that is asked for, and a colon, stands its subtitle.
    """
    asked = set(question.terms)
    found = []
    subtitle = -1
    for match in _NAME.finditer(sentence):
        name = match.group()
        own = terms(name)
        if not own or set(own) <= asked:
            is_title = bool(question.work) and sentence.startswith(": ", match.end())
            subtitle = match.end() + 2 if is_title else -1
            continue
        if match.start() == subtitle:
            continue
        starts_sentence = match.start() == 0 or sentence[: match.start()].strip() in ("", "“", '"')
        # "One of the", too, is a single word and no name.
        if starts_sentence and sum(word[0].isupper() for word in name.split()) == 1:
            continue
        found.append(match.span())
    return found
