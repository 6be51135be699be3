"""How good an answer is: gold spans held, token F1, lists, citations."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

from kb.evaluation.questions import Gold, Question
from kb.records import Answer, Citation, Passage

Span = tuple[int, int]
_DASH = re.compile("[–—]")  # which the SQuAD 2.0 scorer takes for a letter


def holds(quoted: Span, gold: Span) -> bool:
    """Whether quoted characters hold gold characters of the same document.

    They do if they contain the gold span, or if they lie inside a longer one and make up at
    least half of it: gold may run over several sentences, a quote is one.
    """
    if quoted[0] <= gold[0] and gold[1] <= quoted[1]:
        return True
    inside = gold[0] <= quoted[0] and quoted[1] <= gold[1]
    return inside and 2 * (quoted[1] - quoted[0]) >= gold[1] - gold[0]


def holds_gold(places: Iterable[tuple[str, Span]], golds: Iterable[Gold]) -> bool:
    """Whether one of the places `(path, span)` holds one of the gold spans."""
    known = list(golds)
    return any(
        path == gold.document and holds(span, place)
        for path, span in places
        for gold in known
        for place in gold.spans
    )


def normalise(text: str) -> list[str]:
    """Tokens as the SQuAD 2.0 scorer makes them: lower case, no punctuation, no articles."""
    lowered = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", lowered).split()


def token_f1(prediction: str, references: Sequence[str]) -> float:
    """Best F1 of shared tokens over the references, in [0, 1]; no reference means "no answer".

    The definition is that of the SQuAD 2.0 evaluation script (Rajpurkar et al. 2018): if
    either side has no token, 1 when both have none and 0 otherwise.
    """
    return max((_pair_f1(prediction, gold) for gold in references or ("",)), default=0.0)


def _pair_f1(prediction: str, reference: str) -> float:
    said, gold = normalise(prediction), normalise(reference)
    if not said or not gold:
        return float(said == gold)
    shared = sum((Counter(said) & Counter(gold)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(said), shared / len(gold)
    return 2 * precision * recall / (precision + recall)


def list_scores(text: str, items: Sequence[str]) -> tuple[float, float | None]:
    """Share of the items that the text names, and share of found pairs in the right order.

    An item is found where its normalised tokens stand one after another; its place is the
    first such. A dash parts words. The order is None if fewer than two items are found.
    """
    tokens = normalise(_DASH.sub(" ", text))
    places = [_first_place(tokens, normalise(_DASH.sub(" ", item))) for item in items]
    found = [place for place in places if place is not None]
    completeness = len(found) / len(items) if items else 0.0
    pairs = list(combinations(found, 2))
    return completeness, sum(a < b for a, b in pairs) / len(pairs) if pairs else None


def _first_place(tokens: Sequence[str], item: Sequence[str]) -> int | None:
    width = len(item)
    places = (i for i in range(len(tokens) - width + 1) if list(tokens[i : i + width]) == item)
    return next(places, None) if width else None


def answer_scores(
    question: Question,
    answer: Answer,
    *,
    text_of: Callable[[str], str],
    passages: Mapping[str, Passage],
) -> dict[str, float | None]:
    """Scores of one answer by name; a score that does not apply to the question is None.

    Args:
        question: With resolved gold.
        answer: What the library said.
        text_of: Text of a document, by document identifier.
        passages: Passages of the generation that answered, by identifier.

    Returns:
        first_sentence, first_three, in_answer: 1 if a gold span is held there;
        comparison_coverage: share of the gold documents whose gold is held in the answer;
        F1, F1_marked: token F1 of the first sentence, and of its marked words if it has any;
        list_complete, list_order: see `list_scores`;
        citation_verbatim: share of citations that are their document's characters, stand in
        their passage or in a heading above it, and are the statement that cites them;
        passage_holds_gold: 1 if a cited passage holds a gold span.
    """
    scores: dict[str, float | None] = dict.fromkeys(SCORES)
    if question.answerable and any(gold.spans for gold in question.gold):
        scores |= _span_scores(question, answer, passages)
    if question.references or not question.answerable:
        first = answer.statements[0] if answer.statements else None
        marked = " ".join(first.text[a:b] for a, b in first.marks) if first else ""
        sentence = first.text if first else ""
        scores["F1"] = token_f1(sentence, question.references)
        scores["F1_marked"] = token_f1(marked or sentence, question.references)
    if question.items:
        said = "\n".join(statement.text for statement in answer.statements)
        scores["list_complete"], scores["list_order"] = list_scores(said, question.items)
    if answer.statements:
        scores["citation_verbatim"] = _verbatim(answer, text_of, passages)
    return scores


SCORES = (
    "first_sentence",
    "first_three",
    "in_answer",
    "comparison_coverage",
    "F1",
    "F1_marked",
    "list_complete",
    "list_order",
    "citation_verbatim",
    "passage_holds_gold",
)


def _span_scores(
    question: Question, answer: Answer, passages: Mapping[str, Passage]
) -> dict[str, float | None]:
    cited = {citation.number: citation for citation in answer.citations}
    order = [cited[statement.citation] for statement in answer.statements]
    places = [(citation.path, (citation.start, citation.end)) for citation in order]
    wide = [
        (citation.path, (passages[citation.passage_id].start, passages[citation.passage_id].end))
        for citation in order
        if citation.passage_id in passages
    ]
    golds = question.gold
    scores: dict[str, float | None] = {
        "first_sentence": float(holds_gold(places[:1], golds)),
        "first_three": float(holds_gold(places[:3], golds)),
        "in_answer": float(holds_gold(places, golds)),
        "passage_holds_gold": float(holds_gold(wide, golds)),
    }
    documents = sorted({gold.document for gold in golds})
    if question.kind == "comparison" and len(documents) > 1:
        held = [holds_gold(places, [g for g in golds if g.document == d]) for d in documents]
        scores["comparison_coverage"] = sum(held) / len(documents)
    return scores


def _verbatim(
    answer: Answer, text_of: Callable[[str], str], passages: Mapping[str, Passage]
) -> float:
    said = {statement.citation: statement.text for statement in answer.statements}
    right = [_is_verbatim(c, said.get(c.number), text_of, passages) for c in answer.citations]
    return sum(right) / len(right) if right else 0.0


def _is_verbatim(
    citation: Citation,
    said: str | None,
    text_of: Callable[[str], str],
    passages: Mapping[str, Passage],
) -> bool:
    passage = passages.get(citation.passage_id)
    return (
        passage is not None
        and citation.quote != ""
        and text_of(citation.document_id)[citation.start : citation.end] == citation.quote
        and passage.document_id == citation.document_id
        and _belongs(citation, passage)
        and said in (None, citation.quote)
    )


def _belongs(citation: Citation, passage: Passage) -> bool:
    """Whether the quote stands in the passage or is one of the headings above it."""
    inside = passage.start <= citation.start and citation.end <= passage.end
    return inside or citation.quote in passage.locator.headings
