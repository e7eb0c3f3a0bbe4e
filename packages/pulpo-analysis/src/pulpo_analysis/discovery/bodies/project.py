"""The project as bodies see it: what names, annotations and attributes may be."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.values import (
    DATA,
    STORED,
    UNKNOWN,
    Atom,
    AtomKind,
    Value,
    atom,
    inside,
    many,
    merged,
)
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind, parse_annotation
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources, Symbol
from pulpo_analysis.discovery.types import TypeReader
from pulpo_base.specs import TypeKind, TypeRef

__all__ = ["Function", "Project"]

#: Generic types of libraries that hand out what their last parameter says, one by one.
_STREAMS = frozenset(
    f"{home}.{name}"
    for home in ("typing", "collections.abc")
    for name in ("AsyncIterable", "AsyncIterator", "Collection", "Iterator", "ValuesView")
)
#: The same, where the first parameter says it.
_GENERATORS = frozenset(
    f"{home}.{name}"
    for home in ("typing", "collections.abc")
    for name in ("AsyncGenerator", "Generator")
)
_AWAITABLES = frozenset(
    f"{home}.{name}"
    for home in ("typing", "collections.abc")
    for name in ("Awaitable", "Coroutine")
)
_QUERIES = ("FindMany", "FindOne", "AggregationQuery")
_TYPES = frozenset({"builtins.type", "typing.Type"})


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the module it stands in; `owner` is the class that it is called on."""

    module: ModuleFacts
    fact: FunctionFact
    owner: str = ""

    @property
    def key(self) -> str:
        """The importable dotted name."""
        return f"{self.module.module}.{self.fact.qualname}"

    @property
    def binding(self) -> str:
        """How it is called: `static`, on the `class`, or on an `instance`; empty for a function."""
        if not self.owner:
            return ""
        names = {decorator.callee.value for decorator in self.fact.decorators}
        if "staticmethod" in names:
            return "static"
        return "class" if "classmethod" in names else "instance"

    @property
    def is_property(self) -> bool:
        """Whether reading the attribute calls it."""
        names = {str(decorator.callee.value) for decorator in self.fact.decorators}
        return any(name.rpartition(".")[2] in {"property", "cached_property"} for name in names)


def _nobody(_cls: LocatedClass) -> None:
    """Do nothing with classes that annotations mention: bodies declare no fields."""


