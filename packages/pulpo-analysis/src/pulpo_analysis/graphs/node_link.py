"""The graph as JSON in node-link form: `{"nodes": […], "links": […]}`."""

from __future__ import annotations

import json
from typing import Any

from pulpo_analysis.graphs.graph import AppGraph
from pulpo_base.specs import SourceLocation

__all__ = ["to_node_link"]


def to_node_link(graph: AppGraph) -> str:
    """Return JSON that d3 and networkx read; equal graphs give equal text."""
    plain: dict[str, Any] = {
        "directed": True,
        "multigraph": True,
        "nodes": [
            {
                "id": node.id,
                "kind": node.kind.value,
                "name": node.name,
                "location": _place(node.location),
            }
            for node in graph.nodes
        ],
        "links": [
            {
                "source": edge.source,
                "target": edge.target,
                "key": edge.kind.value,
                "reason": edge.reason,
                "location": _place(edge.location),
            }
            for edge in graph.edges
        ],
    }
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _place(location: SourceLocation | None) -> str | None:
    return str(location) if location else None
