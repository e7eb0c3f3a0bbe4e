"""Customer over HTTP."""

from typing import Annotated, Any

from beanie import PydanticObjectId
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api import ListQuery, Resource
from sampleshop.generated.documents import Customer

customers = Resource(Customer, page_size=20, max_page_size=100)
router = APIRouter(prefix="/api/customers", tags=["Customer"])


@router.get("", operation_id="list_customers", **customers.routes.list)
async def list_customers(query: Annotated[ListQuery, Depends(customers.query)]) -> Response:
    return await customers.list(query)


@router.get(":count", operation_id="count_customers", **customers.routes.count)
async def count_customers(query: Annotated[ListQuery, Depends(customers.query)]) -> Response:
    return await customers.count(query)


@router.get(":export", operation_id="export_customers", **customers.routes.export)
async def export_customers(request: Request) -> Response:
    return await customers.export(request)


@router.post(":bulk_create", operation_id="bulk_create_customers", **customers.routes.bulk)
async def bulk_create_customers(
    items: Annotated[list[Any], Depends(customers.creations)],
    request: Request,
) -> Response:
    return await customers.bulk_create(items, request)


@router.post(":bulk_patch", operation_id="bulk_patch_customers", **customers.routes.bulk)
async def bulk_patch_customers(
    items: Annotated[list[Any], Depends(customers.patches)],
    request: Request,
) -> Response:
    return await customers.bulk_patch(items, request)


@router.post(":bulk_delete", operation_id="bulk_delete_customers", **customers.routes.bulk)
async def bulk_delete_customers(
    items: Annotated[list[Any], Depends(customers.deletions)],
    request: Request,
) -> Response:
    return await customers.bulk_delete(items, request)


@router.get("/{id}", operation_id="get_customer", **customers.routes.get)
async def get_customer(id: PydanticObjectId, request: Request) -> Response:  # noqa: A002
    return await customers.get(id, request)


@router.post("", operation_id="create_customer", **customers.routes.create)
async def create_customer(
    document: Annotated[Customer, Depends(customers.new)],
    request: Request,
) -> Response:
    return await customers.create(document, request)


@router.put("/{id}", operation_id="replace_customer", **customers.routes.replace)
async def replace_customer(
    id: PydanticObjectId,  # noqa: A002
    values: Annotated[dict[str, Any], Depends(customers.replacement)],
    request: Request,
) -> Response:
    return await customers.replace(id, values, request)


@router.patch("/{id}", operation_id="patch_customer", **customers.routes.patch)
async def patch_customer(
    id: PydanticObjectId,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(customers.changes)],
    request: Request,
) -> Response:
    return await customers.patch(id, changes, request)


@router.delete("/{id}", operation_id="delete_customer", **customers.routes.delete)
async def delete_customer(id: PydanticObjectId, request: Request) -> Response:  # noqa: A002
    return await customers.delete(id, request)
