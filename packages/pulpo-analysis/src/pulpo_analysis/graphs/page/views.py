"""The three views: relations of models, data flow of each flow, lineage of the whole system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pulpo_analysis.graphs.build import node_id
from pulpo_analysis.graphs.graph import AppGraph, EdgeKind, GraphNode, NodeKind
from pulpo_analysis.graphs.page.arrange import arrange
from pulpo_analysis.graphs.page.boxes import Box, Group, Line, Placed
from pulpo_analysis.graphs.page.text import FIELD_HEIGHT, HEAD_HEIGHT, field_rows, width_of
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import ModelSpec

__all__ = ["Connection", "View", "flows_view", "lineage_view", "models_view"]

_STEP_HEIGHT = 34.0
_ROOT = ""
#: With more models than this, only the fields that tell them apart are drawn.
_MANY_MODELS = 30
_MOST_FIELDS = 14
_FEW_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Connection:
    """A line with its style, its words, and whether it has a head at each end or at one."""

    line: Line
    style: str
    words: str
    both: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A view, placed: boxes and groups by node id; `rows` are the fields drawn of a model."""

    key: str
    title: str
    placed: Placed
    connections: tuple[Connection, ...]
    labels: Mapping[str, str]
    rows: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    bands: Sequence[tuple[str, float, float, float, float]] = ()


def models_view(models: Sequence[ModelSpec]) -> View:
    """Return the models with their fields, and the relations between them."""
    most = _FEW_FIELDS if len(models) > _MANY_MODELS else _MOST_FIELDS
    rows = {node_id(NodeKind.MODEL, model.name): field_rows(model, most) for model in models}
    boxes = tuple(
        Box(key, width_of(key.partition(":")[2], rows[key]), _height(rows[key])) for key in rows
    )
    connections = tuple(_relations(models, rows))
    placed = arrange(Group(_ROOT, boxes), [one.line for one in connections])
    labels = {key: key.partition(":")[2] for key in rows}
    return View("models", "Models", placed, connections, labels, rows)


def _height(rows: Sequence[tuple[str, str]]) -> float:
    return HEAD_HEIGHT + len(rows) * FIELD_HEIGHT + (6 if rows else 0)


