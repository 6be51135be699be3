"""An office template of one's own: opened, or refused in words that say what is wrong with it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError as NoWordPackage
from pptx.exc import PackageNotFoundError as NoPowerPointPackage

from kb.errors import BadSetting

Kind = Literal["Word", "PowerPoint"]

_CONTENT_TYPES = "[Content_Types].xml"
# A .dotx or .potx differs from a .docx or .pptx in this name alone, which the two libraries
# refuse.
_MAIN: dict[Kind, tuple[bytes, bytes]] = {
    "Word": (b"wordprocessingml.template.main", b"wordprocessingml.document.main"),
    "PowerPoint": (b"presentationml.template.main", b"presentationml.presentation.main"),
}
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # opens a .doc, and a file with a password


def opened(file: str, kind: Kind) -> io.BytesIO:
    """The file's bytes, those of a template made into those of a document.

    Raises:
        OSError, BadZipFile: As `usable` explains them.
        ValueError: It has a password, is of an older format or of another program.
    """
    content = Path(file).read_bytes()
    if content.startswith(_OLD_OR_LOCKED):
        raise ValueError("it has a password, or the format before .docx and .pptx")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as copy:
        for name in package.namelist():
            part = package.read(name)
            if name == _CONTENT_TYPES:
                template, document = _MAIN[kind]
                part = part.replace(template, document)
                if document not in part:
                    raise ValueError(f"it holds no {kind} document")
            copy.writestr(name, part)
    out.seek(0)
    return out


@contextmanager
def usable(setting: str, template: str, kind: Kind) -> Iterator[None]:
    """Says what is wrong with a template when its parts turn out to be damaged or not there.

    Args:
        setting: Its name.
        template: Its value.
        kind: What it should be.

    Raises:
        BadSetting: Anything in the template cannot be read.
    """
    try:
        yield
    except FileNotFoundError:
        _refuse(setting, template, "which does not exist")
    except BadZipFile:
        _refuse(setting, template, f"which is damaged or no {kind} file")
    except (NoWordPackage, NoPowerPointPackage, OSError, KeyError, ValueError) as error:
        _refuse(setting, template, f"which cannot be used ({error})")
    except (SyntaxError, AttributeError, zlib.error) as error:  # broken XML, broken zip
        _refuse(setting, template, f"a part of which is damaged ({error})")


def _refuse(setting: str, template: str, reason: str) -> None:
    suffix = setting.removeprefix("template_")
    raise BadSetting(
        f"{setting} is {template!r}, {reason}. Name a .{suffix} file, or leave the setting empty "
        "for the shipped template."
    ) from None
