"""Flows as deployments of a Prefect server: what its workers run, by request or by schedule."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect import Flow

    from pulpo_base.flows.plan import FlowPlan

    PrefectFlow = Flow[..., Coroutine[Any, Any, Any]]

__all__ = ["deploy", "serve"]


async def deploy(
    flows: Mapping[str, PrefectFlow],
    plans: Mapping[str, FlowPlan],
    *,
    root: Path,
    pool: str,
    pool_type: str = "process",
    job_variables: Mapping[str, Any] | None = None,
) -> list[str]:
    """Register each flow at the server that `PREFECT_API_URL` names, and return their names.

    A deployment is called as the work pool, which is made where there is none. Its schedule is
    the plan's; a deployment that is registered again gets the present one. Workers find the
    project's folder at `root`.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    async with get_client() as client:
        # One that is there is used as it is: somebody may have changed it.
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=pool, type=pool_type))
    variables = {**_where(root, pool_type), **(job_variables or {})}
    for name in sorted(flows):
        deployment = await flows[name].ato_deployment(
            pool,
            description=f"The flow {name}.",
            work_pool_name=pool,
            job_variables=variables,
            schedules=_schedules(plans[name]),
            tags=sorted({tag for step in plans[name].steps for tag in step.tags}),
            entrypoint_type=_module_path(),
        )
        await deployment.aapply(work_pool_name=pool)
    return sorted(flows)


async def serve(
    flows: Mapping[str, PrefectFlow], plans: Mapping[str, FlowPlan], *, name: str
) -> None:
    """Register the flows under a name and run what is asked for in this process, until cancelled.

    For a server without a worker: runs are processes that this one starts.
    """
    from prefect.runner import Runner

    runner = Runner(name=name)
    for flow in sorted(flows):
        await runner.aadd_flow(flows[flow], name, schedules=_schedules(plans[flow]))
    await runner.start()


def _where(root: Path, pool_type: str) -> dict[str, Any]:
    # In a container the code is where its image has it.
    if pool_type != "process":
        return {}
    return {"working_dir": str(root), "env": {"PYTHONPATH": str(root)}}


def _schedules(plan: FlowPlan) -> list[Any]:
    from prefect.schedules import Cron

    if plan.schedule is None:
        return []
    return [Cron(plan.schedule, timezone=plan.timezone or "UTC")]


def _module_path() -> Any:
    from prefect.types.entrypoint import EntrypointType

    return EntrypointType.MODULE_PATH
