"""Texts without questions as something to train on: a sentence asks for what it was taken out of.

One sentence of a passage is its question and is left out of it (inverse cloze task: Lee et al.
2019, arXiv 1906.00300). Passages that come near each other stand together as an article, so that
neighbours are what is not asked for. Abstracts of science are farthest from SQuAD of what is
measured. Only documents of the half that `train.py` fits are taken, and none of the questions.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import train
import train_extractive as extractive

from kb.evaluation.bench import prepare
from kb.evaluation.datasets import load_dataset
from kb.library import Library
from kb.settings import load_settings

COLLECTION = "beir_scifact"
MOST = 2400  # passages
TOGETHER = 8  # passages of an article
SENTENCES = 3  # that a passage has at the least
WORDS = 8  # that the sentence left out has at the least


def add_all(found: extractive.Passages, data: Path, index: Path) -> None:
    """Puts passages of the collection behind those that are there.

    They have no answer marked: its bounds are (0, 0), and no passage is noted as near.

    Args:
        found: What `train_extractive.py` has prepared.
        data: Folder of the collections.
        index: Folder of their indexes, built where they are missing.
    """
    settings = load_settings(corpus=train.ROOT / "corpus", index=index)
    add(found, COLLECTION, prepare(load_dataset(data / COLLECTION), settings).library)


def add(found: extractive.Passages, name: str, library: Library) -> None:
    """Puts passages of a library behind those that are there, a sentence left out of each."""
    generation = library._generation
    rows, texts, before = extractive.passages_of(generation)
    drawn = np.random.permutation(
        [
            number
            for number, row in enumerate(rows)
            if len(row.sentences) >= SENTENCES and train.training_half(row.passage.document_id)
        ]
    )[:MOST]
    vectors = generation.vectors(drawn)
    for number, article in enumerate(neighbourhoods(vectors)):
        for row in drawn[article]:
            bounds = np.array(rows[row].sentences, np.int32).reshape(-1, 2) + before[row]
            cut = without_one(texts[row], bounds)
            if cut is None:
                continue
            asked, text, kept = cut
            found.answers.append((len(found.texts), 0, 0))
            found.questions.append(asked)
            found.texts.append(text)
            found.sentences.append(kept)
            found.articles.append(f"{name}: {number}")


def neighbourhoods(vectors: np.ndarray) -> list[np.ndarray]:
    """Rows in groups of `TOGETHER`: one that is in none yet, and those nearest to it."""
    left = np.arange(len(vectors))
    found = []
    while len(left):
        order = np.argsort(-(vectors[left] @ vectors[left[0]]), kind="stable")[:TOGETHER]
        found.append(left[order])
        left = np.delete(left, order)
    return found


def without_one(text: str, bounds: np.ndarray) -> tuple[str, str, np.ndarray] | None:
    """A sentence drawn at random, the text without it and the bounds of the others there.

    None if no sentence is long enough.
    """
    long = [n for n, (a, b) in enumerate(bounds) if len(text[a:b].split()) >= WORDS]
    if not long:
        return None
    chosen = int(np.random.choice(long))
    start, end = (int(edge) for edge in bounds[chosen])
    behind = int(bounds[chosen + 1, 0]) if chosen + 1 < len(bounds) else end
    kept = np.delete(bounds, chosen, axis=0)
    kept[chosen:] -= behind - start
    return text[start:end], text[:start] + text[behind:], kept
