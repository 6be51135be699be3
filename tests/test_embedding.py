"""Vectors: the hashing embedder's promises, and the export held against the reference."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kb.adaptation import additions
from kb.building import PROJECTIONS
from kb.embedding import (
    EXPORTED_FILES,
    MINIMUM_COSINE,
    PROBE_TEXTS,
    HashingEmbedder,
    OpenVinoEmbedder,
    ReferenceEmbedder,
    load_embedder,
    model_folder,
    model_of,
    recorded_probes,
)
from kb.errors import ModelUnavailable
from kb.interaction import SAMPLE_WORDS, projection, unit
from kb.settings import Settings

EMBEDDER = HashingEmbedder()
TEXTS = (
    "Trust grows when people keep small promises.",
    "Whoever keeps small promises grows trust in people.",
    "The harbour master counts barges at dawn.",
)


def test_texts_that_share_words_are_nearer_than_others() -> None:
    """Meaning can be tested without a model."""
    vectors = EMBEDDER.encode(TEXTS)
    assert vectors[0] @ vectors[1] > 0.5 > 0.2 > vectors[0] @ vectors[2]


def test_forms_of_a_word_meet() -> None:
    """The first five letters count too."""
    one, other, far = EMBEDDER.encode(["leading", "leadings", "harbour"])
    assert one @ other > 0.15 > abs(one @ far)


def test_vectors_are_unit_length_and_the_same_every_time() -> None:
    """A text without words is zero; order and company of texts change nothing."""
    vectors = EMBEDDER.encode([*TEXTS, "…"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 0], abs=1e-6)
    assert np.array_equal(vectors[1], HashingEmbedder().encode([TEXTS[1]])[0])


def test_no_text_gives_no_vector() -> None:
    """The shape keeps its width."""
    assert EMBEDDER.encode([]).shape == (0, 384)
    assert EMBEDDER.count_tokens([]) == []


def test_word_spans_slice_the_text() -> None:
    """One row a word between the two special ones."""
    ((_, found),) = EMBEDDER.encode_tokens(["Keep the lamp."])
    assert [("Keep the lamp."[a:b]) for a, b in found.spans] == ["", "Keep", "the", "lamp", ""]
    assert found.tokens.shape == (5, 384)


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    """The message names the folder and what was expected."""
    settings = Settings(model=str(tmp_path), cache=tmp_path / "cache", fast_embedding=False)
    with pytest.raises(ModelUnavailable, match=r"holds no model weights \(\*\.safetensors\)"):
        load_embedder(settings)


def copy_of(export: Path, target: Path) -> tuple[Path, dict[str, object]]:
    """The exported model in another folder, with what it states of itself."""
    shutil.copytree(export, target)
    return target, json.loads((target / "export.json").read_text())


@pytest.fixture(scope="module")
def fast(real_settings: Settings) -> OpenVinoEmbedder:
    """The exported model; the first test that needs it makes the export."""
    found = load_embedder(real_settings)
    assert isinstance(found, OpenVinoEmbedder)
    return found


@pytest.fixture(scope="module")
def reference() -> ReferenceEmbedder:
    """sentence-transformers itself."""
    return ReferenceEmbedder(model_folder("all-MiniLM-L6-v2"))


@pytest.fixture
def export(fast: OpenVinoEmbedder, real_settings: Settings) -> Path:
    """The folder of the exported model."""
    (found,) = (real_settings.cache / "models").iterdir()
    return found


@pytest.mark.model
def test_the_export_agrees_with_the_reference(
    fast: OpenVinoEmbedder, reference: ReferenceEmbedder
) -> None:
    """Cosine at least .999 on probes of one word, of punctuation and of more than 256 pieces."""
    texts = [*PROBE_TEXTS, *TEXTS, "", "naïve café 漢字 🚢", "a" * 300]
    cosines = (fast.encode(texts) * reference.encode(texts)).sum(axis=1)
    assert cosines.min() >= MINIMUM_COSINE == 0.999


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged weights in a folder of one's own, to which nothing is added."""
    folder = tmp_path_factory.mktemp("plain") / "mine"
    return Path(shutil.copytree(model_folder("all-MiniLM-L6-v2"), folder))


@pytest.mark.model
def test_the_reference_agrees_with_sentence_transformers_itself(plain: Path) -> None:
    """Our options change nothing of what the library computes by its own defaults."""
    from sentence_transformers import SentenceTransformer

    expected = SentenceTransformer(str(plain), device="cpu").encode(list(TEXTS))
    found = ReferenceEmbedder(plain).encode(TEXTS)
    assert (found * expected).sum(axis=1).min() >= 0.99999


