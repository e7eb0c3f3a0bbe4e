"""`invoke`: the one place that validates an operation's input, calls it and checks its output."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, get_type_hints

from pulpo_base.decorators import (
    declared_types,
    defining_class,
    parameters_of,
    spec_of,
    written,
)
from pulpo_base.task_context import CURRENT_TASK
from pulpo_base.threads import in_thread

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

__all__ = ["OutputError", "checked_output", "input_type", "invoke", "output_type"]


class OutputError(TypeError):
    """An operation returned something else than it declares: a bug of the operation.

    `operation` is its name, `errors` pydantic's findings without the values.
    """

    def __init__(self, operation: str, errors: list[dict[str, Any]]) -> None:
        """Build the message from the first finding."""
        self.operation = operation
        self.errors = errors
        first = errors[0] if errors else {"loc": (), "msg": "invalid"}
        place = ".".join(str(part) for part in first["loc"]) or "the whole value"
        super().__init__(
            f"operation {operation!r} returned what its declared output does not allow: "
            f"{place}: {first['msg']}"
        )

    def __reduce__(self) -> tuple[type[OutputError], tuple[str, list[dict[str, Any]]]]:
        """Return how to rebuild the error in another process."""
        return (type(self), (self.operation, self.errors))


@dataclass(frozen=True, slots=True)
class _Contract:
    name: str
    operation: Callable[..., Any]
    call: Callable[..., Any]
    is_async: bool
    inputs: Any
    outputs: Any
    input_adapter: TypeAdapter[Any] | None
    output_adapter: TypeAdapter[Any] | None


@lru_cache(maxsize=4096)
def _contract(operation: Callable[..., Any]) -> _Contract:
    from pydantic import TypeAdapter

    spec = spec_of(operation)
    name = spec.name if spec else getattr(operation, "__qualname__", repr(operation))
    is_class = isinstance(operation, type)
    function: Callable[..., Any] = getattr(operation, "run") if is_class else operation  # noqa: B009
    parameters = [p.name for p in parameters_of(function) if not (is_class and p.name == "self")]
    source = written(function)
    home = defining_class(operation)
    hints = get_type_hints(source, None, dict(vars(home)) if home else None, include_extras=True)
    inputs, outputs = declared_types(operation)
    if len(parameters) > 1:
        raise TypeError(
            f"operation {name!r} takes {len(parameters)} parameters; give it one pydantic model "
            "with these as its fields"
        )
    if inputs is None and parameters:
        inputs = hints.get(parameters[0])
    if outputs is None:
        outputs = hints.get("return")

    def call(*arguments: Any) -> Any:
        return (operation().run if is_class else operation)(*arguments)

    return _Contract(
        name=name,
        operation=operation,
        call=call,
        is_async=inspect.iscoroutinefunction(source),
        inputs=inputs if parameters else None,
        outputs=outputs,
        input_adapter=TypeAdapter(inputs) if parameters and inputs is not None else None,
        output_adapter=None if outputs in (None, type(None)) else TypeAdapter(outputs),
    )


def input_type(operation: Callable[..., Any]) -> Any:
    """Return the type that the operation takes, `None` where it takes nothing."""
    return _contract(operation).inputs


def output_type(operation: Callable[..., Any]) -> Any:
    """Return the type that the operation returns, `None` where it declares none."""
    return _contract(operation).outputs


def checked_output(operation: Callable[..., Any], output: Any) -> Any:
    """Return what an operation returned as its declared type. Raises `OutputError`."""
    return _checked(_contract(operation), output)


async def invoke(operation: Callable[..., Any], data: Any = None) -> Any:
    """Call an operation with validated input and return its validated output.

    `data` is an instance of the input model, or anything that pydantic makes one from (a
    mapping of its fields; `None` for a model without required fields). Synchronous operations
    run in a thread. A class is made anew and its `run` is called.

    Raises `pydantic.ValidationError` for input that does not fit, `OutputError` where the
    operation breaks its own declaration, and whatever the operation raises.
    """
    contract = _contract(operation)
    arguments = _arguments(contract, data)
    task = CURRENT_TASK.get()
    if task is not None and not task.run:
        CURRENT_TASK.set(None)  # outside a flow, each call is a task of its own
    try:
        result = await _called(contract, arguments)
    finally:
        CURRENT_TASK.set(task)
    return _checked(contract, result)


async def _called(contract: _Contract, arguments: tuple[Any, ...]) -> Any:
    if contract.is_async:
        result = await contract.call(*arguments)
    else:
        result = await in_thread(contract.operation, partial(contract.call, *arguments))
        if inspect.isawaitable(result):
            result = await result
    return result


def _arguments(contract: _Contract, data: Any) -> tuple[Any, ...]:
    if contract.inputs is None and contract.input_adapter is None:
        if data:
            raise TypeError(f"operation {contract.name!r} takes no input, but got some")
        return ()
    if contract.input_adapter is None:
        return (data,)
    return (contract.input_adapter.validate_python({} if data is None else data),)


def _checked(contract: _Contract, result: Any) -> Any:
    from pydantic import ValidationError

    if contract.output_adapter is None:
        return result
    try:
        return contract.output_adapter.validate_python(result)
    except ValidationError as error:
        raise OutputError(contract.name, _findings(error)) from error


def _findings(error: ValidationError) -> list[dict[str, Any]]:
    # The rejected values stay out: they may be secrets, and errors travel to logs and clients.
    return [
        dict(item)
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]
