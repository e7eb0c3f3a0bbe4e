"""`surface_of`: what of the generated application shows some models, operations and flows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import ModelSpec, OperationSpec
from pulpo_codegen.layout import GENERATED
from pulpo_codegen.plan import make_plan
from pulpo_codegen.targets.api.paths import (
    RESOURCE_ROUTES,
    collection_path,
    link_paths,
    operation_path,
)
from pulpo_codegen.targets.docs import DOCS

__all__ = ["Surface", "resource_routes", "surface_of"]


@dataclass(frozen=True, slots=True)
class Surface:
    """Routes (`GET /api/orders`), commands (`./main ops run orders.pay`) and pages (paths)."""

    routes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


def resource_routes(collection: str) -> tuple[str, ...]:
    """Return the routes (`GET /api/orders`) of a model that is stored in `collection`."""
    path = collection_path(collection)
    return tuple(f"{method} {path}{rest}" for method, rest in RESOURCE_ROUTES)


def surface_of(
    analysis: Analysis,
    *,
    models: Iterable[ModelSpec] = (),
    operations: Iterable[OperationSpec] = (),
    flows: Iterable[FlowPlan] = (),
) -> Surface:
    """Return where people and programs meet these models, operations and flows."""
    models, operations = list(models), list(operations)
    routes = [route for model in models for route in resource_routes(model.collection)]
    routes.extend(f"GET {link.path}" for m in models for link in link_paths(analysis.app, m))
    routes.extend(f"POST {operation_path(operation)}" for operation in operations)
    commands = [f"./main ops run {operation.name}" for operation in operations]
    commands.extend(f"./main flows run {flow.name}" for flow in flows)
    places = {model.location for model in models} | {one.location for one in operations}
    rows = make_plan(analysis, (DOCS,)).rows
    pages = [f"{GENERATED}/{row.path}" for row in rows if places & set(row.origins)]
    return Surface(tuple(routes), tuple(commands), tuple(pages))
