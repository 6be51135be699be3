"""What the corpus folder and the index hold of each other, file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Literal

from kb.corpus import corpus_digest, scan
from kb.embedding import load_embedder
from kb.errors import IndexMismatch, IndexMissing
from kb.index import Generation, check_embedder, open_generation
from kb.settings import Settings

State = Literal["indexed", "new", "changed", "moved", "removed", "problem"]


@dataclass(frozen=True, slots=True)
class SourceState:
    """One file as corpus folder and index see it.

    Attributes:
        state: `indexed` (both agree), `new` (not built yet), `changed`, `moved` (the same
            content under another path), `removed` (only the index has it), `problem` (it
            cannot be read or holds no text).
        passages: Passages in the index.
        detail: A sentence; empty if there is nothing to say.
    """

    path: str
    state: State
    title: str
    format: str
    framework: str | None
    passages: int
    detail: str = ""


def inventory(settings: Settings) -> list[SourceState]:
    """Every file of the corpus folder and of the index, by path.

    Raises:
        SourceNotFound: The corpus folder does not exist.
        IndexDamaged: The index does not have its checksums.
    """
    files, problems = scan(settings.corpus)
    try:
        generation = open_generation(settings)
    except (IndexMissing, IndexMismatch):
        states = [_unbuilt(file.path) for file in files]
        return sorted([*states, *_problems(problems)], key=lambda entry: entry.path)
    try:
        return sorted(
            _states({f.path: f.sha256 for f in files}, problems, generation),
            key=lambda entry: entry.path,
        )
    finally:
        generation.close()


def verify_library(settings: Settings) -> Iterator[str]:
    """A sentence for each thing that was checked and found right.

    Checks the files of the generation, the model, the corpus, every passage and every
    saved quote.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: The first thing that is not right.
    """
    from kb.collection import verify_collections

    generation = open_generation(settings)
    try:
        manifest = generation.manifest
        yield f"generation {manifest.generation}: {len(manifest.files)} files have their checksums"
        embedder = load_embedder(settings)
        check_embedder(manifest, embedder.fingerprint, embedder.dimension, settings.index)
        yield f"model {manifest.embedder}: the one that the settings ask for"
        if corpus_digest(settings.corpus, scan(settings.corpus)[0]) != manifest.corpus_digest:
            raise IndexMismatch(
                f"{settings.corpus} has changed since {settings.index} was built. See what "
                "changed with: kb sources. Rebuild with: kb build"
            )
        yield f"corpus {settings.corpus}: {manifest.documents} sources, none changed"
        _check_passages(generation)
        yield f"passages: all {manifest.passages} stand word for word in their sources"
        yield from verify_collections(
            settings, generation.tables.document, generation.tables.sources
        )
        for problem in manifest.problems:
            yield f"problem: {problem}"
    finally:
        generation.close()


def _check_passages(generation: Generation) -> None:
    texts: dict[str, str] = {}
    for found in generation.tables.every_passage():
        passage = found.passage
        if passage.document_id not in texts:
            texts = {passage.document_id: generation.tables.document(passage.document_id).text}
        if texts[passage.document_id][passage.start : passage.end] != passage.text:
            raise IndexMismatch(
                f"Passage {passage.passage_id} does not stand in its source. Rebuild with: kb build"
            )


def _states(
    files: dict[str, str], problems: list[str], generation: Generation
) -> Iterator[SourceState]:
    sources = {source.path: source for source in generation.tables.sources}
    passages = Counter(generation.document_numbers.tolist())
    number_of = generation.tables.number_of
    noted = _noted(generation.manifest.problems, {*files, *sources})
    by_content = {source.sha256: source.path for source in sources.values()}
    for path, sha256 in files.items():
        known = sources.get(path)
        if known is None:
            before = by_content.get(sha256)
            if before and before not in files:
                yield SourceState(path, "moved", path, "", None, 0, f"was {before}; run: kb build")
            elif path in noted:
                yield SourceState(path, "problem", path, "", None, 0, noted[path])
            else:
                yield _unbuilt(path)
            continue
        state: State = "indexed" if known.sha256 == sha256 else "changed"
        if state == "indexed" and path in noted:
            state = "problem"
        yield SourceState(
            path,
            state,
            known.title,
            known.format,
            known.metadata.framework,
            passages[number_of[known.document_id]],
            "run: kb build" if state == "changed" else noted.get(path, ""),
        )
    arrived = {sha256 for path, sha256 in files.items() if path not in sources}
    for path, source in sources.items():
        if path not in files and source.sha256 not in arrived:  # else it is told as moved
            count = passages[number_of[source.document_id]]
            yield SourceState(
                path, "removed", source.title, source.format, source.metadata.framework, count,
                "run: kb build",
            )  # fmt: skip
    yield from _problems(problems)


def _noted(problems: Iterable[str], paths: Set[str]) -> dict[str, str]:
    """What the build noted on each path; a path may itself hold a colon and a space."""
    noted: dict[str, str] = {}
    for problem in problems:
        parts = problem.split(": ")
        ends = (end for end in range(len(parts) - 1, 0, -1) if ": ".join(parts[:end]) in paths)
        if end := next(ends, 0):
            path, detail = ": ".join(parts[:end]), ": ".join(parts[end:])
            noted[path] = f"{noted[path]}; {detail}" if path in noted else detail
    return noted


def _unbuilt(path: str) -> SourceState:
    return SourceState(path, "new", path, "", None, 0, "run: kb build")


def _problems(problems: list[str]) -> Iterator[SourceState]:
    for problem in problems:
        path, _, detail = problem.partition(": ")
        yield SourceState(path, "problem", path, "", None, 0, detail)
