"""How long a changed model takes to be served: `pulpo dev` on the example shop.

    uv run python benchmarks/dev_reload.py [ROUNDS]

A round adds a field to a model and asks the API for its OpenAPI document until the field is there;
between rounds the next process has time to load its libraries. The target is 1.5 s, on an idle
machine: four processes share the work.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx

MODEL = "models/supplier.py"
LINE = "    name: str\n"
PATIENCE = 120.0
PAUSE = 3.0


def started(process: subprocess.Popen[str]) -> str:
    """Return the address of the API, once it is said."""
    assert process.stdout is not None
    for line in process.stdout:
        if "save a file" in line:
            return line.split()[1].removesuffix("/docs;")
    raise SystemExit("pulpo dev has ended")


def served_after(client: httpx.Client, file: Path, source: str, name: str) -> float:
    """Add a field and return the seconds until it is served."""
    began = time.perf_counter()
    file.write_text(source.replace(LINE, f"{LINE}    {name}: str = ''\n"), "utf-8")
    while time.perf_counter() - began < PATIENCE:
        if f'"{name}"' in client.get("/openapi.json").text:
            return time.perf_counter() - began
        time.sleep(0.02)
    raise SystemExit(f"{name} was not served within {PATIENCE:g} s")


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
    shown = ", ".join(f"{one:.2f}" for one in times)
    print(f"served after {median(times):.2f} s (median of {rounds}: {shown})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
