"""Filters, search, order and pages; what is not understood is refused, never ignored."""

from typing import Any, ClassVar

import httpx
import pytest
from beanie import Document
from pydantic import BaseModel

from pulpo_base import DataModelBase
from pulpo_base.api import Resource

PEOPLE: list[dict[str, Any]] = [
    {"name": "Ada", "email": "ada@x.org", "age": 36, "tags": ["a", "b"], "nickName": "a.b"},
    {"name": "Bob", "email": "bob@x.org", "age": 20, "tags": ["b"], "is_active": False},
    {"name": "Cy (c)", "email": "cy@y.org", "address": {"city": "Rome", "zip": "00100"}},
    {"name": "Dee", "email": "dee@y.org", "age": 20, "address": {"city": "Oslo"}},
]


@pytest.fixture
async def people(client: httpx.AsyncClient) -> list[str]:
    answers = [await client.post("/api/customers", json=body) for body in PEOPLE]
    return [answer.json()["id"] for answer in answers]


async def names(client: httpx.AsyncClient, query: str) -> str:
    answer = await client.get(f"/api/customers?{query}")
    assert answer.status_code == 200, answer.text
    return "".join(item["name"][0] for item in answer.json()["items"])


async def refused(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    answer = await client.get(path)
    assert answer.status_code == 422, answer.text
    return {item["loc"][1]: item["msg"] for item in answer.json()["detail"]}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", "ABCD"),
        ("name=Ada", "A"),
        ("name=ada", ""),
        ("name__ne=Ada", "BCD"),
        ("age=20", "BD"),
        ("age__lt=36", "BD"),
        ("age__lte=36", "ABD"),
        ("age__gt=20", "A"),
        ("age__gte=20&age__lt=30", "BD"),
        ("age__in=36,21", "A"),
        ("age__in=36&age__in=20", "ABD"),
        ("is_active=false", "B"),
        ("tags=b", "AB"),
        ("tags__in=a,z", "A"),
        ("nickName=a.b", "A"),
        ("address.city=Rome", "C"),
        ("address.zip=00100", "C"),
        ("address.city__contains=SL", "D"),
        ("name__contains=a", "A"),
        ("name__contains=(c", "C"),
        ("nickName__contains=.", "A"),
        ("search=X.ORG", "AB"),
        ("search=rome", "C"),
        ("search=.*", ""),
        ("sort=-name", "DCBA"),
        ("sort=age,-name", "CDBA"),
        ("sort=-age&sort=-name", "ADBC"),
        ("sort=address.city", "ABDC"),
        ("sort=-id", "DCBA"),
        ("page_size=3", "ABC"),
        ("page_size=3&page=2", "D"),
        ("page=1000000000", ""),
        ("created_at__gt=2020-01-01T00:00:00Z", "ABCD"),
        ("created_at__lt=2020-01-01", ""),
    ],
)
async def test_what_is_found(client: httpx.AsyncClient, query: str, wanted: str) -> None:
    assert await names(client, query) == wanted


async def test_the_page_says_where_it_is(client: httpx.AsyncClient, people: list[str]) -> None:
    answer = (await client.get("/api/customers?age=20&page_size=1&page=2")).json()
    assert {key: answer[key] for key in ("total", "page", "page_size")} == {
        "total": 2,
        "page": 2,
        "page_size": 1,
    }
    assert [item["id"] for item in answer["items"]] == [people[3]]


async def test_ids_links_enums_money_and_dates(
    client: httpx.AsyncClient, people: list[str]
) -> None:
    pen = (await client.post("/api/products", json={"title": "Pen"})).json()["id"]
    line = {"sku": "a", "quantity": 2, "price": "1.10"}
    bodies: list[dict[str, Any]] = [
        {"status": "paid", "discount": "0.30", "due": "2026-05-01", "lines": [line]},
        {"products": [pen], "discount": "10", "due": "2026-06-01", "lines": [line, line]},
        {"gift_from": people[1]},
    ]
    for number, body in enumerate(bodies):
        body |= {"number": number, "customer": people[number % 2]}
        assert (await client.post("/api/orders", json=body)).status_code == 201
    for query, wanted in [
        (f"customer={people[0]}", [0, 2]),
        (f"customer__ne={people[0]}", [1]),
        (f"customer__in={people[0]},{people[1]}", [0, 1, 2]),
        (f"gift_from={people[1]}", [2]),
        (f"products={pen}", [1]),
        ("status=paid", [0]),
        ("status__in=paid,open", [0, 1, 2]),
        ("discount=0.3", [0]),
        ("discount__gt=0.3", [1]),
        ("discount__gte=0.30&discount__lt=9.99", [0]),
        ("due=2026-05-01", [0]),
        ("due__gt=2026-05-01", [1]),
        ("lines.sku=a", [0, 1]),
        ("lines.quantity__gt=2", []),
        ("sort=-discount,number", [1, 0, 2]),
    ]:
        answer = await client.get(f"/api/orders?{query}")
        assert answer.status_code == 200, answer.text
        assert [item["number"] for item in answer.json()["items"]] == wanted, query


