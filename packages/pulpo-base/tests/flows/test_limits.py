"""Limits by tag on the local engine: how many steps run at the same time."""

from __future__ import annotations

import asyncio

from pulpo_base import operation
from pulpo_base.flows import FlowPlan, FlowStep, TagLimits, run_plan

#: Steps that run, and the most that did, by their tag.
running: dict[str, int] = {}
most: dict[str, int] = {}


def step(name: str, tag: str) -> object:
    @operation(name=name)
    async def work() -> None:
        running[tag] = running.get(tag, 0) + 1
        most[tag] = max(most.get(tag, 0), running[tag])
        for _ in range(5):  # long enough for all that may begin to do so
            await asyncio.sleep(0)
        running[tag] -= 1

    return work


async def test_steps_with_a_limited_tag_wait_for_each_other_and_no_others() -> None:
    names = {f"t.{tag}.{number}": tag for tag in ("bank", "free") for number in range(6)}
    plan = FlowPlan(
        name="t", steps=tuple(FlowStep(name, tags=(tag,)) for name, tag in names.items())
    )
    operations = {name: step(name, tag) for name, tag in names.items()}

    limits = TagLimits({"bank": 2, "t.bank": 5})
    await asyncio.gather(*(run_plan(plan, operations, {}, limits=limits) for _ in range(2)))  # type: ignore[arg-type]

    # All runs of the process together.
    assert most == {"bank": 2, "free": 12}
