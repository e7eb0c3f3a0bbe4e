"""The same endpoints by libraries that make an API of a description, as their pages show it."""

# ruff: noqa: PLC0415 - each of them is installed where it runs

import os
from typing import Annotated, Any

URL, DATABASE = os.environ["PULPO_MONGODB_URL"], os.environ["PULPO_MONGODB_DATABASE"]


def crudrouter() -> Any:
    """fastapi-crudrouter-mongodb: Motor and pydantic."""
    from datetime import datetime

    from bson import ObjectId
    from fastapi import FastAPI
    from fastapi_crudrouter_mongodb import CRUDRouter, MongoModel, MongoObjectId
    from motor.motor_asyncio import AsyncIOMotorClient
    from pydantic import BaseModel, Field

    class Maker(BaseModel):
        name: str
        country: str

    class Item(MongoModel):  # type: ignore[misc]  # its types are unknown here
        id: Annotated[ObjectId, MongoObjectId] | None = None
        sku: str
        title: str
        price: float
        stock: int
        labels: list[str] = Field(default_factory=list)
        maker: Maker
        created_at: datetime
        text: str = ""

    app = FastAPI()
    database = AsyncIOMotorClient(URL)[DATABASE]
    app.include_router(
        CRUDRouter(model=Item, db=database, collection_name="items", prefix="/api/items")
    )
    return app


def eve() -> Any:
    """Eve: Flask and Cerberus."""
    from eve import Eve

    return Eve(
        settings={
            "MONGO_URI": URL.replace("/?", f"/{DATABASE}?"),
            "URL_PREFIX": "api",
            "RESOURCE_METHODS": ["GET", "POST"],
            "PAGINATION_DEFAULT": 20,
            "RENDERERS": ["eve.render.JSONRenderer"],
            "DOMAIN": {
                "items": {
                    "schema": {
                        "sku": {"type": "string", "required": True},
                        "title": {"type": "string", "minlength": 1, "maxlength": 200},
                        "price": {"type": "number", "min": 0},
                        "stock": {"type": "integer", "min": 0},
                        "labels": {"type": "list", "schema": {"type": "string"}},
                        "maker": {
                            "type": "dict",
                            "schema": {"name": {"type": "string"}, "country": {"type": "string"}},
                        },
                        "created_at": {"type": "string"},
                        "text": {"type": "string"},
                    }
                }
            },
        }
    )
