"""Flows as deployments of a Prefect server: what its workers run, by request or by schedule."""

from __future__ import annotations

import os
from collections.abc import Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.orchestration import PrefectClient

    from pulpo_base.flows.plan import FlowPlan, FlowStep

    PrefectFlow = Flow[..., Coroutine[Any, Any, Any]]

__all__ = ["Deployed", "deploy", "serve"]

#: Begins the tag of a deployment that says whose it is; the project's name follows.
_PROJECT: Final = "pulpo-project:"
#: So many deployments a server returns at a time.
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Deployed:
    """What was done at the server.

    `names` are the flows and operations that were registered, `gone` those that were deleted, as
    they are none of the project's any more, and `unlimited` the tags whose limits were.
    """

    names: list[str]
    gone: list[str]
    unlimited: list[str]


#: Of the processes that run flows: one that ends while the server is away tries for four minutes to
#: tell it, by default for one. Its steps need no server.
_PATIENT: Final = {"PREFECT_CLIENT_MAX_RETRIES": "7"}


async def deploy(
    flows: Mapping[str, PrefectFlow],
    plans: Mapping[str, FlowPlan],
    *,
    root: Path,
    pool: str,
    pool_type: str = "process",
    job_variables: Mapping[str, Any] | None = None,
    tag_limits: Mapping[str, int] | None = None,
    result_storage: str = "",
    project: str = "",
    earlier_limits: Collection[str] = (),
) -> Deployed:
    """Register each flow at the server that `PREFECT_API_URL` names.

    A deployment is called as the work pool, which is made where there is none. Its schedule is
    the plan's, and an operation without a plan has none; a deployment that is registered again
    gets the present one. Workers find the project's folder at `root`. The limits of tags become the
    server's.

    Deployments have a tag with the name of the `project`. Those of the pool that have it, and whose
    flow or operation is none of `flows` any more, are deleted, with their schedules; without a name
    none are. So are the limits of tags that an earlier call made (`earlier_limits`), and that are
    not among `tag_limits`.

    Raises `LookupError` where containers are to run the flows and no image is named, where the
    pool is there with another type, and where the server has no such block for results.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

    variables = _variables(root, pool_type, job_variables or {})
    async with get_client() as client:
        if result_storage:
            await _check_block(client, result_storage)
        try:
            await client.create_work_pool(WorkPoolCreate(name=pool, type=pool_type))
        except ObjectAlreadyExists:
            # One that is there is used as it is: somebody may have changed it.
            found = await client.read_work_pool(pool)
            if found.type != pool_type:
                raise LookupError(
                    f"the work pool {pool!r} is there with the type {found.type}, not {pool_type}: "
                    "delete it (`prefect work-pool delete`) or name another in flows.work_pool.name"
                ) from None
        for tag, limit in (tag_limits or {}).items():
            await client.create_concurrency_limit(tag=tag, concurrency_limit=limit)
    own = [f"{_PROJECT}{project}"] if project else []
    for name in sorted(flows):
        deployment = await flows[name].ato_deployment(
            pool,
            description=f"The {'flow' if name in plans else 'operation'} {name}.",
            work_pool_name=pool,
            job_variables=variables,
            schedules=_schedules(plans.get(name)),
            tags=sorted({*own, *(tag for step in _steps(plans.get(name)) for tag in step.tags)}),
            entrypoint_type=_module_path(),
        )
        await deployment.aapply(work_pool_name=pool)
    async with get_client() as client:
        gone = await _delete_gone(client, own[0], pool, flows) if own else []
        limits = sorted(set(earlier_limits) - (tag_limits or {}).keys())
        for tag in limits:
            # Somebody may have deleted it by hand.
            with suppress(ObjectNotFound):
                await client.delete_concurrency_limit_by_tag(tag)
    return Deployed(sorted(flows), gone, limits)


async def _delete_gone(
    client: PrefectClient, tag: str, pool: str, flows: Collection[str]
) -> list[str]:
    """Delete the deployments of that tag and name whose flows are none of these; return these."""
    from prefect.client.schemas.filters import (
        DeploymentFilter,
        DeploymentFilterName,
        DeploymentFilterTags,
    )

    ours = DeploymentFilter(
        name=DeploymentFilterName(any_=[pool]), tags=DeploymentFilterTags(all_=[tag])
    )
    found: list[Any] = []
    while page := await client.read_deployments(
        deployment_filter=ours, limit=_PAGE, offset=len(found)
    ):
        found += page
    gone: list[str] = []
    for deployment in found:
        name = (await client.read_flow(deployment.flow_id)).name
        if name not in flows:
            await client.delete_deployment(deployment.id)
            gone.append(name)
    return sorted(gone)


async def serve(
    flows: Mapping[str, PrefectFlow], plans: Mapping[str, FlowPlan], *, root: Path, name: str
) -> None:
    """Register the flows under a name and run what is asked for in this process, until cancelled.

    For a server without a worker: runs are processes that this one starts, which import the flows
    from the project's folder `root`.
    """
    from prefect.runner import Runner

    runner = Runner(name=name)
    # Flows that are added as such are pickled for their processes, with all that they refer to.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(root), *_python_path()])
    for variable, value in _PATIENT.items():
        os.environ.setdefault(variable, value)
    for flow in sorted(flows):
        deployment = await flows[flow].ato_deployment(
            name, schedules=_schedules(plans.get(flow)), entrypoint_type=_module_path()
        )
        await runner.aadd_deployment(deployment)
    await runner.start()


def _python_path() -> list[str]:
    return [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]


def _variables(root: Path, pool_type: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the job variables: where the code is, unless they say it themselves."""
    if pool_type == "process":
        env = {"PYTHONPATH": str(root), **_PATIENT, **given.get("env", {})}
        return {"working_dir": str(root), **given, "env": env}
    if "image" not in given:
        raise LookupError(
            f"a work pool of the type {pool_type} needs flows.work_pool.job_variables.image: the "
            "image that `pulpo compile deploy` describes has the code"
        )
    return {**given, "env": {**_PATIENT, **given.get("env", {})}}


async def _check_block(client: PrefectClient, name: str) -> None:
    from prefect.exceptions import ObjectNotFound

    kind, _, block = name.partition("/")
    try:
        await client.read_block_document_by_name(block, kind)
    except ObjectNotFound:
        raise LookupError(
            f"flows.result_storage is {name!r}, and the server has no such block: make one, and "
            "name it as type/name (`prefect block ls`)"
        ) from None


def _steps(plan: FlowPlan | None) -> Sequence[FlowStep]:
    return plan.steps if plan else ()


def _schedules(plan: FlowPlan | None) -> list[Any]:
    from prefect.schedules import Cron

    if plan is None or plan.schedule is None:
        return []
    return [Cron(plan.schedule, timezone=plan.timezone or "UTC")]


def _module_path() -> Any:
    from prefect.types.entrypoint import EntrypointType

    return EntrypointType.MODULE_PATH
