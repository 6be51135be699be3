"""How sure an answer is: a calibrated probability from what was found.

Closeness in meaning tells questions about other subjects apart, and beyond that says little;
words of the question that nothing in the passage stands for tell those that the library only
seems to answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kb.definitions import defining, narrowed
from kb.enumerations import names_several
from kb.expected import LIKE_NONE
from kb.index import Generation
from kb.lexical import terms
from kb.matching import Asked, Match
from kb.phrasing import asks
from kb.premises import (
    PREMISE_FEATURES,
    absent_figures,
    absent_titles,
    is_date_unsaid,
    is_denial_unsaid,
    is_lately_unsaid,
    is_origin_unsaid,
    is_year_unsaid,
    missing,
    names_foreign,
    names_in,
    says_every_word,
    tells_denied,
    tells_opposite,
    tells_undenied,
    turning_round,
    uncounted,
    unsaid,
)
from kb.questions import FACTS, Question
from kb.records import Vectors
from kb.selection import FAR, Sentence, asks_measure, tells_life, wanted

RANKING_FEATURES = (
    "sentence", "sentence_lead", "runner_up", "passage", "passage_lead", "cosine", "near_cosine",
    "far_cosine", "sentence_cosine", "list_fit", "answering", "answering_share",
    "expected", "expected_source", "expected_second", "expected_fifth",
)  # fmt: skip
WORD_FEATURES = (
    "maxsim", "rare_maxsim", "weakest_word", "coverage", "sentence_coverage", "unknown",
    "rarest_missing", "sentence_missing", "sentence_rare_maxsim", "expected_words", "widest_gap",
    "far_words",
)  # fmt: skip
ASKED_FEATURES = (
    "names", "numbers", "wanted", "wants", "unmet", "length", "uncounted", "titles", "named",
    "how_to", "how_many", "numberless", "defined", "scattered", "short", "listless",
)  # fmt: skip
SUPPORT_FEATURES = (*RANKING_FEATURES, *WORD_FEATURES, *ASKED_FEATURES, *PREMISE_FEATURES)
DEFINING_SENTENCES = 6  # best ones in which a definition is looked for; unmeasured
# Cosines from which a higher one says little: below the first a question is about something else.
# Chosen in cross-validation over all training questions; in no result file.
FAR_COSINE, NEAR_COSINE = 0.35, 0.5
MOST_UNLISTED = 2  # members that are named without being a list
FEW_TERMS = 3  # with fewer, that all of them stand there says little
FIFTH = 5
# Below this similarity nothing in a sentence stands for a word that turns a statement round: with
# .45 as with .55 no answered question of squad2_dev_a or of ours is declined; in no result file.
TURNED_FROM = 0.5
FACTUAL_KINDS = ("open", "definition", "list", *FACTS)  # in others a denial tells the situation
NO_OTHER = 4.0  # lead of a sentence, in log-odds, that has no other beside it


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
    others = [s.score for s in sentences[1:] if s.row != best.row]
    cosine = float((generation.vectors([m.passage.row for m in matches]) @ asked.vector).max())
    ranking = (
        best.score,
        best.score - max(others, default=best.score - NO_OTHER),
        best.score - (sentences[1].score if len(sentences) > 1 else best.score - NO_OTHER),
        scores[at],
        scores[0] - (scores[1] if len(scores) > 1 else 0.0),
        cosine,
        min(cosine, NEAR_COSINE),
        min(cosine, FAR_COSINE),
        max(float(m.sentence_cosines.max(initial=-1.0)) for m in matches),
        list_fit,
        *_answering(matches, matches[at], best),
        float(matches[at].expected[_number_of(matches[at], best)]),
        *_of_sources(generation, asked, best),
    )
    told = " ".join((matches[at].passage.passage.context, _with_the_one_before(matches[at], best)))
    *said, numerals = unsaid(asked.question.text, best.text, told)
    # Whether the number of a list's members fits is `list_fit`.
    premises = (*said, numerals * (list_fit == 0))
    words = _of_words(generation, asked, matches[at], best)
    return np.array(
        [
            *ranking,
            *words,
            *_of_what_is_asked(asked.question, matches[at], sentences, list_fit),
            *premises,
        ],
        np.float32,
    )


def takes_unsaid(
    generation: Generation,
    asked: Asked,
    matches: Sequence[Match],
    best: Sentence,
    quoted: Sequence[str],
) -> bool:
    """Whether the question takes something for granted that what is quoted plainly does not say.

    It asks for what is not so, for a time, for a birth or a death or for who came up with something
    where none is told, turns round what is told or says its opposite, names another year or what no
    text names: what stands there is near the subject and answers another question. To a claim that
    is looked up what is near it belongs.

    Args:
        generation: The opened generation.
        asked: The question.
        matches: Of the best passages.
        best: The best sentence, in one of them.
        quoted: What would be quoted.
    """
    question = asked.question
    if not asks(question.text):
        return False
    found = next(m for m in matches if m.passage.row == best.row)
    passage, texts, number = found.passage.passage, found.passage.texts, _number_of(found, best)
    said = " ".join((passage.context, *quoted))
    beside = " ".join((said, *texts[max(0, number - 1) : number + 2]))
    if question.kind in FACTUAL_KINDS and is_denial_unsaid(question.text, beside):
        return True
    if is_date_unsaid(question.text, beside) or tells_life(question, " ".join(quoted)) is False:
        return True
    if question.kind in (*FACTUAL_KINDS, "reason") and tells_undenied(question.text, quoted):
        return True
    if question.kind in FACTUAL_KINDS and quoted and tells_opposite(question.text, quoted):
        return True
    around = (*quoted, *texts[max(0, number - 1) : number + 2])
    names_nobody = question.kind == "who" and not any(wanted(question, each) for each in around)
    if names_nobody and is_origin_unsaid(question.text, beside):
        return True
    near = dict(zip(asked.stems, found.in_context[:, number].tolist(), strict=True))
    whole = f"{said} {passage.text}"
    turning = turning_round(question.text) - set(terms(whole))
    if any(near.get(stem, 1.0) < TURNED_FROM for stem in turning):
        return True
    if is_year_unsaid(question.text, whole) or is_lately_unsaid(question.text, beside):
        return True
    return names_foreign(question.text, generation.speller.is_like_none)


def corrects(question: Question, quoted: Sequence[str]) -> bool:
    """Whether a reason is asked for of what is not so, as a quote says.

    It is the first one, or has every word of the question. That is no reason, but worth telling.
    """
    if question.kind != "reason" or not asks(question.text) or not quoted:
        return False
    text = question.text
    telling = [quoted[0], *(quote for quote in quoted[1:] if says_every_word(text, quote))]
    return tells_opposite(text, quoted) or any(tells_denied(text, quote) for quote in telling)


def _answering(matches: Sequence[Match], found: Match, best: Sentence) -> tuple[float, float]:
    """How strongly the reader has the best sentence answer, and its share among all sentences."""
    own = float(found.answering[_number_of(found, best)])
    every = np.concatenate([m.answering for m in matches])
    return own, float(np.exp(own - np.logaddexp.reduce(every)))


def _of_sources(generation: Generation, asked: Asked, best: Sentence) -> tuple[float, ...]:
    """How much the best sentence's source, the second and the fifth are expected to be asked this.

    By the source that is expected most, in [0, 1]. What the library is for comes near questions to
    several sources, what is beside it near one by chance.
    """
    numbers = generation.document_numbers
    found = asked.likeness.of_sources(numbers)
    ordered = np.pad(np.sort(found)[::-1][:FIFTH], (0, max(0, FIFTH - len(found))))
    most = max(float(ordered[0]), LIKE_NONE)
    own = found[numbers[best.row]]
    return float(own / most), float(ordered[1] / most), float(ordered[FIFTH - 1] / most)


def _number_of(found: Match, sentence: Sentence) -> int:
    """Place of the sentence among those of its passage."""
    return [start for start, _ in found.passage.sentences].index(sentence.start)


def _of_words(
    generation: Generation, asked: Asked, found: Match, best: Sentence
) -> tuple[float, ...]:
    """How the question's words are met by the passage and its best sentence: WORD_FEATURES."""
    passage, maxima = found.passage.passage, found.word_maxima
    context, own = set(terms(passage.context)), set(terms(best.text))
    stems = set(terms(passage.text)) | context
    nearest = _in_sentence(asked, found, best)
    unknown = [term for term in asked.rarity if not generation.lexical.holds(term)]
    return (
        float(maxima.mean()) if maxima.size else 0.0,
        float(maxima @ asked.weights) if maxima.size else 0.0,
        float(maxima.min(initial=1.0)) if maxima.size else 0.0,
        asked.coverage(stems),
        asked.coverage(own),
        len(unknown) / max(1, len(asked.rarity)),
        asked.rarest_missing(stems),
        asked.rarest_missing(own | context),
        float(nearest @ asked.weights),
        float(
            np.maximum(_in_expected(generation, asked, found, best) - nearest, 0) @ asked.weights
        ),
        float((asked.weights * (1 - nearest)).max(initial=0.0)),
        float(asked.weights @ (nearest < FAR)),
    )


