"""How far a run has come, written down while it goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from pulpo_base.flows.pacing import BREATH
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.flows.run import StepEvent, StepEventKind
from pulpo_base.runs.pausing import pause
from pulpo_base.runs.stand_ins import with_stand_ins

if TYPE_CHECKING:
    from pulpo_base.flows.run import FlowError

__all__ = ["RunNotes", "StepRecorder", "masked_input", "steps_to_come"]

_log = logging.getLogger(__name__)

#: Seconds between two attempts to write while the database is away, and for the last of them.
_PAUSE: Final = 0.5
_PATIENCE: Final = 30.0
#: Stands for the input of a failed step that its run has no room for.
_TOO_LARGE: Final = "(too large to be kept)"

_STATES: Final = {
    StepEventKind.STARTED: "running",
    StepEventKind.RETRYING: "retrying",
    StepEventKind.FINISHED: "succeeded",
    StepEventKind.KEPT: "kept",
    StepEventKind.FAILED: "failed",
    StepEventKind.CANCELLED: "cancelled",
}


class RunNotes(Protocol):
    """Where runs are written down (`pulpo_base.runs.records.RunRecords`)."""

    async def note(self, name: str, changes: dict[str, Any]) -> None:
        """Set fields of a run that goes on. Raises `RunTooLargeError`."""
        ...


def steps_to_come(plan: FlowPlan) -> list[dict[str, Any]]:
    """Return what is written down of the steps of a run before it begins."""
    return [{"operation": step.operation, "state": "pending"} for step in plan.steps]


class StepRecorder:
    """Writes the events of a run's steps to its record, without holding up the steps.

    Call it with each event, inside an `async with` block: what is not written when the block
    ends is written then. While the database is away, events are kept and written later.
    """

    def __init__(
        self,
        notes: RunNotes,
        run: str,
        plan: FlowPlan,
        *,
        problem: Callable[[BaseException], Mapping[str, Any]],
        mask: Callable[[Any], Any],
    ) -> None:
        """`problem` says what an error is for a client, `mask` hides the secrets of an input."""
        self._notes = notes
        self._run = run
        self._places = {step.operation: place for place, step in enumerate(plan.steps)}
        self._problem = problem
        self._mask = mask
        self._changes: dict[str, Any] = {}
        self._changed = asyncio.Event()
        self._over = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Asked to end, not cancelled: a driver that is cancelled while it writes may report an
        # error of its own instead, and the cancellation is lost.
        self._over.set()
        self._changed.set()
        if self._writer is not None:
            _, late = await asyncio.wait([self._writer], timeout=_PATIENCE)
            for task in late:
                _log.warning("the last steps of run %s could not be written down", self._run)
                task.cancel()

    def __call__(self, event: StepEvent) -> None:
        """Take note of an event."""
        place = f"steps.{self._places[event.operation]}"
        if event.kind is StepEventKind.UNDONE:
            self._changes[f"{place}.undone"] = event.error is None
            self._changed.set()
            return
        if event.kind is StepEventKind.ACTING:
            self._changes[f"{place}.acting"] = True
            self._changed.set()
            return
        self._changes[f"{place}.state"] = _STATES[event.kind]
        self._changes[f"{place}.attempts"] = event.attempt
        is_over = event.kind not in {StepEventKind.STARTED, StepEventKind.RETRYING}
        moment = "finished_at" if is_over else "started_at"
        if event.kind is not StepEventKind.RETRYING:
            self._changes[f"{place}.{moment}"] = event.at
        if event.error is not None:
            self._changes[f"{place}.problem"] = dict(self._problem(event.error))
        if event.kind is StepEventKind.FAILED:
            self._changes[f"{place}.input"] = masked_input(event, self._mask)
        self._changed.set()

    async def _write(self) -> None:
        from pymongo.errors import PyMongoError

        from pulpo_base.runs.records import RunTooLargeError

        while not self._over.is_set() or self._changes:
            await self._changed.wait()
            self._changed.clear()
            changes, self._changes = self._changes, {}
            if not changes:
                continue
            try:
                await self._notes.note(self._run, changes)
                await pause(self._over, BREATH)
            except RunTooLargeError:
                self._drop_inputs(changes)
            except PyMongoError as error:
                _log.warning("run %s cannot be kept up to date yet: %s", self._run, error)
                # What happened meanwhile is newer.
                self._changes = {**changes, **self._changes}
                self._changed.set()
                await asyncio.sleep(_PAUSE)
            except Exception:  # noqa: BLE001 - what comes after it is to be written all the same
                _log.exception("run %s: what happened to its steps cannot be stored", self._run)

    def _drop_inputs(self, changes: dict[str, Any]) -> None:
        """Have changes that did not fit written without the inputs of steps that failed."""
        smaller = dict(changes)
        for operation, place in self._places.items():
            name = f"steps.{place}.input"
            if smaller.get(name, _TOO_LARGE) != _TOO_LARGE:
                smaller[name] = _TOO_LARGE
                _log.warning(
                    "run %s: the input of %s is too large to be kept", self._run, operation
                )
        if smaller == changes:
            _log.error("run %s is too large: how its steps ended is not kept", self._run)
            return
        self._changes = {**smaller, **self._changes}
        self._changed.set()


def masked_input(event: StepEvent | FlowError, mask: Callable[[Any], Any]) -> Any:
    """Return the input of the step that an event or error speaks of, as it may be shown."""
    from pydantic_core import to_jsonable_python

    values = to_jsonable_python(dict(event.input), fallback=str, inf_nan_mode="strings")
    return with_stand_ins(mask(values))
