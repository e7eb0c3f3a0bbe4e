"""Generated code beside handlers written by hand and other libraries: wrk, one worker each.

In each round every variant gets a second of load on each path, in changing order, so that load
of the machine hits all of them; ratios are medians over the rounds. `by CPU` compares the CPU
time of the server per request: it says what a machine with nothing else to do would answer.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from serving import HERE, QUIET, Server, compiled, fill, pulpo_command, served

from pulpo_base.database import LocalMongod

DOCUMENTS = 10_000
PATHS = ("get", "list", "create")
HAND = [sys.executable, "-m", "uvicorn", "--factory", "--port", "{port}", *QUIET]
WITH = ["uv", "run", "--no-project", "-q", "--python", sys.executable, "--with"]
COMMANDS = {
    "best": [*HAND, "hand_written:best"],
    "usual": [*HAND, "hand_written:usual"],
    "pulpo": pulpo_command(),
    "crudrouter": [
        *(*WITH, "fastapi-crudrouter-mongodb", "--with", "uvicorn", "uvicorn"),
        *("--factory", "peers:crudrouter", "--port", "{port}", *QUIET),
    ],
    "eve": [
        *(*WITH, "eve", "--with", "gunicorn", "gunicorn", "-w1", "--threads=4"),
        *("--log-level=critical", "-b127.0.0.1:{port}", "peers:eve()"),
    ],
}
#: What is wanted of pulpo: path, measure, of which variant, bound.
GATES = [
    ("get", "rate", "best", 0.85),
    ("list", "rate", "best", 0.80),
    ("get", "rate", "usual", 1.2),
    ("list", "rate", "usual", 1.5),
    ("create", "rate", "usual", 1.0),
]


class Measured(NamedTuple):
    rate: float  # requests per second
    cost: float  # microseconds of the server's CPU time per request
    p99: float  # milliseconds


def load(server: Server, path: str, keys: Path, seconds: int) -> Measured:
    """Send requests on 16 connections for a while; `keys` is a file with an id a line."""
    size = {"eve": "?max_results=20", "crudrouter": "?page=1&limit=20"}.get(server.name, "")
    place = size if path == "list" else ""
    script = [] if path == "list" else ["-s", str(HERE / f"{path}.lua")]
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", *script]
    before = server.processor_seconds()
    url = server.url(f"/api/items{place}")
    environment = {**os.environ, "KEYS": str(keys)}
    report = subprocess.run(
        [*command, url], capture_output=True, text=True, check=True, env=environment
    ).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        raise SystemExit(f"{server.name} {path}: {report}")
    count = int(_found(r"(\d+) requests in", report)[0])
    number, unit = _found(r"99%\s+([\d.]+)(us|ms|s)", report)
    p99 = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    rate = float(_found(r"Requests/sec:\s+([\d.]+)", report)[0])
    return Measured(rate, (server.processor_seconds() - before) / count * 1e6, p99)


def _found(pattern: str, text: str) -> tuple[str, ...]:
    found = re.search(pattern, text)
    assert found, text
    return found.groups()


Rounds = dict[tuple[str, str], list[Measured]]


def measured(
    servers: dict[str, Server], keys: dict[str, Path], rounds: int, paths: list[str]
) -> Rounds:
    found: Rounds = {(name, path): [] for name in servers for path in paths}
    order = list(found)
    for name, path in order:
        load(servers[name], path, keys[name], 1)  # warms up
    for _ in range(rounds):
        random.shuffle(paths)
        names = random.sample(list(servers), len(servers))
        for path in paths:
            for name in names:
                found[name, path].append(load(servers[name], path, keys[name], 1))
    return found


def ratio(found: Rounds, path: str, of: str, measure: str) -> float:
    """Return the median over the rounds of pulpo's figure by another's, of costs the other way."""
    pairs = zip(found["pulpo", path], found[of, path], strict=True)
    shares = [getattr(one, measure) / getattr(other, measure) for one, other in pairs]
    middle: float = statistics.median(shares)
    return 1 / middle if measure == "cost" else middle


def report(found: Rounds, names: list[str], paths: list[str]) -> None:
    print(
        f"{'':22}{'req/s':>8}{'CPU µs':>8}{'p99 ms':>8}{'pulpo by it':>13}{'by CPU':>8}{'p99':>8}"
    )
    for path in paths:
        for name in names:
            rounds = found[name, path]
            rate, cost, p99 = (statistics.median(column) for column in zip(*rounds, strict=True))
            line = f"{path + ' ' + name:22}{rate:8.0f}{cost:8.0f}{p99:8.1f}"
            if name != "pulpo":
                ratios = (ratio(found, path, name, what) for what in ("rate", "cost", "p99"))
                line += "{:13.2f}{:8.2f}{:8.2f}".format(*ratios)
            print(line)
    for path, measure, of, wanted in GATES:
        if (of, path) in found:
            by_rate, by_cost = ratio(found, path, of, measure), ratio(found, path, of, "cost")
            print(f"{path} by {of}: {by_rate:.2f}, by CPU {by_cost:.2f} (wanted: {wanted})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", nargs="*", default=list(COMMANDS), help="all by default")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--paths", nargs="*", default=list(PATHS), choices=PATHS)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("needs wrk: apt install wrk")
    names = list(dict.fromkeys(["pulpo", *options.variants]))
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        mongod = stack.enter_context(LocalMongod(Path(folder, "mongod", "db")))
        project = compiled(Path(folder))
        servers: dict[str, Server] = {}
        keys: dict[str, Path] = {}
        for name in names:
            keys[name] = Path(folder, f"{name}.txt")
            ids = fill(mongod.url, f"bench_{name}", DOCUMENTS)
            keys[name].write_text("\n".join(map(str, ids)))
            cwd = project if name == "pulpo" else HERE
            running = served(name, COMMANDS[name], mongod.url, database=f"bench_{name}", cwd=cwd)
            servers[name] = stack.enter_context(running)
        found = measured(servers, keys, options.rounds, options.paths)
    report(found, names, list(options.paths))
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
