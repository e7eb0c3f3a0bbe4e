"""What a compile costs, as ratios within one run.

    uv run python benchmarks/compile/compiling.py [ROUNDS]

`pulpo compile` as a whole process against `import typer, rich`: everything new, nothing changed,
one model changed; and the cost of generating a large project against a small one, per model and
per flow of ten operations. CPU time of the processes, rounds interleaved, least values.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from projects import make_project

from pulpo_analysis import analyse
from pulpo_codegen import compile_project

SMALL, LARGE = (100, 200), (2000, 4000)
#: Models, operations and areas: each area is a flow.
FEW_FLOWS, MANY_FLOWS = (30, 300, 30), (300, 3000, 300)
BASE = "import typer, rich"
COMPILE = "from pulpo_cli.main import run; run(['compile'])"


def main(rounds: int) -> None:
    """Measure and print both tables."""
    print(f"load {os.getloadavg()[0]:.1f}, {rounds} rounds, least CPU time")
    with tempfile.TemporaryDirectory() as folder:
        root = make_project(Path(folder) / "small", *SMALL)
        times: dict[str, list[float]] = {}
        for turn in range(rounds):
            for name, prepare, code in processes(root, turn):
                prepare()
                times.setdefault(name, []).append(cpu_of(code, root))
        base = min(times["import typer, rich"])
        for name, found in times.items():
            print(f"{name:32} {min(found) * 1000:8.0f} ms  {min(found) / base:6.2f}")
        large = make_project(Path(folder) / "large", *LARGE)
        print_growth("model", {root: SMALL[0], large: LARGE[0]})
        few = make_project(Path(folder) / "few", *FEW_FLOWS)
        many = make_project(Path(folder) / "many", *MANY_FLOWS)
        print_growth("flow", {few: FEW_FLOWS[2], many: MANY_FLOWS[2]})


def processes(root: Path, turn: int) -> list[tuple[str, Callable[[], None], str]]:
    """Return each row: its name, what is done before it, what is run."""
    model = next(path for path in sorted(root.rglob("*.py")) if "class State" in path.read_text())

    def forget() -> None:
        for name in ("run_cache", ".pulpo"):
            shutil.rmtree(root / name, ignore_errors=True)

    def change() -> None:
        text = model.read_text()
        before, _, after = text.partition("    amount: int")
        model.write_text(f"{before}    extra{turn}: int = 0\n    amount: int{after}")

    return [
        ("import typer, rich", lambda: None, BASE),
        ("pulpo compile, everything new", forget, COMPILE),
        ("pulpo compile, nothing changed", lambda: None, COMPILE),
        ("pulpo compile, one model changed", change, COMPILE),
    ]


def cpu_of(code: str, folder: Path) -> float:
    """Return the CPU seconds of a process, with those of the kernel."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def print_growth(what: str, projects: dict[Path, int]) -> None:
    """Print what generating costs an item of a small and a large project, without reading them."""
    costs = []
    for root, count in projects.items():
        analysis = analyse(root)
        least = float("inf")
        for _ in range(3):
            shutil.rmtree(root / "run_cache", ignore_errors=True)
            start = process_time()
            compile_project(analysis)
            least = min(least, process_time() - start)
        costs.append(least / count)
        print(f"{count} {what}s: {costs[-1] * 1000:.2f} ms a {what}")
    small, large = projects.values()
    print(f"per {what}, {large} against {small}: {costs[1] / costs[0]:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
