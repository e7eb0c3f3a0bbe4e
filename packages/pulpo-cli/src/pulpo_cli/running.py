"""How a project's `./main` is run."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from pulpo_cli.errors import UserError

__all__ = ["main_command"]


def main_command(root: Path, arguments: Iterable[str]) -> list[str]:
    """Return the command that runs a project's `./main`. Raises `UserError` where there is none."""
    main = root / "main"
    if not main.is_file():
        raise UserError(f"{root} has no project command line yet", "run `pulpo init` first")
    return [_python_of(root), str(main), *arguments]


def _python_of(root: Path) -> str:
    """Return the Python of the project's `.venv` where that has Pulpo's runtime, or ours.

    What the project needs besides is installed there, wherever `pulpo` is.
    """
    environment = root / ".venv"
    python = environment / "bin" / "python"
    runtime = environment.glob("lib/python*/site-packages/pulpo_base-*.dist-info")
    return str(python) if python.is_file() and any(runtime) else sys.executable
