"""The training of the encoder sees the vectors that the product makes, and learns from them."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from support import REPOSITORY

from kb import adaptation
from kb.building import PROJECTIONS
from kb.embedding import ReferenceEmbedder, load_embedder, model_fingerprint, model_folder, model_of
from kb.extractive import FILE
from kb.interaction import maxsim_both_ways, word_vectors
from kb.lexical import STOPWORDS
from kb.settings import Settings

sys.path.insert(0, str(REPOSITORY / "eval"))
import train_encoder
import train_extractive

TOWNS = ("Rostock", "Bergen", "Riga", "Turku", "Gdynia", "Malmö")
QUESTION = "Where does committee {} meet?"


@pytest.fixture(scope="module")
def training(real_settings: Settings) -> train_encoder.Training:
    """Two small articles, six passages each, with a question to every passage.

    The last passage is of another subject: no answer to its question is marked.
    """
    torch.manual_seed(0)
    fast = load_embedder(real_settings)
    texts, bounds, questions, answers = [], [], [], []
    for number in range(12):
        first = f"Committee {number} looks after the ferries."
        second = f"It meets in {TOWNS[number % 6]} on Mondays."
        texts.append(f"Ferries\n\n{first} {second}")
        start = len("Ferries\n\n")
        middle = start + len(first)
        bounds.append(np.array([(start, middle), (middle + 1, len(texts[-1]))], np.int32))
        questions.append(QUESTION.format(number))
        town = texts[-1].index(TOWNS[number % 6])
        answers.append((number, town, town + len(TOWNS[number % 6])))
    answers[-1] = (11, 0, 0)
    found = train_extractive.Passages(
        texts,
        bounds,
        ["harbour"] * 6 + ["canal"] * 5 + ["elsewhere"],
        questions,
        answers,
        np.zeros((12, 1), np.int32),
        np.load(PROJECTIONS / f"{model_of(fast.fingerprint)}.npy"),
        frozenset(STOPWORDS),
    )
    reader = train_encoder.reader_of(FILE)
    return train_encoder.Training(found, model_folder("all-MiniLM-L6-v2"), reader)


@pytest.fixture(scope="module")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> ReferenceEmbedder:
    """The weights in a folder of their own, to which nothing is added."""
    folder = tmp_path_factory.mktemp("plain") / "mine"
    return ReferenceEmbedder(Path(shutil.copytree(model_folder("all-MiniLM-L6-v2"), folder)))


@pytest.mark.model
def test_words_are_those_that_the_product_keeps(
    training: train_encoder.Training, plain_model: ReferenceEmbedder
) -> None:
    """MaxSim comes out as the product has it over the weights alone, which nothing is added to."""
    matrix = np.asarray(training.projection)
    texts = [training.found.questions[2], training.found.texts[2], training.found.texts[3]]
    kept = {
        place: word_vectors(texts[place], found, matrix)[0]
        for place, found in plain_model.encode_tokens(texts)
    }
    with torch.no_grad():
        found = train_encoder.maxsim(training.question_texts([2]), training.passage_texts([2, 3]))[
            0
        ]
    passages = np.concatenate([kept[1], kept[2]])
    expected, _ = maxsim_both_ways(kept[0], passages, np.array([len(kept[1]), len(kept[2])]))
    assert found.tolist() == pytest.approx(expected, abs=0.01)


@pytest.mark.model
def test_additions_start_from_nothing_and_learn(training: train_encoder.Training) -> None:
    """A few steps on twelve passages make their questions cost less, and vectors move."""
    rows, numbers = list(range(12)), list(range(12))
    before = {name: float(part.detach()) for name, part in training.losses(rows, numbers).items()}
    assert [before["moved"], before["moved_elsewhere"]] == pytest.approx([0, 0], abs=1e-3)
    added = [part for layer in training.additions.values() for part in (layer.down, layer.up)]
    optimiser = torch.optim.AdamW([*added, *training.reader.parameters()], lr=1e-3)
    for _ in range(8):
        parts = training.losses(rows, numbers)
        optimiser.zero_grad()
        sum(train_encoder.SHARES[name] * part for name, part in parts.items()).backward()
        optimiser.step()
        training.remember()
    after = {name: float(part.detach()) for name, part in training.losses(rows, numbers).items()}
    assert after["moved"] > 0.001 and after["moved_elsewhere"] > 0
    assert after["sum"] < before["sum"] and after["sentences"] < before["sentences"]


@pytest.mark.model
def test_what_has_no_answer_marked_is_asked_for_as_a_whole(
    training: train_encoder.Training,
) -> None:
    """Its passage is what is right; no sentence is, and the reader does not read it."""
    assert training.is_elsewhere.tolist() == [False] * 11 + [True]
    training.reader.eval()
    with torch.no_grad():
        one, both = (training.losses([9, 10, 11], asked) for asked in ([9], [9, 11]))
    training.reader.train()
    for name in ("sentences", "words_of_sentences"):
        assert float(both[name]) == pytest.approx(float(one[name]) / 2, rel=0.1)
    assert float(both["reader"]) == pytest.approx(float(one["reader"]), rel=0.1)
    assert float(both["words"]) != float(one["words"])


@pytest.mark.model
def test_it_is_measured_on_articles_that_are_held_back(training: train_encoder.Training) -> None:
    """All in [0, 1]; batches of passages are joined without a loss."""
    training.is_held_back[:] = True
    found, elsewhere = (training.measured(1, elsewhere=far) for far in (False, True))
    assert set(found) - set(elsewhere) == {"passage", "sentence"}
    assert all(0 <= value <= 1 for value in found.values())
    assert found["passage"] >= found["sentence"]
    parts = [training.passage_texts([0, 1, 2]), training.passage_texts([3, 4])]
    whole = train_encoder.joined(parts)
    assert whole.of.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert whole.words.shape[:2] == whole.sentence_of.shape == whole.is_word.shape


@pytest.mark.model
def test_what_is_written_is_what_the_product_adds(
    training: train_encoder.Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The additions to scale, by the weights' names; the reader names the model of its vectors."""
    monkeypatch.setattr(adaptation, "FILE", tmp_path / "encoder.json")
    monkeypatch.setattr(train_encoder, "READER_FILE", tmp_path / "reader.json")
    folder = model_folder("all-MiniLM-L6-v2")
    train_encoder.write(training.additions, training.reader, folder)
    for name, added in adaptation.additions().items():
        layer = training.additions[name]
        expected = train_encoder.SCALE * (layer.up @ layer.down).detach().numpy()
        assert added == pytest.approx(expected, abs=1e-3)
    stated = json.loads((tmp_path / "reader.json").read_text())
    assert stated["model"] == model_fingerprint(folder)
    assert stated["model"] != json.loads(FILE.read_text())["model"]


@pytest.mark.model
def test_groups_hold_passages_of_one_article_each(training: train_encoder.Training) -> None:
    """Too few passages are refused instead of being looked for without end."""
    assert sorted(next(training.groups(np.arange(6)))) == [0, 1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="no article has 6 passages"):
        next(training.groups(np.arange(5)))
