"""What a run was made with: settings, versions and machine, without names of hosts or folders."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kb.evaluation.datasets import Dataset
from kb.evaluation.significance import SEED
from kb.records import Manifest
from kb.settings import Settings

PACKAGES = ("leadership-kb", "ir-measures", "pytrec-eval-terrier", "numpy")


def run_manifest(
    dataset: Dataset, library: Manifest, settings: Settings, *, depth: int
) -> dict[str, Any]:
    """Everything that a run's numbers depend on, as JSON values.

    Args:
        dataset: What was asked.
        library: Manifest of the generation that answered.
        settings: In force while it answered.
        depth: Documents ranked for each question.
    """
    return {
        "dataset": {
            "name": dataset.name,
            "digest": dataset.digest,
            "questions": len(dataset.questions),
            "unanswerable": sum(not question.answerable for question in dataset.questions),
            "unjudged": dataset.unjudged,
        },
        "ranking": f"documents by the best score of their passages, the first {depth}",
        "correct": _correct_rule(dataset),
        "corpus_digest": library.corpus_digest,
        "generation": library.generation,
        "embedder": library.embedder,
        "documents": library.documents,
        "passages": library.passages,
        "problems": len(library.problems),
        "settings": {**_plain(settings.model_dump()), **_plain(library.settings)},
        "versions": {**library.versions, **_versions()},
        "seed": SEED,
        "machine": machine(),
    }


def _correct_rule(dataset: Dataset) -> str:
    if any(question.gold for question in dataset.questions):
        return "the answer quotes a gold span"
    return "the first citation stands in a relevant document"


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings without folders of this machine; of a model's folder the last name stays."""
    kept = {name: value for name, value in settings.items() if not isinstance(value, Path)}
    return {
        name: Path(value).name if isinstance(value, str) and os.sep in value else value
        for name, value in kept.items()
    }


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """Cores, processor and operating system."""
    return {"cores": os.cpu_count(), "processor": _processor(), "system": platform.system()}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()
