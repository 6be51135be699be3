"""A PDF of 300 pages from file to indexed, and the part of that which parsing takes.

    python eval/benchmarks/large_pdf.py TEXTS... --work NEW_FOLDER

TEXTS are Markdown files; pandoc and LibreOffice make one PDF of them, cut to 300 pages. The two
commands are run as a person runs them, each in a process of its own; the embedding model was
made ready before.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from recording import record

from kb import readers
from kb.embedding import load_embedder
from kb.library import Library
from kb.settings import Settings

PAGES = 300
PACKAGES = ("pypdfium2", "openvino", "tokenizers", "faiss-cpu", "bm25s", "numpy")
NOTE = (
    "Seconds of whole processes, `kb add` and then `kb build` on an empty index; the first parses "
    "the file and keeps its reading for the second. parsing_seconds is one reading with the start "
    "of its child process, warm_parsing_seconds one in a child that runs already. "
    "processor_seconds do not depend on what else runs: on two idle cores the whole takes between "
    "half of them and all of them."
)


def made_pdf(texts: Sequence[Path], work: Path) -> Path:
    """One PDF of `PAGES` pages."""
    word, book, cut = work / "book.docx", work / "book.pdf", work / "pages.pdf"
    joined = work / "book.md"
    joined.write_text("\n\n".join(text.read_text(encoding="utf-8") for text in texts), "utf-8")
    subprocess.run(["pandoc", "-f", "markdown", str(joined), "-o", str(word)], check=True)
    profile = f"-env:UserInstallation={(work / 'office').resolve().as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", work, word],
        check=True, capture_output=True,
    )  # fmt: skip
    whole, pages = pypdfium2.PdfDocument(book), pypdfium2.PdfDocument.new()
    if len(whole) < PAGES:
        raise SystemExit(f"{len(whole)} pages are too few; name more texts to reach {PAGES}")
    pages.import_pages(whole, range(PAGES))
    pages.save(cut)
    return cut


def command(settings: Settings, *arguments: str) -> float:
    """Seconds that a `kb` command took."""
    call = [sys.executable, "-c", "from kb.cli import main; main()"]
    call += ["--corpus", str(settings.corpus), "--index", str(settings.index), *arguments]
    began = time.perf_counter()
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL, env=os.environ)
    return time.perf_counter() - began


def children_seconds() -> float:
    """Processor time of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--work", type=Path, required=True, help="folder for PDF, corpus and index")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    file = made_pdf(asked.texts, asked.work)
    settings = Settings(corpus=asked.work / "corpus", index=asked.work / "index")
    load_embedder(settings)

    used = children_seconds()
    added = command(settings, "add", str(file))
    built = command(settings, "build")
    processor = children_seconds() - used
    began = time.perf_counter()
    readers.read(file)
    parsing = time.perf_counter() - began
    began = time.perf_counter()
    reading = readers.read(file)
    warm = time.perf_counter() - began
    library = Library.open(settings)
    measured = {
        "pages": PAGES,
        "words": len(reading.text.split()),
        "passages": library.manifest.passages,
        "seconds": round(added + built, 1),
        "add_seconds": round(added, 1),
        "build_seconds": round(built, 1),
        "processor_seconds": round(processor, 1),
        "parsing_seconds": round(parsing, 2),
        "warm_parsing_seconds": round(warm, 2),
        "parsing_share": round(parsing / (added + built), 3),
    }
    library.close()
    print(record("large_pdf", measured, packages=PACKAGES, note=NOTE).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
