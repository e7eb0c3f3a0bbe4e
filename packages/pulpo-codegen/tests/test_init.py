"""`init_project`: files that compile, parse and run, and nothing overwritten."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pulpo_codegen import init_project

EVERYTHING = {
    ".gitignore",
    ".pulpo.yml",
    "README.md",
    "main",
    "models/__init__.py",
    "models/task.py",
    "operations/__init__.py",
    "operations/tasks.py",
    "pyproject.toml",
    "tests/conftest.py",
    "tests/test_tasks.py",
}
EXAMPLE = {name for name in EVERYTHING if "/" in name or name == "README.md"}
Tree = Callable[[Path], dict[str, bytes]]


def run_main(folder: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "main"), "hello"]
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)


def test_a_new_project(tmp_path: Path, tree: Tree) -> None:
    root = tmp_path / "deep" / "shop"
    result = init_project(root, name="My Shop")
    assert set(result.created) == EVERYTHING == set(tree(root))
    assert result.kept == ()
    assert yaml.safe_load((root / ".pulpo.yml").read_text()) == {"project": {"name": "My Shop"}}
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert project["name"] == "my-shop"
    assert project["dependencies"] == [
        "pulpo-base[api,local,project]",
        "pulpo-utils[fastapi]",
        "pulpo-selfaware[fastapi]",
    ]


def test_the_second_time_nothing_is_touched(tmp_path: Path, tree: Tree) -> None:
    init_project(tmp_path, name="shop")
    (tmp_path / "pyproject.toml").write_text("mine")
    before = tree(tmp_path)
    result = init_project(tmp_path, name="other")
    assert result.created == ()
    assert set(result.kept) == EVERYTHING - EXAMPLE
    assert tree(tmp_path) == before


@pytest.mark.parametrize("line", ["import pulpo_base", "from fastapi import FastAPI"])
def test_an_application_gets_no_example(tmp_path: Path, line: str) -> None:
    code = tmp_path / "src" / "shop" / "docs.py"
    code.parent.mkdir(parents=True)
    code.write_text(f"{line}\n")
    init_project(tmp_path, name="shop")
    for name in ("models", "operations", "tests", "README.md"):
        assert not (tmp_path / name).exists()


def test_other_peoples_code_does_not_count(tmp_path: Path) -> None:
    for folder in (".venv", "run_cache", "node_modules"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text("import fastapi\n")
    init_project(tmp_path, name="shop")
    assert (tmp_path / "models" / "task.py").exists()


def test_hostile_names(tmp_path: Path, hostile_texts: dict[str, str]) -> None:
    for key, text in hostile_texts.items():
        root = tmp_path / key
        init_project(root, name=text)
        assert yaml.safe_load((root / ".pulpo.yml").read_text("utf-8"))["project"]["name"] == text
        tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    with pytest.raises(ValueError, match="needs a name"):
        init_project(tmp_path / "none", name=" ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no execute bit")
def test_main_runs_from_any_folder(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    init_project(root, name="shop")
    assert os.access(root / "main", os.X_OK)
    early = run_main(root, tmp_path)
    assert early.returncode == 1
    assert "run `pulpo compile`" in early.stderr
    assert "Traceback" not in early.stderr
    generated = root / "run_cache"
    generated.mkdir()
    (generated / "cli.py").write_text("import sys\ndef main():\n    print(sys.argv[1], __name__)\n")
    for cwd in (root, tmp_path, Path("/")):
        assert run_main(root, cwd).stdout == "hello run_cache.cli\n"


def test_the_example_is_real_code(tmp_path: Path) -> None:
    pytest.importorskip("beanie", reason="the example stands on pulpo-base[api]")
    init_project(tmp_path, name="shop")
    script = (
        "from pulpo_base import spec_of\n"
        "from models.task import Task\n"
        "from operations.tasks import add_task\n"
        "print(spec_of(Task).name, spec_of(add_task).name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout == "Task tasks.add\n"


def test_the_files_are_formatted_and_clean(tmp_path: Path) -> None:
    pytest.importorskip("ruff", reason="a development tool")
    init_project(tmp_path, name="shop")
    for command in (["format", "--check"], ["check", "--select=E,F,I,UP,B"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length=100", "."]
        done = subprocess.run(ruff, cwd=tmp_path, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
