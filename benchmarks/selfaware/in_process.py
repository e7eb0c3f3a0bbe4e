"""CPU time of one request in an ASGI loop without a server, for each variant.

Every variant lives in a process of its own; the rounds go around them, so that whatever disturbs
the machine disturbs all of them. CPU time, not wall time, for the same reason.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import bare_variants
import variants
from compared_with import installed

HEADERS = [
    (b"host", b"127.0.0.1:8000"),
    (b"user-agent", b"benchmark"),
    (b"accept", b"*/*"),
    (b"accept-encoding", b"gzip, deflate"),
    (b"connection", b"keep-alive"),
]


async def _round(app: Any, count: int) -> float:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200, message

    started = time.process_time()
    for _ in range(count):
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/items/7",
            "raw_path": b"/items/7",
            "query_string": b"",
            "root_path": "",
            "headers": HEADERS,
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }
        await app(scope, receive, send)
    return (time.process_time() - started) / count * 1e6


def work(name: str, count: int, bare: bool) -> None:
    """Answer each line on standard input with the microseconds of one round."""
    app = _variants(bare)[name]()
    with asyncio.Runner() as runner:
        runner.run(_round(app, count))  # warm: labels, caches
        gc.collect()
        gc.freeze()
        print("ready", flush=True)
        for _ in sys.stdin:
            print(json.dumps(runner.run(_round(app, count))), flush=True)


def _variants(bare: bool) -> dict[str, Callable[[], Any]]:
    return bare_variants.VARIANTS if bare else variants.VARIANTS


def measure(names: list[str], rounds: int, count: int, bare: bool) -> dict[str, list[float]]:
    options = ["--count", str(count), *(["--bare"] if bare else [])]
    workers = {
        name: subprocess.Popen(
            [sys.executable, __file__, "--work", name, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in names
    }
    taken: dict[str, list[float]] = {name: [] for name in workers}
    try:
        for name, worker in workers.items():
            while (line := worker.stdout.readline()).strip() != "ready":  # type: ignore[union-attr]
                if not line:
                    raise SystemExit(f"{name} could not start; what it said is above")
        for _ in range(rounds):
            for name, worker in workers.items():
                worker.stdin.write("go\n")  # type: ignore[union-attr]
                worker.stdin.flush()  # type: ignore[union-attr]
                taken[name].append(json.loads(worker.stdout.readline()))  # type: ignore[union-attr]
    finally:
        for worker in workers.values():
            worker.terminate()
            worker.wait()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", nargs="*", help="all by default")
    parser.add_argument("--bare", action="store_true", help="no FastAPI, a bare ASGI application")
    parser.add_argument("--rounds", type=int, default=101)
    parser.add_argument("--count", type=int, default=200, help="requests a round")
    parser.add_argument("--skip-missing", action="store_true", help="leave out what is not there")
    parser.add_argument("--work", choices=variants.VARIANTS)
    options = parser.parse_args()
    if options.work:
        work(options.work, options.count, options.bare)
        return
    wanted = installed(
        options.variants or _variants(options.bare), skip_missing=options.skip_missing
    )
    load = os.getloadavg()[0]
    taken = measure(
        ["none", *(name for name in wanted if name != "none")],
        options.rounds,
        options.count,
        options.bare,
    )
    pairs = list(zip(*taken.values(), strict=True))
    print(f"{os.cpu_count()} processors, load {load:.1f} to {os.getloadavg()[0]:.1f}")
    print(f"{'variant':28}{'µs/request':>12}{'over none':>12}{'least':>12}{'over none':>12}")
    for index, name in enumerate(taken):
        over = statistics.median(row[index] - row[0] for row in pairs)
        # The round that was disturbed least: what it costs when the caches are not shared.
        least = min(taken[name])
        print(
            f"{name:28}{statistics.median(taken[name]):12.1f}{over:12.1f}"
            f"{least:12.1f}{least - min(taken['none']):12.1f}"
        )


if __name__ == "__main__":
    main()
