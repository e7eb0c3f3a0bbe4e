"""What a menu has to know of a flow, and where Prefect shows its runs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request

from pulpo_base.flows.definition import FlowDefinition
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.runs.servers import prefect_server
from pulpo_base.runs.working import Runs

__all__ = ["flow_summary", "permissions_of", "prefect_pages"]

Plain = dict[str, Any]


def permissions_of(plan: FlowPlan) -> Iterable[str]:
    """Return what somebody must be allowed who starts a flow: all that its steps want."""
    return {name for step in plan.steps for name in step.permissions}


def flow_summary(flow: FlowDefinition) -> Plain:
    """Return what a list of flows shows; `/api/flows/{name}` has the rest."""
    plan = flow.plan
    return {
        "name": plan.name,
        "path": f"/api/flows/{plan.name}",
        "schedule": plan.schedule,
        "steps": [step.operation for step in plan.steps],
    }


async def prefect_pages(request: Request) -> str | None:
    """Return the address of Prefect's own pages, `None` where no flow was deployed to a server.

    `PREFECT_UI_URL` counts; without it, the pages are where the server's API is, without `/api`.
    """
    runs = getattr(request.app.state, "runs", None)
    server = await prefect_server(runs.database) if isinstance(runs, Runs) else None
    if server is None:
        return None
    return (os.environ.get("PREFECT_UI_URL") or server.url.removesuffix("/api")).rstrip("/")
