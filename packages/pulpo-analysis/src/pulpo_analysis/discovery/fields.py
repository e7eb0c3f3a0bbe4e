"""The fields of a pydantic class, its ancestors' included."""

from __future__ import annotations

import json
import math
from typing import Any

from pulpo_analysis.discovery.classes import Kind, LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.known_types import CONSTRAINTS
from pulpo_analysis.discovery.types import AnnotationFacts, TypeReader
from pulpo_base.records import dataclass, field
from pulpo_base.specs import FieldSpec, TypeKind, TypeRef

__all__ = ["FieldReader"]

_OBJECT_ID = TypeRef(
    TypeKind.UNION,
    args=(TypeRef(TypeKind.SCALAR, "beanie.PydanticObjectId"), TypeRef(TypeKind.NONE)),
)


@dataclass(slots=True)
class FieldReader:
    """Reads the fields that pydantic would see on a class."""

    types: TypeReader

    def read(self, cls: LocatedClass, *, stored: bool = False) -> tuple[FieldSpec, ...]:
        """Return the fields: the ancestors' first, each name in its most derived form.

        `stored` says that the class is a document although its bases may not show it.
        """
        fields: dict[str, FieldSpec] = {}
        if stored or self.types.classes.kind(cls) is Kind.DOCUMENT:
            # Every Beanie document has one, whether or not its class says so.
            fields["id"] = FieldSpec("id", _OBJECT_ID, required=False, default="None", alias="_id")
        for ancestor in reversed(self.types.classes.order(cls)):
            for fact in ancestor.fact.assigns:
                if fact.annotation is None:
                    self._override(fields, ancestor.module, fact)
                    continue
                spec = self._field(ancestor, fact)
                if spec is not None:
                    fields[fact.name] = spec
        return tuple(fields.values())

    def _override(
        self, fields: dict[str, FieldSpec], module: ModuleFacts, fact: AssignFact
    ) -> None:
        """Apply `name = value` in a subclass: the inherited annotation with another default."""
        inherited = fields.get(fact.name)
        if inherited is None or fact.value is None:
            return
        facts = AnnotationFacts()
        fields[fact.name] = self._spec(module, fact, inherited.type, facts)

    def _field(self, cls: LocatedClass, fact: AssignFact) -> FieldSpec | None:
        if fact.name.startswith("_") or fact.name == "model_config" or fact.annotation is None:
            return None
        facts = AnnotationFacts()
        type_ = self.types.read(cls.module, fact.annotation, facts, cls)
        return None if facts.class_variable else self._spec(cls.module, fact, type_, facts)

    def _spec(
        self, module: ModuleFacts, fact: AssignFact, type_: TypeRef, facts: AnnotationFacts
    ) -> FieldSpec:
        calls = list(facts.field_calls)
        value = fact.value
        if value is not None and self._is_field_call(module, value):
            calls.append((module, value))
            value = None
        answer = _FieldOptions()
        for where, call in calls:
            self._options(where, call, answer)
        # Beanie fills a back link by itself: nobody has to give it.
        given = not any(ref.kind is TypeKind.BACKLINK for ref in type_.walk())
        required = given and answer.required and value is None
        default = answer.default if value is None else self._literal(module, value)
        return FieldSpec(
            name=fact.name,
            type=type_,
            required=required,
            default=default,
            description=answer.description,
            alias=answer.alias,
            unique=facts.unique,
            indexed=facts.indexed,
            constraints=tuple(sorted({**facts.constraints, **answer.constraints}.items())),
            location=module.at(fact.line, fact.column),
        )

    def _is_field_call(self, module: ModuleFacts, value: Expression) -> bool:
        if value.kind is not ExpressionKind.CALL or value.callee.kind is not ExpressionKind.NAME:
            return False
        symbol = self.types.sources.resolve(module, value.callee.value)
        return symbol is not None and symbol.external in {"pydantic.Field", "pydantic.fields.Field"}

    def _options(self, module: ModuleFacts, call: Expression, answer: _FieldOptions) -> None:
        default = call.positional[0] if call.positional else call.keyword("default")
        if default is not None and default.value is not Ellipsis:
            answer.required = False
            answer.default = self._literal(module, default)
        if call.keyword("default_factory") is not None:
            answer.required = False
        for name, expression in call.keywords:
            if name in CONSTRAINTS or name in {"description", "alias"}:
                try:
                    value = constant(self.types.sources, module, expression)
                except UnknownValueError:
                    continue  # the running model still has it; only the documentation does not
                if name in CONSTRAINTS:
                    if python_literal(value) is not None:
                        answer.constraints[name] = value
                elif isinstance(value, str):
                    setattr(answer, name, value)

    def _literal(self, module: ModuleFacts, expression: Expression) -> str | None:
        """Return the default as Python source, `None` where it is no plain literal."""
        try:
            value = constant(self.types.sources, module, expression)
        except UnknownValueError:
            return None
        if expression.kind is ExpressionKind.NAME and isinstance(value, str | int):
            # A member of an enumeration, or a constant of the module: no literal of its own.
            return None
        return python_literal(value)


@dataclass(slots=True)
class _FieldOptions:
    required: bool = True
    default: str | None = None
    description: str = ""
    alias: str | None = None
    constraints: dict[str, Any] = field(default_factory=dict)


def python_literal(value: Any) -> str | None:
    """Return a scalar as Python source with double quotes, `None` for anything else."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return None
