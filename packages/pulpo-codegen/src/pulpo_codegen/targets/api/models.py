"""One router for one model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.registries.naming import identifier
from pulpo_analysis.registries.overriding import DEPENDENCIES, resource_class
from pulpo_base.specs import ModelSpec, TypeKind, TypeRef
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.python.project import imports_for
from pulpo_codegen.python.types import type_source
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.api.endpoints import (
    ModelEndpoint,
    Names,
    model_endpoints,
    related_endpoint,
)

__all__ = ["ModelRouterContext", "model_router", "router_module"]

#: What the template itself defines or takes as a parameter.
_TEMPLATE_NAMES = (
    "RESOURCE",
    "router",
    "id",
    "query",
    "document",
    "values",
    "changes",
    "items",
    "request",
)


@dataclass(frozen=True, slots=True)
class ModelRouterContext:
    """The context of `run_cache/api/<collection>.py`; `document` is the class' local name.

    `resource` is the class behind the routes and `dependencies` what every route depends on,
    empty for nothing: the project's own where it has an override file.
    """

    imports: Source
    name: str
    description: str
    document: Source
    resource: Source
    dependencies: Source
    endpoints: tuple[ModelEndpoint, ...]


def router_module(model: ModelSpec) -> Source:
    """Return the name of a model's module below `run_cache.api`."""
    return Source(identifier(model.collection).lower())


def model_router(analysis: Analysis, model: ModelSpec) -> ModelRouterContext:
    """Return the context of a model's router."""
    imports = imports_for(analysis, *_TEMPLATE_NAMES)
    imports.fixed("typing", "Annotated", "Any")
    imports.fixed("fastapi", "APIRouter", "Depends", "Request", "Response")
    imports.fixed("pulpo_base.api", "ListQuery")
    imports.fixed("pulpo_utils.problems", "problem_responses")
    imports.fixed("run_cache.settings", "settings")
    resource, dependencies = _overridable(analysis, model, imports)
    document = imports.use(model.module, model.qualname)
    names = Names(
        label=model.name,
        path=f"/api/{model.collection}",
        one=Source(identifier(model.name).lower()),
        many=Source(identifier(model.collection).lower()),
        document=document,
        id_type=_id_type(analysis, model, imports),
    )
    endpoints = (*model_endpoints(names), *_related(analysis, model, names, imports))
    return ModelRouterContext(
        imports=imports.block(),
        name=model.name,
        description=model.description,
        document=document,
        resource=resource,
        dependencies=dependencies,
        endpoints=endpoints,
    )


def _overridable(analysis: Analysis, model: ModelSpec, imports: Imports) -> tuple[Source, Source]:
    """Return the class behind the routes and their dependencies, imported by name."""
    override, own = analysis.override(model), resource_class(model)
    if override is not None and override.defines(own):
        resource = imports.use(override.module, own)
    else:
        imports.fixed("pulpo_base.api", "Resource")
        resource = Source("Resource")
    if override is not None and override.defines(DEPENDENCIES):
        return resource, imports.use(override.module, DEPENDENCIES)
    return resource, Source("")


def _id_type(analysis: Analysis, model: ModelSpec, imports: Imports) -> Source:
    spec = next(spec for spec in model.fields if spec.name == "id")
    return type_source(spec.type.without_none(), imports, analysis.app)


def _related(
    analysis: Analysis, model: ModelSpec, names: Names, imports: Imports
) -> Iterator[ModelEndpoint]:
    """Yield the model's links, seen from the models that they refer to.

    The plain path belongs to a model's only link to another, or to the one that is called like
    it; any other has its field in its path.
    """
    links = [
        (spec.name, target)
        for spec in model.fields
        for relation in model.relations
        if relation.name == spec.name and not relation.back and _is_link(spec.type)
        if (target := analysis.app.model(relation.target)) is not None
    ]
    for field, target in links:
        one = identifier(target.name).lower()
        is_only = sum(other is target for _, other in links) == 1
        is_plain = is_only or field.lower().replace("_", "") == one.replace("_", "")
        by = "" if is_plain else f"_by_{field}"
        yield related_endpoint(
            names,
            field,
            target.name,
            f"/api/{target.collection}/{{id}}/{model.collection}{by}",
            f"list_{names.many}{by}_of_{one}",
            _id_type(analysis, target, imports),
        )


def _is_link(reference: TypeRef) -> bool:
    return any(part.kind is TypeKind.LINK for part in reference.walk())
