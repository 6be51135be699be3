"""Draws `leadership.docx` and `leadership.pptx`: python -m kb.export.templates.make [FOLDER]."""

from __future__ import annotations

import sys
from pathlib import Path

from kb.export.templates.slides import slide_template
from kb.export.templates.word import word_template

HERE = Path(__file__).resolve().parent
WORD = "leadership.docx"
SLIDES = "leadership.pptx"


def main(folder: Path) -> None:
    """Writes both templates into a folder."""
    word_template().save(str(folder / WORD))
    slide_template().save(str(folder / SLIDES))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
