"""Questions over texts that are not ours to copy: gold is a place, the words stay away.

One JSON object a line; `sha256` opens the checksum of the words, so that a place that moved is
noticed::

    {"id": "manual-1", "question": "...", "kind": "fact",
     "gold": [{"document": "02-chapter-2.md", "start": 810, "end": 951, "sha256": "9f86d081"}]}

Made from questions with quotes: python eval/placed.py QUESTIONS.jsonl TEXTS OUT.jsonl
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kb.errors import BadDataset
from kb.evaluation.bench import Bench, index_size, texts_of
from kb.evaluation.datasets import Dataset, load_dataset
from kb.evaluation.lines import digest_of, read_json_lines, required_text
from kb.evaluation.questions import Gold, Question, require_gold, resolve_gold
from kb.library import open_or_build
from kb.settings import Settings, load_settings

CHECKED = 8  # digits of a checksum


def placed_bench(file: Path, settings: Settings) -> Bench:
    """The library of the settings' corpus, with the file's questions to it.

    Raises:
        BadDataset: The file is not in its format, or other words stand at a place.
    """
    library = open_or_build(settings)
    texts = texts_of(library)
    questions = tuple(_question(row, place, texts) for place, row in read_json_lines(file))
    judgements = {q.question_id: {gold.document: 1 for gold in q.gold} for q in questions}
    dataset = Dataset(file.stem, digest_of([file]), questions, judgements)
    return Bench(library, dataset, settings, None, index_size(library, settings))


def _question(row: Mapping[str, object], place: str, texts: Mapping[str, str]) -> Question:
    entries = row.get("gold")
    gold = []
    for entry in entries if isinstance(entries, list) else []:
        document, start, end = entry["document"], entry["start"], entry["end"]
        words = texts.get(document, "")[start:end]
        if _checksum(words) != entry["sha256"]:
            raise BadDataset(f"{place}: other words stand in {document} from {start} to {end}")
        gold.append(Gold(document, words, ((start, end),)))
    return Question(
        required_text(row, "id", place),
        required_text(row, "question", place),
        required_text(row, "kind", place),
        answerable=bool(gold),
        gold=tuple(gold),
    )


def _checksum(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:CHECKED]


def write_placed(questions: Path, corpus: Path, out: Path) -> None:
    """Writes the questions with the places of their quotes in place of the quotes.

    Raises:
        BadDataset: A quote does not stand in its document.
    """
    with tempfile.TemporaryDirectory() as index:
        texts = texts_of(open_or_build(load_settings(corpus=corpus, index=Path(index))))
    resolved, problems = resolve_gold(load_dataset(questions).questions, texts)
    require_gold(problems)
    lines = []
    for question in resolved:
        gold = [
            {
                "document": entry.document,
                "start": start,
                "end": end,
                "sha256": _checksum(texts[entry.document][start:end]),
            }
            for entry in question.gold
            for start, end in entry.spans
        ]
        row = {"id": question.question_id, "question": question.text, "kind": question.kind}
        lines.append(json.dumps({**row, "gold": gold}, ensure_ascii=False))
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("questions", "corpus", "out"):
        parser.add_argument(name, type=Path)
    write_placed(**vars(parser.parse_args()))
