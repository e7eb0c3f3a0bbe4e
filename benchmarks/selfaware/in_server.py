"""Time of one request through uvicorn's HTTP protocol and FastAPI, without a network.

All variants live in one process and take turns request by request, in a new order each round, and
each request is timed by itself. So every variant finds the processor's caches as another request
left them, as under a real server, and what disturbs the machine disturbs some requests of each:
the first decile of a few thousand hardly moves. `--cold` takes the caches away before each request,
as a kernel that moves the bytes of other connections does. Libraries that patch the frameworks for
good are for `in_process.py` and `over_http.py`, where each has a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import statistics
import time
from typing import Any

import uvloop
import variants
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

#: More than a processor's own caches hold; what is copied over them throws everything else out.
EVICTED = 2 * 1024 * 1024
REQUEST = b"GET /items/7 HTTP/1.1\r\nhost: 127.0.0.1:8000\r\n\r\n"
VARIANTS = (
    "none",
    "minimal_middleware",
    "constant_headers",
    "selfaware",
    "selfaware_every_request",
    "selfaware_without_ids",
    "base_http_middleware",
)


class _Nowhere(asyncio.Transport):
    """A connection whose other end reads everything at once."""

    def __init__(self) -> None:
        super().__init__(
            {"peername": ("127.0.0.1", 50000), "sockname": ("127.0.0.1", 8000), "sslcontext": None}
        )
        self.received = bytearray()

    def write(self, data: Any) -> None:
        self.received += data

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class _Connection:
    """A kept-alive connection to an application."""

    def __init__(self, app: Any) -> None:
        config = Config(app, access_log=False, log_level="critical")
        self._protocol = HttpToolsProtocol(config, ServerState(), {})
        self._transport = _Nowhere()
        self._protocol.connection_made(self._transport)

    async def ask(self) -> float:
        """Send one request and return the seconds until its task has ended."""
        self._transport.received.clear()
        started = time.perf_counter()
        self._protocol.data_received(REQUEST)
        (task,) = self._protocol.tasks
        await task
        seconds = time.perf_counter() - started
        assert self._transport.received.startswith(b"HTTP/1.1 200 "), self._transport.received
        return seconds

    def end(self) -> None:
        self._protocol.connection_lost(None)


async def measure(names: list[str], rounds: int, *, cold: bool) -> dict[str, list[float]]:
    source, target = bytes(EVICTED), bytearray(EVICTED)
    connections = {name: _Connection(variants.VARIANTS[name]()) for name in names}
    taken: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(200):  # warm: labels, specialised bytecode
        for connection in connections.values():
            await connection.ask()
    gc.collect()
    gc.freeze()
    order = list(names)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            if cold:
                target[:] = source
            taken[name].append(await connections[name].ask() * 1e6)
    for connection in connections.values():
        connection.end()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", nargs="*", default=VARIANTS, help="all by default")
    parser.add_argument("--rounds", type=int, default=6000)
    parser.add_argument("--cold", action="store_true", help="no request finds warm caches")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    names = ["none", *(name for name in options.variants if name != "none")]
    unknown = sorted(set(names) - set(VARIANTS))
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(VARIANTS)}")
    taken = uvloop.run(measure(names, options.rounds, cold=options.cold))
    print(f"{os.cpu_count()} processors, load {load:.1f} to {os.getloadavg()[0]:.1f}")
    print(f"{'variant':26}{'first decile, µs':>18}{'over none':>11}{'median':>11}{'over none':>11}")
    decile, median = {}, {}
    for name, times in taken.items():
        decile[name] = statistics.quantiles(times, n=10)[0]
        median[name] = statistics.median(times)
        print(
            f"{name:26}{decile[name]:18.1f}{decile[name] - decile['none']:11.1f}"
            f"{median[name]:11.1f}{median[name] - median['none']:11.1f}"
        )


if __name__ == "__main__":
    main()
