"""Create, get, replace, patch and delete, through the generated application on real MongoDB."""

import asyncio
from typing import Any

import httpx
import pytest

ADA = {"name": "Ada", "email": "ada@example.org", "nickName": "a", "tags": ["x", "y"]}
UNKNOWN = "5eb7cf5a86d9755df3a6c593"


async def created(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_created_document_can_be_read_again(client: httpx.AsyncClient) -> None:
    ada = await created(client, "/api/customers", ADA | {"address": {"city": "Rome", "zip": "1"}})
    again = (await client.get(f"/api/customers/{ada['id']}")).json()
    assert again.pop("created_at")[:19] == ada.pop("created_at")[:19]
    assert again == ada
    assert ada == {
        "id": ada["id"],
        "changes": 1,
        "name": "Ada",
        "email": "ada@example.org",
        "nickName": "a",
        "age": None,
        "address": {"street": "", "city": "Rome", "zip": "1"},
        "tags": ["x", "y"],
        "is_active": True,
        "label": "Ada <ada@example.org>",
    }
    assert len(ada["id"]) == 24


async def test_links_are_ids_both_ways(client: httpx.AsyncClient) -> None:
    ada = await created(client, "/api/customers", ADA)
    pen = await created(client, "/api/products", {"title": "Pen"})
    order = await created(
        client,
        "/api/orders",
        {"number": 1, "customer": ada["id"], "products": [pen["id"]], "gift_from": None},
    )
    assert (order["customer"], order["products"]) == (ada["id"], [pen["id"]])
    path = f"/api/orders/{order['id']}"
    changed = await client.patch(path, json={"gift_from": ada["id"], "products": []})
    assert (changed.json()["gift_from"], changed.json()["products"]) == (ada["id"], [])
    assert (await client.get(path)).json()["gift_from"] == ada["id"]


async def test_money_keeps_its_digits(client: httpx.AsyncClient) -> None:
    ada = await created(client, "/api/customers", ADA)
    lines = [{"sku": "a", "quantity": 2, "price": "12345678901234567890.10"}]
    body = {"number": 1, "customer": ada["id"], "discount": "0.10", "lines": lines}
    order = await created(client, "/api/orders", body)
    again = (await client.get(f"/api/orders/{order['id']}")).json()
    assert again["discount"] == "0.10"
    assert again["lines"][0]["price"] == "12345678901234567890.10"


async def test_the_document_decides_how_a_field_is_shown(client: httpx.AsyncClient) -> None:
    ada = await created(client, "/api/customers", ADA)
    body = {"number": 1, "customer": ada["id"], "due": "2026-05-01"}
    assert (await created(client, "/api/orders", body))["due"] == "01.05.2026"


async def test_patch_changes_what_it_names(client: httpx.AsyncClient) -> None:
    ada = await created(client, "/api/customers", ADA | {"age": 36})
    path = f"/api/customers/{ada['id']}"
    patched = await client.patch(path, json={"name": "Ada L", "nickName": None})
    assert patched.status_code == 200
    expected = ada | {"name": "Ada L", "nickName": None, "changes": 2}
    expected["label"] = "Ada L <ada@example.org>"
    again = (await client.get(path)).json()
    assert patched.json() == again
    assert again == expected | {"created_at": again["created_at"]}
    assert (await client.patch(path, json={})).status_code == 200


async def test_patches_of_different_fields_do_not_undo_each_other(
    client: httpx.AsyncClient,
) -> None:
    ada = await created(client, "/api/customers", ADA)
    path = f"/api/customers/{ada['id']}"
    for turn in range(10):
        await asyncio.gather(
            client.patch(path, json={"name": f"Ada {turn}"}),
            client.patch(path, json={"age": turn}),
            client.patch(path, json={"nickName": f"a{turn}"}),
        )
        found = (await client.get(path)).json()
        assert (found["name"], found["age"], found["nickName"]) == (
            f"Ada {turn}",
            turn,
            f"a{turn}",
        )


async def test_replace_resets_what_it_leaves_out(client: httpx.AsyncClient) -> None:
    ada = await created(client, "/api/customers", ADA)
    path = f"/api/customers/{ada['id']}"
    replaced = await client.put(path, json={"name": "Eve", "email": "eve@example.org"})
    assert replaced.status_code == 200
    again = (await client.get(path)).json()
    assert replaced.json() == again
    assert (again["id"], again["name"], again["tags"], again["nickName"]) == (
        ada["id"],
        "Eve",
        [],
        None,
    )
    assert again["created_at"][:19] == ada["created_at"][:19]


async def test_deleted_is_gone(client: httpx.AsyncClient) -> None:
    ada = await created(client, "/api/customers", ADA)
    path = f"/api/customers/{ada['id']}"
    answer = await client.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await client.get(path)).status_code == 404
    assert (await client.delete(path)).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_unknown_and_malformed_ids(client: httpx.AsyncClient, method: str) -> None:
    body = {"name": "Ada", "email": "a@example.org"} if method in ("PUT", "PATCH") else None
    for path, status in [
        (f"/api/customers/{UNKNOWN}", 404),
        ("/api/customers/not-an-id", 422),
        ("/api/products/not-a-uuid", 422),
    ]:
        answer = await client.request(method, path, json=body)
        assert answer.status_code == status, (path, answer.text)


