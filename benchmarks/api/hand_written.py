"""The same three endpoints written by hand: as fast as FastAPI allows, and as most people do."""

from __future__ import annotations

import gc
import os
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Any

from beanie import Document, Indexed, init_beanie
from bson import ObjectId
from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter
from pymongo import AsyncMongoClient
from starlette.requests import Request
from starlette.responses import Response

URL, DATABASE = os.environ["PULPO_MONGODB_URL"], os.environ["PULPO_MONGODB_DATABASE"]


class Maker(BaseModel):
    name: str
    country: str


class NewItem(BaseModel):
    sku: str
    title: str = Field(min_length=1, max_length=200)
    price: float = Field(ge=0)
    stock: int = Field(ge=0)
    labels: list[str] = Field(default_factory=list)
    maker: Maker
    created_at: datetime
    text: str = ""


class ItemOut(NewItem):
    id: Annotated[str, BeforeValidator(str), Field(validation_alias="_id")]


class Page(BaseModel):
    items: list[ItemOut]
    total: int | None
    page: int
    page_size: int
    next: str | None


class Item(Document):
    sku: Annotated[str, Indexed()]
    title: str = Field(min_length=1, max_length=200)
    price: float = Field(ge=0)
    stock: int = Field(ge=0)
    labels: list[str] = Field(default_factory=list)
    maker: Maker
    created_at: datetime
    text: str = ""

    class Settings:
        name = "items"


def best() -> FastAPI:
    """PyMongo and pydantic-core straight to bytes; ETag, pages and cursors as ours have them."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(URL, tz_aware=True)
    items = client[DATABASE]["items"]
    one, page_of = TypeAdapter(ItemOut), TypeAdapter(Page)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await client.aconnect()
        gc.collect()
        gc.freeze()
        yield
        await client.close()

    app = FastAPI(lifespan=lifespan)

    def answer(content: bytes, status: int = 200, **headers: str) -> Response:
        tag = urlsafe_b64encode(blake2b(content, digest_size=12).digest()).decode()
        return Response(content, status, {"ETag": f'"{tag}"', **headers}, "application/json")

    @app.get("/api/items/{id}", response_model=ItemOut)
    async def get(id: str, request: Request) -> Response:  # noqa: A002
        if not ObjectId.is_valid(id):
            raise HTTPException(422)
        found = await items.find_one({"_id": ObjectId(id)})
        if found is None:
            raise HTTPException(404)
        response = answer(one.dump_json(one.validate_python(found)))
        if request.headers.get("if-none-match") == response.headers["etag"]:
            return Response(None, 304)
        return response

    @app.get("/api/items", response_model=Page)
    async def list_(
        page: Annotated[int, Query(ge=1)] = 1,
        page_size: Annotated[int, Query(ge=1, le=100)] = 20,
        sku: str | None = None,
    ) -> Response:
        cursor = items.find({} if sku is None else {"sku": sku}, sort=[("_id", 1)])
        found = await cursor.skip((page - 1) * page_size).limit(page_size + 1).to_list()
        more, found = len(found) > page_size, found[:page_size]
        after = urlsafe_b64encode(found[-1]["_id"].binary).decode() if more else None
        values = {
            "items": found,
            "total": None if more else (page - 1) * page_size + len(found),
            "page": page,
            "page_size": page_size,
            "next": after,
        }
        content = page_of.dump_json(page_of.validate_python(values))
        return Response(content, media_type="application/json")

    @app.post("/api/items", status_code=201, response_model=ItemOut)
    async def create(item: NewItem) -> Response:
        values = {"_id": ObjectId(), **item.model_dump()}
        await items.insert_one(values)
        content = one.dump_json(one.validate_python(values))
        return answer(content, 201, Location=f"/api/items/{values['_id']}")

    return app


def usual() -> FastAPI:
    """A Beanie document as `response_model`: what Beanie's and FastAPI's tutorials show."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(URL, tz_aware=True)
        await init_beanie(database=client[DATABASE], document_models=[Item])
        yield
        await client.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/api/items/{id}", response_model=Item)
    async def get(id: str) -> Any:  # noqa: A002
        found = await Item.get(id)
        if found is None:
            raise HTTPException(404)
        return found

    @app.get("/api/items", response_model=list[Item])
    async def list_(skip: int = 0, limit: int = 20) -> Any:
        return await Item.find_all(skip=skip, limit=limit).to_list()

    @app.post("/api/items", status_code=201, response_model=Item)
    async def create(item: Item) -> Any:
        return await item.insert()

    return app
