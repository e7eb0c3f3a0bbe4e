"""What a generated Prefect flow costs over the same flow written by hand.

`PREFECT_API_URL=… uv run python benchmarks/flows/prefect_overhead.py MONGODB_URL` runs both in
turns against a Prefect server and prints the ratio of the medians (at most 1.05): eight steps that
do nothing, in four layers of two. The generated one also writes its record, keys and outputs.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from typing import Any

from prefect import flow, task
from pydantic import BaseModel
from pymongo import AsyncMongoClient

from pulpo_base import operation
from pulpo_base.flows import FlowDefinition, FlowPlan, FlowRuntime, FlowStep
from pulpo_base.flows.prefect import run_operation
from pulpo_base.flows.prefect_runs import recorded_steps

LAYERS, WIDTH, ROUNDS = 4, 2, 9


class Empty(BaseModel):
    """Nothing taken, nothing returned."""


@operation(name="o.nothing")
async def nothing() -> None:
    """Do nothing."""


def _name(layer: int, place: int) -> str:
    return f"o.{layer}_{place}"


NAMES = [[_name(layer, place) for place in range(WIDTH)] for layer in range(LAYERS)]
PLAN = FlowPlan(
    name="o",
    steps=tuple(
        FlowStep(name, after=tuple(NAMES[layer - 1]) if layer else ())
        for layer, names in enumerate(NAMES)
        for name in names
    ),
)


def _operation(name: str) -> Any:
    @operation(name=name)
    async def step() -> None:
        """Do nothing."""

    return step


OPERATIONS = {step.operation: _operation(step.operation) for step in PLAN.steps}
RUNTIME = FlowRuntime(flows={"o": FlowDefinition(PLAN, Empty, Empty)}, operations=OPERATIONS)


@task(persist_result=False)
async def plain_task() -> None:
    """Do nothing."""
    await nothing()


@flow(persist_result=False)
async def by_hand() -> None:
    """Run the layers as one writes them by hand."""
    for names in NAMES:
        async with asyncio.TaskGroup() as group:
            for _ in names:
                group.create_task(plain_task())


def _task(name: str) -> Any:
    @task(name=name, persist_result=False)
    async def generated() -> None:
        await run_operation(OPERATIONS[name])

    return generated


TASKS = {name: _task(name) for name in OPERATIONS}
databases: list[Any] = []


@flow(name="o", persist_result=False)
async def generated() -> None:
    """Run the layers as generated code does."""
    async with recorded_steps(PLAN, RUNTIME, databases[-1]) as steps:
        started: dict[str, Any] = {}

        async def run(step: FlowStep) -> None:
            for before in step.after:
                await started[before]
            await TASKS[step.operation]()

        for step in PLAN.steps:
            started[step.operation] = steps.start(OPERATIONS[step.operation], run(step))


async def main(url: str) -> None:
    """Measure, and say what was measured."""
    async with AsyncMongoClient[dict[str, Any]](url, tz_aware=True) as mongo:
        databases.append(mongo["pulpo_benchmark"])
        taken: dict[str, list[float]] = {"by hand": [], "generated": []}
        for number in range(ROUNDS + 1):
            for name, call in (("by hand", by_hand), ("generated", generated)):
                began = time.perf_counter()
                await call()
                if number:  # the first makes indexes and connections
                    taken[name].append(time.perf_counter() - began)
        await mongo.drop_database("pulpo_benchmark")
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        print(f"{name}: {median * 1000:.0f} ms")
    print(f"{medians['generated'] / medians['by hand']:.3f} x by hand")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
