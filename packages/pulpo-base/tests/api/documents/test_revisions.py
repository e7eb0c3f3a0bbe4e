"""Entity tags and preconditions: who changes a document means a certain revision of it."""

import asyncio
from typing import Any

import httpx
import pytest
from beanie import Document, DocumentWithSoftDelete, Update, before_event
from fastapi import HTTPException
from pydantic import BaseModel, Field, SecretStr
from starlette.datastructures import Headers
from starlette.requests import Request

from pulpo_base.api import Resource
from pulpo_base.api.http.preconditions import Preconditions
from pulpo_base.database import connected

ADA = {"name": "Ada", "email": "ada@example.org", "tags": ["x"]}
OTHER = '"AAAAAAAAAAAAAAAA"'


async def created(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> tuple[str, str]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"], answer.headers["etag"]


@pytest.mark.parametrize(
    ("path", "body", "change"),
    [
        ("/api/customers", ADA, {"name": "Ada L"}),
        ("/api/products", {"title": "Pen"}, {"title": "Pencil"}),
        ("/api/countries", {"id": "it"}, {"title": "Italia"}),
    ],
)
async def test_every_answer_has_the_tag_of_what_is_stored(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], change: dict[str, Any]
) -> None:
    place, tag = await created(client, path, body)
    assert (await client.get(place)).headers["etag"] == tag
    patched = await client.patch(place, json=change, headers={"If-Match": tag})
    assert patched.status_code == 200, patched.text
    second = patched.headers["etag"]
    assert second != tag
    assert (await client.get(place)).headers["etag"] == second
    full = {key: value for key, value in (body | change).items() if key != "id"}
    replaced = await client.put(place, json=full, headers={"If-Match": second})
    assert replaced.status_code == 200, replaced.text
    third = replaced.headers["etag"]
    assert (await client.get(place)).headers["etag"] == third
    for stale in (tag, OTHER):
        gone = await client.delete(place, headers={"If-Match": stale})
        assert (gone.status_code, gone.headers["etag"]) == (412, third)
    assert (await client.delete(place, headers={"If-Match": third})).status_code == 204


async def test_412_names_the_fields_that_would_change(client: httpx.AsyncClient) -> None:
    place, tag = await created(client, "/api/customers", ADA)
    current = (await client.patch(place, json={"age": 36})).headers["etag"]
    body = {"name": "Ada", "email": " ADA@example.org", "age": 40, "nickName": "a"}
    for method in ("PATCH", "PUT"):
        answer = await client.request(method, place, json=body, headers={"If-Match": tag})
        assert answer.status_code == 412
        assert answer.headers["etag"] == current
        detail = answer.json()["detail"]
        assert detail["code"] == "precondition_failed"
        assert [item["pointer"] for item in detail["errors"]] == ["#/age", "#/nickName"]
    # Values that are not valid any more with what is stored now are named as well.
    answer = await client.patch(place, json={"age": -1}, headers={"If-Match": tag})
    assert [item["pointer"] for item in answer.json()["detail"]["errors"]] == ["#/age"]
    assert (await client.get(place)).json()["age"] == 36


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{tag}", 200),
        ("*", 200),
        ('"a", {tag}', 200),
        (', {tag} ,"b,c",', 200),
        ("W/{tag}", 412),
        ('"a"', 412),
        ('""', 412),
        ("a", 400),
        ("", 400),
        (",", 400),
        ("{tag}{tag}", 400),
        ('w/"a"', 400),
        ('*, "a"', 400),
        ('"a', 400),
    ],
)
async def test_if_match(client: httpx.AsyncClient, header: str, status: int) -> None:
    place, tag = await created(client, "/api/products", {"title": "Pen"})
    headers = {"If-Match": header.format(tag=tag)}
    for method in ("GET", "PATCH"):
        answer = await client.request(method, place, json={"weight": 2}, headers=headers)
        assert answer.status_code == status, answer.text