@pytest.mark.parametrize(
    ("query", "place", "message"),
    [
        ("nam=Ada", "nam", "did you mean 'name'"),
        ("adress.city=Rome", "adress.city", "did you mean 'address.city'"),
        ("address=Rome", "address", "no such parameter"),
        ("orders=1", "orders", "no such parameter"),
        ("password=x", "password", "no such parameter"),
        ("revision_id=x", "revision_id", "no such parameter"),
        ("_id=x", "_id", "no such parameter"),
        ("name__like=x", "name__like", "cannot be compared by 'like'; use ne, in, nin"),
        ("is_active__lt=true", "is_active__lt", "cannot be compared by 'lt'"),
        ("age__contains=3", "age__contains", "cannot be compared by 'contains'"),
        ("age=old", "age", "valid integer"),
        ("age=", "age", "valid integer"),
        ("age__in=1,x", "age__in", "valid integer"),
        (f"age={2**63}", "age", "cannot store"),
        ("created_at__gt=yesterday", "created_at__gt", "valid datetime"),
        ("id=xyz", "id", "Id must be"),
        ("name=Ada&name=Bob", "name", "given twice; give several values as name__in"),
        ("sort=nam", "sort", "cannot sort by 'nam'; did you mean 'name'"),
        ("sort=tags", "sort", "cannot sort by 'tags'"),
        ("sort=", "sort", "cannot sort by ''"),
        ("sort=--name", "sort", "cannot sort by '-name'"),
        ("page=0", "page", "from 1 to"),
        ("page=-1", "page", "from 1 to"),
        ("page=1.5", "page", "from 1 to"),
        ("page=²", "page", "from 1 to"),
        (f"page={'9' * 5000}", "page", "from 1 to"),
        ("page=1&page=2", "page", "given twice"),
        ("page_size=101", "page_size", "from 1 to 100"),
        ("search=", "search", "1 to 1000 characters"),
        ("name__contains=%00", "name__contains", "none of them NUL"),
    ],
)
async def test_what_is_refused(
    client: httpx.AsyncClient, query: str, place: str, message: str
) -> None:
    findings = await refused(client, f"/api/customers?{query}")
    assert list(findings) == [place]
    assert message in findings[place]


async def test_all_findings_are_shown(client: httpx.AsyncClient) -> None:
    findings = await refused(client, "/api/customers?nam=1&age=x&sort=no&page=0")
    assert list(findings) == ["nam", "age", "sort", "page"]


async def test_sortable_fields_restrict(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/orders?sort=status")
    assert answer.status_code == 400
    detail = answer.json()["detail"]
    assert detail["detail"] == (
        "cannot sort by 'status', which has no index: that would read the whole collection; use"
        " number, due, discount, id, customer, or give it an index or a place in"
        " Order.sortable_fields"
    )
    assert [(item["in"], item["pointer"]) for item in detail["errors"]] == [("query", "#/sort")]
    assert "search" in await refused(client, "/api/orders?search=x")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("field", ["name", "age", "id", "is_active", "search", "sort", "page"])
@pytest.mark.parametrize(
    "hostile",
    [
        '{"$gt": ""}',
        '{"$ne": null}',
        '{"$where": "sleep(1000)"}',
        "[$ne]",
        "$ne",
        "'; return true; //",
        "(a+)+$",
        "[[:alpha:]",
        "(?i)x\\",
        "\\",
        "😀",
        "%ED%A0%80",
        "x" * 20_000,
    ],
)
async def test_a_value_is_never_an_operator(
    client: httpx.AsyncClient, field: str, hostile: str
) -> None:
    answer = await client.get("/api/customers", params={field: hostile})
    if answer.status_code == 200:
        assert answer.json()["items"] == []
    else:
        assert answer.status_code == 422
        assert {item["loc"][1] for item in answer.json()["detail"]} == {field}


@pytest.mark.parametrize(
    "query", ["name[$ne]=", "name[]=Ada", "name.$ne=x", "$where=1", "name__$ne=x", "__=1", "=1"]
)
async def test_a_name_is_never_an_operator(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/api/customers?{query}")).status_code == 422


def test_hints_that_name_no_such_field_are_errors() -> None:
    class Inner(BaseModel):
        text: str

    class Searches(Document, DataModelBase):
        title: str
        amount: int
        inner: Inner

        searchable_fields: ClassVar[list[str]] = ["titel"]

    class Sorts(Document, DataModelBase):
        tags: list[str]

        sortable_fields: ClassVar[list[str]] = ["tags"]

    with pytest.raises(ValueError, match="'titel' is no text field; did you mean 'title'"):
        Resource(Searches)
    Searches.searchable_fields = ["amount"]
    with pytest.raises(ValueError, match="'amount' is no text field"):
        Resource(Searches)
    with pytest.raises(ValueError, match="'tags' is no single-valued field"):
        Resource(Sorts)
    Searches.searchable_fields = ["inner.text"]
    with pytest.raises(ValueError, match="page_size is 50; it must be 1 to 10"):
        Resource(Searches, page_size=50, max_page_size=10)


def test_a_field_with_a_reserved_name_has_a_longer_one() -> None:
    class Book(Document, DataModelBase):
        page: int
        title: str

        filterable_fields: ClassVar[list[str]] = ["page", "title"]

    parameters = [
        item["name"] for item in Resource(Book).routes.list["openapi_extra"]["parameters"]
    ]
    assert parameters.count("page") == 1
    assert "page__eq" in parameters
    assert "title__eq" not in parameters
