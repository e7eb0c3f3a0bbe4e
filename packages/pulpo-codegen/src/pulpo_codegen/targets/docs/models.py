"""The page about models."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.graphs.mermaid import models_diagram
from pulpo_base.specs import IndexSpec, ModelSpec, SchemaSpec, SourceLocation
from pulpo_codegen.render.markdown import anchor
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.docs.types import (
    FieldView,
    diagram_source,
    field_views,
    model_links,
    place,
)

__all__ = ["ModelsPage", "model_places", "models_page"]


@dataclass(frozen=True, slots=True)
class RelationView:
    """One relation: `target` is a link, `kind` reads "one" or "many, back"."""

    name: str
    target: Source
    kind: Source


@dataclass(frozen=True, slots=True)
class RecordView:
    """A model, or a schema (which has no collection, relations or indexes)."""

    name: str
    anchor: Source
    place: str
    description: str
    collection: str
    tags: str
    fields: tuple[FieldView, ...]
    relations: tuple[RelationView, ...] = ()
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnumView:
    """An enumeration and its members as `(name, value)`."""

    name: str
    anchor: Source
    place: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """The context of `docs/models.md`; `diagram` is Mermaid text of several lines."""

    diagram: Source
    models: tuple[RecordView, ...]
    schemas: tuple[RecordView, ...]
    enums: tuple[EnumView, ...]


def models_page(analysis: Analysis, _item: object) -> ModelsPage:
    """Return the context of the page."""
    app = analysis.app
    return ModelsPage(
        diagram=diagram_source(models_diagram(app)),
        models=tuple(_model(analysis, model) for model in app.models),
        schemas=tuple(_schema(analysis, schema) for schema in app.schemas),
        enums=tuple(
            EnumView(
                name=enum.name,
                anchor=anchor("enum", enum.key),
                place=place(enum.location),
                members=tuple((name, repr(value)) for name, value in enum.members),
            )
            for enum in app.enums
        ),
    )


def model_places(analysis: Analysis, _item: object) -> tuple[SourceLocation, ...]:
    """Return what the page is about."""
    app = analysis.app
    models = (model.location for model in app.models)
    schemas = (schema.location for schema in app.schemas)
    return (*models, *schemas, *(enum.location for enum in app.enums))


def _model(analysis: Analysis, model: ModelSpec) -> RecordView:
    return RecordView(
        name=model.name,
        anchor=anchor("model", model.name),
        place=place(model.location),
        description=model.description,
        collection=model.collection,
        tags=", ".join(model.tags),
        fields=field_views(analysis.app, model.fields),
        relations=tuple(
            RelationView(
                name=relation.name,
                target=model_links(analysis.app, [relation.target]),
                kind=Source(relation.cardinality + (", back" if relation.back else "")),
            )
            for relation in model.relations
        ),
        indexes=tuple(_index(index) for index in model.indexes),
    )


def _schema(analysis: Analysis, schema: SchemaSpec) -> RecordView:
    return RecordView(
        name=schema.name,
        anchor=anchor("schema", schema.key),
        place=place(schema.location),
        description=schema.description,
        collection="",
        tags="",
        fields=field_views(analysis.app, schema.fields),
    )


def _index(index: IndexSpec) -> str:
    directions: dict[int | str, str] = {1: "", -1: " descending"}
    keys = ", ".join(
        name + directions.get(direction, f" {direction}") for name, direction in index.keys
    )
    return f"{keys} (unique)" if index.unique else keys
