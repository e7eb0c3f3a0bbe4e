"""Annotations to `TypeRef`, with what `Annotated`, `Field` and `Indexed` say besides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind, parse_annotation
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.known_types import CONSTRAINED, CONTAINERS, SCALARS, SPECIAL
from pulpo_analysis.discovery.sources import Sources, Symbol
from pulpo_base.records import dataclass, field
from pulpo_base.specs import TypeKind, TypeRef

__all__ = ["AnnotationFacts", "TypeReader"]

ANY = TypeRef(TypeKind.ANY)
NONE = TypeRef(TypeKind.NONE)


@dataclass(slots=True)
class AnnotationFacts:
    """What the metadata of one annotation says besides the type."""

    constraints: dict[str, Any] = field(default_factory=dict)
    field_calls: list[tuple[ModuleFacts, Expression]] = field(default_factory=list)
    unique: bool = False
    indexed: bool = False
    class_variable: bool = False


@dataclass(slots=True)
class TypeReader:
    """Reads annotations; the project's classes that it meets are handed to `met`."""

    sources: Sources
    classes: Classes
    diagnostics: list[Diagnostic]
    met: Callable[[LocatedClass], None]

    def read(
        self,
        module: ModuleFacts,
        expression: Expression,
        facts: AnnotationFacts | None = None,
        scope: LocatedClass | None = None,
        aliases: frozenset[str] = frozenset(),
    ) -> TypeRef:
        """Return the type; what cannot be known is `UNKNOWN`, with a diagnostic.

        `scope` is the class whose body the annotation stands in, `facts` collects metadata,
        `aliases` are the type aliases on the way here.
        """
        facts = facts if facts is not None else AnnotationFacts()
        return _Reading(self, module, facts, scope, aliases).read(expression)

    def _unknown(self, module: ModuleFacts, expression: Expression, why: str) -> TypeRef:
        text = str(expression)
        self.diagnostics.append(
            finding(
                "PLD003",
                f"the type `{text}` cannot be resolved: {why}",
                module.at(expression.line, expression.column),
                hint="import the name at the top of the file, or annotate with a type that is",
            )
        )
        return TypeRef(TypeKind.UNKNOWN, text)


