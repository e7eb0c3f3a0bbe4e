"""The ASGI entry point: which routers there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.python.project import imports_for
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.api.models import router_module
from pulpo_codegen.targets.api.operations import has_runs

__all__ = ["ApplicationContext", "PackageContext", "application", "package"]


_FROM_THE_RUNTIME: Final = (
    "FailFast",
    "UI_PATHS",
    "background_runs",
    "capabilities_router",
    "catalogue_router",
    "flows_router",
    "graph_router",
    "health_router",
    "me_router",
    "runs_router",
    "secure",
    "settled_memory",
    "ui_router",
)
_FROM_THE_OBSERVER: Final = (
    "add_selfawareness_middleware",
    "is_local_request",
    "selfaware_router",
)


@dataclass(frozen=True, slots=True)
class ApplicationContext:
    """The context of `run_cache/generated_api.py`; `routers` are the modules that have one.

    `models` are those of models, `operations` is the module of operations; with `has_runs` some
    of them go on in the background.
    """

    imports: Source
    name: str
    title: str
    description: str
    version: str
    routers: tuple[Source, ...]
    models: tuple[Source, ...]
    operations: Source
    has_runs: bool


@dataclass(frozen=True, slots=True)
class PackageContext:
    """The context of `run_cache/api/__init__.py`."""

    title: str


def application(analysis: Analysis, _item: object) -> ApplicationContext:
    """Return the context of the entry point."""
    project = analysis.config.project
    imports = imports_for(analysis, "NAME", "app", "connection", "lifespan", "runs")
    imports.fixed("collections.abc", "AsyncIterator")
    imports.fixed("contextlib", "asynccontextmanager")
    imports.fixed("fastapi", "FastAPI")
    imports.fixed("pathlib", "Path")
    imports.fixed("pulpo_base.api", *_FROM_THE_RUNTIME)
    imports.fixed("pulpo_selfaware", *_FROM_THE_OBSERVER)
    imports.fixed("pulpo_selfaware.mongo", "mongo_listeners")
    imports.fixed("pulpo_utils.problems", "install_problem_handlers", "problem_responses")
    imports.fixed("run_cache", "catalogue")
    imports.fixed("run_cache.database", "database")
    imports.fixed("run_cache.runtime", "RUNTIME", "problem_of")
    imports.fixed("run_cache.settings", "settings")
    of_models = sorted(map(router_module, analysis.app.models))
    modules = sorted((*of_models, Source("operations")))
    routers = tuple(imports.use("run_cache.api", module) for module in modules)
    return ApplicationContext(
        imports=imports.block(),
        name=project.name,
        title=project.title or project.name,
        description=project.description,
        version=project.version,
        routers=routers,
        models=tuple(imports.use("run_cache.api", module) for module in of_models),
        operations=imports.use("run_cache.api", Source("operations")),
        has_runs=has_runs(analysis),
    )


def package(analysis: Analysis, _item: object) -> PackageContext:
    """Return the context of the package of routers."""
    return PackageContext(analysis.config.project.name)
