"""`ui`, `shell`, `compile`: the page, a prompt on the data, and the generator where it is there."""

from __future__ import annotations

import sys
from contextlib import ExitStack

import typer

from pulpo_base.project.commands.options import project_of
from pulpo_base.project.pages import PrintOnly, show_page

__all__ = ["register"]

PANEL = "Application"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ui", rich_help_panel=PANEL)(ui)
    app.command("shell", rich_help_panel=PANEL)(shell)
    app.command(
        "compile",
        rich_help_panel=PANEL,
        context_settings={
            "allow_extra_args": True,
            "ignore_unknown_options": True,
            "help_option_names": [],
        },
    )(compile_project)


def ui(context: typer.Context, print_only: PrintOnly = False) -> None:
    """Open the application's page in the browser."""
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.output import note
    from pulpo_base.project.probing import shows_page
    from pulpo_base.project.service import API
    from pulpo_base.project.state import ServiceState

    record = ServiceState(project_of(context).state_directory).read().get(API)
    if record is None or not record.is_alive:
        raise ProjectError("the API does not run", hint="run `./main up`")
    url = f"{record.url}/"
    if not shows_page(url):
        url = f"{record.url}/docs"
        note("The API serves no page at /: this is its documentation.")
    show_page(url, print_only=print_only)


def shell(context: typer.Context) -> None:
    """Open a Python prompt with the models and operations, connected; `await` works at its top."""
    import asyncio

    from pulpo_base.database import connected
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.prompt import AwaitingConsole
    from pulpo_base.project.supervisor.lease import database_for_now

    project = project_of(context)
    settings = project.load_settings()
    documents = project.load_documents()
    models = {one.__name__: one for one in documents}
    names = {**models, "operations": project.load_operations()}
    first = next(iter(models), "")
    banner = (
        f"{project.name}: {', '.join(models) or 'no models'}; `operations` by name."
        + f" Try `await {first}.count()`." * bool(first)
        + " Ctrl-D ends."
    )
    with ExitStack() as stack:
        with service_progress(quiet=True) as tell:
            url = stack.enter_context(database_for_now(project, settings, tell=tell))
        runner = stack.enter_context(asyncio.Runner())
        connection = connected(url, settings.mongodb_database, documents)
        runner.run(connection.__aenter__())
        stack.callback(lambda: runner.run(connection.__aexit__(None, None, None)))
        AwaitingConsole(runner, names).interact(banner=banner, exitmsg="")


def compile_project(context: typer.Context) -> None:
    """Generate run_cache/ anew, where Pulpo's generator is installed (as `pulpo compile`)."""
    import shutil
    from importlib.util import find_spec

    from pulpo_base.interrupts import run_in_terminal
    from pulpo_base.project.errors import ProjectError

    program = shutil.which("pulpo")
    if find_spec("pulpo_cli") is not None:
        command = [sys.executable, "-m", "pulpo_cli"]
    elif program is not None:
        command = [program]
    else:
        raise ProjectError("the generator is not installed here", hint="pip install pulpo-cli")
    whole = [*command, "--project", str(project_of(context).root), "compile", *context.args]
    raise typer.Exit(run_in_terminal(whole))
