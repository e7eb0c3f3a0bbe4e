"""A flow whose second step takes as long as it is told, run by a process that may be killed."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from calls_of_flows import flow_call
from pydantic import BaseModel
from pymongo import AsyncMongoClient

from pulpo_base import current_task, operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowDefinition,
    FlowParameter,
    FlowPlan,
    FlowRuntime,
    FlowStep,
)
from pulpo_base.flows.starting import start_flow
from pulpo_base.runs.working import background_runs
from pulpo_base.specs import TypeKind, TypeRef

TEXT = TypeRef(TypeKind.SCALAR, "str")

#: Seconds that the second step takes after it wrote.
pause = float(os.environ.get("PAUSE", "0"))

databases: list[Any] = []


class Item(BaseModel):
    item: str


async def written(kind: str, item: str) -> None:
    """Write a document as an operation does that wants to write it once."""
    found = databases[-1]["written"]
    which = {"_id": current_task().document_id()}
    await found.update_one(
        which, {"$set": {"kind": kind, "item": item}, "$inc": {"times": 1}}, True
    )


@operation(name="z.first")
async def first(data: Item) -> Item:
    await written("first", data.item)
    return data


@operation(name="z.second")
async def second(data: Item) -> Item:
    await written("second", data.item)
    await asyncio.sleep(pause)
    return data


class Results(BaseModel):
    first: Item
    second: Item


PLAN = FlowPlan(
    name="z",
    steps=(
        FlowStep(
            "z.first", bindings=(Binding("item", BindingSource.PARAMETER, TEXT, name="item"),)
        ),
        FlowStep(
            "z.second",
            after=("z.first",),
            bindings=(
                Binding("item", BindingSource.OUTPUT_FIELD, TEXT, step="z.first", name="item"),
            ),
        ),
    ),
    parameters=(FlowParameter("item", TEXT),),
    results=(("z.first", TEXT), ("z.second", TEXT)),
)
RUNTIME = FlowRuntime(
    flows={"z": FlowDefinition(PLAN, Item, Results)},
    operations={"z.first": first, "z.second": second},
)


async def main(url: str, name: str) -> None:
    """Run the flow once."""
    async with AsyncMongoClient[dict[str, Any]](url, tz_aware=True) as mongo:
        databases.append(mongo[name])
        async with background_runs(mongo[name]) as runs:
            record = await start_flow(runs, RUNTIME, flow_call(RUNTIME, "z", {"item": "x"}))
            await runs.ended(record["_id"])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
