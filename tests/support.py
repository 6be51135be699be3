"""A small library in our own words, and helpers to write, build and ask it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kb.library import Library, build_from_corpus
from kb.records import Block, Document, Metadata, Source
from kb.settings import Settings

REPOSITORY = Path(__file__).parents[1]

ORCHARD = """\
---
framework: orchard-leadership
title: Orchard leadership
aliases: [the orchard model]
people: [Ada Quince]
authors: [Ada Quince]
year: 1987
family: values and ethics
---

# Orchard leadership

## In brief

Orchard leadership is the patient care of people who ripen at different times. Ada Quince
coined the term in 1987 after eleven years in a cider cooperative.

## Principles

### Prune gently

Prune gently means that a leader removes one burden each season. Too many cuts weaken the tree.

### Water deeply

Water deeply means rare and generous attention. Shallow praise evaporates before noon.

### Harvest together

Harvest together means that nobody picks alone. The basket is shared before it is counted.

## What it says on trust and relationships

Trust grows like bark, one ring a year. A leader who breaks a promise strips the bark.

## What it says on conflict and paradox

Two branches that rub need a wedge, not a winner.

## In practice

- Walk the rows every morning.
- Ask each picker for one complaint.
- Mend a ladder before buying a new one.
"""

LIGHTHOUSE = """\
---
framework: lighthouse-leadership
title: Lighthouse leadership
aliases: [keeper leadership]
people: [Bram Tolliver]
authors: [Bram Tolliver]
year: 2003
family: contingency
---

# Lighthouse leadership

## In brief

Lighthouse leadership is steady signalling to crews who steer for themselves. Bram Tolliver
described it in 2003 while he repaired foghorns in Newfoundland.

## Principles

### Keep the lamp lit

Keep the lamp lit means that signals never depend on mood. A dark night needs no speech.

### Stay on the rock

Stay on the rock means that the keeper does not chase ships.

## What it says on trust and relationships

Trust comes from a rhythm that sailors can count. A lamp that flickers is worse than darkness.

## Evidence and criticism

Critics say that a keeper hears about shipwrecks too late. Nine harbours reported fewer
groundings because the signals were regular.
"""

FERRY = """\
Notes on ferry meetings

The ferry committee meets on Tuesdays in Rostock. Every meeting begins with the weather report.

Four signs of a tired crew
- Ropes lie where they fell.
- Nobody jokes at breakfast.
- Questions are answered with numbers.
- The logbook is written in pencil.

The captain may be questioned by the youngest deckhand. That rule has prevented two collisions.
"""

SMALL_LIBRARY: Mapping[str, str] = {
    "orchard-leadership.md": ORCHARD,
    "lighthouse-leadership.md": LIGHTHOUSE,
    "notes/ferry.txt": FERRY,
}


@dataclass(frozen=True)
class Run:
    """What a command returned and printed."""

    code: int
    out: str
    err: str


def hashing_settings(home: Path) -> Settings:
    """Settings below a folder, with the deterministic embedder."""
    return Settings(
        corpus=home / "corpus",
        index=home / "index",
        cache=home / "cache",
        collections=home / "collections.sqlite",
        model="hashing",
    )


def write_files(folder: Path, texts: Mapping[str, str]) -> Path:
    """The folder, with one file for each text."""
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def built(settings: Settings) -> Library:
    """The library of the corpus as it is now, freshly built."""
    build_from_corpus(settings)
    return Library.open(settings)


def run_main(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: Sequence[str | Path],
) -> Run:
    """What `kb` does with the arguments, called by its entry point."""
    from kb.cli import main

    monkeypatch.setattr(sys, "argv", ["kb", *map(str, arguments)])
    capsys.readouterr()
    code = 0
    try:
        main()
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    printed = capsys.readouterr()
    return Run(code, printed.out, printed.err)


def document_of(text: str, blocks: Sequence[Block], *, title: str = "A title") -> Document:
    """A document that was never a file."""
    source = Source("0" * 12, "a.txt", "0" * 64, len(text), "text", Metadata(title=title))
    return Document(source, text, tuple(blocks))


def blocks_of(*parts: tuple[str, str] | tuple[str, str, int]) -> tuple[str, list[Block]]:
    """Text and blocks of `(kind, words)` or `(kind, words, level)`, parted by blank lines."""
    text, blocks = "", []
    for kind, words, *level in parts:
        text += "\n\n" if text else ""
        blocks.append(
            Block(kind, len(text), len(text) + len(words), level[0] if level else 0)  # type: ignore[arg-type]
        )
        text += words
    return text, blocks


def document_with(
    *parts: tuple[str, str] | tuple[str, str, int], title: str = "A title"
) -> Document:
    """A document of `(kind, words)` or `(kind, words, level)`."""
    text, blocks = blocks_of(*parts)
    return document_of(text, blocks, title=title)


def retitled(document: Document, **fields: object) -> Document:
    """The document with other metadata."""
    metadata = replace(document.source.metadata, **fields)  # type: ignore[arg-type]
    return replace(document, source=replace(document.source, metadata=metadata))


Kb = Callable[..., Run]
