"""Commands of the project's own: the files in its folder `commands/`.

They are imported when their help is asked for, or a command that is none of ours: what is wrong
with one of them stops no other command.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from pulpo_base.project.errors import ProjectError

__all__ = ["COMMANDS", "add_own_commands", "command_names"]

#: The folder, relative to the project.
COMMANDS = "commands"
_PANEL = "This project's own"


def command_names(app: typer.Typer) -> set[str]:
    """Return the names of an application's commands and groups."""
    commands = {
        one.name or (one.callback.__name__.replace("_", "-") if one.callback else "")
        for one in app.registered_commands
    }
    return commands | {one.name for one in app.registered_groups if isinstance(one.name, str)}


def add_own_commands(app: typer.Typer, root: Path) -> None:
    """Add the commands of every file in the project's `commands/`, in the order of their names.

    Raises `ProjectError` for a file that cannot be imported, has no `app`, or has a command of
    a name that is taken.
    """
    if root.joinpath("run_cache", "__init__.py").is_file():
        # It puts the folders of the project's code on the import path.
        importlib.import_module("run_cache")
    taken = dict.fromkeys(command_names(app), "a command of every project")
    for path in _files(root):
        own = _application(path, root)
        for name in sorted(command_names(own)):
            if name in taken:
                raise ProjectError(
                    f"{_shown(path)}: the command {name!r} is {taken[name]} already",
                    hint='give it another name: `@app.command("…")`',
                )
            taken[name] = f"in {_shown(path)}"
        for command in own.registered_commands:
            command.rich_help_panel = _PANEL
        app.registered_commands.extend(own.registered_commands)
        app.registered_groups.extend(own.registered_groups)


def _files(root: Path) -> Iterator[Path]:
    for path in sorted((root / COMMANDS).glob("*.py")):
        if not path.name.startswith("_"):
            yield path


def _application(path: Path, root: Path) -> typer.Typer:
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    name = f"{COMMANDS}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ProjectError(f"{_shown(path)} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raised = ProjectError(
            f"{_shown(path)} cannot be imported: {type(error).__name__}: {error}",
            hint="run it again with --debug before the command for the traceback",
        )
        raise raised from error
    found = getattr(module, "app", None)
    if not isinstance(found, typer.Typer):
        raise ProjectError(f"{_shown(path)} has no `app`", hint="write `app = typer.Typer()` in it")
    return found


def _shown(path: Path) -> str:
    return f"{COMMANDS}/{path.name}"
