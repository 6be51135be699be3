"""Cold start, warm questions and building, each as a ratio or a median in one run.

    python eval/benchmarks/speed.py [--fill FOLDER]

Reads the shipped library; builds it into a temporary folder. Warm questions are asked of some
1,000 of its passages and, if a folder of many texts is given, of 30,000: all of the shipped ones
with the model's vectors, filled up with texts of the folder whose vectors are hashed from words.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from recording import record

from kb.building import embedded, word_projection
from kb.corpus import read_documents, scan
from kb.embedding import (
    HashingEmbedder,
    ReferenceEmbedder,
    TokenEmbedding,
    load_embedder,
    model_folder,
)
from kb.library import Library, build_library
from kb.passages import embedded_text, split_document
from kb.records import Passage
from kb.sentences import sentence_spans
from kb.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
ROUNDS = 9  # of a ninth of the passages each, the two sides in turn
COLD_STARTS = 7
PASSAGES = 1000  # timed passages, and the size that warm questions are asked at
MANY_PASSAGES = 30_000
QUESTIONS = 200


def questions() -> list[str]:
    lines = (ROOT / "eval/questions/development.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][:QUESTIONS]


def command_of(settings: Settings, *arguments: str) -> list[str]:
    """A `kb` command on these folders."""
    program = str(Path(sys.executable).with_name("kb"))
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    return [program, *folders, *arguments]


def cold_starts(settings: Settings) -> list[float]:
    """Seconds from process start to the printed answer."""
    command = command_of(settings, "ask", "What is servant leadership?")
    found = []
    for _ in range(COLD_STARTS):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append(round(time.perf_counter() - began, 3))
    return found


def warm(library: Library) -> dict[str, float]:
    asked = questions()
    for question in asked[:20]:
        library.ask(question)
    spent, used = [], []
    for question in asked:
        began = time.process_time()
        spent.append(library.ask(question).elapsed_ms["total"])
        used.append(1000 * (time.process_time() - began))
    return {
        "p50_ms": round(statistics.median(spent), 2),
        "p95_ms": round(float(np.percentile(spent, 95)), 2),
        # Where other work keeps the machine busy, these still say what a question takes.
        "processor_p50_ms": round(statistics.median(used), 2),
        "processor_p95_ms": round(float(np.percentile(used, 95)), 2),
    }


class Filling:
    """The model for its own library's texts, hashed words for the rest."""

    def __init__(self, model: Any, own: Iterable[str]) -> None:
        self._model, self._own = model, frozenset(own)
        self._hashing = HashingEmbedder()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def encode_tokens(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenEmbedding]]:
        """Position and token output of every text."""
        by_model = [row for row, text in enumerate(texts) if text in self._own or len(texts) == 1]
        others = sorted(set(range(len(texts))) - set(by_model))
        for embedder, rows in ((self._model, by_model), (self._hashing, others)):
            for at, found in embedder.encode_tokens([texts[row] for row in rows]):
                yield rows[at], found


def warm_at(size: int, library: Library, home: Path, fill: Path | None) -> dict[str, Any]:
    """Warm questions of a library of about `size` passages, the shipped ones first."""
    model = load_embedder(library.settings)
    documents, passages = [], 0
    for source in library.sources():
        found = len(library.passages(source.document_id))
        if passages + found <= size:
            documents.append(library.document(source.document_id))
            passages += found
    if fill:
        settings = load_settings(corpus=fill, index=home)
        for document in read_documents(fill, scan(fill)[0], settings):
            if passages >= size:
                break
            if not isinstance(document, str):
                documents.append(document)
                passages += len(split_document(document, model))
    shutil.copytree(library.settings.index / "cache", home / "cache", dirs_exist_ok=True)
    settings = load_settings(corpus=library.settings.corpus, index=home)
    embedder = Filling(model, map(embedded_text, library.passages()))
    documents.sort(key=lambda one: one.source.path)
    report = build_library(documents, settings, corpus_digest="", embedder=embedder)
    opened = Library.open(settings, check_corpus=False, embedder=model)
    measured = {"passages": report.manifest.passages, **warm(opened)}
    opened.close()
    return measured


def rate(work: Callable[[Sequence[Passage]], None], passages: Sequence[Passage]) -> float:
    began = time.perf_counter()
    work(passages)
    return len(passages) / (time.perf_counter() - began)


def sentences_of(passage: Passage) -> tuple[tuple[int, int], ...]:
    """Spans of the passage's sentences in its embedded text."""
    before = len(embedded_text(passage)) - len(passage.text)
    found = sentence_spans(passage.text, 0, len(passage.text))
    return tuple((start + before, end + before) for start, end in found)


def building(settings: Settings, library: Library) -> dict[str, Any]:
    """Passages a second with everything that is stored of them, against plain `encode`."""
    passages = sorted(library.passages()[:PASSAGES], key=lambda one: -len(embedded_text(one)))
    fast = load_embedder(settings)
    reference = ReferenceEmbedder(model_folder(settings.model))
    matrix = word_projection(settings, fast)

    def everything(part: Sequence[Passage]) -> None:
        texts, spans = [embedded_text(one) for one in part], [sentences_of(one) for one in part]
        for _ in embedded(texts, spans, fast, matrix):
            pass

    def plain(part: Sequence[Passage]) -> None:
        reference.encode([embedded_text(one) for one in part])

    everything(passages[:64])
    plain(passages[:64])
    parts = [passages[first::ROUNDS] for first in range(ROUNDS)]
    pairs = [(rate(everything, part), rate(plain, part)) for part in parts]
    return {
        "passages_per_second": [round(ours, 1) for ours, _ in pairs],
        "reference_per_second": [round(theirs, 1) for _, theirs in pairs],
        "ratio": round(statistics.median(ours / theirs for ours, theirs in pairs), 2),
    }


def built(settings: Settings) -> float:
    """Seconds of `kb build` on an empty index, from process start to end."""
    began = time.perf_counter()
    subprocess.run(command_of(settings, "build"), check=True, capture_output=True)
    return round(time.perf_counter() - began, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fill", type=Path, help="folder of texts enough for 30,000 passages")
    fill = parser.parse_args().fill
    load_embedder(load_settings())  # the model is made ready before anything is timed
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(corpus=ROOT / "corpus", index=Path(folder) / "index")
        found: dict[str, Any] = {"build_seconds": built(settings)}
        # Of this moment's children the build needed the most memory.
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        found |= {"build_peak_mb": round(peak), "cold_start_seconds": cold_starts(settings)}
        found["cold_start_median"] = statistics.median(found["cold_start_seconds"])
        library = Library.open(settings)
        found |= {"passages": library.manifest.passages, "warm": warm(library)}
        found["warm_1000"] = warm_at(PASSAGES, library, Path(folder) / "1000", None)
        if fill:
            found["warm_30000"] = warm_at(MANY_PASSAGES, library, Path(folder) / "30000", fill)
        found["embedding"] = building(settings, library)
    record(
        "speed",
        found,
        packages=("openvino", "sentence-transformers", "torch", "faiss-cpu", "bm25s"),
    )
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
