"""Types, fields and places as the pages of the docs show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowParameter
from pulpo_base.specs import FieldSpec, ModelSpec, SourceLocation, TypeKind, TypeRef
from pulpo_codegen.render.markdown import anchor, md_code, md_link
from pulpo_codegen.render.source import Source

__all__ = [
    "FieldView",
    "diagram_source",
    "field_views",
    "model_links",
    "operation_link",
    "place",
    "type_text",
]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One line of a table of fields; `default` and `constraints` may be empty."""

    name: str
    type: Source
    required: Source
    default: str
    description: str
    constraints: str


def field_views(app: AppSpec, fields: Iterable[FieldSpec | FlowParameter]) -> tuple[FieldView, ...]:
    """Return the lines of a table of fields or flow parameters."""
    return tuple(
        FieldView(
            name=field.name,
            type=type_text(app, field.type),
            required=Source("yes" if field.required else "no"),
            default=_default(field),
            description=field.description,
            constraints=_constraints(field),
        )
        for field in fields
    )


def type_text(app: AppSpec, ref: TypeRef | None) -> Source:
    """Return a type as code; a type that is a model of the project is a link to it."""
    if ref is None:
        return Source("none")
    if ref.kind is TypeKind.UNION:
        return Source(" or ".join(type_text(app, arg) for arg in ref.args))
    text = md_code(str(ref))
    models = [model for arg in ref.walk() if (model := _model_of(app, arg))]
    if len(models) != 1:
        return text
    return md_link(text, "models.md", anchor("model", models[0]))


def model_links(app: AppSpec, names: Iterable[str]) -> Source:
    """Return the models as links (a name that is no model's is shown as it is), `-` for none."""
    shown = [
        md_link(md_code(name), "models.md", anchor("model", name))
        if app.model(name)
        else md_code(name)
        for name in names
    ]
    return Source(", ".join(shown) or "-")


def operation_link(name: str) -> Source:
    """Return an operation as a link to its entry."""
    return md_link(md_code(name), "operations.md", anchor("operation", name))


def place(location: SourceLocation) -> str:
    """Return where something is declared, without the column."""
    return f"{location.path}:{location.line}"


def diagram_source(mermaid: str) -> Source:
    """Return Mermaid text of the analysis, whose labels are quoted already."""
    return Source(mermaid.rstrip("\n"))


def _model_of(app: AppSpec, ref: TypeRef) -> str | None:
    if ref.kind is not TypeKind.MODEL:
        return None
    found = app.record(ref.name)
    return found.name if isinstance(found, ModelSpec) else None


def _default(field: FieldSpec | FlowParameter) -> str:
    if field.default is not None:
        return field.default
    return "" if field.required else "(made by a factory)"


def _constraints(field: FieldSpec | FlowParameter) -> str:
    parts = [f"{name}={value!r}" for name, value in field.constraints]
    if isinstance(field, FieldSpec):
        parts += [word for word in ("unique", "indexed") if getattr(field, word)]
    return ", ".join(parts)
