"""Text with italic stretches: two control characters mark them until the text is printed."""

from __future__ import annotations

import re

Run = tuple[str, bool]
"""A stretch of text and whether it stands in italics."""

OPEN, CLOSE = "\x02", "\x03"
_TITLE_SMALL = frozenset([
    "a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor",
    "of", "off", "on", "onto", "or", "over", "so", "the", "till", "to", "up", "via", "with",
    "yet",
])  # fmt: skip
# That are no words of their own (Chicago Manual of Style, 8.161).
_PREFIXES = frozenset([
    "anti", "bi", "co", "de", "extra", "hyper", "inter", "intra", "macro", "meta", "micro",
    "mid", "mini", "mono", "multi", "neo", "non", "post", "pre", "pro", "proto", "pseudo", "re",
    "semi", "sub", "super", "supra", "trans", "tri", "ultra", "un",
])  # fmt: skip


def clean(text: str) -> str:
    """A field of a record on one line, without control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", " ", text).split())


def italic(text: str) -> str:
    """The text, marked to stand in italics."""
    return f"{OPEN}{text}{CLOSE}" if text else ""


def plain(marked: str) -> str:
    """The text without its marks."""
    return marked.replace(OPEN, "").replace(CLOSE, "")


def runs(marked: str) -> tuple[Run, ...]:
    """The marked text as stretches, none of them empty."""
    pieces = re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", marked)
    return tuple((plain(piece), piece.startswith(OPEN)) for piece in pieces if plain(piece))


def closed(text: str, mark: str = ".") -> str:
    """The text with its closing mark, which stands inside closing double quotation marks.

    A question or exclamation mark, or a full stop, already closes it.
    """
    if not text:
        return ""
    bare = text.rstrip(f"{CLOSE}”’")
    if bare.endswith((".", "?", "!")):
        return text
    if text.endswith("”"):
        return f"{text[:-1]}{mark}”"
    return text + mark


def sentences(*parts: str) -> str:
    """The parts that are not empty, each closed with a full stop."""
    return " ".join(closed(part) for part in parts if part)


def listed(*parts: str) -> str:
    """The parts that are not empty, with commas between them."""
    return ", ".join(part for part in parts if part)


def title_case(text: str) -> str:
    """Headline capitals for an English title; words with capitals of their own stay.

    Both parts of `short-term` take one, but not what follows a prefix: `post-war`.
    """
    words = text.split(" ")
    for at, word in enumerate(words):
        letters = word.strip("“”\"'‘’()[],.:;?!")
        first = at in (0, len(words) - 1) or words[at - 1].endswith((":", "?", "!", "—", "–"))
        if not letters or (letters in _TITLE_SMALL and not first):
            continue
        words[at] = word.replace(letters, _capitals(letters), 1)
    return " ".join(words)


def _capitals(word: str) -> str:
    """The word with a capital at each of its parts that has none of its own."""
    first, *others = re.split(r"([-‐/])", word)
    parts = [_capital(first)]
    for mark, part in zip(others[::2], others[1::2], strict=True):
        stays = part in _TITLE_SMALL or (mark != "/" and first.lower() in _PREFIXES)
        parts += [mark, part if stays else _capital(part)]
    return "".join(parts)


def _capital(part: str) -> str:
    return part if part != part.lower() else part[:1].upper() + part[1:]
