"""Product over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api import ListQuery, Resource
from sampleshop.generated.documents import Product

products = Resource(Product, page_size=20, max_page_size=100)
router = APIRouter(prefix="/api/products", tags=["Product"])


@router.get("", operation_id="list_products", **products.routes.list)
async def list_products(query: Annotated[ListQuery, Depends(products.query)]) -> Response:
    return await products.list(query)


@router.get(":count", operation_id="count_products", **products.routes.count)
async def count_products(query: Annotated[ListQuery, Depends(products.query)]) -> Response:
    return await products.count(query)


@router.get(":export", operation_id="export_products", **products.routes.export)
async def export_products(request: Request) -> Response:
    return await products.export(request)


@router.post(":bulk_create", operation_id="bulk_create_products", **products.routes.bulk)
async def bulk_create_products(
    items: Annotated[list[Any], Depends(products.creations)],
    request: Request,
) -> Response:
    return await products.bulk_create(items, request)


@router.post(":bulk_patch", operation_id="bulk_patch_products", **products.routes.bulk)
async def bulk_patch_products(
    items: Annotated[list[Any], Depends(products.patches)],
    request: Request,
) -> Response:
    return await products.bulk_patch(items, request)


@router.post(":bulk_delete", operation_id="bulk_delete_products", **products.routes.bulk)
async def bulk_delete_products(
    items: Annotated[list[Any], Depends(products.deletions)],
    request: Request,
) -> Response:
    return await products.bulk_delete(items, request)


@router.get("/{id}", operation_id="get_product", **products.routes.get)
async def get_product(id: UUID, request: Request) -> Response:  # noqa: A002
    return await products.get(id, request)


@router.post("", operation_id="create_product", **products.routes.create)
async def create_product(
    document: Annotated[Product, Depends(products.new)],
    request: Request,
) -> Response:
    return await products.create(document, request)


@router.put("/{id}", operation_id="replace_product", **products.routes.replace)
async def replace_product(
    id: UUID,  # noqa: A002
    values: Annotated[dict[str, Any], Depends(products.replacement)],
    request: Request,
) -> Response:
    return await products.replace(id, values, request)


@router.patch("/{id}", operation_id="patch_product", **products.routes.patch)
async def patch_product(
    id: UUID,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(products.changes)],
    request: Request,
) -> Response:
    return await products.patch(id, changes, request)


@router.delete("/{id}", operation_id="delete_product", **products.routes.delete)
async def delete_product(id: UUID, request: Request) -> Response:  # noqa: A002
    return await products.delete(id, request)
