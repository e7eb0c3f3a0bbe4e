"""What lists and forms of one kind of document offer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from beanie import Document
from fastapi import APIRouter
from pydantic import BaseModel

from pulpo_base.api.lists.filters import operators_of
from pulpo_base.api.resources.resource import Resource
from pulpo_base.api.shapes.fields import QueryField, query_fields
from pulpo_base.decorators import spec_of

__all__ = ["ServedModel", "model_details", "model_summary"]

#: Fields that usually say which document this is, where none is declared for searching.
_NAMING = ("title", "name", "label", "number", "slug", "code", "sku", "email")

Plain = dict[str, Any]


class ServedModel(Protocol):
    """A generated module of routes: its resource, and its router."""

    @property
    def RESOURCE(self) -> Resource[Any]: ...  # noqa: D102, N802  # the name in generated modules
    @property
    def router(self) -> APIRouter: ...  # noqa: D102


def model_summary(served: ServedModel, entry: Mapping[str, Any], *, may_write: bool) -> Plain:
    """Return what a menu has to know of a model; `entry` is what the catalogue says of it."""
    document = served.RESOURCE.document
    spec = spec_of(document)
    return {
        "name": entry["name"],
        "path": entry["path"],
        "collection": entry["collection"],
        "description": entry["description"],
        "tags": entry["tags"],
        "ui": dict(getattr(spec, "ui", {})),
        "order": getattr(spec, "ui_order", None),
        "can_write": may_write,
        "title_field": _title_field(served.RESOURCE),
        "search": [item.name for item in served.RESOURCE.allowed.searched],
    }


def model_details(served: ServedModel, others: Iterable[ServedModel], path: str) -> Plain:
    """Return what lists, pages and forms of a model offer, their JSON schemas among it.

    `others` are all models, `path` is where this one's documents are. `links` says which fields
    hold ids of other documents, by the names that clients know; `related` which lists follow such
    a link back, each with the model that it lists.
    """
    resource = served.RESOURCE
    allowed = resource.allowed
    return {
        "page_size": resource.page_size,
        "max_page_size": resource.max_page_size,
        "sorts": list(allowed.sorted_by),
        "filters": [_filter(item) for item in allowed.every.values() if allowed.may_filter(item)],
        "links": _links(resource.document),
        "related": list(_related(others, path)),
        "fixed": sorted(resource.fixed),
        "schemas": {
            "read": _schema(resource.Read, "serialization"),
            "create": _schema(resource.Create, "validation"),
            "replace": _schema(resource.Replace, "validation"),
        },
    }


def _schema(model: type[BaseModel], mode: Any) -> Plain:
    return model.model_json_schema(mode=mode)


def _filter(field: QueryField) -> Plain:
    return {
        "name": field.name,
        "operators": ["eq", *operators_of(field)],
        "schema": field.adapter.json_schema(),
        "target": _label(field.target),
        "many": field.is_list,
    }


def _links(document: type[Document]) -> dict[str, str | None]:
    return {
        item.name: _label(item.target)
        for item in query_fields(document).values()
        if item.target is not None
    }


def _label(document: type[Document] | None) -> str | None:
    spec = None if document is None else spec_of(document)
    return spec.name if spec else None


def _related(others: Iterable[ServedModel], path: str) -> Iterable[Plain]:
    pattern = re.compile(rf"{re.escape(path)}/\{{id\}}/([^/]+)")
    for other in others:
        for route in other.router.routes:
            found = pattern.fullmatch(getattr(route, "path", ""))
            if found and "GET" in (getattr(route, "methods", None) or ()):
                yield {"name": found.group(1), "model": other.RESOURCE.label}


def _title_field(resource: Resource[Any]) -> str:
    """Return the field that says best which document this is."""
    searched: Sequence[QueryField] = resource.allowed.searched
    names = [item.name for item in searched]
    known = resource.document.model_fields
    plain = (name for name in (*names, *_NAMING) if name in known)
    return next((name for name in plain if known[name].alias in (None, name)), "id")
