"""A BERT encoder as an OpenVINO graph, written straight from its safetensors file.

The way by torch costs a first start many seconds of imports and tracing; the graph is a
page of algebra. Devlin et al. 2018, arXiv 1810.04805; the mean of the token vectors, as a
unit vector, is the text's: Reimers and Gurevych 2019, arXiv 1908.10084. What is multiplied is
made even before it is rounded: Xiao et al. 2022, arXiv 2211.10438.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb.records import Vectors

Node = Any  # of an OpenVINO graph
GROUP = 32  # numbers rounded together; whole rows would turn vectors twice as far
EVENED = 0.3  # share of what is rounded that goes over to its weights; .1 to .4 do alike
SMALLEST = 1e-9  # no nought is divided by
LONGEST_HEADER = 100 * 1024 * 1024  # bytes; the format's own bound


def read_safetensors(file: Path) -> dict[str, Any]:
    """Arrays of float32 by name; others are passed over.

    Raises:
        ValueError: The file does not have the format.
    """
    content = memoryview(file.read_bytes())
    length = int.from_bytes(content[:8], "little")
    if not 0 < length <= min(LONGEST_HEADER, len(content) - 8):
        raise ValueError(f"{file.name} is no safetensors file")
    header = json.loads(bytes(content[8 : 8 + length]))
    body = content[8 + length :]
    return {
        name: np.frombuffer(body[slice(*facts["data_offsets"])], np.float32).reshape(facts["shape"])
        for name, facts in header.items()
        if name != "__metadata__" and facts["dtype"] == "F32"
    }


def write_bert(openvino: Any, folder: Path, target: Path, additions: Mapping[str, Vectors]) -> None:
    """Writes the graph, its weights rounded, to `target` and a `.bin` beside it.

    Matrices are rounded to 8 bits, the table of word pieces to 16: a question's pass is bound by
    the weights it reads, and takes half the time. Products with such matrices also round what is
    multiplied, where the processor gains by it (OpenVINO's dynamic quantisation).

    Its inputs are `input_ids` and `attention_mask`, shape (texts, pieces); its outputs
    `vector`, unit vectors of shape (texts, dimension), and `tokens`, shape (texts, pieces,
    dimension).

    Args:
        openvino: The module.
        folder: Of a sentence-transformers model: BERT, mean of the tokens, unit length.
        target: Ends in `.xml`.
        additions: What is added to weights, by their names.

    Raises:
        KeyError: A weight is missing.
    """
    from openvino import opset13 as ops

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = read_safetensors(folder / "model.safetensors")
    weights |= {name: weights[name] + added for name, added in additions.items()}
    encoder = _Encoder(ops, weights, config)
    ids = ops.parameter([-1, -1], np.int64, name="input_ids")
    mask = ops.parameter([-1, -1], np.int64, name="attention_mask")
    for node in (ids, mask):
        node.output(0).get_tensor().set_names({node.get_friendly_name()})
    tokens = encoder.tokens(ids, mask)
    outputs = [
        ops.result(node, name=name)
        for node, name in ((encoder.pooled(tokens, mask), "vector"), (tokens, "tokens"))
    ]
    for node in outputs:
        node.output(0).get_tensor().set_names({node.get_friendly_name()})
    model = openvino.Model(outputs, [ids, mask], "bert")
    openvino.save_model(model, str(target), compress_to_fp16=False)


@dataclass(frozen=True, slots=True)
class _Encoder:
    """Builds the nodes of one encoder from its weights."""

    ops: Any
    weights: Mapping[str, Any]
    config: Mapping[str, Any]

    def tokens(self, ids: Node, mask: Node) -> Node:
        """Output vectors of the last layer."""
        ops = self.ops
        length = ops.gather(ops.shape_of(ids), np.array([1]), np.int64(0))
        places = ops.slice(
            self._weight("embeddings.position_embeddings.weight"), [0], length, [1], [0]
        )
        kind = self.weights["embeddings.token_type_embeddings.weight"][:1]
        found = ops.gather(self._table("embeddings.word_embeddings.weight"), ids, np.int64(0))
        found = self._normalised(
            ops.add(ops.add(found, ops.constant(kind)), places), "embeddings.LayerNorm"
        )
        # Padding is as far from every query as a number can be.
        padding = ops.subtract(np.float32(1), ops.convert(mask, "f32"))
        away = ops.multiply(padding, np.float32(np.finfo(np.float32).min))
        away = ops.unsqueeze(away, [1, 2])
        norm = "embeddings.LayerNorm"
        for number in range(self.config["num_hidden_layers"]):
            found = self._layer(found, away, f"encoder.layer.{number}.", norm)
            norm = f"encoder.layer.{number}.output.LayerNorm"
        return found

    def pooled(self, tokens: Node, mask: Node) -> Node:
        """Unit vector of the mean of the tokens that are no padding."""
        ops = self.ops
        read = ops.unsqueeze(ops.convert(mask, "f32"), [2])
        total = ops.reduce_sum(ops.multiply(tokens, read), [1])
        mean = ops.divide(total, ops.maximum(ops.reduce_sum(read, [1]), np.float32(1e-9)))
        return ops.normalize_l2(mean, [1], eps=1e-24, eps_mode="max")

    def _layer(self, found: Node, away: Node, name: str, norm: str) -> Node:
        ops, between = self.ops, f"{name}attention.output.LayerNorm"
        query, key, value = (
            self._heads(self._linear(found, f"{name}attention.self.{part}", norm))
            for part in ("query", "key", "value")
        )
        heard = ops.scaled_dot_product_attention(query, key, value, away)
        heard = ops.reshape(ops.transpose(heard, [0, 2, 1, 3]), [0, 0, -1], special_zero=True)
        heard = self._linear(heard, f"{name}attention.output.dense")
        found = self._normalised(ops.add(heard, found), between)
        inner = ops.gelu(self._linear(found, f"{name}intermediate.dense", between), "erf")
        inner = self._linear(inner, f"{name}output.dense")
        return self._normalised(ops.add(inner, found), f"{name}output.LayerNorm")

    def _heads(self, found: Node) -> Node:
        heads = self.config["num_attention_heads"]
        width = self.config["hidden_size"] // heads
        parted = self.ops.reshape(found, [0, 0, heads, width], special_zero=True)
        return self.ops.transpose(parted, [0, 2, 1, 3])

    def _linear(self, found: Node, name: str, norm: str | None = None) -> Node:
        """The layer of that name over what the layer norm, if one is named, has put out.

        Numbers that a norm makes great are divided, their weights multiplied: the greatest of a
        group sets the step in which all of it is rounded.
        """
        ops, weight = self.ops, self.weights[f"{name}.weight"]
        if norm:
            size = np.hypot(self.weights[f"{norm}.weight"], self.weights[f"{norm}.bias"])
            most = np.abs(weight).max(axis=0) + SMALLEST
            steps = (size + SMALLEST) ** EVENED / most ** (1 - EVENED)
            found, weight = ops.multiply(found, ops.constant(1 / steps)), weight * steps
        product = ops.matmul(found, self._rounded(weight), False, True)
        return ops.add(product, self._weight(f"{name}.bias"))

    def _normalised(self, found: Node, name: str) -> Node:
        ops = self.ops
        epsilon = self.config["layer_norm_eps"]
        even = ops.mvn(found, [-1], True, epsilon, "inside_sqrt")
        scaled = ops.multiply(even, self._weight(f"{name}.weight"))
        return ops.add(scaled, self._weight(f"{name}.bias"))

    def _rounded(self, matrix: Vectors) -> Node:
        """In 8 bits: numbers as shares of the greatest of the `GROUP` in a row they stand in."""
        groups = matrix.reshape(len(matrix), -1, GROUP)
        scale = np.maximum(np.abs(groups).max(axis=-1, keepdims=True), SMALLEST) / 127
        shares = self.ops.constant(np.rint(groups / scale).astype(np.int8))
        product = self.ops.multiply(
            self.ops.convert(shares, "f32"), self.ops.constant(scale.astype(np.float32))
        )
        return self.ops.reshape(product, np.array(matrix.shape), False)

    def _table(self, name: str) -> Node:
        return self.ops.convert(self.ops.constant(self.weights[name].astype(np.float16)), "f32")

    def _weight(self, name: str) -> Node:
        return self.ops.constant(self.weights[name])
