"""What `/api/models` and `/api/operations` answer with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import FieldSpec, ModelSpec, OperationSpec
from pulpo_codegen.targets.api.paths import model_path, operation_path

__all__ = ["CatalogueContext", "catalogue"]

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CatalogueContext:
    """The context of `run_cache/catalogue.py`: JSON values."""

    models: tuple[Entry, ...]
    operations: tuple[Entry, ...]


def catalogue(analysis: Analysis, _item: object) -> CatalogueContext:
    """Return the context of the catalogue."""
    steps = {step.operation: flow.name for flow in analysis.flows for step in flow.steps}
    return CatalogueContext(
        models=tuple(map(_model, analysis.app.models)),
        operations=tuple(
            _operation(operation, steps.get(operation.name))
            for operation in sorted(analysis.app.operations, key=lambda found: found.name)
        ),
    )


def _model(model: ModelSpec) -> dict[str, Any]:
    return {
        "name": model.name,
        "collection": model.collection,
        "path": model_path(model),
        "description": model.description,
        "tags": list(model.tags),
        "permissions": list(model.permissions),
        "write_permissions": list(model.write_permissions),
        "fields": [_field(spec) for spec in model.fields if not spec.is_back_link],
        "relations": [
            {"name": relation.name, "target": relation.target, "cardinality": relation.cardinality}
            for relation in model.relations
        ],
    }


def _field(spec: FieldSpec) -> dict[str, Any]:
    return {"name": spec.name, "type": str(spec.type), "required": spec.required}


def _operation(operation: OperationSpec, flow: str | None) -> dict[str, Any]:
    return {
        "name": operation.name,
        "path": operation_path(operation),
        "description": operation.description,
        "category": operation.category,
        "tags": list(operation.tags),
        "permissions": list(operation.permissions),
        "flow": flow,
        "reads": list(operation.models_in or ()),
        "writes": list(operation.models_out or ()),
    }
