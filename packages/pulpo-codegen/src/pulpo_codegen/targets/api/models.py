"""One router for one model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.registries.naming import lower_identifier, snake_identifier
from pulpo_analysis.registries.overriding import DEPENDENCIES, RESPONSE, resource_class
from pulpo_base.specs import ModelSpec
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
from pulpo_codegen.targets.api.paths import link_paths, model_path

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
    empty for nothing: the project's own where it has an override file. `response` is the function
    that answers go through, empty for none.
    """

    imports: Source
    name: str
    description: str
    document: Source
    resource: Source
    dependencies: Source
    response: Source
    endpoints: tuple[ModelEndpoint, ...]


def router_module(model: ModelSpec) -> Source:
    """Return the name of a model's module below `run_cache.api`."""
    return Source(lower_identifier(model.collection))


def model_router(analysis: Analysis, model: ModelSpec) -> ModelRouterContext:
    """Return the context of a model's router."""
    imports = imports_for(analysis, *_TEMPLATE_NAMES)
    imports.fixed("typing", "Annotated", "Any")
    imports.fixed("fastapi", "Depends", "Request", "Response")
    imports.fixed("pulpo_base.api", "GuardedRoute", "ListQuery", "PrefixRouter")
    imports.fixed("pulpo_utils.problems", "problem_responses")
    imports.fixed("run_cache.settings", "settings")
    resource, dependencies, response = _overridable(analysis, model, imports)
    document = imports.use(model.module, model.qualname)
    names = Names(
        label=model.name,
        path=model_path(model),
        one=Source(snake_identifier(model.name)),
        many=Source(lower_identifier(model.collection)),
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
        response=response,
        endpoints=endpoints,
    )


def _overridable(
    analysis: Analysis, model: ModelSpec, imports: Imports
) -> tuple[Source, Source, Source]:
    """Return the class behind the routes, their dependencies and what answers go through."""
    override, own = analysis.override(model), resource_class(model)
    if override is not None and override.defines(own):
        resource = imports.use(override.module, own)
    else:
        imports.fixed("pulpo_base.api", "Resource")
        resource = Source("Resource")
    dependencies, response = (
        imports.use(override.module, name) if override and override.defines(name) else Source("")
        for name in (DEPENDENCIES, RESPONSE)
    )
    return resource, dependencies, response


def _id_type(analysis: Analysis, model: ModelSpec, imports: Imports) -> Source:
    spec = next(spec for spec in model.fields if spec.name == "id")
    return type_source(spec.type.without_none(), imports, analysis.app)


def _related(
    analysis: Analysis, model: ModelSpec, names: Names, imports: Imports
) -> Iterator[ModelEndpoint]:
    """Yield the model's links, seen from the models that they refer to."""
    for link in link_paths(analysis.app, model):
        yield related_endpoint(
            names,
            link.field,
            link.target.name,
            link.path,
            f"list_{names.many}{link.by}_of_{snake_identifier(link.target.name)}",
            _id_type(analysis, link.target, imports),
        )
