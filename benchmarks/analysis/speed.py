"""What reading a project costs, as ratios within one run.

    uv run python benchmarks/analysis/speed.py [ROUNDS]

Three tables: `pulpo models` as a whole process against `import typer, rich`; static discovery
of a thousand files against `ast.parse` over all of them; the cost per model of each phase in a
large project against a small one. CPU time, rounds interleaved, medians.
"""

from __future__ import annotations

import ast
import gc
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from projects import add_bystanders, make_project

from pulpo_analysis import AppSpec
from pulpo_analysis.config.settings import DiscoveryConfig, FlowsConfig
from pulpo_analysis.dataflow.flows import decide_flows
from pulpo_analysis.discovery.static import StaticDiscovery
from pulpo_analysis.garbage import collector_paused
from pulpo_analysis.graphs.build import build_graph
from pulpo_analysis.registries.build import build_app
from pulpo_analysis.validation.lint import lint
from pulpo_analysis.validation.rule import Project

SMALL, LARGE = (100, 200), (2000, 4000)
BASE = "import typer, rich"
MODELS = "from pulpo_cli.main import run; run(['models'])"
HELP = "from pulpo_cli.main import run; run(['--help'])"


def main(rounds: int) -> None:
    """Measure and print the three tables."""
    print(f"load {os.getloadavg()[0]:.1f}, {rounds} rounds, medians")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        small = make_project(root / "small", *SMALL)
        print_table(f"a process; the project has {SMALL[0]} + {SMALL[1]}", processes(small, rounds))
        many = make_project(root / "many", *SMALL, areas=50)
        add_bystanders(many, 900)
        print_table("1,000 files, one in ten matters", discoveries(many, rounds))
        large = make_project(root / "large", *LARGE)
        phases(small, large, rounds)


def print_table(title: str, times: dict[str, list[float]]) -> None:
    """Print medians in milliseconds of CPU, and as multiples of the first row."""
    base = median(next(iter(times.values())))
    print(f"\n{title:44}{'ratio':>8}{'ms':>9}")
    for name, values in times.items():
        print(f"  {name:42}{median(values) / base:8.2f}{median(values):9.1f}")


def processes(project: Path, rounds: int) -> dict[str, list[float]]:
    """Return the CPU time of fresh interpreters."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def run(code: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=project,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    def cold() -> float:
        shutil.rmtree(project / ".pulpo", ignore_errors=True)
        return run(MODELS)

    run(MODELS)
    return interleaved(
        {
            BASE: lambda: run(BASE),
            "pulpo models, cold cache": cold,
            "pulpo models, warm cache": lambda: run(MODELS),
            "pulpo --help": lambda: run(HELP),
        },
        rounds,
    )


def discoveries(project: Path, rounds: int) -> dict[str, list[float]]:
    """Return the CPU time of discovery, and of parsing every file."""
    sources = [path.read_bytes() for path in project.rglob("*.py")]
    changing = project / "operations" / "area_7.py"
    changes = iter(range(1_000_000))

    def parse() -> None:
        for source in sources:
            ast.parse(source)

    def discover(*, cached: bool) -> None:
        StaticDiscovery(cached=cached).discover(project, DiscoveryConfig())

    def changed() -> float:
        changing.write_text(f"{changing.read_text()}\nCHANGE = {next(changes)}\n")
        return timed(lambda: discover(cached=True))

    discover(cached=True)
    return interleaved(
        {
            "ast.parse over all of it": lambda: timed(parse),
            "discovery, no cache": lambda: timed(lambda: discover(cached=False)),
            "discovery, warm, one file changed": changed,
        },
        rounds,
    )


def phases(small: Path, large: Path, rounds: int) -> None:
    """Print what each phase costs per model in both projects, and the memory of each."""
    times: dict[str, dict[str, list[float]]] = {}
    for _ in range(rounds):
        for name, project, models in (("small", small, SMALL[0]), ("large", large, LARGE[0])):
            with collector_paused():  # as `analyse` does
                # As many models either way: a processor warms up to what it does.
                run = one_run(project, LARGE[0] // models)
            for phase, spent in run.items():
                times.setdefault(phase, {}).setdefault(name, []).append(spent / models)
    print(f"\n{'ms per model':44}{'ratio':>8}{'100':>9}{'2,000':>9}")
    for phase, both in times.items():
        one, other = median(both["small"]), median(both["large"])
        print(f"  {phase:42}{other / one:8.2f}{one:9.3f}{other:9.3f}")
    kept = [memory(project) / count for project, (count, _) in ((small, SMALL), (large, LARGE))]
    print(f"  {'KiB per model':42}{kept[1] / kept[0]:8.2f}{kept[0]:9.1f}{kept[1]:9.1f}")


def one_run(project: Path, repeats: int) -> dict[str, float]:
    """Return the CPU time of each phase in milliseconds: the mean of that many repeats."""
    spent: dict[str, float] = {}

    def phase(name: str, work: Callable[[], Any]) -> Any:
        gc.collect()
        started = process_time()
        answers = [work() for _ in range(repeats)]
        spent[name] = 1000 * (process_time() - started) / repeats
        return answers[0]

    discovered = phase(
        "discovery",
        lambda: StaticDiscovery(cached=False).discover(project, DiscoveryConfig()),
    )
    app: AppSpec = phase("registries", lambda: build_app("measured", discovered))[0]
    phase("graph", lambda: build_graph(app))
    flow = phase("data flow and binding", lambda: decide_flows(app, FlowsConfig()))
    judged = Project(app, flow.plans, smells=discovered.smells)
    phase("lint", lambda: list(lint(judged)))
    return spent


def memory(project: Path) -> float:
    """Return what the specs of a project weigh, in KiB."""
    gc.collect()
    tracemalloc.start()
    discovered = StaticDiscovery(cached=False).discover(project, DiscoveryConfig())
    kept = build_app("measured", discovered)
    del discovered
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return size / 1024


def timed(work: Callable[[], None]) -> float:
    """Return the CPU time of `work` in milliseconds."""
    started = process_time()
    work()
    return 1000 * (process_time() - started)


def interleaved(variants: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return the times of each variant, one after the other in each round."""
    times: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            times[name].append(run())
    return times


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
