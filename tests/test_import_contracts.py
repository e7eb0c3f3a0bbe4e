"""Every contract of `.importlinter` holds, and each has been seen to break.

The contracts run on a copy of the sources: `PYTHONPATH` stands before the editable installs, so
a line added to the copy is found only if the copy is what is analysed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACT = "importlinter:contract:"

# Contract, the module (as a path below a `src`) that breaks it, and the line that does.
BREACHES = [
    ("layers", "pulpo_analysis/pipeline.py", "import pulpo_codegen"),
    ("layers", "pulpo_codegen/layout.py", "import pulpo_cli"),
    ("layers", "pulpo_utils/__init__.py", "import pulpo_base"),
    ("layers", "pulpo_base/specs.py", "import pulpo_selfaware"),
    ("layers", "pulpo_selfaware/__init__.py", "import pulpo_utils"),
    ("jinja2", "pulpo_analysis/diagnostics/text.py", "import jinja2"),
    ("terminal", "pulpo_base/__init__.py", "import rich"),
    ("terminal", "pulpo_codegen/layout.py", "from typer import echo"),
    ("networkx", "pulpo_analysis/pipeline.py", "import networkx"),
    ("prefect", "pulpo_base/flows/engine.py", "import prefect"),
    ("served", "pulpo_base/project/cli.py", "import beanie"),
    ("served", "pulpo_cli/main.py", "from fastapi import FastAPI"),
    ("analysis-never-runs", "pulpo_codegen/compile.py", "import pulpo_base.database"),
    ("analysis-never-runs", "pulpo_analysis/pipeline.py", "import pymongo"),
    ("codegen-reads-answers", "pulpo_codegen/compile.py", "import pulpo_analysis.discovery"),
    ("codegen-reads-answers", "pulpo_codegen/compile.py", "import ast"),
    ("core-analysis", "pulpo_analysis/config/settings.py", "import pulpo_analysis.pipeline"),
    ("core-codegen", "pulpo_codegen/render/draft.py", "import pulpo_codegen.write"),
    ("core-base", "pulpo_base/decorators.py", "import pulpo_base.flows"),
    ("base-api", "pulpo_base/api/http/problems.py", "import pulpo_base.api.resources"),
]


@pytest.fixture(scope="module")
def contracts() -> ConfigParser:
    parser = ConfigParser(comment_prefixes=(";",))
    parser.read(ROOT / ".importlinter")
    return parser


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The six packages' sources, beside one another."""
    for source in sorted((ROOT / "packages").glob("*/src/pulpo_*")):
        shutil.copytree(
            source,
            tmp_path / source.name,
            ignore=shutil.ignore_patterns("__pycache__", "templates", "examples", "pages"),
        )
    return tmp_path


def broken(sources: Path) -> tuple[set[str], str]:
    """Return the names of the contracts that `sources` breaks, and all that was printed."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            "--no-cache",
            "--no-logo",
            f"--config={ROOT / '.importlinter'}",
        ],
        cwd=sources,
        env={**os.environ, "PYTHONPATH": str(sources), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    printed = done.stdout + done.stderr
    assert "Contracts: " in printed, printed  # it came to an end
    # How many imports were ignored may follow the word.
    names = set(re.findall(r"^(.+) BROKEN(?: \(.*\))?$", done.stdout, re.MULTILINE))
    assert done.returncode == (1 if names else 0), printed
    return names, printed


def test_the_sources_as_they_are_break_nothing(copy: Path) -> None:
    names, printed = broken(copy)

    assert names == set(), printed


@pytest.mark.parametrize(("contract", "module", "line"), BREACHES)
def test_one_import_breaks_its_contract_and_no_other(
    contract: str, module: str, line: str, copy: Path, contracts: ConfigParser
) -> None:
    file = copy / module
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")

    names, printed = broken(copy)

    assert names == {contracts[CONTRACT + contract]["name"]}, printed


def test_every_contract_has_been_seen_to_break(contracts: ConfigParser) -> None:
    written = {
        section.removeprefix(CONTRACT)
        for section in contracts.sections()
        if section.startswith(CONTRACT)
    }

    assert written == {contract for contract, _, _ in BREACHES}


def test_the_layers_name_every_package(contracts: ConfigParser) -> None:
    folders = {path.name.replace("-", "_") for path in (ROOT / "packages").iterdir()}
    layers = contracts[f"{CONTRACT}layers"]["layers"].split()

    assert set(contracts["importlinter"]["root_packages"].split()) == folders
    assert {layer for layer in layers if layer != "|"} == folders


def test_what_a_contract_ignores_says_why() -> None:
    lines = (ROOT / ".importlinter").read_text("utf-8").splitlines()

    for number, line in enumerate(lines):
        if line.startswith("ignore_imports"):
            assert lines[number + 1].lstrip().startswith(";"), f".importlinter:{number + 1}"
