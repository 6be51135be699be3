"""Trained numbers in text files: shape, and halves of a float in base64."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from kb.records import Vectors


def as_text(array: Vectors) -> dict[str, Any]:
    """The array rounded to 16 bits, ready for JSON."""
    packed = base64.b64encode(np.ascontiguousarray(array, np.float16).tobytes())
    return {"shape": list(array.shape), "float16": packed.decode()}


def from_text(stated: Mapping[str, Any]) -> Vectors:
    """The array that `as_text` wrote, as float32."""
    numbers = np.frombuffer(base64.b64decode(stated["float16"]), np.float16)
    return numbers.astype(np.float32).reshape(stated["shape"])
