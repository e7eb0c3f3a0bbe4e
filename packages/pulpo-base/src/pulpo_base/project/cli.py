"""`create_cli`: the command line of one project, and what its errors look like."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from pulpo_base.command_groups import command_group
from pulpo_base.interrupts import exit_on_termination
from pulpo_base.project.commands import (
    api,
    completion,
    database,
    developing,
    down,
    flows,
    health,
    keys,
    logs,
    operations,
    prefect,
    status,
    up,
)
from pulpo_base.project.completing import VARIABLE
from pulpo_base.project.definition import Project
from pulpo_base.project.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_USER, ProjectError
from pulpo_base.project.own_commands import add_own_commands, command_names

__all__ = ["ProjectCli", "create_cli"]

_PROGRAM = "./main"
_DEBUG = "PULPO_DEBUG"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


class ProjectCli:
    """The command line of `project`; call it to run the command in `sys.argv` and exit.

    `app` is the Typer application; the project's folder `commands/` adds to it.
    """

    def __init__(self, project: Project) -> None:
        """Register the commands; nothing of the project is imported."""
        self.project = project
        self.app = command_group(
            name=project.name,
            help=f"Run and use {project.name}.",
        )
        self.app.callback()(_options)
        services = (up, down, status, health, logs, api, prefect)
        for module in (*services, database, operations, flows, developing, keys, completion):
            module.register(self.app)

    def __call__(self, arguments: Sequence[str] | None = None) -> NoReturn:
        """Run one command and end the process with its exit code."""
        exit_on_termination()
        sys.exit(self.run(arguments))

    def run(self, arguments: Sequence[str] | None = None) -> int:
        """Run one command and return its exit code: 1 the user's mistake, 70 a bug of ours."""
        given = list(sys.argv[1:] if arguments is None else arguments)
        try:
            return self._dispatch(given or ["--help"])
        except ProjectError as error:
            return _failed(error)
        except typer.TyperException as error:
            if not error.format_message().strip():
                return EXIT_USER  # a group without a command: its help has been printed
            return _failed(_usage_error(error))
        except (KeyboardInterrupt, typer.Abort):
            return EXIT_INTERRUPTED
        except BrokenPipeError:
            _give_up_stdout()
            return EXIT_USER
        except ModuleNotFoundError as error:
            return _failed(_missing_package(error))
        except OSError as error:
            if error.errno in _FULL:
                _give_up_stdout()
            is_systems = error.filename or error.errno in _FULL
            return _failed(_system_error(error) if is_systems else _bug(error))
        except Exception as error:  # noqa: BLE001 - the last resort: a bug is reported as one
            return _failed(_bug(error))

    def _dispatch(self, arguments: list[str]) -> int:
        if _asks_for_others(arguments, command_names(self.app)):
            add_own_commands(self.app, self.project.root)
        command = typer.main.get_command(self.app)
        if VARIABLE in os.environ:
            from typer.completion import completion_init  # type: ignore[attr-defined]

            completion_init()
        result: Any = command.main(
            arguments,
            prog_name=_PROGRAM,
            complete_var=VARIABLE,
            standalone_mode=False,
            obj=self.project,
        )
        # Here, where a full disk or a closed pipe can still be told.
        sys.stdout.flush()
        return result if isinstance(result, int) else 0


def _asks_for_others(arguments: Sequence[str], known: Collection[str]) -> bool:
    """Return whether a command line means a command that is not among the known, or all."""
    named = next((one for one in arguments if not one.startswith("-")), None)
    return named not in known


def create_cli(project: Project) -> ProjectCli:
    """Return the command line of `project`; nothing of the project is imported yet."""
    return ProjectCli(project)


def _options(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the whole traceback of an error.")
    ] = False,
) -> None:
    if debug:
        os.environ[_DEBUG] = "1"


def _failed(error: ProjectError) -> int:
    from pulpo_base.project.output import show_error

    if os.environ.get(_DEBUG):
        traceback.print_exception(error.__cause__ or error)
    show_error(error)
    return error.exit_code


def _usage_error(error: typer.TyperException) -> ProjectError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else _PROGRAM
    message = " ".join(error.format_message().split())
    return ProjectError(message, hint=f"see `{command} --help`")


def _system_error(error: OSError) -> ProjectError:
    what = error.filename or "cannot write"
    raised = ProjectError(f"{what}: {error.strerror}")
    raised.__cause__ = error
    return raised


def _missing_package(error: ModuleNotFoundError) -> ProjectError:
    raised = ProjectError(
        f"the package {error.name} is not installed",
        hint="install what this project needs: pip install 'pulpo-base[api,project,local]'",
    )
    raised.__cause__ = error
    return raised


def _give_up_stdout() -> None:
    # What is still buffered cannot be written; the interpreter must not try again at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(error: Exception) -> ProjectError:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    raised = ProjectError(
        f"this is a bug in Pulpo: {type(error).__name__}: {error} "
        f"({Path(frame.filename).name}:{frame.lineno})",
        hint="run it again with --debug before the command and report the traceback",
        exit_code=EXIT_BUG,
    )
    raised.__cause__ = error
    return raised
