"""Customer over HTTP."""

from typing import Annotated, Any

from beanie import PydanticObjectId
from fastapi import APIRouter, Depends

from pulpo_base.api import ListQuery, Resource
from sampleshop.generated.documents import Customer

customers = Resource(Customer, page_size=20, max_page_size=100)
router = APIRouter(prefix="/api/customers", tags=["Customer"])


@router.get(
    "",
    response_model=customers.Page,
    operation_id="list_customers",
    openapi_extra=customers.list_openapi,
    summary="List of Customer",
)
async def list_customers(query: Annotated[ListQuery, Depends(customers.query)]) -> Any:
    return await customers.list(query)


@router.get(
    "/{id}", response_model=customers.Read, operation_id="get_customer", summary="One Customer"
)
async def get_customer(id: PydanticObjectId) -> Any:  # noqa: A002
    return await customers.get(id)


@router.post(
    "",
    status_code=201,
    response_model=customers.Read,
    operation_id="create_customer",
    summary="Create a Customer",
)
async def create_customer(document: Annotated[Customer, Depends(customers.new)]) -> Any:
    return await customers.create(document)


@router.put(
    "/{id}",
    response_model=customers.Read,
    operation_id="replace_customer",
    summary="Replace a Customer",
)
async def replace_customer(
    id: PydanticObjectId,  # noqa: A002
    values: Annotated[dict[str, Any], Depends(customers.replacement)],
) -> Any:
    return await customers.replace(id, values)


@router.patch(
    "/{id}",
    response_model=customers.Read,
    operation_id="patch_customer",
    summary="Change a Customer",
)
async def patch_customer(
    id: PydanticObjectId,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(customers.changes)],
) -> Any:
    return await customers.patch(id, changes)


@router.delete(
    "/{id}", status_code=204, operation_id="delete_customer", summary="Delete a Customer"
)
async def delete_customer(id: PydanticObjectId) -> None:  # noqa: A002
    await customers.delete(id)
