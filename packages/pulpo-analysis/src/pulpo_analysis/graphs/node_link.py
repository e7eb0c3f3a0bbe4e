"""The graph as JSON in node-link form: `{"nodes": […], "links": […]}`."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import count
from typing import Any

from pulpo_analysis.graphs.graph import AppGraph
from pulpo_base.specs import SourceLocation

__all__ = ["to_node_link"]


def to_node_link(graph: AppGraph) -> str:
    """Return JSON that d3 and networkx read; equal graphs give equal text.

    `key` tells the links between two nodes apart, as networkx wants it; `kind` says what each is.
    """
    keys: defaultdict[tuple[str, str], count[int]] = defaultdict(count)
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
                "key": next(keys[edge.source, edge.target]),
                "kind": edge.kind.value,
                "reason": edge.reason,
                "location": _place(edge.location),
            }
            for edge in graph.edges
        ],
    }
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _place(location: SourceLocation | None) -> str | None:
    return str(location) if location else None
