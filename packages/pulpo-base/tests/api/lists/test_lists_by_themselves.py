"""Lists of a `Resource` by itself: which fields may be asked for, and how far links lead."""

import asyncio
import json
from typing import Annotated, Any, ClassVar

import pytest
from beanie import Document, Indexed, Link
from fastapi import HTTPException
from pymongo import HASHED, IndexModel
from starlette.requests import Request

from pulpo_base import DataModelBase, datamodel
from pulpo_base.api import Resource
from pulpo_base.database import connected


class Node(Document):
    name: str
    parent: Link["Node"] | None = None


@datamodel(indexes=[{"fields": ["owner", "place"]}])
class Bin(Document, DataModelBase):
    code: Indexed(str, unique=True)  # type: ignore[valid-type]
    shelf: Annotated[str, Indexed()] = ""
    node: Link[Node] | None = None
    mark: str = ""
    hint: str = ""
    text: str = ""
    comment: str = ""
    owner: str = ""
    place: str = ""
    zone: str = ""
    weight: int = 0

    filterable_fields: ClassVar[list[str]] = ["weight"]
    sortable_fields: ClassVar[list[str]] = ["weight"]

    class Settings:
        indexes: ClassVar[list[Any]] = [
            IndexModel([("zone", -1), ("hint", 1)]),
            IndexModel([("mark", HASHED)]),
            IndexModel([("text", "text")]),
            IndexModel([("comment", 1)], partialFilterExpression={"weight": {"$gt": 5}}),
            "node.$id",
        ]


def request(query: str) -> Request:
    scope = {"type": "http", "path": "/", "headers": [], "query_string": query.encode()}
    return Request(scope)


async def test_links_in_a_row_are_bounded(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, [Node]):
        nodes = Resource(Node)
        parent = None
        for number in range(5):
            body = {"name": str(number)} | ({"parent": parent} if parent else {})
            made = await nodes.create(await nodes.new(body), request(""))
            parent = json.loads(bytes(made.body))["id"]
        answer = await nodes.get(parent, request("expand=parent.parent.parent&fields=name,parent"))
        node, names = json.loads(bytes(answer.body)), ""
        while isinstance(node, dict):
            names += node["name"]
            node = node["parent"]
        assert names == "4321"
        with pytest.raises(Exception, match="at most 3 links in a row"):
            await nodes.get(parent, request("expand=parent.parent.parent.parent"))


async def test_filters_of_a_document_that_names_its_fields(
    mongodb_url: str, database_name: str
) -> None:
    async with connected(mongodb_url, database_name, [Bin]):
        bins = Resource(Bin)
        await asyncio.gather(
            *(Bin(code=str(number), weight=number, place="x").insert() for number in range(3))
        )
        for query in (
            "weight__gt=1",
            "code=2",
            "owner=&weight=2",
            "zone=&code=2",
            "id__ne=" + "0" * 24,
            "shelf=&sort=-shelf,zone,code,owner,id",
            "mark=",
            "node=" + "0" * 24,
        ):
            assert (await bins.list(await bins.query(request(query)))).status_code == 200
        for query in (
            *("place=x", "hint=x", "text=x", "comment=x"),
            *('filter={"or":[{"place":"x"}]}', 'filter={"not":{"hint__contains":"x"}}'),
            *("sort=place", "sort=code,mark", "sort=comment"),
        ):
            with pytest.raises(HTTPException) as caught:
                await bins.query(request(query))
            assert caught.value.status_code == 400
            detail: Any = caught.value.detail
            assert detail["code"] == "field_not_allowed"
            assert "; use weight, id, code, shelf, " in detail["detail"]
            assert "able_fields" in detail["detail"]
        names = {item["name"] for item in bins.routes.list["openapi_extra"]["parameters"]}
        assert {"weight__gt", "code", "owner", "zone", "id", "node"} <= names
        assert not {"place", "hint", "text", "comment"} & names
        described = next(
            p for p in bins.routes.list["openapi_extra"]["parameters"] if p["name"] == "sort"
        )
        assert described["description"].endswith(": weight, id, code, shelf, node, owner, zone")
