"""Graphviz DOT text of an `AppGraph` (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from pulpo_analysis.graphs.escapes import visible
from pulpo_analysis.graphs.graph import AppGraph, EdgeKind, GraphNode, NodeKind

__all__ = ["to_dot"]

_SHAPES = {NodeKind.MODEL: "cylinder", NodeKind.OPERATION: "box", NodeKind.FLOW: "folder"}

_STYLES = {
    EdgeKind.READS: "dashed",
    EdgeKind.WRITES: "bold",
    EdgeKind.DEPENDS_ON: "solid",
    EdgeKind.RELATES: "solid",
}


def to_dot(graph: AppGraph) -> str:
    """Return the graph as DOT: a cluster per flow, one node or edge per line, in its own order."""
    lines = [
        "digraph pulpo {",
        "    rankdir=LR; newrank=true;",
        *_nodes("", graph.contents(), "    "),
    ]
    for edge in graph.edges:
        if edge.kind is EdgeKind.CONTAINS:
            continue  # the cluster says it
        text = f"{edge.kind.value} {edge.reason}".strip()
        lines.append(
            f"    {_quoted(edge.source)} -> {_quoted(edge.target)} "
            f"[label={_quoted(text)}, style={_STYLES[edge.kind]}];"
        )
    lines.append("}")
    return "\n".join(lines) + "\n"


def _nodes(holder: str, contents: Mapping[str, Sequence[GraphNode]], indent: str) -> Iterator[str]:
    for node in contents.get(holder, ()):
        line = f"{_quoted(node.id)} [label={_quoted(node.name)}, shape={_SHAPES[node.kind]}];"
        if node.kind is not NodeKind.FLOW:
            yield indent + line
            continue
        yield f"{indent}subgraph {_quoted(f'cluster {node.id}')} {{"
        yield f"{indent}    label={_quoted(node.name)};"
        yield f"{indent}    {line}"
        yield from _nodes(node.id, contents, indent + "    ")
        yield f"{indent}}}"


def _quoted(text: str) -> str:
    # JSON's escapes are those of DOT, but for the ones that DOT has of its own (\N, \G, …).
    return json.dumps(visible(text), ensure_ascii=False)
