"""Settings: defaults < `kb.toml` < environment < flags; what is unknown is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb.errors import BadSetting
from kb.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project folder without settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("KB_")]:
        monkeypatch.delenv(name)
    return tmp_path


def test_without_any_source_the_defaults_hold() -> None:
    """Corpus and index lie in the current project; the model needs no name."""
    found = load_settings()
    assert (found.corpus, found.index) == (Path("corpus"), Path("index"))
    assert found.model == "all-MiniLM-L6-v2"


def test_each_source_of_settings_overrules_the_one_before(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file beats the default, the environment the file, a flag the environment."""
    (home / "kb.toml").write_text('corpus = "file"\nindex = "file"\nmodel = "hashing"\n')
    monkeypatch.setenv("KB_INDEX", "environment")
    monkeypatch.setenv("KB_CORPUS", "environment")
    found = load_settings(corpus=Path("flag"), index=None)
    assert (str(found.corpus), str(found.index), found.model) == ("flag", "environment", "hashing")


@pytest.mark.parametrize(
    ("content", "named"),
    [("colour = 1\n", "colour"), ("[kb]\ncorpus = 'x'\n", "kb")],
)
def test_an_unknown_key_in_the_file_is_refused_by_name(
    home: Path, content: str, named: str
) -> None:
    """A misspelt key would otherwise do nothing, in silence."""
    (home / "kb.toml").write_text(content)
    with pytest.raises(BadSetting, match=rf"Unknown setting {named}\. Known are: .*corpus"):
        load_settings()


def test_an_unknown_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is held to the same rule as the file."""
    monkeypatch.setenv("KB_COLOUR", "1")
    with pytest.raises(BadSetting, match="Unknown setting KB_COLOUR"):
        load_settings()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"passage_tokens": 8}, "'passage_tokens' is 8.*greater than or equal to 32"),
        ({"overlap_chars": -1}, "'overlap_chars' is -1"),
        ({"file_mb": "many"}, "'file_mb' is 'many'.*valid integer"),
        ({"colour": 1}, "Unknown setting colour"),
    ],
)
def test_a_value_out_of_range_names_key_value_and_bound(
    flags: dict[str, object], message: str
) -> None:
    """What was found, what was expected, where to correct it."""
    with pytest.raises(BadSetting, match=message):
        load_settings(**flags)


def test_a_file_that_is_no_toml_is_refused_by_name(home: Path) -> None:
    """The parser's complaint reaches the person, not its traceback."""
    (home / "kb.toml").write_text("corpus = [\n")
    with pytest.raises(BadSetting, match=r"kb\.toml"):
        load_settings()


def test_settings_cannot_be_changed_afterwards() -> None:
    """They are passed around; nobody may turn one under another's feet."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().file_mb = 1
