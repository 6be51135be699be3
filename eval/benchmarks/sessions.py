"""Many people at the page at once: how quick it is, what each costs, whether it holds an hour.

    python eval/benchmarks/sessions.py speed  --index DIR [--sessions 10] [--rounds 8]
    python eval/benchmarks/sessions.py memory --index DIR [--sessions 60]
    python eval/benchmarks/sessions.py load   --index DIR [--sessions 10] [--minutes 60]

Each starts the page on the shipped library and talks to it as a browser does, over one
WebSocket a session. A question's time runs from sending it to the end of its script run.
Memory is the server's resident set.

- `speed`: ten sessions ask, with pauses.
- `memory`: first everything that sessions share is warm, with every question asked once; then
  more and more sessions are opened and kept open, each of which asks and looks at other pages.
  A session's memory is the slope of the line through resident memory over open sessions.
- `load`: sessions come, ask, look at other pages and leave, and others come. Growth is that of
  the median of the last samples over the median of the first ones after the warm-up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
from browsing import (
    PORT,
    ROOT,
    Interests,
    Visitor,
    interests,
    processor_seconds,
    resident_mb,
    server,
)
from recording import record

PAUSE_SECONDS = (0.5, 2.0)  # a person reads between two questions
LOAD_PAUSE_SECONDS = (2.0, 6.0)  # for an hour on a machine that others use as well
OTHER_PAGES = 0.2  # share of the views under load on which nothing is asked
VIEWS_OF_A_VISIT = 20  # under load; then the session leaves and another one comes
OPENED_TOGETHER = 10
MEMORY_QUESTIONS = 4  # of each session that is kept open
WARM_UP = 0.1  # share of the load's time
COMPARED_SAMPLES = 5  # at both ends of the time after the warm-up
PACKAGES = ("streamlit", "openvino", "faiss-cpu")


def percentiles(spent: list[float]) -> dict[str, int]:
    return {
        "questions": len(spent),
        "p50_ms": round(statistics.median(spent)),
        "p95_ms": round(float(np.percentile(spent, 95))),
        "p99_ms": round(float(np.percentile(spent, 99))),
    }


async def asking(seen: Interests, port: int, rounds: int, seed: int) -> list[float]:
    chance = random.Random(seed)
    async with Visitor(port) as visitor:
        await visitor.visit("ask", {"question": chance.choice(seen.questions)})
        spent = []
        for _ in range(rounds):
            await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
            spent.append(await visitor.visit("ask", {"question": chance.choice(seen.questions)}))
        return spent


async def speed(seen: Interests, pid: int, given: argparse.Namespace) -> dict[str, Any]:
    await asking(seen, given.port, 5, 0)  # the server is warm from here on
    before = processor_seconds(pid)
    found = await asyncio.gather(
        *(asking(seen, given.port, given.rounds, seed) for seed in range(given.sessions))
    )
    seconds = processor_seconds(pid) - before
    asked = given.sessions * (given.rounds + 1)
    return {
        "sessions": given.sessions,
        **percentiles([each for spent in found for each in spent]),
        "processor_ms_a_question": round(1000 * seconds / asked),
    }


async def look_around(visitor: Visitor, seen: Interests, seed: int) -> None:
    """A session as a person has it: home, questions, a source, a comparison, the library."""
    chance = random.Random(seed)
    await visitor.visit("", {})
    for _ in range(MEMORY_QUESTIONS):
        await visitor.visit("ask", seen.question(chance))
    await visitor.visit("source", {"document": chance.choice(seen.documents)})
    await visitor.visit("compare", {"framework": chance.sample(seen.frameworks, 3)})
    await visitor.visit("library", {})
    await visitor.visit("ask", seen.question(chance))


async def memory(seen: Interests, pid: int, given: argparse.Namespace) -> dict[str, Any]:
    opened = [await Visitor(given.port).__aenter__()]
    for question in seen.questions:
        await opened[0].visit("ask", {"question": question})
    open_sessions, resident = [], []
    while len(opened) <= given.sessions:
        new = [await Visitor(given.port).__aenter__() for _ in range(OPENED_TOGETHER)]
        await asyncio.gather(
            *(look_around(each, seen, len(opened) + n) for n, each in enumerate(new))
        )
        opened += new
        open_sessions.append(len(opened))
        resident.append(round(resident_mb(pid), 1))
    for each in opened:
        await each.__aexit__()
    slope = float(np.polyfit(open_sessions, resident, 1)[0])
    return {
        "open_sessions": open_sessions,
        "resident_mb": resident,
        "memory_a_session_mb": round(slope, 2),
    }


async def coming_and_going(
    seen: Interests, port: int, seed: int, until: float, spent: list[float]
) -> int:
    """Visits one after another until the time is over; how many there were."""
    chance = random.Random(seed)
    visits = 0
    while time.monotonic() < until:
        visits += 1
        async with Visitor(port) as visitor:
            for _ in range(VIEWS_OF_A_VISIT):
                if time.monotonic() >= until:
                    break
                if chance.random() < OTHER_PAGES:
                    await visitor.visit(*seen.other_page(chance))
                else:
                    spent.append(await visitor.visit("ask", seen.question(chance)))
                await asyncio.sleep(chance.uniform(*LOAD_PAUSE_SECONDS))
    return visits


async def sampled(pid: int, seconds: float, until: float) -> list[dict[str, float]]:
    began = time.monotonic()
    found = []
    while time.monotonic() < until:
        await asyncio.sleep(min(seconds, max(0.0, until - time.monotonic())))
        found.append(
            {
                "minute": round((time.monotonic() - began) / 60, 1),
                "resident_mb": round(resident_mb(pid), 1),
                "anonymous_mb": round(resident_mb(pid, "RssAnon"), 1),
            }
        )
    return found


def growth(samples: list[dict[str, float]]) -> dict[str, float]:
    """Percent by which resident memory grew from after the warm-up to the end."""
    after = [each["resident_mb"] for each in samples[round(len(samples) * WARM_UP) :]]
    first = statistics.median(after[:COMPARED_SAMPLES])
    last = statistics.median(after[-COMPARED_SAMPLES:])
    return {
        "after_warm_up_mb": first,
        "at_the_end_mb": last,
        "growth_percent": round(100 * (last - first) / first, 2),
    }


async def load(seen: Interests, pid: int, given: argparse.Namespace) -> dict[str, Any]:
    until = time.monotonic() + 60 * given.minutes
    spent: list[float] = []
    samples, *visits = await asyncio.gather(
        sampled(pid, min(60, 3 * given.minutes), until),
        *(coming_and_going(seen, given.port, seed, until, spent) for seed in range(given.sessions)),
    )
    return {
        "minutes": given.minutes,
        "sessions_at_once": given.sessions,
        "sessions_in_all": sum(visits),
        **percentiles(spent),
        **growth(samples),
        "samples": samples,
    }


MODES = {
    "speed": (speed, "sessions"),
    "memory": (memory, "session_memory"),
    "load": (load, "session_load"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--index", type=Path, default=ROOT / "index")
    parser.add_argument("--sessions", type=int)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--note", default="")
    given = parser.parse_args()
    given.sessions = given.sessions or (60 if given.mode == "memory" else 10)
    measure, name = MODES[given.mode]
    seen = interests(given.index)
    with server(given.index, given.port) as pid:
        measured = asyncio.run(measure(seen, pid, given))
    record(name, measured, packages=PACKAGES, note=given.note)
    print(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
