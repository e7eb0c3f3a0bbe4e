"""Many documents at once: results of each, and exports that are streamed and safe to open."""

import csv
import io
import json
from typing import Any

import httpx
import pytest
from pymongo.errors import AutoReconnect, DocumentTooLarge

from pulpo_base.api.documents import persistence
from pulpo_base.api.lists import export
from pulpo_base.api.resources.bulk import MAX_ITEMS

UNKNOWN = "5eb7cf5a86d9755df3a6c593"


def person(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "email": f"{name}@x.org", **more}


async def bulk(client: httpx.AsyncClient, what: str, items: list[Any]) -> list[dict[str, Any]]:
    answer = await client.post(f"/api/customers:bulk_{what}", json=items)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    results: list[dict[str, Any]] = body["results"]
    assert body["failed"] == sum(item["problem"] is not None for item in results)
    assert body["succeeded"] + body["failed"] == len(items)
    return results


async def test_each_item_has_its_result(client: httpx.AsyncClient) -> None:
    bodies = [person("Ada"), person("Ada"), {"name": 5}, person("Bob", age=-1), person("Cy"), 7]
    results = await bulk(client, "create", bodies)
    assert [item["status"] for item in results] == [201, 409, 422, 422, 201, 422]
    assert results[2]["problem"]["errors"][0]["pointer"] == "#/name"
    assert results[3]["problem"]["errors"][0] == {
        "pointer": "#/age",
        "in": "body",
        "detail": "Input should be greater than or equal to 0",
        "code": "greater_than_equal",
    }
    ada = results[0]
    assert (await client.get(f"/api/customers/{ada['id']}")).headers["etag"] == ada["etag"]
    assert ada["document"]["name"] == "Ada"

    patches = [
        {"id": ada["id"], "changes": {"age": 36}, "if_match": ada["etag"]},
        {"id": ada["id"], "changes": {"age": 37}, "if_match": ada["etag"]},
        {"id": results[4]["id"], "changes": {"address": {"city": "Rome"}}},
        {"id": UNKNOWN, "changes": {}},
        {"id": {"$ne": 1}, "changes": {}},
        {"id": ada["id"], "changes": []},
        {"id": ada["id"], "change": {}},
        {"id": ada["id"], "changes": {}, "if_match": "x"},
        {"id": ada["id"], "changes": {}, "if_match": 5},
        {"id": ada["id"], "changes": {}, "if_match": '"\U00081f22"'},
        {"changes": {}},
    ]
    results = await bulk(client, "patch", patches)
    wanted = [200, 412, 200, 404, 404, 422, 422, 400, 422, 422, 422]
    assert [item["status"] for item in results] == wanted
    assert results[1]["problem"]["etag"] == results[0]["etag"]
    assert results[1]["problem"]["errors"][0]["pointer"] == "#/age"
    assert results[2]["document"]["address"]["city"] == "Rome"

    cy = results[2]["id"]
    deletions = [{"id": ada["id"], "if_match": ada["etag"]}, {"id": cy}, {"id": cy}, "x"]
    results = await bulk(client, "delete", deletions)
    assert [item["status"] for item in results] == [412, 204, 404, 422]
    assert (await client.get("/api/customers")).json()["total"] == 1


async def test_what_is_no_list_or_too_long(client: httpx.AsyncClient) -> None:
    for what, body in [("create", {}), ("patch", 5), ("delete", [0] * (MAX_ITEMS + 1))]:
        answer = await client.post(f"/api/customers:bulk_{what}", json=body)
        assert answer.status_code == 422, answer.text
    answer = await client.post("/api/customers:bulk_create?validate=true", json=[])
    assert answer.status_code == 422


async def rows(client: httpx.AsyncClient, path: str) -> list[list[str]]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.text, newline="")))


async def test_csv(client: httpx.AsyncClient) -> None:
    await bulk(
        client,
        "create",
        [
            person(
                "Ada", age=36, tags=["a", "=b"], address={"city": 'Ro,m"e\n'}, password="secret"
            ),
            person("=1+1", nickName="@x", age=5),
            person("-2+3", nickName="\tx", is_active=False),
        ],
    )
    head, *found = await rows(client, "/api/customers:export?sort=email")
    assert head[:3] == ["id", "created_at", "changes"]
    assert {"address.city", "address.zip", "tags", "label"} <= set(head)
    assert "password" not in head
    table = [dict(zip(head, row, strict=True)) for row in found]
    assert [row["name"] for row in table] == ["'-2+3", "'=1+1", "Ada"]
    assert [row["nickName"] for row in table] == ["'\tx", "'@x", ""]
    assert table[2]["address.city"] == 'Ro,m"e\n'
    assert json.loads(table[2]["tags"]) == ["a", "=b"]
    assert [row["is_active"] for row in table] == ["false", "true", "true"]
    assert [row["age"] for row in table] == ["", "5", "36"]
    few = await rows(client, "/api/customers:export?fields=address.city,name&name=Ada")
    assert few == [["id", "address.city", "name"], [found[2][0], 'Ro,m"e\n', "Ada"]]
    few = await rows(client, "/api/customers:export?fields=age,address, id ,name&name=Ada")
    assert few[0][0] == "age"
    assert few[0][-2:] == ["id", "name"]
    assert set(few[0][1:-2]) == {name for name in head if name.startswith("address.")}


