"""Words of the field that stand for one another, from a file that anybody may edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.errors import BadSetting
from kb.lexical import stem

SHIPPED = Path(__file__).with_name("vocabulary.txt")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Groups of words that stand for one another.

    Attributes:
        groups: Stems of the group that a stem belongs to, itself among them, by stem.
    """

    groups: Mapping[str, frozenset[str]]

    def widened(self, stems: Iterable[str]) -> set[str]:
        """The stems and all that stand for one of them."""
        found = set(stems)
        return found.union(*(self.groups.get(stem, frozenset()) for stem in found))


@cache
def read_vocabulary(file: Path = SHIPPED) -> Vocabulary:
    """The groups of a file: one a line, single words with commas between; `#` opens a remark.

    A word that stands in several lines belongs to all of their words.

    Raises:
        BadSetting: The file cannot be read, or a line is no group; the message names it.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            f"The vocabulary {file} cannot be read ({error}). Name a UTF-8 text file in the "
            "setting 'vocabulary', or none for the shipped one."
        ) from None
    groups: dict[str, set[str]] = {}
    for number, line in enumerate(lines, start=1):
        words = [word.strip().lower() for word in line.partition("#")[0].split(",")]
        if words == [""]:
            continue
        if len(words) < 2 or not all(word.isalpha() for word in words):
            raise BadSetting(
                f"Line {number} of the vocabulary {file} is {line.strip()!r}; expected two or more "
                "single words with commas between, as in: benefits, advantages. Correct it."
            )
        stems = {stem(word) for word in words}
        for one in stems:
            groups.setdefault(one, set()).update(stems)
    return Vocabulary({one: frozenset(group) for one, group in groups.items()})
