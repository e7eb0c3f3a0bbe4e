"""Beanie, connected for the running event loop: by the first who asks, until the last is done.

Beanie keeps the database in the document classes themselves, and PyMongo binds a client to one
event loop. So there is one client per loop; where a second loop connects while the first is
still open (a flow step in a thread), the documents belong to the second until it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from beanie import Document, init_beanie
from beanie.odm.settings.document import DocumentSettings
from pymongo import AsyncMongoClient, monitoring, timeout
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from pulpo_base.database.completion import complete
from pulpo_base.database.indexes import create_indexes

__all__ = ["connected"]

_SERVER_SELECTION_MS = 5_000
_CONNECTIONS = 100

Database = AsyncDatabase[dict[str, Any]]
EventListener = (
    monitoring.CommandListener
    | monitoring.ConnectionPoolListener
    | monitoring.ServerHeartbeatListener
    | monitoring.ServerListener
    | monitoring.TopologyListener
)


@dataclass(eq=False)
class _Connection:
    """The client of one event loop and the documents that it serves."""

    url: str
    name: str
    timeout_ms: int | None = None
    event_listeners: Sequence[EventListener] = ()
    users: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    client: AsyncMongoClient[dict[str, Any]] | None = None
    settings: dict[type[Document], tuple[DocumentSettings | None, DocumentSettings | None]] = field(
        default_factory=dict
    )
    """Each class with the settings that Beanie gave it for this client, and those before."""

    @property
    def database(self) -> Database:
        if self.client is None:
            self.client = AsyncMongoClient(
                self.url,
                # As long as an operation may take: an election is waited for, and often lasts ten
                # seconds.
                serverSelectionTimeoutMS=max(_SERVER_SELECTION_MS, self.timeout_ms or 0),
                # For each operation as a whole; it becomes the server's maxTimeMS too.
                timeoutMS=self.timeout_ms,
                # A client may live for one short flow. The extra monitor of the streaming mode
                # would leave a socket open where it connects while the client is closed.
                serverMonitoringMode="poll",
                connectTimeoutMS=_SERVER_SELECTION_MS,
                maxPoolSize=_CONNECTIONS,
                # Nobody has to wait for two others that connect. Before Python 3.12, PyMongo's
                # wait with a time limit keeps the pool's lock while it is suspended: from then on
                # every operation queues for the lock for as long as the load lasts, and each
                # costs half as much again.
                maxConnecting=_CONNECTIONS,
                event_listeners=self.event_listeners,
                uuidRepresentation="standard",
                tz_aware=True,
            )
        return self.client[self.name]

    async def serve(self, documents: Sequence[type[Document]]) -> None:
        """Point those of the documents at this database that are not yet."""
        async with self.lock:
            missing = [cls for cls in documents if not self._serves(cls)]
            if not missing:
                return
            classes = _with_bases(missing)
            for cls in classes:
                complete(cls)
            before = {cls: _own_settings(cls) for cls in classes}
            # Beanie builds indexes, too. A build takes as long as the collection is large: cut off
            # at the time of a request, it would begin anew at each start. 0 is without end; None
            # would be the client's time.
            with timeout(0):
                try:
                    await init_beanie(database=self.database, document_models=missing)
                    for cls in missing:
                        await create_indexes(cls)
                except PyMongoError as error:
                    names = ", ".join(cls.__qualname__ for cls in missing)
                    error.add_note(
                        f"while the indexes of {names} were created; once the cause is gone, "
                        "`./main db init` creates them"
                    )
                    raise
                finally:
                    for cls in classes:
                        self.settings[cls] = (_own_settings(cls), before[cls])

    def _serves(self, cls: type[Document]) -> bool:
        own, _ = self.settings.get(cls, (None, None))
        return own is not None and own is _own_settings(cls)

    async def close(self) -> None:
        """Give the documents back to whom they belonged before and close the client."""
        for cls, (own, before) in self.settings.items():
            if _own_settings(cls) is own:
                cls._document_settings = before if _is_open(before) else None
        if self.client is not None:
            await self.client.close()


#: Entries live from the first `connected` of a loop to the end of the last.
_connections: dict[asyncio.AbstractEventLoop, _Connection] = {}


@asynccontextmanager
async def connected(
    url: str,
    database: str,
    documents: Sequence[type[Document]],
    *,
    timeout_ms: int | None = None,
    event_listeners: Sequence[EventListener] = (),
) -> AsyncIterator[Database]:
    """Connect Beanie to `database` at `url` for the running event loop, and yield the database.

    Nested and concurrent uses on one loop share a client, which the last of them closes.
    Documents that the host application itself initialised on this loop are left alone. The
    indexes that `@datamodel(indexes=…)` and `DataModelBase.indexes()` declare are created.
    Times come back aware of their zone (UTC), UUIDs in the standard representation. An operation
    on the database may take `timeout_ms`, by default any time (as the build of an index always
    may), and PyMongo tells `event_listeners` (`pymongo.monitoring`) of each; the first on a loop
    says so.

    Raises `RuntimeError` where this loop is connected to another database, or an index
    contradicts an existing one, `TypeError` where an annotation of a document names what is
    not imported, and PyMongo's errors where no server answers within 5 seconds (or
    `timeout_ms`, where that is longer).
    """
    loop = asyncio.get_running_loop()
    host = _host_database(documents, loop)
    if host is not None:
        yield host
        return
    connection = _connections.setdefault(
        loop, _Connection(url, database, timeout_ms, event_listeners)
    )
    if (connection.url, connection.name) != (url, database):
        raise RuntimeError(
            f"this event loop is connected to the database {connection.name!r}; leave that "
            f"`connected` block before connecting to {database!r} or to another server"
        )
    connection.users += 1
    try:
        await connection.serve(documents)
        yield connection.database
    finally:
        connection.users -= 1
        if connection.users == 0:
            # Whoever connects from here on, even while this client closes, gets a new one.
            del _connections[loop]
            await connection.close()


def _host_database(
    documents: Iterable[type[Document]], loop: asyncio.AbstractEventLoop
) -> Database | None:
    """Return the database that all documents have on this loop by another's doing."""
    if loop in _connections:
        return None
    found: Database | None = None
    for cls in documents:
        settings = _own_settings(cls)
        if settings is None or not _is_open(settings) or settings.pymongo_db is None:
            return None
        if settings.pymongo_db.client._loop is not loop:
            return None
        found = settings.pymongo_db
    return found


def _own_settings(cls: type[Document]) -> DocumentSettings | None:
    found: DocumentSettings | None = vars(cls).get("_document_settings")
    return found


def _is_open(settings: DocumentSettings | None) -> bool:
    # PyMongo has no public question for this; asking the server would cost a round trip.
    return (
        settings is not None
        and settings.pymongo_db is not None
        and not settings.pymongo_db.client._closed
    )


def _with_bases(documents: Iterable[type[Document]]) -> list[type[Document]]:
    """Return the documents and the documents that they inherit from: Beanie touches both."""
    return list(
        dict.fromkeys(
            base
            for cls in documents
            for base in cls.__mro__
            if issubclass(base, Document) and base is not Document
        )
    )
