"""What a selection means in a project: node ids, and the specs behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.graphs.build import node_id
from pulpo_analysis.graphs.graph import EdgeKind, GraphNode, NodeKind
from pulpo_analysis.questions.chains import closure, reached
from pulpo_analysis.questions.selection import Method, Term, parse_selection
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import ModelSpec, OperationSpec

__all__ = ["ChangedSince", "Selected", "select"]

ChangedSince = Callable[[str], Collection[str]]
"""Answers which nodes (ids) differ from a git revision."""

_KINDS = {Method.OPERATION: NodeKind.OPERATION, Method.FLOW: NodeKind.FLOW}


@dataclass(frozen=True, slots=True)
class Selected:
    """The nodes that a selection chose, and what they stand for, in the project's own order."""

    analysis: Analysis
    ids: frozenset[str]

    @property
    def models(self) -> tuple[ModelSpec, ...]:
        """The models that were chosen."""
        models = self.analysis.app.models
        return tuple(m for m in models if node_id(NodeKind.MODEL, m.name) in self.ids)

    @property
    def operations(self) -> tuple[OperationSpec, ...]:
        """The operations that were chosen."""
        operations = self.analysis.app.operations
        return tuple(o for o in operations if node_id(NodeKind.OPERATION, o.name) in self.ids)

    @property
    def flows(self) -> tuple[FlowPlan, ...]:
        """The flows that were chosen, or one of whose steps was."""
        return tuple(
            flow
            for flow in self.analysis.flows
            if node_id(NodeKind.FLOW, flow.name) in self.ids
            or any(node_id(NodeKind.OPERATION, step.operation) in self.ids for step in flow.steps)
        )

    @property
    def subjects(self) -> frozenset[str]:
        """What was chosen, as kind and name: `model Order`."""
        return frozenset(
            f"{kind} {spec.name}"
            for kind, specs in (
                ("model", self.models),
                ("operation", self.operations),
                ("flow", self.flows),
            )
            for spec in specs
        )


def select(
    arguments: Iterable[str], analysis: Analysis, changed_since: ChangedSince | None = None
) -> Selected:
    """Return what a selection chooses; one without terms chooses everything.

    Raises `SelectionError` for a selection that cannot be read, and for a term (other than
    `changed:`) that nothing matches.
    """
    terms = parse_selection(arguments)
    if not terms:
        return Selected(analysis, frozenset(node.id for node in analysis.graph.nodes))
    selecting = _Selecting(analysis, changed_since)
    return Selected(analysis, frozenset(found for term in terms for found in selecting.of(term)))


@dataclass(slots=True)
class _Selecting:
    analysis: Analysis
    changed_since: ChangedSince | None

    def of(self, term: Term) -> set[str]:
        """Return the nodes of one term, with what is upstream and downstream of them."""
        found = self._atom(term)
        wider = set(found)
        if term.upstream:
            wider |= reached(found, self.analysis.graph, backwards=True)
        if term.downstream:
            wider |= reached(found, self.analysis.graph)
        return wider

    def _atom(self, term: Term) -> set[str]:
        match term.method:
            case Method.NAME:
                return self._named(term, self.analysis.graph.nodes, "model, operation or flow")
            case Method.OPERATION | Method.FLOW:
                kind = _KINDS[term.method]
                nodes = [node for node in self.analysis.graph.nodes if node.kind is kind]
                return self._named(term, nodes, kind.value)
            case Method.MODEL:
                return self._model(term)
            case Method.TAG:
                return self._labelled(term, lambda spec: spec.tags)
            case Method.CATEGORY:
                return self._labelled(term, _categories)
            case Method.CHANGED:
                if self.changed_since is None:
                    raise term.error("`changed:` cannot be answered here")
                known = {node.id for node in self.analysis.graph.nodes}
                return known & set(self.changed_since(term.value))

    def _named(self, term: Term, nodes: Iterable[GraphNode], what: str) -> set[str]:
        candidates = list(nodes)
        found = [node for node in candidates if fnmatchcase(node.name, term.value)]
        if not found:
            raise term.error(
                f"there is no {what} {term.value!r}",
                did_you_mean(term.value, (node.name for node in candidates)),
            )
        chosen = {node.id for node in found}
        flows = {node.id for node in found if node.kind is NodeKind.FLOW}
        return chosen | self._contents(flows)

    def _contents(self, flows: set[str]) -> set[str]:
        """Return the subflows and operations that these flows hold."""
        inside: defaultdict[str, set[str]] = defaultdict(set)
        for edge in self.analysis.graph.of_kind(EdgeKind.CONTAINS):
            inside[edge.source].add(edge.target)
        return closure(flows, inside) - flows

    def _model(self, term: Term) -> set[str]:
        models = [node for node in self.analysis.graph.nodes if node.kind is NodeKind.MODEL]
        chosen = self._named(term, models, "model")
        touching = {
            edge.source
            for edge in self.analysis.graph.edges
            if edge.kind in {EdgeKind.READS, EdgeKind.WRITES} and edge.target in chosen
        }
        return chosen | touching

    def _labelled(
        self, term: Term, labels: Callable[[ModelSpec | OperationSpec], tuple[str, ...]]
    ) -> set[str]:
        found = {
            node
            for node, spec in self._specs()
            if any(fnmatchcase(label, term.value) for label in labels(spec))
        }
        if not found:
            known = {label for _, spec in self._specs() for label in labels(spec)}
            problem = f"nothing has the {term.method.value} {term.value!r}"
            raise term.error(problem, did_you_mean(term.value, known))
        return found

    def _specs(self) -> Iterator[tuple[str, ModelSpec | OperationSpec]]:
        for model in self.analysis.app.models:
            yield node_id(NodeKind.MODEL, model.name), model
        for operation in self.analysis.app.operations:
            yield node_id(NodeKind.OPERATION, operation.name), operation


def _categories(spec: ModelSpec | OperationSpec) -> tuple[str, ...]:
    category = spec.category if isinstance(spec, OperationSpec) else ""
    return (category,) if category else ()
