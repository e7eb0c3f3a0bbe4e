"""Rules about models."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.naming import is_path_segment
from pulpo_base.specs import FieldSpec, ModelSpec, SchemaSpec, TypeKind, TypeRef

__all__ = ["known_fields", "reachable_collections", "usable_fields"]

_LISTS = {TypeKind.LIST, TypeKind.SET, TypeKind.TUPLE}
_NO_TEXT = {
    "bool",
    "int",
    "float",
    "bytes",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "decimal.Decimal",
    "beanie.DecimalAnnotation",
    "beanie.PydanticObjectId",
    "bson.ObjectId",
    "uuid.UUID",
}
_NEVER_COMPARED = {"bytes", "pydantic.SecretBytes", "pydantic.SecretStr"}


def known_fields(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM007: search, sort, filter, indexes and field order name fields that exist."""
    for model in app.models:
        known = {name for spec in model.fields for name in (spec.name, spec.alias) if name}
        for what, names in _named_fields(model):
            for name in names:
                # `customer.$id` and `address.city` reach into the field before the first dot,
                # `$**` is MongoDB's word for every field.
                if not name.startswith("$") and name.partition(".")[0] not in known:
                    yield finding(
                        "PLM007",
                        f"{what} of {model.name!r} names {name!r}, which is no field",
                        model.location,
                        hint=did_you_mean(name, known),
                    )


def usable_fields(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM027: lists are searched, sorted and filtered by values that allow it.

    The generated API refuses to start with others. What cannot be known here is left to it.
    """
    for model in app.models:
        for what, names in _listed_fields(model):
            for name in names:
                problem = _unusable(app, model, what, name)
                if problem:
                    yield finding(
                        "PLM027",
                        f"{what} of {model.name!r} names {name!r}, which {problem}: "
                        "the generated API refuses to start",
                        model.location,
                        hint=f"take it out of `{what}`, or name another field",
                    )


def _unusable(app: AppSpec, model: ModelSpec, what: str, name: str) -> str:
    """Return why a field does not serve a list; empty where it does, or where that is open."""
    fields, rest, several = model.fields, name, False
    while True:
        own, _, rest = rest.partition(".")
        spec = next((spec for spec in fields if spec.name == own), None)
        if spec is None:
            return "" if fields is model.fields else f"has no field {own!r}"  # or is PLM007
        kind = spec.type.without_none()
        several |= kind.kind in _LISTS
        if kind.kind in _LISTS and kind.args:
            kind = kind.args[0].without_none()
        record = app.record(kind.name) if kind.kind is TypeKind.SCHEMA else None
        if isinstance(record, SchemaSpec) and record.form == "named_tuple":
            return f"is a named tuple ({kind.short}), which is stored as an array"
        if record is None:
            return "" if rest else _misfit(spec, kind, what, several=several)
        if not rest:
            return f"holds a whole {kind.short}"
        fields = record.fields


def _misfit(spec: FieldSpec, kind: TypeRef, what: str, *, several: bool) -> str:
    scalar = kind.name if kind.kind is TypeKind.SCALAR else ""
    if kind.kind in {TypeKind.DICT, TypeKind.BACKLINK} or scalar in _NEVER_COMPARED:
        return f"is a {spec.type}"
    if what == "sortable_fields" and several:
        return "holds several values"
    if what == "searchable_fields" and (scalar in _NO_TEXT or kind.kind is TypeKind.LINK):
        return f"is no text but {spec.type}"
    return ""


def reachable_collections(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM008: the collection is a part of a URL, `/api/<collection>`."""
    for model in app.models:
        if not is_path_segment(model.collection):
            yield finding(
                "PLM008",
                f"the collection {model.collection!r} of {model.name!r} cannot be a part of a URL",
                model.location,
                hint="give it a `Settings.name` of letters, digits, `_`, `-` and `.`",
            )


def _listed_fields(model: ModelSpec) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "searchable_fields", model.searchable_fields
    yield "sortable_fields", model.sortable_fields
    yield "filterable_fields", model.filterable_fields


def _named_fields(model: ModelSpec) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from _listed_fields(model)
    for index in model.indexes:
        yield "an index", tuple(name for name, _ in index.keys)
    if isinstance(model.ui_order, tuple):
        yield "ui_order", model.ui_order
