"""Operators, groups of them, cursors, totals, parts of documents, links that are followed."""

import json
import random
from typing import Any

import httpx
import pytest
from bson.codec_options import DEFAULT_CODEC_OPTIONS as OPTIONS

from pulpo_base.api.documents.store import Store
from pulpo_base.api.lists.cursors import after, cursor_at

PEOPLE: list[dict[str, Any]] = [
    {"name": "Ada", "email": "ada@x.org", "age": 36, "tags": ["a", "b"], "nickName": "a.b"},
    {"name": "Bob", "email": "bob@x.org", "age": 20, "tags": ["b"], "is_active": False},
    {"name": "Cy (c)", "email": "cy@y.org", "address": {"city": "Rome", "zip": "00100"}},
    {"name": "Dee\n", "email": "dee@y.org", "age": 20, "address": {"city": "Oslo"}},
]


@pytest.fixture
async def people(client: httpx.AsyncClient) -> list[str]:
    answers = [await client.post("/api/customers", json=body) for body in PEOPLE]
    return [answer.json()["id"] for answer in answers]


async def found(client: httpx.AsyncClient, **params: str) -> str:
    answer = await client.get("/api/customers", params=params)
    assert answer.status_code == 200, answer.text
    return "".join(item["name"][0] for item in answer.json()["items"])


@pytest.mark.usefixtures("people")
async def test_every_operator(client: httpx.AsyncClient) -> None:
    for name, value, wanted in [
        ("age__nin", "36,21", "BCD"),
        ("age__between", "20,35", "BD"),
        ("age__null", "true", "C"),
        ("age__null", "false", "ABD"),
        ("address__null", "true", None),
        ("nickName__null", "1", "BCD"),
        ("name__ieq", "ADA", "A"),
        ("name__ieq", "dee", ""),
        ("name__ieq", "dee\n", "D"),
        ("name__ieq", ".*", ""),
        ("name__containss", "a", "A"),
        ("name__containss", "D", "D"),
        ("name__startswith", "aD", "A"),
        ("name__startswiths", "aD", ""),
        ("name__startswiths", "Ad", "A"),
        ("name__endswith", "B", "B"),
        ("name__endswiths", "B", ""),
        ("name__endswiths", "(c)", "C"),
        ("tags__nin", "a", "BCD"),
    ]:
        if wanted is None:
            assert (await client.get(f"/api/customers?{name}={value}")).status_code == 422
        else:
            assert await found(client, **{name: value}) == wanted, (name, value)


@pytest.mark.usefixtures("people")
async def test_groups(client: httpx.AsyncClient) -> None:
    for group, wanted in [
        ({"name": "Ada"}, "A"),
        ({"age": {"gte": 20, "lt": 36}}, "BD"),
        ({"or": [{"name": "Ada"}, {"address.city": "Oslo"}]}, "AD"),
        ({"or": [{"name": "Ada"}, {"and": [{"age": 20}, {"is_active": False}]}]}, "AB"),
        ({"not": {"age": 20}}, "AC"),
        ({"age": None}, "C"),
        ({"age": {"ne": None}}, "ABD"),
        ({"age": {"in": [36, 21]}, "name__contains": "a"}, "A"),
        ({"age": {"between": [20, 20]}}, "BD"),
        ({"age": {"null": True}}, "C"),
        ({"name": {"eq": "Ada"}}, "A"),
        ({"created_at": {"gt": "2020-01-01T00:00:00Z"}}, "ABCD"),
    ]:
        assert await found(client, filter=json.dumps(group)) == wanted, group
    assert await found(client, filter='{"age": 20}', name__ne="Bob") == "D"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 5000, "no JSON"),
        ('{"age": NaN}', "no JSON"),
        ("x" * 9000, "at most 8000 characters"),
        ("[]", "an object with at least one member"),
        ("{}", "an object with at least one member"),
        ("5", "an object with at least one member"),
        ('{"or": []}', "a list of at least one object"),
        ('{"or": {"age": 1}}', "a list of at least one object"),
        ('{"or": [{}]}', "an object with at least one member"),
        ('{"not": []}', "an object with at least one member"),
        ('{"nam": 1}', "did you mean 'name'"),
        ('{"age": {"$gt": 1}}', "cannot be compared by '$gt'"),
        ('{"age": {"gt": {"$gt": 1}}}', "valid integer"),
        ('{"name": ["Ada"]}', "valid string"),
        ('{"name": {"eq": {"$ne": ""}}}', "valid string"),
        ('{"name": {"contains": {"$regex": "."}}}', "1 to 1000 characters"),
        ('{"name": {"in": {"$ne": 1}}}', "a list of 1 to 1000 values"),
        ('{"age": {"in": []}}', "a list of 1 to 1000 values"),
        ('{"age": {"between": [1]}}', "two values"),
        ('{"age": {"null": "x"}}', "true or false"),
        ('{"age": {}}', "name an operator"),
        ('{"$where": "sleep(1)"}', "no such parameter or field"),
        ('{"$or": [{"name": "Ada"}]}', "no such parameter or field"),
        ('{"password": "x"}', "no such parameter or field"),
        ('{"name": {"contains": "\\ud800"}}', "surrogate"),
        ('{"not": ' * 6 + '{"age": 1}' + "}" * 6, "at most 6 groups"),
        ('{"or": [' + ",".join(['{"age": 1}'] * 101) + "]}", "at most 100 comparisons"),
    ],
)
async def test_groups_that_are_refused(client: httpx.AsyncClient, text: str, message: str) -> None:
    answer = await client.get("/api/customers", params={"filter": text})
    assert answer.status_code == 422, answer.text
    (finding,) = answer.json()["detail"]
    assert finding["loc"][:2] == ["query", "filter"]
    assert message in finding["msg"]


