"""What the shell offers behind TAB: the names of the project."""

from __future__ import annotations

from collections.abc import Callable

import typer

from pulpo_cli.errors import UserError
from pulpo_cli.interface import CLI
from pulpo_cli.project import project_of

__all__ = ["flow_names", "model_names", "names", "operation_names"]

_Complete = Callable[[typer.Context, str], list[str]]


def _models(cli: CLI) -> list[str]:
    return [model.name for model in cli.model_list.models]


def _operations(cli: CLI) -> list[str]:
    return [operation.name for operation in cli.analysis.app.operations]


def _flows(cli: CLI) -> list[str]:
    return [flow.name for flow in cli.analysis.flows]


def _completing(*kinds: Callable[[CLI], list[str]]) -> _Complete:
    def complete(context: typer.Context, incomplete: str) -> list[str]:
        try:
            cli = project_of(context)
            known = [name for kind in kinds for name in kind(cli)]
        except (UserError, OSError):
            return []  # there is no project, and nobody to tell while a word is being typed
        return [name for name in known if name.startswith(incomplete)]

    return complete


model_names = _completing(_models)
operation_names = _completing(_operations)
flow_names = _completing(_flows)
names = _completing(_models, _operations, _flows)
