"""Text of the library to HTML: everything is escaped, nothing in it is ever markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

Span = tuple[int, int]

# They change the direction of what follows, so a reader must see that they are there.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# Whatever Markdown could take for markup, in labels of links and buttons.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_JOINER = "\u2060"


def escape(text: str) -> str:
    """The text as HTML that shows every character; turning characters become visible."""
    safe = html.escape(_FORBIDDEN.sub("\ufffd", text), quote=True)
    return _DIRECTION.sub(lambda found: f'<span class="kb-turn">U+{ord(found[0]):04X}</span>', safe)


def attribute(text: str) -> str:
    """The text for a quoted attribute."""
    return html.escape(_FORBIDDEN.sub("\ufffd", text), quote=True)


def label(text: str) -> str:
    """The text as a Markdown label that shows every character and links nowhere."""
    plain = _DIRECTION.sub("", _FORBIDDEN.sub("", " ".join(text.split())))
    # Bare addresses and :names: are recognised after backslashes are read, so part them.
    parted = re.sub(r"(:|@|\bwww)", rf"\1{_JOINER}", plain, flags=re.IGNORECASE)
    return _PUNCTUATION.sub(r"\\\1", parted)


def marked(text: str, spans: Iterable[Span], tag: str = "strong", first_id: str = "") -> str:
    """The escaped text with some spans in a tag.

    Args:
        text: Plain text.
        spans: Half open; they may overlap or stand outside the text.
        tag: `strong` or `mark`.
        first_id: Identifier of the first span.
    """
    pieces: list[str] = []
    done = 0
    for start, end in _joined(spans, len(text)):
        named = f' id="{first_id}" tabindex="-1"' if first_id and not done else ""
        first_id = ""
        pieces += [
            escape(text[done:start]),
            f"<{tag}{named}>",
            escape(text[start:end]),
            f"</{tag}>",
        ]
        done = end
    return "".join([*pieces, escape(text[done:])])


def link(address: str, text: str, *, kind: str = "", title: str = "") -> str:
    """A link to a page of ours; `text` is escaped."""
    named = f' title="{attribute(title)}" aria-label="{attribute(title)}"' if title else ""
    return f'<a class="kb-link {kind}" href="{attribute(address)}"{named}>{escape(text)}</a>'


def copy_button(text: str, caption: str) -> str:
    """A button that copies a text."""
    return (
        f'<button type="button" class="kb-copy" data-copy="{attribute(text)}">'
        f"{escape(caption)}</button>"
    )


def copy_link_button(address: str, caption: str = "Copy link") -> str:
    """A button that copies the full form of an address of ours."""
    return (
        f'<button type="button" class="kb-copy" data-link="{attribute(address)}">'
        f"{escape(caption)}</button>"
    )


def picture_button(container: str, file_name: str, caption: str) -> str:
    """A button that saves the figure of a container as it is shown; the suffix says as what."""
    return (
        f'<button type="button" class="kb-copy" data-figure="{attribute(container)}" '
        f'data-file="{attribute(file_name)}">{escape(caption)}</button>'
    )


def _joined(spans: Iterable[Span], length: int) -> Sequence[Span]:
    """The spans inside the text, in order, overlapping ones made one."""
    found: list[Span] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