def _of_what_is_asked(
    question: Question, found: Match, sentences: Sequence[Sentence], list_fit: float
) -> tuple[float, ...]:
    """Whether what the question names and wants is there: ASKED_FEATURES."""
    passage, best = found.passage.passage, sentences[0]
    names = names_in(question.text)
    stems = set(terms(passage.text)) | set(terms(passage.context))
    is_fact = question.kind in FACTS
    return (
        missing(names, stems),
        absent_figures(question.text, passage.text) if question.count is None else 0.0,
        wanted(question, best.text),
        float(is_fact),
        float((is_fact or asks_measure(question)) and not wanted(question, passage.text)),
        float(np.log1p(len(question.terms))),
        uncounted(question.text, best.text),
        absent_titles(question.text, (passage.text, passage.context)),
        len(names),
        float(question.kind == "how_to"),
        float(question.kind == "how_many"),
        float(_counts(question) and not wanted(question, best.text)),
        _defined(question, sentences[:DEFINING_SENTENCES]),
        _scattered(question, sentences[:DEFINING_SENTENCES]),
        max(0, FEW_TERMS - len(question.terms)),
        float(_lacks_list(question, best.text, list_fit)),
    )


def _counts(question: Question) -> bool:
    """Whether the answer is a number, a sum of money or a length of time."""
    return question.kind == "how_many" or asks_measure(question)


