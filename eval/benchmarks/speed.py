"""Cold start, warm questions and building, each as a ratio or a median in one run.

    python eval/benchmarks/speed.py

Reads the shipped library; builds it into a temporary folder.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from recording import record

from kb.building import embedded, word_projection
from kb.embedding import ReferenceEmbedder, load_embedder, model_folder
from kb.library import Library
from kb.passages import embedded_text
from kb.records import Passage
from kb.sentences import sentence_spans
from kb.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
ROUNDS = 9  # of a ninth of the passages each, the two sides in turn
COLD_STARTS = 7
PASSAGES = 1000  # timed passages, and the size that warm questions are asked at
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
    spent = [library.ask(question).elapsed_ms["total"] for question in asked]
    return {
        "p50_ms": round(statistics.median(spent), 2),
        "p95_ms": round(float(np.percentile(spent, 95)), 2),
    }


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
        found["embedding"] = building(settings, library)
    record(
        "speed",
        found,
        packages=("openvino", "sentence-transformers", "torch", "faiss-cpu", "bm25s"),
    )
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
