"""A flow for the local engine: models of its parameters and results, and its plan."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.naming import lower_identifier
from pulpo_base.flows import result_fields
from pulpo_base.flows.plan import FlowParameter, FlowPlan
from pulpo_base.specs import TypeKind, TypeRef
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.python.layout import Node, call, laid_out, subscript
from pulpo_codegen.python.literals import construction
from pulpo_codegen.python.names import Names
from pulpo_codegen.python.project import imports_for
from pulpo_codegen.python.types import type_source
from pulpo_codegen.render.escapes import columns
from pulpo_codegen.render.python import py, py_name
from pulpo_codegen.render.source import Source

__all__ = [
    "FieldView",
    "FlowIndexContext",
    "FlowPlanContext",
    "RuntimeContext",
    "flow_function",
    "flow_index",
    "flow_module",
    "flow_plan",
    "flow_runtime",
    "parameter_views",
    "prefect_index",
]

#: Fields and parameters stand one step in.
_INDENT = 4


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field or parameter: its annotation, and ` = default` where it has one."""

    name: Source
    type: Source
    default: Source


@dataclass(frozen=True, slots=True)
class FlowPlanContext:
    """The context of `run_cache/flows/<flow>.py`."""

    imports: Source
    flow: str
    parameters: tuple[FieldView, ...]
    results: tuple[FieldView, ...]
    plan: Source


@dataclass(frozen=True, slots=True)
class FlowIndexContext:
    """The context of the modules that list all flows: dotted names and what they stand for."""

    title: str
    imports: Source
    flows: tuple[tuple[str, Source], ...]


@dataclass(frozen=True, slots=True)
class RuntimeContext:
    """The context of `run_cache/runtime.py`."""

    imports: Source


def flow_module(flow: FlowPlan) -> Source:
    """Return the name of a flow's modules."""
    return Source(lower_identifier(flow.name))


def flow_function(flow: FlowPlan) -> Source:
    """Return the name of a flow's Prefect function; a parameter may have the flow's own name."""
    return Names(*(parameter.name for parameter in flow.parameters)).take(flow.name)


def flow_index(analysis: Analysis, _item: object) -> FlowIndexContext:
    """Return the context of the list of plans."""
    imports = imports_for(analysis, "FLOWS")
    imports.fixed("collections.abc", "Mapping")
    imports.fixed("types", "MappingProxyType")
    imports.fixed("pulpo_base.flows", "FlowDefinition")
    flows = tuple(
        (flow.name, imports.use("run_cache.flows", flow_module(flow)))
        for flow in sorted(analysis.flows, key=flow_module)
    )
    return FlowIndexContext(analysis.config.project.name, imports.block(), flows)


def flow_runtime(analysis: Analysis, _item: object) -> RuntimeContext:
    """Return the context of what those who run flows are given."""
    imports = imports_for(analysis, "RUNTIME", "problem_of")
    imports.fixed("typing", "Any")
    imports.fixed("pulpo_base.flows", "FlowRuntime", "TagLimits")
    imports.fixed("pulpo_selfaware", "current_request_id", "record_flow_event", "running_operation")
    imports.fixed("pulpo_utils.exceptions", "get_exit_code", "get_retry_after", "is_retryable")
    imports.fixed("pulpo_utils.problems", "problem_from")
    imports.fixed("pulpo_utils.redaction", "redact")
    imports.fixed("run_cache.database", "database")
    imports.fixed("run_cache.flows", "FLOWS")
    imports.fixed("run_cache.operations", "OPERATIONS")
    imports.fixed("run_cache.settings", "settings")
    return RuntimeContext(imports.block())


def prefect_index(analysis: Analysis, _item: object) -> FlowIndexContext:
    """Return the context of the list of Prefect flows."""
    imports = imports_for(analysis, "FLOWS")
    imports.fixed("collections.abc", "Coroutine", "Mapping")
    imports.fixed("types", "MappingProxyType")
    imports.fixed("typing", "Any")
    imports.fixed("prefect", "Flow")
    flows = tuple(
        (flow.name, imports.use(f"run_cache.workflows.{flow_module(flow)}", flow_function(flow)))
        for flow in sorted(analysis.flows, key=flow_module)
    )
    return FlowIndexContext(analysis.config.project.name, imports.block(), flows)


def flow_plan(analysis: Analysis, flow: FlowPlan) -> FlowPlanContext:
    """Return the context of one flow's plan."""
    imports = imports_for(analysis, "Parameters", "Results", "PLAN")
    imports.fixed("pydantic", "BaseModel", "ConfigDict")
    parameters = parameter_views(flow, imports, analysis.app)
    types = dict(flow.results)
    results = tuple(
        FieldView(Source(field), type_source(types[operation], imports, analysis.app), Source(""))
        for operation, field in result_fields(flow).items()
    )
    plan = laid_out(construction(flow, imports), before=len("PLAN = "))
    return FlowPlanContext(imports.block(), flow.name, parameters, results, plan)


def parameter_views(flow: FlowPlan, imports: Imports, app: AppSpec) -> tuple[FieldView, ...]:
    """Return the parameters as they are declared, in a model or a signature.

    One whose default is made by the operation itself is `None` until it is given.
    """
    return tuple(_parameter_view(parameter, imports, app) for parameter in flow.parameters)


def _parameter_view(parameter: FlowParameter, imports: Imports, app: AppSpec) -> FieldView:
    name = py_name(parameter.name)
    default = Source("") if parameter.required else Source(f" = {_default(parameter)}")
    # As a parameter it has a comma behind it, as a field of the model it does not: the longer
    # form decides for both.
    annotation = laid_out(
        _annotation(parameter, imports, app),
        before=_INDENT + len(f"{name}: "),
        after=columns(f"{default},"),
        indent=_INDENT,
    )
    return FieldView(name, annotation, default)


def _default(parameter: FlowParameter) -> Source:
    # The analysis wrote the literal; nothing else of the user's gets here.
    return Source(parameter.default or "None")


def _annotation(parameter: FlowParameter, imports: Imports, app: AppSpec) -> Node:
    ref = parameter.type
    if not parameter.required and parameter.default is None and not ref.is_optional:
        ref = TypeRef(TypeKind.UNION, args=(*_parts(ref), TypeRef(TypeKind.NONE)))
    source = type_source(ref, imports, app)
    options: dict[str, Node] = {name: py(value) for name, value in parameter.constraints}
    if parameter.description:
        options["description"] = py(parameter.description)
    if not options:
        return source
    field = call(imports.use("pydantic", "Field"), options)
    return subscript(imports.use("typing", "Annotated"), [source, field])


def _parts(ref: TypeRef) -> tuple[TypeRef, ...]:
    return ref.args if ref.kind is TypeKind.UNION else (ref,)
