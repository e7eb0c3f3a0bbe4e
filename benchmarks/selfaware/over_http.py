"""Requests per second and server CPU per request under uvicorn and wrk, for each variant.

Each short round of a variant is paired with one of `none` next to it, first one and then the other
in front, and the result is the median over the pairs: load that comes and goes hits both. All
servers are started anew several times: where a process happens to put its objects makes it a tenth
faster or slower than the same program started again.
"""

# ruff: noqa: PLC0415 - imports belong to the process that is measured

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from compared_with import installed
from variants import PATHS, VARIANTS

SERVER, CLIENT = 0, 1  # a processor for each, so that they do not push each other about


def _on(processor: int, command: list[str]) -> list[str]:
    if shutil.which("taskset") is None or (os.cpu_count() or 1) < 2:
        return command
    return ["taskset", "-c", str(processor), *command]


def serve(name: str, port: int) -> None:
    import gc

    import uvicorn

    app = VARIANTS[name]()
    gc.collect()
    gc.freeze()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", access_log=False)


def _start(name: str) -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, __file__, "--serve", name, "--port", str(port)]
    process = subprocess.Popen(_on(SERVER, command), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, port
        if process.poll() is not None:
            raise SystemExit(f"{name} did not start; what it said is above")
        time.sleep(0.1)
    raise SystemExit(f"{name} did not listen within 30 seconds")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _load(port: int, path: str, seconds: float) -> int:
    url = f"http://127.0.0.1:{port}{path}"
    command = _on(CLIENT, ["wrk", "-t1", "-c16", f"-d{seconds}s", url])
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in report, report
    return int(re.search(r"(\d+) requests in", report)[1])  # type: ignore[index]


class _Measured(NamedTuple):
    rate: float  # requests per second
    cost: float  # microseconds of the server's CPU time per request


def _measure(server: tuple[subprocess.Popen[bytes], int], path: str, seconds: int) -> _Measured:
    process, port = server
    cpu, started = _cpu(process.pid), time.perf_counter()
    count = _load(port, path, seconds)
    elapsed = time.perf_counter() - started
    return _Measured(count / elapsed, (_cpu(process.pid) - cpu) / count * 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    others = [name for name in VARIANTS if name != "none"]
    parser.add_argument("variants", nargs="*", default=others, help="all by default")
    parser.add_argument("--launches", type=int, default=6, help="of each server")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of each variant and launch")
    parser.add_argument("--seconds", type=int, default=1, help="of load, for each of a pair")
    parser.add_argument("--endpoints", nargs="+", choices=PATHS, default=list(PATHS))
    parser.add_argument("--skip-missing", action="store_true", help="leave out what is not there")
    parser.add_argument("--serve", choices=VARIANTS)
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.port)
        return
    if shutil.which("wrk") is None:
        raise SystemExit("needs wrk: apt install wrk")
    wanted = installed(options.variants, skip_missing=options.skip_missing)
    found: dict[str, _Pairs] = {
        endpoint: {name: [] for name in wanted} for endpoint in options.endpoints
    }
    load = [os.getloadavg()[0]]
    for _ in range(options.launches):
        servers = {name: _start(name) for name in ("none", *wanted)}
        try:
            for endpoint, pairs in found.items():
                _compare(servers, PATHS[endpoint], pairs, options.rounds, options.seconds)
                load.append(os.getloadavg()[0])
        finally:
            for process, _ in servers.values():
                process.terminate()
                process.wait()
    print(f"{os.cpu_count()} processors, load {min(load):.1f} to {max(load):.1f}")
    for endpoint, pairs in found.items():
        _show(endpoint, pairs)


#: Of each variant: what was measured of `none`, and of the variant next to it.
_Pairs = dict[str, list[tuple[_Measured, _Measured]]]


def _compare(
    servers: dict[str, tuple[subprocess.Popen[bytes], int]],
    path: str,
    pairs: _Pairs,
    rounds: int,
    seconds: int,
) -> None:
    for server in servers.values():
        _measure(server, path, seconds)  # warms up
    for round_ in range(rounds):
        for name, found in pairs.items():
            order = ("none", name) if round_ % 2 else (name, "none")
            taken = {one: _measure(servers[one], path, seconds) for one in order}
            found.append((taken["none"], taken[name]))


def _show(endpoint: str, pairs: _Pairs) -> None:
    print(
        f"\n{endpoint:28}{'req/s':>10}{'none':>10}{'of none':>10}{'quartiles':>16}"
        f"{'by CPU time':>13}{'CPU µs':>9}"
    )
    for name, found in pairs.items():
        shares = [observed.rate / none.rate for none, observed in found]
        low, middle, high = statistics.quantiles(shares, n=4)
        rate = statistics.median(observed.rate for _, observed in found)
        bare = statistics.median(none.rate for none, _ in found)
        over = statistics.median(observed.cost - none.cost for none, observed in found)
        # What a machine with nothing else to do would answer: the server's processor is the limit.
        by_cpu = statistics.median(none.cost / observed.cost for none, observed in found)
        between = f"{low:.3f} to {high:.3f}"
        print(
            f"{name:28}{rate:10.0f}{bare:10.0f}{middle:10.3f}{between:>16}{by_cpu:13.3f}{over:9.1f}"
        )


if __name__ == "__main__":
    main()
