"""Adding files to the library and taking them out, from the page."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import streamlit as st

from kb import readers
from kb.corpus import Added, add, limits_of
from kb.errors import KbError
from kb.library import Library
from kb.records import Reading
from kb.settings import Settings
from kb.ui import words

ARCHIVE = ".zip"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from the browser; its name is no path."""

    name: str
    content: bytes

    @property
    def is_archive(self) -> bool:
        """Whether it holds files rather than text."""
        return self.name.lower().endswith(ARCHIVE)


def accepted() -> list[str]:
    """Suffixes that can be uploaded."""
    return [*sorted(readers.FORMATS), ARCHIVE]


@st.cache_data(show_spinner="Reading the file …", max_entries=8)
def understood(upload: Upload, _settings: Settings) -> Reading | str:
    """What a reader makes of the file, or why it cannot be read; nothing is saved."""
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        file = Path(folder) / PurePath(upload.name).name
        file.write_bytes(upload.content)
        try:
            return readers.read(file, limits=limits_of(_settings))
        except KbError as error:
            return str(error)


def summary(reading: Reading) -> str:
    """What was understood, in a sentence."""
    kinds: Counter[str] = Counter(block.kind for block in reading.blocks)
    parts = [
        words.count(kinds[kind], noun)
        for kind, noun in (
            ("heading", "heading"),
            ("paragraph", "paragraph"),
            ("item", "list item"),
            ("table", "table"),
            ("note", "note"),
        )
        if kinds[kind]
    ]
    left_out = kinds["furniture"]
    ending = f" Left out as page furniture: {words.count(left_out, 'piece')}." if left_out else ""
    return (", ".join(parts) or "No text") + "." + ending


def save(uploads: Sequence[Upload], framework: str, title: str, settings: Settings) -> list[Added]:
    """What became of each file; the framework's name is made a slug.

    Raises:
        KbError: The corpus folder cannot be used.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", framework.lower()).strip("-")
    stated = {"framework": slug, "title": title.strip() if len(uploads) == 1 else ""}
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        files = []
        for upload in uploads:
            file = Path(folder) / PurePath(upload.name).name
            file.write_bytes(upload.content)
            files.append(file)
        return add(files, settings, overrides=stated)


@st.cache_data(show_spinner=False, max_entries=4)
def rows(generation: str, _library: Library) -> list[dict[str, str | int | None]]:
    """One row for each source of the generation, as the table shows it."""
    passages = Counter(passage.document_id for passage in _library.passages())
    return [
        {
            "Title": source.title,
            "Framework": words.spelt(source.metadata.framework or ""),
            "Family": source.metadata.family or "",
            "Year": source.metadata.year,
            "Kind": words.FORMATS.get(source.format, source.format),
            "Passages": passages[source.document_id],
            "File": source.path,
        }
        for source in _library.sources()
    ]
