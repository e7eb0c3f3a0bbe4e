"""The database of a running project: a local MongoDB server, and Beanie connected to one.

`mongod` needs nothing but PyMongo, `connection` needs Beanie (the `api` extra). Importing this
package imports neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulpo_base.database.mongod import LocalMongod, MongodError, MongodNotFoundError, find_mongod

if TYPE_CHECKING:
    from pulpo_base.database.connection import connected

__all__ = ["LocalMongod", "MongodError", "MongodNotFoundError", "connected", "find_mongod"]


def __getattr__(name: str) -> Any:
    # `connected` stands on Beanie, which a command that only starts a server must not pay for.
    if name == "connected":
        from pulpo_base.database.connection import connected

        return connected
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
