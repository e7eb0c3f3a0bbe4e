"""Operations that go on after their request was answered, each as a flow of Prefect."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.registries.naming import identifier
from pulpo_base.specs import OperationSpec, SourceLocation
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.python.layout import signature
from pulpo_codegen.python.project import imports_for
from pulpo_codegen.python.types import type_source
from pulpo_codegen.render.prose import prose
from pulpo_codegen.render.source import Source

__all__ = [
    "AsyncOperationView",
    "PrefectOperationsContext",
    "has_runs",
    "operation_places",
    "prefect_operations",
]


@dataclass(frozen=True, slots=True)
class AsyncOperationView:
    """One operation: its function, and the function of its flow with its signature."""

    name: str
    description: str
    flow: Source
    signature: Source
    function: Source
    takes_data: bool
    outputs: Source


@dataclass(frozen=True, slots=True)
class PrefectOperationsContext:
    """The context of `run_cache/prefect_operations.py`; `flow` and `prefect_flow` are Prefect's."""

    imports: Source
    flow: Source
    prefect_flow: Source
    operations: tuple[AsyncOperationView, ...]


def has_runs(analysis: Analysis, _item: object = None) -> bool:
    """Return whether an operation goes on after its request was answered."""
    return any(operation.async_enabled for operation in analysis.app.operations)


def prefect_operations(analysis: Analysis, _item: object) -> PrefectOperationsContext:
    """Return the context of these operations."""
    imports = imports_for(analysis, "OPERATIONS", "connection", "data", "output")
    imports.fixed("collections.abc", "Coroutine", "Mapping")
    imports.fixed("types", "MappingProxyType")
    imports.fixed("typing", "Any")
    imports.fixed("pulpo_base.api", "run_result")
    imports.fixed("pulpo_base.flows.prefect_operations", "recorded_operation")
    imports.fixed("run_cache.database", "database")
    imports.fixed("run_cache.runtime", "RUNTIME")
    flow, prefect_flow = imports.use("prefect", "flow"), imports.use("prefect", "Flow")
    chosen = sorted(
        (operation for operation in analysis.app.operations if operation.async_enabled),
        key=lambda operation: operation.name,
    )
    functions = [imports.use(operation.module, operation.qualname) for operation in chosen]
    views = tuple(
        _view(analysis, imports, operation, function)
        for operation, function in zip(chosen, functions, strict=True)
    )
    return PrefectOperationsContext(imports.block(), flow, prefect_flow, views)


def _view(
    analysis: Analysis, imports: Imports, operation: OperationSpec, function: Source
) -> AsyncOperationView:
    flow = imports.names.take(f"run_{identifier(operation.name)}")
    parameters = []
    if operation.inputs:
        parameters.append(("data", type_source(operation.inputs, imports, analysis.app)))
    outputs = type_source(operation.outputs, imports, analysis.app)
    return AsyncOperationView(
        name=operation.name,
        description=prose(operation.description),
        flow=flow,
        signature=signature(flow, parameters, outputs),
        function=function,
        takes_data=bool(parameters),
        outputs=outputs,
    )


def operation_places(analysis: Analysis, _item: object) -> tuple[SourceLocation, ...]:
    """Return where these operations are declared."""
    return tuple(one.location for one in analysis.app.operations if one.async_enabled)
