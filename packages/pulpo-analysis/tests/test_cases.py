"""One Markdown file is one case: the project's files in titled blocks, the answer beside it.

`PULPO_UPDATE_GOLDEN=1 pytest` writes the answers (`.txt`); read the difference before keeping it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pulpo_analysis import Analysis
from pulpo_analysis.diagnostics.text import SourceLines, diagnostic_text
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import FieldSpec, ModelSpec, OperationSpec

CASES = Path(__file__).parent / "cases"
_BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "case", sorted(CASES.rglob("*.md")), ids=lambda path: str(path.relative_to(CASES))
)
def test_case(
    case: Path, analysed: Callable[..., Analysis], golden: Callable[[Path, str], None]
) -> None:
    files = dict(_BLOCK.findall(case.read_text(encoding="utf-8")))
    assert files
    analysis = analysed(files)
    golden(case.with_suffix(".txt"), "\n".join(_answer(analysis)) + "\n")


def _answer(analysis: Analysis) -> Iterator[str]:
    for model in analysis.app.models:
        yield from _model(model)
    for schema in analysis.app.schemas:
        yield f"schema {schema.key}"
        yield from map(_field, schema.fields)
    for enum in analysis.app.enums:
        yield f"enum {enum.key} {dict(enum.members)}"
    for operation in analysis.app.operations:
        yield from _operation(operation)
    for plan in analysis.flows:
        yield from _flow(plan)
    for link in analysis.graph.edges:
        if link.source.startswith("flow:") and link.kind == "DEPENDS_ON":
            yield f"{link.source} depends on {link.target}: {link.reason}"
    sources = SourceLines(analysis.root)
    yield from (diagnostic_text(found, sources) for found in analysis.diagnostics)


def _flow(plan: FlowPlan) -> Iterator[str]:
    yield f"flow {plan.name} stages={list(plan.stages)} subflows={list(plan.subflows)}"
    for step in plan.steps:
        yield f"    {step.operation} after {list(step.after)}"
        yield from (f"        {found.field} <- {found}" for found in step.bindings)
    for edge in plan.edges:
        reasons = ", ".join(map(str, edge.reasons))
        yield f"    {edge.before} -> {edge.after}: {reasons}"
    for found in plan.parameters:
        given = "required" if found.required else f"default {found.default}"
        origins = [".".join(origin) for origin in found.origins]
        yield f"    parameter {found.name}: {found.type} {given} {origins}"


def _model(model: ModelSpec) -> Iterator[str]:
    yield f"model {model.name} {model.key} in {model.collection!r} at {model.location}"
    yield from map(_field, model.fields)
    for index in model.indexes:
        yield f"    index {index.keys} unique={index.unique} name={index.name}"
    for relation in model.relations:
        back = " back" if relation.back else ""
        yield f"    relation {relation.name} -> {relation.target} {relation.cardinality}{back}"
    for what in ("description", "tags", "ui", "ui_order", "searchable_fields", "sortable_fields"):
        if value := getattr(model, what):
            yield f"    {what} {value!r}"


def _field(spec: FieldSpec) -> str:
    marks = [
        "" if spec.required else f"= {spec.default}",
        "indexed" if spec.indexed else "",
        "unique" if spec.unique else "",
        f"alias={spec.alias}" if spec.alias else "",
        " ".join(f"{name}={value!r}" for name, value in spec.constraints),
        f"# {spec.description}" if spec.description else "",
    ]
    return " ".join([f"    {spec.name}: {spec.type}", *filter(None, marks)])


def _operation(operation: OperationSpec) -> Iterator[str]:
    yield f"operation {operation.name} {operation.key} at {operation.location}"
    yield f"    {operation.inputs} -> {operation.outputs}"
    plain = OperationSpec("", "", "", operation.location)
    for what in (
        "category",
        "tags",
        "permissions",
        "is_async",
        "is_class",
        "async_enabled",
        "models_in",
        "models_out",
        "stage",
        "after",
        "bind",
        "in_flow",
        "retries",
        "timeout",
        "schedule",
        "inferred",
    ):
        value = getattr(operation, what)
        if value != getattr(plain, what):
            yield f"    {what} {value!r}"
    for access in operation.accesses:
        yield f"    body {access.access}s {access.model} at {access.location}"
    for raised in operation.raises:
        contract = f"status={raised.status} code={raised.code}"
        yield f"    raises {raised.key} {contract} at {raised.location}"
