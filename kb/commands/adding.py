"""What `kb add` prints: what became of each file, and what was understood of it."""

from __future__ import annotations

from collections.abc import Sequence

from kb.corpus import Added
from kb.export.words import on_one_line
from kb.records import Metadata

CORRECTION = "Correct it with: kb add FILE --title T --author A --year Y"


def added_lines(added: Sequence[Added]) -> list[str]:
    """One line for each file, and how to complete what some of them do not state."""
    lines = [_line(one) for one in added]
    known = [one.understood for one in added if one.understood]
    if any(not facts.authors or facts.year is None for facts in known):
        lines.append(CORRECTION)
    return lines


def _line(one: Added) -> str:
    said = [understood(one.understood)] if one.understood else []
    said += [one.detail] if one.detail else []
    return f"{one.outcome:<10} {on_one_line(one.path or one.name)}" + (
        f": {'; '.join(said)}" if said else ""
    )


def understood(facts: Metadata) -> str:
    """Title, authors, year and framework: `“Orchard leadership”, Ada Quince, 1987`."""
    authors = ", ".join(facts.authors) or "author not stated"
    year = "year not stated" if facts.year is None else str(facts.year)
    framework = f", on {facts.framework}" if facts.framework else ""
    return on_one_line(f"“{facts.title}”, {authors}, {year}{framework}")
