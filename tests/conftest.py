"""Fixtures that several rooms share: settings in a new folder, and a small built library."""

from __future__ import annotations

import os
import warnings

# Small matrices: a second BLAS thread costs more than it brings, above all on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page_support import Page, page_opener
from support import REPOSITORY, SMALL_LIBRARY, Run, built, hashing_settings, run_main, write_files

from kb.embedding import load_embedder
from kb.library import Library, build_from_corpus
from kb.settings import DEFAULT_MODEL, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The hashing embedder; an empty corpus folder and no index yet."""
    (tmp_path / "corpus").mkdir()
    return hashing_settings(tmp_path)


@pytest.fixture
def corpus(settings: Settings) -> Path:
    """The corpus folder of `settings` with the small library in it."""
    return write_files(settings.corpus, SMALL_LIBRARY)


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the small library, built once; nobody may change it."""
    settings = hashing_settings(tmp_path_factory.mktemp("small"))
    write_files(settings.corpus, SMALL_LIBRARY)
    build_from_corpus(settings)
    return settings


@pytest.fixture(scope="session")
def library(small_settings: Settings) -> Iterator[Library]:
    """The small library, opened once."""
    opened = Library.open(small_settings)
    yield opened
    opened.close()


@pytest.fixture
def kb(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Run]:
    """Calls `kb` with the settings' folders and the hashing embedder, in this process."""
    monkeypatch.chdir(settings.corpus.parent)
    for name in [name for name in os.environ if name.startswith("KB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KB_MODEL", "hashing")
    monkeypatch.setenv("KB_CACHE", str(settings.cache))

    def run(*arguments: str | Path) -> Run:
        return run_main(monkeypatch, capsys, arguments)

    return run


@pytest.fixture(scope="session")
def real_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The real model, exported once for all tests; an empty corpus folder."""
    home = tmp_path_factory.mktemp("real")
    (home / "corpus").mkdir()
    settings = hashing_settings(home).model_copy(update={"model": DEFAULT_MODEL})
    with warnings.catch_warnings():
        # To trace the model, OpenVINO, torch and transformers call what they have deprecated.
        warnings.simplefilter("ignore")
        load_embedder(settings)
    return settings


@pytest.fixture(scope="session")
def real_library(
    real_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """The small library with the real model, opened once."""
    home = tmp_path_factory.mktemp("small-real")
    write_files(home / "corpus", SMALL_LIBRARY)
    folders = {"corpus": home / "corpus", "index": home / "index"}
    opened = built(real_settings.model_copy(update=folders))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five texts that the product was asked for."""
    folder = REPOSITORY.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the five seed texts are not on this machine")
    return folder


@pytest.fixture
def page(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Page:
    """Opens a page at an address, on the folders of `settings`."""
    return page_opener(settings, monkeypatch, tmp_path)


@pytest.fixture(name="built")
def built_library(corpus: Path, settings: Settings) -> Settings:
    """The settings of the small library, built."""
    build_from_corpus(settings)
    return settings


@pytest.fixture
def read_as_corpus(
    real_settings: Settings, settings: Settings
) -> Iterator[Callable[[dict[str, str]], Library]]:
    """Makes a library of files with the real model, which is closed after the test."""
    opened = []

    def read(files: dict[str, str]) -> Library:
        write_files(settings.corpus, files)
        model = {"model": DEFAULT_MODEL, "cache": real_settings.cache}
        opened.append(built(settings.model_copy(update=model)))
        return opened[-1]

    yield read
    for library in opened:
        library.close()
