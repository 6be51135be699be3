"""Plain text, above all text pasted from a web page: headings, lists, notes and furniture.

The text is kept character for character; the page's structure is told from the shape of its
lines, the words of its furniture and their place on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise, zip_longest

from kb.errors import UnreadableFile
from kb.readers.bylines import byline_names, date_year, is_name
from kb.readers.decoding import decode
from kb.readers.furniture import tail_kind
from kb.readers.lines import split_lines, unify_newlines
from kb.readers.units import REFERENCE, Unit, gather_units
from kb.records import Block, Metadata, Reading

# Shapes of a heading and of prose, in words and characters. Unmeasured beyond the tests.
HEADING_WORDS = 14
HEADING_CHARS = 110
QUESTION_WORDS = 12
TITLE_WORDS = 28
TITLE_CHARS = 180
PROSE_WORDS = 12
SOLID_WORDS = 25
# Of a page's words, this share stands before readers' comments and links to other pages.
TAIL_SHARE = 0.5
# So many lines of furniture make the end of a page one.
END_FURNITURE = 3
# A teaser repeats the text below it, a table of contents its headings; both stand at the top.
HEAD_UNITS = 60
TEASER_REACH_CHARS = 50_000
# 100 MB of wrapped prose stay below; data files do not.
MAX_LINES = 2_000_000

_GLUED = re.compile(r"[a-z]{3,12}(?=[A-Z][a-z]{2,})")
_CAPTION = re.compile(r"(?:figure|fig\.|table|exhibit|chart|source|image|photo)\s?\d*[:.–—]", re.I)
_CREDIT = re.compile(
    r"(?:an? )?(?:excerpt(?:ed)?|adapted|reprinted|extract(?:ed)?|republished|originally published|"
    r"this (?:article|post|essay) (?:first |originally )?appeared)\b",
    re.I,
)
_SECTION = re.compile(r"(?:part|chapter|book|section|appendix|lesson|module)\s+[\divxlc]+\b", re.I)
_NOTES = re.compile(
    r"(?:references|bibliography|works cited|(?:foot|end)?notes|literature)\W*", re.I
)
_CONTENTS = re.compile(
    r"(?:table of )?contents|(?:in|on) this (?:article|page|post|guide)|índice|inhalt|sommaire",
    re.I,
)
_MAIL = re.compile(r"(?:to|from|cc|bcc|date|sent|attn|attachments?)\s?:", re.I)
_SUBJECT = re.compile(r"(?:subject|re|title|betreff|asunto)\s?:\s*", re.I)
_COUNT = re.compile(
    r"\b(?:(\d{1,2})|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.I
)
_COUNT_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_SITE = re.compile(r"(?i)\b(?:blog|news|magazine|journal|institute|home|official|website|inc)\b")
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*(?:read more|continue reading)?\W*$", re.I)


def read(content: bytes, *, name: str) -> Reading:
    """The structure of a plain text; the text itself stays as it is in the file.

    Raises:
        UnreadableFile: Empty, binary, undecodable, or nothing but white space.
    """
    raw, problems = decode(content, name=name)
    if raw.count("\n") > MAX_LINES:
        raise UnreadableFile(
            f"{name} has {raw.count(chr(10)):,} lines; the limit is {MAX_LINES:,}. Split it"
        )
    text, raw_spans = unify_newlines(raw)
    blocks, metadata = outline(text)
    if not blocks:
        raise UnreadableFile(f"{name} holds only white space; expected text")
    return Reading(text, blocks, raw_spans, metadata, problems)


def outline(text: str) -> tuple[tuple[Block, ...], Metadata]:
    """Blocks and bibliographic facts of a plain text; white space belongs to no block."""
    units = gather_units(split_lines(text))
    if not units:
        return (), Metadata()
    _mark_credits(units)
    _mark_teasers(units, text)
    _mark_contents(units)
    _spread_furniture(units)
    title = _find_title(units)
    metadata = _mark_head(units, title)
    _mark_tail(units)
    _mark_end(units)
    _mark_unmarked_lists(units)
    _mark_counted_lists(units)
    _mark_headings(units, title)
    _mark_notes(units)
    _set_item_levels(units)
    return _blocks(units), metadata


def _is_short(unit: Unit) -> bool:
    """Whether the unit could be a heading by its shape alone."""
    if not 1 <= unit.words <= HEADING_WORDS or unit.end - unit.start > HEADING_CHARS:
        return False
    text = REFERENCE.sub("", unit.text)
    if not text or (text[-1] in ".,;:…" and not text.endswith(("etc.", "Inc.", "Co.", "Ltd."))):
        return False
    if text[-1] in "?!" and unit.words > QUESTION_WORDS:
        return False
    if _MAIL.match(text):
        return False
    quoted = text[0] in "\"“'‘«" and text[-1] in "\"”'’»"
    opens = not (text[0].islower() or text[0] in "-–—") or bool(_GLUED.match(text))
    return opens and not quoted and not _CAPTION.match(text) and any(map(str.isalpha, text))


def _is_prose(unit: Unit, words: int = PROSE_WORDS) -> bool:
    return unit.kind is None and unit.words >= words and not _is_short(unit)


def _mark_credits(units: list[Unit]) -> None:
    """Lines that say where a text was taken from are notes."""
    for unit in units:
        if unit.kind is None and unit.words <= TITLE_WORDS and _CREDIT.match(unit.text):
            unit.kind = "note"


def _mark_teasers(units: list[Unit], text: str) -> None:
    """An excerpt that breaks off and goes on further down is furniture."""
    for unit in units[:HEAD_UNITS]:
        whole = text[unit.start : unit.end]
        cut = _ELLIPSIS.search(whole[-60:])
        if unit.kind == "furniture" or cut is None or len(whole) > 3000:
            continue
        words = whole[: len(whole) - len(whole[-60:]) + cut.start()].split()[-8:]
        below = " ".join(text[unit.end : unit.end + TEASER_REACH_CHARS].split())
        if len(words) == 8 and " ".join(words) in below:
            unit.kind = "furniture"


def _mark_contents(units: list[Unit]) -> None:
    """A table of contents only repeats the headings below it."""
    place = 0
    while place < min(len(units), HEAD_UNITS):
        unit, place = units[place], place + 1
        if unit.words > 4 or not _CONTENTS.fullmatch(unit.text):
            continue
        below = Counter(other.text for other in units[place:] if other.words <= HEADING_WORDS)
        entries = place
        while entries < len(units) and below[units[entries].text] > 1:
            below[units[entries].text] -= 1
            entries += 1
        for other in units[place - 1 : entries] if entries > place else ():
            other.kind = "furniture"
        place = entries


def _spread_furniture(units: list[Unit]) -> None:
    """Likely furniture is furniture beside furniture, and in runs of three."""
    likely = [unit.likely_furniture and unit.words <= 5 for unit in units]
    run = 0
    for place in range(len(units)):
        run = run + 1 if likely[place] else 0
        if run >= 3:
            for unit in units[place - run + 1 : place + 1]:
                unit.kind = "furniture"
    for steps in (range(1, len(units)), range(len(units) - 2, -1, -1)):
        towards = -1 if steps.step > 0 else 1
        for place in steps:
            if likely[place] and units[place + towards].kind == "furniture":
                units[place].kind = "furniture"
    for before, unit, after in zip(units, units[1:], units[2:], strict=False):
        beside = before.kind == after.kind == "furniture"
        if beside and unit.kind is None and unit.words <= 6 and _is_short(unit):
            unit.kind = "furniture"


def _find_title(units: list[Unit]) -> Unit | None:
    """The line at the top of the page that names the text."""
    solid = (at for at, unit in enumerate(units) if _is_prose(unit))
    first = next(solid, None)
    if first is None:
        first = next((at for at, unit in enumerate(units) if unit.kind in ("item", "note")), 0)
    second = next(solid, len(units))
    body = " ".join(unit.text for unit in units[first : second + 20])[:20_000].casefold()
    words_below = set(re.findall(r"\w{4,}", body))
    best, best_score = None, 0.0
    for at, unit in enumerate(units[:first]):
        if best and _SECTION.match(unit.text):
            break
        if not _may_be_title(unit):
            continue
        score = _title_score(units, at, first, words_below)
        if score >= best_score + (0.01 if best else 0):
            best, best_score = unit, score
    return best


def _may_be_title(unit: Unit) -> bool:
    text = unit.text
    return (
        unit.kind is None
        and not unit.likely_furniture
        and unit.words <= TITLE_WORDS
        and unit.end - unit.start <= TITLE_CHARS
        and text[-1] not in ".,;:"
        and any(map(str.isalpha, text))
        and not _SECTION.match(text)
        and not _MAIL.match(text)
        and not _NOTES.fullmatch(text)
        and date_year(text) is None
        and not byline_names(text)
    )


def _title_score(units: list[Unit], at: int, first: int, words_below: set[str]) -> float:
    unit, score = units[at], 0.0
    after = next((other for other in units[at + 1 : first + 1] if other.kind != "furniture"), None)
    if after and (date_year(after.text) or byline_names(after.text)):
        score += 3
    if any(_contains_title(other.text, unit.text) for other in units[:first]):
        score += 2
    if unit.underline == "=":
        score += 2
    words = re.findall(r"\w{4,}", unit.text.casefold())
    score += 2 * sum(word in words_below for word in words) / max(3, len(words))
    score += 0.5 * (unit.words >= 3) + 0.5 * (unit.words >= 5) + 0.5 * (at == 0)
    score += bool(after and is_name(after.text)) - is_name(unit.text)
    score += 2 * bool(_SUBJECT.match(unit.text))
    return score - 2 * (bool(_SITE.search(unit.text)) and unit.words <= 6)


def _contains_title(line: str, title: str) -> bool:
    """Whether the line is the title with the site's name before or after it."""
    if line == title or len(title) <= 12 or len(line) > TITLE_CHARS:
        return False
    if line.endswith(title):
        return bool(re.search(r"[:|–—-]\s+$", line.removesuffix(title)))
    return line.startswith(title) and bool(re.match(r"\s+[:|–—-]", line.removeprefix(title)))


