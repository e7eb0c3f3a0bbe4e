"""Deployments on Prefect: schedules, pools, limits, and what is deleted with its flow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("prefect", reason="the Prefect engine needs pulpo-base[flows]")

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.exceptions import ObjectNotFound

from pulpo_base.flows import FlowPlan, FlowStep
from pulpo_base.flows.deployment import deploy

pytestmark = [
    pytest.mark.slow,  # a Prefect server of its own
    # Prefect's own: see test_engines_agree.py.
    pytest.mark.filterwarnings(
        r"ignore:unclosed <socket\.socket .*raddr=\('127\.0\.0\.1':ResourceWarning"
    ),
]

PLAN = FlowPlan(name="p", steps=(FlowStep("p.say"),))


@flow(name="p", persist_result=False)
async def p() -> None:
    """Stand for a flow of several steps."""


@flow(name="p.say", persist_result=False)
async def say_alone() -> None:
    """Stand for an operation that goes on after its request."""


@flow(name="p.fail", persist_result=False)
async def fail_alone() -> None:
    """Stand for another."""


async def test_a_deployment_has_the_schedule_the_pool_and_the_limits(
    prefect_engine: None, tmp_path: Path
) -> None:
    plan = replace(PLAN, schedule="0 6 * * *", timezone="Europe/Berlin")

    async def deployed(pool: str = "shop", **options: Any) -> list[str]:
        done = await deploy(
            {"p": p, "p.say": say_alone}, {"p": plan}, root=tmp_path, pool=pool, **options
        )
        return done.names

    assert await deployed(tag_limits={"bank": 2}) == ["p", "p.say"]

    async with get_client() as client:
        found = await client.read_deployment_by_name("p/shop")
        assert found.job_variables["working_dir"] == str(tmp_path)
        assert found.job_variables["env"] == {
            "PYTHONPATH": str(tmp_path),
            "PREFECT_CLIENT_MAX_RETRIES": "7",
        }
        limit = await client.read_global_concurrency_limit_by_name("tag:bank")
        assert limit.limit == 2
        # What the server does by itself, sooner or later.
        await client._client.post(f"/deployments/{found.id}/schedule", json={"min_runs": 2})
        runs = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[found.id]))
        )
        alone = await client.read_deployment_by_name("p.say/shop")
    begins = [one.expected_start_time for one in runs if one.expected_start_time]
    assert len(begins) >= 2
    assert {one.astimezone(ZoneInfo("Europe/Berlin")).hour for one in begins} == {6}
    assert alone.schedules == []

    with pytest.raises(LookupError, match="is there with the type process, not docker"):
        await deployed(pool_type="docker", job_variables={"image": "shop:1"})
    with pytest.raises(LookupError, match=r"needs flows\.work_pool\.job_variables\.image"):
        await deployed("boxes", pool_type="docker")
    with pytest.raises(LookupError, match="the server has no such block"):
        await deployed(result_storage="s3-bucket/results")
    assert await deployed("boxes", pool_type="docker", job_variables={"image": "shop:1"})


async def test_what_is_none_of_the_projects_any_more_is_deleted(
    prefect_engine: None, tmp_path: Path
) -> None:
    plan = replace(PLAN, schedule="0 6 * * *")
    both = {"p": p, "p.say": say_alone}

    async def deployed(flows: Any, project: str, **options: Any) -> tuple[list[str], list[str]]:
        done = await deploy(
            flows, {"p": plan}, root=tmp_path, pool="shared", project=project, **options
        )
        return done.gone, done.unlimited

    assert await deployed(both, "one", tag_limits={"bank": 2, "post": 1}) == ([], [])
    # Another project that uses the pool deletes nothing of the first.
    assert await deployed({"p.fail": fail_alone}, "other") == ([], [])
    again = await deployed(
        {"p.say": say_alone},
        "one",
        tag_limits={"post": 1},
        earlier_limits=["bank", "post", "deleted by hand"],
    )

    assert again == (["p"], ["bank", "deleted by hand"])
    async with get_client() as client:
        with pytest.raises(ObjectNotFound):
            await client.read_deployment_by_name("p/shared")
        with pytest.raises(ObjectNotFound):
            await client.read_global_concurrency_limit_by_name("tag:bank")
        assert (await client.read_global_concurrency_limit_by_name("tag:post")).limit == 1
        for name in ("p.say/shared", "p.fail/shared"):
            assert (await client.read_deployment_by_name(name)).work_pool_name == "shared"
