"""The shop's generated API in a fresh process, over real HTTP, on a real MongoDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulpo_analysis import analyse

Serve = Callable[[Path], AbstractContextManager[httpx.Client]]

ADDRESS = {"street": "Main 1", "city": "Berlin", "postal_code": "10435", "country": "DE"}
UNKNOWN = "6745a0f0f0f0f0f0f0f0f0f0"


@pytest.fixture(scope="module")
def api(shop: Path, serve: Serve) -> Iterator[httpx.Client]:
    with serve(shop) as client:
        yield client


def _problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    return problem


def _create(api: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.post(path, json=body)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    assert created["id"]
    return created


def test_crud_from_a_fresh_process(api: httpx.Client) -> None:
    body = {"email": "ada@example.org", "name": "Ada", "address": ADDRESS}
    created = _create(api, "/api/customers", body)
    path = f"/api/customers/{created['id']}"

    assert api.get(path).json() == created
    patched = api.patch(path, json={"name": "Ada L."})
    assert (patched.status_code, patched.json()["name"]) == (200, "Ada L.")
    assert patched.json()["email"] == "ada@example.org"
    replaced = api.put(path, json={**body, "name": "Countess", "points": 5})
    assert (replaced.status_code, replaced.json()["points"]) == (200, 5)
    assert api.get(path).json()["name"] == "Countess"
    assert api.delete(path).status_code == 204
    _problem(api.get(path), 404)


def test_money_links_and_dates_survive_the_database(api: httpx.Client) -> None:
    category = _create(api, "/api/categories", {"slug": "kitchen", "title": "Pots"})
    product = {"sku": "MUG-1", "title": "Mug", "category": category["id"], "price": "9.99"}
    created = _create(api, "/api/products", product)

    read = api.get(f"/api/products/{created['id']}").json()

    assert read["price"] == "9.99"
    assert read["category"] == category["id"]
    assert read["created_at"].endswith("Z")


def test_lists_filter_sort_and_page(api: httpx.Client) -> None:
    for number in range(5):
        _create(api, "/api/categories", {"slug": f"shelf-{number}", "title": f"Shelf {number}"})

    page = api.get(
        "/api/categories",
        params={
            "slug__startswith": "Shelf",
            "sort": "-slug",
            "page": 2,
            "page_size": 2,
            "with_total": True,
        },
    ).json()
    one = api.get("/api/categories", params={"slug": "shelf-3"}).json()

    assert [item["slug"] for item in page["items"]] == ["shelf-2", "shelf-1"]
    assert (page["total"], page["page"], page["page_size"]) == (5, 2, 2)
    assert [item["slug"] for item in one["items"]] == ["shelf-3"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/customers", {"name": "no email"}, 422),
        ("POST", "/api/customers", {"email": "no", "name": "x", "address": ADDRESS}, 422),
        ("POST", "/api/customers", None, 422),
        ("GET", f"/api/customers/{UNKNOWN}", None, 404),
        (
            "PUT",
            f"/api/customers/{UNKNOWN}",
            {"email": "a@b.co", "name": "x", "address": ADDRESS},
            404,
        ),
        ("PATCH", f"/api/customers/{UNKNOWN}", {"name": "x"}, 404),
        ("DELETE", f"/api/customers/{UNKNOWN}", None, 404),
        ("GET", "/api/customers/not-an-id", None, 422),
        ("GET", "/api/customers?unknown=1", None, 422),
        ("GET", "/api/customers?points[$gt]=0", None, 422),
        ("GET", "/api/customers?tier=gold", None, 400),
        ("GET", "/api/categories?sort=title", None, 400),
        ("POST", "/api/operations/orders.place", {"customer_id": "x", "lines": []}, 422),
        (
            "POST",
            "/api/operations/orders.place",
            {"customer_id": UNKNOWN, "lines": [{"sku": "X-1", "quantity": 1}]},
            404,
        ),
        ("GET", "/api/nothing", None, 404),
    ],
)
def test_every_mistake_is_a_problem(
    api: httpx.Client, method: str, path: str, body: dict[str, Any] | None, status: int
) -> None:
    _problem(api.request(method, path, json=body), status)


def test_refusals_of_the_gate_are_problems(
    shop: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("AUTH", "api_key"), ("MAX_BODY_BYTES", "1000"), ("RATE_LIMIT", "3")):
        monkeypatch.setenv(f"PULPO_{name}", value)
    with serve(shop) as client:
        refused = client.post("/api/operations/orders.cancel", content=b"{{{")
        problem = _problem(refused, 401)
        assert problem["code"] == "unauthenticated"
        assert refused.headers["www-authenticate"] == 'Bearer realm="api"'
        assert refused.headers["x-request-id"] == problem["request_id"]
        assert refused.headers["x-content-type-options"] == "nosniff"
        _problem(client.post("/api/customers", content=b"x" * 1_001), 413)
        _problem(client.get("/openapi.json"), 401)
        _problem(client.get("/selfaware/"), 401)
        assert int(client.get("/api/me").headers["retry-after"]) in range(1, 21)
        assert client.get("/health").status_code == 200


def test_put_and_patch_validate(api: httpx.Client) -> None:
    body = {"email": "grace@example.org", "name": "Grace", "address": ADDRESS}
    path = f"/api/customers/{_create(api, '/api/customers', body)['id']}"

    assert api.patch(path, json={}).status_code == 200
    assert api.patch(path, json={"name": "Grace"}).json()["name"] == "Grace"
    _problem(api.patch(path, json={"points": -1}), 422)
    _problem(api.patch(path, json={"nope": 1}), 422)
    _problem(api.put(path, json={**body, "name": ""}), 422)
    assert api.get(path).json()["name"] == "Grace"


def test_a_taken_key_is_a_conflict_that_repeats_no_value(api: httpx.Client) -> None:
    body = {"email": "secret@example.org", "name": "One", "address": ADDRESS}
    _create(api, "/api/customers", body)

    answer = api.post("/api/customers", json=body)

    assert "email" in _problem(answer, 409)["detail"]
    assert "secret@example.org" not in answer.text


def test_the_application_describes_itself(api: httpx.Client) -> None:
    models = {item["name"]: item for item in api.get("/api/models").json()}
    operations = {item["name"] for item in api.get("/api/operations").json()}
    paths = api.get("/openapi.json").json()["paths"]

    assert models["Customer"]["path"] == "/api/customers"
    assert "orders.checkout.price" in operations
    assert {"/api/customers", "/api/customers/{id}", "/api/operations/orders.place"} <= set(paths)
    assert api.get("/health").json()["database"] == "ok"


def test_the_graph_is_that_of_the_analysis(api: httpx.Client, shop: Path) -> None:
    graph = api.get("/api/graph").json()
    wanted = analyse(shop).graph

    assert [node["id"] for node in graph["nodes"]] == [node.id for node in wanted.nodes]
    assert {(link["source"], link["target"], link["kind"]) for link in graph["links"]} == {
        (edge.source, edge.target, edge.kind.value)
        for edge in wanted.edges
        # The order between flows joins nothing into one run.
        if not (edge.source.startswith("flow:") and edge.target.startswith("flow:"))
        or edge.kind.value == "CONTAINS"
    }


def test_the_documents_list_what_an_operation_raises(api: httpx.Client) -> None:
    path = "/api/operations/orders.checkout.reserve_stock"
    responses = api.get("/openapi.json").json()["paths"][path]["post"]["responses"]

    described = {status: found["description"] for status, found in responses.items()}
    assert "`unknown_record`" in described["404"]
    assert "`out_of_stock`" in described["409"]
    assert "`wrong_state`" in described["409"]
    for status in ("404", "409", "422"):
        schema = responses[status]["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ProblemDetails"}
    answer = api.post(path, json={"order_id": UNKNOWN})
    assert _problem(answer, 404)["code"] == "unknown_record"


def test_requests_are_observed(api: httpx.Client) -> None:
    before = api.get("/selfaware/stats").json()["requests"]["total"]
    api.get("/api/customers/not-an-id")
    after = api.get("/selfaware/stats").json()["requests"]["total"]

    assert after["client_errors"] == before["client_errors"] + 1
