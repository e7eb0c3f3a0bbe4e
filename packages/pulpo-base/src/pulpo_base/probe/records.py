"""Pydantic classes, documents and enumerations, as objects, to their specs."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Any

from pulpo_base.arguments import Arguments
from pulpo_base.literals import python_literal
from pulpo_base.probe.documents import (
    collection,
    index_specs,
    is_document,
    link_relations,
    timeseries,
)
from pulpo_base.probe.names import Scope
from pulpo_base.probe.plain_records import (
    decorated,
    form_of,
    plain_bases,
    plain_fields,
    type_arguments,
)
from pulpo_base.probe.project import Project, importable
from pulpo_base.probe.types import Metadata, TypeConverter
from pulpo_base.specs import (
    EnumSpec,
    FieldSpec,
    ModelSpec,
    SchemaSpec,
    SourceLocation,
    TypeKind,
    TypeRef,
)

__all__ = ["RecordReader"]

_NO_VARIABLES: Mapping[Any, TypeRef] = MappingProxyType({})
#: What Beanie adds beside the id and keeps by itself.
_BEANIES_OWN = frozenset({"deleted_at", "revision_id"})


@dataclass(slots=True)
class RecordReader:
    """Reads classes; `owners` collects which class declares which field."""

    project: Project
    types: TypeConverter
    owners: dict[str, dict[str, str]] = field(default_factory=dict)

    def model(self, cls: type, declared: ModelSpec) -> ModelSpec:
        """Return the whole spec of a document under `@datamodel`."""
        fields = self._fields(cls)
        settings = getattr(cls, "Settings", None)
        arguments = Arguments("datamodel", declared.location)
        by_method = arguments.relations("relations", _called(cls, "relations"))
        relations = (*declared.relations, *by_method, *link_relations(fields))
        indexes = (*declared.indexes, *index_specs(getattr(settings, "indexes", ())))
        indexes = (*indexes, *index_specs(_called(cls, "indexes")))
        return replace(
            declared,
            location=self._place(cls),
            description=declared.description,
            indexes=tuple(dict.fromkeys(indexes)),
            relations=tuple({r.name: r for r in reversed(relations)}.values())[::-1],
            fields=fields,
            collection=collection(cls),
            bases=self._bases(cls),
            searchable_fields=tuple(getattr(cls, "searchable_fields", ())),
            sortable_fields=tuple(getattr(cls, "sortable_fields", ())),
            filterable_fields=tuple(getattr(cls, "filterable_fields", ())),
            computed_fields=self._computed(cls),
            extra=_extra(cls),
            use_revision=getattr(settings, "use_revision", False) is True,
            timeseries=timeseries(getattr(settings, "timeseries", None)),
        )

    def schema(self, cls: type, ref: TypeRef) -> SchemaSpec:
        """Return the spec of a plain pydantic model; `ref` is how it was mentioned."""
        if not hasattr(cls, "model_fields"):
            return self._plain(cls, ref)
        home = _written(cls)
        return SchemaSpec(
            name=ref.short,
            module=home.__module__,
            qualname=home.__qualname__,
            location=self._place(home),
            description=_own_doc(home),
            fields=self._fields(cls),
            bases=self._bases(home),
            computed_fields=self._computed(cls),
            extra=_extra(cls),
            args=ref.args,
        )

    def _plain(self, cls: type, ref: TypeRef) -> SchemaSpec:
        """Return the spec of a dataclass, typed dictionary or named tuple."""
        owners = self.owners.setdefault(ref.name, {})
        home = Scope(cls.__module__)

        def read(annotation: Any, variables: Mapping[Any, TypeRef]) -> TypeRef:
            return self.types.read(annotation, home, variables=variables)

        variables = type_arguments(cls, ref.args, read)
        taken: list[FieldSpec] = []
        made: list[FieldSpec] = []
        for found in plain_fields(cls, self.project):
            spec = self._field(
                cls, found.owner, found.name, found.info, variables.get(found.owner, {})
            )
            spec = replace(spec, required=found.required, excluded=spec.excluded or not found.given)
            (taken if found.taken else made).append(spec)
            owners[found.name] = f"{found.owner.__module__}:{found.owner.__qualname__}"
        bases = [self.types.read(base, home) for base in plain_bases(cls)]
        return SchemaSpec(
            name=ref.short,
            module=cls.__module__,
            qualname=cls.__qualname__,
            location=self._place(cls),
            description=_written_doc(cls),
            fields=tuple(taken),
            bases=tuple(found.name for found in bases if found.kind is TypeKind.SCHEMA),
            computed_fields=(*made, *self._computed(cls)),
            args=ref.args,
            form=form_of(cls) or "model",
        )

    def enum(self, cls: type[Enum]) -> EnumSpec:
        """Return the spec of an enumeration; a value that is no text or number is `None`."""
        return EnumSpec(
            name=cls.__name__,
            module=cls.__module__,
            qualname=cls.__qualname__,
            location=self._place(cls),
            members=tuple((name, _plain(item.value)) for name, item in cls.__members__.items()),
            mixin=_mixin(cls),
        )

    def _place(self, cls: type) -> SourceLocation:
        line = getattr(cls, "__firstlineno__", 1)  # Python 3.13 keeps it
        return self.project.place(self.project.file_of(cls.__module__), line)

    def _bases(self, cls: type) -> tuple[str, ...]:
        return tuple(self._base(base) for base in cls.__bases__ if base is not object)

    def _base(self, cls: type) -> str:
        home = _written(cls)
        return self.types.key(cls) if self.project.is_local(home) else importable(home)

    def _fields(self, cls: type) -> tuple[FieldSpec, ...]:
        owners = self.owners.setdefault(self.types.key(cls), {})
        fields: dict[str, FieldSpec] = {}
        document = is_document(cls)
        if document:
            fields["id"] = FieldSpec("id", TypeRef(TypeKind.NONE))  # it comes first, as in MongoDB
        for name, info in getattr(cls, "model_fields", {}).items():
            owner = _owner(cls, name)
            if name in _BEANIES_OWN and owner.__module__.startswith("beanie."):
                continue
            fields[name] = self._field(cls, owner, name, info)
            if self.project.is_local(owner):
                owners[name] = f"{owner.__module__}:{owner.__qualname__}"
        return tuple(fields.values())

    def _field(
        self,
        cls: type,
        owner: type,
        name: str,
        info: Any,
        variables: Mapping[Any, TypeRef] = _NO_VARIABLES,
    ) -> FieldSpec:
        facts = Metadata()
        scope = Scope(owner.__module__, owner, cls)
        type_ = self.types.field(info.annotation, info.metadata, scope, facts, variables)
        given = not any(ref.kind is TypeKind.BACKLINK for ref in type_.walk())
        required = bool(info.is_required())
        default = None if required or info.default_factory else python_literal(info.default)
        constraints = {key: value for key, value in facts.constraints.items() if _is_literal(value)}
        return FieldSpec(
            name=name,
            type=type_,
            required=given and required,
            default=default,
            description="" if owner.__module__.startswith("beanie") else info.description or "",
            alias=None if info.alias == name else info.alias,
            unique=facts.unique,
            indexed=facts.indexed,
            constraints=tuple(sorted(constraints.items())),
            converted=facts.converted or _is_converted(cls, name),
            excluded=info.exclude is True,
        )

    def _computed(self, cls: type) -> tuple[FieldSpec, ...]:
        return tuple(self._computed_field(cls, *item) for item in _computed_infos(cls))

    def _computed_field(self, cls: type, name: str, info: Any) -> FieldSpec:
        owner = next((base for base in cls.__mro__ if name in vars(base)), cls)
        getter = getattr(info.wrapped_property, "fget", None)
        getter = getter or getattr(info.wrapped_property, "func", None)
        returned = getattr(getter, "__annotations__", {}).get("return")
        declared = info.return_type
        annotation = returned if type(declared).__name__ == "PydanticUndefinedType" else declared
        facts = Metadata()
        self.owners.setdefault(self.types.key(cls), {})[name] = (
            f"{owner.__module__}:{owner.__qualname__}"
        )
        return FieldSpec(
            name=name,
            type=self.types.read(annotation, Scope(owner.__module__, owner), facts),
            required=False,
            description=info.description or "",
            alias=None if info.alias == name else info.alias,
        )


def _written(cls: type) -> type:
    """Return the class in the source: pydantic makes a class of its own for `Page[Order]`."""
    given = getattr(cls, "__pydantic_generic_metadata__", None) or {}
    return given.get("origin") or cls


def _owner(cls: type, name: str) -> type:
    """Return the class that pydantic has a field from.

    That is the first base that has it, and not the first class of the resolution order: in a
    diamond these two differ.
    """
    if name in vars(_written(cls)).get("__annotations__", {}):
        return _written(cls)
    for base in cls.__bases__:
        if name in getattr(base, "model_fields", {}):
            return _owner(base, name)
    found = (base for base in cls.__mro__ if name in vars(base).get("__annotations__", {}))
    return next(found, cls)


def _is_converted(cls: type, name: str) -> bool:
    decorators = getattr(cls, "__pydantic_decorators__", None)
    found = [
        *(item.info for item in getattr(decorators, "field_validators", {}).values()),
        *(item.info for item in getattr(decorators, "validators", {}).values()),
        *(decorated(cls).values() if decorators is None else ()),
    ]
    return any(
        getattr(info, "mode", "") in {"before", "plain", "wrap"}
        and not {name, "*"}.isdisjoint(getattr(info, "fields", ()))
        for info in found
    )


def _computed_infos(cls: type) -> Iterator[tuple[str, Any]]:
    decorators = getattr(cls, "__pydantic_decorators__", None)
    if decorators is None:
        found = decorated(cls).items()
        yield from (pair for pair in found if hasattr(pair[1], "wrapped_property"))
    for name, item in getattr(decorators, "computed_fields", {}).items():
        yield name, item.info


def _extra(cls: type) -> str:
    config = getattr(cls, "model_config", None)
    return str(config.get("extra") or "ignore") if isinstance(config, Mapping) else "ignore"


def _called(cls: type, name: str) -> Any:
    """Return what a class method of the model returns; a field of that name is no method."""
    method = getattr(cls, name, None)
    return method() if callable(method) else ()


def _written_doc(cls: type) -> str:
    """Return the docstring, which dataclasses and named tuples make up where there is none."""
    doc = _own_doc(cls)
    return "" if doc.startswith(f"{cls.__name__}(") else doc


def _own_doc(cls: type) -> str:
    doc = vars(cls).get("__doc__")
    return inspect.cleandoc(doc) if isinstance(doc, str) else ""


def _plain(value: Any) -> str | int | None:
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, str | int) else None


def _mixin(cls: type) -> str:
    return next((base.__name__ for base in (str, int) if issubclass(cls, base)), "")


def _is_literal(value: Any) -> bool:
    return python_literal(value) is not None
