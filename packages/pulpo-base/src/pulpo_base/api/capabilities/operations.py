"""What the form of one operation, and the view of its result, are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

__all__ = ["endpoints_of", "operation_details"]

Plain = dict[str, Any]


def endpoints_of(routers: Iterable[APIRouter]) -> Mapping[str, APIRoute]:
    """Return the routes of operations by their path."""
    return {
        route.path: route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
    }


def operation_details(route: APIRoute) -> Plain:
    """Return the JSON schemas of what an operation takes and returns, `None` for nothing."""
    body = route.body_field
    return {
        "inputs": None if body is None else _schema(body.field_info.annotation, "validation"),
        "outputs": _schema(route.response_model, "serialization"),
    }


def _schema(shape: Any, mode: Any) -> Plain | None:
    if shape is None or shape is type(None):
        return None
    return TypeAdapter(shape).json_schema(mode=mode)
