"""How long a changed model takes to be served: `pulpo dev` on the example shop.

    uv run python benchmarks/dev_reload.py [ROUNDS]

A round adds a field to a model and asks the API for it until it has it: what serves that knows
the changed model. Then it asks for the OpenAPI document, which FastAPI makes when it is first
wanted. Between rounds the next process has time to load its libraries. The target is 1.5 s, on an
idle machine: four processes share the work.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import httpx

MODEL = "models/supplier.py"
LINE = "    name: str\n"
PAGE = "/api/suppliers"
PATIENCE = 120.0
PAUSE = 3.0


def started(process: subprocess.Popen[str]) -> str:
    """Return the address of the API, once it is said."""
    assert process.stdout is not None
    for line in process.stdout:
        if "save a file" in line:
            # Nobody waits for us to read on.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return line.split()[1].removesuffix("/docs;")
    raise SystemExit("pulpo dev has ended")


def served_after(client: httpx.Client, file: Path, source: str, name: str) -> tuple[float, float]:
    """Add a field; return the seconds until it is served, and until OpenAPI tells of it."""
    began = time.perf_counter()
    file.write_text(source.replace(LINE, f"{LINE}    {name}: str = ''\n"), "utf-8")
    while client.get(PAGE, params={"fields": name}).status_code != httpx.codes.OK:
        if time.perf_counter() - began > PATIENCE:
            raise SystemExit(f"{name} was not served within {PATIENCE:g} s")
        time.sleep(0.02)
    served = time.perf_counter() - began
    if f'"{name}"' not in client.get("/openapi.json").text:
        raise SystemExit(f"OpenAPI does not tell of {name}")
    return served, time.perf_counter() - began


def main(rounds: int) -> None:
    """Measure and print."""
    pulpo = [sys.executable, "-u", "-m", "pulpo_cli"]
    with tempfile.TemporaryDirectory(prefix="pulpo-bench-") as folder:
        shop = Path(folder) / "shop"
        subprocess.run([*pulpo, "new", str(shop), "--template", "shop"], check=True)
        file = shop / MODEL
        source = file.read_text("utf-8")
        with subprocess.Popen(
            [*pulpo, "dev"], cwd=shop, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            try:
                with httpx.Client(base_url=started(process), timeout=PATIENCE) as client:
                    times = []
                    for number in range(rounds):
                        time.sleep(PAUSE)
                        times.append(served_after(client, file, source, f"added_{number}"))
            finally:
                process.terminate()
    for what, seconds in zip(("served", "in OpenAPI"), zip(*times, strict=True), strict=True):
        shown = ", ".join(f"{one:.2f}" for one in seconds)
        print(f"{what} after {median(seconds):.2f} s (median of {rounds}: {shown})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
