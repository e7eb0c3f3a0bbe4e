"""Beanie is connected once per event loop, shared, given back, and never taken from a host."""

import asyncio
import gc
from typing import Annotated, Any, ClassVar

import pytest
from beanie import Document, Indexed, Link, init_beanie
from beanie.exceptions import CollectionWasNotInitialized
from pydantic import Field
from pymongo import AsyncMongoClient, monitoring
from pymongo.errors import DuplicateKeyError, ServerSelectionTimeoutError

from pulpo_base import DataModelBase, datamodel
from pulpo_base.database import connected


class Owner(Document):
    name: str

    class Settings:
        name = "owners"


@datamodel(indexes=[("owner", "label"), {"fields": ["number"], "unique": True, "name": "no"}])
class Box(Document, DataModelBase):
    label: Annotated[str, Indexed()]
    number: int = Field(alias="boxNumber")
    size: int = 0
    owner: Link[Owner] | None = None

    @classmethod
    def indexes(cls) -> list[dict[str, Any]]:
        return [{"fields": ["size"]}, {"fields": ["label"]}]

    class Settings:
        name = "boxes"


DOCUMENTS: list[type[Document]] = [Owner, Box]


def mongo(url: str) -> AsyncMongoClient[dict[str, Any]]:
    return AsyncMongoClient(url, serverMonitoringMode="poll")


async def test_it_connects_and_lets_go(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, DOCUMENTS) as database:
        assert database.name == database_name
        await Owner(name="Ada").insert()
        assert await database["owners"].count_documents({}) == 1
    with pytest.raises(CollectionWasNotInitialized):
        Owner(name="Ada")


async def test_nested_and_concurrent_uses_share_one_client(
    mongodb_url: str, database_name: str
) -> None:
    async def use(seconds: float) -> Any:
        async with connected(mongodb_url, database_name, DOCUMENTS) as database:
            await asyncio.sleep(seconds)
            await Owner(name="Ada").insert()
            async with connected(mongodb_url, database_name, [Owner]) as inner:
                assert inner.client is database.client
            await Owner(name="Bob").insert()
            return database.client

    clients = await asyncio.gather(*(use(n / 50) for n in range(5)))
    assert len({id(client) for client in clients}) == 1
    async with connected(mongodb_url, database_name, DOCUMENTS) as database:
        assert database.client is not clients[0]
        assert await Owner.count() == 10


async def test_documents_may_join_later(mongodb_url: str, database_name: str) -> None:
    async with (
        connected(mongodb_url, database_name, [Owner]),
        connected(mongodb_url, database_name, DOCUMENTS),
    ):
        await Box(label="a", boxNumber=1).insert()


async def test_another_database_on_one_loop_is_refused(
    mongodb_url: str, database_name: str
) -> None:
    async with connected(mongodb_url, database_name, DOCUMENTS):
        with pytest.raises(RuntimeError, match="is connected to the database"):
            async with connected(mongodb_url, "other", DOCUMENTS):
                pass
        await Owner(name="Ada").insert()


def test_each_loop_gets_a_client_of_its_own(mongodb_url: str, database_name: str) -> None:
    async def insert() -> int:
        async with connected(mongodb_url, database_name, DOCUMENTS):
            await Owner(name="Ada").insert()
            return await Owner.count()

    assert [asyncio.run(insert()) for _ in range(3)] == [1, 2, 3]


async def test_a_second_loop_gives_the_documents_back(mongodb_url: str, database_name: str) -> None:
    async def insert() -> None:
        async with connected(mongodb_url, database_name, DOCUMENTS):
            await Owner(name="in a thread").insert()

    async with connected(mongodb_url, database_name, DOCUMENTS):
        await asyncio.to_thread(asyncio.run, insert())
        assert await Owner.count() == 1


async def test_a_host_application_keeps_its_connection(
    mongodb_url: str, database_name: str
) -> None:
    async with mongo(mongodb_url) as client:
        await init_beanie(database=client[database_name], document_models=DOCUMENTS)
        async with connected("mongodb://127.0.0.1:1", "nowhere", DOCUMENTS) as database:
            assert database.name == database_name
            await Owner(name="Ada").insert()
        assert await Owner.count() == 1


async def test_a_client_that_a_host_closed_is_not_used(
    mongodb_url: str, database_name: str
) -> None:
    async with mongo(mongodb_url) as client:
        await init_beanie(database=client["earlier"], document_models=DOCUMENTS)
    async with connected(mongodb_url, database_name, DOCUMENTS) as database:
        assert database.name == database_name
        await Owner(name="Ada").insert()


