"""What `Annotated`, `Field`, `Indexed` and pydantic's `con…` functions say besides the type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.expressions import Expression
from pulpo_analysis.discovery.facts import ModuleFacts
from pulpo_analysis.discovery.known_types import SPECIAL
from pulpo_analysis.discovery.sources import Sources, Symbol

__all__ = ["AnnotationFacts", "read_metadata"]

_CONVERTING = frozenset({"BeforeValidator", "PlainValidator", "WrapValidator"})

#: The classes of `annotated_types` with one value, and the constraint that each is.
_SINGLE = {
    "Ge": "ge",
    "Gt": "gt",
    "Le": "le",
    "Lt": "lt",
    "MultipleOf": "multiple_of",
    "MinLen": "min_length",
    "MaxLen": "max_length",
}


@dataclass(slots=True)
class AnnotationFacts:
    """What the metadata of one annotation says besides the type.

    `field_calls` speak of the field, `constraint_calls` only of its values: a `Field` inside a
    union has constraints for the field, and no description. `init_only` is a dataclass's `InitVar`,
    `required` what a key of a typed dictionary says of itself.
    """

    constraints: dict[str, Any] = field(default_factory=dict)
    field_calls: list[tuple[ModuleFacts, Expression]] = field(default_factory=list)
    constraint_calls: list[tuple[ModuleFacts, Expression]] = field(default_factory=list)
    unique: bool = False
    indexed: bool = False
    class_variable: bool = False
    final: bool = False
    converted: bool = False
    init_only: bool = False
    required: bool | None = None

    def add_word(self, word: str) -> None:
        """Take over a word around the type that speaks of the field: `final`, `required` …."""
        self.final |= word == "final"
        self.init_only |= word == "initvar"
        if word in {"required", "notrequired"}:
            self.required = word == "required"

    def add_constraints_of(self, other: AnnotationFacts) -> None:
        """Take over what another annotation says of its values."""
        self.constraints.update(other.constraints)
        self.constraint_calls += [*other.constraint_calls, *other.field_calls]


def read_metadata(
    sources: Sources,
    module: ModuleFacts,
    expression: Expression,
    symbol: Symbol | None,
    facts: AnnotationFacts,
) -> None:
    """Add what one item of `Annotated[type, item, …]` says; `symbol` is what it calls or names."""
    if symbol is None:
        return
    name = symbol.external.rpartition(".")[2]
    if SPECIAL.get(symbol.external) == "indexed":
        facts.indexed = True
        unique = expression.keyword("unique")
        facts.unique |= bool(unique and unique.value is True)
    elif name in {"Field", "StringConstraints"}:
        facts.field_calls.append((module, expression))
    elif name in _CONVERTING:
        facts.converted = True
    elif name == "Strict" and symbol.external.startswith("pydantic."):
        facts.constraints["strict"] = True
    elif symbol.external.startswith("annotated_types."):
        for key, part in _bounds(name, expression).items():
            try:
                facts.constraints[key] = constant(sources, module, part)
            except UnknownValueError:
                continue  # the running model still has it; only the documentation does not


def _bounds(name: str, expression: Expression) -> dict[str, Expression]:
    """Return the constraints of one of `annotated_types`' classes, by pydantic's names."""
    given = dict(expression.keywords)
    if name in _SINGLE:
        values = [*expression.positional, *given.values()]
        return {_SINGLE[name]: values[0]} if values else {}
    if name == "Interval":
        return {key: part for key, part in given.items() if key in {"gt", "ge", "lt", "le"}}
    if name == "Len":
        given.update(zip(("min_length", "max_length"), expression.positional, strict=False))
        # At least none is no constraint.
        return {key: part for key, part in given.items() if part.value not in {0, None}}
    return {}
