"""Writes down what a first start with the packaged model would else have to compute.

    python eval/record_model.py

That is what sentence-transformers makes of the probe texts, and the projection of word
vectors. To be run again when the probe texts, the way to the projection or the packaged
weights change; indexes that were built keep their own projection.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

from kb import building, embedding

FILE = Path(embedding.__file__).with_name("minilm_probes.json")


def main() -> None:
    """Replaces the recorded probes and the recorded projection."""
    reference = embedding.ReferenceEmbedder(embedding.model_folder(embedding.DEFAULT_MODEL))
    np.save(
        building.PROJECTIONS / f"{reference.fingerprint}.npy",
        building.computed_projection(reference),
    )
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
