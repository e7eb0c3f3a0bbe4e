"""The generated tree of a real project: clean code, runtime imports only, same bytes each time."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]

#: The cache is kept: the libraries behind generated code take longest and never change.
STRICT = (
    "--strict",
    "--follow-imports=silent",
    f"--cache-dir={Path(__file__).resolve().parent.parent / '.mypy_cache' / 'generated'}",
)

_ALLOWED = {"beanie", "fastapi", "prefect", "pydantic", "pydantic_settings", "pymongo", "typer"}
_RUNTIME = {"pulpo_base", "pulpo_utils", "pulpo_selfaware"}
_OWN = {"run_cache", "errors", "models", "operations", "schemas"}


def _tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "run_cache").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def _tool(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_it_is_formatted_and_clean(shop: Path) -> None:
    formatted = _tool("ruff", "format", "--no-cache", "--check", "run_cache", cwd=shop)
    linted = _tool("ruff", "check", "--no-cache", "run_cache", cwd=shop)

    assert formatted.returncode == 0, formatted.stdout
    assert linted.returncode == 0, linted.stdout


def test_it_is_strictly_typed(shop: Path) -> None:
    checked = _tool("mypy", *STRICT, "-p", "run_cache", cwd=shop)

    assert checked.returncode == 0, checked.stdout


def test_it_imports_runtime_packages_only(shop: Path) -> None:
    allowed = _ALLOWED | _RUNTIME | _OWN | set(sys.stdlib_module_names)
    for path in (shop / "run_cache").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                assert name.partition(".")[0] in allowed, f"{path} imports {name}"


def test_compiling_twice_writes_nothing(own_shop: Path, pulpo: Pulpo) -> None:
    before = {p: p.stat().st_mtime_ns for p in (own_shop / "run_cache").rglob("*")}

    again = pulpo("compile", cwd=own_shop)
    planned = pulpo("compile", "--plan", cwd=own_shop)

    assert again.returncode == 0, again.stderr
    assert "created" not in again.stdout
    assert planned.returncode == 0, planned.stdout
    assert before == {p: p.stat().st_mtime_ns for p in (own_shop / "run_cache").rglob("*")}


def test_the_bytes_depend_on_the_code_alone(own_shop: Path, pulpo: Pulpo, tmp_path: Path) -> None:
    trees = []
    for seed in ("0", "4711"):
        copy = tmp_path / f"elsewhere-{seed}" / "shop"
        shutil.copytree(own_shop, copy, ignore=shutil.ignore_patterns("run_cache", ".pulpo"))
        done = pulpo("compile", cwd=copy, PYTHONHASHSEED=seed, TZ="Asia/Tokyo")
        assert done.returncode == 0, done.stderr
        trees.append(_tree(copy))

    assert trees[0] == trees[1] == _tree(own_shop)


@pytest.mark.parametrize("delay", [0.15, 0.3, 0.45, 0.6, 0.75])
def test_a_killed_compile_is_repaired_by_the_next(
    own_shop: Path, pulpo: Pulpo, delay: float
) -> None:
    wanted = _tree(own_shop)
    shutil.rmtree(own_shop / "run_cache")

    victim = subprocess.Popen(
        [sys.executable, "-m", "pulpo_cli", "compile"],
        cwd=own_shop,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(delay)
    victim.send_signal(signal.SIGKILL)
    victim.wait()

    repaired = pulpo("compile", cwd=own_shop)
    assert repaired.returncode == 0, repaired.stderr
    assert _tree(own_shop) == wanted


def test_an_edited_file_is_refused_and_nothing_is_written(own_shop: Path, pulpo: Pulpo) -> None:
    edited = own_shop / "run_cache" / "settings.py"
    edited.write_text(edited.read_text() + "# mine\n")
    model = own_shop / "models" / "category.py"
    model.write_text(model.read_text().replace('"categories"', '"shelves"'))
    before = _tree(own_shop)

    refused = pulpo("compile", cwd=own_shop)
    assert refused.returncode == 1
    assert "PLW001" in refused.stderr
    assert _tree(own_shop) == before

    forced = pulpo("compile", "--force", cwd=own_shop)
    assert forced.returncode == 0, forced.stderr
    assert "# mine" not in edited.read_text()
    assert "api/shelves.py" in {name.removeprefix("run_cache/") for name in _tree(own_shop)}
    assert "run_cache/api/categories.py" not in _tree(own_shop)
