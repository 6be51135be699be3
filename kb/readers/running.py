"""Heads, feet and page numbers that run along the pages, and the pages' printed names."""

from __future__ import annotations

import re
from collections import Counter

from kb.readers.page_lines import Line, PageLines

# Shares of a page's height in which running heads and feet stand.
HEAD_SHARE = 0.12
# Longer labels are no names of pages: a letter style that counts from a million; unmeasured.
LABEL_CHARS = 40

_PAGE_NUMBER = re.compile(
    r"(?i)[-–—|•\s]*(?:page\s*|p\.\s*)?(\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/)\s*\d{1,4})?[-–—|•\s]*"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_NEGATIVE = re.compile(r"-\d+")
_DIGITS = re.compile(r"\d{1,6}")


def running_lines(pages: list[PageLines]) -> set[int]:
    """Running heads, feet and page numbers, by identity.

    A line is one if its words, or its words with a number that counts with the pages, stand
    in the head or foot of several pages.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    zones: list[tuple[Line, list[tuple[object, ...]]]] = []
    for page in pages:
        keys_of_page = set()
        for line in page.lines:
            high = line.baseline > (1 - HEAD_SHARE) * page.height
            if high or line.baseline < HEAD_SHARE * page.height:
                words = " ".join(line.text.casefold().split())
                masked = _DIGITS.sub("#", words)
                keys: list[tuple[object, ...]] = [(high, words)]
                keys += [(high, masked, place, int(number) - page.number)
                         for place, number in enumerate(_DIGITS.findall(words)[:8])]  # fmt: skip
                zones.append((line, keys))
                keys_of_page.update(keys)
        seen.update(keys_of_page)
    enough = 2 if len(pages) <= 4 else 3
    running = {
        id(line)
        for line, keys in zones
        if _PAGE_NUMBER.fullmatch(line.text)
        or (len(pages) > 1 and any(seen[key] >= enough for key in keys))
    }
    # Where nothing else stands on any page, those lines are the text.
    alone = len(running) == sum(len(page.lines) for page in pages)
    return set() if alone and any(len(line.text.split()) > 3 for line, _ in zones) else running


def page_labels(pages: list[PageLines]) -> list[str]:
    """The page numbers as printed: the file's labels, else those in heads and feet.

    Labels that only count the pages of the file say nothing: an offprint has them too. A page
    without a label has its number in the file, in brackets where another page is called so.
    """
    labels = [_clean_label(page.label) for page in pages]
    counted = all(label == str(page.number + 1) for label, page in zip(labels, pages, strict=True))
    if any(labels) and not counted:
        places = [str(page.number + 1) for page in pages]
        return [label or (f"[{place}]" if place in labels else place)
                for label, place in zip(labels, places, strict=True)]  # fmt: skip
    shifts: Counter[int] = Counter()
    for page in pages:
        numbers = set()
        for line in page.lines:
            edge = min(line.baseline, page.height - line.baseline) < HEAD_SHARE * page.height
            match = _PAGE_NUMBER.fullmatch(line.text) if edge else None
            if match and match[1].isdigit():
                numbers.add(int(match[1]) - page.number)
        shifts.update(numbers)
    shift, count = shifts.most_common(1)[0] if shifts else (1, 0)
    if count < max(3, 0.6 * len(pages)):
        shift = 1
    return [str(page.number + max(shift, 1 - page.number)) for page in pages]


def _clean_label(label: str) -> str:
    """A label on one line; nothing if it is no name of a page but a fault of the file."""
    words = " ".join(_CONTROL.sub("", label).split())
    return "" if len(words) > LABEL_CHARS or _NEGATIVE.fullmatch(words) else words
