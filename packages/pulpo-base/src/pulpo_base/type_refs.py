"""`TypeRef`: a type as plain data, for whoever must not import what it names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["TypeKind", "TypeRef"]


class TypeKind(StrEnum):
    """What a `TypeRef` stands for."""

    SCALAR = "scalar"
    """A type that pydantic knows by itself; `name` is importable, as in `datetime.date`."""
    NONE = "none"
    ANY = "any"
    LITERAL = "literal"
    ENUM = "enum"
    MODEL = "model"
    """A Beanie document."""
    SCHEMA = "schema"
    """A plain pydantic model, or a dataclass, `TypedDict` or `NamedTuple`."""
    LINK = "link"
    BACKLINK = "backlink"
    LIST = "list"
    SET = "set"
    TUPLE = "tuple"
    DICT = "dict"
    UNION = "union"
    EXTERNAL = "external"
    """A class of another library: importable by `name`, otherwise opaque."""
    UNKNOWN = "unknown"
    """What could not be resolved; `name` is the text as the user wrote it."""


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A resolved type expression, such as `list[Link[Order]] | None`.

    `name` is a dotted, importable name for scalars, enums, models, schemas and external
    classes; that of a generic class goes on with its arguments (`shop.Page[shop.Order]`), as
    the key of its record does. `args` holds the arguments of containers, links, unions and
    generic classes, `values` those of a `Literal`.
    """

    kind: TypeKind
    name: str = ""
    args: tuple[TypeRef, ...] = ()
    values: tuple[str | int | bool | None, ...] = ()

    @property
    def short(self) -> str:
        """The last part of `name`, which is how people speak of the type."""
        last = self.name.partition("[")[0].rpartition(".")[2]
        return f"{last}[{', '.join(map(str, self.args))}]" if self.name.endswith("]") else last

    @property
    def full(self) -> str:
        """The type with every name dotted, which tells apart what has one short name."""
        if self.name:
            return self.name
        if not self.args:
            return str(self)
        inner = [arg.full for arg in self.args]
        if self.kind is TypeKind.UNION:
            return " | ".join(inner)
        return f"{self.kind.value}[{', '.join(inner)}]"

    @property
    def is_optional(self) -> bool:
        """Whether `None` is one of the values."""
        return self.kind is TypeKind.NONE or (
            self.kind is TypeKind.UNION and any(arg.kind is TypeKind.NONE for arg in self.args)
        )

    def without_none(self) -> TypeRef:
        """The same type, `None` taken out of its union."""
        if self.kind is not TypeKind.UNION:
            return self
        rest = tuple(arg for arg in self.args if arg.kind is not TypeKind.NONE)
        return rest[0] if len(rest) == 1 else TypeRef(TypeKind.UNION, args=rest)

    def walk(self) -> list[TypeRef]:
        """This reference and every reference inside it, outermost first."""
        found = [self]
        for arg in self.args:
            found.extend(arg.walk())
        return found

    def __str__(self) -> str:
        match self.kind:
            case TypeKind.NONE:
                return "None"
            case TypeKind.ANY:
                return "Any"
            case TypeKind.UNION:
                return " | ".join(str(arg) for arg in self.args)
            case TypeKind.LITERAL:
                return f"Literal[{', '.join(repr(value) for value in self.values)}]"
            case TypeKind.LINK | TypeKind.BACKLINK:
                outer = "Link" if self.kind is TypeKind.LINK else "BackLink"
                return f"{outer}[{', '.join(str(arg) for arg in self.args)}]"
            case TypeKind.LIST | TypeKind.SET | TypeKind.TUPLE | TypeKind.DICT:
                inner = ", ".join(str(arg) for arg in self.args)
                return f"{self.kind.value}[{inner}]" if inner else self.kind.value
            case TypeKind.UNKNOWN:
                return self.name or "unknown"
            case _:
                return self.short
