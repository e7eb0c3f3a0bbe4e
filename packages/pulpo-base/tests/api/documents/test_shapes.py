"""Documents of unusual shape: quoted links, free fields, inheritance, races with other writers."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal, Optional

import pytest
from beanie import Document, Link, PydanticObjectId, Save, before_event
from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_serializer
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api import ListQuery, Resource
from pulpo_base.api.shapes.annotations import may_hold_link, rewrite, without_none
from pulpo_base.api.shapes.output import present, readable
from pulpo_base.database import connected


class Shelf(Document):
    label: str
    keeper: Optional[Link["Keeper"]] = None  # noqa: UP045  # the spelling of older code
    rows: Optional[list[Link["Keeper"]]] = None  # noqa: UP045


class Keeper(Document):
    name: str


class Note(BaseModel):
    text: str
    about: Link[Keeper] | None = None


class Words(RootModel[list[str]]):
    pass


class Free(Document):
    model_config = ConfigDict(extra="allow")

    kind: Literal["a", "b"] = "a"
    note: Note | None = None
    words: Words = Words([])
    facts: dict[str, Any] = {}  # noqa: RUF012

    @field_serializer("kind")
    def loud(self, value: str) -> str:
        return value.upper()

    class Settings:
        keep_nulls = False


class Vehicle(Document):
    wheels: int = 4

    class Settings:
        is_root = True


class Truck(Vehicle):
    load: float = 0


class Fleeting(Document):
    name: str

    @before_event(Save)
    async def vanish(self) -> None:
        await self.get_pymongo_collection().delete_one({"_id": self.id})


DOCUMENTS: list[type[Document]] = [Shelf, Keeper, Free, Vehicle, Truck, Fleeting]


@pytest.fixture
async def database(mongodb_url: str, database_name: str) -> AsyncIterator[Any]:
    async with connected(mongodb_url, database_name, DOCUMENTS) as found:
        yield found


def shown(value: BaseModel | Response) -> dict[str, Any]:
    if isinstance(value, Response):
        found: dict[str, Any] = json.loads(bytes(value.body))
        return found
    return value.model_dump(mode="json", by_alias=True)


def request(**headers: str) -> Request:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request(
        {"type": "http", "path": "/", "query_string": b"", "headers": pairs, "method": "GET"}
    )


async def make(resource: Resource[Any], body: dict[str, Any]) -> dict[str, Any]:
    return shown(await resource.create(await resource.new(body), request()))


@pytest.mark.usefixtures("database")
async def test_links_in_quotes() -> None:
    keepers, shelves = Resource(Keeper), Resource(Shelf)
    eve = await make(keepers, {"name": "Eve"})
    shelf = await make(shelves, {"label": "A", "keeper": eve["id"], "rows": [eve["id"]]})
    assert shelf == {
        "id": shelf["id"],
        "label": "A",
        "keeper": eve["id"],
        "rows": [eve["id"]],
    }
    assert shown(await shelves.get(shelf["id"], request())) == shelf
    patched = await shelves.patch(shelf["id"], await shelves.changes({"keeper": None}), request())
    assert shown(patched) == shelf | {"keeper": None}


@pytest.mark.usefixtures("database")
async def test_a_fetched_link_is_shown_as_its_id() -> None:
    eve = await Keeper(name="Eve").insert()
    await Shelf(label="A", keeper=eve, rows=[eve]).insert()
    (shelf,) = await Shelf.find_all(fetch_links=True).to_list()
    assert isinstance(shelf.keeper, Keeper)
    result = shown(present(shelf))
    assert (result["keeper"], result["rows"]) == (str(eve.id), [str(eve.id)])


def test_a_link_to_nothing_known() -> None:
    class Lost(Document):
        away: Link["Nowhere"]  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(TypeError, match=r"Lost: an annotation says 'Nowhere', but no imported"):
        Resource(Lost)


def test_a_name_that_two_documents_have() -> None:
    def make_one() -> type[Document]:
        class Twin(Document):
            pass

        return Twin

    class Parent(Document):
        child: Link["Twin"]  # type: ignore[name-defined]  # noqa: F821

    twins = [make_one(), make_one()]
    with pytest.raises(TypeError, match="'Twin', but 2 documents have that name"):
        Resource(Parent)
    assert len(twins) == 2


def late() -> type[Document]:
    class Late(Document):
        name: str

    return Late


async def test_a_document_that_is_imported_for_type_checkers_only(
    mongodb_url: str, database_name: str
) -> None:
    class Early(Document):
        other: Link["Late"]  # type: ignore[name-defined]  # noqa: F821

    target = late()
    async with connected(mongodb_url, database_name, [Early, target]):
        other = await make(Resource(target), {"name": "x"})
        early = await make(Resource(Early), {"other": other["id"]})
        assert early["other"] == other["id"]


@pytest.mark.usefixtures("database")
async def test_a_document_that_is_open_keeps_what_it_gets() -> None:
    free = Resource(Free)
    eve = await Keeper(name="Eve").insert()
    body = {"kind": "b", "note": {"text": "t", "about": str(eve.id)}, "words": ["x"], "more": [1]}
    made = await make(free, body)
    assert made == {
        "id": made["id"],
        "kind": "B",
        "note": {"text": "t", "about": str(eve.id)},
        "words": ["x"],
        "facts": {},
        "more": [1],
    }
    assert shown(await free.get(made["id"], request())) == made
    changes = await free.changes({"note": None, "more": 2})
    changed = shown(await free.patch(made["id"], changes, request()))
    assert changed == made | {"note": None, "more": 2}
    stored = await Free.get_pymongo_collection().find_one({})
    assert stored is not None
    assert "note" not in stored


@pytest.mark.usefixtures("database")
async def test_a_name_that_cannot_be_stored() -> None:
    with pytest.raises(RequestValidationError) as caught:
        await make(Resource(Free), {"facts": {"a\0b": 1}})
    assert caught.value.errors()[0]["loc"] == ("body", "facts")


@pytest.mark.usefixtures("database")
async def test_each_class_of_a_shared_collection_has_its_own() -> None:
    vehicles, trucks = Resource(Vehicle), Resource(Truck)
    await make(vehicles, {"wheels": 3})
    truck = await make(trucks, {"wheels": 6, "load": 7.5})
    page = shown(await trucks.list(ListQuery()))
    assert (page["total"], page["items"]) == (1, [truck])
    replaced = shown(await trucks.replace(truck["id"], {"load": 1}, request()))
    assert replaced == truck | {"wheels": 4, "load": 1.0}
    with pytest.raises(HTTPException) as caught:
        await vehicles.get(truck["id"], request())
    assert caught.value.status_code == 404


@pytest.mark.usefixtures("database")
async def test_a_patch_of_what_is_deleted_meanwhile_finds_nothing() -> None:
    fleeting = Resource(Fleeting)
    made = await make(fleeting, {"name": "x"})
    with pytest.raises(HTTPException) as caught:
        await fleeting.patch(made["id"], {"name": "y"}, request())
    assert caught.value.status_code == 404
    assert await Fleeting.count() == 0


@pytest.mark.usefixtures("database")
async def test_writers_at_the_same_time_get_one_document_each() -> None:
    keepers = Resource(Keeper)
    await asyncio.gather(*(make(keepers, {"name": str(n)}) for n in range(20)))
    page = shown(await keepers.list(ListQuery(page_size=50)))
    assert sorted(int(item["name"]) for item in page["items"]) == list(range(20))


def test_types_are_rewritten_inside_containers() -> None:
    for annotation in (int, list[int], dict[str, int | None], Literal["a"], Words, None):
        assert readable(annotation) is annotation
    shape: Any = readable(Keeper)
    assert readable(dict[str, list[Keeper] | None]) == dict[str, list[shape] | None]
    assert readable(tuple[Keeper, ...]) == tuple[shape, ...]
    assert readable(Note).model_fields["about"].annotation == PydanticObjectId | None
    assert rewrite(int | str, lambda part: float if part is int else part) == float | str
    assert without_none(Optional[Literal["a"]]) == Literal["a"]  # noqa: UP045


@pytest.mark.parametrize(
    ("annotation", "may"),
    [
        (str, False),
        (int | None, False),
        (list[Annotated[str, Field(min_length=1)]], False),
        (dict[str, dt.datetime], False),
        (Literal["Link"], False),
        (PydanticObjectId, False),
        (Any, True),
        (object, True),
        (dict, True),
        (Link[Document] | None, True),
        (list[Link["Shelf"]], True),
        (dict[str, BaseModel], True),
        ("Unknown", True),
    ],
)
def test_what_may_hold_a_link(annotation: Any, may: bool) -> None:
    assert may_hold_link(annotation) is may