def _mark_head(units: list[Unit], title: Unit | None) -> Metadata:
    """Marks what stands round the title and the top of the text, and reads it."""
    solid = [at for at, unit in enumerate(units) if _is_prose(unit, SOLID_WORDS)]
    head = solid[1] if len(solid) > 1 else len(units)
    authors: list[str] = []
    year = None
    for place, unit in enumerate(units):
        if unit is title or unit.kind not in (None, "item", "furniture") or _is_prose(unit):
            continue
        names, dated = byline_names(unit.text), date_year(unit.text)
        if place < head or place > (solid[-1] if solid else 0):
            authors.extend(name for name in names if name not in authors and place < head)
            year = year or dated
            if (names or dated) and unit.words <= TITLE_WORDS:
                unit.kind = "furniture"
    if title:
        at = next(place for place, unit in enumerate(units) if unit is title)
        title.kind, title.level = "heading", 1
        _mark_before_title(units, at, any(unit.kind == "furniture" for unit in units))
        authors += [name for name in _mark_after_title(units, at) if not authors]
    words = _SUBJECT.sub("", title.text) if title else None
    return Metadata(title=words, authors=tuple(authors), year=year)


def _mark_before_title(units: list[Unit], at: int, is_page: bool) -> None:
    """Above a page's title stand only the site's name and its menu."""
    title = units[at]
    for unit in units[:at]:
        repeats = unit.text == title.text or _contains_title(unit.text, title.text)
        if repeats or (is_page and unit.words <= HEADING_WORDS and unit.kind in (None, "item")):
            unit.kind = "furniture"


