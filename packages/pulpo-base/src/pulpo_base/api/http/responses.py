"""The HTTP answers of a resource, made of models without a detour through plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response

__all__ = ["answer", "not_modified"]

#: Caches may keep an answer and have to ask each time whether it is still the current one.
_REVALIDATED = "private, no-cache"


def answer(
    value: bytes | Mapping[str, Any] | BaseModel,
    *,
    status: int = 200,
    etag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a value as JSON, with its entity tag; bytes are JSON already."""
    if isinstance(value, bytes):
        content = value
    elif isinstance(value, BaseModel):
        content = type(value).__pydantic_serializer__.to_json(value, by_alias=True)
    else:
        content = to_json(value)
    extra = dict(headers or {})
    if etag is not None:
        extra |= {"ETag": etag, "Cache-Control": _REVALIDATED}
    return Response(content, status, extra, "application/json")


def not_modified(etag: str) -> Response:
    """Return 304: the client has the current revision already."""
    return Response(None, 304, {"ETag": etag, "Cache-Control": _REVALIDATED})
