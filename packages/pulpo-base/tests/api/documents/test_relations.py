"""Links refer to documents that are there, and can be followed back by a nested route."""

from typing import Any

import httpx
import pytest

ADA = {"name": "Ada", "email": "ada@example.org"}
UNKNOWN = "5eb7cf5a86d9755df3a6c593"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> str:
    found: str = (await client.post("/api/customers", json=ADA)).json()["id"]
    return found


def places(answer: httpx.Response) -> list[list[Any]]:
    assert answer.status_code == 422, answer.text
    return [item["loc"] for item in answer.json()["detail"]]


async def test_links_to_nothing_are_refused(client: httpx.AsyncClient, ada: str) -> None:
    pen = (await client.post("/api/products", json={"title": "Pen"})).json()["id"]
    body = {"number": 1, "customer": UNKNOWN, "products": [pen, NOBODY], "gift_from": ada}
    refused = await client.post("/api/orders", json=body)
    assert places(refused) == [["body", "customer"], ["body", "products", 1]]
    assert refused.json()["detail"][0]["msg"] == "there is no Customer with this id"
    made = await client.post("/api/orders", json=body | {"customer": ada, "products": [pen]})
    assert made.status_code == 201
    path = made.headers["location"]
    assert places(await client.patch(path, json={"gift_from": UNKNOWN})) == [["body", "gift_from"]]
    replaced = await client.put(path, json={"number": 1, "customer": UNKNOWN})
    assert places(replaced) == [["body", "customer"]]
    only = await client.post("/api/orders?validate_only=true", json=body)
    assert only.status_code == 422
    items = [{"number": 2, "customer": UNKNOWN}, {"number": 3, "customer": ada}]
    bulk = (await client.post("/api/orders:bulk_create", json=items)).json()["results"]
    assert [item["status"] for item in bulk] == [422, 201]
    assert bulk[0]["problem"]["errors"][0]["pointer"] == "#/customer"


async def test_a_link_that_outlived_its_target_stays(client: httpx.AsyncClient, ada: str) -> None:
    made = await client.post("/api/orders", json={"number": 1, "customer": ada})
    path = made.headers["location"]
    await client.delete(f"/api/customers/{ada}")
    assert (await client.patch(path, json={"number": 2})).status_code == 200
    assert (await client.put(path, json={"number": 3, "customer": ada})).status_code == 200
    assert places(await client.post("/api/orders", json={"number": 4, "customer": ada}))


async def test_nested_routes(client: httpx.AsyncClient, ada: str, shop: Any) -> None:
    eve = await client.post("/api/customers", json={"name": "Eve", "email": "eve@x.org"})
    for number in range(4):
        owner = ada if number % 2 else eve.json()["id"]
        await client.post("/api/orders", json={"number": number, "customer": owner})
    answer = await client.get(f"/api/customers/{ada}/orders?sort=-number&page_size=1")
    page = answer.json()
    assert ([item["number"] for item in page["items"]], page["total"]) == ([3], None)
    answer = await client.get(
        f"/api/customers/{ada}/orders", params={"sort": "-number", "after": page["next"]}
    )
    assert [item["number"] for item in answer.json()["items"]] == [1]
    filtered = await client.get(f"/api/customers/{ada}/orders?number__gt=1&fields=number")
    assert [item["number"] for item in filtered.json()["items"]] == [3]
    other = await client.get(f"/api/customers/{ada}/orders?customer={eve.json()['id']}")
    assert other.json()["items"] == []
    assert (await client.get(f"/api/customers/{UNKNOWN}/orders")).status_code == 404
    assert (await client.get("/api/customers/x/orders")).status_code == 422
    assert "/api/customers/{id}/orders" in shop.openapi()["paths"]