def _mark_after_title(units: list[Unit], at: int) -> list[str]:
    """Labels between the title and other furniture ("Leadership", then the date).

    Returns the name of a person that stands there twice: under the picture and as a link.
    """
    end = at + 1
    while end < len(units) and (units[end].kind == "furniture" or _is_label(units[end])):
        end += 1
    while end > at + 1 and units[end - 1].kind != "furniture":
        end -= 1
    labels = units[at + 1 : end]
    for unit in labels:
        unit.kind = "furniture"
    twice = [a.text for a, b in pairwise(labels) if a.text == b.text and is_name(a.text)]
    return twice[:1]


def _is_label(unit: Unit) -> bool:
    return unit.kind is None and (_is_short(unit) or unit.likely_furniture)


def _mark_tail(units: list[Unit]) -> None:
    """Readers' comments and links to other pages, from where the page's text is over."""
    total = sum(unit.words for unit in units if _counts(unit))
    before, mode = 0, None
    for unit in units:
        if unit.kind == "furniture":
            if before >= TAIL_SHARE * total and mode != "comments":
                mode = tail_kind(unit.text) or mode
            continue
        if mode == "related" and (_is_prose(unit, SOLID_WORDS) or unit.kind == "note"):
            mode = None
        if mode and not (unit.kind == "note" and unit.marker):
            unit.kind = "furniture"
        elif _counts(unit):
            before += unit.words
    after = None
    for unit in reversed(units):
        if unit.kind == "furniture":
            after = unit
        elif after and unit.kind is None and _is_short(unit):
            unit.kind = "furniture"
        else:
            break


