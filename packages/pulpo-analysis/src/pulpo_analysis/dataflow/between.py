"""The order between top-level flows: drawn and asked about, never one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

from pulpo_analysis.dataflow.order import Access
from pulpo_analysis.graphs.build import node_id
from pulpo_analysis.graphs.graph import EdgeKind, GraphEdge, NodeKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import OperationSpec

__all__ = ["flow_dependencies"]

_Touching = tuple[str, OperationSpec]


def flow_dependencies(plans: Sequence[FlowPlan], app: AppSpec) -> Iterator[GraphEdge]:
    """Yield a DEPENDS_ON edge per pair of flows and model, by rules 1 and 2.

    A flow that creates a model comes before those that use it; of two flows that use a model,
    one updating it, the one whose operation is declared first comes first. Two flows may well
    depend on each other: they are separate runs.
    """
    creators: defaultdict[str, list[_Touching]] = defaultdict(list)
    updaters: defaultdict[str, list[_Touching]] = defaultdict(list)
    readers: defaultdict[str, list[_Touching]] = defaultdict(list)
    for plan in plans:
        for step in plan.steps:
            operation = app.operation(step.operation)
            if operation is None:
                continue
            access = Access.of(operation)
            for models, kind in (
                (access.creates, creators),
                (access.updates, updaters),
                (access.reads, readers),
            ):
                for model in models:
                    kind[model].append((plan.name, operation))
    seen: set[tuple[str, str, str]] = set()
    for model in sorted({*creators, *updaters}):
        users = [*updaters[model], *readers[model]]
        pairs = [
            *product(creators[model], users),
            *(
                (one, two)
                for one, two in product(users, users)
                if one[1].location < two[1].location
                and (one in updaters[model] or two in updaters[model])
            ),
        ]
        for (first, operation), (second, _) in pairs:
            if first == second or (first, second, model) in seen:
                continue
            seen.add((first, second, model))
            created = any(name == first for name, _ in creators[model])
            yield GraphEdge(
                node_id(NodeKind.FLOW, second),
                node_id(NodeKind.FLOW, first),
                EdgeKind.DEPENDS_ON,
                f"{'creates' if created else 'declared-first'} {model}",
                operation.location,
            )
