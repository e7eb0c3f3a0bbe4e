"""Annotations to `TypeRef`, with what `Annotated`, `Field` and `Indexed` say besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind, parse_annotation
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.known_types import CONSTRAINING, CONTAINERS, SPECIAL
from pulpo_analysis.discovery.metadata import AnnotationFacts, read_metadata
from pulpo_analysis.discovery.sources import Sources, Symbol
from pulpo_analysis.discovery.type_forms import (
    is_ellipsis,
    is_endless,
    library_type,
    makes,
    type_variables,
)
from pulpo_base.specs import TypeKind, TypeRef

__all__ = ["TypeReader"]

ANY = TypeRef(TypeKind.ANY)
NONE = TypeRef(TypeKind.NONE)


#: `NewType("Sku", str)`: where the type stands among what is called and its arguments.
_WRAPPED = 2

_NO_VARIABLES: Mapping[str, TypeRef] = MappingProxyType({})


@dataclass(slots=True)
class TypeReader:
    """Reads annotations; a class of the project is handed to `met` with the reference to it."""

    sources: Sources
    classes: Classes
    diagnostics: list[Diagnostic]
    met: Callable[[LocatedClass, TypeRef], None]

    def read(
        self,
        module: ModuleFacts,
        expression: Expression,
        facts: AnnotationFacts | None = None,
        scope: LocatedClass | None = None,
        variables: Mapping[str, TypeRef] = _NO_VARIABLES,
    ) -> TypeRef:
        """Return the type; what cannot be known is `UNKNOWN`, with a diagnostic.

        `scope` is the class whose body the annotation stands in, `facts` collects metadata,
        `variables` are the values of type variables; one without a value is its bound, or `Any`.
        """
        facts = facts if facts is not None else AnnotationFacts()
        return _Reading(self, module, facts, scope, variables).read(expression)

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
    """One annotation being read; `aliases` are the type aliases on the way here."""

    reader: TypeReader
    module: ModuleFacts
    facts: AnnotationFacts
    scope: LocatedClass | None
    variables: Mapping[str, TypeRef]
    aliases: frozenset[str] = frozenset()

    def read(self, expression: Expression) -> TypeRef:
        match expression.kind:
            case ExpressionKind.CONSTANT:
                return self._constant(expression)
            case ExpressionKind.NAME:
                return self._name(expression)
            case ExpressionKind.UNION:
                return self._union(expression.args)
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
        if self.scope is not None and expression.value in self.scope.fact.parameters:
            return self.variables.get(f"{self.scope.key}.{expression.value}", ANY)
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
        self,
        symbol: Symbol,
        module: ModuleFacts,
        fact: AssignFact,
        expression: Expression,
        arguments: tuple[TypeRef, ...] = (),
    ) -> TypeRef:
        """Return the type that `Name = …` gives a name; `NewType` is what it wraps."""
        if symbol.key in self.aliases:
            return ANY  # a type that holds itself, as JSON values do
        if fact.value is not None and makes(fact.value, "TypeVar"):
            return self._variable(symbol.key, module, fact.value)
        if fact.value is None or makes(fact.value, "ParamSpec"):
            return self.reader._unknown(self.module, expression, "it is no concrete type")
        wraps = makes(fact.value, "NewType", "TypeAliasType") and len(fact.value.args) > _WRAPPED
        value = fact.value.args[_WRAPPED] if wraps else fact.value
        variables = (
            dict(zip(type_variables(self.reader.sources, module, value), arguments, strict=False))
            or self.variables
        )
        aliases = self.aliases | {symbol.key}
        return _Reading(self.reader, module, self.facts, None, variables, aliases).read(value)

    def _variable(self, key: str, module: ModuleFacts, made: Expression) -> TypeRef:
        if key in self.variables:
            return self.variables[key]
        bound = made.keyword("bound")
        if bound is None:
            return ANY
        facts, aliases = AnnotationFacts(), self.aliases | {key}
        return _Reading(self.reader, module, facts, None, {}, aliases).read(bound)

    def _external(self, name: str, expression: Expression) -> TypeRef:
        known = library_type(name, self.facts)
        if known is not None:
            return known
        if SPECIAL.get(name) == "self" and self.scope is not None:
            return self._class(self.scope)
        if name not in SPECIAL and not self.reader.sources.is_local(name.partition(".")[0]):
            return TypeRef(TypeKind.EXTERNAL, name)
        return self.reader._unknown(self.module, expression, "it is no type")

    def _class(self, cls: LocatedClass, args: tuple[TypeRef, ...] = ()) -> TypeRef:
        match self.reader.classes.kind(cls):
            case Kind.ENUM:
                kind = TypeKind.ENUM
            case Kind.SCHEMA | Kind.DATACLASS | Kind.TYPED_DICT | Kind.NAMED_TUPLE:
                kind = TypeKind.SCHEMA
            case Kind.DOCUMENT:
                kind = TypeKind.MODEL
            case _:
                return TypeRef(TypeKind.EXTERNAL, cls.key)
        key = f"{cls.key}[{', '.join(arg.full for arg in args)}]" if args else cls.key
        ref = TypeRef(kind, key, args)
        self.reader.met(cls, ref)
        return ref

    def _subscript(self, expression: Expression) -> TypeRef:
        base, *parameters = expression.args
        symbol = self._symbol(base)
        if symbol is None:
            return self.reader._unknown(self.module, base, "no such name here")
        name = symbol.external
        if not parameters and CONTAINERS.get(name) is TypeKind.TUPLE:
            return TypeRef(TypeKind.TUPLE)
        if not parameters:
            return self.reader._unknown(self.module, expression, "its brackets are empty")
        if name in CONTAINERS:
            arguments = tuple(self._inside(part) for part in parameters if not is_ellipsis(part))
            # `tuple[int, ...]` has any length, which is what a list is in JSON.
            endless = CONTAINERS[name] is TypeKind.TUPLE and is_ellipsis(parameters[-1])
            return TypeRef(TypeKind.LIST if endless else CONTAINERS[name], args=arguments)
        cls = self.reader.classes.located(symbol)
        if cls is not None:
            return self._generic(cls, parameters)
        if symbol.module and isinstance(symbol.fact, AssignFact):
            inner = tuple(self._inside(part) for part in parameters)
            return self._alias(symbol, symbol.module, symbol.fact, expression, inner)
        return self._special(SPECIAL.get(name), expression, base, parameters)

    def _generic(self, cls: LocatedClass, parameters: list[Expression]) -> TypeRef:
        if not self.reader.classes.parameters(cls):
            return self._class(cls)
        args = tuple(self._inside(part) for part in parameters)
        if is_endless(args):
            return self.reader._unknown(self.module, parameters[0], "it grows without end")
        return self._class(cls, args)

    def _inside(self, expression: Expression) -> TypeRef:
        """Read what a container holds: its metadata says nothing about the container."""
        return replace(self, facts=AnnotationFacts()).read(expression)

    def _union(self, parts: tuple[Expression, ...] | list[Expression]) -> TypeRef:
        flat: list[TypeRef] = []
        found: list[AnnotationFacts] = []
        for part in parts:
            facts = AnnotationFacts()
            ref = replace(self, facts=facts).read(part)
            flat.extend(ref.args if ref.kind is TypeKind.UNION else (ref,))
            if ref.kind is not TypeKind.NONE:
                found.append(facts)
        if len(found) == 1:  # `PositiveInt | None`: the constraint is the field's
            self.facts.add_constraints_of(found[0])
        unique = tuple(dict.fromkeys(flat))
        return unique[0] if len(unique) == 1 else TypeRef(TypeKind.UNION, args=unique)

    def _special(
        self,
        form: str | None,
        expression: Expression,
        base: Expression,
        parameters: list[Expression],
    ) -> TypeRef:
        match form:
            case "optional":
                return self._union([parameters[0], Expression(ExpressionKind.CONSTANT)])
            case "union":
                return self._union(parameters)
            case "literal":
                return self._literal(expression, parameters)
            case "annotated":
                inner = self.read(parameters[0])
                for item in parameters[1:]:
                    self._metadata(item)
                return inner
            case "classvar":
                self.facts.class_variable = True
                return ANY
            case "final" | "initvar" | "notrequired" | "readonly" | "required":
                self.facts.add_word(form)
                return self.read(parameters[0])
            case "link":
                return TypeRef(TypeKind.LINK, args=(self._inside(parameters[0]),))
            case "backlink":
                return TypeRef(TypeKind.BACKLINK, args=(self._inside(parameters[0]),))
        # A generic class of a library: its own name says what it is.
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
        """Older spellings: `email: Indexed(str, unique=True)`, `age: conint(gt=0)`."""
        symbol = self._symbol(expression.callee)
        name = symbol.external if symbol else ""
        if SPECIAL.get(name) == "indexed" and expression.positional:
            self._metadata(expression)
            return self.read(expression.positional[0])
        if name in CONSTRAINING:
            self.facts.constraint_calls.append((self.module, expression))
            kind = CONSTRAINING[name]
            inner = tuple(self._inside(part) for part in expression.positional[:1])
            return kind if isinstance(kind, TypeRef) else TypeRef(kind, args=inner)
        why = "a call is no type"
        if makes(expression, "TypedDict", "NamedTuple", "namedtuple", "make_dataclass"):
            why = "write it as a class, whose fields can be read"
        return self.reader._unknown(self.module, expression, why)

    def _metadata(self, expression: Expression) -> None:
        symbol = self._symbol(expression.callee)
        read_metadata(self.reader.sources, self.module, expression, symbol, self.facts)
