"""`keys`: who may use the API, with `auth: api_key`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pulpo_base.command_groups import command_group
from pulpo_base.project.commands.options import AsJson, project_of

if TYPE_CHECKING:
    from pulpo_base.database.api_keys import ApiKey, ApiKeys

__all__ = ["register"]

T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = command_group(help="The keys that clients of the API have.", no_args_is_help=True)
    group.command("create")(create)
    group.command("list")(list_keys)
    group.command("revoke")(revoke)
    app.add_typer(group, name="keys", rich_help_panel="Application")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what will use it.")],
    permission: Annotated[
        list[str] | None,
        typer.Option("--permission", "-p", help="What it may do: orders:cancel, orders:* or *."),
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0, max=36500, help="After how many days it ends.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once."""
    from pulpo_base.project.output import note, write_json, write_line

    ends = None if days is None else dt.datetime.now(dt.UTC) + dt.timedelta(days=days)

    async def make(keys: ApiKeys) -> tuple[ApiKey, str]:
        return await keys.create(name, permission or (), expires_at=ends)

    key, text = _with_keys(context, make)
    if as_json:
        write_json({"key": text, **_plain(key)})
        return
    note(f"Key {key.id} for {key.name}. It is shown this once: only its hash is stored.")
    if not key.permissions:
        note("It has no permissions, and may use what needs none.")
    if (auth := project_of(context).load_settings().auth) != "api_key":
        note(f"The API asks for keys once `api.auth` is api_key; now it is {auth}.")
    write_line(text)


def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """List the keys, without their secrets."""
    from pulpo_base.project.output import note, table, write_json

    async def read(keys: ApiKeys) -> list[ApiKey]:
        return await keys.all()

    found = [_plain(key) for key in _with_keys(context, read)]
    if as_json:
        write_json(found)
    elif not found:
        note("There are no keys; `./main keys create NAME` makes one.")
    else:
        columns = ("id", "name", "state", "permissions", "expires_at", "last_used_at")
        table(
            [column.removesuffix("_at").replace("_", " ") for column in columns],
            [[_cell(key[column]) for column in columns] for key in found],
        )


def revoke(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `list` shows it.")],
) -> None:
    """Make a key useless from now on."""
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.output import note

    async def end(keys: ApiKeys) -> bool:
        return await keys.revoke(key)

    if not _with_keys(context, end):
        raise ProjectError(f"there is no key with the id {key}", hint="see `./main keys list`")
    note(f"The key {key} is revoked.")


def _with_keys(context: typer.Context, act: Callable[[ApiKeys], Awaitable[T]]) -> T:
    """Do something with the keys in the project's database."""
    import asyncio

    from pymongo import AsyncMongoClient

    from pulpo_base.database.api_keys import ApiKeys
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.supervisor.lease import database_for_now

    project = project_of(context)
    settings = project.load_settings()

    async def run(url: str) -> T:
        # In the polling mode no monitor is left waiting when the client is closed.
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
            url, tz_aware=True, serverSelectionTimeoutMS=5_000, serverMonitoringMode="poll"
        )
        async with client:
            return await act(ApiKeys(client[settings.mongodb_database]))

    with service_progress() as tell, database_for_now(project, settings, tell=tell) as url:
        return asyncio.run(run(url))


def _plain(key: ApiKey) -> dict[str, object]:
    """Return what may be shown of a key, as JSON values."""
    return {
        "id": key.id,
        "name": key.name,
        "state": key.state(dt.datetime.now(dt.UTC)),
        "permissions": list(key.permissions),
        "created_at": _time(key.created_at),
        "expires_at": _time(key.expires_at),
        "last_used_at": _time(key.last_used_at),
        "revoked_at": _time(key.revoked_at),
    }


def _time(value: dt.datetime | None) -> str | None:
    return None if value is None else value.astimezone(dt.UTC).isoformat(timespec="seconds")


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    # Of a time, what fits into a line.
    return str(value or "").removesuffix("+00:00").replace("T", " ")
