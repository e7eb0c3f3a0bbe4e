"""A real MongoDB, emptied for each test, and a small shop in it."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from beanie import PydanticObjectId
from pulpo_base import invoke
from pulpo_base.database import LocalMongod, connected
from pymongo import MongoClient
from pymongo.asynchronous.database import AsyncDatabase

# The shop's modules are imported from its own folder, as in every project.
sys.path.insert(0, str(Path(__file__).parent.parent))

import models
from models import Category, Customer, Product
from models.base import Address, id_of
from operations import orders

BERLIN = Address(street="Lindenweg 1", city="Berlin", postal_code="10115", country="DE")


@pytest.fixture(scope="session")
def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of `PULPO_MONGODB_URL`, or one that lives as long as the tests."""
    given = os.environ.get("PULPO_MONGODB_URL")
    if given:
        yield given
        return
    with LocalMongod(tmp_path_factory.mktemp("mongod") / "data") as server:
        yield server.url


@pytest.fixture(scope="session")
def database_name(mongodb_url: str) -> Iterator[str]:
    name = f"shop_test_{secrets.token_hex(6)}"
    yield name
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        client.drop_database(name)


@pytest.fixture
async def database(
    mongodb_url: str, database_name: str
) -> AsyncIterator[AsyncDatabase[dict[str, Any]]]:
    """An empty database; its indexes stay from test to test, as making them takes longest."""
    documents = [getattr(models, model) for model in models.__all__]
    async with connected(mongodb_url, database_name, documents) as database:
        for document in documents:
            await document.delete_all()
        yield database


@dataclass
class Shop:
    """A shop with one customer and two products, and the ways of an order through it."""

    customer: Customer
    mug: Product
    tee: Product
    database: AsyncDatabase[dict[str, Any]]

    async def placed(self, **quantities: int) -> PydanticObjectId:
        """Place an order, `MUG_1=2` for two pieces of MUG-1, and return its id."""
        lines = [{"sku": sku.replace("_", "-"), "quantity": n} for sku, n in quantities.items()]
        answer = await invoke(
            orders.place, {"customer_id": str(id_of(self.customer)), "lines": lines}
        )
        return PydanticObjectId(answer.order_id)

    async def confirmed(self, order_id: PydanticObjectId) -> Any:
        """Run the subflow `orders.checkout` and return the quote."""
        reservation, quote = await asyncio.gather(
            invoke(orders.reserve_stock, {"order_id": order_id}),
            invoke(orders.price, {"order_id": order_id}),
        )
        await invoke(
            orders.confirm, {"order_id": order_id, "quote": quote, "pieces": reservation.pieces}
        )
        return quote

    async def delivered(self, **quantities: int) -> tuple[PydanticObjectId, Any]:
        """Run the flow `orders` and return the order's id and the receipt."""
        order_id = await self.placed(**quantities)
        quote = await self.confirmed(order_id)
        paid = await invoke(orders.pay, {"order_id": order_id, "amount": quote.total})
        shipped, reward = await asyncio.gather(
            invoke(orders.ship, {"order_id": order_id, "carrier": "courier"}),
            invoke(orders.reward, {"payment_id": paid.payment_id}),
        )
        receipt = await invoke(
            orders.receipt,
            {
                "order_id": order_id,
                "payment_id": paid.payment_id,
                "shipment_id": shipped.shipment_id,
                "reward": reward,
            },
        )
        return order_id, receipt

    async def stored(self, model: type[Any], document_id: Any) -> Any:
        """Return a document as the database has it now."""
        found = await model.get(document_id)
        assert found is not None, f"no {model.__name__} {document_id} in the database"
        return found

    async def stock(self) -> tuple[int, int]:
        """Return how many mugs and tees are on the shelf."""
        mug = await self.stored(Product, self.mug.id)
        tee = await self.stored(Product, self.tee.id)
        return mug.stock, tee.stock


@pytest.fixture
async def shop(database: AsyncDatabase[dict[str, Any]]) -> Shop:
    customer = await Customer(email="ada@example.org", name="Ada", address=BERLIN).insert()
    shelf = await Category(slug="home", title="Home").insert()
    mug = Product(sku="MUG-1", title="Mug", category=shelf, cost="4.10", price="9.99", stock=10)
    tee = Product(sku="TEE-1", title="Tee", category=shelf, cost="6.00", price="14.50", stock=3)
    return Shop(customer, await mug.insert(), await tee.insert(), database)
