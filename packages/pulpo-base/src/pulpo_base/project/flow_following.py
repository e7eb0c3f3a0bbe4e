"""A run that another process works on, followed by its record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pulpo_base.flows.dispatch import cancelled, settled
from pulpo_base.flows.run import StepEvent, StepEventKind

if TYPE_CHECKING:
    from pulpo_base.runs.records import Record
    from pulpo_base.runs.working import Runs

__all__ = ["StepProblem", "follow"]

_POLL: Final = 0.3
#: So often is Prefect itself asked whether the run has ended, counted in looks at the record.
_ASK_PREFECT: Final = 20

_KINDS: Final[Mapping[str, StepEventKind]] = {
    "running": StepEventKind.STARTED,
    "retrying": StepEventKind.RETRYING,
    "succeeded": StepEventKind.FINISHED,
    "kept": StepEventKind.KEPT,
    "failed": StepEventKind.FAILED,
    "cancelled": StepEventKind.CANCELLED,
}


class StepProblem(Exception):  # noqa: N818 - it is told by its title
    """Stands for an error that another process had; its text is the problem's title."""


async def follow(runs: Runs, record: Record, tell: Callable[[StepEvent], None]) -> Record:
    """Tell what happens to the steps of a run until it has ended, and return its record.

    Whoever is cancelled meanwhile cancels the run.
    """
    seen: dict[str, str] = {}
    looks = 0
    try:
        while True:
            for step in record["steps"]:
                if seen.get(step["operation"], "pending") != step["state"]:
                    seen[step["operation"]] = step["state"]
                    tell(_event(step))
            if record["state"] != "running":
                return record
            await asyncio.sleep(_POLL)
            record = await runs.find(record["_id"]) or record
            looks += 1
            if looks % _ASK_PREFECT == 0:
                record = await settled(runs, record)
    except asyncio.CancelledError:
        await cancelled(runs, record)
        raise


def _event(step: Mapping[str, Any]) -> StepEvent:
    now = datetime.now(UTC)
    began = step.get("started_at") or now
    problem = step.get("problem")
    return StepEvent(
        kind=_KINDS[step["state"]],
        operation=step["operation"],
        at=now,
        duration=((step.get("finished_at") or now) - began).total_seconds(),
        attempt=step.get("attempts", 1),
        error=None if problem is None else StepProblem(problem.get("title", "")),
    )