@dataclass(slots=True)
class _Reading:
    """One annotation being read."""

    reader: TypeReader
    module: ModuleFacts
    facts: AnnotationFacts
    scope: LocatedClass | None
    aliases: frozenset[str]

    def read(self, expression: Expression) -> TypeRef:
        match expression.kind:
            case ExpressionKind.CONSTANT:
                return self._constant(expression)
            case ExpressionKind.NAME:
                return self._name(expression)
            case ExpressionKind.UNION:
                return _union([self.read(part) for part in expression.args])
            case ExpressionKind.SUBSCRIPT:
                return self._subscript(expression)
            case ExpressionKind.CALL:
                return self._call(expression)
        return self.reader._unknown(self.module, expression, "it is no type expression")

    def _constant(self, expression: Expression) -> TypeRef:
        if expression.value is None:
            return NONE
        if isinstance(expression.value, str):
            parsed = parse_annotation(expression.value, expression.line, expression.column)
            if parsed is not None:
                return self.read(parsed)
        return self.reader._unknown(self.module, expression, "it is no type expression")

    def _symbol(self, expression: Expression) -> Symbol | None:
        # A class body sees its own nested classes before the module's names.
        if self.scope is not None and expression.kind is ExpressionKind.NAME:
            head = expression.value.partition(".")[0]
            if expression.value == self.scope.fact.name:
                return Symbol(module=self.module, fact=self.scope.fact)
            nested = self.scope.fact.nested(head)
            if nested is not None and head == expression.value:
                return Symbol(module=self.module, fact=nested)
        if expression.kind is not ExpressionKind.NAME:
            return None
        return self.reader.sources.resolve(self.module, expression.value)

    def _name(self, expression: Expression) -> TypeRef:
        symbol = self._symbol(expression)
        if symbol is None:
            return self.reader._unknown(self.module, expression, "no such name here")
        cls = self.reader.classes.located(symbol)
        if cls is not None:
            return self._class(cls)
        if symbol.module and isinstance(symbol.fact, AssignFact):
            return self._alias(symbol, symbol.module, symbol.fact, expression)
        return self._external(symbol.external, expression)

    def _alias(
        self, symbol: Symbol, module: ModuleFacts, fact: AssignFact, expression: Expression
    ) -> TypeRef:
        """Return the type that `Name = …` gives a name; `NewType` is what it wraps."""
        if symbol.key in self.aliases:
            return ANY  # a type that holds itself, as JSON values do
        if fact.value is None or _makes(fact.value, "TypeVar", "ParamSpec"):
            return self.reader._unknown(self.module, expression, "it is no concrete type")
        wrapped = fact.value.positional[1:] if _makes(fact.value, "NewType") else ()
        value = wrapped[0] if wrapped else fact.value
        return self.reader.read(module, value, self.facts, aliases=self.aliases | {symbol.key})

    def _external(self, name: str, expression: Expression) -> TypeRef:
        if name in SCALARS:
            return SCALARS[name]
        if name in CONSTRAINED:
            scalar, constraints = CONSTRAINED[name]
            self.facts.constraints.update(constraints)
            return scalar
        if name in CONTAINERS:
            return TypeRef(CONTAINERS[name])
        match SPECIAL.get(name):
            case "any":
                return ANY
            case "none":
                return NONE
            case "classvar":
                self.facts.class_variable = True
                return ANY
            case "final":
                return ANY
            case "self" if self.scope is not None:
                return self._class(self.scope)
            case None if "." in name and not self.reader.sources.is_local(name.partition(".")[0]):
                return TypeRef(TypeKind.EXTERNAL, name)
        return self.reader._unknown(self.module, expression, "it is no type")

    def _class(self, cls: LocatedClass) -> TypeRef:
        match self.reader.classes.kind(cls):
            case Kind.ENUM:
                kind = TypeKind.ENUM
            case Kind.SCHEMA:
                kind = TypeKind.SCHEMA
            case Kind.DOCUMENT:
                kind = TypeKind.MODEL
            case _:
                return TypeRef(TypeKind.EXTERNAL, cls.key)
        self.reader.met(cls)
        return TypeRef(kind, cls.key)

    def _subscript(self, expression: Expression) -> TypeRef:
        base, *parameters = expression.args
        symbol = self._symbol(base)
        if symbol is None:
            return self.reader._unknown(self.module, base, "no such name here")
        if not parameters:
            return self.reader._unknown(self.module, expression, "its brackets are empty")
        name = symbol.external
        if name in CONTAINERS:
            arguments = tuple(self.read(part) for part in parameters if not _is_ellipsis(part))
            # `tuple[int, ...]` has any length, which is what a list is in JSON.
            endless = CONTAINERS[name] is TypeKind.TUPLE and _is_ellipsis(parameters[-1])
            return TypeRef(TypeKind.LIST if endless else CONTAINERS[name], args=arguments)
        return self._special(SPECIAL.get(name), expression, base, parameters)

    def _special(
        self,
        form: str | None,
        expression: Expression,
        base: Expression,
        parameters: list[Expression],
    ) -> TypeRef:
        match form:
            case "optional":
                return _union([self.read(parameters[0]), NONE])
            case "union":
                return _union([self.read(part) for part in parameters])
            case "literal":
                return self._literal(expression, parameters)
            case "annotated":
                inner = self.read(parameters[0])
                for metadata in parameters[1:]:
                    self._metadata(metadata)
                return inner
            case "classvar":
                self.facts.class_variable = True
                return ANY
            case "final" | "required" | "notrequired":
                return self.read(parameters[0])
            case "link":
                return TypeRef(TypeKind.LINK, args=(self.read(parameters[0]),))
            case "backlink":
                return TypeRef(TypeKind.BACKLINK, args=(self.read(parameters[0]),))
        # A generic class, the project's or a library's: its own name says what it is.
        return self._name(base)

    def _literal(self, expression: Expression, parameters: list[Expression]) -> TypeRef:
        try:
            values = [constant(self.reader.sources, self.module, part) for part in parameters]
        except UnknownValueError:
            return self.reader._unknown(self.module, expression, "a literal needs constants")
        if not all(value is None or isinstance(value, str | int) for value in values):
            return self.reader._unknown(self.module, expression, "JSON has no such literal")
        return TypeRef(TypeKind.LITERAL, values=tuple(values))

    def _call(self, expression: Expression) -> TypeRef:
        """Beanie's older spelling: `email: Indexed(str, unique=True)`."""
        symbol = self._symbol(expression.callee)
        if symbol and SPECIAL.get(symbol.external) == "indexed" and expression.positional:
            self._metadata(expression)
            return self.read(expression.positional[0])
        return self.reader._unknown(self.module, expression, "a call is no type")

    def _metadata(self, expression: Expression) -> None:
        symbol = self._symbol(expression.callee)
        if symbol is None:
            return
        if SPECIAL.get(symbol.external) == "indexed":
            self.facts.indexed = True
            unique = expression.keyword("unique")
            self.facts.unique |= bool(unique and unique.value is True)
        elif symbol.external.rpartition(".")[2] in {"Field", "StringConstraints"}:
            self.facts.field_calls.append((self.module, expression))
        elif symbol.external.startswith("annotated_types."):
            self._annotated_type(symbol.external.partition(".")[2], expression)

    def _annotated_type(self, name: str, expression: Expression) -> None:
        names = {
            "Ge": "ge",
            "Gt": "gt",
            "Le": "le",
            "Lt": "lt",
            "MultipleOf": "multiple_of",
            "MinLen": "min_length",
            "MaxLen": "max_length",
        }
        if name in names and expression.positional:
            try:
                value = constant(self.reader.sources, self.module, expression.positional[0])
            except UnknownValueError:
                return
            self.facts.constraints[names[name]] = value


def _union(parts: list[TypeRef]) -> TypeRef:
    flat: list[TypeRef] = []
    for part in parts:
        flat.extend(part.args if part.kind is TypeKind.UNION else (part,))
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else TypeRef(TypeKind.UNION, args=unique)


def _makes(value: Expression, *functions: str) -> bool:
    """Whether an expression calls one of `functions`, whatever module it comes from."""
    callee = value.callee
    return (
        value.kind is ExpressionKind.CALL
        and callee.kind is ExpressionKind.NAME
        and callee.value.rpartition(".")[2] in functions
    )


def _is_ellipsis(expression: Expression) -> bool:
    return expression.kind is ExpressionKind.CONSTANT and expression.value is Ellipsis
