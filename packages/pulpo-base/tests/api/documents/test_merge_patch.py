"""JSON merge patch (RFC 7396): nested objects merge, `null` removes, the rest replaces."""

from typing import Any

import httpx
import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, Field

from pulpo_base.api.documents.merge_patch import merged

ADA: dict[str, Any] = {
    "name": "Ada",
    "email": "ada@example.org",
    "address": {"street": "Main 1", "city": "Rome", "zip": "00100"},
    "nickName": "a",
    "age": 36,
    "tags": ["x"],
    "is_active": False,
}


@pytest.fixture
async def place(client: httpx.AsyncClient) -> str:
    path: str = (await client.post("/api/customers", json=ADA)).headers["location"]
    return path


@pytest.mark.parametrize(
    ("patch", "wanted"),
    [
        ({"address": {"city": "Oslo"}}, {"address": ADA["address"] | {"city": "Oslo"}}),
        ({"address": {"zip": None}}, {"address": ADA["address"] | {"zip": ""}}),
        ({"address": None}, {"address": None}),
        ({"nickName": None, "age": None}, {"nickName": None, "age": None}),
        ({"tags": None}, {"tags": []}),
        ({"tags": ["y", "z"]}, {"tags": ["y", "z"]}),
        ({"is_active": None}, {"is_active": True}),
        ({}, {}),
    ],
)
@pytest.mark.parametrize("media", ["application/merge-patch+json", "application/json"])
async def test_what_a_patch_makes(
    client: httpx.AsyncClient,
    place: str,
    patch: dict[str, Any],
    wanted: dict[str, Any],
    media: str,
) -> None:
    answer = await client.patch(place, json=patch, headers={"content-type": media})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert {name: found[name] for name in ADA} == ADA | wanted
    assert (await client.get(place)).json() == found


@pytest.mark.parametrize(
    ("patch", "loc"),
    [
        ({"name": None}, ["body", "name"]),
        ({"address": {"city": None}}, ["body", "address", "city"]),
        ({"address": {"city": "R"}}, ["body", "address", "city"]),
        ({"address": 5}, ["body", "address"]),
    ],
)
async def test_what_would_not_be_valid_is_refused(
    client: httpx.AsyncClient, place: str, patch: dict[str, Any], loc: list[str]
) -> None:
    answer = await client.patch(place, json=patch)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == loc


async def test_an_object_where_there_was_none(client: httpx.AsyncClient) -> None:
    body = {key: value for key, value in ADA.items() if key != "address"}
    place = (await client.post("/api/customers", json=body)).headers["location"]
    answer = await client.patch(place, json={"address": {"city": "Rome", "street": None}})
    assert answer.json()["address"] == {"city": "Rome", "street": "", "zip": ""}


async def test_lists_of_links_can_be_taken_out(client: httpx.AsyncClient, place: str) -> None:
    pen = (await client.post("/api/products", json={"title": "Pen"})).json()["id"]
    order = {"number": 1, "customer": place.rpartition("/")[2], "products": [pen]}
    path = (await client.post("/api/orders", json=order)).headers["location"]
    answer = await client.patch(path, json={"products": None, "gift_from": None})
    assert (answer.json()["products"], answer.json()["gift_from"]) == ([], None)
    answer = await client.patch(path, json={"customer": None})
    assert answer.json()["detail"][0]["loc"] == ["body", "customer"]


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        # RFC 7396, appendix A, as far as objects are patched.
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_examples_of_the_standard(target: Any, patch: Any, result: Any) -> None:
    assert merged(target, patch) == result


def test_models_with_aliases_of_their_own() -> None:
    class Choices(BaseModel):
        first: int = Field(default=1, validation_alias=AliasChoices("one", "erste"))
        second: int | None = Field(default=2, alias="two")

    class Paths(BaseModel):
        first: int = Field(default=1, validation_alias=AliasPath("deep", "one"))

    values = merged(Choices(one=5, two=6), {"erste": 7, "two": None})
    assert Choices.model_validate(values) == Choices(one=7, two=None)
    assert merged(Choices(one=5), {"one": None, "unknown": 1}) == {"two": 2, "unknown": 1}
    # Its values have no place of their own in an input: such an object is replaced whole.
    assert merged(Paths(), {"deep": {"one": 4}}) == {"deep": {"one": 4}}