@dataclass(slots=True)
class Project:
    """Answers of one run; each is found once."""

    sources: Sources
    classes: Classes
    _types: TypeReader = field(init=False)
    _located: dict[str, LocatedClass] = field(default_factory=dict)
    _functions: dict[str, Function] = field(default_factory=dict)
    _names: dict[tuple[str, str], Value] = field(default_factory=dict)
    _attributes: dict[tuple[str, str], Value | None] = field(default_factory=dict)
    _pending: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._types = TypeReader(self.sources, self.classes, [], _nobody)

    def located(self, key: str) -> LocatedClass | None:
        """Return the class of that key, if a name has led to it before."""
        return self._located.get(key)

    def function(self, key: str, owner: str = "") -> Function | None:
        """Return the function of that key, if a name has led to it before."""
        found = self._functions.get(key)
        return Function(found.module, found.fact, owner) if found and owner else found

    def know(self, module: ModuleFacts, fact: FunctionFact) -> str:
        """Remember a function and return its key."""
        function = Function(module, fact)
        self._functions.setdefault(function.key, function)
        return function.key

    def know_class(self, cls: LocatedClass) -> str:
        """Remember a class and return its key."""
        self._located.setdefault(cls.key, cls)
        return cls.key

    def is_document(self, key: str) -> bool:
        """Whether the class of that key is a Beanie document."""
        cls = self._located.get(key)
        return cls is not None and self.classes.kind(cls) is Kind.DOCUMENT

    def lineage(self, key: str) -> frozenset[str]:
        """Return the keys of the class and of its ancestors, libraries' classes included."""
        cls = self._located.get(key)
        if cls is None:
            return frozenset({key})
        own = (self.know_class(ancestor) for ancestor in self.classes.order(cls))
        return frozenset(own) | self.classes.roots(cls)

    def method(self, key: str, name: str) -> Function | None:
        """Return the method that an instance of the class of that key has."""
        cls = self._located.get(key)
        found = self.classes.method(cls, name) if cls else None
        if found is None:
            return None
        self.know(found[0].module, found[1])
        return Function(found[0].module, found[1], key)

    def name(self, module: ModuleFacts, dotted: str) -> Value:
        """Return what a name of a module may be, by the longest part that is known."""
        place = (module.path, dotted)
        if place not in self._names:
            symbol = self.sources.resolve(module, dotted)
            if symbol is not None:
                self._names[place] = self._symbol(symbol, place)
            elif "." not in dotted and hasattr(builtins, dotted):
                self._names[place] = atom(AtomKind.EXTERNAL, f"builtins.{dotted}")
            else:
                head, _, last = dotted.rpartition(".")
                self._names[place] = (
                    self._member(self.name(module, head), last) if head else UNKNOWN
                )
        return self._names[place]

    def symbol(self, module: ModuleFacts, dotted: str) -> Value | None:
        """Return what a whole dotted name stands for, `None` where only a part of it is known."""
        value = self.name(module, dotted)
        known = {AtomKind.CLASS, AtomKind.FUNCTION, AtomKind.EXTERNAL}
        return value if value and all(part.kind in known for part in value) else None

    def _member(self, value: Value, name: str) -> Value:
        """Return an attribute of a class or of a module's object, short of methods."""
        found = [
            self.attribute(part.key, name) or UNKNOWN if part.kind is AtomKind.INSTANCE else UNKNOWN
            for part in value
        ]
        return merged(found) if found else DATA

    def _symbol(self, symbol: Symbol, place: tuple[str, str]) -> Value:
        if symbol.module is None or symbol.fact is None:
            local = self.sources.is_local(symbol.external.partition(".")[0])
            return UNKNOWN if local else atom(AtomKind.EXTERNAL, symbol.external)
        match symbol.fact:
            case ClassFact():
                cls = LocatedClass(symbol.module, symbol.fact)
                return atom(AtomKind.CLASS, self.know_class(cls))
            case FunctionFact():
                return atom(AtomKind.FUNCTION, self.know(symbol.module, symbol.fact))
            case AssignFact():
                return self._assigned(symbol.module, symbol.fact, place)

    def _assigned(self, module: ModuleFacts, fact: AssignFact, place: tuple[str, str]) -> Value:
        if place in self._pending:
            return UNKNOWN
        self._pending.add(place)
        try:
            if fact.annotation is not None:
                return self.annotation(module, fact.annotation)
            return self.constant(module, fact.value) if fact.value else UNKNOWN
        finally:
            self._pending.discard(place)

    def constant(self, module: ModuleFacts, expression: Expression) -> Value:
        """Return what a value at the top level of a module or class may be."""
        match expression.kind:
            case ExpressionKind.CONSTANT | ExpressionKind.UNION:
                return DATA
            case ExpressionKind.NAME:
                return self.name(module, expression.value)
            case ExpressionKind.SEQUENCE:
                return many(merged(self.constant(module, item) for item in expression.args))
            case ExpressionKind.MAPPING:
                values = expression.args[1::2]
                return many(merged(self.constant(module, item) for item in values))
            case ExpressionKind.CALL if expression.callee.kind is ExpressionKind.NAME:
                return self._made(self.name(module, expression.callee.value))
        return UNKNOWN if expression.kind is ExpressionKind.CALL else DATA

    @staticmethod
    def _made(callee: Value) -> Value:
        made: list[Value] = []
        for part in callee:
            match part.kind:
                case AtomKind.CLASS:
                    made.append(atom(AtomKind.INSTANCE, part.key, STORED))
                case AtomKind.EXTERNAL:
                    made.append(atom(AtomKind.OBJECT, part.key))
                case _:
                    made.append(UNKNOWN)
        return merged(made)

    def attribute(self, key: str, name: str) -> Value | None:
        """Return what a class says of an attribute of its instances, `None` where it is silent."""
        place = (key, name)
        if place not in self._attributes:
            self._attributes[place] = None  # what an attribute that refers to itself gets
            self._attributes[place] = self._attribute(key, name)
        return self._attributes[place]

    def _attribute(self, key: str, name: str) -> Value | None:
        cls = self._located.get(key)
        if cls is None:
            return None
        found = self.classes.assign(cls, name)
        if found is not None:
            owner, fact = found
            if fact.annotation is not None:
                return self.annotation(owner.module, fact.annotation, STORED, owner)
            return self.constant(owner.module, fact.value) if fact.value else DATA
        nested = self.classes.nested(cls, name)
        return atom(AtomKind.CLASS, self.know_class(nested)) if nested else None

    def linked(self, key: str) -> frozenset[str]:
        """Return the classes of documents that a document's links lead to."""
        cls = self._located.get(key)
        names = (
            {fact.name for owner in self.classes.order(cls) for fact in owner.fact.assigns}
            if cls
            else ()
        )
        values = merged(self.attribute(key, name) or DATA for name in sorted(names))
        return frozenset(part.key for part in inside(values) if part.kind is AtomKind.LINK)

    def annotation(
        self,
        module: ModuleFacts,
        expression: Expression,
        origin: str = STORED,
        scope: LocatedClass | None = None,
    ) -> Value:
        """Return what a value of that type may be."""
        if expression.kind is ExpressionKind.CONSTANT and isinstance(expression.value, str):
            parsed = parse_annotation(expression.value, expression.line, expression.column)
            return self.annotation(module, parsed, origin, scope) if parsed else UNKNOWN
        if expression.kind is ExpressionKind.UNION:
            return merged(self.annotation(module, part, origin, scope) for part in expression.args)
        if expression.kind is ExpressionKind.SUBSCRIPT and expression.positional:
            special = self._generic(module, expression, origin, scope)
            if special is not None:
                return special
        reads: Callable[[TypeRef], Value] = lambda ref: self._of_type(ref, origin)  # noqa: E731
        return reads(self._types.read(module, expression, scope=scope))

    def _generic(
        self,
        module: ModuleFacts,
        expression: Expression,
        origin: str,
        scope: LocatedClass | None,
    ) -> Value | None:
        base = expression.args[0]
        symbol = (
            self.sources.resolve(module, base.value) if base.kind is ExpressionKind.NAME else None
        )
        name = symbol.external if symbol else ""

        def inner(index: int) -> Value:
            return self.annotation(module, expression.positional[index], origin, scope)

        if name in _TYPES:
            return frozenset(
                Atom(AtomKind.CLASS, part.key) if part.kind is AtomKind.INSTANCE else part
                for part in inner(0)
            )
        if name in _STREAMS:
            return many(inner(-1))
        if name in _GENERATORS:
            return many(inner(0))
        if name in _AWAITABLES:
            return inner(-1)
        if name.startswith("beanie.") and name.endswith(_QUERIES):
            keys = {part.key for part in inner(0) if part.kind is AtomKind.INSTANCE}
            return frozenset(Atom(AtomKind.QUERY, key) for key in keys)
        return None

    def _of_type(self, ref: TypeRef, origin: str) -> Value:
        match ref.kind:
            case TypeKind.MODEL | TypeKind.SCHEMA:
                return atom(AtomKind.INSTANCE, self._class_key(ref.name), origin)
            case TypeKind.EXTERNAL:
                if self._class_key(ref.name) in self._located:
                    return atom(AtomKind.INSTANCE, ref.name, origin)
                loose = ref.name in {"beanie.Document", "pydantic.BaseModel"}
                return UNKNOWN if loose else atom(AtomKind.OBJECT, ref.name)
            case TypeKind.LINK | TypeKind.BACKLINK:
                keys = [part.key for part in self._of_type(ref.args[0], origin) if part.key]
                return frozenset(Atom(AtomKind.LINK, key) for key in keys)
            case TypeKind.LIST | TypeKind.SET | TypeKind.DICT:
                return many(self._of_type(ref.args[-1], origin) if ref.args else UNKNOWN)
            case TypeKind.TUPLE:
                parts = tuple(self._of_type(part, origin) for part in ref.args)
                return frozenset({Atom(AtomKind.TUPLE, items=parts)})
            case TypeKind.UNION:
                return merged(self._of_type(part, origin) for part in ref.args)
            case TypeKind.UNKNOWN | TypeKind.ANY:
                return UNKNOWN
        return DATA

    def _class_key(self, key: str) -> str:
        """Remember the class that a type reference names, where it is one of the project's."""
        if key not in self._located:
            module, _, _ = key.rpartition(".")
            while module and not self.sources.is_local(module):
                module = module.rpartition(".")[0]
            facts = self.sources.module(module) if module else None
            symbol = self.sources.resolve(facts, key.removeprefix(f"{module}.")) if facts else None
            cls = self.classes.located(symbol)
            if cls is not None:
                self._located[key] = cls
        return key
