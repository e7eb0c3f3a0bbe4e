"""`logs`: what the services write."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_base.project.commands.options import InDocker, project_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("logs", rich_help_panel="Services")(logs)


def logs(
    context: typer.Context,
    service: Annotated[
        str | None, typer.Option("--service", "-s", help="Only this service, as in `status`.")
    ] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many lines back.")] = 30,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    docker: InDocker = False,
) -> None:
    """Show the last lines of the services' logs."""
    from pulpo_base.project.compose import Compose
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.inputs import find
    from pulpo_base.project.output import flush, write_line
    from pulpo_base.project.supervisor import logs as log_files

    project = project_of(context)
    if docker:
        raise typer.Exit(Compose(project).logs(service, lines, follow=follow))
    known = {log.stem: log for log in sorted(project.log_directory.glob("*.log"))}
    if service is not None:
        known = {service: find("log of a service", service, known, listing="./main status")}
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