async def test_a_taken_key_is_a_conflict_that_names_no_value(client: httpx.AsyncClient) -> None:
    ada = await created(client, "/api/customers", ADA)
    eve = await created(client, "/api/customers", ADA | {"email": "eve@example.org"})
    answers = [
        await client.post("/api/customers", json=ADA),
        await client.patch(f"/api/customers/{eve['id']}", json={"email": ADA["email"]}),
        await client.put(
            f"/api/customers/{eve['id']}", json={"name": "Eve", "email": ADA["email"]}
        ),
    ]
    for answer in answers:
        assert answer.status_code == 409
        assert answer.json() == {"detail": "another Customer with the same email exists already"}
    await created(client, "/api/orders", {"number": 1, "customer": ada["id"]})
    answer = await client.post("/api/orders", json={"number": 1, "customer": ada["id"]})
    assert answer.status_code == 409
    assert "same customer and number" in answer.json()["detail"]


async def test_ids_of_other_types(client: httpx.AsyncClient) -> None:
    italy = await created(client, "/api/countries", {"id": "it", "title": "Italy"})
    assert italy == {"id": "it", "title": "Italy", "population": 0}
    taken = await client.post("/api/countries", json={"id": "it"})
    assert (taken.status_code, taken.json()["detail"]) == (
        409,
        "another Country with the same id exists already",
    )
    missing = await client.post("/api/countries", json={"title": "Nowhere"})
    assert missing.json()["detail"][0]["loc"] == ["body", "id"]
    patched = await client.patch("/api/countries/it", json={"population": 59})
    assert patched.json() == italy | {"population": 59}
    replaced = await client.put("/api/countries/it", json={"title": "Italia"})
    assert replaced.json() == {"id": "it", "title": "Italia", "population": 0}
    pen = await created(client, "/api/products", {"title": "Pen"})
    assert (await client.get(f"/api/products/{pen['id']}")).json() == pen


async def test_a_document_with_revisions(client: httpx.AsyncClient) -> None:
    pen = await created(client, "/api/products", {"title": "Pen"})
    path = f"/api/products/{pen['id']}"
    assert (await client.put(path, json={"title": "Pencil"})).json()["title"] == "Pencil"
    assert (await client.patch(path, json={"weight": 3})).json()["weight"] == 3.0
    assert (await client.get(path)).json() == {"id": pen["id"], "title": "Pencil", "weight": 3.0}


@pytest.mark.parametrize("key", ["a/b", "/", "", ".", ".."])
async def test_an_id_that_no_path_can_hold_is_refused(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post("/api/countries", json={"id": key})
    assert answer.status_code == 422, answer.text
    assert [item["loc"] for item in answer.json()["detail"]] == [["body", "id"]]


async def test_an_id_of_odd_characters_is_found_again(client: httpx.AsyncClient) -> None:
    for key in ("a b", "ä?#", "50%2F", "x:count", "...", "\\", ";=&+"):
        made = await client.post("/api/countries", json={"id": key})
        assert made.status_code == 201, made.text
        found = await client.get(made.headers["location"])
        assert (found.status_code, found.json()["id"]) == (200, key)
