"""The facts that Pulpo knows of a project: models, fields, relations and operations.

Every type here is frozen, holds plain values only and knows nothing of AST nodes, pydantic or
Beanie, so that the decorators (in the user's process) and the analysis (which never imports
user code) speak of the same thing. `pulpo_base.serialisation` turns them into JSON and back.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pulpo_base.records import dataclass, field

__all__ = [
    "EnumSpec",
    "FieldSpec",
    "IndexSpec",
    "ModelSpec",
    "OperationSpec",
    "RelationSpec",
    "SchemaSpec",
    "SourceLocation",
    "TypeKind",
    "TypeRef",
]


@dataclass(frozen=True, slots=True, order=True)
class SourceLocation:
    """A place in user code.

    `path` is POSIX and relative to the project root where one is known, `line` counts from 1,
    `column` from 1 (the first character of a line is column 1).
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


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
    """A plain pydantic model."""
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
    classes. `args` holds the arguments of containers, links and unions, `values` those of a
    `Literal`.
    """

    kind: TypeKind
    name: str = ""
    args: tuple[TypeRef, ...] = ()
    values: tuple[str | int | bool | None, ...] = ()

    @property
    def short(self) -> str:
        """The last part of `name`, which is how people speak of the type."""
        return self.name.rpartition(".")[2]

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


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a model or schema.

    `default` is the default as Python source where it is a literal; a field that is not
    `required` and has no `default` gets its value from a factory. `constraints` are pydantic's
    own (`gt`, `max_length`, `pattern`, …) as `(name, value)` pairs, sorted by name.
    """

    name: str
    type: TypeRef
    required: bool = True
    default: str | None = None
    description: str = ""
    alias: str | None = None
    unique: bool = False
    indexed: bool = False
    constraints: tuple[tuple[str, Any], ...] = ()
    location: SourceLocation | None = None


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """A database index: `keys` are `(field, direction)` pairs, direction 1, -1 or `"text"`."""

    keys: tuple[tuple[str, int | str], ...]
    unique: bool = False
    name: str | None = None


@dataclass(frozen=True, slots=True)
class RelationSpec:
    """How one model refers to another: by a `Link` field, or as declared by hand."""

    name: str
    target: str
    cardinality: Literal["one", "many"] = "one"
    back: bool = False
    location: SourceLocation | None = None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A Beanie document declared with `@datamodel`.

    `name` is what people call it, `module` and `qualname` say where Python finds it. `fields`,
    `collection` and `bases` are known to the analysis only: the decorator leaves them empty.
    `ui_order` is a place among the other models (a number) or the order of the fields (names).
    """

    name: str
    module: str
    qualname: str
    location: SourceLocation
    description: str = ""
    tags: tuple[str, ...] = ()
    ui: dict[str, Any] = field(default_factory=dict)
    ui_order: int | tuple[str, ...] | None = None
    indexes: tuple[IndexSpec, ...] = ()
    relations: tuple[RelationSpec, ...] = ()
    fields: tuple[FieldSpec, ...] = ()
    collection: str = ""
    bases: tuple[str, ...] = ()
    searchable_fields: tuple[str, ...] = ()
    sortable_fields: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The importable dotted name, unique in a project."""
        return f"{self.module}.{self.qualname}"


@dataclass(frozen=True, slots=True)
class SchemaSpec:
    """A plain pydantic model that documents or operations mention."""

    name: str
    module: str
    qualname: str
    location: SourceLocation
    description: str = ""
    fields: tuple[FieldSpec, ...] = ()
    bases: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The importable dotted name, unique in a project."""
        return f"{self.module}.{self.qualname}"


@dataclass(frozen=True, slots=True)
class EnumSpec:
    """An enumeration that documents or operations mention; members as `(name, value)`."""

    name: str
    module: str
    qualname: str
    location: SourceLocation
    members: tuple[tuple[str, str | int | None], ...] = ()

    @property
    def key(self) -> str:
        """The importable dotted name, unique in a project."""
        return f"{self.module}.{self.qualname}"


@dataclass(frozen=True, slots=True)
class OperationSpec:
    """A function, or a class with a `run` method, declared with `@operation`.

    `name` is dotted: `flow.subflow.task`. `models_in` and `models_out` are `None` where the
    user left them out and empty where the user said "none". `timeout` is in seconds, `retries`
    counts tries after the first, `schedule` is a cron expression.
    """

    name: str
    module: str
    qualname: str
    location: SourceLocation
    description: str = ""
    category: str = ""
    inputs: TypeRef | None = None
    outputs: TypeRef | None = None
    tags: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    is_async: bool = True
    is_class: bool = False
    async_enabled: bool = False
    models_in: tuple[str, ...] | None = None
    models_out: tuple[str, ...] | None = None
    stage: int | str | None = None
    after: tuple[str, ...] = ()
    bind: tuple[tuple[str, str], ...] = ()
    in_flow: bool = True
    retries: int = 0
    timeout: float | None = None
    schedule: str | None = None

    @property
    def key(self) -> str:
        """The importable dotted name, unique in a project."""
        return f"{self.module}.{self.qualname}"

    @property
    def namespace(self) -> str:
        """The top-level flow that the name belongs to; empty for a single-segment name."""
        head, dot, _ = self.name.partition(".")
        return head if dot else ""

    @property
    def path(self) -> tuple[str, ...]:
        """The segments of the dotted name."""
        return tuple(self.name.split("."))
