"""How soon a flow runs: from the start of the process to its first step.

    uv run python benchmarks/flows/first_step.py [ROUNDS]

`./main flows run reports` of the example shop says on stderr that its first step has begun; a
process that only imports the user's own models and operations says when it has. Fresh processes in
turns, wall time, medians. The first step is to come at most 0.5 s later than the imports.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from pulpo_base.database import LocalMongod

SHOP = Path(__file__).parents[2] / "examples" / "shop"
FOLDERS = ("models", "operations")
RUN = ["main", "flows", "run", "reports", "--engine", "local", "--input", '{"day": "2026-01-01"}']
SIGN = "→"


def main(rounds: int) -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = compiled_shop(Path(folder))
        imports = f"import sys; {imports_of(root)}; print({SIGN!r}, file=sys.stderr)"
        times: dict[str, list[float]] = {}
        with LocalMongod(Path(folder) / "db") as server:
            for turn in range(rounds + 1):
                found = {
                    "import the user's modules": seconds_to_sign(root, ["-c", imports]),
                    "first step": seconds_to_sign(root, RUN, PULPO_MONGODB_URL=server.url),
                    "first step, and a database started": seconds_to_sign(root, RUN),
                }
                if turn:  # the first writes byte code
                    for name, seconds in found.items():
                        times.setdefault(name, []).append(seconds)
    base = median(times["import the user's modules"])
    print(f"load {os.getloadavg()[0]:.1f}, {rounds} rounds, medians")
    for name, values in times.items():
        print(f"{name:36}{median(values):7.3f} s{median(values) - base:+8.3f} s")


def compiled_shop(folder: Path) -> Path:
    """Return a copy of the example, compiled."""
    root = folder / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("run_cache", ".pulpo", ".*_cache"))
    command = [sys.executable, "-m", "pulpo_cli", "init", "--no-database"]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return root


def imports_of(root: Path) -> str:
    """Return code that imports every module of the user's models and operations."""
    paths = (path for name in FOLDERS for path in sorted((root / name).rglob("*.py")))
    modules = (".".join(path.relative_to(root).with_suffix("").parts) for path in paths)
    return "import " + ", ".join(module.removesuffix(".__init__") for module in modules)


def seconds_to_sign(root: Path, arguments: list[str], **environment: str) -> float:
    """Return how long after its start a Python process in the project gave the sign."""
    unset = ("PYTHONDONTWRITEBYTECODE", "PULPO_MONGODB_URL")
    inherited: Mapping[str, str] = {k: v for k, v in os.environ.items() if k not in unset}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=root,
        env={**inherited, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        lines = iter(process.stderr or ())
        seconds = next(time.perf_counter() - began for line in lines if line.startswith(SIGN))
        process.communicate()
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
