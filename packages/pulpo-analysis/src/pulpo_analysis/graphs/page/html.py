"""`graph_page`: the whole page as one text that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any

from pulpo_analysis.graphs.escapes import visible
from pulpo_analysis.graphs.graph import AppGraph, NodeKind
from pulpo_analysis.graphs.page.details import details
from pulpo_analysis.graphs.page.svg import svg
from pulpo_analysis.graphs.page.views import flows_view, lineage_view, models_view
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan

__all__ = ["graph_page"]


def graph_page(
    title: str, app: AppSpec, graph: AppGraph, flows: Sequence[FlowPlan], view: str = "lineage"
) -> str:
    """Return the page about the nodes of `graph`, `view` (models, flows, lineage) shown first.

    Of `flows` those are drawn whose every step is in the graph. Equal input gives equal text.
    """
    ids = {node.id for node in graph.nodes}
    numbers = {node.id: number for number, node in enumerate(graph.nodes)}
    models = [model for model in app.models if f"{NodeKind.MODEL.value}:{model.name}" in ids]
    whole = [flow for flow in flows if _nodes_of(flow) <= ids]
    views = (lineage_view(graph, flows), flows_view(whole), models_view(models))
    return _filled(
        _asset("page.html"),
        {
            "title": escape(visible(title)),
            "style": _asset("page.css"),
            "views": "\n".join(svg(one, numbers) for one in views),
            "start": view,
            "data": _json(details(app, graph, tuple(flows), numbers)),
            "script": _asset("page.js"),
        },
    )


def _nodes_of(flow: FlowPlan) -> set[str]:
    operations = {f"{NodeKind.OPERATION.value}:{step.operation}" for step in flow.steps}
    return operations | {f"{NodeKind.FLOW.value}:{name}" for name in (flow.name, *flow.subflows)}


def _filled(template: str, values: dict[str, str]) -> str:
    """Return the template with each `{{name}}` replaced, once: values are never looked into."""
    parts = template.split("{{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}}")
        filled.extend((values[name], rest))
    return "".join(filled)


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _json(value: Any) -> str:
    """Return JSON that ends no script element: `<`, `>` and `&` are written as escapes."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
