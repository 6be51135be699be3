"""A source's words on their way into a file.

A quote is printed whole, or cut by `excerpt` or `shortened`, which mark the cut. `printable` takes
out only what a file cannot hold and nobody can read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.references import Run

CONTEXT_WORDS = 40  # unmeasured
ELLIPSIS = "…"
CORRECTION = "The first line seems to say otherwise than the question."  # `Answer.corrects`
SENTENCE_BEFORE = "The sentence before it:"  # leads what the quote above leans on

# XML 1.0 allows none of these; the bidirectional overrides could turn the text that follows.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# A stretch in letters that are written from right to left, with spaces and marks in it.
_RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdfc\ufe70-\ufefc](?:[^\w()\[\]]*[\u0590-\u08ff\ufb1d-\ufdfc\ufe70-\ufefc])*"
)
_TO_THE_RIGHT = "\u200e"  # an invisible mark: what stands beside it goes on from left to right
_MARK = re.compile(r"(, )?\b(pp?\.|paras?\.|pars?\.|slides?) (?=\d)")
_BARE_NUMBER = re.compile(r" (?=\d[\d–]*\)$)")
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"'”’)\]]*$")
FEWEST_NAMES = 3  # lines of a list of names
LONGEST_NAME = 60  # characters of such a line
_LIST_LINE = re.compile(r"\s*([-*•–▪◦]|\(?\d{1,3}[.)])\s")


def printable(text: str) -> str:
    """The text without characters that XML forbids or that nobody sees but that turn others."""
    kept = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text).replace("\x0b", " ").replace("\x0c", " ")
    return _UNPRINTABLE.sub("", kept)


def count(number: int, noun: str) -> str:
    """`1 passage`, `1,204 passages`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def on_one_line(text: str) -> str:
    """The printable text with single spaces."""
    return " ".join(printable(text).split())


def paragraphs(text: str) -> list[str]:
    """The printable text by paragraph; inside one, only the lines of a list stay apart."""
    found = []
    for block in re.split(r"\n[^\S\n]*\n\s*", printable(text).strip()):
        lines: list[str] = []
        listed = _is_list(block.split("\n"))
        for line in block.split("\n"):
            words = " ".join(line.split())
            if lines and not listed and not _LIST_LINE.match(line):
                lines[-1] = f"{lines[-1]} {words}".strip()
            else:
                lines.append(words)
        found.append("\n".join(lines))
    return [paragraph for paragraph in found if paragraph] or [""]


def _is_list(lines: Sequence[str]) -> bool:
    """Whether the lines are items that bear no marks: whole sentences, or short names."""
    words = [line.strip() for line in lines]
    are_sentences = all(_ENDS_SENTENCE.search(line) for line in words)
    are_names = len(words) >= FEWEST_NAMES and all(
        len(line) <= LONGEST_NAME and line[:1].isupper() for line in words
    )
    return are_sentences or are_names


def excerpt(text: str, words: int) -> str:
    """The first words on one line, with an ellipsis if any were left out."""
    found = on_one_line(text).split(" ")
    if len(found) <= words:
        return " ".join(found)
    return f"{' '.join(found[:words])} {ELLIPSIS}"


def shortened(text: str, chars: int) -> str:
    """The whole words within so many characters, on one line; an ellipsis if any were left out."""
    line = on_one_line(text)
    if len(line) <= chars:
        return line
    kept = line[:chars]
    if not line[chars].isspace():
        kept = kept.rpartition(" ")[0] or kept
    return f"{kept.rstrip()} {ELLIPSIS}"


def tied(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs in which a page or paragraph number stays on the line of its mark or name."""

    def tie(text: str) -> str:
        text = _MARK.sub(lambda found: found[0].replace(" ", "\u00a0"), text)
        return _BARE_NUMBER.sub("\u00a0", text)

    return directed([(tie(text), is_italic) for text, is_italic in runs])


def directed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs of a reference in which a Hebrew or Arabic name turns nothing that follows it.

    Without a mark the year behind such a name would stand before it.
    """

    def turn(text: str) -> str:
        return _RIGHT_TO_LEFT.sub(f"{_TO_THE_RIGHT}\\g<0>{_TO_THE_RIGHT}", text)

    return tuple((turn(text), is_italic) for text, is_italic in runs)


def written_lines(text: str) -> list[str]:
    """The printable lines of what a person wrote, without blank ones."""
    lines = (" ".join(line.split()) for line in printable(text).split("\n"))
    return [line for line in lines if line] or [""]


def around(text: str, start: int, end: int, words: int = CONTEXT_WORDS) -> tuple[str, str]:
    """The words of a text before and after a stretch, cuts marked with an ellipsis."""
    reach = words * 12
    ahead, behind = text[max(0, start - reach) : start].split(), text[end : end + reach].split()
    before = on_one_line(" ".join(ahead[-words:]))
    after = on_one_line(" ".join(behind[:words]))
    if before and (len(ahead) > words or start > reach):
        before = f"{ELLIPSIS} {before}"
    if after and (len(behind) > words or end + reach < len(text)):
        after = f"{after} {ELLIPSIS}"
    return before, after
