"""Run the user's operations and flows in this process, connected to the project's database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

from pulpo_base.project.database import masked
from pulpo_base.project.definition import Project, place_in_project
from pulpo_base.project.errors import EXIT_USER, ProjectError
from pulpo_base.project.progress import service_progress
from pulpo_base.project.supervisor.lease import database_for_now

if TYPE_CHECKING:
    from pulpo_base.runs.records import Database

__all__ = ["failure", "plain", "run_connected"]

T = TypeVar("T")


def run_connected(project: Project, call: Callable[[Database | None], Awaitable[T]]) -> T:
    """Return what `call(database)` returns, awaited in a loop where Beanie is connected.

    The database is the configured one, the running one or one started for this call; there is
    none for a project without documents. Raises
    `ProjectError` where there is none to be had, and whatever the call raises.
    """
    documents = project.load_documents()
    if not documents:
        return asyncio.run(_awaited(call))
    settings = project.load_settings()
    with ExitStack() as stack:
        # The live display ends before the operation begins: that may write to the terminal.
        with service_progress(quiet=True) as tell:
            url = stack.enter_context(database_for_now(project, settings, tell=tell))
        return asyncio.run(_connected(url, settings.mongodb_database, documents, call))


async def _awaited(call: Callable[[Database | None], Awaitable[T]]) -> T:
    return await call(None)


async def _connected(
    url: str,
    name: str,
    documents: tuple[Any, ...],
    call: Callable[[Database | None], Awaitable[T]],
) -> T:
    from pymongo.errors import PyMongoError

    from pulpo_base.database import connected

    async with AsyncExitStack() as stack:
        try:
            database = await stack.enter_async_context(connected(url, name, documents))
        except PyMongoError as error:
            first = next(iter(str(error).splitlines()), "")
            raise ProjectError(
                f"the database at {masked(url)} cannot be used: {first:.200}",
                hint="see `./main db status`",
            ) from error
        return await call(database)


def failure(
    project: Project,
    what: str,
    error: BaseException,
    cause: BaseException,
    *,
    details: Sequence[str] = (),
) -> ProjectError:
    """Return the error to show where the user's code raised `cause`.

    `error` is what was caught (`cause` itself, or an error around it); its text is not shown.
    `details` are further lines.
    """
    exit_code = project.load_exit_code()
    place = place_in_project(cause, project.root)
    first, *rest = str(cause).strip().splitlines() or [""]
    text = f"{type(cause).__name__}: {first}" if first else type(cause).__name__
    raised = ProjectError(
        f"{what} failed: {text}" + (f" ({place})" if place else ""),
        details=[*rest, *details],
        # An exception of pulpo_utils says what to do next; any other has its traceback.
        hint=getattr(cause, "hint", None)
        or "add --debug before the command to see the whole traceback",
        exit_code=exit_code(cause) if exit_code else EXIT_USER,
    )
    raised.__cause__ = error
    return raised


def plain(value: Any) -> Any:
    """Return `value` (models, documents, containers of them) as JSON-like values."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value, by_alias=False, fallback=str)
