"""What training added to the packaged encoder: a product of two thin matrices for each weight.

Low-rank adaptation: Hu et al. 2021, arXiv 2106.09685. `eval/train_encoder.py` fits it, together
with the extractive reader, on SQuAD's training set. The sums are drawn into the weights, so that
a text costs what it cost before.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kb.arrays import from_text
from kb.records import Vectors

FILE = Path(__file__).with_name("encoder.json")


def additions() -> dict[str, Vectors]:
    """What is added to each weight of the encoder, by its name; shape that of the weight."""
    stated = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: from_text(parts["up"]) @ from_text(parts["down"])
        for name, parts in stated["weights"].items()
    }


def checksum() -> str:
    """SHA-256 of the file: vectors change with it."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()