async def test_negative_numbers_stay_numbers(client: httpx.AsyncClient) -> None:
    (ada,) = await bulk(client, "create", [person("Ada")])
    order = {"number": -7, "customer": ada["id"], "discount": "-5.00"}
    assert (await client.post("/api/orders", json=order)).status_code == 201
    head, row = await rows(client, "/api/orders:export?fields=number,discount")
    assert head[1:] == ["number", "discount"]
    assert [float(cell) for cell in row[1:]] == [-7, -5]
    assert export._cell("-1.5E+3") == "-1.5E+3"
    for text in ("-1+1", "-1\n", "-", "--1", "-1E", "+1", "-٣", "-1,5"):
        assert export._cell(text) == f"'{text}", text


def failing(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    """Let the database fail at the document with this name."""
    insert = persistence.insert

    async def inserted(document: Any, *args: Any, **options: Any) -> Any:
        if document.name == name:
            raise error
        return await insert(document, *args, **options)

    monkeypatch.setattr(persistence, "insert", inserted)


async def test_a_database_that_goes_away_at_an_item(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "Bob", AutoReconnect("secret.example:27017"))
    results = await bulk(client, "create", [person("Ada"), person("Bob"), person("Cy"), 7])
    assert [item["status"] for item in results] == [201, 503, 503, 503]
    told = [item["problem"]["detail"] for item in results[1:]]
    assert "not known" in told[0]
    assert all("not tried" in detail for detail in told[1:])
    assert "secret" not in str(told)
    with pytest.raises(AutoReconnect):  # as for one document: nothing was done
        await bulk(client, "create", [person("Bob"), person("Dee")])
    assert (await client.get("/api/customers:count")).json() == {"count": 1}


async def test_an_item_that_the_database_refuses(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "Bob", DocumentTooLarge("secret"))
    results = await bulk(client, "create", [person("Bob"), person("Cy")])
    assert [item["status"] for item in results] == [500, 201]
    assert "secret" not in str(results)


async def test_many_with_a_key_are_done_once(client: httpx.AsyncClient) -> None:
    path, headers = "/api/customers:bulk_create", {"Idempotency-Key": "k"}
    body = [person("Ada"), person("Ada"), person("Bob")]
    first, again = [await client.post(path, json=body, headers=headers) for _ in "12"]
    assert [item["status"] for item in first.json()["results"]] == [201, 409, 201]
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert (await client.post(path, json=[], headers=headers)).status_code == 422
    dry = await client.post(f"{path}?validate_only=true", json=[], headers=headers)
    assert dry.status_code == 200


async def test_json_lines_in_batches(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_BATCH", 4)
    for count in (0, 1, 4, 9):
        have = (await client.get("/api/customers:count")).json()["count"]
        await bulk(client, "create", [person(f"n{number}") for number in range(have, count)])
        answer = await client.get("/api/customers:export?format=jsonl&fields=name&sort=id")
        assert answer.headers["content-type"] == "application/jsonl"
        assert answer.headers["content-disposition"] == 'attachment; filename="customers.jsonl"'
        names = [json.loads(line)["name"] for line in answer.text.splitlines()]
        assert names == [f"n{number}" for number in range(count)]
        assert len(await rows(client, "/api/customers:export")) == count + 1


async def test_links_are_followed_in_exports(client: httpx.AsyncClient) -> None:
    (ada,) = await bulk(client, "create", [person("Ada")])
    await client.post("/api/orders", json={"number": 1, "customer": ada["id"]})
    answer = await client.get("/api/orders:export?format=jsonl&expand=customer")
    assert json.loads(answer.text)["customer"]["name"] == "Ada"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("format=xml", 422),
        ("format=csv&format=csv", 422),
        ("page=2", 422),
        ("nam=x", 422),
        ("sort=nam", 422),
    ],
)
async def test_exports_that_are_refused(client: httpx.AsyncClient, query: str, status: int) -> None:
    assert (await client.get(f"/api/customers:export?{query}")).status_code == status
