"""Writes down what a first start with the packaged model would else have to compute.

    python eval/record_model.py

That is what sentence-transformers makes of the probe texts, and the projection of word vectors:
that of the weights alone, since what is added to them was trained with it. To be run again when
the probe texts, the way to the projection, the packaged weights or what is added to them change;
indexes that were built keep their own projection.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np

from kb import building, embedding

FILE = Path(embedding.__file__).with_name("minilm_probes.json")


def main() -> None:
    """Replaces the recorded probes and the recorded projection."""
    folder = embedding.model_folder(embedding.DEFAULT_MODEL)
    reference = embedding.ReferenceEmbedder(folder)
    with tempfile.TemporaryDirectory() as copied:
        # Nothing is added to weights that lie elsewhere.
        plain = embedding.ReferenceEmbedder(Path(shutil.copytree(folder, Path(copied) / "plain")))
        matrix = building.computed_projection(plain)
    for old in building.PROJECTIONS.glob("*.npy"):
        old.unlink()
    np.save(building.PROJECTIONS / f"{embedding.model_fingerprint(folder)}.npy", matrix)
    vectors = reference.encode(embedding.PROBE_TEXTS).astype(float).round(7).tolist()
    recorded = {
        "weights_sha256": embedding.MINILM_SHA256,
        "sentence-transformers": version("sentence-transformers"),
        "torch": version("torch"),
        "vectors": vectors,
    }
    FILE.write_text(json.dumps(recorded) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
