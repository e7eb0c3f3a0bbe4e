"""Operations over HTTP: their documents look like those of the rest of the API."""

from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from pulpo_base.api import OperationRoute

ADA = {"name": "Ada", "email": "ada@example.org", "age": 36}


async def test_documents_in_an_output_have_an_id(client: httpx.AsyncClient) -> None:
    ada = (await client.post("/api/customers", json=ADA)).json()
    answer = await client.post(
        "/api/operations/orders.place", json={"customer_email": ADA["email"], "number": 3}
    )
    assert answer.status_code == 200
    placed = answer.json()
    order = (await client.get(f"/api/orders/{placed['order']['id']}")).json()
    for document in (order, placed["order"], placed["customers"][0], ada):
        document.pop("created_at")
    assert placed == {"order": order, "customers": [ada], "note": None}
    assert order["customer"] == ada["id"]


async def test_a_document_or_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/operations/customers.oldest")).json() is None
    ada = (await client.post("/api/customers", json=ADA)).json()
    found = (await client.post("/api/operations/customers.oldest")).json()
    assert found | {"created_at": ""} == ada | {"created_at": ""}


async def test_documents_in_an_input_look_like_those_of_an_answer(
    client: httpx.AsyncClient, shop: Any
) -> None:
    ada = (await client.post("/api/customers", json=ADA)).json()
    body = {"customer": ada, "name": "Ada L"}
    renamed = await client.post("/api/operations/customers.rename", json=body)
    assert renamed.status_code == 200
    assert renamed.json()["id"] == ada["id"]
    again = (await client.get(f"/api/customers/{ada['id']}")).json()
    assert again["name"] == renamed.json()["name"] == "Ada L"
    order = {"number": 1, "customer": ada["id"], "lines": [{"sku": "a", "quantity": 1}]}
    counted = await client.post("/api/operations/orders.count_lines", json=order)
    assert counted.json() == 1
    wrong = await client.post("/api/operations/orders.count_lines", json=order | {"lines": 5})
    assert wrong.status_code == 422
    assert wrong.json()["detail"][0]["loc"] == ["body", "lines"]
    schema = shop.openapi()
    request = schema["paths"]["/api/operations/orders.count_lines"]["post"]["requestBody"]
    name = request["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert name == "OrderInput"
    shown = schema["components"]["schemas"][name]["properties"]
    assert shown.keys() & {"_id", "id", "revision_id"} == {"id"}
    assert shown["customer"] == {"$ref": "#/components/schemas/PydanticObjectId"}


async def test_plain_values_and_validation(client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/operations/sums.add", json=[1, 2])).json() == 3
    for path, body in [("sums.add", ["x"]), ("orders.place", {"number": 0})]:
        answer = await client.post(f"/api/operations/{path}", json=body)
        assert answer.status_code == 422


def test_the_schema_shows_what_is_sent(shop: Any) -> None:
    schema = shop.openapi()
    operation = schema["paths"]["/api/operations/orders.place"]["post"]
    shown = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert shown == {"$ref": "#/components/schemas/PlacedOrderOutput"}
    output = schema["components"]["schemas"]["PlacedOrderOutput"]["properties"]
    assert output["order"] == {"$ref": "#/components/schemas/OrderRead"}
    assert output["customers"]["items"] == {"$ref": "#/components/schemas/CustomerRead"}


def test_an_endpoint_with_documents_is_a_coroutine(shop: Any) -> None:
    from sampleshop.models import Customer

    router = APIRouter(route_class=OperationRoute)

    def plain() -> Customer:
        raise NotImplementedError

    with pytest.raises(TypeError, match="plain must be a coroutine function"):
        router.post("/plain")(plain)


async def test_a_value_that_cannot_be_stored_is_found_in_the_input(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/api/customers", json=ADA)
    body = {"customer_email": ADA["email"], "number": 2**64}
    answer = await client.post("/api/operations/orders.place", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "number"]


class Step(NamedTuple):
    amount: int
    unit: str = "m"


async def test_a_named_tuple_is_a_body() -> None:
    app = FastAPI()
    router = APIRouter(route_class=OperationRoute)

    @router.post("/walk")
    async def walk(data: Step) -> str:
        return f"{data.amount} {data.unit}"

    app.include_router(router)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        assert (await client.post("/walk", json=[3])).json() == "3 m"
        assert (await client.post("/walk", json=["far"])).status_code == 422
    body = app.openapi()["paths"]["/walk"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Step"}
