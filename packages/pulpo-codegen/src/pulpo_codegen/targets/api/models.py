"""One router for one model."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.registries.naming import identifier
from pulpo_analysis.registries.overriding import DEPENDENCIES, resource_class
from pulpo_base.specs import ModelSpec
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.python.project import imports_for
from pulpo_codegen.python.types import type_source
from pulpo_codegen.render.source import Source

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
    """The context of `run_cache/api/<collection>.py`.

    `document` is the local name of the class, `one` and `many` name the functions (`order`,
    `orders`), `id_type` is the type of the document's id. `resource` is the class behind the
    routes and `dependencies` what every route depends on, empty for nothing: the project's own
    where it has an override file.
    """

    imports: Source
    name: str
    description: str
    collection: str
    document: Source
    one: Source
    many: Source
    id_type: Source
    resource: Source
    dependencies: Source


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
    id_field = next(spec for spec in model.fields if spec.name == "id")
    id_type = type_source(id_field.type.without_none(), imports, analysis.app)
    return ModelRouterContext(
        imports=imports.block(),
        name=model.name,
        description=model.description,
        collection=model.collection,
        document=document,
        one=Source(identifier(model.name).lower()),
        many=Source(identifier(model.collection).lower()),
        id_type=id_type,
        resource=resource,
        dependencies=dependencies,
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
