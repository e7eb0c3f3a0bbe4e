"""What holds of every command of `pulpo` and of `./main`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pulpo_base.project import Project, create_cli
from pulpo_cli.application import app

#: Commands that answer with no facts: they act, go on until they are stopped, hand their arguments
#: on to `./main`, or print text that is one as it stands (a log, a script, an address, a page).
PLAIN = {
    "pulpo": {
        *("api", "db", "down", "prefect", "ui", "up", "ops run"),
        *("completion", "config schema", "demo", "dev", "explain", "help", "new"),
    },
    "./main": {
        *("api", "compile", "completion", "shell", "ui", "logs", "prefect logs", "prefect ui"),
        *("db drop", "db restore", "db shell", "db start", "db stop", "db url"),
        *("flows deploy", "flows serve", "keys revoke"),
    },
}


def _commands(command: Any, *path: str) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    for name, child in children.items():
        yield from _commands(child, *path, name)
    if path and (not children or command.invoke_without_command):
        yield " ".join(path), command


@pytest.mark.parametrize("program", ["pulpo", "./main"])
def test_what_tells_facts_tells_them_as_json(program: str) -> None:
    project = Project("shop", Path("/nowhere"), "a:a", "a:s", "a:d", "a:o")
    top = get_command(app if program == "pulpo" else create_cli(project).app)

    commands = dict(_commands(top))
    without = {
        name
        for name, command in commands.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    }

    assert len(commands) > 30
    assert without == PLAIN[program]
    assert all(command.help for command in commands.values())