async def walk(client: httpx.AsyncClient, path: str, **params: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for _ in range(100):
        answer = (await client.get(path, params=params)).json()
        items += answer["items"]
        if answer["next"] is None:
            return items
        params["after"] = answer["next"]
    raise AssertionError("the list has no end")


async def test_cursors_go_through_everything_once(client: httpx.AsyncClient) -> None:
    chance = random.Random(5)  # noqa: S311  # the same each time
    for number in range(23):
        body: dict[str, Any] = {"name": f"n{number}", "email": f"{number}@x.org"}
        body |= {"age": chance.choice([None, 1, 2, 3])} if number % 4 else {}
        body |= {"address": {"city": chance.choice(["Rome", "Oslo"])}} if number % 3 else {}
        assert (await client.post("/api/customers", json=body)).status_code == 201
    for sort in ("id", "-id", "age", "-age", "age,-name", "-age,name", "address.city,-age"):
        every = (
            await client.get("/api/customers", params={"sort": sort, "page_size": "100"})
        ).json()
        walked = await walk(client, "/api/customers", sort=sort, page_size="4")
        assert [item["id"] for item in walked] == [item["id"] for item in every["items"]], sort
    filtered = await walk(client, "/api/customers", sort="-age", page_size="2", age__gte="2")
    assert [item["age"] for item in filtered] == sorted((i["age"] for i in filtered), reverse=True)


async def test_a_cursor_is_stable_under_inserts_and_deletions(
    client: httpx.AsyncClient, people: list[str]
) -> None:
    params = {"sort": "name", "page_size": "2"}
    first = (await client.get("/api/customers", params=params)).json()
    await client.post("/api/customers", json={"name": "Aaron", "email": "aaron@x.org"})
    await client.delete(f"/api/customers/{people[1]}")
    params["after"] = first["next"]
    second = (await client.get("/api/customers", params=params)).json()
    assert [item["name"] for item in second["items"]] == ["Cy (c)", "Dee\n"]
    assert (second["next"], second["page"], second["total"]) == (None, None, None)


async def test_cursors_that_are_refused(client: httpx.AsyncClient, people: list[str]) -> None:
    assert people
    answer = (await client.get("/api/customers?page_size=1&sort=name")).json()
    sort = [("name", 1), ("_id", 1)]

    for hostile in ({"$gt": ""}, ["x"]):
        forged = cursor_at({"name": hostile, "_id": 1}, sort, OPTIONS)
        answer_to = await client.get("/api/customers", params={"sort": "name", "after": forged})
        assert answer_to.status_code == 422
    for params in (
        {"after": "x"},
        {"after": ""},
        {"after": "ä"},
        {"after": "A" * 5000},
        {"after": answer["next"]},
        {"after": answer["next"], "sort": "-name"},
        {"after": answer["next"], "sort": "name", "page": "2"},
    ):
        refused = await client.get("/api/customers", params=params)
        assert refused.status_code == 422, refused.text
        assert refused.json()["detail"][0]["loc"] == ["query", "after"]
    assert after(cursor_at({}, [("_id", -1)], OPTIONS), [("_id", -1)], OPTIONS) == {
        "_id": {"$in": []}
    }


@pytest.mark.usefixtures("people")
async def test_a_total_is_counted_on_demand_only(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0
    count = Store.count

    async def counted(self: Any, *args: Any, **options: Any) -> int:
        nonlocal calls
        calls += 1
        return await count(self, *args, **options)

    monkeypatch.setattr(Store, "count", counted)
    for params, total, counts in [
        ("page_size=3", None, 0),
        ("page_size=3&with_total=true", 4, 1),
        # The last page shows it.
        ("page_size=3&page=2", 4, 0),
        ("page_size=4", 4, 0),
        ("page_size=3&page=9", None, 0),
        ("page_size=3&page=9&with_total=1", 4, 1),
        ("name=nobody", 0, 0),
    ]:
        calls = 0
        answer = (await client.get(f"/api/customers?{params}")).json()
        assert (answer["total"], calls) == (total, counts), params
    assert (await client.get("/api/customers:count?age=20")).json() == {"count": 2}
    assert (await client.get("/api/customers:count?ag=20")).status_code == 422


@pytest.mark.usefixtures("people")
async def test_parts_of_documents(client: httpx.AsyncClient) -> None:
    page = await client.get("/api/customers?fields=name,address.city,label&name=Cy (c)")
    (item,) = page.json()["items"]
    wanted = {"name": "Cy (c)", "address": {"city": "Rome"}, "label": "Cy (c) <cy@y.org>"}
    assert item == {"id": item["id"], **wanted}
    one = await client.get(f"/api/customers/{item['id']}?fields=address")
    assert one.json() == {
        "id": item["id"],
        "address": {"street": "", "city": "Rome", "zip": "00100"},
    }
    assert one.headers["etag"]
    for query, message in [
        ("fields=nam", "did you mean 'name'"),
        ("fields=", "no field ''"),
        ("fields=password", "no field 'password'"),
        ("fields=orders", "no field 'orders'"),
        ("fields=name&fields=age", "given twice"),
        ("field=name", "did you mean 'fields'"),
    ]:
        for path in ("/api/customers", f"/api/customers/{item['id']}"):
            answer = await client.get(f"{path}?{query}")
            assert answer.status_code == 422
            assert message in answer.json()["detail"][0]["msg"], answer.text


@pytest.fixture
async def orders(client: httpx.AsyncClient, people: list[str]) -> list[str]:
    pens = [
        (await client.post("/api/products", json={"title": title})).json()["id"]
        for title in ("Pen", "Ink")
    ]
    bodies: list[dict[str, Any]] = [
        {"number": number, "customer": people[number % 2], "products": pens[: number % 3]}
        for number in range(6)
    ]
    bodies[3]["gift_from"] = people[2]
    answers = [await client.post("/api/orders", json=body) for body in bodies]
    return [answer.json()["id"] for answer in answers]


async def test_links_are_followed_with_one_query_each(
    client: httpx.AsyncClient, orders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    queries: list[str] = []
    for name in ("many", "some"):
        asks = getattr(Store, name)

        def counted(self: Any, *args: Any, asks: Any = asks, **options: Any) -> Any:
            queries.append(self.document.__name__)
            return asks(self, *args, **options)

        monkeypatch.setattr(Store, name, counted)
    answer = await client.get("/api/orders?expand=customer,products,gift_from&sort=number")
    items = answer.json()["items"]
    assert sorted(queries) == ["Customer", "Customer", "Order", "Product"]
    assert [item["customer"]["name"] for item in items] == ["Ada", "Bob"] * 3
    assert [[p["title"] for p in item["products"]] for item in items[:3]] == [
        [],
        ["Pen"],
        ["Pen", "Ink"],
    ]
    assert [item["gift_from"] and item["gift_from"]["name"] for item in items[2:4]] == [
        None,
        "Cy (c)",
    ]
    one = await client.get(f"/api/orders/{orders[3]}?expand=customer&fields=number,customer.name")
    assert one.json() == {
        "id": orders[3],
        "number": 3,
        "customer": {"name": "Bob"},
    }
    # Its revision is not that of the order alone.
    assert "etag" not in one.headers


async def test_a_link_to_nothing_stays_an_id(
    client: httpx.AsyncClient, orders: list[str], people: list[str]
) -> None:
    await client.delete(f"/api/customers/{people[0]}")
    answer = await client.get(f"/api/orders/{orders[0]}?expand=customer")
    assert answer.json()["customer"] == people[0]


@pytest.mark.parametrize(
    ("expand", "message"),
    [
        ("custmer", "did you mean 'customer'"),
        ("number", "is no link; use customer, products, gift_from"),
        ("customer.orders", "is no link; use none: it has no links"),
        ("", "is no link"),
        ("customer,,products", "is no link"),
        ("$lookup", "is no link"),
    ],
)
async def test_links_that_are_none(client: httpx.AsyncClient, expand: str, message: str) -> None:
    answer = await client.get("/api/orders", params={"expand": expand})
    assert answer.status_code == 422, answer.text
    assert message in answer.json()["detail"][0]["msg"]
