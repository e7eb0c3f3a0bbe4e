"""The short way to what is asked most often.

Typer costs three times what reading a small project does. A command line that is no more than
the name of a list, or a compile of everything, is answered without it; every other goes through
Typer, to the same functions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from pulpo_cli.compiled import compile_everything
from pulpo_cli.interface import get_cli
from pulpo_cli.listings import list_flows, list_models, list_operations

__all__ = ["run_shortcut"]

_SHORTCUTS: dict[str, Callable[..., int | None]] = {
    "compile": compile_everything,
    "flows": list_flows,
    "models": list_models,
    "operations": list_operations,
}


def run_shortcut(arguments: Sequence[str]) -> int | None:
    """Run `[--project FOLDER] COMMAND [--json]`; `None` where the command line is anything else."""
    rest = list(arguments)
    folder = os.environ.get("PULPO_PROJECT")
    if rest[:1] in (["-C"], ["--project"]) and rest[2:]:
        folder, rest = rest[1], rest[2:]
    as_json = rest[1:] == ["--json"]
    if not rest or rest[0] not in _SHORTCUTS or not (as_json or len(rest) == 1):
        return None
    return _SHORTCUTS[rest[0]](get_cli(Path(folder) if folder else None), as_json=as_json)
