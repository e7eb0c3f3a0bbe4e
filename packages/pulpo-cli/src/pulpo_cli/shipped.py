"""The examples that are shipped, and projects that start as a copy of one."""

from __future__ import annotations

import shlex
import shutil
from importlib.resources import files
from pathlib import Path

from pulpo_cli.errors import UserError

__all__ = ["copy_example", "example_folder", "new_folder"]

#: What an example has beside a project: the demo's script, and settings of our own test run.
_OURS = ("demo.json", "pytest.ini")
_MADE = ("__pycache__", ".pulpo", "run_cache", ".*_cache")


def example_folder(name: str) -> Path:
    """Return the folder of a shipped example."""
    return Path(str(files("pulpo_cli").joinpath("examples", name)))


def copy_example(name: str, folder: Path) -> None:
    """Copy an example's files into a folder that is new or empty."""
    ignored = shutil.ignore_patterns(*_MADE, *_OURS)
    shutil.copytree(example_folder(name), folder, ignore=ignored, dirs_exist_ok=True)


def new_folder(folder: Path) -> Path:
    """Return the absolute path of a folder for something new.

    Raises `UserError` where there is something already.
    """
    if folder.is_dir() and not any(folder.iterdir()):
        return folder.resolve()
    if folder.exists() or folder.is_symlink():
        raise UserError(
            f"{folder} exists already",
            f"name another, or make the project there: cd {shlex.quote(str(folder))} && pulpo init",
        )
    return folder.resolve()
