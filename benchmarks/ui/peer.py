"""The customers of the shop in starlette-admin: run by `lists.py` in the folder of the shop."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from beanie import init_beanie
from models.customer import Customer  # type: ignore[import-not-found]
from models.order import Order  # type: ignore[import-not-found]
from models.review import Review  # type: ignore[import-not-found]
from pymongo import AsyncMongoClient
from starlette.applications import Starlette
from starlette_admin.contrib.beanie import Admin, ModelView


class Customers(ModelView):  # type: ignore[misc]
    """What our list shows, twenty to a page."""

    page_size = 20
    fields = ("id", "email", "name", "tier", "points")


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(os.environ["PULPO_MONGODB_URL"])
    database = client[os.environ["PULPO_MONGODB_DATABASE"]]
    await init_beanie(database=database, document_models=[Customer, Order, Review])
    yield
    await client.close()


app = Starlette(lifespan=lifespan)
admin = Admin(title="Shop")
admin.add_view(Customers(Customer))
admin.mount_to(app)