def _lacks_list(question: Question, sentence: str, list_fit: float) -> bool:
    """Whether so many members are asked for that a list of them would have been found."""
    count = question.count or 0
    return count > MOST_UNLISTED and not list_fit and not names_several(sentence, count)


def _in_sentence(asked: Asked, found: Match, sentence: Sentence) -> Vectors:
    """How near each question word comes to a word of the sentence, its title and headings.

    1 where the word itself stands there in some form.
    """
    number = _number_of(found, sentence)
    there = {*terms(sentence.text), *terms(found.passage.passage.context)}
    exact = np.array([stem in there for stem in asked.stems], np.float32)
    return np.maximum(found.in_context[:, number], exact)


def _in_expected(generation: Generation, asked: Asked, found: Match, best: Sentence) -> Vectors:
    """How near each question word comes to one of the most alike question that leads to the best.

    Of those that the sentence is expected to be asked; 0 if there is none.
    """
    at = asked.likeness.most_alike(best.row, _number_of(found, best))
    if at is None:
        return np.zeros(len(asked.words), np.float32)
    words = generation.expected_words(at)
    return np.asarray((asked.words @ words.T).max(axis=1, initial=0.0), np.float32)


def _defined(question: Question, sentences: Sequence[Sentence]) -> float:
    """How plainly one of the sentences says what the question wants defined, in [0, 2]."""
    if not question.subject:
        return 0.0
    names = [frozenset(terms(narrowed(question.subject))), frozenset(terms(question.subject))]
    return max(defining(sentence.text, names) for sentence in sentences)


def _scattered(question: Question, sentences: Sequence[Sentence]) -> float:
    """Share of the words of what is to be defined that no sentence holds together, in [0, 1]."""
    name = set(terms(narrowed(question.subject)))
    if len(name) < 2:
        return 0.0
    return 1 - max(len(name & set(terms(sentence.text))) for sentence in sentences) / len(name)


def _with_the_one_before(found: Match, sentence: Sentence) -> str:
    """The text of the sentence and of the one before it in its passage."""
    passage, spans = found.passage.passage, found.passage.sentences
    number = _number_of(found, sentence)
    first = spans[max(0, number - 1)][0] - passage.start
    return passage.text[first : sentence.end - passage.start]
