"""Rules about operations."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.naming import is_path_segment

__all__ = ["declared_output", "described", "dotted", "touching"]


def described(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO007: an operation says what it does."""
    for operation in app.operations:
        if not operation.description.strip():
            yield finding(
                "PLO007",
                f"operation {operation.name!r} has no description",
                operation.location,
                hint="write a docstring: it is shown in the API, the command line and the docs",
            )


def dotted(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO006: the name says which flow an operation belongs to."""
    for operation in app.operations:
        if not operation.namespace:
            yield finding(
                "PLO006",
                f"operation {operation.name!r} belongs to no flow",
                operation.location,
                hint=f'name it `flow.task`, as in "things.{operation.name}"',
            )


def reachable(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO011: the name is a part of a URL and a word of a command line."""
    for operation in app.operations:
        if not is_path_segment(operation.name):
            yield finding(
                "PLO011",
                f"the name {operation.name!r} cannot be a part of a URL",
                operation.location,
                hint="use letters, digits, `_` and `-` between the dots",
            )


def touching(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO005: an operation that does not say what it touches; an empty list says "nothing"."""
    for operation in app.operations:
        silent = operation.models_in is None and operation.models_out is None
        placed = operation.after or operation.bind or operation.stage is not None
        if silent and not placed:
            yield finding(
                "PLO005",
                f"operation {operation.name!r} declares neither `models_in` nor `models_out`",
                operation.location,
                hint="name the models that it reads and writes, so that its place is known",
            )


def declared_output(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO009: what an operation returns is declared."""
    for operation in app.operations:
        if operation.outputs is None:
            yield finding(
                "PLO009",
                f"operation {operation.name!r} does not say what it returns",
                operation.location,
                hint="annotate the return type; `-> None` where there is nothing",
            )
