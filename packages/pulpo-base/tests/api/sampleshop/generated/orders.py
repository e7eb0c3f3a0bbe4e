"""Order over HTTP."""

from typing import Annotated, Any

from beanie import PydanticObjectId
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api import ListQuery, Resource
from sampleshop.generated.documents import Order

orders = Resource(Order, page_size=20, max_page_size=100)
router = APIRouter(prefix="/api/orders", tags=["Order"])


@router.get("", operation_id="list_orders", **orders.routes.list)
async def list_orders(query: Annotated[ListQuery, Depends(orders.query)]) -> Response:
    return await orders.list(query)


@router.get(":count", operation_id="count_orders", **orders.routes.count)
async def count_orders(query: Annotated[ListQuery, Depends(orders.query)]) -> Response:
    return await orders.count(query)


@router.get(":export", operation_id="export_orders", **orders.routes.export)
async def export_orders(request: Request) -> Response:
    return await orders.export(request)


@router.post(":bulk_create", operation_id="bulk_create_orders", **orders.routes.bulk)
async def bulk_create_orders(
    items: Annotated[list[Any], Depends(orders.creations)],
    request: Request,
) -> Response:
    return await orders.bulk_create(items, request)


@router.post(":bulk_patch", operation_id="bulk_patch_orders", **orders.routes.bulk)
async def bulk_patch_orders(
    items: Annotated[list[Any], Depends(orders.patches)],
    request: Request,
) -> Response:
    return await orders.bulk_patch(items, request)


@router.post(":bulk_delete", operation_id="bulk_delete_orders", **orders.routes.bulk)
async def bulk_delete_orders(
    items: Annotated[list[Any], Depends(orders.deletions)],
    request: Request,
) -> Response:
    return await orders.bulk_delete(items, request)


@router.get("/{id}", operation_id="get_order", **orders.routes.get)
async def get_order(id: PydanticObjectId, request: Request) -> Response:  # noqa: A002
    return await orders.get(id, request)


@router.post("", operation_id="create_order", **orders.routes.create)
async def create_order(
    document: Annotated[Order, Depends(orders.new)],
    request: Request,
) -> Response:
    return await orders.create(document, request)


@router.put("/{id}", operation_id="replace_order", **orders.routes.replace)
async def replace_order(
    id: PydanticObjectId,  # noqa: A002
    values: Annotated[dict[str, Any], Depends(orders.replacement)],
    request: Request,
) -> Response:
    return await orders.replace(id, values, request)


@router.patch("/{id}", operation_id="patch_order", **orders.routes.patch)
async def patch_order(
    id: PydanticObjectId,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(orders.changes)],
    request: Request,
) -> Response:
    return await orders.patch(id, changes, request)


@router.delete("/{id}", operation_id="delete_order", **orders.routes.delete)
async def delete_order(id: PydanticObjectId, request: Request) -> Response:  # noqa: A002
    return await orders.delete(id, request)
