"""Mermaid text of models, flows and the whole system (https://mermaid.js.org/syntax/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pulpo_analysis.graphs.graph import INFERRED, AppGraph, EdgeKind, GraphNode, NodeKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan

__all__ = ["flow_diagram", "models_diagram", "system_diagram"]

#: What Mermaid, Markdown or a template engine of the page around it might act upon.
_MARKUP = frozenset('"#&;<>`\\{}[]|%$')

#: Words that mark a key in an entity-relationship diagram, and so can name no attribute.
_KEYS = frozenset({"PK", "FK", "UK"})


def models_diagram(app: AppSpec) -> str:
    """Return the entity-relationship diagram of the models, with the relations between them."""
    ids = {model.name: f"m{index}" for index, model in enumerate(app.models)}
    lines = ["erDiagram"]
    for model in app.models:
        lines.append(f"    {ids[model.name]}[{label(model.name)}] {{")
        lines.extend(
            f"        {_word(str(spec.type))} {_word(spec.name)}"
            + (" PK" if spec.name == "id" else " UK" if spec.unique else "")
            for spec in model.fields
        )
        lines.append("    }")
    for model in app.models:
        for relation in model.relations:
            if not relation.back and relation.target in ids:
                many = relation.cardinality == "many"
                ends = "}o--o{" if many else "}o--||"
                lines.append(
                    f"    {ids[model.name]} {ends} {ids[relation.target]} : {label(relation.name)}"
                )
    return "\n".join(lines) + "\n"


def flow_diagram(plan: FlowPlan) -> str:
    """Return the data flow of one flow: steps in their subflows, edges with their reasons."""
    ids = {step.operation: f"s{index}" for index, step in enumerate(plan.steps)}
    lines = ["flowchart LR", *_group(plan.name, ids, plan.subflows, "    ")]
    for edge in plan.edges:
        reason = "; ".join(dict.fromkeys(str(reason) for reason in edge.reasons))
        lines.append(f"    {ids[edge.before]} -->|{label(reason)}| {ids[edge.after]}")
    return "\n".join(lines) + "\n"


def _group(
    name: str, ids: Mapping[str, str], subflows: tuple[str, ...], indent: str
) -> Iterator[str]:
    """Yield a flow as a subgraph: its own steps, then its subflows."""
    yield f"{indent}subgraph {_group_id(name)}[{label(name)}]"
    for operation, node in ids.items():
        if operation.rpartition(".")[0] == name:
            yield f"{indent}    {node}[{label(operation.rpartition('.')[2])}]"
    for subflow in subflows:
        if subflow.rpartition(".")[0] == name:
            yield from _group(subflow, ids, subflows, indent + "    ")
    yield f"{indent}end"


def system_diagram(graph: AppGraph) -> str:
    """Return the whole lineage: which operation, in frames by flow, touches which model."""
    ids = {node.id: f"n{index}" for index, node in enumerate(graph.nodes)}
    lines = ["flowchart LR", *_nodes("", graph.contents(), ids, "    ")]
    for edge in graph.edges:
        match edge.kind:
            case EdgeKind.READS:
                shown = f"|{label('inferred')}|" if edge.reason.endswith(INFERRED) else ""
                lines.append(f"    {ids[edge.target]} -.->{shown} {ids[edge.source]}")
            case EdgeKind.WRITES:
                lines.append(f"    {ids[edge.source]} -->|{label(edge.reason)}| {ids[edge.target]}")
            case _:
                continue
    return "\n".join(lines) + "\n"


def _nodes(
    holder: str,
    contents: Mapping[str, Sequence[GraphNode]],
    ids: Mapping[str, str],
    indent: str,
) -> Iterator[str]:
    for node in contents.get(holder, ()):
        match node.kind:
            case NodeKind.MODEL:
                yield f"{indent}{ids[node.id]}[({label(node.name)})]"
            case NodeKind.OPERATION:
                yield f"{indent}{ids[node.id]}[{label(node.name)}]"
            case NodeKind.FLOW:
                yield f"{indent}subgraph {ids[node.id]}[{label(node.name)}]"
                yield from _nodes(node.id, contents, ids, indent + "    ")
                yield f"{indent}end"


def label(text: str) -> str:
    """Return any text as a quoted Mermaid label, whatever it holds.

    What could end the label, start markup or hide is written as an entity code, as in `#34;`
    (https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters).
    """
    visible = (
        f"#{ord(char)};" if char in _MARKUP or not char.isprintable() else char
        for char in " ".join(text.split())
    )
    return '"' + ("".join(visible) or " ") + '"'


def _word(text: str) -> str:
    """Return text as one attribute word of an entity-relationship diagram."""
    word = "".join(char if _in_word(char) else "_" for char in text).strip("_")
    if not word or word[0].isdecimal():
        return f"_{word}"
    return f"{word}_" if word in _KEYS else word


def _in_word(char: str) -> bool:
    # Mermaid's own range; letters outside it end the word.
    return char.isalnum() and (char.isascii() or "\u00c0" <= char <= "\uffff")


def _group_id(name: str) -> str:
    return "g_" + "".join(
        char if char.isascii() and char.isalnum() else f"_{ord(char):x}_" for char in name
    )
