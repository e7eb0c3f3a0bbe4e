"""What is refused in a body, where the finding points, and who judges the values."""

from typing import Any

import httpx
import pytest

ADA = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> str:
    answer = await client.post("/api/customers", json=ADA)
    path: str = f"/api/customers/{answer.json()['id']}"
    return path


def places(answer: httpx.Response) -> list[list[Any]]:
    assert answer.status_code == 422, answer.text
    return [item["loc"] for item in answer.json()["detail"]]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"email": "x"}, [["body", "name"]]),
        ({"name": "", "email": "x"}, [["body", "name"]]),
        ({"name": "x" * 51, "email": "x"}, [["body", "name"]]),
        ({"name": None, "email": "x"}, [["body", "name"]]),
        ({"name": 5, "email": []}, [["body", "name"]]),
        (ADA | {"age": -1}, [["body", "age"]]),
        (ADA | {"age": 2**63}, [["body", "age"]]),
        (ADA | {"age": 10**400}, [["body", "age"]]),
        (ADA | {"nickName": "\ud800"}, [["body", "nickName"]]),
        (ADA | {"address": {"city": "R"}}, [["body", "address", "city"]]),
        (ADA | {"address": {"zip": "1"}}, [["body", "address", "city"]]),
        (ADA | {"tags": ["a", 1]}, [["body", "tags", 1]]),
        (ADA | {"unknown": 1}, [["body", "unknown"]]),
        (ADA | {"id": "5eb7cf5a86d9755df3a6c593"}, [["body", "id"]]),
        (ADA | {"_id": "5eb7cf5a86d9755df3a6c593"}, [["body", "_id"]]),
        (ADA | {"revision_id": None}, [["body", "revision_id"]]),
        (ADA | {"orders": []}, [["body", "orders"]]),
        (ADA | {"label": "x"}, [["body", "label"]]),
        (ADA | {"_class_id": "x"}, [["body", "_class_id"]]),
        (ADA | {"$set": {}}, [["body", "$set"]]),
    ],
)
async def test_create_and_replace_refuse(
    client: httpx.AsyncClient, ada: str, body: dict[str, Any], wanted: list[list[Any]]
) -> None:
    import json

    # Python's encoder writes half a surrogate pair as an escape, as a hostile client would.
    content = json.dumps(body | ({"email": "new"} if "email" in body else {}))
    headers = {"content-type": "application/json"}
    for method, path in [("POST", "/api/customers"), ("PUT", ada)]:
        answer = await client.request(method, path, content=content, headers=headers)
        if body.get("email") == []:
            wanted = [["body", "name"]]
        assert places(answer)[: len(wanted)] == wanted


async def test_all_findings_are_shown(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/customers", json={"age": -1, "tags": 5})
    assert places(answer) == [
        ["body", "name"],
        ["body", "email"],
        ["body", "age"],
        ["body", "tags"],
    ]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'"x"', b"null", b"5", b"\xff"])
async def test_what_is_no_object(client: httpx.AsyncClient, content: bytes) -> None:
    answer = await client.post(
        "/api/customers", content=content, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422), answer.text


async def test_a_typing_mistake_gets_a_suggestion(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/customers", json=ADA | {"nickNam": "a"})
    assert "did you mean 'nickName'" in answer.json()["detail"][0]["msg"]


async def test_patch_validates_too(client: httpx.AsyncClient, ada: str) -> None:
    for body, place in [
        ({"age": -1}, ["body", "age"]),
        ({"name": None}, ["body", "name"]),
        ({"unknown": 1}, ["body", "unknown"]),
        ({"id": "5eb7cf5a86d9755df3a6c593"}, ["body", "id"]),
        ({"age": 2**63}, ["body", "age"]),
        ({"created_at": "2020-01-01T00:00:00Z"}, ["body", "created_at"]),
    ]:
        assert places(await client.patch(ada, json=body)) == [place]
    assert (await client.get(ada)).json()["age"] is None


async def test_the_documents_validators_see_the_values_as_sent(
    client: httpx.AsyncClient, ada: str
) -> None:
    body = {"name": "Eve", "email": ["EVE", "example.org"]}
    created = await client.post("/api/customers", json=body)
    assert created.json()["email"] == "eve@example.org"
    patched = await client.patch(ada, json={"email": [" ADA2", "example.org "]})
    assert patched.json()["email"] == "ada2@example.org"


async def test_model_validators_judge_the_whole_document(
    client: httpx.AsyncClient, ada: str
) -> None:
    customer = ada.rpartition("/")[2]
    body: dict[str, Any] = {"number": 1, "customer": customer, "discount": "1"}
    refused = await client.post("/api/orders", json=body)
    assert places(refused) == [["body"]]
    assert "needs at least one line" in refused.json()["detail"][0]["msg"]
    body["lines"] = [{"sku": "a", "quantity": 1}]
    order = (await client.post("/api/orders", json=body)).json()
    path = f"/api/orders/{order['id']}"
    assert places(await client.patch(path, json={"lines": []})) == [["body"]]
    assert (await client.patch(path, json={"lines": [], "discount": 0})).status_code == 200
    body |= {"lines": []}
    assert places(await client.put(path, json=body)) == [["body"]]


@pytest.mark.parametrize(
    "link",
    [
        "x",
        5,
        None,
        [],
        {},
        {"id": "5eb7cf5a86d9755df3a6c593", "collection": "secrets"},
        {"name": "Eve", "email": "eve@example.org"},
        {"$ref": "secrets", "$id": "5eb7cf5a86d9755df3a6c593"},
    ],
)
async def test_a_link_is_an_id_and_nothing_else(client: httpx.AsyncClient, link: Any) -> None:
    answer = await client.post("/api/orders", json={"number": 1, "customer": link})
    assert places(answer) == [["body", "customer"]]


async def test_a_malformed_link_in_a_list_is_located(client: httpx.AsyncClient, ada: str) -> None:
    body = {"number": 1, "customer": ada.rpartition("/")[2], "products": ["x"]}
    assert places(await client.post("/api/orders", json=body)) == [["body", "products", 0]]


@pytest.mark.parametrize("money", ["1e7000", "NaN", "Infinity", "9" * 35, "1e-7000", "x", None])
async def test_money_that_cannot_be_kept(client: httpx.AsyncClient, ada: str, money: Any) -> None:
    body = {"number": 1, "customer": ada.rpartition("/")[2], "discount": money}
    body["lines"] = [{"sku": "a", "quantity": 1}]
    assert places(await client.post("/api/orders", json=body))[0][0] == "body"


async def test_private_fields_go_in_and_do_not_come_out(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/customers", json=ADA | {"password": "hunter2"})
    assert answer.status_code == 201
    assert "hunter2" not in answer.text
    assert "password" not in answer.json()
