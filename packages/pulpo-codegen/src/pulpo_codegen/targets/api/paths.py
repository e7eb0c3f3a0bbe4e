"""The paths of the generated API: the one place that says what is served where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.naming import snake_identifier
from pulpo_base.specs import ModelSpec, OperationSpec, TypeKind, TypeRef

__all__ = [
    "RESOURCE_ROUTES",
    "LinkPath",
    "collection_path",
    "link_paths",
    "model_path",
    "operation_path",
]

#: Method and the rest of the path of each route that `api/_model.py.jinja` defines.
RESOURCE_ROUTES: Final = (
    ("GET", ""),
    ("GET", ":count"),
    ("GET", ":export"),
    ("POST", ":bulk_create"),
    ("POST", ":bulk_patch"),
    ("POST", ":bulk_delete"),
    ("POST", ""),
    ("GET", "/{id}"),
    ("PUT", "/{id}"),
    ("PATCH", "/{id}"),
    ("DELETE", "/{id}"),
)


def collection_path(collection: str) -> str:
    """Return the path below which the documents of a collection are."""
    return f"/api/{collection}"


def model_path(model: ModelSpec) -> str:
    """Return the path below which a model's documents are."""
    return collection_path(model.collection)


def operation_path(operation: OperationSpec) -> str:
    """Return the path that an operation is called at."""
    return f"/api/operations/{operation.name}"


@dataclass(frozen=True, slots=True)
class LinkPath:
    """A model's documents seen from what their link `field` refers to.

    `by` is what the path and the function's name need besides to be of this link alone.
    """

    field: str
    target: ModelSpec
    path: str
    by: str


def link_paths(app: AppSpec, model: ModelSpec) -> Iterator[LinkPath]:
    """Yield a path for each link of a model.

    The plain path belongs to a model's only link to another, or to the one that is called like
    it; any other has its field in its path.
    """
    links = [
        (spec.name, target)
        for spec in model.fields
        for relation in model.relations
        if relation.name == spec.name and not relation.back and _is_link(spec.type)
        if (target := app.model(relation.target)) is not None
    ]
    for field, target in links:
        one = snake_identifier(target.name)
        is_only = sum(other is target for _, other in links) == 1
        is_plain = is_only or field.lower().replace("_", "") == one.replace("_", "")
        by = "" if is_plain else f"_by_{field}"
        yield LinkPath(field, target, f"{model_path(target)}/{{id}}/{model.collection}{by}", by)


def _is_link(reference: TypeRef) -> bool:
    return any(part.kind is TypeKind.LINK for part in reference.walk())
