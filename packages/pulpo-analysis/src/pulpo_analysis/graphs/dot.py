"""Graphviz DOT text of an `AppGraph` (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

import json

from pulpo_analysis.graphs.graph import AppGraph, EdgeKind, NodeKind

__all__ = ["to_dot"]

_SHAPES = {NodeKind.MODEL: "cylinder", NodeKind.OPERATION: "box", NodeKind.FLOW: "folder"}

_STYLES = {
    EdgeKind.READS: "dashed",
    EdgeKind.WRITES: "bold",
    EdgeKind.DEPENDS_ON: "solid",
    EdgeKind.CONTAINS: "dotted",
    EdgeKind.RELATES: "solid",
}


def to_dot(graph: AppGraph) -> str:
    """Return the graph as DOT: one node or edge per line, in the graph's own order."""
    lines = ["digraph pulpo {", "    rankdir=LR;"]
    lines.extend(
        f"    {_quoted(node.id)} [label={_quoted(node.name)}, shape={_SHAPES[node.kind]}];"
        for node in graph.nodes
    )
    for edge in graph.edges:
        text = f"{edge.kind.value} {edge.reason}".strip()
        lines.append(
            f"    {_quoted(edge.source)} -> {_quoted(edge.target)} "
            f"[label={_quoted(text)}, style={_STYLES[edge.kind]}];"
        )
    lines.append("}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # JSON's escapes are those of DOT, but for the ones that DOT has of its own (\N, \G, …).
    return json.dumps(text, ensure_ascii=False)
