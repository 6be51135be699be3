"""No command opens a connection beyond loopback, from a first start with the real model on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import REPOSITORY, SMALL_LIBRARY, write_files

from kb.settings import Settings

KB = Path(sys.executable).with_name("kb")
# Loaded by every Python process of a test before anything else. Audit hooks see what happens
# below `socket`, so no library can go around them.
GUARD = """
import os
import sys


def loopback(host):
    host = host.decode() if isinstance(host, bytes) else host
    return host in (None, "localhost", "::1") or str(host).startswith("127.")


def watch(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and not loopback(address[0]):
            stop(f"{event} {address}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        if not loopback(arguments[0]):
            stop(f"{event} {arguments[0]}")


def stop(what):
    with open(os.environ["GUARD_LOG"], "a") as log:
        print(what, "in", sys.argv, file=log)
    raise PermissionError(f"the guard stopped {what}")


class Finder:
    # Asked only where a module is really to be loaded.
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "openvino_telemetry":
            stop(f"import {name}")


sys.addaudithook(watch)
sys.meta_path.insert(0, Finder())
with open(os.environ["GUARD_LOG"] + ".loaded", "a") as loaded:
    print(os.getpid(), file=loaded)
"""
PAGE = """<!DOCTYPE html SYSTEM "http://192.0.2.1/page.dtd"><html><head><title>Tides</title>
<link rel="stylesheet" href="http://192.0.2.1/a.css"></head><body><article><h1>Tides</h1>
<img src="http://192.0.2.1/pixel.png"><p>The tide table hangs beside the door of the harbour
office, and every keeper reads it before the first boat leaves in the morning.</p>
<p>A keeper who cannot read the table may not open the gate, whatever the hour.</p>
</article></body></html>"""


@dataclass(frozen=True)
class Guarded:
    """A folder whose commands run under the guard."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of ours, no proxy, and a home without a cache."""
        kept = {"PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"}
        found = {name: text for name, text in os.environ.items() if name in kept}
        return found | {
            "HOME": str(self.home),
            "PYTHONPATH": str(self.home / "guard"),
            "GUARD_LOG": str(self.home / "guard.log"),
        }

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """A process under the guard."""
        return subprocess.run(
            list(map(str, command)),
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def caught(self) -> str:
        """What the guard stopped; empty if nothing."""
        log = self.home / "guard.log"
        return log.read_text() if log.exists() else ""

    def processes(self) -> int:
        """How many processes ran under the guard."""
        return len((self.home / "guard.log.loaded").read_text().splitlines())


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    """An empty project folder with the guard beside it."""
    write_files(tmp_path, {"guard/sitecustomize.py": GUARD})
    return Guarded(tmp_path)


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=1)",
        "import socket; socket.socket().bind(('0.0.0.0', 0))",
        "import openvino_telemetry",
    ],
)
def test_the_guard_sees_every_way_out(guarded: Guarded, attempt: str) -> None:
    """Otherwise the tests below would prove nothing."""
    assert guarded.run(sys.executable, "-c", attempt).returncode == 1
    assert guarded.caught()


def test_the_guard_lets_loopback_through(guarded: Guarded) -> None:
    """The page is served there."""
    attempt = "import socket; s = socket.create_server(('127.0.0.1', 0)); "
    attempt += "socket.create_connection(s.getsockname())"
    assert guarded.run(sys.executable, "-c", attempt).returncode == 0
    assert guarded.caught() == ""


def free_port() -> int:
    """A port on loopback that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def page_at(address: str, *, seconds: float) -> str:
    """The page at the address as soon as it is served."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as found:
                return str(found.read(), "utf-8")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.fixture
def served(guarded: Guarded) -> Iterator[int]:
    """The port of `kb serve`, started under the guard."""
    port = free_port()
    server = subprocess.Popen(
        [KB, "serve", "--no-open", "--port", str(port)],
        cwd=guarded.home,
        env=guarded.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield port
    server.send_signal(signal.SIGINT)
    assert server.wait(20) == 0


def page_as_drawn(port: int, page: str, query: str) -> bytes:
    """Everything that a page sends to one visitor until its script has finished."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    received = b""
    with connect(address, subprotocols=["streamlit"], max_size=None) as visitor:  # type: ignore[list-item]
        start = BackMsg()
        start.rerun_script.page_name = page
        start.rerun_script.query_string = query
        visitor.send(start.SerializeToString())
        while True:
            message = visitor.recv(timeout=60)
            assert isinstance(message, bytes)
            received += message
            if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
                return received


@pytest.mark.model
def test_no_command_opens_a_connection_beyond_loopback(guarded: Guarded) -> None:
    """From the export of the model to a comparison, with sources of every kind of reader."""
    write_files(guarded.home, {f"desk/{path}": text for path, text in SMALL_LIBRARY.items()})
    write_files(guarded.home, {"desk/tides.html": PAGE})
    frameworks = ("orchard-leadership", "lighthouse-leadership")
    commands = (
        ("add", "desk"),
        ("build",),
        ("build",),
        ("ask", "Where does the ferry committee meet?"),
        ("ask", "Where does the tide table hang?", "--format", "json"),
        ("search", "trust", "--format", "markdown"),
        ("sources",),
        ("verify",),
        ("frameworks",),
        ("compare", *frameworks, "--format", "csv"),
        ("export", "answer", "What is orchard leadership?", "--to", "answer.docx"),
        ("export", "compare", *frameworks, "--to", "table.pptx"),
        ("collect", "new", "Workshop"),
        ("collect", "list"),
        ("eval", "--help"),
    )
    for command in commands:
        found = guarded.run(KB, *command)
        assert (found.returncode, guarded.caught()) == (0, ""), found.stderr
    assert (
        "hangs beside the door" in guarded.run(KB, "ask", "Where does the tide table hang?").stdout
    )
    assert guarded.processes() > len(commands)  # the readers' own processes are guarded too


@pytest.mark.model
def test_the_served_page_stays_on_loopback(
    guarded: Guarded, served: int, real_settings: Settings
) -> None:
    """Start, first request, and a visitor who asks; the server listens nowhere else."""
    (guarded.home / ".cache").mkdir()
    (guarded.home / ".cache/leadership-kb").symlink_to(real_settings.cache)
    write_files(guarded.home, {f"corpus/{path}": text for path, text in SMALL_LIBRARY.items()})
    assert guarded.run(KB, "build").returncode == 0
    assert "streamlit" in page_at(f"http://127.0.0.1:{served}/", seconds=30).lower()
    for page, query in (("", ""), ("ask", "question=Where+does+the+ferry+committee+meet%3F")):
        drawn = page_as_drawn(served, page, query)
    assert b"meets on Tuesdays in Rostock" in drawn
    assert guarded.caught() == ""


def test_the_shipped_page_settings_report_nothing() -> None:
    """Loopback, no usage statistics, no watching of files."""
    import tomllib

    stated = tomllib.loads((REPOSITORY / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert stated["server"]["address"] == stated["browser"]["serverAddress"] == "127.0.0.1"
    assert stated["browser"]["gatherUsageStats"] is False
    assert stated["server"]["fileWatcherType"] == "none"
