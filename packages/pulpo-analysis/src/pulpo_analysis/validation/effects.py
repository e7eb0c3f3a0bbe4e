"""Rules about what an operation declares and what its body does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import ModelSpec, OperationSpec, SourceLocation, TypeRef

__all__ = ["documented_raises", "touched_models", "undeclared_writes"]


def undeclared_writes(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO012: what the body writes is declared, where `models_out` is."""
    for operation in app.operations:
        if operation.models_out is None or "models_out" in operation.inferred:
            continue
        declared = set(operation.models_out)
        for access in operation.accesses:
            if access.access == "write" and not declared & {
                access.model,
                *_ancestors(app, app.model(access.model)),
            }:
                yield finding(
                    "PLO012",
                    f"{operation.name!r} writes {access.model!r}, which its `models_out` leaves "
                    "out",
                    access.location,
                    operation.location,
                    hint=f"add {access.model} to `models_out`, or leave `models_out` out: it is "
                    "inferred then",
                )


def touched_models(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO013: a declared model is touched, where the body could be read as a whole."""
    for operation in app.operations:
        if not operation.body_known:
            continue
        met = _met(app, operation)
        for argument in ("models_in", "models_out"):
            if argument in operation.inferred:
                continue
            for name in getattr(operation, argument) or ():
                model = app.model(name)
                if met & {name, *_ancestors(app, model)}:
                    continue
                yield finding(
                    "PLO013",
                    f"`{argument}` of {operation.name!r} names {name!r}, which its body never "
                    "touches",
                    _declared_at(operation, argument, name),
                    hint=f"take {name} out of `{argument}`",
                )


def documented_raises(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO014: a docstring names the exceptions that a caller has to expect.

    Python's own are none of these: they say that the code is wrong, and are no contract.
    """
    for operation in app.operations:
        missing = [
            raised
            for raised in operation.raises
            if raised.module != "builtins"
            and not re.search(rf"\b{re.escape(raised.short)}\b", operation.description)
        ]
        if missing and operation.description.strip():
            names = ", ".join(dict.fromkeys(raised.short for raised in missing))
            yield finding(
                "PLO014",
                f"the docstring of {operation.name!r} does not say that it raises {names}",
                operation.location,
                *(raised.location for raised in missing),
                hint="add a section `Raises:` that says when",
            )


def _met(app: AppSpec, operation: OperationSpec) -> set[str]:
    """Return the models that the body, its types or a link of those may touch."""
    touched = set(operation.touches)
    pending = [ref for ref in (operation.inputs, operation.outputs) if ref is not None]
    seen: set[TypeRef] = set()
    while pending:
        ref = pending.pop()
        if ref in seen:
            continue
        seen.add(ref)
        record = app.record(ref.name)
        if isinstance(record, ModelSpec):
            touched.add(record.name)
        elif record is not None:
            pending.extend(spec.type for spec in record.fields)
        pending.extend(ref.args)
    linked = {
        relation.target
        for name in touched
        if (model := app.model(name)) is not None
        for relation in model.relations
    }
    return touched | linked


def _ancestors(app: AppSpec, model: ModelSpec | None) -> set[str]:
    """Return the names of the models that a model inherits from."""
    found: set[str] = set()
    pending = list(model.bases) if model else []
    seen: set[str] = set()
    while pending:
        key = pending.pop()
        record = app.record(key)
        if key in seen or record is None:
            continue
        seen.add(key)
        pending.extend(record.bases)
        if isinstance(record, ModelSpec):
            found.add(record.name)
    return found


def _declared_at(operation: OperationSpec, argument: str, model: str) -> SourceLocation:
    return next(
        (
            place
            for declared, name, place in operation.declared_at
            if (declared, name) == (argument, model)
        ),
        operation.location,
    )