def _relations(
    models: Sequence[ModelSpec], rows: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[Connection]:
    for model in models:
        source = node_id(NodeKind.MODEL, model.name)
        names = [name for name, _ in rows[source]]
        for relation in model.relations:
            target = node_id(NodeKind.MODEL, relation.target)
            if relation.back or target not in rows:
                continue
            drawn = relation.name in names
            place = names.index(relation.name) if drawn else 0
            start = HEAD_HEIGHT + (place + 0.5) * FIELD_HEIGHT if drawn else HEAD_HEIGHT / 2
            line = Line(source, target, start, HEAD_HEIGHT / 2)
            many = relation.cardinality == "many"
            yield Connection(
                line, "many" if many else "one", f"{relation.name} ({relation.cardinality})"
            )


def flows_view(flows: Sequence[FlowPlan]) -> View:
    """Return each flow with its steps from left to right, in frames by subflow, bands by stage.

    Steps above one another wait for nothing of each other.
    """
    connections = tuple(
        Connection(
            Line(_operation(edge.before), _operation(edge.after)),
            "depends",
            "; ".join(dict.fromkeys(str(reason) for reason in edge.reasons)),
        )
        for flow in flows
        for edge in flow.edges
    )
    groups = tuple(_flow_group(flow.name, flow) for flow in flows)
    placed = arrange(Group(_ROOT, groups), [one.line for one in connections], bounded=False)
    labels = {
        **{_operation(s.operation): s.operation.rpartition(".")[2] for f in flows for s in f.steps},
        **{_flow(name): name for flow in flows for name in (flow.name, *flow.subflows)},
    }
    bands = tuple(band for flow in flows for band in _bands(flow, placed))
    return View("flows", "Flows", placed, connections, labels, bands=bands)


def _flow_group(name: str, flow: FlowPlan) -> Group:
    steps = tuple(
        Box(_operation(s.operation), width_of(s.operation.rpartition(".")[2]), _STEP_HEIGHT)
        for s in flow.steps
        if s.operation.rpartition(".")[0] == name
    )
    subflows = tuple(
        _flow_group(inner, flow) for inner in flow.subflows if inner.rpartition(".")[0] == name
    )
    # Stages have their names between the title and the steps.
    head = 52.0 if flow.stages and name == flow.name else 32.0
    return Group(_flow(name), (*steps, *subflows), head=head)


def _bands(flow: FlowPlan, placed: Placed) -> Iterator[tuple[str, float, float, float, float]]:
    """Yield a band behind the steps of each stage, as high as the flow's frame."""
    _, top, _, height = placed.groups.get(_flow(flow.name), (0, 0, 0, 0))
    for stage in flow.stages:
        inside = [placed.boxes[_operation(s.operation)] for s in flow.steps if s.stage == stage]
        if inside:
            left = min(x for x, _, _, _ in inside) - 10
            right = max(x + width for x, _, width, _ in inside) + 10
            yield str(stage), left, top + 28, right - left, height - 34


def lineage_view(graph: AppGraph, flows: Sequence[FlowPlan]) -> View:
    """Return which operation reads and writes which model; operations in frames by flow.

    Where a namespace is no flow, its operations have a frame all the same.
    """
    holders = {edge.target: edge.source for edge in graph.of_kind(EdgeKind.CONTAINS)}
    place = _places(flows)
    inside: dict[str, list[GraphNode]] = {}
    for node in sorted(graph.nodes, key=lambda node: (place.get(node.id, len(place)), node.id)):
        inside.setdefault(holders.get(node.id) or _namespace(node), []).append(node)
    root = Group(_ROOT, tuple(_frames(inside)))
    known = {box.key for box in root.boxes()}
    connections = tuple(one for one in _accesses(graph) if one.line.source in known)
    # An update goes both ways; for the order of layers it is a reader, or nothing would be first.
    placed = arrange(root, [one.line for one in connections])
    labels = {node.id: node.name for node in graph.nodes} | {
        node.id: node.name.rpartition(".")[2]
        for holder, nodes in inside.items()
        for node in nodes
        if holder and node.kind is NodeKind.OPERATION
    }
    labels.update((holder, holder.partition(":")[2]) for holder in inside if holder)
    return View("lineage", "Lineage", placed, connections, labels)


def _places(flows: Sequence[FlowPlan]) -> dict[str, int]:
    """Return where each step stands in the order of execution; a subflow where its first does."""
    steps = [step.operation for flow in flows for step in flow.steps]
    place = {_operation(name): index for index, name in enumerate(steps)}
    for subflow in (name for flow in flows for name in flow.subflows):
        first = next((i for i, name in enumerate(steps) if name.startswith(f"{subflow}.")), 0)
        place[_flow(subflow)] = first
    return place


def _namespace(node: GraphNode) -> str:
    head, dot, _ = node.name.partition(".")
    return f"namespace:{head}" if dot and node.kind is NodeKind.OPERATION else _ROOT


def _frames(inside: Mapping[str, Sequence[GraphNode]]) -> Iterator[Box | Group]:
    yield from _parts(_ROOT, inside)
    for holder in sorted(inside):
        if holder.startswith("namespace:"):
            yield Group(holder, tuple(_parts(holder, inside)), head=32, column=True)


def _parts(holder: str, inside: Mapping[str, Sequence[GraphNode]]) -> Iterator[Box | Group]:
    for node in inside.get(holder, ()):
        if node.kind is NodeKind.FLOW:
            parts = tuple(_parts(node.id, inside))
            if parts:
                yield Group(node.id, parts, head=32, column=True)
        else:
            # In a frame the flow's name says the rest.
            name = node.name if holder == _ROOT else node.name.rpartition(".")[2]
            is_model = node.kind is NodeKind.MODEL
            yield Box(node.id, width_of(node.name if is_model else name), _STEP_HEIGHT)


def _accesses(graph: AppGraph) -> Iterator[Connection]:
    written = {(e.source, e.target): e.reason for e in graph.of_kind(EdgeKind.WRITES)}
    for edge in graph.of_kind(EdgeKind.READS):
        line = Line(edge.target, edge.source)
        if (edge.source, edge.target) in written:
            words = written[edge.source, edge.target]
            yield Connection(line, "updates", words, both=True)
        else:
            yield Connection(line, "reads", f"reads ({edge.reason})")
    read = {(edge.source, edge.target) for edge in graph.of_kind(EdgeKind.READS)}
    for (operation, model), reason in written.items():
        if (operation, model) not in read:
            yield Connection(Line(operation, model), "creates", reason)


def _operation(name: str) -> str:
    return node_id(NodeKind.OPERATION, name)


def _flow(name: str) -> str:
    return node_id(NodeKind.FLOW, name)
