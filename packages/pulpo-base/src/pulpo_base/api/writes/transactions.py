"""How writes are done: in a transaction of the database, or as a rehearsal without effect."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from beanie.odm.actions import ActionDirections
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

__all__ = ["Database", "How", "rehearsed", "together"]

T = TypeVar("T")
Database = AsyncDatabase[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class How:
    """How a write is done: in which session, and whether it is a rehearsal.

    A rehearsal runs no event handlers: what they do cannot be taken back. `dry` also leaves the
    database alone, where there are no transactions.
    """

    session: AsyncClientSession | None = None
    rehearsal: bool = False
    dry: bool = False

    @property
    def skip_actions(self) -> list[ActionDirections | str]:
        """The event handlers that do not run, as Beanie takes them."""
        return [ActionDirections.BEFORE, ActionDirections.AFTER] if self.rehearsal else []


async def together(database: Database, act: Callable[[How], Awaitable[T]]) -> T:
    """Do several writes all or nothing, where the server has transactions; `act` may run again."""
    if not await _has_transactions(database):
        return await act(How())

    async def work(session: AsyncClientSession) -> T:
        return await act(How(session))

    async with database.client.start_session() as session:
        return await session.with_transaction(work)


async def rehearsed(database: Database, act: Callable[[How], Awaitable[T]]) -> T:
    """Return what writes would come to, with nothing of them left behind.

    Raises what they would. Without transactions, keys that are taken are not noticed.
    """
    if not await _has_transactions(database):
        return await act(How(rehearsal=True, dry=True))

    async def work(session: AsyncClientSession) -> None:
        raise _TakenBackError(await act(How(session, rehearsal=True)))

    try:
        async with database.client.start_session() as session:
            await session.with_transaction(work)
    except _TakenBackError as error:
        result: T = error.result
        return result
    raise AssertionError("a rehearsal always ends by being taken back")


async def _has_transactions(database: Database) -> bool:
    """Return whether the server is part of a replica set or a cluster."""
    servers = database.client.topology_description.server_descriptions().values()
    if not any(server.is_server_type_known for server in servers):
        await database.command("ping")
        servers = database.client.topology_description.server_descriptions().values()
    return not any(server.server_type_name == "Standalone" for server in servers)


class _TakenBackError(Exception):
    """Ends a transaction that was only tried."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result
