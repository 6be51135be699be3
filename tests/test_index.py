"""A generation on disk: exact search, checksums, an atomic pointer, one writer."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import pytest
from support import Kb, built, write_files

from kb.embedding import HashingEmbedder
from kb.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexMissing, KbError
from kb.index import (
    MANIFEST,
    SKIMMED_FROM,
    Generation,
    check_embedder,
    current_name,
    open_generation,
    publish,
    verify_generation,
    write_vectors,
    writer_lock,
)
from kb.library import Library, build_from_corpus
from kb.passages import embedded_text
from kb.settings import Settings

QUESTIONS = ("Who keeps the lamp lit?", "promise", "baskets that are shared", "ferry committee")


@pytest.fixture
def generation(corpus: Path, settings: Settings) -> Generation:
    """The small library's generation, opened."""
    build_from_corpus(settings)
    return open_generation(settings)


def current(settings: Settings) -> Path:
    """Folder of the published generation."""
    return settings.index / "generations" / str(current_name(settings.index))


def files_of(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
    )


def flip_a_byte(file: Path) -> None:
    """Changes one bit in the middle of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("question", QUESTIONS)
def test_index_agrees_with_brute_force_on_every_question(
    library: Library, small_settings: Settings, question: str
) -> None:
    """Exact search: the same rows and cosines as a dot product with every vector."""
    embedder = HashingEmbedder()
    generation = open_generation(small_settings)
    vectors = embedder.encode([embedded_text(p) for p in library.passages()])
    asked = embedder.encode([question])[0]
    rows, cosines = generation.search(asked, 5)
    expected = np.sort(vectors @ asked)[::-1][:5]
    assert cosines == pytest.approx(expected, abs=1e-5)
    assert vectors[rows] @ asked == pytest.approx(cosines, abs=1e-5)
    generation.close()


def test_search_keeps_to_the_allowed_rows(generation: Generation) -> None:
    """Filters restrict before ranking, so that a limit is filled where it can be."""
    asked = HashingEmbedder().encode(["trust"])[0]
    rows, cosines = generation.search(asked, 10, allowed=np.array([1, 4], np.int64))
    assert sorted(rows.tolist()) == [1, 4]
    assert list(cosines) == sorted(cosines, reverse=True)


def test_a_written_index_gives_the_vectors_back(tmp_path: Path, generation: Generation) -> None:
    """Row by row, in any order of asking."""
    found = generation.vectors([2, 0])
    assert found.shape == (2, 384)
    assert found[1] == pytest.approx(generation.vectors([0])[0])
    assert generation.vectors([]).shape == (0, 384)
    write_vectors(found, tmp_path / "two.faiss")
    assert (tmp_path / "two.faiss").stat().st_size > 2 * 384 * 4


def test_of_many_rows_the_nearest_are_found_as_if_all_were_looked_at(tmp_path: Path) -> None:
    """What codes choose is looked at exactly."""
    drawn = np.random.default_rng(1).standard_normal((SKIMMED_FROM + 1, 64)).astype(np.float32)
    rows = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    write_vectors(rows, tmp_path / "many.faiss", half=True)
    index = faiss.read_index(str(tmp_path / "many.faiss"))
    assert type(index) is faiss.IndexRefine
    cosines, found = index.search(rows[:20], 1)
    assert found[:, 0].tolist() == list(range(20))
    assert cosines[:, 0] == pytest.approx(1.0, abs=0.001)


def test_nothing_published_is_named_with_the_next_command(settings: Settings) -> None:
    """The first build is one command away."""
    with pytest.raises(IndexMissing, match="Build it with: kb build"):
        open_generation(settings)


def test_a_generation_that_is_gone_cannot_be_opened_by_name(
    generation: Generation, settings: Settings
) -> None:
    """Old links say so instead of answering from another generation."""
    with pytest.raises(IndexMissing, match="no such generation"):
        open_generation(settings, name="0123456789abcdef")


def test_every_file_of_a_generation_is_checked(generation: Generation, settings: Settings) -> None:
    """One flipped byte in any file, manifest included, is refused with the repair command.

    FAISS alone opened most damaged files without a word.
    """
    folder = current(settings)
    names = files_of(folder)
    assert {"library.sqlite", "passages.faiss", "words.npy", MANIFEST} < set(names)
    for name in names:
        kept = (folder / name).read_bytes()
        if name == MANIFEST:
            stated = json.loads(kept)
            stated["passages"] += 1
            (folder / name).write_text(json.dumps(stated))
        else:
            flip_a_byte(folder / name)
        with pytest.raises(IndexDamaged, match=f"{name}.*Rebuild with: kb build"):
            open_generation(settings)
        (folder / name).write_bytes(kept)
    assert verify_generation(folder) == generation.manifest


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"{", b"\xff\xfe", b'{"generation": 1}'])
def test_a_manifest_that_cannot_be_read_is_refused(
    generation: Generation, settings: Settings, content: bytes
) -> None:
    """Whatever stands there, the message names the file and the repair."""
    (current(settings) / MANIFEST).write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read.*kb build"):
        open_generation(settings)


def test_a_missing_file_is_named(generation: Generation, settings: Settings) -> None:
    """A file that somebody tidied away is not guessed."""
    (current(settings) / "words.npy").unlink()
    with pytest.raises(IndexDamaged, match=r"words\.npy is missing\. Rebuild with: kb build"):
        open_generation(settings)


@pytest.mark.parametrize("pointer", [b"", b"\xff\xfe\x00", b"../../etc", b"0123456789abcdef\n"])
def test_a_damaged_pointer_counts_as_no_index(
    generation: Generation, settings: Settings, pointer: bytes
) -> None:
    """It leads nowhere, and building writes a new one."""
    (settings.index / "CURRENT").write_bytes(pointer)
    with pytest.raises(IndexMissing, match="kb build"):
        open_generation(settings)
    assert build_from_corpus(settings).embedded == 0
    open_generation(settings).close()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"passage_tokens": 128}, "passage_tokens = 256; the settings ask for 128"),
        ({"overlap_chars": 40}, "overlap_chars = 0; the settings ask for 40"),
        ({"ocr": True}, "ocr = False; the settings ask for True"),
    ],
)
def test_a_generation_of_other_settings_is_refused_with_both_values(
    generation: Generation, settings: Settings, change: dict[str, object], message: str
) -> None:
    """What shapes passages must agree; the message names the repair."""
    with pytest.raises(IndexMismatch, match=f"{message}. Rebuild with: kb build"):
        open_generation(settings.model_copy(update=change))


def test_an_index_built_by_another_embedder_is_refused_with_both_names(
    generation: Generation, settings: Settings
) -> None:
    """Vectors of two models cannot be compared."""
    expected = '384-dimension vectors from "hashing-384"; .* ask for "other" with 512.*kb build'
    with pytest.raises(IndexMismatch, match=expected):
        check_embedder(generation.manifest, "other", 512, settings.index)


def test_publishing_moves_the_pointer_and_keeps_the_generation_before(
    corpus: Path, settings: Settings
) -> None:
    """Whoever opened the old one goes on reading; older ones are removed."""
    names = []
    for number in range(3):
        write_files(settings.corpus, {"new.txt": f"Edition {number} of the new text."})
        names.append(build_from_corpus(settings).manifest.generation)
    assert current_name(settings.index) == names[-1]
    kept = sorted(folder.name for folder in (settings.index / "generations").iterdir())
    assert kept == sorted(names[1:])


def test_an_opened_library_keeps_answering_from_its_generation(
    corpus: Path, settings: Settings
) -> None:
    """A rebuild does not change an answer under a reader's eyes."""
    opened = built(settings)
    before = opened.search("ferry committee Rostock")
    write_files(settings.corpus, {"notes/ferry.txt": "Nothing about meetings any more."})
    build_from_corpus(settings)
    assert opened.search("ferry committee Rostock").passages == before.passages
    assert opened.ask("Where does the ferry committee meet?").generation == before.generation
    opened.close()


