"""Building: what is embedded, what is kept, and what an interruption leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support import FERRY, built, document_with, write_files

from kb.building import build_generation, embedded
from kb.cache import PassageVectors, VectorCache, cache_file
from kb.embedding import HashingEmbedder
from kb.errors import SourceNotFound
from kb.index import current_name
from kb.interaction import unit
from kb.library import Library, build_from_corpus
from kb.settings import Settings

MANY = {f"{n:03}.txt": f"Crew {n} of harbour {n % 7} counted {n * 3} ropes.\n" for n in range(600)}

# Builds the corpus in the current folder and kills itself when a stage is reached.
KILLED = """
import os, signal, sys
from pathlib import Path
from kb.library import build_from_corpus
from kb.settings import Settings

stage, times = sys.argv[1], int(sys.argv[2])

def progress(name, done, total):
    global times
    times -= name == stage
    if times == 0:
        os.kill(os.getpid(), signal.SIGKILL)

home = Path.cwd()
build_from_corpus(
    Settings(corpus=home / "corpus", index=home / "index", model="hashing"), progress=progress
)
"""


def cache_of(settings: Settings) -> Path:
    """The file of cached vectors."""
    return cache_file(settings.index / "cache", HashingEmbedder.fingerprint)


def abandoned(settings: Settings) -> list[str]:
    """Unfinished work in the index folder."""
    return [f.name for f in (settings.index / "generations").iterdir() if f.name.startswith(".")]


def killed_build(settings: Settings, stage: str, times: int) -> None:
    """A build that dies when it reports the stage for the given time."""
    script = [sys.executable, "-c", KILLED, stage, str(times)]
    ended = subprocess.run(script, cwd=settings.corpus.parent, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL


def test_a_build_states_what_it_did(corpus: Path, settings: Settings) -> None:
    """Sources, passages, model and problems stand in the report and in the manifest."""
    report = build_from_corpus(settings)
    manifest = report.manifest
    assert (manifest.documents, manifest.passages, report.embedded) == (3, 14, 14)
    assert (manifest.embedder, manifest.dimension) == ("hashing-384", 384)
    assert (report.problems, manifest.problems) == ((), ())
    assert set(manifest.versions) >= {"faiss-cpu", "bm25s", "numpy"}


def test_every_stage_is_reported_with_its_progress(corpus: Path, settings: Settings) -> None:
    """A progress bar needs what is done, and of how many."""
    told: list[tuple[str, int, int]] = []
    build_from_corpus(settings, progress=lambda *step: told.append(step))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages[0] == "Reading files" and "Embedding passages" in stages
    assert ("Reading files", 2, 3) in told and ("Embedding passages", 0, 14) in told


def test_a_file_that_cannot_be_read_is_named_counted_and_the_rest_goes_on(
    corpus: Path, settings: Settings
) -> None:
    """The problem stays in the manifest, so that the page can show it later."""
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "tool.exe").write_bytes(b"MZ")
    (corpus / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    library = built(settings)
    named = [problem.split(":")[0] for problem in library.manifest.problems]
    assert sorted(named) == ["empty.txt", "photo.txt", "tool.exe"]
    assert library.manifest.documents == 3
    library.close()


def test_a_file_without_indexable_text_is_reported(corpus: Path, settings: Settings) -> None:
    """A page of nothing but furniture answers nothing, and its owner is told."""
    (corpus / "page.txt").write_text("Leave a Reply\n\nShare on Facebook\n\nShare on Twitter\n")
    (problem,) = build_from_corpus(settings).problems
    assert problem.startswith("page.txt: ")


def test_an_empty_corpus_builds_and_answers_that_nothing_is_there(settings: Settings) -> None:
    """No text is a state of the library, not an error."""
    library = built(settings)
    assert (library.manifest.documents, library.manifest.passages) == (0, 0)
    answer = library.ask("What is leadership?")
    assert (answer.status, answer.confidence, answer.passages) == ("not_found", 0.0, ())
    assert library.search("leadership").passages == ()
    assert (library.frameworks(), library.framework_map(), library.sources()) == ((), (), ())
    library.close()


def test_a_missing_corpus_folder_is_named_and_nothing_is_built(tmp_path: Path) -> None:
    """An index of a misspelt folder would be an empty library."""
    settings = Settings(corpus=tmp_path / "none", index=tmp_path / "index", model="hashing")
    with pytest.raises(SourceNotFound, match=r"corpus folder .*none does not exist"):
        build_from_corpus(settings)
    assert not (tmp_path / "index").exists()


def test_a_large_text_is_built_whole(settings: Settings) -> None:
    """Ten thousand paragraphs: each stands in a passage, and no passage is too long."""
    lines = [f"Line {n} tells of harbour {n % 97}." for n in range(10_000)]
    write_files(settings.corpus, {"long.txt": "\n\n".join(lines)})
    library = built(settings)
    text = "\n".join(passage.text for passage in library.passages())
    assert all(f"Line {n} tells" in text for n in (0, 3_141, 9_999))
    assert max(passage.tokens for passage in library.passages()) <= 256
    library.close()


def test_a_moved_file_is_not_embedded_again_where_its_title_stays(
    corpus: Path, settings: Settings
) -> None:
    """Vectors belong to words, not to paths."""
    build_from_corpus(settings)
    (corpus / "orchard-leadership.md").rename(corpus / "moved.md")
    assert build_from_corpus(settings).embedded == 0


def test_every_text_gets_the_vectors_of_its_own_sentences_and_words() -> None:
    """Position, passage vector, sentences and words belong to the same text."""
    texts = ["Crews rest. Ropes hold.", "Nobody jokes."]
    matrix = np.eye(384, 192, dtype=np.float32)
    found = dict(embedded(texts, [((0, 11), (12, 23)), ((0, 13),)], HashingEmbedder(), matrix))
    assert [len(found[at].sentences) for at in (0, 1)] == [2, 1]
    assert [found[at].word_starts.tolist() for at in (0, 1)] == [[0, 6, 12, 18], [0, 7]]
    assert np.array_equal(found[1].vector, HashingEmbedder().encode(texts)[1])
    (sentence,) = HashingEmbedder().encode(["Ropes hold."])
    assert sentence @ unit(found[0].sentences[1].astype(np.float32)) > 0.999


def test_removed_passages_leave_the_cache(corpus: Path, settings: Settings) -> None:
    """The cache never outgrows the corpus."""
    build_from_corpus(settings)
    (corpus / "orchard-leadership.md").unlink()
    remaining = build_from_corpus(settings).manifest.passages
    cache = VectorCache(cache_of(settings))
    assert len(cache._connection.execute("SELECT key FROM vectors").fetchall()) == remaining
    cache.close()


def test_cached_vectors_come_back_as_they_were(tmp_path: Path) -> None:
    """Every array, bit for bit; what is there already stays."""
    cache = VectorCache(tmp_path / "vectors.sqlite")
    entry = PassageVectors(
        np.arange(4, dtype=np.float32),
        np.array([[1, -2, 3, 4]], np.int8),
        np.array([[5, 6], [-7, 8]], np.int8),
        np.array([0, 9], np.int32),
    )
    key, other = cache.key("words", [(0, 5)]), cache.key("words", [(0, 4)])
    cache.put({key: entry})
    found = cache.get(key, 4, 2)
    for name in ("vector", "sentences", "words", "word_starts"):
        assert np.array_equal(getattr(found, name), getattr(entry, name))
    assert cache.missing([key, other]) == {other}
    cache.close()


@pytest.mark.parametrize("damage", ["no database", "changed entries", "an older layout"])
def test_a_damaged_cache_is_thrown_away_and_filled_again(
    corpus: Path, settings: Settings, damage: str
) -> None:
    """A cache is safe to lose, and never decides what an index holds."""
    intact = build_from_corpus(settings).manifest
    file = cache_of(settings)
    if damage == "no database":
        file.write_bytes(b"nonsense " * 900)
    elif damage == "changed entries":
        cache = VectorCache(file)
        with cache._connection as connection:
            connection.execute("UPDATE vectors SET words = zeroblob(length(words))")
        cache.close()
    else:
        file.unlink()
        cache = VectorCache(file)
        cache._connection.execute("DROP TABLE vectors")
        cache._connection.execute("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB)")
        cache.close()
    again = build_from_corpus(settings)
    assert (again.embedded, again.manifest.files) == (14, intact.files)


def test_a_damaged_projection_is_made_anew(corpus: Path, settings: Settings) -> None:
    """Another projection beside cached vectors would spoil every comparison of words."""
    intact = build_from_corpus(settings).manifest
    (file,) = (settings.index / "cache").glob("projection-*.npy")
    content = bytearray(file.read_bytes())
    content[-7] ^= 1
    file.write_bytes(content)
    assert build_from_corpus(settings).manifest.files == intact.files


@pytest.mark.parametrize(
    ("stage", "times"), [("Reading files", 2), ("Embedding passages", 2), ("Counting words", 1)]
)
def test_a_killed_build_leaves_the_published_generation_as_it_was(
    settings: Settings, stage: str, times: int
) -> None:
    """Half a build is never opened; the next one removes it and reuses what was embedded."""
    write_files(settings.corpus, {"old.txt": FERRY})
    before = build_from_corpus(settings).manifest.generation
    write_files(settings.corpus, MANY)
    killed_build(settings, stage, times)
    assert len(abandoned(settings)) == 1
    assert current_name(settings.index) == before
    Library.open(settings, check_corpus=False).close()
    after = build_from_corpus(settings)
    assert abandoned(settings) == []
    assert after.manifest.documents == 601
    expected = {"Reading files": 600, "Embedding passages": 600 - 256, "Counting words": 0}
    assert after.embedded == expected[stage]


def test_an_interrupted_build_tidies_up_behind_itself(corpus: Path, settings: Settings) -> None:
    """Ctrl-C leaves neither half a generation nor the lock."""

    def interrupted(stage: str, done: int, total: int) -> None:
        if stage == "Embedding passages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_from_corpus(settings, progress=interrupted)
    assert os.listdir(settings.index / "generations") == []
    assert build_from_corpus(settings).manifest.documents == 3


def test_documents_need_not_lie_in_a_folder(settings: Settings) -> None:
    """Evaluation builds question sets of its own; a string stands for what cannot be read."""
    document = document_with(("paragraph", "Ropes are counted at dawn."))
    report = build_generation(
        [document, "b.txt: no text"], settings, HashingEmbedder(), corpus_digest="x"
    )
    assert (report.manifest.documents, report.problems) == (1, ("b.txt: no text",))
