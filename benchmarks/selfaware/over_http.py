"""Requests per second and server CPU per request under uvicorn and wrk, for each variant."""

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

from variants import VARIANTS

HERE = Path(__file__).parent


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
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, port
        time.sleep(0.1)
    raise SystemExit(f"{name} did not start; run it with --serve to see why")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _load(port: int, seconds: float) -> int:
    url = f"http://127.0.0.1:{port}/items/7"
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", url]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in report, report
    return int(re.search(r"(\d+) requests in", report)[1])  # type: ignore[index]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", nargs="*", default=list(VARIANTS), help="all by default")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2, help="of load a round")
    parser.add_argument("--serve", choices=VARIANTS)
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.port)
        return
    if shutil.which("wrk") is None:
        raise SystemExit("needs wrk: apt install wrk")
    names = ["none", *(name for name in options.variants if name != "none")]
    servers = {name: _start(name) for name in names}
    rates: dict[str, list[float]] = {name: [] for name in servers}
    costs: dict[str, list[float]] = {name: [] for name in servers}
    try:
        for round_ in range(options.rounds + 1):
            for name, (process, port) in servers.items():
                cpu, started = _cpu(process.pid), time.perf_counter()
                count = _load(port, options.seconds)
                if round_:  # the first one warms up
                    rates[name].append(count / (time.perf_counter() - started))
                    costs[name].append((_cpu(process.pid) - cpu) / count * 1e6)
    finally:
        for process, _ in servers.values():
            process.terminate()
            process.wait()
    print(f"{'variant':28}{'req/s':>10}{'of none':>10}{'CPU µs':>10}{'over none':>12}")
    for name in servers:
        share = statistics.median(a / b for a, b in zip(rates[name], rates["none"], strict=True))
        over = statistics.median(a - b for a, b in zip(costs[name], costs["none"], strict=True))
        rate, cost = statistics.median(rates[name]), statistics.median(costs[name])
        print(f"{name:28}{rate:10.0f}{share:10.3f}{cost:10.1f}{over:12.1f}")


if __name__ == "__main__":
    main()
