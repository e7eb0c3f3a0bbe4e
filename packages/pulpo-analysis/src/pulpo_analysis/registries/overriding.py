"""What the override file of a model may define, and under which names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pulpo_analysis.registries.naming import identifier, lower_identifier
from pulpo_base.specs import ModelSpec

__all__ = ["DEPENDENCIES", "RESOURCE_METHODS", "RESPONSE", "override_stem", "resource_class"]

#: FastAPI dependencies of every route of the model.
DEPENDENCIES: Final = "DEPENDENCIES"

#: The function that every answer of the model's routes goes through.
RESPONSE: Final = "response"

#: The methods of `pulpo_base.api.Resource` that generated routes call, and with what. A test
#: compares them with the class, which the analysis must not import.
RESOURCE_METHODS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "query": ("request",),
        "list": ("query",),
        "list_related": ("field", "id", "query"),
        "count": ("query",),
        "get": ("id", "request"),
        "create": ("document", "request"),
        "replace": ("id", "values", "request"),
        "patch": ("id", "changes", "request"),
        "delete": ("id", "request"),
        "bulk_create": ("items", "request"),
        "bulk_patch": ("items", "request"),
        "bulk_delete": ("items", "request"),
        "export": ("request",),
    }
)


def override_stem(model: ModelSpec) -> str:
    """Return the name of the model's override file, without its suffix."""
    return lower_identifier(model.name)


def resource_class(model: ModelSpec) -> str:
    """Return the name of the class that takes the place of `Resource` for this model."""
    return f"{identifier(model.name)}Resource"
