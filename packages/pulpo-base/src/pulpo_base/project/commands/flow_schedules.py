"""`flows schedule`: when flows run by themselves, and the switch for that at the Prefect server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulpo_base.project.commands.options import AsJson, project_of
from pulpo_base.project.completing import flow_names

if TYPE_CHECKING:
    from pulpo_base.flows.plan import FlowPlan

__all__ = ["schedule"]

_NO_SERVER = "run `./main prefect start`, or set PREFECT_API_URL"


def schedule(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="The flow's name; default: all.", autocompletion=flow_names
        ),
    ] = None,
    pause: Annotated[bool, typer.Option("--pause", help="Begin no runs by schedule.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Begin them again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show when flows run by themselves; --pause and --resume turn that off and on.

    The times are those of the code (`schedule=` of an operation) or of `.pulpo.yml`, and count as
    long as a Prefect server with a worker runs: `./main up`. A worker that starts registers the
    flows anew, and turns them on.
    """
    import asyncio

    from pulpo_base.project.commands.flow_deployments import server_of
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.inputs import find

    if pause and resume:
        raise ProjectError("--pause and --resume exclude each other", hint="give one of them")
    project = project_of(context)
    flows = project.load_flows()
    if name is not None:
        find("flow", name, flows, listing="./main flows list")
    plans = {flow: row.plan for flow, row in sorted(flows.items()) if row.plan.schedule is not None}
    if name is not None:
        plans = {flow: plan for flow, plan in plans.items() if flow == name}
    server, pool = server_of(project), project.load_settings().flow_pool
    changed = None if pause == resume else resume
    if changed is not None and not server:
        raise ProjectError("no Prefect server is known", hint=_NO_SERVER)
    known = asyncio.run(_known(server, pool, plans, changed)) if server else {}
    if changed is not None and (unknown := sorted(plans.keys() - known.keys())):
        raise ProjectError(
            f"not registered at the server: {', '.join(unknown)}",
            hint="run `./main flows deploy`",
        )
    _show([_row(plan, known.get(flow), server) for flow, plan in plans.items()], as_json=as_json)


async def _known(
    server: str, pool: str, plans: Mapping[str, FlowPlan], active: bool | None
) -> dict[str, dict[str, Any]]:
    """Return the deployments of the flows, after they were switched where `active` is given."""
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.runs.prefect_api import PrefectApi, PrefectUnreachableError

    found: dict[str, dict[str, Any]] = {}
    try:
        async with PrefectApi(server) as api:
            for flow in plans:
                deployment = await api.deployment(flow, pool)
                if deployment is None:
                    continue
                if active is not None:
                    await api.switch_schedule(deployment, active=active)
                found[flow] = await api.schedule_of(deployment)
    except PrefectUnreachableError as error:
        raise ProjectError(str(error), hint="see `./main prefect status`") from error
    return found


def _row(plan: FlowPlan, known: Mapping[str, Any] | None, server: str) -> dict[str, Any]:
    state = "not registered" if server else "no server"
    if known is not None:
        state = "active" if known["active"] else "paused"
    return {
        "flow": plan.name,
        "schedule": plan.schedule,
        "timezone": plan.timezone or "UTC",
        "state": state,
        "next": known["next"] if known is not None and known["active"] else None,
    }


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    from pulpo_base.project.output import note, table, write_json

    if as_json:
        write_json(rows)
    elif not rows:
        note("There is no schedule; `flows.schedules` in .pulpo.yml gives a flow one.")
    else:
        moments = [{**row, "next": (row["next"] or "")[:16].replace("T", " ")} for row in rows]
        table(tuple(moments[0]), [tuple(row.values()) for row in moments])