@pytest.mark.model
def test_what_was_trained_is_added_to_the_packaged_weights_alone(
    reference: ReferenceEmbedder, plain: Path
) -> None:
    """Vectors stay near those of the weights, and an index of the one is none of the other."""
    without = ReferenceEmbedder(plain)
    cosines = (reference.encode(TEXTS) * without.encode(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.6 and cosines.max() < MINIMUM_COSINE
    assert reference.fingerprint.split("-")[-2] != without.fingerprint.split("-")[-2]
    weight = "encoder.layer.0.attention.self.query.weight"
    added = (
        r._model[0].auto_model.get_parameter(weight).detach().numpy() for r in (reference, without)
    )
    ours, theirs = added
    assert ours - theirs == pytest.approx(additions()[weight], abs=1e-5)


@pytest.mark.model
def test_export_and_reference_have_the_same_identity_and_count_alike(
    fast: OpenVinoEmbedder, reference: ReferenceEmbedder
) -> None:
    """An index built by one may be asked by the other."""
    assert fast.fingerprint == reference.fingerprint
    assert (fast.dimension, fast.max_tokens) == (reference.dimension, reference.max_tokens)
    assert (fast.dimension, fast.max_tokens) == (384, 256)
    assert fast.count_tokens(PROBE_TEXTS) == reference.count_tokens(PROBE_TEXTS)
    assert fast.count_tokens(["leadership"]) == [3]


@pytest.mark.model
def test_token_vectors_agree_with_the_reference(
    fast: OpenVinoEmbedder, reference: ReferenceEmbedder
) -> None:
    """Late interaction sees the same words at the same places."""
    found, expected = (dict(embedder.encode_tokens(PROBE_TEXTS)) for embedder in (fast, reference))
    for position in range(len(PROBE_TEXTS)):
        one, other = found[position], expected[position]
        assert one.spans == other.spans
        assert one.vector @ other.vector >= MINIMUM_COSINE
        cosines = (one.tokens * other.tokens).sum(axis=1) / (
            np.linalg.norm(one.tokens, axis=1) * np.linalg.norm(other.tokens, axis=1)
        )
        assert cosines.min() >= 0.99


@pytest.mark.model
def test_a_text_gets_the_same_vector_whatever_stands_beside_it(fast: OpenVinoEmbedder) -> None:
    """Batches are padded; padding must not leak into a vector."""
    alone = fast.encode([TEXTS[0]])[0]
    together = fast.encode([PROBE_TEXTS[-1], *TEXTS])[1]
    assert alone @ together >= 0.9999


@pytest.mark.model
def test_every_text_of_many_gets_its_own_vector(fast: OpenVinoEmbedder) -> None:
    """Texts are tokenised in groups and batched by length; each answer finds its way back."""
    texts = [f"Crew {n} counted {'ropes and ' * (n % 5)}barges." for n in range(530)]
    vectors, tokens = fast.encode(texts), dict(fast.encode_tokens(texts))
    assert sorted(tokens) == list(range(530))
    for position in (0, 4, 511, 512, 529):
        alone = fast.encode([texts[position]])[0]
        assert alone @ vectors[position] >= 0.9999
        assert alone @ tokens[position].vector >= 0.9999
        assert tokens[position].spans[-2][1] == len(texts[position])


@pytest.mark.model
def test_a_damaged_export_is_refused_with_the_way_to_mend_it(export: Path, tmp_path: Path) -> None:
    """One flipped byte in the weights would change every vector."""
    folder, stated = copy_of(export, tmp_path / "copy")
    weights = folder / "model.bin"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelUnavailable, match=r"model\.bin does not have its stated checksum"):
        OpenVinoEmbedder(folder, stated)


@pytest.mark.model
def test_an_export_that_states_nothing_readable_is_made_again(
    real_settings: Settings, export: Path, tmp_path: Path
) -> None:
    """A cut-off file in the cache stops nobody from asking."""
    folder, stated = copy_of(export, tmp_path / "cache" / "models" / export.name)
    (folder / "export.json").write_text('{"fingerprint": ')
    settings = real_settings.model_copy(update={"cache": tmp_path / "cache"})
    assert load_embedder(settings).fingerprint == stated["fingerprint"]
    written = json.loads((folder / "export.json").read_text())
    assert tuple(written["files"]) == EXPORTED_FILES


@pytest.mark.model
def test_an_export_below_the_bound_is_not_used(
    real_settings: Settings, export: Path, tmp_path: Path
) -> None:
    """The reference answers instead, and nothing is exported again at every start."""
    folder, stated = copy_of(export, tmp_path / "cache" / "models" / export.name)
    (folder / "export.json").write_text(json.dumps({**stated, "lowest_cosine": 0.9}))
    settings = real_settings.model_copy(update={"cache": tmp_path / "cache"})
    assert isinstance(load_embedder(settings), ReferenceEmbedder)


@pytest.mark.model
def test_the_packaged_weights_are_the_upstream_ones(export: Path) -> None:
    """The SHA-256 that the model's own page states."""
    stated = json.loads((export / "export.json").read_text())
    assert stated["weights_sha256"].startswith("53aa51172d142c89")
    assert stated["lowest_cosine"] >= MINIMUM_COSINE


@pytest.mark.model
def test_the_recorded_probes_are_what_sentence_transformers_makes(
    reference: ReferenceEmbedder,
) -> None:
    """The export of the packaged model is held against them, so that it needs no torch."""
    cosines = (recorded_probes() * reference.encode(PROBE_TEXTS)).sum(axis=1)
    assert cosines.tolist() == pytest.approx([1.0] * len(PROBE_TEXTS), abs=1e-5)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")  # of torch and transformers, as they trace the model
def test_a_model_in_a_folder_is_traced_and_agrees_too(plain: Path, tmp_path: Path) -> None:
    """Any sentence-transformers model may stand in for the packaged one."""
    told: list[str] = []
    settings = Settings(model=str(plain), cache=tmp_path / "cache")
    embedder = load_embedder(settings, report=told.append)
    assert isinstance(embedder, OpenVinoEmbedder)
    assert embedder.fingerprint.startswith("mine-") and len(told) == 1
    expected = ReferenceEmbedder(plain).encode(PROBE_TEXTS)
    assert (embedder.encode(PROBE_TEXTS) * expected).sum(axis=1).min() >= MINIMUM_COSINE


@pytest.mark.model
def test_the_shipped_projection_is_the_one_of_the_packaged_weights(
    fast: OpenVinoEmbedder, plain: Path
) -> None:
    """Of an eighth of the vocabulary it keeps as much as a projection made for that alone."""
    without = ReferenceEmbedder(plain)
    shipped = np.load(PROJECTIONS / f"{model_of(fast.fingerprint)}.npy")
    assert np.allclose(shipped.T @ shipped, np.eye(192), atol=1e-4)
    words = without.vocabulary()
    texts = [" ".join(words[first : first + SAMPLE_WORDS]) for first in range(0, len(words), 240)]
    found = [embedding for _, embedding in without.encode_tokens(texts)]
    tokens = unit(np.concatenate([embedding.tokens[1:-1] for embedding in found]))
    own = projection(found, fast.dimension)
    assert np.linalg.norm(tokens @ shipped) / np.linalg.norm(tokens @ own) > 0.99


# Loads the model with an empty cache once told to go on, and names what it has imported.
FIRST_START = """
import sys
from pathlib import Path
from kb.embedding import load_embedder
from kb.settings import Settings

settings = Settings(cache=Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
print(load_embedder(settings).fingerprint, "torch" in sys.modules)
"""


@pytest.mark.model
def test_two_first_starts_at_once_share_one_export(fast: OpenVinoEmbedder, tmp_path: Path) -> None:
    """The second waits for the first; neither needs torch, and nothing half-made stays."""
    script = [sys.executable, "-c", FIRST_START, str(tmp_path / "cache")]
    started = [
        subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        out, _ = process.communicate(timeout=120)
        assert (process.returncode, out) == (0, f"{fast.fingerprint} False\n")
    (found,) = (tmp_path / "cache" / "models").iterdir()
    assert {file.name for file in found.iterdir()} == {*EXPORTED_FILES, "export.json"}


@pytest.mark.model
def test_word_pieces_are_counted_as_the_tokenizer_counts_them(fast: OpenVinoEmbedder) -> None:
    """Words are counted once and added up; punctuation, marks and odd spaces change nothing."""
    texts = [
        *PROBE_TEXTS,
        "",
        " \n\t ",
        "don't—stop … 3.14% (e.g. U.S.) naïve café 北京 ok\u00a0non\u2009breaking\rline",
        "[CLS] and [SEP] a\x1db \ufeffunaffable " + "x" * 150,
    ]
    expected = [len(fast._tokenizer.encode(text).ids) for text in texts]
    assert fast.count_tokens(texts) == expected
    assert [fast.count_tokens([text])[0] for text in texts] == expected
    assert fast.count_tokens([]) == []
