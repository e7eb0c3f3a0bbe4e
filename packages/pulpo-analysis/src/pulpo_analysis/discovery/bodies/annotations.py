"""What a value of an annotated type may be."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.known import Known
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    STORED,
    UNKNOWN,
    Atom,
    AtomKind,
    Value,
    atom,
    many,
    merged,
)
from pulpo_analysis.discovery.classes import LocatedClass
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind, parse_annotation
from pulpo_analysis.discovery.facts import ModuleFacts
from pulpo_analysis.discovery.types import TypeReader
from pulpo_base.specs import TypeKind, TypeRef

__all__ = ["Annotations"]

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
_CLASSES_OF = {AtomKind.INSTANCE: AtomKind.CLASS, AtomKind.OBJECT: AtomKind.EXTERNAL}
_TYPES = frozenset({"builtins.type", "typing.Type"})


def _nobody(_cls: LocatedClass, _ref: TypeRef) -> None:
    """Do nothing with classes that annotations mention: bodies declare no fields."""


@dataclass(slots=True)
class Annotations:
    """Reads annotations of bodies; what is wrong with one is no finding of theirs."""

    known: Known
    _types: TypeReader = field(init=False)

    def __post_init__(self) -> None:
        self._types = TypeReader(self.known.sources, self.known.classes, [], _nobody)

    def read(
        self,
        module: ModuleFacts,
        expression: Expression,
        origin: str = STORED,
        scope: LocatedClass | None = None,
    ) -> Value:
        """Return what a value of that type may be."""
        if expression.kind is ExpressionKind.CONSTANT and isinstance(expression.value, str):
            parsed = parse_annotation(expression.value, expression.line, expression.column)
            return self.read(module, parsed, origin, scope) if parsed else UNKNOWN
        if expression.kind is ExpressionKind.UNION:
            return merged(self.read(module, part, origin, scope) for part in expression.args)
        if expression.kind is ExpressionKind.SUBSCRIPT and expression.positional:
            special = self._generic(module, expression, origin, scope)
            if special is not None:
                return special
        return self._of_type(self._types.read(module, expression, scope=scope), origin)

    def _generic(
        self,
        module: ModuleFacts,
        expression: Expression,
        origin: str,
        scope: LocatedClass | None,
    ) -> Value | None:
        base = expression.args[0]
        symbol = (
            self.known.sources.resolve(module, base.value)
            if base.kind is ExpressionKind.NAME
            else None
        )
        name = symbol.external if symbol else ""

        def inner(index: int) -> Value:
            return self.read(module, expression.positional[index], origin, scope)

        if name in _TYPES:
            classes = frozenset(
                Atom(_CLASSES_OF[part.kind], part.key) if part.kind in _CLASSES_OF else part
                for part in inner(0)
            )
            return classes or UNKNOWN
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
                # To a body, the pages of orders and the pages of users are pages.
                name = ref.name.partition("[")[0]
                self.known.class_named(name)
                return atom(AtomKind.INSTANCE, name, origin)
            case TypeKind.EXTERNAL:
                if self.known.class_named(ref.name):
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
