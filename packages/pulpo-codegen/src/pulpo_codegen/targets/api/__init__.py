"""The `api` target: a FastAPI application with one router a model and one endpoint an operation."""

from __future__ import annotations

from typing import Final

from pulpo_base.specs import ModelSpec
from pulpo_codegen.plan import Reads, Row, TableTarget, once, per_model
from pulpo_codegen.targets.api.application import application, package
from pulpo_codegen.targets.api.catalogue import catalogue
from pulpo_codegen.targets.api.models import model_router, router_module
from pulpo_codegen.targets.api.operations import operation_places, operation_router

__all__ = ["API"]


def _router_path(model: ModelSpec) -> str:
    return f"api/{router_module(model)}.py"


API: Final = TableTarget(
    "api",
    (
        Row(
            template="api/generated_api.py.jinja",
            reads=Reads(models=("collection",), config=("project",), project=("has_runs",)),
            each=once,
            path="generated_api.py",
            context=application,
        ),
        Row(
            template="api/__init__.py.jinja",
            reads=Reads(config=("project",)),
            each=once,
            path="api/__init__.py",
            context=package,
        ),
        Row(
            template="api/_model.py.jinja",
            reads=Reads(
                item=(
                    "name",
                    "class",
                    "line",
                    "description",
                    "collection",
                    "override",
                    "targets",
                )
            ),
            each=per_model,
            path=_router_path,
            context=model_router,
        ),
        Row(
            template="api/operations.py.jinja",
            reads=Reads(
                operations=(
                    "name",
                    "class",
                    "file",
                    "description",
                    "inputs",
                    "outputs",
                    "raises",
                    "async_enabled",
                    "permissions",
                )
            ),
            each=once,
            path="api/operations.py",
            context=operation_router,
            origins=operation_places,
        ),
        Row(
            template="api/catalogue.py.jinja",
            reads=Reads(
                models=(
                    "name",
                    "collection",
                    "description",
                    "tags",
                    "listed",
                    "relations",
                    "permissions",
                    "write_permissions",
                ),
                operations=(
                    "name",
                    "description",
                    "category",
                    "tags",
                    "permissions",
                    "flow",
                    "models_in",
                    "models_out",
                ),
            ),
            each=once,
            path="catalogue.py",
            context=catalogue,
        ),
    ),
    needs=("core", "workflows"),
)
