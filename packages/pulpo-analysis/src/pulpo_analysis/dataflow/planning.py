"""One namespace to one `FlowPlan`, or to the findings that say why it cannot run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pulpo_analysis.dataflow.binding import Bindings, bind_fields, bind_source
from pulpo_analysis.dataflow.digraph import find_cycle, reduced, topological
from pulpo_analysis.dataflow.hooks import unfed_hooks
from pulpo_analysis.dataflow.order import Edges, OrderGuess, order_edges
from pulpo_analysis.dataflow.stages import Stages, order_stages
from pulpo_analysis.dataflow.subflows import Interleaved, contracted
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowEdge, FlowPlan, FlowStep
from pulpo_base.specs import OperationSpec, SourceLocation, TypeKind

__all__ = ["PlannedFlow", "plan_flow"]


@dataclass(slots=True)
class PlannedFlow:
    """A plan, or `None` and the `problems` that stand in its way; `warnings` stop nothing."""

    plan: FlowPlan | None = None
    problems: list[Diagnostic] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)


def plan_flow(
    name: str, operations: Sequence[OperationSpec], app: AppSpec, configured_stages: Sequence[str]
) -> PlannedFlow:
    """Return the flow that these operations make, in the order of the code."""
    answer = PlannedFlow()
    answer.problems.extend(_foreign_after(name, operations))
    stages = order_stages(operations, configured_stages)
    answer.problems.extend(stages.problems)
    edges, guesses = order_edges(operations, stages.ranks, _bound(operations))
    cycle = find_cycle(edges.keys())
    # A guess that other guesses imply is mended with them.
    telling = reduced(edges.keys()) if cycle is None else set(pairwise(cycle))
    answer.warnings.extend(
        _guessed(guess) for guess in guesses if (guess.before.name, guess.after.name) in telling
    )
    if cycle is not None:
        answer.problems.append(_cycle(name, cycle, edges))
        return answer
    lifted = contracted(operations, edges)
    if isinstance(lifted, Interleaved):
        answer.problems.append(_interleaved(lifted, edges))
        return answer
    pairs = reduced(lifted.keys())
    by_name = {operation.name: operation for operation in operations}
    ordered = [by_name[key] for key in topological(list(by_name), pairs)]
    bindings = bind_fields(ordered, pairs, app)
    answer.problems.extend(bindings.problems)
    answer.problems.extend(unfed_hooks(ordered, app))
    if not answer.problems:
        answer.plan = _plan(name, ordered, {pair: lifted[pair] for pair in pairs}, bindings, stages)
    return answer


def _plan(
    name: str,
    ordered: Sequence[OperationSpec],
    edges: Edges,
    bindings: Bindings,
    stages: Stages,
) -> FlowPlan:
    steps = tuple(
        FlowStep(
            operation=operation.name,
            after=tuple(sorted(before for before, after in edges if after == operation.name)),
            bindings=bindings.steps[operation.name],
            stage=operation.stage,
            retries=operation.retries,
            timeout=operation.timeout,
            tags=operation.tags,
            permissions=operation.permissions,
            on_failure=operation.on_failure,
        )
        for operation in ordered
    )
    by_place = sorted(ordered, key=lambda operation: operation.location)
    # A signature needs what has no default first; otherwise the order in which steps ask.
    parameters = sorted(bindings.parameters.values(), key=lambda found: not found.required)
    return FlowPlan(
        name=name,
        steps=steps,
        edges=tuple(FlowEdge(*pair, reasons) for pair, reasons in sorted(edges.items())),
        parameters=tuple(parameters),
        stages=stages.names,
        subflows=tuple(
            sorted(
                {
                    ".".join(operation.path[:size])
                    for operation in ordered
                    for size in range(2, len(operation.path))
                }
            )
        ),
        results=tuple(
            (operation.name, operation.outputs)
            for operation in ordered
            if operation.outputs is not None and operation.outputs.kind is not TypeKind.NONE
        ),
        schedule=next((op.schedule for op in by_place if op.schedule), None),
    )


def _bound(operations: Sequence[OperationSpec]) -> dict[str, frozenset[str]]:
    """Return the operations that each explicitly binds to: they must have run before it."""
    by_name = {operation.name: operation for operation in operations}
    return {
        operation.name: frozenset(
            source.operation.name
            for _, text in operation.bind
            if (source := bind_source(text, by_name)) and source.operation.name != operation.name
        )
        for operation in operations
    }


def _foreign_after(name: str, operations: Sequence[OperationSpec]) -> list[Diagnostic]:
    steps = {operation.name for operation in operations}
    return [
        finding(
            "PLG005",
            f"{operation.name!r} runs after {other!r}, which is no step of the flow {name!r}",
            operation.location,
            hint=f"{other!r} is excluded from the flow: include it, or leave it out of `after`"
            if other.startswith(f"{name}.")
            else "`after` orders the steps of one flow; flows are separate runs",
        )
        for operation in operations
        for other in operation.after
        if other not in steps
    ]


def _guessed(guess: OrderGuess) -> Diagnostic:
    return finding(
        "PLG003",
        f"{guess.before.name!r} runs before {guess.after.name!r} (both touch {guess.model}) only "
        "because its file name sorts first",
        guess.after.location,
        guess.before.location,
        hint=f'say it: `after=["{guess.before.name}"]` on {guess.after.name!r}, or the reverse',
    )


def _cycle(name: str, cycle: list[str], edges: Edges) -> Diagnostic:
    locations: list[SourceLocation] = []
    parts: list[str] = [cycle[0]]
    said = True
    for before, after in pairwise(cycle):
        reason = edges[before, after][0]
        said = said and reason.model is None
        parts.append(f"-[{reason}]-> {after}")
        locations.extend(reason.locations[:1])
    return finding(
        "PLG001",
        f"the flow {name!r} never gets started: {' '.join(parts)}",
        *dict.fromkeys(locations),
        hint="take back one of `after`, `bind` and `stage`"
        if said
        else "change `models_in`/`models_out` of one of them, or order the pair with `after`",
    )


def _interleaved(found: Interleaved, edges: Edges) -> Diagnostic:
    locations: list[SourceLocation] = []
    parts: list[str] = []
    for before, after in found.edges:
        reason = edges[before, after][0]
        parts.append(f"{before} -[{reason}]-> {after}")
        locations.extend(reason.locations)
    return finding(
        "PLG002",
        f"{' and '.join(dict.fromkeys(found.units))} would each have to run before the other: "
        f"{', '.join(parts)}",
        *dict.fromkeys(locations),
        hint="move one of these operations out of its subflow, or into the other",
    )
