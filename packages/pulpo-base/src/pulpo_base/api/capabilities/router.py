"""`GET /api/capabilities`: everything that the client who asks may do, and nothing else.

A user interface that offers what stands here offers nothing that would be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.requests import Request

from pulpo_base.api.capabilities.flows import flow_summary, permissions_of, prefect_pages
from pulpo_base.api.capabilities.models import ServedModel, model_details, model_summary
from pulpo_base.api.capabilities.operations import endpoints_of, operation_details
from pulpo_base.api.security.permissions import require
from pulpo_base.api.security.principals import NOBODY, current_principal
from pulpo_base.flows.definition import FlowDefinition

__all__ = ["capabilities_router"]

Entry = Mapping[str, Any]
Plain = dict[str, Any]


def capabilities_router(
    *,
    title: str,
    models: Sequence[Entry],
    operations: Sequence[Entry],
    served: Sequence[ServedModel],
    endpoints: Sequence[APIRouter],
    flows: Mapping[str, FlowDefinition] | None = None,
    may_see_health: Callable[[Request], bool] | None = None,
    prefix: str = "/api/capabilities",
) -> APIRouter:
    """Return a router that says what the client may do.

    `models` and `operations` are the lists of the catalogue, `served` the modules of the models'
    routes, `endpoints` the routers of the operations, those of background runs last. `flows` are
    those of the application by name. `may_see_health` says whether who makes a request is shown how
    the application does; without it nobody is.
    """
    by_label = {module.RESOURCE.label: module for module in served}
    listed = {item["name"]: item for item in models if item["name"] in by_label}
    callable_ = {item["name"]: item for item in operations}
    routes = endpoints_of(endpoints)
    in_background = set(endpoints_of(endpoints[1:]))

    @cache
    def of_model(name: str) -> Plain:
        return model_details(by_label[name], served, listed[name]["path"])

    @cache
    def of_operation(name: str) -> Plain:
        return operation_details(routes[callable_[name]["path"]])

    def startable() -> list[FlowDefinition]:
        who = current_principal() or NOBODY
        every = (flow for _, flow in sorted((flows or {}).items()))
        return [flow for flow in every if who.may(permissions_of(flow.plan))]

    router = APIRouter(prefix=prefix, tags=["catalogue"])

    @router.get("", operation_id="get_capabilities", summary="What I may do")
    async def get_capabilities(request: Request) -> Plain:
        who = current_principal() or NOBODY
        return {
            "title": title,
            "user": {"kind": who.kind, "id": who.id, "name": who.name},
            "models": [
                model_summary(
                    by_label[name],
                    item,
                    may_write=who.may((*_wanted(item), *item.get("write_permissions", ()))),
                )
                for name, item in listed.items()
                if who.may(_wanted(item))
            ],
            "operations": [
                {**item, "background": item["path"] in in_background}
                for item in operations
                if who.may(_wanted(item))
            ],
            "flows": [flow_summary(flow) for flow in startable()],
            "health": may_see_health is not None and may_see_health(request),
        }

    @router.get(
        "/models/{name}",
        operation_id="get_model_capabilities",
        summary="What lists and forms of a model offer",
    )
    async def get_model_capabilities(name: str) -> Plain:
        found = _permitted(listed, name, of_model)
        readable = (item for item in found["related"] if _may_list(listed[item["model"]]))
        return {**found, "related": list(readable)}

    @router.get(
        "/operations/{name}",
        operation_id="get_operation_capabilities",
        summary="What an operation takes and returns",
    )
    async def get_operation_capabilities(name: str) -> Plain:
        return _permitted(callable_, name, of_operation)

    @router.get(
        "/prefect",
        operation_id="get_prefect_capabilities",
        summary="Where Prefect's own pages show runs of flows",
    )
    async def get_prefect_capabilities(request: Request) -> Plain:
        return {"pages": await prefect_pages(request) if startable() else None}

    return router


def _wanted(item: Entry) -> tuple[str, ...]:
    return tuple(item.get("permissions", ()))


def _may_list(item: Entry) -> bool:
    return (current_principal() or NOBODY).may(_wanted(item))


def _permitted(known: Mapping[str, Entry], name: str, details: Callable[[str], Plain]) -> Plain:
    if name not in known:
        raise HTTPException(404, "there is nothing of this name")
    require(_wanted(known[name]))
    return details(name)
