"""A long PDF is read by two processes: nothing but the time tells."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from test_readers_pdf import Put, pdf

from kb.errors import UnreadableFile
from kb.readers import Limits, read_bytes
from kb.readers.halves import PAGES_WORTH_A_COPY, processes_here
from kb.readers.sandbox import Sandbox, _kill

LONG = pdf(
    [
        [Put(72, 700, f"Chapter {number} says this."), Put(300, 30, str(number + 11))]
        for number in range(PAGES_WORTH_A_COPY + 1)
    ]
)


def output_of(script: str) -> str:
    """What a script prints in a process without other threads, as the parsing one is."""
    asked = [sys.executable, "-c", textwrap.dedent(script)]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def test_a_long_pdf_is_read_in_two_halves_as_in_one() -> None:
    """Text, blocks, printed pages and the runs to the raw text are the same."""
    whole = read_bytes(LONG, name="a.pdf")
    assert {block.page for block in whole.blocks} >= {"11", "50", str(PAGES_WORTH_A_COPY + 11)}
    with Sandbox() as sandbox:
        assert sandbox.read(LONG, name="a.pdf", limits=Limits()) == whole


@pytest.mark.skipif(processes_here() < 2, reason="one core, or no Linux")
@pytest.mark.parametrize("end", ["raise ValueError", "os.kill(os.getpid(), 9)", "return []"])
def test_pages_that_the_copy_does_not_deliver_are_read_here(end: str) -> None:
    """A copy may fail, be killed or come back with too little."""
    script = f"""
        import os
        from kb.readers.halves import read_in_halves
        original = os.getpid()
        def read(numbers):
            if os.getpid() != original:
                {end}
            return list(numbers)
        print(read_in_halves(read, 7))
    """
    assert output_of(script) == "[0, 1, 2, 3, 4, 5, 6]\n"


@pytest.mark.skipif(processes_here() < 2, reason="one core, or no Linux")
def test_the_copy_really_reads_the_second_half() -> None:
    """Else the test above would hold for a reader without a copy."""
    script = """
        import os
        from kb.readers.halves import read_in_halves
        print(len(set(read_in_halves(lambda numbers: [os.getpid()] * len(numbers), 7))))
    """
    assert output_of(script) == "2\n"


def test_a_long_pdf_that_takes_too_long_is_stopped_with_its_copy() -> None:
    """The next file is read by a fresh child."""
    with Sandbox() as sandbox:
        with pytest.raises(UnreadableFile, match="longer than the limit"):
            sandbox.read(LONG, name="a.pdf", limits=Limits(seconds=0.0001))
        assert sandbox.read(LONG, name="a.pdf", limits=Limits()).text


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_whoever_ends_a_child_ends_the_copies_that_it_made() -> None:
    """The pipe ends only when nobody is left who could write to it."""
    script = "import os, time; os.fork(); os.write(1, b'.'); time.sleep(20)"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, start_new_session=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.read(2) == b".."
        _kill(child)
        assert child.stdout.read() == b""
