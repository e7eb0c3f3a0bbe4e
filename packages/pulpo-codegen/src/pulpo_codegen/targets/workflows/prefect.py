"""A flow as Prefect code: one task an operation, each started when those before it are done."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.registries.naming import identifier
from pulpo_base.flows import result_fields
from pulpo_base.flows.plan import Binding, BindingSource, FlowPlan, FlowStep
from pulpo_base.specs import ModelSpec, OperationSpec, SchemaSpec, TypeRef
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.python.layout import Bracketed, laid_out, signature
from pulpo_codegen.python.names import Names
from pulpo_codegen.python.project import imports_for
from pulpo_codegen.python.types import type_source
from pulpo_codegen.render.prose import prose
from pulpo_codegen.render.python import py, py_name
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.workflows.flows import (
    FieldView,
    flow_function,
    flow_module,
    parameter_views,
)

__all__ = ["PrefectFlowContext", "StepView", "prefect_flow"]

_NOTHING = Source("")


@dataclass(frozen=True, slots=True)
class StepView:
    """One operation of the flow: its task and how it is started.

    `awaited` are the tasks before it, each with the name for its output (empty where only the
    order counts). `step` is empty where nothing comes after. `arguments` are `field=value` of
    the input model, which `maker` makes, `optional` those given only where the caller gave them.
    `task_options` are
    further options of `@task`.
    """

    operation: str
    description: str
    function: Source
    task: Source
    run: Source
    step: Source
    tags: Source
    task_options: tuple[Source, ...]
    signature: Source
    inputs: Source
    maker: Source
    outputs: Source
    awaited: tuple[tuple[Source, Source], ...]
    arguments: tuple[Source, ...]
    optional: Source


@dataclass(frozen=True, slots=True)
class PrefectFlowContext:
    """The context of `run_cache/workflows/<flow>.py`.

    `function` is the flow's. Those from `flow` to `steps_name` are local names, most of what the
    module imports: a flow, a step or a parameter may have the name that the original has.
    """

    imports: Source
    name: str
    function: Source
    flow: Source
    task: Source
    recorded_steps: Source
    run_operation: Source
    database: Source
    connection: Source
    task_runner: Source
    settings: Source
    plan: Source
    runtime: Source
    results_model: Source
    steps_name: Source
    parameters: tuple[FieldView, ...]
    steps: tuple[StepView, ...]
    results: tuple[tuple[Source, Source], ...]


@dataclass(frozen=True, slots=True)
class _StepNames:
    task: Source
    run: Source
    step: Source
    output: Source


def prefect_flow(analysis: Analysis, flow: FlowPlan) -> PrefectFlowContext:
    """Return the context of one flow's Prefect module."""
    function = flow_function(flow)
    reserved = [function, "data", "output", *(parameter.name for parameter in flow.parameters)]
    imports = imports_for(analysis, *reserved)
    decorators = imports.use("prefect", "flow"), imports.use("prefect", "task")
    recorded_steps = imports.use("pulpo_base.flows.prefect_runs", "recorded_steps")
    run_operation = imports.use("pulpo_base.flows.prefect", "run_operation")
    database = imports.use("run_cache.database", "database")
    plan = imports.use(f"run_cache.flows.{flow_module(flow)}", "PLAN")
    results_model = imports.use(f"run_cache.flows.{flow_module(flow)}", "Results")
    runtime = imports.use("run_cache.runtime", "RUNTIME")
    connection = imports.names.take("connection")
    task_runner = imports.use("pulpo_base.flows.task_runners", "task_runner")
    settings = imports.use("run_cache.settings", "settings")
    steps_name = imports.names.take("steps")
    parameters = parameter_views(flow, imports, analysis.app)
    names = {step.operation: _step_names(flow, step, imports.names) for step in flow.steps}
    steps = tuple(_step(analysis, flow, step, names, imports) for step in flow.steps)
    results = tuple(
        (Source(field), names[operation].step) for operation, field in result_fields(flow).items()
    )
    needed = {step for _, step in results} | {name for step in steps for name, _ in step.awaited}
    steps = tuple(step if step.step in needed else replace(step, step=_NOTHING) for step in steps)
    return PrefectFlowContext(
        imports=imports.block(),
        name=flow.name,
        function=function,
        flow=decorators[0],
        task=decorators[1],
        recorded_steps=recorded_steps,
        run_operation=run_operation,
        database=database,
        connection=connection,
        task_runner=task_runner,
        settings=settings,
        plan=plan,
        runtime=runtime,
        results_model=results_model,
        steps_name=steps_name,
        parameters=parameters,
        steps=steps,
        results=results,
    )


def _step_names(flow: FlowPlan, step: FlowStep, names: Names) -> _StepNames:
    short = identifier(step.operation.removeprefix(f"{flow.name}.")).strip("_")
    return _StepNames(
        task=names.take(f"{short}_task"),
        run=names.take(f"run_{short}"),
        step=names.take(f"{short}_step"),
        output=names.take(f"{short}_output"),
    )


