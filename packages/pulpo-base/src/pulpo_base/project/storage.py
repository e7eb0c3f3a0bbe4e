"""The project's database for commands that read and write it as a whole, without its models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pulpo_base.project.database import masked
from pulpo_base.project.definition import Project
from pulpo_base.project.errors import ProjectError
from pulpo_base.project.progress import service_progress
from pulpo_base.project.supervisor.lease import database_for_now

if TYPE_CHECKING:
    from pymongo.database import Database

__all__ = ["open_database"]

_SERVER_SELECTION_MS = 5_000


@contextmanager
def open_database(project: Project) -> Iterator[Database[dict[str, Any]]]:
    """Yield the database: the configured one, the running one, or one started for this block.

    What the server refuses within the block becomes a `ProjectError`.
    """
    from bson.errors import BSONError
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    settings = project.load_settings()
    with (
        service_progress(quiet=True) as tell,
        database_for_now(project, settings, tell=tell) as url,
    ):
        try:
            with MongoClient[dict[str, Any]](
                url, serverSelectionTimeoutMS=_SERVER_SELECTION_MS
            ) as client:
                yield client[settings.mongodb_database]
        except (PyMongoError, BSONError) as error:
            first = next(iter(str(error).splitlines()), "")
            raise ProjectError(
                f"the database at {masked(url)} did not do it: {first:.200}",
                hint="see `./main db status`",
            ) from error
