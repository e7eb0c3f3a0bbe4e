"""What starting costs: the CPU time of fresh processes, as multiples of `import typer, rich`.

    uv run --with copier --with 'fastapi[standard]' python benchmarks/start_up.py [ROUNDS]

The variants run interleaved, once each per round, so that a busy moment hits all of them; the
table shows medians of user plus system time in milliseconds. Compare the ratios, which mean the
same on every machine, and not the milliseconds.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from importlib.util import find_spec
from statistics import median

BASE = "import typer, rich"
PROJECT_HELP = """
from pathlib import Path
from pulpo_base.project import Project, create_cli
create_cli(Project(name="shop", root=Path.cwd(), app="a:a", settings="s:s", documents="d:d",
                   operations="o:o")).run(["--help"])
"""
VARIANTS = {
    BASE: BASE,
    "nothing": "",
    "import pulpo_base": "import pulpo_base",
    "import pulpo_base.flows": "import pulpo_base.flows",
    "import pulpo_base.project": "import pulpo_base.project",
    "import pulpo_utils.exceptions": "import pulpo_utils.exceptions",
    "import pulpo_selfaware": "import pulpo_selfaware",
    "import pulpo_analysis": "import pulpo_analysis",
    "import pulpo_codegen": "import pulpo_codegen",
    "pulpo --help": "from pulpo_cli.main import run; run(['--help'])",
    "./main --help": PROJECT_HELP,
    "import pydantic": "import pydantic",
    "import fastapi": "import fastapi",
    "import beanie": "import beanie",
}


#: The help pages of others, measured where they are installed: what each installs as its command.
PEERS = {
    "prefect": "prefect.cli:app",
    "copier": "copier.__main__:CopierApp.run",
    "fastapi": "fastapi_cli.cli:main",
}


def peers() -> dict[str, str]:
    """Return the code that prints the help page of each peer that is installed."""
    found: dict[str, str] = {}
    for name, target in PEERS.items():
        module, _, call = target.partition(":")
        if find_spec(module.partition(".")[0]) is not None:
            start = f"import sys; sys.argv = [{name!r}, '--help']"
            found[f"{name} --help"] = (
                f"{start}; from {module} import {call.split('.')[0]}; {call}()"
            )
    return found


def cpu_milliseconds(code: str, environment: dict[str, str]) -> float:
    """Return the CPU time of one interpreter that runs `code`, in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main(rounds: int) -> None:
    """Measure every variant `rounds` times and print the table."""
    # Without byte code on disk every start would compile every module anew.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    variants = VARIANTS | peers()
    for code in variants.values():
        cpu_milliseconds(code, environment)
    times: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, code in variants.items():
            times[name].append(cpu_milliseconds(code, environment))
    base = median(times[BASE])
    print(f"{'':32}{'ratio':>7}{'ms':>7}{'over nothing':>14}   ({rounds} rounds, medians)")
    nothing = median(times["nothing"])
    for name, values in sorted(times.items(), key=lambda item: median(item[1])):
        middle = median(values)
        print(f"{name:32}{middle / base:7.2f}{middle:7.0f}{middle - nothing:14.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
