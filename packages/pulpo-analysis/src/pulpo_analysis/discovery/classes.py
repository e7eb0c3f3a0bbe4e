"""What kind of class a class is, and the order in which its bases are searched."""

from __future__ import annotations

from enum import StrEnum

from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources, Symbol
from pulpo_base.records import dataclass, field

__all__ = ["Classes", "Kind", "LocatedClass"]


class Kind(StrEnum):
    """What a class is to Pulpo."""

    DOCUMENT = "document"
    SCHEMA = "schema"
    ENUM = "enum"
    OTHER = "other"


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
}


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
    _orders: dict[str, tuple[LocatedClass, ...]] = field(default_factory=dict)
    _kinds: dict[str, Kind] = field(default_factory=dict)

    def located(self, symbol: Symbol | None) -> LocatedClass | None:
        """Return the class that a symbol stands for, or `None`."""
        if symbol and symbol.module and isinstance(symbol.fact, ClassFact):
            return LocatedClass(symbol.module, symbol.fact)
        return None

    def kind(self, cls: LocatedClass) -> Kind:
        """Return what the class is, by the libraries' classes among its ancestors."""
        if cls.key not in self._kinds:
            roots = {_ROOTS[name] for name in self.roots(cls) if name in _ROOTS}
            ranked = (Kind.DOCUMENT, Kind.ENUM, Kind.SCHEMA)
            self._kinds[cls.key] = next((kind for kind in ranked if kind in roots), Kind.OTHER)
        return self._kinds[cls.key]

    def roots(self, cls: LocatedClass) -> frozenset[str]:
        """Return the dotted names of the ancestors that are not the project's."""
        return frozenset(
            symbol.external
            for ancestor in self.order(cls)
            for symbol in self._bases(ancestor)
            if symbol and symbol.external
        )

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
        if cls.key not in self._orders:
            self._orders[cls.key] = (cls,)  # what a class that inherits from itself gets
            parents = [found for base in self._bases(cls) if (found := self.located(base))]
            sequences = [list(self.order(parent)) for parent in parents]
            self._orders[cls.key] = (cls, *_linearised([*sequences, parents]))
        return self._orders[cls.key]

    def bases(self, cls: LocatedClass) -> tuple[str, ...]:
        """Return the dotted names of the direct bases, as far as they can be known."""
        return tuple(symbol.key for symbol in self._bases(cls) if symbol)

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


def _linearised(sequences: list[list[LocatedClass]]) -> list[LocatedClass]:
    """Return Python's C3 merge of the sequences; an impossible order falls back to the first.

    Python itself refuses such a class at import, so the fallback only keeps the analysis going.
    """
    result: list[LocatedClass] = []
    pending = [list(sequence) for sequence in sequences if sequence]
    while pending:
        heads = [sequence[0] for sequence in pending]
        tails = {item.key for sequence in pending for item in sequence[1:]}
        head = next((item for item in heads if item.key not in tails), heads[0])
        result.append(head)
        pending = [
            rest
            for sequence in pending
            if (rest := [item for item in sequence if item.key != head.key])
        ]
    return result
