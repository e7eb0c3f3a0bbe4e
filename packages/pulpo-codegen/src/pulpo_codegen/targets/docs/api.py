"""The page about the HTTP API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import ModelSpec
from pulpo_codegen.render.markdown import anchor, md_code, md_link
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.api.paths import (
    RESOURCE_ROUTES,
    link_paths,
    model_path,
    operation_path,
)
from pulpo_codegen.targets.docs.types import operation_link

__all__ = ["ApiPage", "api_page"]

_MEANINGS: Final = {
    ("GET", ""): "list: filter, sort, search, page",
    ("GET", ":count"): "how many a list would hold",
    ("GET", ":export"): "all of a list as CSV or JSON lines",
    ("POST", ":bulk_create"): "create many",
    ("POST", ":bulk_patch"): "change many",
    ("POST", ":bulk_delete"): "delete many",
    ("POST", ""): "create",
    ("GET", "/{id}"): "read",
    ("PUT", "/{id}"): "replace",
    ("PATCH", "/{id}"): "change some fields (JSON merge patch)",
    ("DELETE", "/{id}"): "delete",
}


@dataclass(frozen=True, slots=True)
class RouteView:
    """One route: method, path and what it does."""

    method: Source
    path: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ResourceView:
    """The routes of one model, and the permissions that reading and writing want."""

    model: Source
    anchor: Source
    routes: tuple[RouteView, ...]
    reading: str
    writing: str


@dataclass(frozen=True, slots=True)
class CallView:
    """The route of one operation."""

    operation: Source
    path: str
    summary: str
    answer: Source
    permissions: str


@dataclass(frozen=True, slots=True)
class ApiPage:
    """The context of `docs/api.md`."""

    resources: tuple[ResourceView, ...]
    calls: tuple[CallView, ...]


def api_page(analysis: Analysis, _item: object) -> ApiPage:
    """Return the context of the page, models and operations sorted by name."""
    app = analysis.app
    return ApiPage(
        tuple(_resource(analysis, one) for one in sorted(app.models, key=lambda one: one.name)),
        tuple(
            CallView(
                operation=operation_link(one.name),
                path=operation_path(one),
                summary=one.description.strip().partition("\n")[0],
                answer=Source("202, then the run" if one.async_enabled else "200"),
                permissions=", ".join(one.permissions),
            )
            for one in sorted(app.operations, key=lambda one: one.name)
        ),
    )


def _resource(analysis: Analysis, model: ModelSpec) -> ResourceView:
    path = model_path(model)
    own = (
        RouteView(md_code(method), path + rest, _MEANINGS[method, rest])
        for method, rest in RESOURCE_ROUTES
    )
    linked = (
        RouteView(md_code("GET"), link.path, f"those whose {link.field} is this {link.target.name}")
        for link in link_paths(analysis.app, model)
    )
    reading = model.permissions
    # What writes want, they want besides.
    writing = dict.fromkeys((*reading, *model.write_permissions))
    return ResourceView(
        model=md_link(md_code(model.name), "models.md", anchor("model", model.name)),
        anchor=anchor("api", model.name),
        routes=(*own, *linked),
        reading=", ".join(reading),
        writing=", ".join(writing),
    )
