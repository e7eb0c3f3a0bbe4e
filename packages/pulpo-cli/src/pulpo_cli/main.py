"""The Typer application, and the one place where commands end: exit codes, no tracebacks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pulpo_cli.commands import (
    ask,
    demo,
    diff,
    events,
    explore,
    generate,
    graph,
    lint,
    ops,
    project,
    services,
)
from pulpo_cli.errors import BUG, INTERRUPTED, MISTAKE, UserError

__all__ = ["app", "main", "run"]

app = typer.Typer(
    name="pulpo",
    help="From Beanie documents and typed functions to a running application.",
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def pulpo(
    context: typer.Context,
    project_folder: Annotated[
        Path | None,
        typer.Option(
            "--project",
            "-C",
            envvar="PULPO_PROJECT",
            help="The project's folder; default: the nearest with a .pulpo.yml.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Read a project, check it, and generate its API, flows, command line and docs."""
    context.obj = project_folder
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


# The order of registration is the order of the help page.
demo.register(app)
project.register(app)
explore.register(app)
graph.register(app)
app.add_typer(lint.app, rich_help_panel=explore.PANEL)
ask.register(app)
diff.register(app)
generate.register(app)
events.register(app)
services.register(app)
app.add_typer(ops.app, rich_help_panel=services.PANEL)
project.register_help(app)


def run(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code.

    0 is success, 1 a mistake that the user can mend, 2 "there are changes" of
    `compile --plan`, 70 a bug of ours, 130 Ctrl-C.
    """
    from pulpo_cli.output import fail

    try:
        code = app(arguments, standalone_mode=False)
    except UserError as error:
        fail(error.message, error.hint)
        return MISTAKE
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "pulpo"
        fail(" ".join(error.format_message().split()), f"see `{command} --help`")
        return MISTAKE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`pulpo models | head`): there is nobody left to tell.
        sys.stderr.close()
        return MISTAKE
    except OSError as error:
        if error.filename is None:
            _bug(error)
            return BUG
        fail(f"{error.filename}: {error.strerror}", "check the path and its permissions")
        return MISTAKE
    except Exception as error:  # noqa: BLE001 - the last line of defence, which says so
        _bug(error)
        return BUG
    return code if isinstance(code, int) else 0


def _bug(error: Exception) -> None:
    import traceback

    from pulpo_cli.output import fail

    fail(
        f"this is a bug of Pulpo: {type(error).__name__}: {error}",
        "please report it with the lines below and what you ran",
    )
    traceback.print_exception(error, file=sys.stderr)


def main() -> NoReturn:
    """Run the `pulpo` command."""
    sys.exit(run())
