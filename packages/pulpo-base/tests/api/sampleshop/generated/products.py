"""Product over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends

from pulpo_base.api import ListQuery, Resource
from sampleshop.generated.documents import Product

products = Resource(Product, page_size=20, max_page_size=100)
router = APIRouter(prefix="/api/products", tags=["Product"])


@router.get(
    "",
    response_model=products.Page,
    operation_id="list_products",
    openapi_extra=products.list_openapi,
    summary="List of Product",
)
async def list_products(query: Annotated[ListQuery, Depends(products.query)]) -> Any:
    return await products.list(query)


@router.get(
    "/{id}", response_model=products.Read, operation_id="get_product", summary="One Product"
)
async def get_product(id: UUID) -> Any:  # noqa: A002
    return await products.get(id)


@router.post(
    "",
    status_code=201,
    response_model=products.Read,
    operation_id="create_product",
    summary="Create a Product",
)
async def create_product(document: Annotated[Product, Depends(products.new)]) -> Any:
    return await products.create(document)


@router.put(
    "/{id}",
    response_model=products.Read,
    operation_id="replace_product",
    summary="Replace a Product",
)
async def replace_product(
    id: UUID,  # noqa: A002
    values: Annotated[dict[str, Any], Depends(products.replacement)],
) -> Any:
    return await products.replace(id, values)


@router.patch(
    "/{id}",
    response_model=products.Read,
    operation_id="patch_product",
    summary="Change a Product",
)
async def patch_product(
    id: UUID,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(products.changes)],
) -> Any:
    return await products.patch(id, changes)


@router.delete("/{id}", status_code=204, operation_id="delete_product", summary="Delete a Product")
async def delete_product(id: UUID) -> None:  # noqa: A002
    await products.delete(id)
