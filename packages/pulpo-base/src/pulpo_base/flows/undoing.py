"""A flow that failed, undone: the `on_failure` operations of the steps that had begun."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from pulpo_base.flows.inputs import input_data
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.invocation import input_type, invoke

__all__ = ["Undone", "undo"]

_log = logging.getLogger(__name__)


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
    around: Callable[[str], AbstractContextManager[Any]],
    forget: Callable[[str], Awaitable[None]] | None = None,
) -> list[Undone]:
    """Call the operations that undo the steps that had begun, the last step first, each once.

    `inputs` are those of the steps that had begun, `outputs` those of the steps that finished. The
    operation is given the fields of both that it takes, those of the output first and defaults of
    the input last. A step that did not finish is undone where its input alone has all that is
    required. `forget(step)` is called before each, so that a run that resumes this one does not
    take it for done. An error of either is logged and returned: the others are called all the same,
    and the flow's own error is what counts.
    """
    done: list[Undone] = []
    for step in reversed(plan.steps):
        if step.operation not in inputs:
            continue
        for name in step.on_failure:
            hook = operations.get(name)
            if hook is None:
                error: BaseException | None = LookupError(f"there is no operation {name!r}")
                done.append(Undone(step.operation, name, error))
                continue
            given = {**_defaults(operations[step.operation]), **inputs[step.operation]}
            fields = _fields(hook, given, outputs.get(step.operation))
            if fields is None:
                if step.operation in outputs:
                    error = LookupError(f"{step.operation} has no value for all that {name} takes")
                    _log.error("%s", error)
                    done.append(Undone(step.operation, name, error))
                continue
            error = None
            try:
                if forget is not None:
                    await forget(step.operation)
                with around(name):
                    await invoke(hook, input_data(hook, fields))
            except Exception as raised:  # noqa: BLE001 - whatever it is, the others follow
                _log.exception("%s could not undo %s", name, step.operation)
                error = raised
            done.append(Undone(step.operation, name, error))
    return done


def _defaults(operation: Callable[..., Any]) -> dict[str, Any]:
    """Return what fields of an input are where they are not given; factories make new values."""
    fields = getattr(input_type(operation), "model_fields", {})
    return {
        name: info.get_default()
        for name, info in fields.items()
        if not info.is_required() and info.default_factory is None
    }


def _fields(
    hook: Callable[..., Any], given: Mapping[str, Any], output: Any
) -> dict[str, Any] | None:
    """Return the fields of a hook's input, `None` where a required one is missing."""
    wanted = getattr(input_type(hook), "model_fields", {})
    names = getattr(type(output), "model_fields", {})
    known = {**given, **{name: getattr(output, name) for name in names}}
    if any(info.is_required() and name not in known for name, info in wanted.items()):
        return None
    return {name: known[name] for name in wanted if name in known}
