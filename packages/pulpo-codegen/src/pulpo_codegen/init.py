"""`init_project`: the files that a project starts with; from then on they are the user's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pulpo_codegen.check import check
from pulpo_codegen.layout import GENERATED
from pulpo_codegen.plan.row import EXECUTABLE, REGULAR, PlanRow
from pulpo_codegen.python.names import package_name
from pulpo_codegen.render import Renderer
from pulpo_codegen.write.files import FileSystem, LocalFiles, PathKind

__all__ = ["InitResult", "init_project"]

#: Output path, template and mode of what every project needs.
_PROJECT: Final = (
    (".pulpo.yml", "init/pulpo.yml.jinja", REGULAR),
    (".gitignore", "init/gitignore.jinja", REGULAR),
    ("main", "init/main.py.jinja", EXECUTABLE),
    ("pyproject.toml", "init/pyproject.toml.jinja", REGULAR),
)
#: What a project gets that has no code for an application yet.
_EXAMPLE: Final = (
    ("README.md", "init/README.md.jinja", REGULAR),
    ("models/__init__.py", "init/models/__init__.py.jinja", REGULAR),
    ("models/task.py", "init/models/task.py.jinja", REGULAR),
    ("operations/__init__.py", "init/operations/__init__.py.jinja", REGULAR),
    ("operations/tasks.py", "init/operations/tasks.py.jinja", REGULAR),
    ("tests/conftest.py", "init/tests/conftest.py.jinja", REGULAR),
    ("tests/test_tasks.py", "init/tests/test_tasks.py.jinja", REGULAR),
)
_OF_AN_APPLICATION = re.compile(rb"^\s*(from|import)\s+(beanie|fastapi|pulpo_base)\b", re.MULTILINE)
_NOT_USER_CODE: Final = frozenset({GENERATED, "node_modules", "__pycache__", "venv", "build"})


@dataclass(frozen=True, slots=True)
class InitResult:
    """The paths, relative to the project, that were made, and those that were there already."""

    created: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InitContext:
    """The context of every `init/` template: the project's name, and as a package is called."""

    name: str
    distribution: str


def init_project(
    root: Path, *, name: str, files: FileSystem | None = None, dry_run: bool = False
) -> InitResult:
    """Make a project called `name` in the folder `root`, which is made where it is missing.

    With `dry_run` nothing is written, and the answer is what would be.

    What exists is never changed. A README, an example model and operation with their test are added
    only where no Python file uses FastAPI, Beanie or Pulpo.

    Raises `ValueError` for an empty name and `OSError` where something cannot be written.
    """
    if not name.strip():
        raise ValueError("a project needs a name")
    disk = files or LocalFiles()
    wanted = _PROJECT if _has_application(root) else (*_PROJECT, *_EXAMPLE)
    context = InitContext(name, package_name(name))
    renderer = Renderer()
    created, kept = [], []
    for path, template, mode in wanted:
        if disk.kind(root / path) is not PathKind.MISSING:
            kept.append(path)
            continue
        row = PlanRow(path, template, context, "init", mode=mode)
        file = check(renderer.render(row, header=False))
        if not dry_run:
            disk.make_folder((root / path).parent)
            # Fails, rather than overwrites, where somebody was quicker.
            disk.write_new(root / path, file.data, mode)
            disk.flush([root / path])
        created.append(path)
    return InitResult(tuple(created), tuple(kept))


def _has_application(root: Path) -> bool:
    return any(_OF_AN_APPLICATION.search(path.read_bytes()) for path in _python_files(root))


def _python_files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [one for one in folders if one not in _NOT_USER_CODE and one[0] != "."]
        yield from (Path(folder, name) for name in names if name.endswith(".py"))
