"""`logs`: what the services write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pulpo_base.project.commands.options import Follow, InDocker, Lines, project_of
from pulpo_base.project.completing import service_names

__all__ = ["register", "show_logs"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("logs", rich_help_panel="Services")(logs)


def logs(
    context: typer.Context,
    service: Annotated[
        str | None,
        typer.Option(
            "--service",
            "-s",
            help="Only this service, as in `status`.",
            autocompletion=service_names,
        ),
    ] = None,
    lines: Lines = 30,
    follow: Follow = False,
    docker: InDocker = False,
) -> None:
    """Show the last lines of the services' logs."""
    from pulpo_base.project.compose import Compose
    from pulpo_base.project.inputs import find

    project = project_of(context)
    if docker:
        raise typer.Exit(Compose(project).logs(service, lines, follow=follow))
    known = {log.stem: log for log in sorted(project.log_directory.glob("*.log"))}
    if service is not None:
        known = {service: find("log of a service", service, known, listing="./main status")}
    show_logs(known, lines, follow=follow)


def show_logs(known: Mapping[str, Path], lines: int, *, follow: bool) -> None:
    """Write the last lines of logs by service name, and with `follow` what is added to them.

    Raises `ProjectError` where there is no log.
    """
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.output import flush, write_line
    from pulpo_base.project.supervisor import logs as log_files

    if not known:
        raise ProjectError("there are no logs yet", hint="start the services: `./main up`")
    prefixed = len(known) > 1
    added = log_files.follow(known)
    for name, log in known.items():
        for line in log_files.last_lines(log, lines):
            write_line(f"{name} | {line}" if prefixed else line)
    if follow:
        for name, line in added:
            if name:
                write_line(f"{name} | {line}" if prefixed else line)
            else:
                flush()
