"""What the page says of a node that is chosen: plain values, made text by the page itself."""

from __future__ import annotations

from typing import Any

from pulpo_analysis.graphs.escapes import visible
from pulpo_analysis.graphs.graph import AppGraph, GraphNode, NodeKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import FieldSpec, ModelSpec, OperationSpec

__all__ = ["details"]

Facts = dict[str, Any]


def details(
    app: AppSpec, graph: AppGraph, flows: tuple[FlowPlan, ...], numbers: dict[str, int]
) -> list[Facts]:
    """Return the facts of each node, in the order of their numbers."""
    plans = {flow.name: flow for flow in flows}
    nodes = sorted(graph.nodes, key=lambda node: numbers[node.id])
    found = [_node(node, app, plans) for node in nodes]
    for edge in graph.edges:
        source, target = numbers[edge.source], numbers[edge.target]
        verb = edge.kind.value.replace("_", " ").lower()
        reason = visible(edge.reason)
        found[source]["out"].append([verb, target, reason])
        found[target]["in"].append([verb, source, reason])
    return found


def _node(node: GraphNode, app: AppSpec, flows: dict[str, FlowPlan]) -> Facts:
    facts: Facts = {"kind": node.kind.value, "name": visible(node.name), "out": [], "in": []}
    if node.location:
        facts["at"] = visible(str(node.location))
    match node.kind:
        case NodeKind.MODEL:
            model = app.model(node.name)
            return facts | _model(model) if model else facts
        case NodeKind.OPERATION:
            operation = app.operation(node.name)
            return facts | _operation(operation, app, flows) if operation else facts
        case NodeKind.FLOW:
            flow = flows.get(node.name)
            return facts | _flow(flow) if flow else facts


def _model(model: ModelSpec) -> Facts:
    return {
        "doc": visible(model.description, lines=True),
        "facts": _said(
            ("class", model.key), ("collection", model.collection), ("tags", model.tags)
        ),
        "fields": [_field(spec) for spec in model.fields],
    }


def _operation(operation: OperationSpec, app: AppSpec, flows: dict[str, FlowPlan]) -> Facts:
    record = app.record(operation.inputs.name) if operation.inputs else None
    flow = flows.get(operation.namespace)
    steps = {step.operation: step for step in flow.steps} if flow else {}
    step = steps.get(operation.name)
    return {
        "doc": visible(operation.description, lines=True),
        "facts": _said(
            ("function", operation.key),
            ("takes", str(operation.inputs or "")),
            ("returns", str(operation.outputs or "")),
            ("category", operation.category),
            ("stage", "" if operation.stage is None else str(operation.stage)),
            ("tags", operation.tags),
            ("permissions", operation.permissions),
            ("schedule", operation.schedule or ""),
            *((bound.field, f"← {bound}") for bound in (step.bindings if step else ())),
        ),
        "fields": [_field(spec) for spec in (record.fields if record else ())],
    }


def _flow(flow: FlowPlan) -> Facts:
    return {
        "facts": _said(
            ("steps", str(len(flow.steps))),
            ("stages", tuple(map(str, flow.stages))),
            ("schedule", flow.schedule or ""),
        ),
        "fields": [
            [visible(p.name), visible(str(p.type)), "" if p.required else "optional", ""]
            for p in flow.parameters
        ],
    }


def _field(spec: FieldSpec) -> list[str]:
    rules = [
        *(["unique"] if spec.unique else []),
        *([] if spec.required else ["optional"]),
        *(f"{name} {value}" for name, value in spec.constraints),
    ]
    words = (spec.name, str(spec.type), ", ".join(rules), spec.description)
    return [visible(word, lines=True) for word in words]


def _said(*pairs: tuple[str, str | tuple[str, ...]]) -> list[list[str]]:
    texts = ((key, value if isinstance(value, str) else ", ".join(value)) for key, value in pairs)
    return [[visible(key), visible(text)] for key, text in texts if text]
