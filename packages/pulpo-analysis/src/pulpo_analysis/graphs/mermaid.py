"""Mermaid text of models, flows and the whole system (https://mermaid.js.org/syntax/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from pulpo_analysis.graphs.graph import INFERRED, AppGraph, EdgeKind, GraphNode, NodeKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import FieldSpec, TypeRef

__all__ = ["flow_diagram", "models_diagram", "system_diagram"]

#: What Mermaid, Markdown or a template engine of the page around it might act upon.
_MARKUP = frozenset('"#&;<>`\\{}[]|%$')

#: Words that mark a key in an entity-relationship diagram, and so can name no attribute.
_KEYS = frozenset({"PK", "FK", "UK"})

#: What is left of commas, quotes and blanks: nothing beside a bracket, and one line elsewhere.
_RESTS = re.compile(r"_*([\[\]])_*|(_)_+")


def models_diagram(app: AppSpec) -> str:
    """Return the entity-relationship diagram of the models, with the relations between them."""
    ids = {model.name: f"m{index}" for index, model in enumerate(app.models)}
    lines = ["erDiagram"]
    for model in app.models:
        lines.append(f"    {ids[model.name]}[{label(model.name)}] {{")
        lines.extend(f"        {_attribute(spec)}" for spec in model.fields)
        lines.append("    }")
    for model in app.models:
        optional = {spec.name for spec in model.fields if spec.type.is_optional}
        for relation in model.relations:
            if not relation.back and relation.target in ids:
                one = "o|" if relation.name in optional else "||"
                ends = f"}}o--{'o{' if relation.cardinality == 'many' else one}"
                lines.append(
                    f"    {ids[model.name]} {ends} {ids[relation.target]} : {label(relation.name)}"
                )
    return "\n".join(lines) + "\n"


def flow_diagram(*plans: FlowPlan) -> str:
    """Return the data flow of flows: steps in their subflows, and what each waits for and takes.

    An edge says why the second step comes after the first, and which of its fields it takes from
    there, with their types. A dotted one is of a step that others stand between. Parameters of the
    flow have round ends.
    """
    steps = [step.operation for plan in plans for step in plan.steps]
    ids = {operation: f"s{index}" for index, operation in enumerate(steps)}
    lines = ["flowchart LR"]
    for number, plan in enumerate(plans):
        own = {step.operation: ids[step.operation] for step in plan.steps}
        lines.extend(_group(plan.name, own, plan.subflows, "    "))
        lines.extend(_edges(plan, own))
        lines.extend(_parameters(plan, own, f"p{number}x"))
    return "\n".join(lines) + "\n"


def _edges(plan: FlowPlan, ids: Mapping[str, str]) -> Iterator[str]:
    said: dict[tuple[str, str], list[str]] = {
        (edge.before, edge.after): list(dict.fromkeys(map(str, edge.reasons)))
        for edge in plan.edges
    }
    direct = frozenset(said)
    for step in plan.steps:
        for bound in step.bindings:
            if bound.step:
                words = said.setdefault((bound.step, step.operation), [])
                words.append(f"{bound.field}: {bound.type}")
    for (before, after), words in said.items():
        arrow = "-->" if (before, after) in direct else "-.->"
        yield f"    {ids[before]} {arrow}|{label('; '.join(words))}| {ids[after]}"


def _parameters(plan: FlowPlan, ids: Mapping[str, str], prefix: str) -> Iterator[str]:
    for index, parameter in enumerate(plan.parameters):
        node = f"{prefix}{index}"
        yield f"    {node}([{label(f'{parameter.name}: {parameter.type}')}])"
        for step in plan.steps:
            if any(not bound.step and bound.name == parameter.name for bound in step.bindings):
                yield f"    {node} --> {ids[step.operation]}"


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


def _attribute(spec: FieldSpec) -> str:
    """Return a field as an attribute: type, name, key, and a remark where it may be empty."""
    key = "PK" if spec.name == "id" else "UK" if spec.unique else ""
    remark = '"optional"' if spec.type.is_optional and spec.name != "id" else ""
    return " ".join(filter(None, (_type(spec.type), _word(spec.name), key, remark)))


def _type(ref: TypeRef) -> str:
    """Return a type as one word; Mermaid takes brackets in those, and no commas or bars."""
    text = str(ref.without_none()).replace(" | ", "_or_")
    word = "".join(char if char in "[]" or _in_word(char) else "_" for char in text)
    return _word(_RESTS.sub(r"\1\2", word), "[]")


@lru_cache(maxsize=10_000)
def _word(text: str, also: str = "") -> str:
    """Return text as one word of an entity-relationship diagram, `also` of these characters."""
    known = (char if char in also or _in_word(char) else "_" for char in text)
    word = "".join(known).strip("_")
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
