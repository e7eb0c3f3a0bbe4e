"""The order between top-level flows: drawn and asked about, never one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from pulpo_analysis.dataflow.order import Access
from pulpo_analysis.graphs.build import node_id
from pulpo_analysis.graphs.graph import EdgeKind, GraphEdge, NodeKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan, OrderRule
from pulpo_base.specs import OperationSpec

__all__ = ["flow_dependencies"]


@dataclass(slots=True)
class _Touching:
    """The operations that touch one model, each with the name of its flow."""

    creators: list[tuple[str, OperationSpec]] = field(default_factory=list)
    updaters: list[tuple[str, OperationSpec]] = field(default_factory=list)
    readers: list[tuple[str, OperationSpec]] = field(default_factory=list)

    def pairs(self) -> Iterator[tuple[OrderRule, str, str, OperationSpec]]:
        """Yield rule, earlier flow, later flow and the earlier flow's operation."""
        users = sorted([*self.updaters, *self.readers], key=lambda user: user[1].location)
        for (first, operation), (second, _) in product(self.creators, users):
            yield OrderRule.CREATES, first, second, operation
        updating = {operation.name for _, operation in self.updaters}
        for (first, operation), (second, other) in combinations(users, 2):
            if operation.name in updating or other.name in updating:
                yield OrderRule.DECLARED_FIRST, first, second, operation


def flow_dependencies(plans: Sequence[FlowPlan], app: AppSpec) -> Iterator[GraphEdge]:
    """Yield a DEPENDS_ON edge per pair of flows and model, by rules 1 and 2.

    A flow that creates a model comes before those that use it; of two flows that use a model,
    one updating it, the one whose operation is declared first comes first. Two flows may well
    depend on each other: they are separate runs.
    """
    for model, touching in sorted(_by_model(plans, app).items()):
        seen: set[tuple[str, str]] = set()
        for rule, first, second, operation in touching.pairs():
            if first == second or (first, second) in seen:
                continue
            seen.add((first, second))
            yield GraphEdge(
                node_id(NodeKind.FLOW, second),
                node_id(NodeKind.FLOW, first),
                EdgeKind.DEPENDS_ON,
                f"{rule.value} {model}",
                operation.location,
            )


def _by_model(plans: Sequence[FlowPlan], app: AppSpec) -> dict[str, _Touching]:
    touching: defaultdict[str, _Touching] = defaultdict(_Touching)
    for plan in plans:
        for step in plan.steps:
            operation = app.operation(step.operation)
            if operation is None:
                continue
            access = Access.of(operation)
            for model in access.creates:
                touching[model].creators.append((plan.name, operation))
            for model in access.updates:
                touching[model].updaters.append((plan.name, operation))
            for model in access.reads:
                touching[model].readers.append((plan.name, operation))
    return dict(touching)
