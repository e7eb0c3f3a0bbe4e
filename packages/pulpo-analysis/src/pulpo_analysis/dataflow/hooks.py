"""What undoes a step where its flow fails: an operation that is fed with what the step had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pulpo_analysis.dataflow.assignability import is_assignable
from pulpo_analysis.dataflow.binding import input_fields, output_fields
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import OperationSpec, TypeRef

__all__ = ["unfed_hooks"]


def unfed_hooks(operations: Iterable[OperationSpec], app: AppSpec) -> Iterator[Diagnostic]:
    """Yield a finding for each field of an `on_failure` operation that nothing can give."""
    for operation in operations:
        offered = _offered(operation, app)
        for name in operation.on_failure:
            hook = app.operation(name)
            if hook is None:
                continue  # it was found to be no operation already
            for spec in input_fields(hook, app) or ():
                given = offered.get(spec.name)
                fits = given is not None and is_assignable(given, spec.type, app)
                if fits or (given is None and not spec.required):
                    continue
                why = (
                    "the step has no such value"
                    if given is None
                    else f"there it is {given}, not {spec.type}"
                )
                yield finding(
                    "PLB010",
                    f"{spec.name!r} of {name!r}, which undoes {operation.name!r}, cannot be "
                    f"given: {why}",
                    operation.location,
                    hook.location,
                    hint="let it take fields of the step's own input or output, by their names",
                )


def _offered(operation: OperationSpec, app: AppSpec) -> dict[str, TypeRef]:
    """Return the fields of a step's input and output; those of the output come first."""
    given = {spec.name: spec.type for spec in input_fields(operation, app) or ()}
    returned = output_fields(operation, app).values()
    return {**given, **{spec.name: spec.type for spec in returned}}