def _mark_end(units: list[Unit]) -> None:
    """Short lines after the text's last words, where the page's end is full of furniture."""
    content = [at for at, unit in enumerate(units)
               if unit.kind in ("item", "note", "table") or _is_prose(unit)]  # fmt: skip
    last = content[-1] if content else -1
    end = units[last + 1 :]
    if last >= 0 and sum(unit.kind == "furniture" for unit in end) >= END_FURNITURE:
        for unit in end:
            unit.kind = "furniture"


def _counts(unit: Unit) -> bool:
    """Whether the unit's words are part of the text proper."""
    return unit.kind in ("item", "table") or _is_prose(unit)


def _mark_unmarked_lists(units: list[Unit]) -> None:
    """Short lines one under another after a colon are a list that lost its bullets."""
    place = 0
    while place < len(units):
        run = place + 1
        if units[place].kind is None and units[place].last == ":":
            while run < len(units) and _is_unmarked_item(units, run, place + 1):
                run += 1
            closed = run == len(units) or units[run].gap or units[run].kind is not None
            members = units[place + 1 : run if closed else run - 1]
            if len(members) >= 2:
                for unit in members:
                    unit.kind, unit.level = "item", 1
        place = run


def _mark_counted_lists(units: list[Unit]) -> None:
    """After "Six things to do" the next six short lines are its list."""
    for place, unit in enumerate(units):
        count = (
            _COUNT.search(unit.text) if unit.kind is None and unit.words <= TITLE_WORDS else None
        )
        if not count or not (_is_short(unit) or unit.last == ":"):
            continue
        number = int(count[1]) if count[1] else _COUNT_WORDS.index(count.group().lower()) + 1
        members = units[place + 1 : place + 1 + number]
        if 2 <= number == len(members) and all(
            member.kind is None and _is_short(member) for member in members
        ):
            after = units[place + 1 + number : place + 2 + number]
            if after and after[0].kind is None and not _is_short(after[0]) and not after[0].gap:
                continue  # the last line heads the prose right below it
            for member in members:
                member.kind, member.level = "item", 1


