"""Writes what a benchmark measured, with what it was measured on, below `results/`."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kb.evaluation.manifests import machine

RESULTS = Path(__file__).parent / "results"


def record(
    name: str, measured: Mapping[str, Any], *, packages: tuple[str, ...], note: str = ""
) -> Path:
    """The result file, written anew.

    Args:
        name: Of the benchmark and of its file.
        measured: Figures with their units in their names.
        packages: Those on whose versions the figures depend.
        note: What a reader must know to judge the figures.
    """
    manifest = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "load_average": round(os.getloadavg()[0], 1),
        "versions": {"python": platform.python_version()}
        | {package: version(package) for package in packages},
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    content = {"benchmark": name, **measured, "note": note, "manifest": manifest}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
