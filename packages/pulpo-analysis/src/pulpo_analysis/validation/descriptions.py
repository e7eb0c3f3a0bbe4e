"""Rules about what models and operations say of themselves."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation.words import singular, words_of
from pulpo_base.specs import ModelSpec, OperationSpec

__all__ = ["described_models", "described_operations", "telling_models", "telling_operations"]

_SHOWN = "it is shown in the API, the UI and the docs"

#: Words that tell nothing by themselves.
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "be",
        "by",
        "class",
        "data",
        "document",
        "for",
        "function",
        "in",
        "is",
        "it",
        "its",
        "model",
        "object",
        "of",
        "on",
        "operation",
        "or",
        "that",
        "the",
        "this",
        "to",
        "todo",
        "fixme",
        "tbd",
        "with",
        "record",
        "entity",
    ]
)


def described_models(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM006: a model says what it is."""
    for model in app.models:
        if not model.description.strip():
            yield finding(
                "PLM006",
                f"model {model.name!r} has no description",
                model.location,
                hint=f"write a docstring: {_SHOWN}",
            )


def described_operations(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO007: an operation says what it does."""
    for operation in app.operations:
        if not operation.description.strip():
            yield finding(
                "PLO007",
                f"operation {operation.name!r} has no description",
                operation.location,
                hint="write a docstring: it is shown in the API, the command line and the docs",
            )


def telling_models(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM009: a model's description says more than its name."""
    for model in app.models:
        if _says_nothing(model):
            yield _empty("PLM009", "model", model)


def telling_operations(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO030: an operation's description says more than its name."""
    for operation in app.operations:
        if _says_nothing(operation):
            yield _empty("PLO030", "operation", operation)


def _says_nothing(spec: ModelSpec | OperationSpec) -> bool:
    text = spec.description.strip()
    if not text.isascii() or not text:
        return False  # no description is a finding of its own; other languages are not judged
    said = {_stem(word) for word in words_of(text) if word not in _EMPTY}
    named = {_stem(word) for word in (*words_of(spec.name), *words_of(spec.qualname))}
    return said <= named


def _stem(word: str) -> str:
    """Return a word without the ending of a plural or of the third person."""
    return singular(word).removesuffix("e")


def _empty(code: str, what: str, spec: ModelSpec | OperationSpec) -> Diagnostic:
    return finding(
        code,
        f"the description of {what} {spec.name!r} says no more than its name",
        spec.location,
        hint=f"say what the name does not: {_SHOWN}",
    )