def test_publishing_the_same_content_again_leaves_its_files_alone(
    generation: Generation, settings: Settings
) -> None:
    """Nobody who opens the library meanwhile finds it missing."""
    folder = current(settings)
    before = {name: (folder / name).stat().st_ino for name in files_of(folder)}
    build_from_corpus(settings)
    assert {name: (folder / name).stat().st_ino for name in files_of(folder)} == before


def test_publishing_over_a_damaged_copy_of_itself_repairs_it(
    generation: Generation, settings: Settings
) -> None:
    """`kb build` is the repair that every message names."""
    flip_a_byte(current(settings) / "passages.faiss")
    assert build_from_corpus(settings).embedded == 0
    open_generation(settings).close()
    names = os.listdir(settings.index / "generations")
    assert names == [current_name(settings.index)]


def hold_the_lock(index: Path, held: Callable[[], None], release: Callable[[], bool]) -> None:
    """Another process that builds."""
    with writer_lock(index):
        held()
        release()


def test_a_second_writer_is_turned_away_and_the_first_goes_on(
    corpus: Path, settings: Settings
) -> None:
    """One build at a time; the message says what to do."""
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=hold_the_lock, args=(settings.index, held.set, release.wait))
    other.start()
    try:
        assert held.wait(30)
        with pytest.raises(IndexBusy, match=r"Another process is building .*then run: kb build"):
            build_from_corpus(settings)
    finally:
        release.set()
        other.join(30)
    assert build_from_corpus(settings).manifest.documents == 3


def test_publishing_states_a_checksum_for_every_file(
    generation: Generation, settings: Settings
) -> None:
    """The manifest covers everything but itself."""
    assert sorted([*generation.manifest.files, MANIFEST]) == files_of(current(settings))


def test_the_identifier_of_a_generation_is_a_function_of_its_content(tmp_path: Path) -> None:
    """When it was made plays no part; everything else does."""

    def published(name: str, **changed: object) -> str:
        index = tmp_path / name
        (index / "generations" / "work").mkdir(parents=True)
        (index / "generations" / "work" / "file").write_text("same")
        facts = {
            "created": name, "embedder": "e", "dimension": 1, "settings": {}, "corpus_digest": "c",
            "documents": 1, "passages": 1, "problems": (), "versions": {}, **changed,
        }  # fmt: skip
        return publish(index / "generations" / "work", index, facts).generation

    assert published("a") == published("b")
    assert published("a") != published("c", passages=2)


def test_kb_ask_mends_a_damaged_index_by_itself(corpus: Path, settings: Settings, kb: Kb) -> None:
    """A person asks a question, not for a repair."""
    assert kb("ask", "Where does the ferry committee meet?").code == 0
    flip_a_byte(current(settings) / "library.sqlite")
    assert kb("verify").code == 1
    mended = kb("ask", "Where does the ferry committee meet?")
    assert (mended.code, "Rostock" in mended.out) == (0, True)
    assert kb("verify").code == 0


def test_every_refusal_of_an_index_is_an_explained_error() -> None:
    """Commands print them in one line with exit status 1."""
    for error in (IndexMissing, IndexDamaged, IndexMismatch, IndexBusy):
        assert issubclass(error, KbError)
