"""A flow that failed, undone: the `on_failure` operations of the steps that had begun."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from pulpo_base.flows.inputs import input_data
from pulpo_base.flows.interruption import THREAD_PATIENCE, StillActingError, goes_on
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.flows.retries import retry_delay
from pulpo_base.invocation import OutputError, checked_output, input_type, invoke, output_type
from pulpo_base.record_fields import record_fields, record_values
from pulpo_base.threads import ThreadCalls

__all__ = ["Undone", "undo"]

_log = logging.getLogger(__name__)

#: Seconds for which the store is asked again to forget the outputs of steps that were undone.
_PATIENCE: Final = 30.0

Forget = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Undone:
    """A step, the operation that was called to undo it, and the error of that, if it failed."""

    step: str
    operation: str
    error: BaseException | None = None


async def undo(
    plan: FlowPlan,
    operations: Mapping[str, Callable[..., Any]],
    *,
    inputs: Mapping[str, Mapping[str, Any]],
    outputs: Mapping[str, Any],
    calls: Mapping[str, ThreadCalls],
    around: Callable[[str], AbstractContextManager[Any]],
    forget: Forget | None = None,
) -> list[Undone]:
    """Call the operations that undo the steps that had begun, the last step first, each once.

    `inputs` are those of the steps that had begun, `outputs` those of the steps that finished. The
    operation is given the fields of both that it takes, those of the output first and defaults of
    the input last. A step that did not finish is undone where its input alone has all that is
    required. `calls` are those of steps in threads. They are waited for first, half a minute at
    most: a step whose thread goes on even then is not undone, and what one returned meanwhile is
    its output.

    `forget(step)` is called before each, so that a run that resumes this one does not take it for
    done; where that fails the step is undone all the same, and `forget` is called again. Errors are
    logged and returned: the others are called all the same, and the flow's own error is what
    counts.
    """
    if not any(step.on_failure for step in plan.steps if step.operation in inputs):
        return []
    await asyncio.gather(*(one.over(THREAD_PATIENCE) for one in calls.values()))
    known = {**_late(operations, calls), **outputs}
    acting = {name for name, made in calls.items() if made.is_acting}
    done: list[Undone] = []
    remembered: set[str] = set()
    for step, name, given in _planned(plan, operations, inputs, known, acting):
        error: BaseException | None
        if isinstance(given, Exception):
            error = given
        else:
            if not await _forgotten(forget, step):
                remembered.add(step)
            error = await _error_of(operations[name], given, around(name))
        if error is not None:
            _log.error("%s could not undo %s", name, step, exc_info=error)
        done.append(Undone(step, name, error))
    await _forgotten_at_last(forget, remembered)
    return done


def _planned(
    plan: FlowPlan,
    operations: Mapping[str, Callable[..., Any]],
    inputs: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, Any],
    acting: Collection[str],
) -> Iterator[tuple[str, str, dict[str, Any] | Exception]]:
    """Yield each step to undo, the operation that does, and what it is given or why it cannot."""
    for step in reversed(plan.steps):
        if step.operation not in inputs:
            continue
        operation = operations[step.operation]
        output = record_values(known.get(step.operation), output_type(operation))
        given = {**_defaults(operation), **inputs[step.operation], **output}
        for name in step.on_failure:
            hook = operations.get(name)
            if step.operation in acting:
                yield step.operation, name, StillActingError(goes_on(step.operation))
                continue
            if hook is None:
                yield step.operation, name, LookupError(f"there is no operation {name!r}")
                continue
            fields = _fields(hook, given)
            if fields is not None:
                yield step.operation, name, fields
            elif step.operation in known:
                missing = f"{step.operation} has no value for all that {name} takes"
                yield step.operation, name, LookupError(missing)


async def _error_of(
    hook: Callable[..., Any], fields: Mapping[str, Any], around: AbstractContextManager[Any]
) -> BaseException | None:
    try:
        with around:
            await invoke(hook, input_data(hook, fields))
    except Exception as error:  # noqa: BLE001 - whatever it is, the others follow
        return error
    return None


def _late(
    operations: Mapping[str, Callable[..., Any]], calls: Mapping[str, ThreadCalls]
) -> dict[str, Any]:
    """Return what the operations of steps returned in threads that nobody waited for."""
    outputs: dict[str, Any] = {}
    for step, made in calls.items():
        for output in made.returned(operations[step]):
            try:
                outputs[step] = checked_output(operations[step], output)
            except OutputError as error:
                _log.warning("%s", error)
    return outputs


async def _forgotten(forget: Forget | None, step: str) -> bool:
    try:
        if forget is not None:
            await forget(step)
    except Exception as error:  # noqa: BLE001 - what is undone must not depend on it
        _log.warning("what %s returned is not forgotten yet, as it is undone: %s", step, error)
        return False
    return True


async def _forgotten_at_last(forget: Forget | None, steps: set[str]) -> None:
    """Have the outputs of steps forgotten once the store is back, if that is soon."""
    until, attempt = time.monotonic() + _PATIENCE, 1
    while steps and time.monotonic() < until:
        await asyncio.sleep(retry_delay(attempt))
        attempt += 1
        steps = {step for step in steps if not await _forgotten(forget, step)}
    if steps:
        _log.error(
            "%s: undone, but a run that resumes this one takes it for done: run the flow anew",
            ", ".join(sorted(steps)),
        )


def _defaults(operation: Callable[..., Any]) -> dict[str, Any]:
    """Return what fields of an input are where they are not given; factories make new values."""
    fields = record_fields(input_type(operation))
    return {
        name: info.get_default()
        for name, info in fields.items()
        if not info.is_required() and info.default_factory is None
    }


def _fields(hook: Callable[..., Any], known: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the fields of a hook's input, `None` where a required one is missing."""
    wanted = record_fields(input_type(hook))
    if any(info.is_required() and name not in known for name, info in wanted.items()):
        return None
    return {name: known[name] for name in wanted if name in known}