async def test_if_match_on_what_is_not_there(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/api/countries/xx", json={}, headers={"If-Match": "*"})
    assert answer.status_code == 404


async def test_if_none_match(client: httpx.AsyncClient) -> None:
    place, tag = await created(client, "/api/products", {"title": "Pen"})
    for header in (tag, f"W/{tag}", "*", f'"a", {tag}'):
        answer = await client.get(place, headers={"If-None-Match": header})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        refused = await client.put(place, json={"title": "x"}, headers={"If-None-Match": header})
        assert refused.status_code == 412
    assert (await client.get(place, headers={"If-None-Match": OTHER})).status_code == 200
    assert "no-cache" in (await client.get(place)).headers["cache-control"]


def test_several_header_lines_are_one_list() -> None:
    headers = Headers(raw=[(b"if-match", b'"a"'), (b"if-match", b'W/"b", "c"')])
    found = Preconditions.of(headers).if_match
    assert found is not None
    assert (found.strong, found.weak) == (frozenset({'"a"', '"c"'}), frozenset({'"b"'}))


async def test_of_changes_at_once_to_one_revision_one_is_done(client: httpx.AsyncClient) -> None:
    place, tag = await created(client, "/api/customers", ADA)
    for turn in range(5):
        bodies = [{"nickName": f"{turn}-{number}"} for number in range(20)]
        answers = await asyncio.gather(
            *(client.patch(place, json=body, headers={"If-Match": tag}) for body in bodies)
        )
        assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
        (done,) = [answer for answer in answers if answer.status_code == 200]
        now = await client.get(place)
        assert (now.json(), now.headers["etag"]) == (done.json(), done.headers["etag"])
        tag = now.headers["etag"]
    assert now.json()["changes"] == 6


@pytest.mark.parametrize(
    ("path", "body"), [("/api/customers", ADA), ("/api/products", {"title": "Pen"})]
)
async def test_changes_without_a_precondition_all_succeed(
    client: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    place, _ = await created(client, path, body)
    counts = "changes" in (await client.get(place)).json()
    changes: list[dict[str, Any]] = (
        [{"address": {"city": "Rome"}}, {"name": "A"}, {"nickName": "b"}, {"tags": []}]
        if counts
        else [{"title": "Pencil"}, {"weight": 3}]
    )
    answers = await asyncio.gather(*(client.patch(place, json=item) for item in changes))
    assert [answer.status_code for answer in answers] == [200] * len(changes)
    now = (await client.get(place)).json()
    wanted = {key: value for change in changes for key, value in change.items()}
    assert now["address"]["city"] == "Rome" if counts else now["weight"] == 3
    wanted.pop("address", None)
    assert {key: now[key] for key in wanted} == wanted
    # Each of them was counted: no event handler's work was lost either.
    assert now.get("changes", 5) == 5


async def test_a_document_validator_holds_of_concurrent_changes(
    client: httpx.AsyncClient,
) -> None:
    ada, _ = await created(client, "/api/customers", ADA)
    body = {"number": 1, "customer": ada.rpartition("/")[2], "lines": [{"sku": "a", "quantity": 1}]}
    for _ in range(5):
        place, _ = await created(client, "/api/orders", body)
        # Each is fine by itself; a discount without lines is not.
        answers = await asyncio.gather(
            client.patch(place, json={"discount": "1"}), client.patch(place, json={"lines": []})
        )
        assert sorted(answer.status_code for answer in answers) == [200, 422]
        assert (await client.delete(place)).status_code == 204


class Inner(BaseModel):
    pin: str = Field(default="", exclude=True)
    note: str = ""


class Account(Document):
    name: str
    key: SecretStr = SecretStr("")
    inner: list[Inner] = Field(default_factory=list)
    touched: int = 0

    @before_event(Update)
    def touch(self) -> None:
        self.touched += 1


class Draft(DocumentWithSoftDelete):
    title: str


def request(tag: str = "") -> Request:
    headers = [(b"if-match", tag.encode())] if tag else []
    return Request({"type": "http", "path": "/", "headers": headers, "query_string": b""})


async def test_what_is_hidden_is_not_in_the_tag(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, [Account]) as database:
        accounts = Resource(Account)
        body = {"name": "a", "key": "secret", "inner": [{"pin": "1", "note": "n"}]}
        made = await accounts.create(await accounts.new(body), request())
        key = (await database["Account"].find_one({}))["_id"]  # type: ignore[index]
        assert (await database["Account"].find_one({}))["inner"][0]["note"] == "n"  # type: ignore[index]
        await database["Account"].update_one({}, {"$set": {"key": "x", "inner.0.pin": "2"}})
        tag = made.headers["etag"]
        assert (await accounts.get(key, request())).headers["etag"] == tag
        await database["Account"].update_one({}, {"$set": {"inner.0.note": "m"}})
        assert (await accounts.get(key, request())).headers["etag"] != tag


async def test_writers_that_know_nothing_of_revisions_make_one(
    mongodb_url: str, database_name: str
) -> None:
    async with connected(mongodb_url, database_name, [Account]):
        accounts = Resource(Account)
        made = await accounts.create(await accounts.new({"name": "a"}), request())
        stored = await Account.find_one({})
        assert stored is not None
        await stored.set({"name": "b"})
        with pytest.raises(HTTPException) as caught:
            await accounts.patch(stored.id, {"name": "c"}, request(made.headers["etag"]))
        assert caught.value.status_code == 412
        assert (caught.value.headers or {})["ETag"] != made.headers["etag"]
        answer = await accounts.patch(stored.id, {"name": "c"}, request("*"))
        assert b'"touched":2' in bytes(answer.body)


async def test_a_soft_deletion(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, [Draft]) as database:
        drafts = Resource(Draft)
        made = await drafts.create(await drafts.new({"title": "a"}), request())
        key = (await database["Draft"].find_one({}))["_id"]  # type: ignore[index]
        with pytest.raises(HTTPException, match="412"):
            await drafts.delete(key, request(OTHER))
        assert (await drafts.delete(key, request(made.headers["etag"]))).status_code == 204
        with pytest.raises(HTTPException, match="404"):
            await drafts.get(key, request())
        assert (await database["Draft"].find_one({}))["deleted_at"] is not None  # type: ignore[index]


async def test_a_revision_can_be_asked_for(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, [Account]):
        accounts = Resource(Account, require_match=True)
        made = await accounts.create(await accounts.new({"name": "a"}), request())
        stored = await Account.find_one({})
        assert stored is not None
        for change in (
            accounts.patch(stored.id, {"name": "b"}, request()),
            accounts.replace(stored.id, {"name": "b"}, request()),
            accounts.delete(stored.id, request()),
        ):
            with pytest.raises(HTTPException, match="428"):
                await change
        await accounts.patch(stored.id, {"name": "b"}, request(made.headers["etag"]))
    parameters = accounts.routes.patch["openapi_extra"]["parameters"]
    assert [item["required"] for item in parameters if item["name"] == "If-Match"] == [True]


def test_openapi_tells_of_revisions(shop: Any) -> None:
    paths = shop.openapi()["paths"]["/api/orders/{id}"]
    assert paths["get"]["responses"]["304"]["headers"].keys() == {"ETag"}
    names = {item["name"] for item in paths["patch"]["parameters"]}
    assert names == {"id", "If-Match", "validate_only"}
    content = paths["patch"]["requestBody"]["content"]
    assert content["application/json"] == content["application/merge-patch+json"]
    assert "ETag" in paths["put"]["responses"]["200"]["headers"]
