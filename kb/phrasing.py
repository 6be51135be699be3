"""How a question is put: the part that asks, its halves and its sides where it has two."""

from __future__ import annotations

import re

from kb.definitions import asked_subject

MOST_WORDS_OF_SIDE = 6
SHORT_PART_WORDS = 3  # "and in which book": takes the rest from the first part
_WORD_OF = r"(?:who|when|where|why|how|what|which|in\s+(?:which|what)|by\s+whom|with\s+whom)"
HELPING = (
    r"(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|must|may|might|shall)"
)
_ASKS = rf"(?:(?:{_WORD_OF}|whom|whose)\b|what['’]s\b|{HELPING}\b|(?:name|list|define|explain)\b)"
_SENTENCE_END = re.compile(r"(?<=\w{3}[.!?])\s+")  # not behind "Dr." and initials
_ASKING = re.compile(rf"^\W*{_ASKS}|\?\W*$", re.IGNORECASE)
# One sentence that begins as a question does, and has no mark.
_UNMARKED = re.compile(
    rf"(?:{_WORD_OF}|whom|whose|am|{HELPING})(?:n['’]t)?\b[^.!?;:]*\w$", re.IGNORECASE
)
_COURTESY = re.compile(
    r"^\W*(?:(?:(?:can|could|would|will)\s+(?:you|someone|anyone)\s+)?(?:please\s+)?"
    r"(?:tell\s+(?:me|us)|explain(?:\s+to\s+(?:me|us))?|say|describe)|do\s+you\s+know|"
    rf"i(?:\s+would|['’]d)\s+like\s+to\s+know|i\s+want\s+to\s+know)\s+(?={_WORD_OF}\b)",
    re.IGNORECASE,
)
# "When a team quarrels, what …": a clause that sets the scene, and no question of its own.
_SCENE = re.compile(
    rf"^\W*(?:according\s+to|in|for|from|with|under|during|as|when|where|if|since|while|although|"
    rf"though|because|once|after|before|given|even)\b(?!\s+{HELPING}\b)(?!\s+(?:which|what|whom)\b)"
    rf"[^?]{{3,160}}?,\s+(?={_ASKS})",
    re.IGNORECASE,
)
_TWO_WORDS = re.compile(
    rf"^\W*(?P<one>{_WORD_OF}) and (?P<other>{_WORD_OF}) (?P<rest>.+)$", re.IGNORECASE
)
_TWO_PARTS = re.compile(
    rf"^\W*(?P<one>(?:{_WORD_OF}|is|are|was|were|do|does|did|can|name|list|define|explain)\b.+?)"
    rf",?\s+and\s+(?P<other>(?:{_WORD_OF}\b|{HELPING}\s+(?:it|they)\b).*)$",
    re.IGNORECASE,
)
_TOLD_APART = re.compile(
    r"\bdifferences?\s+(?:\w+\s+){0,2}?between\s+(.+?)\s+and\s+([^?!.]+)$|"
    r"\b(?:do|does|did|is|are)\s+(.+?)\s+(?:differ|different|distinct|distinguished)\s+from\s+"
    r"([^?!.]+)$|"
    r"\b(?:do|does|did)\s+(.+?)\s+and\s+([^?!.]+?)\s+differ$|"
    r"^(?:what\s+(?:is|are)\s+)?(.+?)\s+(?:versus|vs\.?|as\s+opposed\s+to)\s+([^?!.]+)$|"
    # "Rules and habits: how do they differ?"
    r"^(.+?)\s+(?:and|or)\s+([^?!.:,]+?)\s*[:,–—-]\s*(?:and\s+)?(?:how\s+(?:do|are|is)\s+"
    r"(?:they|these|those|the\s+two)\s+(?:differ|different)|"
    r"what(?:['’]s|\s+is|\s+are)\s+the\s+differences?)$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_QUESTION_WORDS = re.compile(rf"^\W*{_WORD_OF}\b(?:\s+(?:is|are|was|were)\b)?", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|them|they|this|that|these|those)\b", re.IGNORECASE)


def as_question(text: str) -> str:
    """What was jotted down as it is offered: with a capital, and a question mark if it asks."""
    return text[0].upper() + text[1:] + "?" * bool(_UNMARKED.match(text))


def asks(text: str) -> bool:
    """Whether a text begins as a question does or ends as one, and is no claim or heading."""
    return bool(_ASKING.search(text))


def asking_part(text: str) -> str:
    """The part of a text that puts the question, or the whole where nothing sets it apart.

    Sentences that only tell the situation, a courtesy and a clause that sets the scene are left
    out: "Our team quarrels. When that happens, what should I do?" asks "what should I do?".
    """
    sentences = [each for each in _SENTENCE_END.split(text) if asks(each)]
    # "When she does it they bristle. Where does that come from?": the first one tells.
    asking = [
        each for each in sentences if not (each.endswith(".") and _QUESTION_WORDS.match(each))
    ]
    part = next(iter(asking or sentences), text)
    part = part[_end(_SCENE.match(part)) :]
    return part[_end(_COURTESY.match(part)) :]


def _end(found: re.Match[str] | None) -> int:
    return found.end() if found else 0


def halves(text: str) -> tuple[str, str] | None:
    """Both questions of a question with two parts, each as one of its own; None if it has one.

    "Who devised it and when?" asks who and when; a part that is only a question word takes the
    rest from the other.
    """
    stripped = " ".join(text.split()).rstrip("?!. ")
    if both := _TWO_WORDS.match(stripped):
        return f"{both['one']} {both['rest']}?", f"{both['other']} {both['rest']}?"
    found = _TWO_PARTS.match(stripped)
    if not found or len(found["one"].split()) < 3:
        return None
    one, other = found["one"], found["other"]
    inner = one.split(maxsplit=1)[1].lower()
    defines = bool(asked_subject(one)) and not asked_subject(other)
    is_one = one.split()[0].lower() == other.split()[0].lower() and not defines
    if is_one or re.search(rf"\b{_WORD_OF}\b", inner):
        return None  # "how … who leads and who follows" asks one thing
    opening = _QUESTION_WORDS.match(one)
    rest = one[opening.end() :].strip() if opening else one
    if _PRONOUN.search(other):
        return f"{one}?", _PRONOUN.sub(lambda _: asked_subject(one) or rest, other, count=1) + "?"
    return f"{one}?", f"{other} {rest}?" if len(other.split()) <= SHORT_PART_WORDS else f"{other}?"


def sides(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Both things that a question tells apart, each by the names that it may have; None without.

    "The difference between single-loop and double-loop learning": the first may be "single-loop
    learning", else "single-loop".
    """
    found = _TOLD_APART.search(" ".join(text.split()).rstrip("?!. "))
    if not found:
        return None
    first, second = (side.strip("\"“”'‘’ ") for side in found.groups() if side)
    one, other = _ARTICLE.sub("", first), _ARTICLE.sub("", second)
    if max(len(one.split()), len(other.split())) > MOST_WORDS_OF_SIDE or "," in one + other:
        return None
    # "The quiet and the loud watch" may share the last word, "rest and the loud watch" does not.
    is_parallel = other == second or one != first
    head = other.split()[len(one.split()) :] if is_parallel else []
    if not head:
        return (one,), (other,)
    return (" ".join((one, *head)), one), (other, " ".join(other.split()[: len(one.split())]))
