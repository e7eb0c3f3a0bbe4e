"""The ASGI application: `uvicorn sampleshop.generated.generated_api:app`."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from pulpo_base.api import (
    background_runs,
    catalogue_router,
    flows_router,
    health_router,
    runs_router,
)
from pulpo_base.database import connected
from sampleshop.generated import countries, customers, operations, orders, products
from sampleshop.generated.documents import DOCUMENTS
from sampleshop.generated.flows import RUNTIME


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    url, name = os.environ["PULPO_MONGODB_URL"], os.environ["PULPO_MONGODB_DATABASE"]
    async with (
        connected(url, name, DOCUMENTS) as database,
        background_runs(database, beat=0.05) as runs,
    ):
        app.state.database = database
        app.state.runs = runs
        gc.collect()
        gc.freeze()
        yield


app = FastAPI(title="Shop", lifespan=lifespan)
app.include_router(health_router(details={"name": "shop"}))
app.include_router(
    catalogue_router(models=[{"name": "Customer"}], operations=[{"name": "orders.place"}])
)
app.include_router(customers.router)
app.include_router(orders.router)
app.include_router(products.router)
app.include_router(countries.router)
app.include_router(operations.router)
app.include_router(operations.background)
app.include_router(flows_router(RUNTIME))
app.include_router(runs_router())
