"""The page about operations."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import OperationSpec, RaiseSpec, SourceLocation, TypeRef
from pulpo_codegen.render.markdown import anchor, md_code, md_link
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.docs.types import (
    FieldView,
    field_views,
    model_links,
    place,
    type_text,
)

__all__ = ["OperationsPage", "operation_places", "operations_page"]


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation; `flow` is a link or empty, `facts` are `(label, text)` pairs."""

    name: str
    anchor: Source
    place: str
    description: str
    flow: Source
    inputs: Source
    input_fields: tuple[FieldView, ...]
    outputs: Source
    output_fields: tuple[FieldView, ...]
    reads: Source
    writes: Source
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OperationsPage:
    """The context of `docs/operations.md`."""

    operations: tuple[OperationView, ...]


def operations_page(analysis: Analysis, _item: object) -> OperationsPage:
    """Return the context of the page, operations sorted by name."""
    ordered = sorted(analysis.app.operations, key=lambda operation: operation.name)
    return OperationsPage(tuple(_operation(analysis, operation) for operation in ordered))


def operation_places(analysis: Analysis, _item: object) -> tuple[SourceLocation, ...]:
    """Return what the page is about."""
    return tuple(operation.location for operation in analysis.app.operations)


def _operation(analysis: Analysis, operation: OperationSpec) -> OperationView:
    app = analysis.app
    flow = Source("")
    if analysis.flow(operation.namespace) and operation.in_flow:
        name = operation.namespace
        flow = md_link(md_code(name), "flows.md", anchor("flow", name))
    return OperationView(
        name=operation.name,
        anchor=anchor("operation", operation.name),
        place=place(operation.location),
        description=operation.description,
        flow=flow,
        inputs=type_text(app, operation.inputs),
        input_fields=_fields(analysis, operation.inputs),
        outputs=type_text(app, operation.outputs),
        output_fields=_fields(analysis, operation.outputs),
        reads=model_links(app, operation.models_in or ()),
        writes=model_links(app, operation.models_out or ()),
        facts=tuple(_facts(operation)),
    )


def _fields(analysis: Analysis, ref: TypeRef | None) -> tuple[FieldView, ...]:
    record = analysis.app.record(ref.name) if ref is not None else None
    return field_views(analysis.app, record.fields) if record is not None else ()


def _facts(operation: OperationSpec) -> list[tuple[str, str]]:
    facts = [
        ("Raises", ", ".join(dict.fromkeys(map(_raised, operation.raises)))),
        ("Category", operation.category),
        ("Tags", ", ".join(operation.tags)),
        ("Permissions", ", ".join(operation.permissions)),
        ("Stage", "" if operation.stage is None else str(operation.stage)),
        ("Retries", str(operation.retries) if operation.retries else ""),
        ("Timeout", "" if operation.timeout is None else f"{operation.timeout:g} s"),
        ("Schedule", operation.schedule or ""),
    ]
    return [(label, text) for label, text in facts if text]


def _raised(raised: RaiseSpec) -> str:
    return f"{raised.short} ({raised.status})" if raised.status else raised.short
