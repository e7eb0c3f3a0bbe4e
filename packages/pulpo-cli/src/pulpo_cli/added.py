"""Commands that are not ours: of installed packages (`pulpo.commands`) and of the project."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

import typer

from pulpo_base.entry_points import entry_points_of
from pulpo_cli.commands.services import PASSED_ON, passing_on
from pulpo_cli.errors import UserError
from pulpo_cli.interface import find_root

__all__ = ["GROUP", "add_others", "asks_for_others"]

#: The group of entry points by which an installed package brings commands: `module:app`.
GROUP = "pulpo.commands"
_PANEL = "Added"
_WITH_VALUE = ("-C", "--project")


def asks_for_others(app: typer.Typer, arguments: Sequence[str]) -> bool:
    """Return whether a command line means a command that we do not have, or asks for help."""
    words = list(arguments)
    while words and words[0].startswith("-"):
        words = words[2 if words[0] in _WITH_VALUE else 1 :]
    return not words or words[0] not in _names(app)


def add_others(app: typer.Typer, arguments: Sequence[str]) -> None:
    """Add the commands of installed packages, and those of the project in `commands/`.

    What is ours comes first. Raises `UserError` for an entry point that brings none.
    """
    for value in entry_points_of(GROUP):
        other = _loaded(value)
        known = _names(app)
        for command in other.registered_commands:
            if _name(command) not in known:
                command.rich_help_panel = command.rich_help_panel or _PANEL
                app.registered_commands.append(command)
        app.registered_groups.extend(
            group for group in other.registered_groups if group.name not in known
        )
    _add_project(app, arguments)


def _add_project(app: typer.Typer, arguments: Sequence[str]) -> None:
    """Pass a command of the project on to `./main`, which imports its code; we do not."""
    given, words = None, list(arguments)
    while words and words[0].startswith("-"):
        if words[0] in _WITH_VALUE and len(words) > 1:
            given = words.pop(1)
        words.pop(0)
    if not words or words[0] in _names(app):
        return
    root = Path(given) if given else find_root(Path.cwd())
    # Which commands there are only running the files can say; one that no file mentions is none.
    mentioned = words[0].replace("-", "_").encode(), words[0].encode()
    texts = (path.read_bytes() for path in (root / "commands").glob("[!_]*.py"))
    if any(word in text for text in texts for word in mentioned):
        app.command(words[0], hidden=True, context_settings=PASSED_ON)(passing_on(words[0]))


def _loaded(value: str) -> typer.Typer:
    module, _, attribute = value.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute, None)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise UserError(
            f"the commands {value!r} of an installed package cannot be imported: {why}",
            "mend or remove that package",
        ) from error
    if not isinstance(found, typer.Typer):
        raise UserError(
            f"the entry point {GROUP} {value!r} is no `typer.Typer`", "mend or remove that package"
        )
    return found


def _names(app: typer.Typer) -> set[str]:
    groups = {
        group.name or (group.typer_instance.info.name if group.typer_instance else None)
        for group in app.registered_groups
    }
    return {_name(command) for command in app.registered_commands} | {
        name for name in groups if isinstance(name, str)
    }


def _name(command: typer.models.CommandInfo) -> str:
    return command.name or (command.callback.__name__.replace("_", "-") if command.callback else "")
