"""The one place where commands end: exit codes, no tracebacks."""

from __future__ import annotations

import sys
from typing import NoReturn

from pulpo_cli.errors import BUG, INTERRUPTED, MISTAKE, UserError

__all__ = ["main", "run"]


def run(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code.

    0 is success, 1 a mistake that the user can mend, 2 "there are changes" of
    `compile --plan`, 70 a bug of ours, 130 Ctrl-C.
    """
    from pulpo_cli.output import fail
    from pulpo_cli.shortcuts import run_shortcut

    given = sys.argv[1:] if arguments is None else arguments
    try:
        answered = run_shortcut(given)
        if answered is not None:
            return answered
        # Typer comes with it, and with Typer most of what a start costs.
        from pulpo_cli.application import run_application

        return run_application(given)
    except UserError as error:
        fail(error.message, error.hint)
        return MISTAKE
    except KeyboardInterrupt:
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
