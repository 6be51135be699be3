"""Text with italic stretches: two control characters mark them until the text is printed."""

from __future__ import annotations

import re

Run = tuple[str, bool]
"""A stretch of text and whether it stands in italics."""

OPEN, CLOSE = "\x02", "\x03"
DOUBLE, SINGLE = "“”", "‘’"
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
# A compound or an abbreviation is one word; a possessive ending is none of it.
WORD = re.compile(r"\w+(?:(?:[-‐./]|['’](?=[^\W\d_a-z]))\w+)*")


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
    if at := _closing_quotes(text):
        return f"{text[:-at]}{mark}{text[-at:]}"
    return text + mark


def _closing_quotes(text: str) -> int:
    """How many characters at the end are quotation marks that a full stop stands inside of."""
    # A single one may be an apostrophe, unless the text has one that opens.
    found = re.search(f"{'’?' if '‘' in text else ''}”{CLOSE}?$", text)
    return len(found[0]) if found else 0


def sentences(*parts: str) -> str:
    """The parts that are not empty, each closed with a full stop."""
    return " ".join(closed(part) for part in parts if part)


def listed(*parts: str) -> str:
    """The parts that are not empty, with commas between them."""
    return ", ".join(part for part in parts if part)


def quoted(title: str, marks: str) -> str:
    """A title between quotation marks; those inside it are of the other kind.

    Args:
        title: With `DOUBLE` as its outermost marks.
        marks: `DOUBLE` or `SINGLE`.
    """
    return f"{marks[0]}{with_quotes(title, SINGLE if marks == DOUBLE else DOUBLE)}{marks[1]}"


def with_quotes(title: str, marks: str) -> str:
    """A title with curly apostrophes and quotation marks, the outermost of them `marks`.

    Those inside these are of the other kind, and so on. A single mark without a partner is an
    apostrophe, a double one stays as it is.
    """
    kinds = (marks, SINGLE if marks == DOUBLE else DOUBLE)
    pairs = _pairs(title)
    printed = list(title.replace("'", "’"))
    for start, end in pairs:
        depth = sum(one < start and end < other for one, other in pairs)
        kind = kinds[depth % 2]
        printed[start], printed[end] = kind[0], kind[1]
    return "".join(printed)


def _pairs(title: str) -> list[tuple[int, int]]:
    """Where quotation marks open and where the same ones close."""
    pairs: list[tuple[int, int]] = []
    waiting: list[int] = []
    for found in re.finditer("[\"“”'‘’]", title):
        at, mark = found.start(), found[0]
        same = '"“”' if mark in '"“”' else "'‘’"
        before, after = title[at - 1 : at] or " ", title[at + 1 : at + 2] or " "
        partners = [each for each in waiting if title[each] in same]
        if mark not in "“‘" and partners and not before.isspace() and not after.isalnum():
            pairs.append((partners[-1], at))
            waiting = [each for each in waiting if each < partners[-1]]
        elif mark not in "”’" and not before.isalnum() and not after.isspace():
            waiting.append(at)
    return pairs


def title_case(text: str) -> str:
    """Headline capitals for an English title; words with capitals of their own stay.

    Both parts of `short-term` take one, but not what follows a prefix: `post-war`.
    """
    words = text.split(" ")
    for at, word in enumerate(words):
        letters = word.strip("“”\"'‘’()[],.:;?!")
        before = words[at - 1].rstrip("\"'”’")
        is_first = at == 0 or before.endswith((":", "?", "!", "—", "–"))
        is_last = at == len(words) - 1 or word.endswith((":", "?", "!"))
        is_adverb = letters == "up" and words[at + 1 : at + 2] == ["to"]  # standing up to
        is_small = letters in _TITLE_SMALL and not (is_first or is_last or is_adverb)
        if not letters or is_small:
            continue
        words[at] = word.replace(letters, _capitals(letters), 1)
    return " ".join(words)


def in_headline_capitals(title: str) -> bool:
    """Whether every longer word has a capital, at least three behind the first word.

    Fewer may be a name: `Promotions and the Peter Principle`. No title of the shipped
    library, all in sentence case, is taken for one in headline capitals; of 213 that were in
    capitals, 186 were.
    """
    longer = [word for word in WORD.findall(title)[1:] if len(word) > 4]
    return len(longer) > 2 and all(word != word.lower() for word in longer)


def _capitals(word: str) -> str:
    """The word with a capital at each of its parts that has none of its own."""
    first, *others = re.split(r"([-‐/–—])", word)
    parts = [_capital(first)]
    for mark, part in zip(others[::2], others[1::2], strict=True):
        stays = part in _TITLE_SMALL or (mark in "-‐" and first.lower() in _PREFIXES)
        parts += [mark, part if stays else _capital(part)]
    return "".join(parts)


def _capital(part: str) -> str:
    if part != part.lower():
        return part
    return re.sub(r"^(\W*)(\w)", lambda found: found[1] + found[2].upper(), part)
