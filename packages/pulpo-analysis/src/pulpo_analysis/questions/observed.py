"""`observed`: what operations declare, against the collections that they really touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import OperationSpec, SourceLocation

__all__ = ["Access", "ObservedUse", "Verdict", "observed"]

#: `{operation: {collection: {"reads": commands, "writes": commands, …}}}`, as the observability
#: of a running application counts them (`data_access` of its statistics).
Access = Mapping[str, Mapping[str, Mapping[str, float]]]


class Verdict(StrEnum):
    """How what is declared and what was seen agree."""

    USED = "used"
    """Declared, and seen."""
    UNSEEN = "unseen"
    """Declared, not seen so far: another input may do it."""
    UNDECLARED = "undeclared"
    """Seen, and not declared: the order of flows does not know of it."""


@dataclass(frozen=True, slots=True)
class ObservedUse:
    """One way in which an operation uses a model, by its declaration, by what was seen, or both.

    `model` is the name of the collection where no model of the project is stored there;
    `commands` is how often the database was asked.
    """

    operation: str
    access: Literal["read", "write"]
    model: str
    verdict: Verdict
    commands: int
    location: SourceLocation


def observed(app: AppSpec, access: Access) -> tuple[ObservedUse, ...]:
    """Compare the operations that have run with what they declare; sorted as they are declared.

    Operations that were not seen at all are left out: nothing can be said of them.
    """
    models = {model.collection: model.name for model in app.models}
    return tuple(
        use
        for operation in app.operations
        if (seen := access.get(operation.name))
        for use in _uses(operation, seen, models)
    )


def _uses(
    operation: OperationSpec,
    seen: Mapping[str, Mapping[str, float]],
    models: Mapping[str, str],
) -> list[ObservedUse]:
    kinds: tuple[tuple[Literal["read", "write"], str, tuple[str, ...]], ...] = (
        ("read", "reads", operation.models_in or ()),
        ("write", "writes", operation.models_out or ()),
    )
    found = []
    for access, counted, declared in kinds:
        counts = {
            models.get(collection, collection): int(numbers.get(counted, 0))
            for collection, numbers in seen.items()
            if numbers.get(counted, 0)
        }
        for model in sorted({*declared, *counts}):
            if model not in declared:
                verdict = Verdict.UNDECLARED
            else:
                verdict = Verdict.USED if model in counts else Verdict.UNSEEN
            found.append(
                ObservedUse(
                    operation.name, access, model, verdict, counts.get(model, 0), operation.location
                )
            )
    return found
