"""What the shell offers behind TAB after `./main`: the project's operations, flows and services."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import typer

from pulpo_base.project.definition import Project
from pulpo_base.project.errors import ProjectError

__all__ = ["VARIABLE", "completion_script", "flow_names", "operation_names", "service_names"]

#: By which the shell asks the command what could come next.
VARIABLE = "_MAIN_COMPLETE"

_Complete = Callable[[typer.Context, str], list[str]]


def completion_script(shell: str) -> str:
    """Return what makes `bash`, `zsh` or `fish` complete `./main`."""
    # Typer offers it as options of the whole command only, which would be on every help page.
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    script: str = get_completion_script(prog_name="./main", complete_var=VARIABLE, shell=shell)
    # Shells know a command by its last part, and run what was typed.
    for before in ("#compdef ", "_main_completion ", "--command "):
        script = script.replace(f"{before}./main", f"{before}main")
    return script


def _completing(names: Callable[[Project], Iterable[str]]) -> _Complete:
    def complete(context: typer.Context, incomplete: str) -> list[str]:
        try:
            known = sorted(names(context.obj))
        except (ProjectError, OSError):
            return []  # nobody is to be told while a word is being typed
        return [name for name in known if name.startswith(incomplete)]

    return complete


def _services(project: Project) -> Iterable[str]:
    from pulpo_base.project.services import services_of

    return (row.name for row in services_of(project, project.load_settings()))


operation_names = _completing(lambda project: project.load_operations())
flow_names = _completing(lambda project: project.load_flows())
service_names = _completing(_services)
