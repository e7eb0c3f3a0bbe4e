"""Which nodes of a project differ from another state of it: what `changed:REF` selects."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.graphs.build import node_id
from pulpo_analysis.graphs.graph import NodeKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec

__all__ = ["differing"]

_Spec = ModelSpec | OperationSpec | SchemaSpec | EnumSpec


def differing(before: Analysis, after: Analysis) -> frozenset[str]:
    """Return the models, operations and flows (node ids) of `after` that `before` has otherwise.

    A thing differs where its source does, or that of a schema or enumeration that it mentions;
    a flow where one of its steps does.
    """
    old, new = _sources(before), _sources(after)
    changed = {name for name, text in new.items() if old.get(name) != text}
    ids = {
        node_id(kind, spec.name)
        for kind, specs in (
            (NodeKind.MODEL, after.app.models),
            (NodeKind.OPERATION, after.app.operations),
        )
        for spec in specs
        if changed & {spec.key, *_mentioned(spec, after.app)}
    }
    for flow in after.flows:
        steps = {node_id(NodeKind.OPERATION, step.operation) for step in flow.steps}
        if ids & steps or before.flow(flow.name) is None:
            ids.add(node_id(NodeKind.FLOW, flow.name))
    return frozenset(ids)


def _mentioned(spec: ModelSpec | OperationSpec, app: AppSpec) -> set[str]:
    """Return the keys of the schemas and enumerations that a spec reaches."""
    if isinstance(spec, ModelSpec):
        pending = [field.type for field in spec.fields]
    else:
        pending = [ref for ref in (spec.inputs, spec.outputs) if ref]
    found: set[str] = set()
    while pending:
        for ref in pending.pop().walk():
            record = app.record(ref.name)
            if ref.name in found or not (app.enum(ref.name) or isinstance(record, SchemaSpec)):
                continue
            found.add(ref.name)
            if isinstance(record, SchemaSpec):
                pending.extend(field.type for field in record.fields)
    return found


def _sources(analysis: Analysis) -> Mapping[str, str]:
    """Return the source of each declaration, by importable name."""
    app = analysis.app
    by_file: defaultdict[str, list[_Spec]] = defaultdict(list)
    specs: Iterable[_Spec] = (*app.models, *app.operations, *app.schemas, *app.enums)
    for spec in specs:
        by_file[spec.location.path].append(spec)
    found: dict[str, str] = {}
    for path, declared in by_file.items():
        texts = _statements((analysis.root / path).read_bytes())
        found.update((spec.key, texts.get(spec.location.line, "")) for spec in declared)
    return found


def _statements(source: bytes) -> dict[int, str]:
    """Return the text of each statement, decorators included, by its line."""
    lines = source.splitlines()
    texts: dict[int, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            decorators = getattr(node, "decorator_list", [])
            start = min([node.lineno, *(decorator.lineno for decorator in decorators)])
            text = b"\n".join(lines[start - 1 : node.end_lineno])
            # The outermost statement of a line comes first.
            texts.setdefault(node.lineno, text.decode("utf-8", "replace"))
    return texts
