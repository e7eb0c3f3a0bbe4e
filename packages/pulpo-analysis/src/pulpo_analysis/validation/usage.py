"""Rules about who uses a model: nobody, nobody creates it, two create it at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set

from pulpo_analysis.dataflow.digraph import reachable
from pulpo_analysis.dataflow.order import Access
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation.rule import Project
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import OperationSpec

__all__ = ["connected", "created", "ordered_creators"]


def connected(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM013: a model has to do with something, in a project in which others do.

    A project without operations is a set of tables, where a table of its own is nothing odd.
    """
    touched = {name for op in app.operations for name in (*(op.models_in or ()), *_out(op))}
    spoken_of = {
        ref.name
        for operation in app.operations
        for top in (operation.inputs, operation.outputs)
        for ref in (top.walk() if top else ())
    }
    related = {relation.target for model in app.models for relation in model.relations}
    if not touched:
        return
    for model in app.models:
        alone = not model.relations and model.name not in related | touched
        if alone and model.key not in spoken_of:
            yield finding(
                "PLM013",
                f"no operation and no other model has to do with {model.name!r}",
                model.location,
                hint="link it, name it in `models_in` or `models_out`, or remove it",
            )


def _out(operation: OperationSpec) -> tuple[str, ...]:
    return operation.models_out or ()


def created(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM014: what operations update is created by one of them, or by people on purpose."""
    creates: set[str] = set()
    updates: defaultdict[str, list[OperationSpec]] = defaultdict(list)
    for operation in app.operations:
        access = Access.of(operation)
        creates |= access.creates
        for name in access.updates:
            updates[name].append(operation)
    for model in app.models:
        updating = updates.get(model.name)
        if updating and model.name not in creates:
            yield finding(
                "PLM014",
                f"{updating[0].name!r} updates {model.name!r}, which no operation creates",
                model.location,
                *(operation.location for operation in updating),
                hint="leave it out of `models_in` of the operation that makes it; where people "
                "enter it, nothing is wrong",
            )


def ordered_creators(project: Project) -> Iterator[Diagnostic]:
    """PLG007: two steps that may run at once do not both create one model."""
    for plan in project.flows:
        yield from _parallel(plan, project.app)


def _parallel(plan: FlowPlan, app: AppSpec) -> Iterator[Diagnostic]:
    creators: defaultdict[str, list[OperationSpec]] = defaultdict(list)
    found = (app.operation(step.operation) for step in plan.steps)
    for operation in sorted(filter(None, found), key=lambda operation: operation.location):
        for model in Access.of(operation).creates:
            creators[model].append(operation)
    several = {model: ops for model, ops in sorted(creators.items()) if ops[1:]}
    if not several:
        return
    before = reachable((edge.before, edge.after) for edge in plan.edges)
    for model, operations in several.items():
        at_once = [one for one in operations if _has_no_order(one, operations, before)]
        if not at_once:
            continue
        first, *others = at_once
        names = " and ".join(repr(one.name) for one in at_once[:2])
        more = f" (and {len(at_once) - 2} more)" if at_once[2:] else ""
        yield finding(
            "PLG007",
            f"{names}{more} may run at the same time, and create {model}",
            *(one.location for one in (*others, first)),
            hint=f'where that matters, order them: `after=["{first.name}"]`',
        )


def _has_no_order(
    one: OperationSpec, operations: list[OperationSpec], before: Mapping[str, Set[str]]
) -> bool:
    """Whether some other of the operations runs neither before nor after this one."""
    later = before.get(one.name, frozenset())
    return any(
        other is not one and other.name not in later and one.name not in before.get(other.name, ())
        for other in operations
    )
