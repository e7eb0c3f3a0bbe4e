"""One operation's input, put together and judged, and its call in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pulpo_base.project.asking import completed
from pulpo_base.project.definition import Project
from pulpo_base.project.errors import ProjectError
from pulpo_base.project.inputs import findings
from pulpo_base.project.typed_options import Field, fields_of

__all__ = ["CheckedInput", "asked_for", "call_here", "operation_fields"]


@dataclass(frozen=True, slots=True)
class CheckedInput:
    """An input as the operation's own type, and as what is sent over HTTP."""

    value: Any
    plain: Any


def operation_fields(operation: Callable[..., Any]) -> tuple[Field, ...]:
    """Return the fields of what an operation takes; none where that is no record."""
    from pulpo_base.invocation import input_type
    from pulpo_base.project.schemas import json_schema

    kind = input_type(operation)
    names = getattr(kind, "_fields", ())  # a named tuple's, which JSON has as an array
    return fields_of(json_schema(kind), names)


def asked_for(
    name: str, operation: Callable[..., Any], given: Any, options: Mapping[str, Any]
) -> CheckedInput:
    """Return the input of an operation: `given`, with `options` above it, and the user's answers.

    Raises `ProjectError` with what is wrong with it. It is judged before a database is started
    for it, and so that it is told apart from a `ValidationError` inside the operation.
    """
    from pydantic import TypeAdapter, ValidationError

    from pulpo_base.invocation import input_type

    kind = input_type(operation)
    if kind is None:
        if given:
            raise ProjectError(f"operation {name} takes no input", hint="leave --input out")
        return CheckedInput(None, None)
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    whole = {} if given is None else given
    fields = operation_fields(operation)
    if options and not isinstance(whole, Mapping):
        raise ProjectError("--input is no object, so options cannot add to it")
    if isinstance(whole, Mapping) and fields:
        known = {**whole, **options}
        # An input that is given whole is taken as it is: who writes one wants no questions.
        whole = known if given is not None else completed(known, fields, _judged_by(adapter))
    try:
        return CheckedInput(adapter.validate_python(whole), whole)
    except ValidationError as error:
        raise ProjectError(
            f"the input of {name} is not valid",
            details=findings(error),
            hint=f"see `./main ops show {name}`",
        ) from error


def _judged_by(adapter: Any) -> Callable[[str, Any], str]:
    """Return what says why one field may not have a value, whatever the others are."""
    from pydantic import ValidationError

    def judged(name: str, value: Any) -> str:
        try:
            adapter.validate_python({name: value})
        except ValidationError as error:
            for found in error.errors(include_url=False, include_input=False):
                if found["loc"][:1] == (name,):
                    return str(found["msg"])
        return ""

    return judged


def call_here(project: Project, name: str, operation: Callable[..., Any], data: Any) -> Any:
    """Return what the operation returns as JSON-like values, called on the project's database.

    Raises `ProjectError` where there is no database, and for whatever the operation raises.
    """
    from pulpo_base.invocation import OutputError, invoke
    from pulpo_base.project.calls import failure, plain, run_connected

    async def call(_database: object) -> Any:
        try:
            return await invoke(operation, data)
        except ProjectError:
            raise
        except OutputError as error:
            raise ProjectError(str(error), hint="mend the operation or its outputs") from error
        except Exception as error:
            problem = project.load_runtime().problem(error)
            code = [f"code: {problem['code']}"] if "code" in problem else []
            raise failure(project, f"operation {name}", error, error, details=code) from error

    return plain(run_connected(project, call))
