"""What a task of a generated Prefect flow costs over one of the same flow written by hand.

    PREFECT_API_URL=… uv run python benchmarks/flows/prefect_overhead.py MONGODB_URL [ROUNDS]

Layers of two steps that do nothing, against a Prefect server: written by hand with a task for each
step, tags and retries; the same with results that Prefect persists, so that a run again skips what
succeeded; and as generated, which writes its record, keys and outputs. Flows of two lengths in
turns: what a task costs is the difference of their medians over that of their lengths, so that what
a run costs as a whole is apart. The cost of a generated task is to be at most 1.05 times the other.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")

from prefect import flow, task
from prefect.cache_policies import INPUTS, NO_CACHE, RUN_ID
from pydantic import BaseModel
from pymongo import AsyncMongoClient

from pulpo_base import operation
from pulpo_base.flows import FlowDefinition, FlowPlan, FlowRuntime, FlowStep
from pulpo_base.flows.prefect import retry_condition, retry_delays, run_operation
from pulpo_base.flows.prefect_runs import recorded_steps

LAYERS, WIDTH = (4, 24), 2

Run = Callable[[], Awaitable[None]]


class Empty(BaseModel):
    """Nothing taken, nothing returned."""


def plan_of(layers: int) -> FlowPlan:
    """Return a plan in which each layer waits for the one before it."""
    names = [[f"o.{layer}_{place}" for place in range(WIDTH)] for layer in range(layers)]
    steps = [
        FlowStep(name, after=tuple(names[layer - 1]) if layer else (), retries=1)
        for layer, row in enumerate(names)
        for name in row
    ]
    return FlowPlan(name=f"o{layers}", steps=tuple(steps))


def nothing(name: str) -> Any:
    """Return an operation that does nothing."""

    @operation(name=name, retries=1)
    async def step() -> None:
        """Do nothing."""

    return step


def by_hand(plan: FlowPlan, *, persisted: bool) -> Run:
    """Return the flow as one writes it by hand."""

    def made(name: str) -> Any:
        @task(
            name=name,
            tags=["o"],
            retries=1,
            retry_delay_seconds=[0.1],
            persist_result=persisted,
            cache_policy=INPUTS + RUN_ID if persisted else NO_CACHE,
        )
        async def step() -> None:
            """Do nothing."""

        return step

    tasks = {step.operation: made(step.operation) for step in plan.steps}

    @flow(name=f"{plan.name} by hand", persist_result=persisted)
    async def whole() -> None:
        started: dict[str, asyncio.Task[None]] = {}

        async def run(step: FlowStep) -> None:
            for before in step.after:
                await started[before]
            await tasks[step.operation]()

        async with asyncio.TaskGroup() as group:
            for step in plan.steps:
                started[step.operation] = group.create_task(run(step))

    return whole


def generated(plan: FlowPlan, database: Any) -> Run:
    """Return the flow as it is generated."""
    operations = {step.operation: nothing(step.operation) for step in plan.steps}
    runtime = FlowRuntime(
        flows={plan.name: FlowDefinition(plan, Empty, Empty)}, operations=operations
    )

    def made(name: str) -> Any:
        @task(
            name=name,
            tags=["o"],
            retries=1,
            retry_delay_seconds=retry_delays(1),
            retry_condition_fn=retry_condition(),
            persist_result=False,
        )
        async def step() -> None:
            await run_operation(operations[name])

        return step

    tasks = {name: made(name) for name in operations}

    @flow(name=plan.name, persist_result=False)
    async def whole() -> None:
        async with recorded_steps(plan, runtime, database) as steps:
            started: dict[str, asyncio.Task[None]] = {}

            async def run(step: FlowStep) -> None:
                for before in step.after:
                    await started[before]
                await tasks[step.operation]()

            for step in plan.steps:
                started[step.operation] = steps.start(operations[step.operation], run(step))

    return whole


async def main(url: str, rounds: int) -> None:
    """Measure, and say what was measured."""
    async with AsyncMongoClient[dict[str, Any]](url, tz_aware=True) as mongo:
        flows: dict[tuple[str, int], Run] = {}
        for plan in map(plan_of, LAYERS):
            flows["by hand", len(plan.steps)] = by_hand(plan, persisted=False)
            flows["by hand, persisted", len(plan.steps)] = by_hand(plan, persisted=True)
            flows["generated", len(plan.steps)] = generated(plan, mongo["pulpo_benchmark"])
        wall: dict[tuple[str, int], list[float]] = {key: [] for key in flows}
        cpu: dict[tuple[str, int], list[float]] = {key: [] for key in flows}
        for turn in range(rounds + 1):
            for key, run in flows.items():
                began, used = time.perf_counter(), time.process_time()
                await run()
                if turn:  # the first makes indexes and connections
                    wall[key].append(time.perf_counter() - began)
                    cpu[key].append(time.process_time() - used)
        await mongo.drop_database("pulpo_benchmark")
    for name, times in (("wall", wall), ("CPU", cpu)):
        print_table(name, {key: 1000 * statistics.median(found) for key, found in times.items()})


def print_table(title: str, medians: dict[tuple[str, int], float]) -> None:
    """Print milliseconds of each flow, what a task costs, and how much more than by hand."""
    short, long = (layers * WIDTH for layers in LAYERS)
    print(f"{title:20}{short:5} steps {long:5} steps      a task")
    costs: dict[str, float] = {}
    for name in dict.fromkeys(name for name, _ in medians):
        few, many = medians[name, short], medians[name, long]
        costs[name] = (many - few) / (long - short)
        print(f"{name:20}{few:8.0f} ms {many:8.0f} ms {costs[name]:8.2f} ms")
    for name in ("by hand", "by hand, persisted"):
        whole = medians["generated", long] / medians[name, long]
        ratio = costs["generated"] / costs[name]
        print(f"generated over {name}: {ratio:.3f} a task, {whole:.3f} the flow of {long}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 11))
