"""What happens to services, shown while it happens: live on a terminal, as lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pulpo_base.project.output import stderr_console
from pulpo_base.project.supervisor.startup import Tell

__all__ = ["service_progress"]


@contextmanager
def service_progress(*, quiet: bool = False) -> Iterator[Tell]:
    """Yield a function that shows what happens to which service.

    With `quiet`, for commands that are not about services, nothing stays on the terminal and
    nothing is written elsewhere.
    """
    out = stderr_console()
    if not out.is_terminal:
        yield _ignore if quiet else _line
        return
    from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(finished_text="•"), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=out, transient=quiet) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(service: str, what: str, *, done: bool = False) -> None:
            text = f"{service}: {what}"
            if service not in tasks:
                tasks[service] = progress.add_task(text, total=1)
            progress.update(tasks[service], description=text, completed=int(done))

        yield tell


def _line(service: str, what: str, *, done: bool = False) -> None:  # noqa: ARG001 - live only
    stderr_console().print(f"{service}: {what}", markup=False)


def _ignore(service: str, what: str, *, done: bool = False) -> None:
    """Show nothing."""
