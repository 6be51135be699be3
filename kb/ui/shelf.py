"""Adding files to the library and taking them out, from the page."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import streamlit as st

from kb import readers
from kb.building import Progress
from kb.corpus import Added, add
from kb.library import Library
from kb.preview import ARCHIVE, Preview, previews
from kb.records import BlockKind
from kb.settings import Settings
from kb.ui import words
from kb.ui.work import WatchedEmbedder, Work
from kb.ui.workshop import workshop

_NOUNS: tuple[tuple[BlockKind, str], ...] = (
    ("heading", "heading"),
    ("paragraph", "paragraph"),
    ("item", "list item"),
    ("table", "table"),
    ("code", "piece of code"),
    ("note", "note"),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from the browser; its name is no path."""

    name: str
    content: bytes


def accepted() -> list[str]:
    """Suffixes that can be uploaded."""
    return [*sorted(readers.FORMATS), ARCHIVE]


def largest_mb(settings: Settings) -> int:
    """Largest file that the page takes: what the settings read, unless the server takes less."""
    return min(settings.file_mb, int(st.get_option("server.maxUploadSize")))


def understanding(upload: Upload, settings: Settings) -> Work[tuple[Preview, ...]]:
    """Begins to read a file, or each file in an archive; nothing is saved."""

    def action(progress: Progress) -> tuple[Preview, ...]:
        name = PurePath(upload.name).name
        here = (f"Reading {name}", 0, 0)
        progress(*here)
        model = WatchedEmbedder(workshop().embedder(settings), lambda: progress(*here))
        found = previews(name, upload.content, settings, model, progress=progress)
        progress(*here)  # a file whose reading was ended is not damaged
        return found

    work = Work("kb-preview", action)
    work.start()
    return work


def summary(preview: Preview) -> str:
    """What was understood, in a sentence."""
    parts = [words.count(preview.count(kind), noun) for kind, noun in _NOUNS if preview.count(kind)]
    left_out = preview.count("furniture")
    ending = f" Left out as page furniture: {words.count(left_out, 'piece')}." if left_out else ""
    found = ", ".join(parts) or "no text"
    return f"{found}; {words.count(preview.passages, 'passage')}.{ending}"


def adding(
    uploads: Sequence[Upload], framework: str, title: str, settings: Settings, became: list[Added]
) -> Work[list[Added]]:
    """Begins to add files one by one; those that were added stay when it is cancelled.

    Args:
        uploads: Files that can be read.
        framework: In words or as a slug; empty for none.
        title: Of a single file; empty for its own.
        settings: Name the corpus folder.
        became: Takes up what became of each file.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", framework.lower()).strip("-")
    stated = {"framework": slug, "title": title.strip() if len(uploads) == 1 else ""}

    def action(progress: Progress) -> list[Added]:
        for done, upload in enumerate(uploads):
            progress("Adding files", done, len(uploads))
            with tempfile.TemporaryDirectory(prefix="kb-") as folder:
                file = Path(folder) / PurePath(upload.name).name
                file.write_bytes(upload.content)
                found = add([file], settings, overrides=stated)
            if any(each.outcome == "refused" for each in found):
                progress("Adding files", done, len(uploads))  # or was its reading ended?
            became.extend(found)
        return became

    work = Work("kb-add", action)
    work.start()
    return work


@st.cache_data(show_spinner=False, max_entries=4)
def rows(generation: str, _library: Library) -> list[dict[str, str | int | None]]:
    """One row for each source of the generation, as the table shows it."""
    passages = _library.passage_counts()
    titles = {framework.slug: framework.title for framework in _library.frameworks()}
    return [
        {
            "Title": source.title,
            "Framework": titles.get(source.metadata.framework or "", ""),
            "Family": source.metadata.family or "",
            "Year": source.metadata.year,
            "Kind": words.FORMATS.get(source.format, source.format),
            "Passages": passages[source.document_id],
            "File": source.path,
        }
        for source in _library.sources()
    ]
