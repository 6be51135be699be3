"""Which sentences of the best passages answer: features of every sentence, and their score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.index import Generation
from kb.lexical import terms
from kb.passages import embedded_text
from kb.questions import Question
from kb.records import Vectors
from kb.tables import PassageRow
from kb.weights import learned_weights

PASSAGES_READ = 6  # unmeasured
SENTENCE_FEATURES = (
    "passage", "cosine", "maxsim", "coverage", "context_coverage", "wanted", "defines", "first",
    "short", "question_mark", "long",
)  # fmt: skip
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})s?\b|\b(\d{1,2}(st|nd|rd|th)?) century\b")
_DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_NUMBER = re.compile(
    r"\b(\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|billion|half|dozen|couple|several)\b",
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a ranked passage; offsets are in the document's text."""

    row: int
    document_id: str
    start: int
    end: int
    text: str
    score: float


def scored_sentences(
    generation: Generation,
    question: Question,
    vector: Vectors,
    question_words: Vectors,
    passages: Sequence[PassageRow],
    scores: Sequence[float],
) -> list[Sentence]:
    """Every sentence of the passages with the log-odds that it answers, best first.

    Args:
        generation: The opened generation.
        question: As understood.
        vector: Its unit vector.
        question_words: Its word vectors.
        passages: Best first.
        scores: Of the passages, in the same order.
    """
    found: list[Sentence] = []
    matrices = []
    for passage, score in zip(passages, scores, strict=True):
        if not passage.sentences:
            continue
        matrix = sentence_features(generation, question, vector, question_words, passage, score)
        matrices.append(matrix)
        for start, end in passage.sentences:
            first = start - passage.passage.start
            text = passage.passage.text[first : first + end - start]
            found.append(Sentence(passage.row, passage.passage.document_id, start, end, text, 0.0))
    if not found:
        return []
    values = learned_weights().sentence.scores(np.concatenate(matrices))
    scored = [
        Sentence(s.row, s.document_id, s.start, s.end, s.text, float(value))
        for s, value in zip(found, values, strict=True)
    ]
    return sorted(scored, key=lambda sentence: -sentence.score)


def sentence_features(
    generation: Generation,
    question: Question,
    vector: Vectors,
    question_words: Vectors,
    passage: PassageRow,
    score: float,
) -> Vectors:
    """Features of each sentence of one passage, shape (sentences, SENTENCE_FEATURES)."""
    text = passage.passage.text
    spans = [(a - passage.passage.start, b - passage.passage.start) for a, b in passage.sentences]
    cosines = generation.sentence_vectors(passage.row) @ vector
    closeness = _sentence_maxsim(generation, question_words, passage, spans)
    rarity = {term: generation.lexical.rarity(term) for term in set(question.terms)}
    total = sum(rarity.values()) or 1.0
    context = set(terms(passage.passage.context))
    rows = []
    for number, (start, end) in enumerate(spans):
        sentence = text[start:end]
        stems = set(terms(sentence))
        covered = sum(weight for term, weight in rarity.items() if term in stems) / total
        around = sum(weight for term, weight in rarity.items() if term in stems | context) / total
        rows.append(
            (
                score,
                float(cosines[number]),
                closeness[number],
                covered,
                around,
                wanted(question, sentence),
                defines(question, sentence, stems),
                float(number == 0),
                float(end - start < 40),
                float(sentence.rstrip().endswith("?")),
                float(end - start > 300),
            )
        )
    return np.array(rows, np.float32)


def _sentence_maxsim(
    generation: Generation,
    question_words: Vectors,
    passage: PassageRow,
    spans: Sequence[tuple[int, int]],
) -> list[float]:
    starts = generation.word_starts(passage.row)
    before = len(embedded_text(passage.passage)) - len(passage.passage.text)
    if not len(question_words) or not len(starts):
        return [0.0] * len(spans)
    similarity = question_words @ generation.word_vectors(passage.row).T
    found = []
    for start, end in spans:
        inside = (starts >= start + before) & (starts < end + before)
        found.append(float(similarity[:, inside].max(axis=1).mean()) if inside.any() else 0.0)
    return found


def wanted(question: Question, sentence: str) -> float:
    """1 if the sentence holds what the kind of question asks for, beyond its own words, else 0."""
    if question.kind == "when":
        return float(bool(_YEAR.search(sentence) or _DATE.search(sentence)))
    if question.kind == "how_many":
        return float(bool(_NUMBER.search(sentence)))
    if question.kind in ("who", "where"):
        return float(bool(_new_names(question, sentence)))
    if question.kind == "reason":
        return float(bool(_REASON.search(sentence)))
    return 0.0


def defines(question: Question, sentence: str, stems: set[str]) -> float:
    """1 if a definition is asked for and the sentence opens with the term and a copula."""
    if question.kind != "definition":
        return 0.0
    match = _COPULA.search(sentence)
    if not match:
        return 0.0
    subject = set(terms(sentence[: match.start()]))
    return float(bool(subject) and set(question.terms) <= subject | {"mean", "defin"})


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
        return tuple(match.span() for match in _NUMBER.finditer(sentence))
    if question.kind in ("who", "where"):
        return tuple(_new_names(question, sentence))
    return ()


def _new_names(question: Question, sentence: str) -> list[tuple[int, int]]:
    """Spans of capitalised names that the question does not hold already."""
    asked = set(question.terms)
    found = []
    for match in _NAME.finditer(sentence):
        name = match.group()
        own = terms(name)
        if not own or set(own) <= asked:
            continue
        starts_sentence = match.start() == 0 or sentence[: match.start()].strip() in ("", "“", '"')
        if starts_sentence and " " not in name:
            continue
        found.append(match.span())
    return found
