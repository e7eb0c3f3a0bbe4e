"""How close a flow comes to its critical path: ten layers of ten steps, 0.1 s each.

`uv run python benchmarks/flows/layered.py [--sync]` runs the graph on the local engine, each step
after two of the layer before it, and prints the time over that of the critical path (at most 1.3).
With `--sync` the steps block a thread. The overhead of one step that does nothing comes with it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from typing import Any

from pulpo_base import operation
from pulpo_base.flows import FlowPlan, FlowStep, run_plan

LAYERS = WIDTH = 10
SECONDS = 0.1


def layered() -> FlowPlan:
    """Return ten layers of ten steps."""
    steps = [
        FlowStep(
            f"g.{layer}_{place}",
            after=tuple(f"g.{layer - 1}_{other % WIDTH}" for other in (place, place + 1))
            if layer
            else (),
        )
        for layer in range(LAYERS)
        for place in range(WIDTH)
    ]
    return FlowPlan(name="g", steps=tuple(steps))


@operation(name="g.waits")
async def waits() -> None:
    """Wait as a request to another service does."""
    await asyncio.sleep(SECONDS)


@operation(name="g.blocks")
def blocks() -> None:
    """Block, as a library without asyncio does."""
    time.sleep(SECONDS)


@operation(name="g.nothing")
async def nothing() -> None:
    """Do nothing."""


def timed(plan: FlowPlan, step: Any) -> float:
    """Return the seconds that a run takes where each step is that operation."""
    operations = {one.operation: step for one in plan.steps}
    began = time.perf_counter()
    asyncio.run(run_plan(plan, operations, {}))
    return time.perf_counter() - began


def main() -> None:
    """Measure, and say what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sync", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    plan, critical = layered(), LAYERS * SECONDS
    step = blocks if options.sync else waits
    timed(plan, nothing)
    taken = [timed(plan, step) for _ in range(options.rounds)]
    empty = [timed(plan, nothing) for _ in range(options.rounds)]
    print(f"{statistics.median(taken) / critical:.3f} x the critical path")
    print(f"{statistics.median(empty) / len(plan.steps) * 1e6:.0f} us a step that does nothing")


if __name__ == "__main__":
    main()
