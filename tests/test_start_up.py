"""What comes along with an import or a `--help`, in a process of its own.

How long that takes is measured by `benchmarks/start_up.py`: a test that reads a clock fails on a
busy machine for no reason, a list of modules does not.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from pulpo_cli.shortcuts import run_shortcut

HEAVY = {
    "beanie",
    "fastapi",
    "httpx",
    "jinja2",
    "networkx",
    "prefect",
    "pydantic",
    "pydantic_core",
    "pymongo",
    "starlette",
    "uvicorn",
    "yaml",
}
PROJECT_HELP = """
from pathlib import Path
from pulpo_base.project import Project, create_cli
project = Project(
    name="shop", root=Path.cwd(), app="run_cache.generated_api:app",
    settings="run_cache.settings:settings", documents="run_cache.documents:DOCUMENTS",
    operations="run_cache.operations:OPERATIONS",
)
assert create_cli(project).run(["--help"]) == 0
"""
PULPO_HELP = """
from pulpo_cli.main import run
assert run(["--help"]) == 0
"""


def modules_after(code: str) -> set[str]:
    """Return the modules that `code` adds to those of a fresh interpreter."""
    script = (
        "import sys\nbefore = set(sys.modules)\n"
        f"{code}\n"
        "print('imported:', *set(sys.modules) - before, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    _, _, imported = done.stdout.rpartition("imported:\n")
    return set(imported.split())


def third_parties(modules: set[str]) -> set[str]:
    """Return the packages among `modules` that neither Python nor this repository brings."""
    tops = {module.partition(".")[0] for module in modules}
    return {top for top in tops - sys.stdlib_module_names if not top.startswith("pulpo_")}


@pytest.mark.parametrize(
    "module",
    [
        "pulpo_base",
        "pulpo_base.decorators",
        "pulpo_base.invocation",
        "pulpo_utils",
        "pulpo_utils.exceptions",
        "pulpo_base.flows",
        "pulpo_selfaware",
        "pulpo_analysis",
        "pulpo_cli",
    ],
)
def test_a_core_imports_the_standard_library_only(module: str) -> None:
    imported = modules_after(f"import {module}")

    assert module in imported
    assert third_parties(imported) == set()
    assert "asyncio" not in imported


def test_the_flow_engine_imports_the_standard_library_only() -> None:
    imported = modules_after("import pulpo_base.flows.engine")

    assert "pulpo_base.flows.engine" in imported
    assert third_parties(imported) == set()


@pytest.mark.parametrize(
    ("code", "wanted"),
    [(PULPO_HELP, "pulpo_cli.main"), (PROJECT_HELP, "pulpo_base.project.cli")],
    ids=["pulpo", "./main"],
)
def test_help_imports_nothing_heavy(code: str, wanted: str) -> None:
    imported = modules_after(code)

    assert {wanted, "typer"} <= imported
    assert third_parties(imported) & {*HEAVY, "rich", "markdown_it"} == set()


@pytest.mark.parametrize(
    "module", ["pulpo_analysis", "pulpo_codegen", "pulpo_base.project", "pulpo_cli.main"]
)
def test_reading_and_generating_import_nothing_that_runs(module: str) -> None:
    imported = modules_after(f"import {module}")

    assert module in imported
    assert (
        third_parties(imported)
        & {
            "beanie",
            "fastapi",
            "networkx",
            "prefect",
            "pymongo",
            "starlette",
            "uvicorn",
        }
        == set()
    )


def test_a_heavy_import_would_be_seen() -> None:
    assert "pydantic" in third_parties(modules_after("from pulpo_base import DataModelBase"))


@pytest.mark.parametrize(
    "arguments", [[], ["--json"], ["compile", "api", "--check"], ["models", "Order"], ["dev"]]
)
def test_the_short_way_leaves_what_it_does_not_know(arguments: list[str]) -> None:
    assert run_shortcut(arguments) is None
