"""`api`: the API alone, in the foreground."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulpo_base.project.commands.options import project_of

if TYPE_CHECKING:
    from pulpo_base.project.definition import Project

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("api", rich_help_panel="Services")(api)


def api(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The TCP port.")] = None,
    public_without_auth: Annotated[
        bool,
        typer.Option(
            "--public-without-auth", help="Let everybody who reaches the host use the API."
        ),
    ] = False,
    reload: Annotated[
        bool, typer.Option("--reload", help="Start again when a source file changes.")
    ] = False,
    reload_on_input: Annotated[
        bool,
        typer.Option(
            "--reload-on-input",
            hidden=True,
            help="Load the application with each line on standard input, until its end.",
        ),
    ] = False,
) -> None:
    """Serve the API until Ctrl-C, with the running database or one of its own."""
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.listening import check_reach
    from pulpo_base.project.output import note
    from pulpo_base.project.ports import choose_port, is_free
    from pulpo_base.project.probing import http_url
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.services import api_command, api_environment
    from pulpo_base.project.supervisor.lease import database_for_now

    project = project_of(context)
    settings = project.load_settings()
    address = host or settings.api_host
    check_reach(address, settings, told=public_without_auth)
    if port is not None and not is_free(address, port):
        raise ProjectError(f"port {port} is taken", hint="leave --port out, or choose another")
    chosen = port or choose_port(address, settings.api_port)
    if port is None and chosen != settings.api_port:
        note(f"Port {settings.api_port} is taken, so the API listens on {chosen}.")
    command = api_command(project.app, address, chosen) + (["--reload"] if reload else [])
    with ExitStack() as stack:
        # The live display ends before the server begins to write to the terminal.
        with service_progress() as tell:
            url = stack.enter_context(database_for_now(project, settings, tell=tell))
        note(f"API: {http_url(address, chosen)}/docs")
        environment = api_environment(settings, url)
        if public_without_auth:
            environment["PULPO_PUBLIC_WITHOUT_AUTH"] = "true"
        if reload_on_input:
            _reload(project, (address, chosen), environment)
            return
        status = _serve(command, project.root, environment)
    raise typer.Exit(status)


def _reload(project: Project, address: tuple[str, int], environment: Mapping[str, str]) -> None:
    """Serve until standard input ends; a line of JSON on stdout says what came of each load."""
    import socket
    import sys

    from pulpo_base.project.probing import http_url
    from pulpo_base.project.reloading.server import ReloadingServer

    def tell(what: str, seconds: float) -> None:
        answer = {"event": what, "seconds": round(seconds, 3), "url": http_url(*address)}
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()

    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.create_server(address, family=family, backlog=2048) as listening:
        server = ReloadingServer(
            project.app, listening, directory=project.root, environment=environment, tell=tell
        )
        server.run(sys.stdin.fileno())


def _serve(command: Sequence[str], root: Path, environment: Mapping[str, str]) -> int:
    """Run the server on our terminal until it ends, and never leave it behind."""
    import subprocess

    from pulpo_base.interrupts import deferred_interrupts

    server: subprocess.Popen[bytes] | None = None
    try:
        with deferred_interrupts():
            server = subprocess.Popen(  # noqa: S603 - our own command
                list(command), cwd=root, env=dict(environment)
            )
        return server.wait()
    finally:
        with deferred_interrupts():
            if server is not None and server.poll() is None:
                # Ctrl-C on a terminal reaches it too; a signal to this process alone does not.
                server.terminate()
                try:
                    server.wait(10)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()
