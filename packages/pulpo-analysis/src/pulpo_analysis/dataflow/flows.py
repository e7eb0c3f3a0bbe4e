"""Which namespaces are flows, each decided as a `FlowPlan` (docs/data-flow.md, rule 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from pulpo_analysis.config.settings import FlowsConfig
from pulpo_analysis.dataflow.between import flow_dependencies
from pulpo_analysis.dataflow.planning import plan_flow
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_analysis.graphs.build import node_id
from pulpo_analysis.graphs.graph import EdgeKind, GraphEdge, NodeKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import OperationSpec

__all__ = ["DataFlow", "decide_flows"]


@dataclass(slots=True)
class DataFlow:
    """The flows that can run, the DEPENDS_ON edges, and what was found on the way."""

    plans: tuple[FlowPlan, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    diagnostics: list[Diagnostic] = field(default_factory=list)


def decide_flows(app: AppSpec, config: FlowsConfig) -> DataFlow:
    """Return every flow of the project, decided."""
    answer = DataFlow()
    steps = _steps_by_namespace(app.operations, config.exclude)
    stepping = {operation.name for members in steps.values() for operation in members}
    answer.diagnostics.extend(_no_flow(op for op in app.operations if op.name not in stepping))
    plans: list[FlowPlan] = []
    for name, operations in sorted(steps.items()):
        decided = plan_flow(name, operations, app, config.stages)
        meant = name in config.include or any(map(_asks_for_a_flow, operations))
        severity = Severity.ERROR if meant else Severity.WARNING
        answer.diagnostics.extend(
            replace(problem, severity=severity) for problem in decided.problems
        )
        answer.diagnostics.extend(decided.warnings)
        if decided.plan is None:
            continue  # its problems are findings already
        if decided.plan.edges or name in config.include:
            schedule = config.schedules.get(name) or decided.plan.schedule
            timezone = (config.timezone or None) if schedule else None
            plan = replace(decided.plan, schedule=schedule, timezone=timezone)
            plans.append(plan)
            answer.diagnostics.extend(_second_schedules(name, operations))
            answer.diagnostics.extend(_incomplete_schedule(plan, operations))
        else:
            answer.diagnostics.extend(_no_flow(operations))
    answer.plans = tuple(plans)
    answer.edges = (*_inside(plans), *flow_dependencies(plans, app))
    return answer


def _steps_by_namespace(
    operations: Iterable[OperationSpec], exclude: Sequence[str]
) -> dict[str, list[OperationSpec]]:
    steps: defaultdict[str, list[OperationSpec]] = defaultdict(list)
    operations = tuple(operations)
    undoing = {name for operation in operations for name in operation.on_failure}
    for operation in operations:
        excluded = any(fnmatchcase(operation.name, pattern) for pattern in exclude)
        is_step = operation.in_flow and operation.name not in undoing
        if operation.namespace and is_step and not excluded:
            steps[operation.namespace].append(operation)
    return dict(steps)


def _asks_for_a_flow(operation: OperationSpec) -> bool:
    """Whether an operation says something that only means anything in a flow."""
    return bool(
        operation.after
        or operation.bind
        or operation.stage is not None
        or operation.retries
        or operation.schedule
        or operation.on_failure
    )


def _no_flow(operations: Iterable[OperationSpec]) -> Iterator[Diagnostic]:
    """Yield a finding per schedule among operations that are part of no flow."""
    for operation in operations:
        if operation.schedule:
            yield finding(
                "PLG006",
                f"the schedule of {operation.name!r} starts nothing: it is part of no flow",
                operation.location,
                hint=f"list {operation.namespace or operation.name!r} in `flows.include`"
                if operation.namespace and operation.in_flow
                else "only a flow has a schedule: name the operation `flow.task`, as a step of one",
            )


def _incomplete_schedule(
    plan: FlowPlan, operations: Sequence[OperationSpec]
) -> Iterator[Diagnostic]:
    """Yield a finding for a schedule whose runs would lack what the flow has to be given."""
    required = [parameter.name for parameter in plan.parameters if parameter.required]
    if plan.schedule and required:
        first = next((one for one in operations if one.schedule), operations[0])
        yield finding(
            "PLG006",
            f"no run of the schedule {plan.schedule!r} can begin: the flow {plan.name!r} needs "
            + ", ".join(repr(name) for name in required),
            first.location,
            hint="give these fields defaults: nobody is there to give values",
        )


def _second_schedules(name: str, operations: Iterable[OperationSpec]) -> Iterator[Diagnostic]:
    """Yield a finding per schedule that differs from the one that holds, the first."""
    scheduled = [operation for operation in operations if operation.schedule]
    for other in scheduled[1:]:
        if other.schedule != scheduled[0].schedule:
            yield finding(
                "PLG006",
                f"the flow {name!r} has the schedule {scheduled[0].schedule!r} of "
                f"{scheduled[0].name!r}; {other.schedule!r} of {other.name!r} has no effect",
                other.location,
                scheduled[0].location,
                hint="give a flow one schedule",
            )


def _inside(plans: Iterable[FlowPlan]) -> Iterable[GraphEdge]:
    for plan in plans:
        for edge in plan.edges:
            reason = edge.reasons[0]
            yield GraphEdge(
                node_id(NodeKind.OPERATION, edge.after),
                node_id(NodeKind.OPERATION, edge.before),
                EdgeKind.DEPENDS_ON,
                str(reason),
                reason.locations[0] if reason.locations else None,
            )
