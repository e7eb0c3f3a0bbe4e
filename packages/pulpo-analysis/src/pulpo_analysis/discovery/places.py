"""Places of imported specs: running code does not know its columns, the source does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from pulpo_analysis.discovery.facts import ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.specs import (
    EnumSpec,
    FieldSpec,
    ModelSpec,
    OperationSpec,
    SchemaSpec,
    SourceLocation,
)

__all__ = ["Places"]

S = TypeVar("S", ModelSpec, SchemaSpec, EnumSpec, OperationSpec)
R = TypeVar("R", ModelSpec, SchemaSpec)


@dataclass(frozen=True, slots=True)
class Places:
    """Finds classes, functions and fields in the source; `owners` says which class has a field.

    What is made at run time is not in the source and keeps the place that it came with.
    """

    sources: Sources
    owners: dict[str, dict[str, str]]

    def placed(self, spec: S) -> S:
        """Return the spec at the place of its class or function."""
        found = self.declared(spec.module, spec.qualname)
        return replace(spec, location=found) if found else spec

    def record(self, spec: R) -> R:
        """Return a model or schema with its own place and those of its fields."""
        owners = self.owners.get(spec.key, {})
        fields = tuple(self._field(item, owners) for item in spec.fields)
        computed = tuple(self._field(item, owners) for item in spec.computed_fields)
        spec = self.placed(replace(spec, fields=fields, computed_fields=computed))
        if isinstance(spec, ModelSpec):
            at = {item.name: item.location for item in fields}
            linked = tuple(
                replace(relation, location=at[relation.name])
                if relation.target.rpartition(".")[1] and relation.name in at
                else relation
                for relation in spec.relations
            )
            return replace(spec, relations=linked)
        return spec

    def declared(self, module: str, qualname: str) -> SourceLocation | None:
        """Return where a class or function of a module stands, `None` where it does not."""
        facts = self.sources.module(module)
        if facts is None:
            return None
        fact = _inside(facts, qualname) or facts.assigns.get(qualname)
        return facts.at(fact.line, fact.column) if fact else None

    def _field(self, spec: FieldSpec, owners: dict[str, str]) -> FieldSpec:
        module, _, qualname = owners.get(spec.name, "").partition(":")
        facts = self.sources.module(module) if module else None
        owner = _inside(facts, qualname) if facts else None
        if facts is None or not isinstance(owner, ClassFact):
            return spec
        fact = owner.assign(spec.name) or owner.function(spec.name)
        return replace(spec, location=facts.at(fact.line, fact.column)) if fact else spec


def _inside(facts: ModuleFacts, qualname: str) -> ClassFact | FunctionFact | None:
    head, *rest = qualname.split(".")
    found: ClassFact | FunctionFact | None = facts.classes.get(head) or facts.functions.get(head)
    for name in rest:
        if not isinstance(found, ClassFact):
            return None
        found = found.nested(name) or found.function(name)
    return found
