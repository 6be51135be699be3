"""The page's server for a benchmark, and visitors who talk to it as a browser does."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from kb.index import open_generation
from kb.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
PORT = 8611
SERVER_SECONDS = 90  # until the server must answer
Parameters = dict[str, str | list[str]]


class PageFailed(Exception):
    """A page showed an exception or did not end its script run."""


@contextmanager
def server(index: Path, port: int = PORT) -> Iterator[int]:
    """Runs the page on the shipped library; gives the server's process id."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    folders = {"KB_CORPUS": str(ROOT / "corpus"), "KB_INDEX": str(index.resolve())}
    running = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | folders, stdout=subprocess.DEVNULL
    )
    try:
        _await_health(port)
        yield running.pid
    finally:
        running.terminate()
        running.wait()


def _await_health(port: int) -> None:
    for _ in range(SERVER_SECONDS * 2):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the page did not start")


def resident_mb(pid: int, field: str = "VmRSS") -> float:
    """Resident memory of a process; `RssAnon` is that part which no file backs."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(field))) / 1024


def processor_seconds(pid: int) -> float:
    """Processor time of a process so far; unlike the clock, other work does not lengthen it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Visitor:
    """One session: a WebSocket that is kept open from page to page."""

    def __init__(self, port: int = PORT) -> None:
        self._address = f"ws://127.0.0.1:{port}/_stcore/stream"

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(
            self._address, subprotocols=["streamlit"], max_size=None
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def visit(self, page: str, parameters: Parameters) -> float:
        """Milliseconds from the click to the end of the script run that shows the page.

        Raises:
            PageFailed: The page shows an exception.
        """
        message = BackMsg()
        message.rerun_script.query_string = urlencode(parameters, doseq=True)
        message.rerun_script.page_name = page
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            found = ForwardMsg()
            found.ParseFromString(await self._socket.recv())
            if found.delta.new_element.HasField("exception"):
                raise PageFailed(f"{page}: {found.delta.new_element.exception.message}")
            finished = found.WhichOneof("type") == "script_finished"
            if finished and found.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return 1000 * (time.perf_counter() - began)


@dataclass(frozen=True)
class Interests:
    """What visitors look at: questions, sources and frameworks of the shipped library."""

    questions: Sequence[str]
    documents: Sequence[str]
    frameworks: Sequence[str]

    def question(self, chance: random.Random) -> Parameters:
        """A question; every third one is asked of one framework only."""
        asked: Parameters = {"question": chance.choice(self.questions)}
        return asked | (
            {"framework": chance.choice(self.frameworks)} if chance.random() < 1 / 3 else {}
        )

    def other_page(self, chance: random.Random) -> tuple[str, Parameters]:
        """A page on which nothing is asked."""
        pages: list[tuple[str, Parameters]] = [
            ("", {}),
            ("source", {"document": chance.choice(self.documents)}),
            ("compare", {"framework": chance.sample(self.frameworks, 3)}),
            ("library", {}),
        ]
        return chance.choice(pages)


def interests(index: Path) -> Interests:
    """Those of the generation that is published in an index folder."""
    stated = load_settings()
    opened = open_generation(
        Settings(**stated.model_dump() | {"corpus": ROOT / "corpus", "index": index})
    )
    sources = opened.tables.sources
    opened.close()
    lines = (ROOT / "eval/questions/development.jsonl").read_text(encoding="utf-8").splitlines()
    return Interests(
        questions=[json.loads(line)["question"] for line in lines],
        documents=[source.document_id for source in sources],
        frameworks=sorted({s.metadata.framework for s in sources if s.metadata.framework}),
    )