def _is_unmarked_item(units: list[Unit], place: int, first: int) -> bool:
    unit = units[place]
    return unit.kind is None and _is_short(unit) and (place == first or not unit.gap)


def _mark_headings(units: list[Unit], title: Unit | None) -> None:
    """Short lines that open something are headings; what remains is a paragraph."""
    shown = [unit for unit in units if unit.kind != "furniture"]
    run: list[Unit] = []
    for unit, after in zip_longest(shown, shown[1:]):
        if unit is title:
            continue
        if _opens_section(unit, after):
            run.append(unit)
            continue
        if run and _is_content(unit):
            _keep_headings(run, unit)
        run = []
        if unit.kind is None:
            unit.kind = "paragraph"
    for unit in shown:
        if unit.kind is None:
            unit.kind = "paragraph"
    headings = [unit for unit in shown if unit.kind == "heading" and unit is not title]
    _set_heading_levels(headings, title)


def _opens_section(unit: Unit, after: Unit | None) -> bool:
    if unit.underline and unit.underline in "=-~" and _is_short(unit):
        return True
    if unit.number is not None and unit.kind == "item":
        # "1. Trust" with prose of its own below it heads a section; it is no list item.
        below = after is not None and after.kind is None and not after.marked and after.words >= 5
        return below and _is_short(unit) and not _is_short(after or unit)
    return unit.kind is None and _is_short(unit)


def _is_content(unit: Unit) -> bool:
    """Whether a heading may stand before the unit."""
    return unit.kind is not None or unit.words >= 4


def _keep_headings(run: list[Unit], content: Unit) -> None:
    """Of short lines in a row only those next to the content head it."""
    packed = len(run) > 2 and not any(unit.gap for unit in run[1:])
    kept = 2
    if packed:
        kept = 1 if not content.gap else 0
    for place, unit in enumerate(run):
        near = len(run) - place <= kept
        if near or unit.underline or _SECTION.match(unit.text) or unit.depth:
            unit.kind = "heading"


def _set_heading_levels(headings: list[Unit], title: Unit | None) -> None:
    base = 2 if title else 1
    sections = any(_SECTION.match(unit.text) for unit in headings)
    capitals = [unit.text.isupper() for unit in headings]
    mixed = any(capitals) and not all(capitals)
    for unit, capital in zip(headings, capitals, strict=True):
        if unit.depth:
            unit.level = base + unit.depth - 1
        elif sections:
            unit.level = base if _SECTION.match(unit.text) else base + 1
        else:
            unit.level = base + (mixed and not capital)


def _mark_notes(units: list[Unit]) -> None:
    """Under a heading such as References everything is a note, up to the next heading."""
    inside = False
    for unit in units:
        if unit.kind == "heading":
            inside = bool(_NOTES.fullmatch(unit.text))
        elif inside and unit.kind in ("paragraph", "item"):
            unit.kind, unit.level = "note", 0


def _set_item_levels(units: list[Unit]) -> None:
    """Depth in a list from the columns before the markers."""
    indents: list[int] = []
    for unit in units:
        if unit.kind == "furniture":
            continue
        if unit.kind != "item":
            indents = []
            continue
        while indents and indents[-1] > unit.indent:
            indents.pop()
        if not indents or indents[-1] < unit.indent:
            indents.append(unit.indent)
        unit.level = len(indents)


def _blocks(units: list[Unit]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for unit in units:
        kind = unit.kind or "paragraph"
        start = unit.start
        glued = _GLUED.match(unit.text) if kind == "heading" else None
        if glued:
            # A picture's alternative text sticks to the heading after it: "teamKey lessons".
            blocks.append(Block("furniture", start, start + glued.end()))
            start += glued.end()
        ordered = kind == "item" and unit.number is not None
        level = unit.level if kind in ("heading", "item") else 0
        blocks.append(replace(Block(kind, start, unit.end, level), ordered=ordered))
    return tuple(blocks)
