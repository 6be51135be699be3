"""Which sentences are evidence for a row of a comparison, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kb.compare import DIMENSION_QUESTIONS
from kb.embedding import BATCH_TEXTS, HashingEmbedder
from kb.evidence import Evidence
from kb.frameworks import DIMENSIONS
from kb.index import open_generation
from kb.library import Library
from kb.records import Vectors


class Counting(HashingEmbedder):
    """Remembers how many texts it was given at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[int] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the hashing embedder."""
        self.given.append(len(texts))
        return super().encode(texts)


def test_sentences_are_judged_a_few_at_a_time_with_the_same_result(library: Library) -> None:
    """More at a time would prepare the model for many texts, which stays in memory."""
    embedder = Counting()
    evidence = Evidence(open_generation(library.settings), embedder)
    citations = library.ask("What is orchard leadership?").citations * 24
    question = DIMENSION_QUESTIONS[DIMENSIONS[0]]
    found = evidence.closeness(question, citations)
    assert len(citations) > BATCH_TEXTS
    for source in library.sources():
        evidence.touching([source.document_id], DIMENSIONS[0])
    assert sum(embedder.given) > 2 * BATCH_TEXTS
    assert max(embedder.given) <= BATCH_TEXTS
    alone = [" ".join(each.quote.split()) for each in citations]
    headed = [
        f"{each.locator.headings[-1]}. {text}" for each, text in zip(citations, alone, strict=True)
    ]
    asked = embedder.encode([question])[0]
    expected = np.maximum(embedder.encode(alone) @ asked, embedder.encode(headed) @ asked)
    assert np.allclose(found, expected)
