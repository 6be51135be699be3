"""A sheet as Markdown that shows a source's words as they are, whatever characters they hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from kb.errors import BadSetting
from kb.export import behind
from kb.export.entries import NEAREST, STATUS_SHAPES, STATUS_WORDS, Group, Sheet, SheetCell, grouped
from kb.export.plain import group_place
from kb.export.words import excerpt, on_one_line, paragraphs, written_lines
from kb.references import Run

SHIPPED = Path(__file__).resolve().parent / "templates" / "leadership.md"
_EMPTY_LINES = re.compile(r"\n{3,}")
CELL_WORDS = 25  # of a quote in a comparison's table; the whole quote follows below it

# Every character that could open markup in CommonMark, a table or raw HTML.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$^#]|&(?=[#\w]))")
_LINE_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))", re.MULTILINE)
# A renderer makes a link of a bare address; a backslash before the colon keeps it text.
_LINK = re.compile(r"https?\\://[^\s<>]*[^\s<>.,;)]")
_ADDRESS = re.compile(r"(?<=\w)(?=://|@)|(?<=www)(?=\.)", re.IGNORECASE)


def sheet_markdown(sheet: Sheet, *, template: str = "") -> str:
    """The sheet with quotes, notes, references and, for a comparison, its table.

    Args:
        sheet: Any.
        template: A text file of your own with `${title}`, `${remark}`, `${table}`,
            `${passages}`, `${references}`, `${works}` or `${date}` where those should stand.

    Raises:
        BadSetting: The template is missing, no text in UTF-8, or asks for nothing or for
            something else.
    """
    try:
        text = Template(Path(template or SHIPPED).read_text(encoding="utf-8"))
        if text.is_valid() and not text.get_identifiers():
            raise ValueError("it asks for nothing, so nothing would be written")
        filled = text.substitute(
            title=escaped(sheet.title),
            remark=escaped(sheet.remark),
            table=_table(sheet) if sheet.columns else "",
            passages="\n\n".join(_passages(sheet)),
            references="\n\n".join(_references(sheet)),
            works="\n\n".join(_works(sheet)),
            date=datetime.now(UTC).date().isoformat(),
        )
    except (OSError, ValueError, KeyError) as error:
        raise BadSetting(
            f"template_markdown is {template!r}, which cannot be used ({error}). Name a text "
            "file with ${title}, ${remark}, ${table}, ${passages}, ${references}, ${works} or "
            "${date} in it, or leave the setting empty for the shipped template."
        ) from None
    return _EMPTY_LINES.sub("\n\n", filled).strip("\n") + "\n"


def _passages(sheet: Sheet) -> list[str]:
    if not sheet.columns:
        heading = [f"## {NEAREST}"] * (sheet.is_unanswered and bool(sheet.entries))
        return heading + [_group(group) for group in grouped(sheet.entries, sheet.style)]
    parts = ["## Passages"]
    for dimension, cells in sheet.rows:
        entries = [entry for cell in cells for entry in cell.entries]
        if entries:
            parts.append(f"### {escaped(on_one_line(dimension))}")
        parts += [_group(group) for group in grouped(entries, sheet.style)]
    return parts


def _references(sheet: Sheet) -> list[str]:
    if not sheet.bibliography:
        return []
    return [
        "## References",
        "\n".join(f"- {_linked(_runs(entry))}" for entry in sheet.bibliography),
    ]


def _works(sheet: Sheet) -> list[str]:
    parts = [f"## {behind.TITLE}", f"*{behind.REMARK}*"] if sheet.behind else []
    for heading, works in behind.groups(sheet.behind):
        lines = [f"- {_linked(_runs(work.reference))} · {where}" for work, where in works]
        parts += [f"### {heading}", "\n".join(lines)]
    return parts


def escaped(text: str, *, opens_line: bool = True) -> str:
    """The text so that a Markdown renderer prints it character by character.

    Args:
        text: Any.
        opens_line: Whether it stands at the start of a line, where `31.` would open a list.
    """
    safe = _SPECIAL.sub(r"\\\1", text)
    safe = _ADDRESS.sub(r"\\", safe)
    if not opens_line:
        return safe
    return _LINE_START.sub(lambda found: f"{found[1]}{_start(found[2])}", safe)


def _start(mark: str) -> str:
    return f"\\{mark}" if not mark.isdigit() else f"{mark}\\"


def _group(group: Group) -> str:
    first = group.entries[0]
    where = f"{on_one_line(first.title)}, {group_place(group)}"
    lines = [f"**{group.numbers}.** {escaped(where, opens_line=False)}", *_quotes(group)]
    if first.note:
        lines.append(f"Note: {_hard(chr(10).join(written_lines(first.note)))}")
    if first.tags:
        tags = ", ".join(on_one_line(tag) for tag in first.tags)
        lines.append(f"Tags: {escaped(tags, opens_line=False)}")
    return "\n\n".join(lines)


def _quotes(group: Group) -> list[str]:
    """The quotes as blocks of Markdown, the items of a list in one; their citation at the end."""
    items = [entry for entry in group.entries if group.is_list and entry.is_item]
    ahead = group.entries[: len(group.entries) - len(items)]
    blocks = [_block(each.quote) if each.is_block else _marked(each.quote) for each in ahead]
    if items:
        blocks.append("\n".join(f"- {_marked(entry.quote)}" for entry in items))
    elif ahead[-1].is_block:
        return [*blocks, _runs(group.citation)]
    return [*blocks[:-1], f"{blocks[-1]} {_runs(group.citation)}"]


def _marked(quote: str) -> str:
    return f"“{escaped(on_one_line(quote), opens_line=False)}”"


def _block(quote: str) -> str:
    marked = [_hard(paragraph).replace("\n", "\n> ") for paragraph in paragraphs(quote)]
    return "> " + "\n>\n> ".join(marked)


def _hard(paragraph: str) -> str:
    return escaped(paragraph).replace("\n", "\\\n")


def _runs(runs: tuple[Run, ...]) -> str:
    printed: list[str] = []
    for text, is_italic in runs:
        core = text.strip()
        if not is_italic or not core:
            printed.append(escaped(text, opens_line=not printed))
            continue
        ahead, behind = text[: text.index(core)], text[text.index(core) + len(core) :]
        printed.append(f"{ahead}*{escaped(core, opens_line=False)}*{behind}")
    return "".join(printed)


def _linked(reference: str) -> str:
    """The escaped reference with its address as a link."""
    return _LINK.sub(lambda found: f"<{found[0].replace(chr(92), '')}>", reference)


def _table(sheet: Sheet) -> str:
    head = ["", *(f"**{escaped(on_one_line(name))}**" for name in sheet.columns)]
    lines = [_line(head), _line(["---"] * len(head))]
    for dimension, cells in sheet.rows:
        lines.append(_line([f"**{escaped(on_one_line(dimension))}**", *map(_cell, cells)]))
    return "\n".join(lines)


def _cell(cell: SheetCell) -> str:
    words = f"{STATUS_SHAPES[cell.status]} {STATUS_WORDS[cell.status]}"
    if not cell.entries:
        return words
    first = cell.entries[0]
    more = f" and {len(cell.entries) - 1} more" if len(cell.entries) > 1 else ""
    quote = escaped(excerpt(first.quote, CELL_WORDS), opens_line=False)
    return f"{words}<br>“{quote}” {_runs(first.citation)}{more}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
