"""What Beanie reads of a class of documents: its collection, indexes, time series, relations."""

from __future__ import annotations

from typing import Any

from pulpo_base.arguments import index_from
from pulpo_base.probe.project import library_class
from pulpo_base.specs import FieldSpec, IndexSpec, RelationSpec, TimeSeriesSpec, TypeKind

__all__ = ["collection", "index_specs", "is_document", "link_relations", "timeseries"]


def is_document(cls: type) -> bool:
    """Return whether a class is one of Beanie's documents; without Beanie none is."""
    document = library_class("beanie", "Document")
    return document is not None and issubclass(cls, document)


def collection(cls: type) -> str:
    """Return Beanie's collection: a root's, where the class inherits from one in a document."""
    roots = [base for base in cls.__mro__ if is_document(base) and _is_root(base)]
    home = roots[-1] if roots else cls
    name = getattr(getattr(home, "Settings", None), "name", None)
    return name if isinstance(name, str) and name else home.__name__


def _is_root(cls: type) -> bool:
    return getattr(getattr(cls, "Settings", None), "is_root", False) is True


def timeseries(config: Any) -> TimeSeriesSpec | None:
    """Return what `Settings.timeseries` says, `None` where it is nothing."""
    time = getattr(config, "time_field", None)
    return TimeSeriesSpec(time, getattr(config, "meta_field", None)) if time else None


def index_specs(declared: Any) -> tuple[IndexSpec, ...]:
    """Return indexes as `Settings.indexes` or `indexes()` declares them, PyMongo's models too."""
    return tuple(_index(item) for item in declared)


def _index(item: Any) -> IndexSpec:
    document = getattr(item, "document", None)
    if document is None:
        return index_from(item)
    keys = [tuple(pair) for pair in document["key"].items()]
    generated = "_".join(f"{name}_{direction}" for name, direction in keys)
    name = document.get("name")
    unique = document.get("unique") is True
    return index_from(
        {"fields": keys, "unique": unique, "name": None if name == generated else name}
    )


def link_relations(fields: tuple[FieldSpec, ...]) -> tuple[RelationSpec, ...]:
    """Return the relations that links and back links in these fields are."""
    return tuple(
        RelationSpec(
            name=spec.name,
            target=ref.args[0].name or str(ref.args[0]),
            cardinality="many"
            if any(part.kind is TypeKind.LIST for part in spec.type.walk())
            else "one",
            back=ref.kind is TypeKind.BACKLINK,
        )
        for spec in fields
        for ref in spec.type.walk()
        if ref.kind in {TypeKind.LINK, TypeKind.BACKLINK} and ref.args
    )
