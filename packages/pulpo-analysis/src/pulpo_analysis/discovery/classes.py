"""What kind of class a class is, and the order in which its bases are searched."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from enum import StrEnum

from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources, Symbol

__all__ = ["Classes", "Kind", "LocatedClass"]


class Kind(StrEnum):
    """What a class is to Pulpo."""

    DOCUMENT = "document"
    SCHEMA = "schema"
    DATACLASS = "dataclass"
    TYPED_DICT = "typed_dict"
    NAMED_TUPLE = "named_tuple"
    ENUM = "enum"
    OTHER = "other"

    @property
    def is_pydantic(self) -> bool:
        """Whether pydantic itself collects the fields."""
        return self in {Kind.DOCUMENT, Kind.SCHEMA}

    @property
    def is_plain(self) -> bool:
        """Whether it is a record of Python's own, which pydantic takes as it is."""
        return self in {Kind.DATACLASS, Kind.TYPED_DICT, Kind.NAMED_TUPLE}


_ROOTS = {
    "beanie.Document": Kind.DOCUMENT,
    "beanie.DocumentWithSoftDelete": Kind.DOCUMENT,
    "beanie.odm.documents.Document": Kind.DOCUMENT,
    "beanie.View": Kind.SCHEMA,
    "pulpo_base.DataModelBase": Kind.SCHEMA,
    "pulpo_base.model_base.DataModelBase": Kind.SCHEMA,
    "pydantic.BaseModel": Kind.SCHEMA,
    "pydantic.main.BaseModel": Kind.SCHEMA,
    "pydantic.RootModel": Kind.SCHEMA,
    "pydantic_settings.BaseSettings": Kind.SCHEMA,
    "enum.Enum": Kind.ENUM,
    "enum.Flag": Kind.ENUM,
    "enum.IntEnum": Kind.ENUM,
    "enum.IntFlag": Kind.ENUM,
    "enum.StrEnum": Kind.ENUM,
    "typing.NamedTuple": Kind.NAMED_TUPLE,
    "typing.TypedDict": Kind.TYPED_DICT,
    "typing_extensions.NamedTuple": Kind.NAMED_TUPLE,
    "typing_extensions.TypedDict": Kind.TYPED_DICT,
}
#: Where one class has several of them, the first says what it is.
_RANKED = (Kind.DOCUMENT, Kind.ENUM, Kind.SCHEMA, Kind.TYPED_DICT, Kind.NAMED_TUPLE)

_DATACLASSES = frozenset({"dataclasses.dataclass", "pydantic.dataclasses.dataclass"})

#: Where a library defines a class, and where people import it from.
_SAME = {
    "beanie.odm.documents.Document": "beanie.Document",
    "pulpo_base.model_base.DataModelBase": "pulpo_base.DataModelBase",
    "pydantic.main.BaseModel": "pydantic.BaseModel",
}

#: The libraries' classes that derive from each other: they have a place in the resolution order.
_LIBRARY_ORDER = {
    "beanie.Document": ("pydantic.BaseModel",),
    "beanie.DocumentWithSoftDelete": ("beanie.Document", "pydantic.BaseModel"),
    "beanie.View": ("pydantic.BaseModel",),
    "pulpo_base.DataModelBase": ("pydantic.BaseModel",),
    "pydantic.RootModel": ("pydantic.BaseModel", "typing.Generic"),
    "pydantic_settings.BaseSettings": ("pydantic.BaseModel",),
    "enum.StrEnum": ("builtins.str", "enum.Enum"),
    "enum.IntEnum": ("builtins.int", "enum.Enum"),
}

_GENERIC = frozenset({"typing.Generic", "typing_extensions.Generic"})


@dataclass(frozen=True, slots=True)
class LocatedClass:
    """A class of the project with the module that it stands in."""

    module: ModuleFacts
    fact: ClassFact

    @property
    def key(self) -> str:
        """The importable dotted name."""
        return f"{self.module.module}.{self.fact.qualname}"


