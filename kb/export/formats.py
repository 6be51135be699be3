"""The formats of an export: their names, suffixes and media types, and one call for all."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kb.errors import BadSetting
from kb.export.behind import BEHIND_KEYWORD, NEAREST_KEYWORD, QUOTED_KEYWORD, marked
from kb.export.entries import Sheet
from kb.export.words import count, on_one_line
from kb.references import write_bibtex, write_csl_json, write_ris
from kb.settings import Settings


@dataclass(frozen=True, slots=True)
class Format:
    """One format of an export; `suffix` begins with a dot."""

    name: str
    suffix: str
    media_type: str
    shown: str


_WRITE_BITS = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    each.name: each
    for each in (
        Format("docx", ".docx", f"{_OFFICE}.wordprocessingml.document", "Word"),
        Format("pptx", ".pptx", f"{_OFFICE}.presentationml.presentation", "PowerPoint"),
        Format("markdown", ".md", "text/markdown", "Markdown"),
        Format("csv", ".csv", "text/csv", "CSV"),
        Format("json", ".json", "application/json", "JSON"),
        Format("bibtex", ".bib", "application/x-bibtex", "BibTeX"),
        Format("ris", ".ris", "application/x-research-info-systems", "RIS"),
        Format("csl-json", ".csl.json", "application/vnd.citationstyles.csl+json", "CSL-JSON"),
    )
}


_OF_REFERENCES = ("bibtex", "ris", "csl-json")


def format_of(name: str) -> Format:
    """The format of that name, or the one of a file of that name.

    Raises:
        BadSetting: No format has the name or the suffix.
    """
    if name in FORMATS:
        return FORMATS[name]
    fitting = [each for each in FORMATS.values() if name.lower().endswith(each.suffix)]
    if not fitting:
        raise BadSetting(
            f"{name!r} names no format of an export. Use one of: {', '.join(FORMATS)}, "
            f"or a file that ends in one of: {' '.join(each.suffix for each in FORMATS.values())}"
        )
    return max(fitting, key=lambda each: len(each.suffix))


def render(sheet: Sheet, name: str, settings: Settings) -> bytes:
    """The bytes of the export.

    Args:
        sheet: Any.
        name: One of `FORMATS`. The bibliographic ones hold works, not quotes: those quoted and
            those behind them, told apart by a keyword.
        settings: Name the templates.

    Raises:
        BadSetting: The format is not known, or a template cannot be used.
    """
    chosen = format_of(name).name
    if chosen == "docx":
        from kb.export.docx import sheet_docx

        return sheet_docx(sheet, template=settings.template_docx)
    if chosen == "pptx":
        from kb.export.pptx import sheet_pptx

        return sheet_pptx(sheet, template=settings.template_pptx)
    # A half of a surrogate pair cannot be UTF-8; JSON reads the escape, the others hold none.
    return _text(sheet, chosen, settings).encode("utf-8", "backslashreplace")


def held(sheet: Sheet, name: str) -> str:
    """What an export in that format holds, in a sentence or two."""
    if format_of(name).name not in _OF_REFERENCES:
        return sheet.remark
    quoted, behind = len(sheet.records), len(sheet.behind)
    kinds = f" ({quoted} quoted, {behind} behind)" if behind else ""
    kinds = " of the nearest passages" if sheet.is_unanswered and quoted else kinds
    told = f"{count(quoted + behind, 'reference')}{kinds}."
    lost = ["notes"] * any(entry.note for entry in sheet.entries)
    lost += ["tags"] * any(entry.tags for entry in sheet.entries)
    if lost:
        told += f" {' and '.join(lost).capitalize()} are not part of this format."
    return told


def write_export(sheet: Sheet, file: Path, settings: Settings, *, name: str = "") -> None:
    """Writes the export; the file is there whole or not at all.

    Args:
        sheet: Any.
        file: Where to; its suffix tells the format unless `name` does.
        settings: Name the templates.
        name: One of `FORMATS`.

    Raises:
        BadSetting: The format is not known, a template cannot be used, or the file cannot be
            written.
    """
    check_target(file)
    content = render(sheet, name or file.name, settings)
    target = file.resolve()  # a link stays one
    beside = target.with_name(f".{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise _unwritable(file, error.strerror or str(error)) from None


def check_target(file: Path) -> None:
    """Refuses a file that cannot be written, before anything is made for it.

    A file that somebody made read-only is left alone, although renaming would replace it.

    Raises:
        BadSetting: Its folder does not exist, or it is read-only or a folder itself.
    """
    try:
        if file.is_dir():
            raise _unwritable(file, "it is a folder")
        if not file.resolve().parent.is_dir():
            raise _unwritable(file, "its folder does not exist")
        if file.exists() and not file.stat().st_mode & _WRITE_BITS:
            raise _unwritable(file, "it is read-only")
    except OSError as error:
        raise _unwritable(file, error.strerror or str(error)) from None


def _unwritable(file: Path, reason: str) -> BadSetting:
    return BadSetting(
        f"{on_one_line(str(file))} cannot be written: {reason}. Name a file in a folder that "
        "exists and that you may write to."
    )


def _text(sheet: Sheet, name: str, settings: Settings) -> str:
    from kb.export.markdown import sheet_markdown
    from kb.export.plain import sheet_json
    from kb.export.table import sheet_csv

    if name == "markdown":
        return sheet_markdown(sheet, template=settings.template_markdown)
    if name == "csv":
        return sheet_csv(sheet, bom=True)
    if name == "json":
        return json.dumps(sheet_json(sheet), ensure_ascii=False, indent=2) + "\n"
    keyword = NEAREST_KEYWORD if sheet.is_unanswered else QUOTED_KEYWORD
    records = [marked(record, keyword) for record in sheet.records]
    records += [marked(work.record, BEHIND_KEYWORD) for work in sheet.behind]
    if name == "bibtex":
        return write_bibtex(records)
    return write_ris(records) if name == "ris" else write_csl_json(records)
