"""The index kept up to date while files of the corpus folder come, change and go.

The folder is looked at again and again rather than asked to tell: that works alike on every
system, on network drives and in containers, and a look at thousands of files takes milliseconds.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from kb.building import BuildReport
from kb.corpus import Signature, SourceFile, checksums, corpus_digest, scan, signature
from kb.embedding import load_embedder
from kb.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexMissing, KbError
from kb.index import check_embedder, open_generation
from kb.library import build_from_corpus
from kb.settings import Settings

LOOK_EVERY_S = 1.0
SETTLE_S = 1.0  # without a change before a build begins, so that a copy is whole; unmeasured


def watch(
    settings: Settings,
    *,
    report: Callable[[str], None],
    stop: threading.Event,
    look_every_s: float = LOOK_EVERY_S,
    settle_s: float = SETTLE_S,
    embedder: Any = None,
) -> None:
    """Builds whenever the corpus folder differs from the index, until `stop` is set.

    What a build cannot do now (another process is building, the folder is away) is told once
    and tried again.

    Args:
        settings: Name the folders and the model.
        report: Told one line for each build and for each trouble.
        stop: Ends the watch; a build under way is finished first.
        look_every_s: Seconds between two looks at the folder.
        settle_s: Seconds that the folder must stay as it is before a build.
        embedder: Used instead of the one that the settings name.

    Raises:
        SourceNotFound: The corpus folder does not exist at the start.
        ModelUnavailable: The model is missing or damaged.
    """
    files, _ = scan(settings.corpus)
    embedder = embedder or load_embedder(settings)
    report(f"Watching {settings.corpus}: {len(files)} sources. Stop with Ctrl-C.")
    built = _built(settings, embedder, files)
    seen: Signature | None = None
    trouble = ""
    while not stop.is_set():
        now = signature(settings.corpus)
        if now != seen:
            stop.wait(settle_s)
            if stop.is_set() or signature(settings.corpus) != now:
                continue
            try:
                built = _up_to_date(settings, built, report, embedder)
                seen, trouble = now, ""
            except KbError as error:
                if str(error) != trouble:
                    again = " Trying again." if isinstance(error, IndexBusy) else ""
                    report(f"{type(error).__name__}: {error}{again}")
                trouble = str(error)
        stop.wait(look_every_s)


def _up_to_date(
    settings: Settings, built: dict[str, str], report: Callable[[str], None], embedder: Any
) -> dict[str, str]:
    """Checksum by path of what the index holds now; builds if the folder holds something else."""
    files = checksums(settings.corpus, scan(settings.corpus)[0])
    if files != built:
        report(_told(built, files, build_from_corpus(settings, embedder=embedder)))
    return files


def _told(before: dict[str, str], after: dict[str, str], build: BuildReport) -> str:
    came = Counter(after[path] for path in after.keys() - before.keys())
    went = Counter(before[path] for path in before.keys() - after.keys())
    moved = (came & went).total()  # the same content under another path
    new, removed = came.total() - moved, went.total() - moved
    changed = sum(before[path] != after[path] for path in after.keys() & before.keys())
    counts = ((new, "new"), (changed, "changed"), (moved, "moved"), (removed, "removed"))
    what = ", ".join(f"{count} {word}" for count, word in counts if count) or "other settings"
    problems = f"; problems: {'; '.join(build.problems)}" if build.problems else ""
    return (
        f"{what}: {build.manifest.documents} sources, {build.manifest.passages} passages, "
        f"{build.embedded} embedded in {build.seconds:.1f} s{problems}"
    )


def _built(settings: Settings, embedder: Any, files: Sequence[SourceFile]) -> dict[str, str]:
    """Checksum by path of what the index holds; empty if it cannot be used."""
    try:
        generation = open_generation(settings)
    except (IndexMissing, IndexMismatch, IndexDamaged):
        return {}
    try:
        manifest = generation.manifest
        check_embedder(manifest, embedder.fingerprint, embedder.dimension, settings.index)
        if manifest.corpus_digest == corpus_digest(settings.corpus, files):
            return checksums(settings.corpus, files)
        return {source.path: source.sha256 for source in generation.tables.sources}
    except IndexMismatch:
        return {}
    finally:
        generation.close()
