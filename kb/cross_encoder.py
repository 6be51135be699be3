"""An optional cross-encoder over the first passages; off by default.

Any sentence-transformers cross-encoder by name or folder. It reads question and passage
together, which is slower than everything else here, so it reads twenty passages at most.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kb.errors import ModelUnavailable
from kb.records import Vectors


class CrossEncoderModel:
    """A loaded cross-encoder."""

    def __init__(self, name: str) -> None:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from sentence_transformers import CrossEncoder

        is_folder = Path(name).is_dir()
        try:
            self._model = CrossEncoder(name, device="cpu", local_files_only=is_folder)
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"The cross-encoder {name!r} cannot be loaded ({error}). Set cross_encoder to the "
                'folder or name of a sentence-transformers cross-encoder, or to "" for none.'
            ) from None
        if self._model.num_labels != 1:
            raise ModelUnavailable(
                f"The cross-encoder {name!r} gives {self._model.num_labels} values a passage; "
                "expected one. Choose a model that was trained for ranking."
            )

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """Probability-like score of each text in [0, 1], shape (texts,); higher is closer."""
        if not texts:
            return np.zeros(0, np.float32)
        values = self._model.predict(
            [(question, text) for text in texts], show_progress_bar=False, convert_to_numpy=True
        )
        found = np.asarray(values, np.float32).reshape(len(texts))
        if found.min() < 0 or found.max() > 1:
            return np.asarray(1 / (1 + np.exp(-found)), np.float32)
        return found
