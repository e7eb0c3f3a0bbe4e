"""Rules about models."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.naming import is_path_segment
from pulpo_base.specs import ModelSpec

__all__ = ["known_fields", "reachable_collections"]


def known_fields(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM007: search, sort, indexes and field order name fields that exist."""
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


def _named_fields(model: ModelSpec) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "searchable_fields", model.searchable_fields
    yield "sortable_fields", model.sortable_fields
    for index in model.indexes:
        yield "an index", tuple(name for name, _ in index.keys)
    if isinstance(model.ui_order, tuple):
        yield "ui_order", model.ui_order