@dataclass(slots=True)
class Classes:
    """Answers questions about the project's classes; every answer is kept."""

    sources: Sources
    _orders: dict[str, tuple[_Node, ...]] = field(default_factory=dict)
    _ancestors: dict[str, tuple[LocatedClass, ...]] = field(default_factory=dict)
    _impossible: dict[str, LocatedClass] = field(default_factory=dict)
    _kinds: dict[str, Kind] = field(default_factory=dict)

    def located(self, symbol: Symbol | None) -> LocatedClass | None:
        """Return the class that a symbol stands for, or `None`."""
        if symbol and symbol.module and isinstance(symbol.fact, ClassFact):
            return LocatedClass(symbol.module, symbol.fact)
        return None

    def kind(self, cls: LocatedClass) -> Kind:
        """Return what the class is, by the libraries' classes among its ancestors."""
        key = cls.key
        if key not in self._kinds:
            roots = {_ROOTS[name] for name in self.roots(cls) if name in _ROOTS}
            said = next((kind for kind in _RANKED if kind in roots), None)
            self._kinds[key] = said or self._by_decorator(cls)
        return self._kinds[key]

    def _by_decorator(self, cls: LocatedClass) -> Kind:
        """Return what a class is whose ancestors do not say it."""
        found = any(self.is_dataclass(ancestor) for ancestor in self.order(cls))
        return Kind.DATACLASS if found else Kind.OTHER

    def is_dataclass(self, cls: LocatedClass) -> bool:
        """Whether the class itself is decorated as a dataclass; its heirs need not be."""
        return any(
            self.library_name(cls, decorator) in _DATACLASSES for decorator in cls.fact.decorators
        )

    def library_name(self, cls: LocatedClass, decorator: Expression) -> str:
        """Return the importable name of what a decorator calls or names; empty where unknown."""
        callee = decorator.callee
        if callee.kind is not ExpressionKind.NAME:
            return ""
        symbol = self.sources.resolve(cls.module, callee.value)
        return symbol.external if symbol else ""

    def roots(self, cls: LocatedClass) -> frozenset[str]:
        """Return the dotted names of the ancestors that are not the project's."""
        found = {
            symbol.external
            for ancestor in self.order(cls)
            for symbol in self._bases(ancestor)
            if symbol and symbol.external
        }
        for ancestor in self.order(cls):
            for base, symbol in zip(ancestor.fact.bases, self._bases(ancestor), strict=True):
                if symbol is None and isinstance(getattr(builtins, str(base), None), type):
                    found.add(f"builtins.{base}")
        return frozenset(found)

    def has_unknown_ancestor(self, cls: LocatedClass) -> bool:
        """Whether some ancestor may be anything: another library's class, or not resolvable."""
        known = (*_ROOTS, "builtins.", "abc.", "typing.", "typing_extensions.", "enum.", "pulpo_")
        return any(
            symbol is None or (symbol.fact is None and not symbol.external.startswith(known))
            for ancestor in self.order(cls)
            for symbol in self._bases(ancestor)
        )

    def order(self, cls: LocatedClass) -> tuple[LocatedClass, ...]:
        """Return the class and its ancestors in the project, in Python's resolution order."""
        key = cls.key
        if key not in self._ancestors:
            nodes = self._order(cls)
            self._ancestors[key] = tuple(n for n in nodes if isinstance(n, LocatedClass))
        return self._ancestors[key]

    def impossible(self) -> tuple[LocatedClass, ...]:
        """Return the classes met so far whose bases Python cannot put into an order."""
        return tuple(self._impossible.values())

    def _order(self, cls: LocatedClass) -> tuple[_Node, ...]:
        if cls.key not in self._orders:
            self._orders[cls.key] = (cls,)  # what a class that inherits from itself gets
            parents: list[_Node] = []
            sequences: list[list[_Node]] = []
            for symbol in self._bases(cls):
                parent = self.located(symbol)
                name = _SAME.get(symbol.external, symbol.external) if symbol else ""
                if parent is not None:
                    parents.append(parent)
                    sequences.append(list(self._order(parent)))
                elif name:
                    parents.append(name)
                    sequences.append([name, *_LIBRARY_ORDER.get(name, ())])
            order, possible = _linearised([*sequences, parents])
            self._orders[cls.key] = (cls, *order)
            if not possible:
                self._impossible[cls.key] = cls
        return self._orders[cls.key]

    def direct(self, cls: LocatedClass) -> list[tuple[LocatedClass | str, Expression]]:
        """Return the direct bases, each with its expression: classes, or names of libraries'."""
        pairs = zip(self._bases(cls), cls.fact.bases, strict=True)
        return [
            (self.located(symbol) or _SAME.get(symbol.external, symbol.external), expression)
            for symbol, expression in pairs
            if symbol
        ]

    def parameters(self, cls: LocatedClass) -> tuple[str, ...]:
        """Return the keys of a generic class's type variables, in the order of its brackets."""
        if cls.fact.parameters:
            return tuple(f"{cls.key}.{name}" for name in cls.fact.parameters)
        for symbol, expression in zip(self._bases(cls), cls.fact.bases, strict=True):
            if symbol and symbol.external in _GENERIC:
                names = (part.value for part in expression.positional)
                found = (self.sources.resolve(cls.module, str(name)) for name in names)
                return tuple(variable.key for variable in found if variable)
        return ()

    def bases(self, cls: LocatedClass) -> tuple[str, ...]:
        """Return the dotted names of the direct bases, as far as they can be known."""
        names = tuple(symbol.key for symbol in self._bases(cls) if symbol)
        # `class Page[T]` derives from it without saying so.
        return (*names, "typing.Generic") if cls.fact.parameters else names

    def assign(self, cls: LocatedClass, name: str) -> tuple[LocatedClass, AssignFact] | None:
        """Return the class attribute and the class that gives it, the nearest first."""
        for ancestor in self.order(cls):
            fact = ancestor.fact.assign(name)
            if fact is not None:
                return ancestor, fact
        return None

    def method(self, cls: LocatedClass, name: str) -> tuple[LocatedClass, FunctionFact] | None:
        """Return the method and the class that gives it, the nearest first."""
        for ancestor in self.order(cls):
            fact = ancestor.fact.function(name)
            if fact is not None:
                return ancestor, fact
        return None

    def nested(self, cls: LocatedClass, name: str) -> LocatedClass | None:
        """Return the nested class of that name, the nearest first."""
        for ancestor in self.order(cls):
            fact = ancestor.fact.nested(name)
            if fact is not None:
                return LocatedClass(ancestor.module, fact)
        return None

    def _bases(self, cls: LocatedClass) -> list[Symbol | None]:
        return [
            self.sources.resolve(cls.module, base.value)
            if base.kind is ExpressionKind.NAME
            else None
            for base in map(_unsubscripted, cls.fact.bases)
        ]


def _unsubscripted(base: Expression) -> Expression:
    return base.args[0] if base.kind is ExpressionKind.SUBSCRIPT else base


#: A class of the project, or the name of a library's.
_Node = LocatedClass | str


def _key(node: _Node) -> str:
    return node.key if isinstance(node, LocatedClass) else node


def _linearised(sequences: list[list[_Node]]) -> tuple[list[_Node], bool]:
    """Return Python's C3 merge of the sequences, and whether there is one.

    Python itself refuses such a class at import; going on with the first keeps the rest readable.
    """
    result: list[_Node] = []
    possible = True
    pending = [list(sequence) for sequence in sequences if sequence]
    while pending:
        heads = [sequence[0] for sequence in pending]
        tails = {_key(item) for sequence in pending for item in sequence[1:]}
        free = next((item for item in heads if _key(item) not in tails), None)
        possible = possible and free is not None
        head = free if free is not None else heads[0]
        result.append(head)
        pending = [
            rest
            for sequence in pending
            if (rest := [item for item in sequence if _key(item) != _key(head)])
        ]
    return result, possible
