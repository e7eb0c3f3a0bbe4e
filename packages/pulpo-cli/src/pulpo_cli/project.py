"""`project_of`: the project that a command is about."""

from __future__ import annotations

from pathlib import Path

import typer

from pulpo_cli.interface import CLI, get_cli

__all__ = ["project_of"]


def project_of(context: typer.Context) -> CLI:
    """Return the interface to the project that `--project` names, or that surrounds us."""
    root = context.find_root()
    if root.obj is None or isinstance(root.obj, Path):
        root.obj = get_cli(root.obj)
    cli: CLI = root.obj
    return cli
