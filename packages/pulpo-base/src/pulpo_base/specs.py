"""The facts that Pulpo knows of a project: models, fields, relations and operations.

Every type here is frozen, holds plain values only and knows nothing of AST nodes, pydantic or
Beanie, so that the decorators (in the user's process) and the analysis (which never imports
user code) speak of the same thing. `pulpo_base.serialisation` turns them into JSON and back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pulpo_base.type_refs import TypeKind, TypeRef

__all__ = [
    "AccessSpec",
    "EnumSpec",
    "FieldSpec",
    "IndexSpec",
    "ModelSpec",
    "OperationSpec",
    "RaiseSpec",
    "RelationSpec",
    "SchemaSpec",
    "SourceLocation",
    "TimeSeriesSpec",
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


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a model or schema.

    `default` is the default as Python source where it is a literal; a field that is not
    `required` and has no `default` gets its value from a factory. `constraints` are pydantic's
    own (`gt`, `max_length`, `pattern`, …) as `(name, value)` pairs, sorted by name. `converted`
    says that a validator before, around or in place of pydantic's own takes other values than
    those of `type`, `excluded` that the field is neither given out nor stored (`exclude=True`).
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
    converted: bool = False
    excluded: bool = False

    @property
    def is_back_link(self) -> bool:
        """Whether the field only shows a relation from its other side: it is not stored."""
        return any(ref.kind is TypeKind.BACKLINK for ref in self.type.walk())


@dataclass(frozen=True, slots=True)
class TimeSeriesSpec:
    """A time-series collection: which field is the time, and which says what was measured."""

    time_field: str
    meta_field: str | None = None


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
    `computed_fields` are in what is given out and never in what is taken. `extra` is what happens
    to unknown fields (`ignore`, `allow`, `forbid`), `use_revision` Beanie's check that a document
    did not change since it was read. `permissions` are what the API wants of whoever works with
    these documents, `write_permissions` what it wants besides of whoever changes them.
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
    filterable_fields: tuple[str, ...] = ()
    computed_fields: tuple[FieldSpec, ...] = ()
    extra: str = "ignore"
    use_revision: bool = False
    timeseries: TimeSeriesSpec | None = None
    permissions: tuple[str, ...] = ()
    write_permissions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The importable dotted name, unique in a project."""
        return f"{self.module}.{self.qualname}"

    def types(self) -> tuple[TypeRef, ...]:
        """The types of the fields, the computed ones included."""
        return tuple(item.type for item in (*self.fields, *self.computed_fields))


@dataclass(frozen=True, slots=True)
class SchemaSpec:
    """A plain pydantic model that documents or operations mention, or what pydantic takes as one.

    A generic class is one schema for each choice of its arguments: `args` are these, and `name`
    and `key` show them. `form` says what the class is: a `named_tuple` is an array in JSON, all
    else an object.
    """

    name: str
    module: str
    qualname: str
    location: SourceLocation
    description: str = ""
    fields: tuple[FieldSpec, ...] = ()
    bases: tuple[str, ...] = ()
    computed_fields: tuple[FieldSpec, ...] = ()
    extra: str = "ignore"
    args: tuple[TypeRef, ...] = ()
    form: Literal["model", "dataclass", "typed_dict", "named_tuple"] = "model"

    @property
    def key(self) -> str:
        """The importable dotted name, unique in a project."""
        plain = f"{self.module}.{self.qualname}"
        return f"{plain}[{', '.join(arg.full for arg in self.args)}]" if self.args else plain

    def types(self) -> tuple[TypeRef, ...]:
        """The types of the fields, the computed ones included."""
        return tuple(item.type for item in (*self.fields, *self.computed_fields))


@dataclass(frozen=True, slots=True)
class EnumSpec:
    """An enumeration that documents or operations mention; members as `(name, value)`.

    `mixin` is `str` or `int` where each member is one itself, as in `StrEnum` and `IntEnum`.
    """

    name: str
    module: str
    qualname: str
    location: SourceLocation
    members: tuple[tuple[str, str | int | None], ...] = ()
    mixin: str = ""

    @property
    def key(self) -> str:
        """The importable dotted name, unique in a project."""
        return f"{self.module}.{self.qualname}"


@dataclass(frozen=True, slots=True)
class AccessSpec:
    """A model that an operation's body reads or writes, and the statement that does so first.

    The statement may stand in a function that the operation calls.
    """

    model: str
    access: Literal["read", "write"]
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class RaiseSpec:
    """An exception that may leave an operation.

    `module` and `qualname` say where Python finds its class. `status` is the HTTP status and
    `code` the stable name that the class or the statement gives it, `None` where that cannot be
    known. `location` is the statement that raises it first.
    """

    module: str
    qualname: str
    status: int | None
    code: str | None
    location: SourceLocation

    @property
    def key(self) -> str:
        """The importable dotted name."""
        return f"{self.module}.{self.qualname}"

    @property
    def short(self) -> str:
        """The class's own name."""
        return self.qualname.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class OperationSpec:
    """A function, or a class with a `run` method, declared with `@operation`.

    `name` is dotted: `flow.subflow.task`. `models_in` and `models_out` are `None` where the
    user left them out and empty where the user said "none". `timeout` is in seconds, `retries`
    counts tries after the first, `schedule` is a cron expression. `on_failure` names the operations
    that undo this one where its flow fails.

    What follows `on_failure` is read from the body by the analysis: `inferred` names those of
    `models_in` and `models_out` that the user left out and the body gave; `accesses` are the
    models that the body reads and writes, `touches` those that it mentions in any way, and
    `raises` the exceptions that may leave it. `body_known` is false where it calls something
    that may do anything. `declared_at` gives the places of the items of `models_in` and
    `models_out` as `(argument, model, place)`.
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
    on_failure: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    accesses: tuple[AccessSpec, ...] = ()
    touches: tuple[str, ...] = ()
    body_known: bool = False
    raises: tuple[RaiseSpec, ...] = ()
    declared_at: tuple[tuple[str, str, SourceLocation], ...] = ()

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

    def said_at(self, model: str) -> SourceLocation:
        """Where it is said that the operation touches a model.

        That is the statement where this was inferred, and otherwise the declaration.
        """
        kinds = {_ACCESS_OF[argument] for argument in self.inferred}
        places = [
            found.location
            for found in self.accesses
            if found.model == model and found.access in kinds
        ]
        declared = (*(self.models_in or ()), *(self.models_out or ())).count(model) > len(places)
        return self.location if declared or not places else min(places)


_ACCESS_OF = {"models_in": "read", "models_out": "write"}
