"""The child process of `kb.readers.sandbox`: reads files until its input ends."""

from __future__ import annotations

import json
import os
import struct
import sys
from dataclasses import replace
from typing import IO, Any

from kb.errors import KbError
from kb.readers import read_bytes
from kb.readers.halves import processes_here
from kb.readers.limits import MEBIBYTE, Limits
from kb.readers.sandbox import reply_of

_LENGTH = struct.Struct(">Q")


def main() -> None:
    """Answers each request with a reading or with the reason why there is none."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # A parser that prints must not write into our replies.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.addaudithook(_refuse_network)
    _answer(output, {"ready": True})
    while header := sys.stdin.buffer.read(_LENGTH.size):
        request = json.loads(sys.stdin.buffer.read(_LENGTH.unpack(header)[0]))
        length = _LENGTH.unpack(sys.stdin.buffer.read(_LENGTH.size))[0]
        content = sys.stdin.buffer.read(length)
        limits = replace(Limits(**request["limits"]), processes=processes_here())
        _answer(output, _read(content, request["name"], limits))
        del content


def _read(content: bytes, name: str, limits: Limits) -> dict[str, Any]:
    _limit_memory(limits.memory_bytes)
    try:
        return reply_of(read_bytes(content, name=name, limits=limits))
    except KbError as error:
        return {"error": _out_of_memory(error, name, limits) or str(error)}
    except BaseException as error:
        reason = _out_of_memory(error, name, limits)
        return {"error": reason or f"{name} cannot be read ({type(error).__name__})"}
    finally:
        _limit_memory(None)


def _out_of_memory(error: BaseException | None, name: str, limits: Limits) -> str | None:
    """The sentence for a lack of memory, if that is what lies behind an error."""
    while error is not None:
        # libxml2 reports a lack of memory as one more fault of the file.
        if isinstance(error, MemoryError) or "emory alloc" in str(error):
            allowed = limits.memory_bytes / MEBIBYTE
            return f"{name} needs more than {allowed:,.0f} MB of memory to read; the limit stops it"
        error = error.__context__
    return None


def _limit_memory(added: int | None) -> None:
    """Bounds the address space at what is in use now and `added`; None lifts the bound."""
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = hard
        if added is not None:
            with open("/proc/self/statm", encoding="ascii") as statm:
                pages = int(statm.read().split()[0])
            soft = pages * resource.getpagesize() + added
        if hard != resource.RLIM_INFINITY:
            soft = min(soft, hard) if soft != resource.RLIM_INFINITY else hard
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    except (ImportError, OSError, ValueError):
        return  # systems without such a bound still have the one on time


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise PermissionError("a file must not make its reader open a connection")


def _answer(output: IO[bytes], reply: dict[str, Any]) -> None:
    body = json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace")
    output.write(_LENGTH.pack(len(body)) + body)
    output.flush()


if __name__ == "__main__":
    main()