def _step(
    analysis: Analysis,
    flow: FlowPlan,
    step: FlowStep,
    names: Mapping[str, _StepNames],
    imports: Imports,
) -> StepView:
    operation = analysis.app.operation(step.operation)
    if operation is None:
        raise LookupError(f"flow {flow.name!r} has a step {step.operation!r} without an operation")
    own = names[step.operation]
    used = {binding.step for binding in step.bindings if binding.step}
    # What a step takes may come from further back than the steps it waits for.
    before = [name for name in names if name in used or name in step.after]
    given, optional = _arguments(flow, operation, step, names, imports, analysis)
    if optional:
        imports_given = imports.use("pulpo_base.flows.prefect", "given")
        optional = [Source(f"**{imports_given}({', '.join(optional)})")]
    inputs = _NOTHING
    if operation.inputs is not None:
        inputs = type_source(operation.inputs, imports, analysis.app)
    outputs = type_source(operation.outputs, imports, analysis.app)
    maker = inputs
    if optional and _is_dict(analysis, operation.inputs):
        # To type checkers, what is unpacked into a typed dictionary is one itself.
        maker = imports.use("pulpo_base.flows.prefect", "made")
        given.insert(0, inputs)
    return StepView(
        operation=step.operation,
        description=prose(operation.description),
        function=imports.use(operation.module, operation.qualname),
        task=own.task,
        run=own.run,
        step=own.step,
        tags=_tags(step),
        task_options=tuple(_options(step, imports)),
        signature=signature(own.task, [("data", inputs)] if inputs else [], outputs),
        inputs=inputs,
        maker=maker,
        outputs=outputs,
        awaited=tuple(
            (names[name].step, names[name].output if name in used else _NOTHING) for name in before
        ),
        arguments=tuple(given),
        optional=optional[0] if optional else _NOTHING,
    )


def _tags(step: FlowStep) -> Source:
    items = tuple(("", py(tag)) for tag in step.all_tags)
    return laid_out(Bracketed("[", "]", items), before=len("    tags="), after=1, indent=4)


def _options(step: FlowStep, imports: Imports) -> list[Source]:
    options: list[Source] = []
    if step.retries:
        delays = imports.use("pulpo_base.flows.prefect", "retry_delays")
        condition = imports.use("pulpo_base.flows.prefect", "retry_condition")
        retryable = imports.use("pulpo_utils.exceptions", "is_retryable")
        options.append(Source(f"retries={py(step.retries)}"))
        options.append(Source(f"retry_delay_seconds={delays}({py(step.retries)})"))
        after = imports.use("pulpo_utils.exceptions", "get_retry_after")
        options.append(Source(f"retry_condition_fn={condition}({retryable}, {after})"))
    if step.timeout is not None:
        options.append(Source(f"timeout_seconds={py(step.timeout)}"))
    return options


def _arguments(
    flow: FlowPlan,
    operation: OperationSpec,
    step: FlowStep,
    names: Mapping[str, _StepNames],
    imports: Imports,
    analysis: Analysis,
) -> tuple[list[Source], list[Source]]:
    """Return the arguments of the input model: those always given, and those given if set."""
    record = analysis.app.record(operation.inputs.name) if operation.inputs else None
    # Pydantic's models are made by alias, all else by name.
    by_alias = isinstance(record, ModelSpec) or (record is not None and record.form == "model")
    fields = record.fields if record is not None and by_alias else ()
    keys = {spec.name: spec.alias or spec.name for spec in fields}
    absent_is_none = {
        parameter.name
        for parameter in flow.parameters
        if not parameter.required and parameter.default in (None, "None")
    }
    given: list[Source] = []
    optional: list[Source] = []
    for binding in step.bindings:
        key, value = keys.get(binding.field, binding.field), _value(binding, names, analysis)
        target = optional if binding.name in absent_is_none and not binding.step else given
        is_name = key.isidentifier() and not keyword.iskeyword(key)
        target.append(Source(f"{key}={value}") if is_name else _unpacked(key, value, imports))
    return given, optional


def _unpacked(key: str, value: Source, imports: Imports) -> Source:
    aliased = imports.use("pulpo_base.flows.prefect", "aliased")
    return Source(f"**{aliased}({{{py(key)}: {value}}})")


def _value(binding: Binding, names: Mapping[str, _StepNames], analysis: Analysis) -> Source:
    match binding.source:
        case BindingSource.PARAMETER:
            return py_name(binding.name)
        case BindingSource.WHOLE_OUTPUT:
            return names[binding.step].output
        case BindingSource.OUTPUT_FIELD:
            output = names[binding.step].output
            source = analysis.app.operation(binding.step)
            is_dict = source is not None and _is_dict(analysis, source.outputs)
            field = f"[{py(binding.name)}]" if is_dict else f".{binding.name}"
            return Source(f"{output}{field}")


def _is_dict(analysis: Analysis, ref: TypeRef | None) -> bool:
    """Whether a type is a typed dictionary, which is a dictionary when it runs."""
    record = analysis.app.record(ref.name) if ref else None
    return isinstance(record, SchemaSpec) and record.form == "typed_dict"
