"""How often somebody may ask, and for how long the database."""

from typing import Any

import pytest
from pymongo.errors import ExecutionTimeout, NetworkTimeout, PyMongoError

from pulpo_base.api.security.principals import Principal
from pulpo_base.api.security.rates import RateLimit, client_of
from pulpo_base.api.security.reach import stays_here
from pulpo_base.database import connected


class Clock:
    now = 5_000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    limit = RateLimit(6, clock=clock)
    assert [limit.take("a") for _ in range(6)] == [0] * 6
    assert limit.take("a") == pytest.approx(10)
    assert limit.take("b") == 0
    clock.now += 9.9
    assert limit.take("a") == pytest.approx(0.1)
    clock.now += 0.2
    assert limit.take("a") == 0
    assert limit.take("a") > 9
    clock.now += 3_600
    assert [limit.take("a") for _ in range(7)][5:] == [0, pytest.approx(10)]


def test_memory_is_bounded_and_who_asks_is_remembered() -> None:
    limit = RateLimit(1, most=100, clock=Clock())
    assert limit.take("busy") == 0
    for number in range(1_000):
        limit.take(f"client {number}")
        if number % 50 == 0:
            # Who waits and goes on asking is not forgotten for others' sake.
            assert limit.take("busy") > 0
    assert len(limit) == 100


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("a-socket", "a-socket"),
        (None, ""),
    ],
)
def test_clients_are_networks(host: str | None, name: str) -> None:
    assert client_of(host) == name


def test_permissions_with_stars() -> None:
    who = Principal("api_key", "1", permissions=frozenset({"orders:*", "a:b:c"}))
    assert who.may(["orders:cancel", "orders:lines:add", "a:b:c"])
    assert not who.may(["orders"])
    assert not who.may(["ordersx:cancel"])
    assert not who.may(["a:b"])
    assert not who.may(["orders:cancel", "other"])
    assert Principal("jwt", "1", permissions=frozenset({"*"})).may(["anything"])


def test_what_is_no_network_is_here() -> None:
    assert stays_here("/run/api.sock", b"example.org")
    assert stays_here("::1", b"localhost:80")
    assert not stays_here("127.0.0.1", b"localhost.example.org")
    assert not stays_here("127.0.0.1", b"[")
    assert not stays_here("192.0.2.1", b"localhost")


async def test_an_operation_on_the_database_ends_in_time(
    mongodb_url: str, database_name: str
) -> None:
    async with connected(mongodb_url, database_name, (), timeout_ms=200) as database:
        things: Any = database["things"]
        await things.insert_many([{"number": number} for number in range(300)])
        slow = {"$where": "sleep(50) || true"}
        with pytest.raises(PyMongoError) as raised:
            await things.find(slow).to_list()
        assert isinstance(raised.value, ExecutionTimeout | NetworkTimeout)
        assert raised.value.timeout
        # Each trip to the server has the time anew: a long export does not end early.
        found = [item async for item in things.find({}, batch_size=10).sort("number")]
        assert len(found) == 300
