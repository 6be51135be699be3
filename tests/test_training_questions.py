"""Questions whose gold is a place: made from quotes, read back, and refused where words moved."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kb.errors import BadDataset
from kb.settings import load_settings

EVAL = Path(__file__).parent.parent / "eval"
sys.path.insert(0, str(EVAL))

from placed import placed_bench, write_placed  # noqa: E402

QUOTE = "The keeper lit nine lamps."
TEXT = f"Lamps\n\nIt was a dark year. {QUOTE} Then it rained.\n"
ROWS = (
    {"id": "a", "question": "How many?", "kind": "fact", "gold": [{"document": "lamps.txt"}]},
    {"id": "b", "question": "Which price?", "kind": "near-unanswerable", "gold": []},
)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with one text."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "lamps.txt").write_text(TEXT, encoding="utf-8")
    return folder


def placed_file(tmp_path: Path, texts: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The questions, written with places."""
    monkeypatch.setenv("KB_MODEL", "hashing")
    rows = [
        {**row, "gold": [{**entry, "quote": QUOTE} for entry in row["gold"]]}  # type: ignore[dict-item]
        for row in ROWS
    ]
    questions, out = tmp_path / "questions.jsonl", tmp_path / "placed.jsonl"
    questions.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    write_placed(questions, texts, out)
    return out


def test_a_place_stands_for_its_words(
    tmp_path: Path, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file holds no word of the text; what is read from it has them again."""
    out = placed_file(tmp_path, texts, monkeypatch)
    assert "keeper" not in out.read_text(encoding="utf-8")
    bench = placed_bench(out, load_settings(corpus=texts, index=tmp_path / "index"))
    answerable, unanswerable = bench.dataset.questions
    assert [gold.quote for gold in answerable.gold] == [QUOTE]
    assert answerable.answerable and not unanswerable.answerable


def test_a_text_that_changed_is_noticed(
    tmp_path: Path, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fitting on words that moved would teach nonsense in silence."""
    out = placed_file(tmp_path, texts, monkeypatch)
    (texts / "lamps.txt").write_text("New. " + TEXT, encoding="utf-8")
    with pytest.raises(BadDataset, match="other words stand in lamps"):
        placed_bench(out, load_settings(corpus=texts, index=tmp_path / "index"))


@pytest.mark.parametrize("file", sorted((EVAL / "training").glob("*.jsonl")), ids=lambda f: f.stem)
def test_what_ships_holds_no_words_of_a_text(file: Path) -> None:
    """Places and checksums alone, each question once."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    keys = {key for row in rows for entry in row["gold"] for key in entry}
    assert keys == {"document", "start", "end", "sha256"}
    assert all(set(row) == {"id", "question", "kind", "gold"} for row in rows)
