"""Country over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from pulpo_base.api import ListQuery, Resource
from sampleshop.generated.documents import Country

countries = Resource(Country, page_size=20, max_page_size=100)
router = APIRouter(prefix="/api/countries", tags=["Country"])


@router.get(
    "",
    response_model=countries.Page,
    operation_id="list_countries",
    openapi_extra=countries.list_openapi,
    summary="List of Country",
)
async def list_countries(query: Annotated[ListQuery, Depends(countries.query)]) -> Any:
    return await countries.list(query)


@router.get(
    "/{id}", response_model=countries.Read, operation_id="get_country", summary="One Country"
)
async def get_country(id: str) -> Any:  # noqa: A002
    return await countries.get(id)


@router.post(
    "",
    status_code=201,
    response_model=countries.Read,
    operation_id="create_country",
    summary="Create a Country",
)
async def create_country(document: Annotated[Country, Depends(countries.new)]) -> Any:
    return await countries.create(document)


@router.put(
    "/{id}",
    response_model=countries.Read,
    operation_id="replace_country",
    summary="Replace a Country",
)
async def replace_country(
    id: str,  # noqa: A002
    values: Annotated[dict[str, Any], Depends(countries.replacement)],
) -> Any:
    return await countries.replace(id, values)


@router.patch(
    "/{id}",
    response_model=countries.Read,
    operation_id="patch_country",
    summary="Change a Country",
)
async def patch_country(
    id: str,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(countries.changes)],
) -> Any:
    return await countries.patch(id, changes)


@router.delete("/{id}", status_code=204, operation_id="delete_country", summary="Delete a Country")
async def delete_country(id: str) -> None:  # noqa: A002
    await countries.delete(id)
