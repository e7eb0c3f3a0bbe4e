"""Pages by cursor over values that MongoDB does not compare with each other: nothing is lost."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from beanie import Document
from bson import ObjectId
from starlette.responses import Response

from pulpo_base import DataModelBase
from pulpo_base.api import Resource
from pulpo_base.api.shapes.fields import query_fields
from pulpo_base.database import connected


class Mixed(Document, DataModelBase):
    value: int | str | bool | None = None
    size: float | None = None
    both: int | float = 0

    sortable_fields: ClassVar[list[str]] = ["value", "size"]


def test_which_fields_are_mixed() -> None:
    mixed = {key for key, item in query_fields(Mixed).items() if item.is_mixed}
    assert mixed == {"value"}


VALUES = [None, -1, 5, 5, 10**12, "", "a", "b", False, True, None]
SIZES = [None, math.nan, math.nan, -math.inf, -1.5, 0.0, 0.0, 3.0, math.inf, None]


@pytest.mark.parametrize(("field", "values"), [("value", VALUES), ("size", SIZES)])
@pytest.mark.parametrize("way", ["", "-"])
async def test_every_document_comes_once(
    mongodb_url: str, database_name: str, field: str, values: Sequence[Any], way: str
) -> None:
    async with connected(mongodb_url, database_name, [Mixed]) as database:
        rows = [{"_id": ObjectId(), field: value} for value in values]
        await Mixed.get_pymongo_collection().insert_many([*rows, {"_id": ObjectId()}])
        mixed = Resource(Mixed)
        order = mixed._reader.understood({"sort": [f"{way}{field}"]}).sort
        cursor = database[Mixed.get_collection_name()].find({}, sort=[*order])
        wanted = [str(row["_id"]) async for row in cursor]
        for size in (1, 2, 3):
            assert await _pages(mixed, f"{way}{field}", size) == wanted


async def _pages(resource: Resource[Mixed], sort: str, size: int) -> list[str]:
    found: list[str] = []
    given = {"sort": [sort], "page_size": [str(size)], "fields": ["id"]}
    while True:
        answer: Response = await resource.list(resource._reader.understood(given))
        page = json.loads(bytes(answer.body))
        found += [item["id"] for item in page["items"]]
        if page["next"] is None or len(found) > 100:
            return found
        given["after"] = [page["next"]]
