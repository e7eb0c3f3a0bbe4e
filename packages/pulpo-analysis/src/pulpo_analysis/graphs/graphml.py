"""The graph as GraphML (http://graphml.graphdrawing.org/specification.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from pulpo_analysis.graphs.escapes import visible
from pulpo_analysis.graphs.graph import AppGraph

__all__ = ["to_graphml"]

#: The attributes of nodes and edges: each is a key of its own, named for what it is of.
_NODE: Final = ("kind", "name", "location")
_EDGE: Final = ("kind", "reason", "location")


def to_graphml(graph: AppGraph) -> str:
    """Return XML that Gephi, yEd and networkx read; equal graphs give equal text.

    What XML has no character for, or nobody sees, is shown as Python escapes it.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *_keys("node", _NODE),
        *_keys("edge", _EDGE),
        '  <graph id="pulpo" edgedefault="directed">',
    ]
    for node in graph.nodes:
        values = (node.kind.value, node.name, str(node.location or ""))
        lines.append(f"    <node id={_attribute(node.id)}>")
        lines.extend(_data("node", _NODE, values))
        lines.append("    </node>")
    for edge in graph.edges:
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        values = (edge.kind.value, edge.reason, str(edge.location or ""))
        lines.append(f"    <edge {ends}>")
        lines.extend(_data("edge", _EDGE, values))
        lines.append("    </edge>")
    return "\n".join([*lines, "  </graph>", "</graphml>"]) + "\n"


def _keys(owner: str, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        facts = f'for="{owner}" attr.name="{name}" attr.type="string"'
        yield f'  <key id="{owner}-{name}" {facts}/>'


def _data(owner: str, names: tuple[str, ...], values: tuple[str, ...]) -> Iterator[str]:
    for name, value in zip(names, values, strict=True):
        if value:
            yield f'      <data key="{owner}-{name}">{escape(visible(value))}</data>'


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
