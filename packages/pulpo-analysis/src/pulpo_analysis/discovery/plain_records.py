"""The fields of dataclasses, typed dictionaries and named tuples, as pydantic takes them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.discovery.classes import Kind, LocatedClass
from pulpo_analysis.discovery.expressions import ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact
from pulpo_analysis.discovery.metadata import AnnotationFacts
from pulpo_analysis.discovery.types import TypeReader
from pulpo_base.specs import FieldSpec, TypeRef

__all__ = ["PlainField", "PlainRecords"]

#: Before Python 3.12, those of `typing` do not say enough about their keys.
_TAKES_OWN_TYPED_DICTS = sys.version_info >= (3, 12)

#: Makes the spec of a field of a class from what its annotation says.
SpecOf = Callable[[LocatedClass, AssignFact, TypeRef, AnnotationFacts], FieldSpec]


@dataclass(frozen=True, slots=True)
class PlainField:
    """A field; one that a dataclass makes by itself (`init=False`) is not `taken`."""

    spec: FieldSpec
    taken: bool = True


@dataclass(slots=True)
class PlainRecords:
    """Reads the fields of the records that Python itself has."""

    types: TypeReader
    spec_of: SpecOf
    _known: dict[tuple[str, tuple[TypeRef, ...]], dict[str, PlainField]] = field(
        default_factory=dict
    )

    def read(self, cls: LocatedClass, args: tuple[TypeRef, ...]) -> dict[str, PlainField]:
        """Return the fields by their names: the bases' first, each as it was declared last."""
        key = (cls.key, args)
        if key not in self._known:
            self._known[key] = {}  # what a class that inherits from itself gets
            self._known[key] = self._fields(cls, args)
        return self._known[key]

    def _fields(self, cls: LocatedClass, args: tuple[TypeRef, ...]) -> dict[str, PlainField]:
        classes = self.types.classes
        kind = classes.kind(cls)
        variables = dict(zip(classes.parameters(cls), args, strict=False))
        bases = self._bases(cls, kind, variables)
        match kind:
            case Kind.DATACLASS if classes.is_dataclass(cls):
                found = {name: spec for base in reversed(bases) for name, spec in base.items()}
                return found | self._own(cls, kind, variables)
            case Kind.TYPED_DICT:
                found = {name: spec for base in bases for name, spec in base.items()}
                return found | self._own(cls, kind, variables)
            case Kind.NAMED_TUPLE if not bases:
                return self._own(cls, kind, variables)
        # An heir that says nothing of itself has the fields of its first base, and no more.
        return bases[0] if bases else {}

    def _bases(
        self, cls: LocatedClass, kind: Kind, variables: Mapping[str, TypeRef]
    ) -> list[dict[str, PlainField]]:
        """Return the fields of the bases that are records of the same kind."""
        found = []
        for base, expression in self.types.classes.direct(cls):
            if isinstance(base, LocatedClass) and self.types.classes.kind(base) is kind:
                given: tuple[TypeRef, ...] = ()
                if expression.kind is ExpressionKind.SUBSCRIPT:
                    given = self.types.read(cls.module, expression, None, cls, variables).args
                found.append(self.read(base, given))
        return found

    def _own(
        self, cls: LocatedClass, kind: Kind, variables: Mapping[str, TypeRef]
    ) -> dict[str, PlainField]:
        total = next((value.value for name, value in cls.fact.keywords if name == "total"), True)
        if kind is Kind.TYPED_DICT and not _TAKES_OWN_TYPED_DICTS:
            self._refused(cls)
        found: dict[str, PlainField] = {}
        for fact in cls.fact.assigns:
            if fact.annotation is None:
                continue
            facts = AnnotationFacts()
            type_ = self.types.read(cls.module, fact.annotation, facts, cls, variables)
            if facts.class_variable:
                continue
            spec = self.spec_of(cls, fact, type_, facts)
            if kind is Kind.TYPED_DICT:
                required = facts.required if facts.required is not None else total is not False
                spec = replace(spec, required=required)
            spec = replace(spec, excluded=spec.excluded or facts.init_only)
            taken = kind is not Kind.DATACLASS or not _is_made(fact)
            if taken or not spec.required:  # what is made without a default, pydantic leaves out
                found[fact.name] = PlainField(spec, taken)
        return found

    def _refused(self, cls: LocatedClass) -> None:
        """Say so where pydantic does not take `typing.TypedDict`."""
        for base, expression in self.types.classes.direct(cls):
            if base == "typing.TypedDict":
                self.types.diagnostics.append(
                    finding(
                        "PLD016",
                        f"{cls.fact.qualname} derives from `typing.TypedDict`, which pydantic "
                        "refuses before Python 3.12: what takes or returns it does not start",
                        cls.module.at(expression.line, expression.column),
                        hint="write `from typing_extensions import TypedDict`",
                    )
                )


def _is_made(fact: AssignFact) -> bool:
    """Whether a field says `field(init=False)`."""
    made = fact.value.keyword("init") if fact.value is not None else None
    return made is not None and made.value is False
