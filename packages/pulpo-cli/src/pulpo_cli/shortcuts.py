"""The short way to what is asked most often.

Typer costs three times what reading a small project does. A command line that is no more than
the name of a list, or a compile without options, is answered without it; every other goes through
Typer, to the same functions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from pulpo_cli.compiled import compile_targets
from pulpo_cli.interface import get_cli
from pulpo_cli.listings import list_flows, list_models, list_operations

__all__ = ["run_shortcut"]

_SHORTCUTS: dict[str, Callable[..., int | None]] = {
    "compile": compile_targets,
    "flows": list_flows,
    "models": list_models,
    "operations": list_operations,
}


def run_shortcut(arguments: Sequence[str]) -> int | None:
    """Run `[--project FOLDER] COMMAND [--json]`; `None` where the command line is anything else.

    `compile` takes names of targets.
    """
    rest = list(arguments)
    folder = os.environ.get("PULPO_PROJECT")
    if rest[:1] in (["-C"], ["--project"]) and rest[2:]:
        folder, rest = rest[1], rest[2:]
    as_json = rest[-1:] == ["--json"]
    command, *names = (rest[:-1] if as_json else rest) or [""]
    if command not in _SHORTCUTS or (names and command != "compile"):
        return None
    if any(name.startswith("-") for name in names):
        return None
    return _SHORTCUTS[command](get_cli(Path(folder) if folder else None), *names, as_json=as_json)
