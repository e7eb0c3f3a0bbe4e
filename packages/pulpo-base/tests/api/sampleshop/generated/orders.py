"""Order over HTTP."""

from typing import Annotated, Any

from beanie import PydanticObjectId
from fastapi import APIRouter, Depends

from pulpo_base.api import ListQuery, Resource
from sampleshop.generated.documents import Order

orders = Resource(Order, page_size=20, max_page_size=100)
router = APIRouter(prefix="/api/orders", tags=["Order"])


@router.get(
    "",
    response_model=orders.Page,
    operation_id="list_orders",
    openapi_extra=orders.list_openapi,
    summary="List of Order",
)
async def list_orders(query: Annotated[ListQuery, Depends(orders.query)]) -> Any:
    return await orders.list(query)


@router.get("/{id}", response_model=orders.Read, operation_id="get_order", summary="One Order")
async def get_order(id: PydanticObjectId) -> Any:  # noqa: A002
    return await orders.get(id)


@router.post(
    "",
    status_code=201,
    response_model=orders.Read,
    operation_id="create_order",
    summary="Create a Order",
)
async def create_order(document: Annotated[Order, Depends(orders.new)]) -> Any:
    return await orders.create(document)


@router.put(
    "/{id}",
    response_model=orders.Read,
    operation_id="replace_order",
    summary="Replace a Order",
)
async def replace_order(
    id: PydanticObjectId,  # noqa: A002
    values: Annotated[dict[str, Any], Depends(orders.replacement)],
) -> Any:
    return await orders.replace(id, values)


@router.patch(
    "/{id}",
    response_model=orders.Read,
    operation_id="patch_order",
    summary="Change a Order",
)
async def patch_order(
    id: PydanticObjectId,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(orders.changes)],
) -> Any:
    return await orders.patch(id, changes)


@router.delete("/{id}", status_code=204, operation_id="delete_order", summary="Delete a Order")
async def delete_order(id: PydanticObjectId) -> None:  # noqa: A002
    await orders.delete(id)
