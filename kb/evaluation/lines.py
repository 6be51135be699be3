"""JSON lines in and out, with errors that name the file and the line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kb.errors import BadDataset


def read_text(path: Path) -> str:
    """The text of a file of a data set, a byte order mark removed.

    Raises:
        BadDataset: The file is missing, a folder, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadDataset(
            f"{path} is missing; a data set needs it. The layouts are described in eval/README.md"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadDataset(f"{path} cannot be read as UTF-8 text: {error}") from None


def read_json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Objects of a JSON-lines file, each with its place `file:line`; blank lines are passed over.

    Raises:
        BadDataset: The file is missing, or a line is not one JSON object.
    """
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadDataset(f"{place} is not JSON ({error}); expected one object a line") from None
        if not isinstance(row, dict):
            raise BadDataset(f"{place} holds a {type(row).__name__}; expected a JSON object")
        yield place, row


def required_text(row: Mapping[str, Any], key: str, place: str) -> str:
    """The string at `key`; numbers are taken as their digits.

    Raises:
        BadDataset: The key is missing, blank, or holds something else.
    """
    value = row.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise BadDataset(f'{place} has no text in "{key}"; its fields are {sorted(row)}')
    return value


def write_json_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes one compact object a line, keys in their own order."""
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def digest_of(paths: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of the files, in the order given, as hexadecimal digits."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
