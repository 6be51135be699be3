"""The child process: limits, bad files one after another, and reading from disk."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kb.errors import UnreadableFile
from kb.readers import FORMATS, Limits, format_of, read
from kb.readers.sandbox import Sandbox

PAGE = b"<html><body><h1>Trust</h1><p>Trust is given before it is earned.</p></body></html>"
LONG_PAGE = b"<html><body>" + b"<p>Trust is given before it is earned.</p>" * 40_000


def test_a_file_past_the_limit_on_time_is_stopped_and_the_next_is_read() -> None:
    """The child is replaced; nothing of the first file is lost on the second."""
    with Sandbox() as sandbox:
        with pytest.raises(UnreadableFile, match=r"slow\.html took longer than the limit of 0"):
            sandbox.read(LONG_PAGE, name="slow.html", limits=Limits(seconds=0.01))
        assert sandbox.read(PAGE, name="a.html", limits=Limits()).text.startswith("Trust")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound address space")
def test_a_file_past_the_limit_on_memory_is_refused_and_the_next_is_read() -> None:
    """The limit is on what parsing adds, and is lifted again."""
    with Sandbox() as sandbox:
        sandbox.read(PAGE, name="a.html", limits=Limits())
        with pytest.raises(UnreadableFile, match=r"big\.html .*(memory|made its parser)"):
            sandbox.read(LONG_PAGE, name="big.html", limits=Limits(memory_bytes=4 * 1024 * 1024))
        assert sandbox.read(PAGE, name="a.html", limits=Limits()).text.startswith("Trust")


def test_bad_files_come_back_as_errors_and_leave_the_child_alive() -> None:
    """Each file has its own sentence; the same child answers all of them."""
    with Sandbox() as sandbox:
        for name, content in (("a.pdf", b"%PDF-1.5"), ("b.docx", b"PK"), ("c.html", b"")):
            with pytest.raises(UnreadableFile, match=name):
                sandbox.read(content, name=name, limits=Limits())
        assert sandbox.read(PAGE, name="a.html", limits=Limits()).text.startswith("Trust")


def test_threads_share_one_child() -> None:
    """Answers do not get mixed up."""
    with Sandbox() as sandbox:
        texts: dict[int, str] = {}

        def ask(number: int) -> None:
            page = f"<p>Words of page number {number}.</p>".encode()
            texts[number] = sandbox.read(page, name="a.html", limits=Limits()).text

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert texts == {number: f"Words of page number {number}." for number in range(8)}


def test_the_child_opens_no_connection() -> None:
    """A file that makes its parser fetch something gets nothing."""
    script = (
        "import sys, socket; from kb.readers.worker import _refuse_network\n"
        "sys.addaudithook(_refuse_network)\n"
        "try: socket.create_connection(('127.0.0.1', 9))\n"
        "except PermissionError as error: print(error)\n"
    )
    home = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", script], cwd=home, capture_output=True, text=True)
    assert "must not make its reader open a connection" in done.stdout


@pytest.mark.parametrize(
    ("name", "reason"),
    [("none.md", "cannot be read: No such file"), ("a.xyz", "no suffix that a reader knows")],
)
def test_a_file_that_is_not_there_or_not_known_is_refused(
    tmp_path: Path, name: str, reason: str
) -> None:
    """The system's own reason is passed on."""
    with pytest.raises(UnreadableFile, match=reason):
        read(tmp_path / name)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder whose name looks like a file's is refused."""
    (tmp_path / "a.md").mkdir()
    with pytest.raises(UnreadableFile, match=r"a\.md is no regular file; expected one"):
        read(tmp_path / "a.md")


def test_a_file_past_the_limit_on_size_is_not_opened(tmp_path: Path) -> None:
    """Both sizes are stated."""
    (tmp_path / "a.txt").write_bytes(b"x" * 3 * 1024 * 1024)
    with pytest.raises(UnreadableFile, match=r"a\.txt has 3 MB; the limit is 2 MB"):
        read(tmp_path / "a.txt", limits=Limits(max_bytes=2 * 1024 * 1024))


def test_names_with_odd_characters_are_read(tmp_path: Path) -> None:
    """Spaces, quotes, accents and other scripts."""
    for name in ("a b.html", "c'\"d.html", "é ü.html", "领导.html", "UPPER.HTML"):
        (tmp_path / name).write_bytes(PAGE)
        assert read(tmp_path / name).metadata.title == "Trust"


def test_every_suffix_has_a_format() -> None:
    """Suffixes are lower case and known whatever their case."""
    assert set(FORMATS.values()) == {
        "text",
        "markdown",
        "html",
        "pdf",
        "docx",
        "pptx",
        "epub",
    }
    assert all(format_of(f"x{suffix.upper()}") == kind for suffix, kind in FORMATS.items())
