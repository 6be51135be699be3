"""Thousands of files added and built: memory at its peak, and time against embedding alone.

    python eval/benchmarks/large_library.py FOLDER --work NEW_FOLDER

FOLDER holds the texts, as the 3,760 Markdown files of a company's handbook. The embedding model
is made ready before the clock starts.
"""

from __future__ import annotations

import argparse
import re
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from recording import record

from kb.building import BuildReport
from kb.corpus import add
from kb.embedding import load_embedder
from kb.library import Library, build_from_corpus, build_library
from kb.readers.sandbox import shared_sandbox
from kb.settings import Settings

PLAIN_SAMPLE = 2048  # passages that are embedded once more, for nothing but their vectors
PACKAGES = ("openvino", "tokenizers", "faiss-cpu", "bm25s", "numpy")


class TimedEmbedder:
    """An embedder, and the seconds that it took."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.seconds = self.processor_seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def encode_tokens(self, texts: Sequence[str]) -> Iterator[Any]:
        """What the embedder gives; only its own time counts."""
        found = iter(self._inner.encode_tokens(texts))
        while True:
            began, used = time.perf_counter(), time.process_time()
            try:
                one = next(found)
            except StopIteration:
                return
            finally:
                self.seconds += time.perf_counter() - began
                self.processor_seconds += time.process_time() - used
            yield one


class Stages:
    """Seconds by stage, from what a build reports of its progress."""

    def __init__(self) -> None:
        self._began, self._stage = time.perf_counter(), "Reading"
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Told by the build what it does now."""
        stage = "Reading" if stage.startswith("Reading") else stage
        if stage != self._stage:
            self.end()
            self._stage = stage

    def end(self) -> None:
        """Closes the stage that is under way."""
        now = time.perf_counter()
        self.seconds[self._stage] = round(now - self._began, 1)
        self._began = now


def peak_mebibytes() -> float:
    """Most memory that this process has held at once."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="folder for corpus and index")
    parser.add_argument("--name", default="large_library", help="of the result file")
    asked = parser.parse_args()
    settings = Settings(corpus=asked.work / "corpus", index=asked.work / "index")
    embedder = TimedEmbedder(load_embedder(settings))
    # Fills the cache with what a model needs once: its projection.
    build_library([], settings, corpus_digest="", embedder=embedder)
    embedder.seconds = embedder.processor_seconds = 0.0

    began, used = time.perf_counter(), time.process_time()
    added = add([asked.folder], settings)
    add_seconds = time.perf_counter() - began
    stages = Stages()
    report = build_from_corpus(settings, progress=stages, embedder=embedder)
    stages.end()
    processor = time.process_time() - used
    measured = figures(Counter(one.outcome for one in added), add_seconds, report, embedder)
    measured["processor_seconds"] = round(processor, 1)
    measured["embedding_processor_seconds"] = round(embedder.processor_seconds, 1)
    measured["build_stage_seconds"] = stages.seconds
    measured["peak_mebibytes"] = round(peak_mebibytes())
    shared_sandbox().close()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    measured["peak_mebibytes_of_the_parser"] = round(children)
    measured.update(afterwards(settings, embedder))
    print(record(asked.name, measured, packages=PACKAGES, note=NOTE).read_text(encoding="utf-8"))


NOTE = (
    "embedding_seconds is the time inside the model while the build ran, tokenising included; "
    "plain_embedding_seconds extrapolates from an even sample embedded afterwards for nothing "
    "but its vectors. Other work ran on the machine at the same time if load_average says so."
)


def figures(
    added: Counter[str], add_seconds: float, report: BuildReport, embedder: TimedEmbedder
) -> dict[str, Any]:
    total = add_seconds + report.seconds
    return {
        "files": dict(added),
        "sources": report.manifest.documents,
        "passages": report.manifest.passages,
        "problems": len(report.problems),
        "add_seconds": round(add_seconds, 1),
        "build_seconds": round(report.seconds, 1),
        "embedding_seconds": round(embedder.seconds, 1),
        "build_over_embedding": round(report.seconds / embedder.seconds, 3),
        "add_and_build_over_embedding": round(total / embedder.seconds, 3),
    }


def afterwards(settings: Settings, embedder: TimedEmbedder) -> dict[str, Any]:
    """The time of a rebuild without changes, and of embedding a sample for vectors alone."""
    began = time.perf_counter()
    report = build_from_corpus(settings, embedder=embedder)
    rebuild = time.perf_counter() - began
    library = Library.open(settings, embedder=embedder)
    passages = library.passages()
    rows = range(0, len(passages), max(1, len(passages) // PLAIN_SAMPLE))
    texts = [f"{passages[row].context}\n{passages[row].text}" for row in rows]
    began = time.perf_counter()
    embedder.encode(texts)
    plain = (time.perf_counter() - began) * len(passages) / len(rows)
    began = time.perf_counter()
    library.ask("How should a manager give feedback?")
    asked = time.perf_counter() - began
    library.close()
    return {
        "plain_embedding_seconds": round(plain, 1),
        "rebuild_without_changes_seconds": round(rebuild, 1),
        "rebuild_without_changes_embedded": report.embedded,
        "first_question_milliseconds": round(1000 * asked),
    }


if __name__ == "__main__":
    main()
