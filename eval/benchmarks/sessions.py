"""Ten people asking at once: from the click to the rendered answer.

    python eval/benchmarks/sessions.py --index DIR [--sessions 10] [--rounds 8]

Starts the page on the shipped library and talks to it as a browser does, over one WebSocket
a session. A question's time runs from sending it to the end of its script run. Memory is
the server's resident set before and after the sessions.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

import numpy as np
import websockets
from recording import record
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parents[2]
PORT = 8611
PAUSE_SECONDS = (0.5, 2.0)  # a person reads between two questions
SERVER_SECONDS = 90  # until the server must answer


def start(index: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={PORT}"]
    settings = {"KB_CORPUS": str(ROOT / "corpus"), "KB_INDEX": str(index.resolve())}
    running = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL
    )
    for _ in range(SERVER_SECONDS * 2):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_stcore/health", timeout=1)
            return running
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the page did not start")


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


async def ask(socket: websockets.ClientConnection, question: str) -> float:
    """Milliseconds from sending a question to the end of the script run that shows it."""
    message = BackMsg()
    message.rerun_script.query_string = f"question={quote(question)}"
    message.rerun_script.page_name = "ask"
    began = time.perf_counter()
    await socket.send(message.SerializeToString())
    while True:
        found = ForwardMsg()
        found.ParseFromString(await socket.recv())
        finished = found.WhichOneof("type") == "script_finished"
        if finished and found.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return 1000 * (time.perf_counter() - began)


async def session(questions: list[str], rounds: int, seed: int) -> list[float]:
    chosen = random.Random(seed)
    address = f"ws://127.0.0.1:{PORT}/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        await ask(socket, chosen.choice(questions))  # the page's first drawing
        spent = []
        for _ in range(rounds):
            await asyncio.sleep(chosen.uniform(*PAUSE_SECONDS))
            spent.append(await ask(socket, chosen.choice(questions)))
        return spent


async def crowd(questions: list[str], sessions: int, rounds: int) -> list[float]:
    found = await asyncio.gather(*(session(questions, rounds, seed) for seed in range(sessions)))
    return [milliseconds for spent in found for milliseconds in spent]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=8)
    given = parser.parse_args()
    lines = (ROOT / "eval/questions/development.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    server = start(given.index)
    try:
        asyncio.run(crowd(questions, 1, 5))  # the server is warm from here on
        before = resident_mb(server)
        spent = asyncio.run(crowd(questions, given.sessions, given.rounds))
        after = resident_mb(server)
    finally:
        server.terminate()
        server.wait()
    measured = {
        "sessions": given.sessions,
        "questions": len(spent),
        "p50_ms": round(statistics.median(spent)),
        "p95_ms": round(float(np.percentile(spent, 95))),
        "memory_before_mb": round(before),
        "memory_after_mb": round(after),
        "memory_a_session_mb": round((after - before) / given.sessions, 2),
    }
    record("sessions", measured, packages=("streamlit", "openvino", "faiss-cpu"))
    print(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
