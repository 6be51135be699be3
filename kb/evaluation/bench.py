"""A library made ready for a data set, and what that cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kb.building import BuildReport, Progress
from kb.evaluation.datasets import Dataset
from kb.evaluation.questions import GoldProblem, require_gold, resolve_gold
from kb.library import Library, build_library, open_or_build, quiet
from kb.settings import Settings


@dataclass(frozen=True, slots=True)
class Bench:
    """A library made ready for a data set.

    Attributes:
        dataset: With its gold resolved.
        settings: Those under which the library answers.
        build: What building took, None for a question set. Passages that an earlier build
            embedded come from its cache.
        index_bytes: Size of the generation on disk.
    """

    library: Library
    dataset: Dataset
    settings: Settings
    build: BuildReport | None
    index_bytes: int


def prepare(
    dataset: Dataset,
    settings: Settings,
    *,
    library: Library | None = None,
    progress: Progress = quiet,
) -> Bench:
    """The library that the data set's questions are asked of.

    A data set with documents of its own is built into an index of its own, beneath the
    folder `evaluation` of the index; a question set is asked of the corpus as it is, whose
    index is built first if it is missing or stale.

    Args:
        dataset: From `load_dataset`.
        settings: Name the folders and the model.
        library: Asked a question set as it is, instead of one that is opened for it.
        progress: Told of every step.

    Raises:
        BadDataset: A gold span does not stand in its document.
        KbError: The index cannot be built or opened.
    """
    build = None
    if dataset.documents:
        settings = settings.model_copy(
            update={"index": settings.index / "evaluation" / dataset.name}
        )
        build = build_library(
            dataset.documents, settings, corpus_digest=dataset.corpus_digest, progress=progress
        )
        library = Library.open(settings, check_corpus=False)
    else:
        library = library or open_or_build(settings, progress=progress)
        questions, problems = resolve_gold(dataset.questions, texts_of(library))
        require_gold(problems)
        dataset = replace(dataset, questions=questions)
    return Bench(library, dataset, settings, build, index_size(library, settings))


def index_size(library: Library, settings: Settings) -> int:
    """Bytes that the library's generation takes on disk."""
    folder = settings.index / "generations" / library.manifest.generation
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def texts_of(library: Library) -> dict[str, str]:
    """Text of every document by path."""
    return {s.path: library.document(s.document_id).text for s in library.sources()}


def check_gold(dataset: Dataset, settings: Settings) -> tuple[GoldProblem, ...]:
    """Gold of a question set that does not stand in the library as it is."""
    library = open_or_build(settings)
    return resolve_gold(dataset.questions, texts_of(library))[1]


def cost(bench: Bench, times: Sequence[float]) -> dict[str, Any]:
    """What asking and building cost, from the milliseconds that each question took."""
    build = bench.build
    return {
        "latency_ms_p50": round(float(np.percentile(times, 50)), 3) if times else None,
        "latency_ms_p95": round(float(np.percentile(times, 95)), 3) if times else None,
        "build_seconds": round(build.seconds, 3) if build else None,
        "passages_embedded": build.embedded if build else None,
        "index_bytes": bench.index_bytes,
    }
