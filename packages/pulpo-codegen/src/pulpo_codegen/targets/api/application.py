"""The ASGI entry point: which routers there are."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.api.models import router_module

__all__ = ["ApplicationContext", "PackageContext", "application", "package"]


@dataclass(frozen=True, slots=True)
class ApplicationContext:
    """The context of `run_cache/generated_api.py`; `routers` are modules of `run_cache.api`."""

    name: str
    title: str
    description: str
    version: str
    routers: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PackageContext:
    """The context of `run_cache/api/__init__.py`."""

    title: str


def application(analysis: Analysis, _item: object) -> ApplicationContext:
    """Return the context of the entry point."""
    project = analysis.config.project
    modules = (*map(router_module, analysis.app.models), Source("operations"))
    return ApplicationContext(
        name=project.name,
        title=project.title or project.name,
        description=project.description,
        version=project.version,
        routers=tuple(sorted(modules)),
    )


def package(analysis: Analysis, _item: object) -> PackageContext:
    """Return the context of the package of routers."""
    return PackageContext(analysis.config.project.name)
