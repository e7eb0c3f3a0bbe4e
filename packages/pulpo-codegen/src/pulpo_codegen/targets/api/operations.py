"""One endpoint for each operation."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import OperationSpec, SourceLocation
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.python.layout import Bracketed, laid_out, signature
from pulpo_codegen.python.project import imports_for
from pulpo_codegen.python.types import type_source
from pulpo_codegen.render.prose import prose, summary
from pulpo_codegen.render.source import Source

__all__ = [
    "EndpointView",
    "OperationRouterContext",
    "has_runs",
    "operation_places",
    "operation_router",
]

#: What every operation may answer: its input does not fit.
_INVALID = 422


@dataclass(frozen=True, slots=True)
class EndpointView:
    """One operation: `signature` is its path function's, `arguments` what is passed on.

    `description` is empty where it says no more than the summary. `router` is where it is added:
    some go on in the background. `responses` documents the problems that it may answer with,
    `permissions` are what it wants.
    """

    name: str
    router: Source
    endpoint: Source
    summary: str
    description: str
    tag: str
    signature: Source
    arguments: Source
    outputs: Source
    responses: Source
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationRouterContext:
    """The context of `run_cache/api/operations.py`."""

    imports: Source
    has_runs: bool
    endpoints: tuple[EndpointView, ...]


def operation_router(analysis: Analysis, _item: object) -> OperationRouterContext:
    """Return the context of the operations' router."""
    imports = imports_for(analysis, "background", "router", "data", "output")
    imports.fixed("pulpo_base.api", "OperationRoute", "PrefixRouter")
    if has_runs(analysis):
        imports.fixed("pulpo_base.api", "BackgroundRoute")
    operations = sorted(analysis.app.operations, key=lambda operation: operation.name)
    if operations:
        imports.fixed("pulpo_base", "invoke")
        imports.fixed("pulpo_selfaware", "running_operation")
        imports.fixed("pulpo_utils.problems", "problem_responses")
    functions = [_function(operation, imports) for operation in operations]
    endpoints = tuple(
        _endpoint(analysis, operation, function, imports)
        for operation, function in zip(operations, functions, strict=True)
    )
    return OperationRouterContext(imports.block(), has_runs(analysis), endpoints)


def has_runs(analysis: Analysis) -> bool:
    """Return whether an operation goes on after its request was answered."""
    return any(operation.async_enabled for operation in analysis.app.operations)


def operation_places(analysis: Analysis, _item: object) -> tuple[SourceLocation, ...]:
    """Return where the operations are declared."""
    return tuple(operation.location for operation in analysis.app.operations)


def _function(operation: OperationSpec, imports: Imports) -> Source:
    return imports.use(operation.module, operation.qualname)


def _endpoint(
    analysis: Analysis, operation: OperationSpec, function: Source, imports: Imports
) -> EndpointView:
    first, text = summary(operation.description), prose(operation.description)
    outputs = type_source(operation.outputs, imports, analysis.app)
    parameters = []
    if operation.inputs is not None:
        parameters.append(("data", type_source(operation.inputs, imports, analysis.app)))
    endpoint = imports.names.take(f"post_{operation.name}")
    return EndpointView(
        name=operation.name,
        router=Source("background" if operation.async_enabled else "router"),
        endpoint=endpoint,
        summary=first or operation.name,
        description="" if text == first else text,
        tag=operation.namespace or "operations",
        signature=signature(endpoint, parameters, outputs),
        arguments=Source(f"{function}, data" if parameters else function),
        outputs=outputs,
        responses=_responses(operation, imports),
        permissions=operation.permissions,
    )


def _responses(operation: OperationSpec, imports: Imports) -> Source:
    """Return the call that documents problems: a class says its code, a status itself."""
    statuses = {_INVALID}
    classes: list[Source] = []
    for raised in operation.raises:
        if raised.status is None:
            continue
        if raised.code is None:
            statuses.add(raised.status)
        else:
            classes.append(imports.use(raised.module, raised.qualname))
    problems = (*(Source(str(status)) for status in sorted(statuses)), *classes)
    items = tuple(("", problem) for problem in problems)
    documented = Bracketed("problem_responses(", ")", items)
    return laid_out(documented, before=len("    responses="), after=1, indent=4)
