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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from recording import record

from kb.commands.terminal import progress_bar
from kb.corpus import add
from kb.embedding import load_embedder
from kb.library import Library, build_from_corpus
from kb.passages import embedded_text
from kb.readers.sandbox import shared_sandbox
from kb.settings import Settings

PLAIN_SAMPLE = 2048  # passages that are embedded once more, for nothing but their vectors
PACKAGES = ("openvino", "tokenizers", "faiss-cpu", "bm25s", "numpy")


class Stages:
    """Seconds by stage, from what a build reports of its progress."""

    def __init__(self, shown: Callable[[str, int, int], None]) -> None:
        self._shown = shown
        self._began, self._stage = time.perf_counter(), "Reading"
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Told by the build what it does now."""
        self._shown(stage, done, total)
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
    embedder = load_embedder(settings)
    with progress_bar() as shown:
        began = clocks()
        added = add([asked.folder], settings, progress=shown)
        between = clocks()
        stages = Stages(shown)
        report = build_from_corpus(settings, progress=stages, embedder=embedder)
        stages.end()
        ended = clocks()
    measured: dict[str, Any] = {
        "files": dict(Counter(one.outcome for one in added)),
        "sources": report.manifest.documents,
        "passages": report.manifest.passages,
        "problems": len(report.problems),
        "add_seconds": round(between[0] - began[0], 1),
        "build_seconds": round(ended[0] - between[0], 1),
        "processor_seconds": round(ended[1] - began[1], 1),
        "build_stage_seconds": stages.seconds,
        "peak_mebibytes": round(peak_mebibytes()),
    }
    shared_sandbox().close()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    measured["peak_mebibytes_of_the_parser"] = round(children)
    measured |= afterwards(settings, embedder, [ended[n] - began[n] for n in (0, 1)])
    print(record(asked.name, measured, packages=PACKAGES, note=NOTE).read_text(encoding="utf-8"))


NOTE = (
    "embedding_* extrapolates from an even sample that was embedded afterwards for nothing but its "
    "vectors. The ratio of processor seconds does not depend on what else runs on the machine; the "
    "one of seconds does, if load_average says that there was something."
)


def clocks() -> tuple[float, float]:
    """Seconds of the wall and of the processor."""
    return time.perf_counter(), time.process_time()


def afterwards(settings: Settings, embedder: Any, whole: Sequence[float]) -> dict[str, Any]:
    """What embedding alone takes, a rebuild without changes, and a first question."""
    began = time.perf_counter()
    report = build_from_corpus(settings, embedder=embedder)
    rebuild = time.perf_counter() - began
    library = Library.open(settings, embedder=embedder)
    passages = library.passages()
    rows = range(0, len(passages), max(1, len(passages) // PLAIN_SAMPLE))
    texts = sorted((embedded_text(passages[row]) for row in rows), key=len, reverse=True)
    first = clocks()
    embedder.encode(texts)
    share = len(passages) / len(rows)
    plain = [share * (now - then) for now, then in zip(clocks(), first, strict=True)]
    began = time.perf_counter()
    library.ask("How should a manager give feedback?")
    asked = time.perf_counter() - began
    library.close()
    return {
        "embedding_seconds": round(plain[0], 1),
        "embedding_processor_seconds": round(plain[1], 1),
        "add_and_build_over_embedding": round(whole[0] / plain[0], 3),
        "add_and_build_over_embedding_processor": round(whole[1] / plain[1], 3),
        "rebuild_without_changes_seconds": round(rebuild, 1),
        "rebuild_without_changes_embedded": report.embedded,
        "first_question_milliseconds": round(1000 * asked),
    }


if __name__ == "__main__":
    main()
