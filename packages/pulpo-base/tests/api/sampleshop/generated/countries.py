"""Country over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api import ListQuery, Resource
from sampleshop.generated.documents import Country

countries = Resource(Country, page_size=20, max_page_size=100)
router = APIRouter(prefix="/api/countries", tags=["Country"])


@router.get("", operation_id="list_countries", **countries.routes.list)
async def list_countries(query: Annotated[ListQuery, Depends(countries.query)]) -> Response:
    return await countries.list(query)


@router.get(":count", operation_id="count_countries", **countries.routes.count)
async def count_countries(query: Annotated[ListQuery, Depends(countries.query)]) -> Response:
    return await countries.count(query)


@router.get(":export", operation_id="export_countries", **countries.routes.export)
async def export_countries(request: Request) -> Response:
    return await countries.export(request)


@router.post(":bulk_create", operation_id="bulk_create_countries", **countries.routes.bulk)
async def bulk_create_countries(
    items: Annotated[list[Any], Depends(countries.creations)],
    request: Request,
) -> Response:
    return await countries.bulk_create(items, request)


@router.post(":bulk_patch", operation_id="bulk_patch_countries", **countries.routes.bulk)
async def bulk_patch_countries(
    items: Annotated[list[Any], Depends(countries.patches)],
    request: Request,
) -> Response:
    return await countries.bulk_patch(items, request)


@router.post(":bulk_delete", operation_id="bulk_delete_countries", **countries.routes.bulk)
async def bulk_delete_countries(
    items: Annotated[list[Any], Depends(countries.deletions)],
    request: Request,
) -> Response:
    return await countries.bulk_delete(items, request)


@router.get("/{id}", operation_id="get_country", **countries.routes.get)
async def get_country(id: str, request: Request) -> Response:  # noqa: A002
    return await countries.get(id, request)


@router.post("", operation_id="create_country", **countries.routes.create)
async def create_country(
    document: Annotated[Country, Depends(countries.new)],
    request: Request,
) -> Response:
    return await countries.create(document, request)


@router.put("/{id}", operation_id="replace_country", **countries.routes.replace)
async def replace_country(
    id: str,  # noqa: A002
    values: Annotated[dict[str, Any], Depends(countries.replacement)],
    request: Request,
) -> Response:
    return await countries.replace(id, values, request)


@router.patch("/{id}", operation_id="patch_country", **countries.routes.patch)
async def patch_country(
    id: str,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(countries.changes)],
    request: Request,
) -> Response:
    return await countries.patch(id, changes, request)


@router.delete("/{id}", operation_id="delete_country", **countries.routes.delete)
async def delete_country(id: str, request: Request) -> Response:  # noqa: A002
    return await countries.delete(id, request)
