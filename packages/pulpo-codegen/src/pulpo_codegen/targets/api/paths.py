"""The paths of the generated API: the one place that says what is served where."""

from __future__ import annotations

from typing import Final

from pulpo_base.specs import ModelSpec, OperationSpec

__all__ = ["RESOURCE_ROUTES", "model_path", "operation_path"]

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


def model_path(model: ModelSpec) -> str:
    """Return the path below which a model's documents are."""
    return f"/api/{model.collection}"


def operation_path(operation: OperationSpec) -> str:
    """Return the path that an operation is called at."""
    return f"/api/operations/{operation.name}"
