"""Whether confidence tells questions that a library answers from questions of another subject.

    python eval/benchmarks/other_subjects.py DATA [--index FOLDER]

SQuAD's paragraphs are asked their own answerable questions and terms of management, both without
those that anything was fitted on. Beside the AUROC of confidence stands that of the
highest cosine between question and passage, which is what a plain index can tell.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from recording import record

from kb.embedding import load_embedder
from kb.evaluation.abstention import auroc
from kb.evaluation.bench import Bench, prepare
from kb.evaluation.datasets import Dataset, load_dataset
from kb.evaluation.questions import Question
from kb.index import open_generation
from kb.settings import load_settings

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "eval"))
from train import fitted_foreign, key_of, training_half  # noqa: E402

LIBRARY, OTHERS = "squad2_dev_a", "openstax_mgmt_terms"


def unfitted(dataset: Dataset) -> list[Question]:
    """Questions of the half that is not fitted."""
    return [q for q in dataset.questions if not training_half(key_of(q, dataset.judgements))]


def measured(bench: Bench, questions: Sequence[str]) -> dict[str, list[float]]:
    """Confidence of each answer, and highest cosine of a passage with each question."""
    generation = open_generation(bench.settings)
    vectors = load_embedder(bench.settings).encode(questions)
    cosines = [float(generation.search(vector, 1)[1][0]) for vector in vectors]
    generation.close()
    return {"confidence": [bench.library.ask(q).confidence for q in questions], "cosine": cosines}


def main() -> None:
    """Ask, compare, record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="folder of the public collections")
    parser.add_argument("--index", type=Path, default=ROOT / "index" / "training")
    given = parser.parse_args()
    bench = prepare(load_dataset(given.data / LIBRARY), load_settings(index=given.index))
    others = load_dataset(given.data / OTHERS)
    fitted = {question.question_id for question in fitted_foreign(others.questions)}
    own = [question.text for question in unfitted(bench.dataset) if question.answerable]
    foreign = [q.text for q in unfitted(others) if q.question_id not in fitted]
    inside, outside = measured(bench, own), measured(bench, foreign)
    figures = {
        f"auroc_{name}": round(auroc(inside[name], outside[name]) or 0, 4) for name in inside
    }
    counts = {"questions": len(own), "questions_of_another_subject": len(foreign)}
    packages = ("faiss-cpu", "bm25s", "openvino", "leadership-kb")
    print(record("other_subjects", {**counts, **figures}, packages=packages).read_text())


if __name__ == "__main__":
    main()