async def test_declared_indexes_are_created(mongodb_url: str, database_name: str) -> None:
    for _ in range(2):
        async with connected(mongodb_url, database_name, DOCUMENTS) as database:
            found = await database["boxes"].index_information()
            keys = {name: tuple(facts["key"]) for name, facts in found.items()}
            assert keys == {
                "_id_": (("_id", 1),),
                "label_1": (("label", 1),),
                "owner.$id_1_label_1": (("owner.$id", 1), ("label", 1)),
                "no": (("boxNumber", 1),),
                "size_1__id_1": (("size", 1), ("_id", 1)),
                "label_1__id_1": (("label", 1), ("_id", 1)),
            }
            assert found["no"]["unique"] is True
            await database["boxes"].delete_many({})
            await Box(label="a", boxNumber=1).insert()
            with pytest.raises(DuplicateKeyError):
                await Box(label="b", boxNumber=1).insert()


@pytest.mark.parametrize("way", [1, -1])
async def test_a_list_in_the_order_of_an_indexed_field_is_read_from_the_index(
    mongodb_url: str, database_name: str, way: int
) -> None:
    async with connected(mongodb_url, database_name, DOCUMENTS) as database:
        for number in range(10):
            await Box(label="a", boxNumber=number, size=number % 3).insert()
        found = database["boxes"].find({}).sort([("size", way), ("_id", way)]).limit(2)
        plan = str((await found.explain())["queryPlanner"]["winningPlan"])

    assert "size_1__id_1" in plan
    assert "SORT" not in plan
    assert "COLLSCAN" not in plan


async def test_a_contradicting_index_is_an_error_that_names_it(
    mongodb_url: str, database_name: str
) -> None:
    async with mongo(mongodb_url) as client:
        await client[database_name]["boxes"].create_index("boxNumber")
    with pytest.raises(RuntimeError, match="Box: a unique index on number is declared"):
        async with connected(mongodb_url, database_name, DOCUMENTS):
            pass
    async with connected(mongodb_url, database_name, [Owner]):
        await Owner(name="Ada").insert()


async def test_a_bad_index_definition_names_the_document(
    mongodb_url: str, database_name: str
) -> None:
    class Bad(Document, DataModelBase):
        searchable_fields: ClassVar[list[str]] = []

        @classmethod
        def indexes(cls) -> list[dict[str, Any]]:
            return [{"field": "name"}]

    with pytest.raises(ValueError, match=r"Bad\.indexes\(\): unknown index option 'field'"):
        async with connected(mongodb_url, database_name, [Bad]):
            pass


# PyMongo drops a socket where its client is closed while a refused connection is under way.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)
async def test_no_server_is_an_error_and_leaves_nothing(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulpo_base.database.connection._SERVER_SELECTION_MS", 200)
    with pytest.raises(ServerSelectionTimeoutError):
        async with connected("mongodb://127.0.0.1:1", database_name, DOCUMENTS):
            pass
    gc.collect()
    async with connected(mongodb_url, database_name, DOCUMENTS):
        await Owner(name="Ada").insert()


async def test_no_timeout_cuts_the_build_of_an_index_off(
    mongodb_url: str, database_name: str
) -> None:
    class Commands(monitoring.CommandListener):
        def __init__(self) -> None:
            self.limited: dict[str, list[bool]] = {}

        def started(self, event: monitoring.CommandStartedEvent) -> None:
            limited = "maxTimeMS" in event.command
            self.limited.setdefault(event.command_name, []).append(limited)

        def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

        def failed(self, event: monitoring.CommandFailedEvent) -> None: ...

    commands = Commands()
    async with connected(
        mongodb_url, database_name, DOCUMENTS, timeout_ms=10_000, event_listeners=[commands]
    ):
        await Owner(name="Ada").insert()
        await Box.count()
    assert len(commands.limited["createIndexes"]) > 1  # Beanie's, and ours
    assert not any(commands.limited["createIndexes"])
    assert all(commands.limited["insert"] + commands.limited["aggregate"])


async def test_an_index_that_cannot_be_built_says_what_to_do(
    mongodb_url: str, database_name: str
) -> None:
    async with mongo(mongodb_url) as client:
        await client[database_name]["boxes"].insert_many([{"boxNumber": 1}, {"boxNumber": 1}])
    with pytest.raises(DuplicateKeyError) as caught:
        async with connected(mongodb_url, database_name, DOCUMENTS):
            pass
    assert "./main db init" in "".join(caught.value.__notes__)
