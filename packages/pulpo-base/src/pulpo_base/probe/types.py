"""Annotations, as objects, to `TypeRef`."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Annotated, Any, ForwardRef, Literal, TypeVar, Union, get_args, get_origin

from pulpo_base.probe.names import Scope, evaluated
from pulpo_base.probe.plain_records import form_of
from pulpo_base.probe.project import Project, importable, library_class
from pulpo_base.specs import TypeKind, TypeRef

__all__ = ["Metadata", "TypeConverter"]

ANY = TypeRef(TypeKind.ANY)
NONE = TypeRef(TypeKind.NONE)
_NO_VARIABLES: Mapping[Any, TypeRef] = types.MappingProxyType({})


@dataclass(slots=True)
class Metadata:
    """What `Annotated` says besides the type."""

    constraints: dict[str, Any] = field(default_factory=dict)
    indexed: bool = False
    unique: bool = False
    converted: bool = False


@dataclass(slots=True)
class TypeConverter:
    """Reads annotations; a name that does not exist at run time goes to `unknown`."""

    project: Project
    unknown: Callable[[str, Scope], None]
    met: dict[str, type] = field(default_factory=dict)

    def read(
        self,
        annotation: Any,
        scope: Scope,
        facts: Metadata | None = None,
        variables: Mapping[Any, TypeRef] = _NO_VARIABLES,
    ) -> TypeRef:
        """Return the type of an annotation; metadata goes to `facts`.

        `variables` are the values of type variables; pydantic has put those of its own in already.
        """
        facts = facts if facts is not None else Metadata()
        return _Reading(self, scope, facts, (), variables).read(annotation)

    def field(
        self,
        annotation: Any,
        metadata: Iterable[Any],
        scope: Scope,
        facts: Metadata,
        variables: Mapping[Any, TypeRef] = _NO_VARIABLES,
    ) -> TypeRef:
        """Return the type of a field, whose outermost metadata pydantic keeps beside it."""
        reading = _Reading(self, scope, facts, (), variables)
        return reading.with_metadata(reading.read(annotation), metadata)

    def key(self, cls: type) -> str:
        """Return the key of a record: with its arguments, where it is a generic one's."""
        args = self._arguments(cls)
        return type_key(_plain_key(_origin(cls)), args)

    def reference(self, cls: type, given: tuple[TypeRef, ...] = ()) -> TypeRef:
        """Return the reference to a class, and remember it where the project wrote it.

        `given` are the arguments of a generic class that is not pydantic's.
        """
        home = _origin(cls)
        name = importable(home)
        if not self.project.is_local(home):
            return _library(name, self.project)
        kind = _kind(home)
        if kind is TypeKind.EXTERNAL:
            return TypeRef(kind, _plain_key(home))
        args = given or self._arguments(cls)
        key = type_key(_plain_key(home), args)
        self.met[key] = cls
        return TypeRef(kind, key, args=args)

    def _arguments(self, cls: type) -> tuple[TypeRef, ...]:
        given = getattr(cls, "__pydantic_generic_metadata__", None) or {}
        scope = Scope(cls.__module__)
        return tuple(self.read(arg, scope) for arg in given.get("args", ()))


def type_key(name: str, args: tuple[TypeRef, ...]) -> str:
    """Return a record's key: `shop.Page[shop.Order]` for a generic class with arguments."""
    return f"{name}[{', '.join(arg.full for arg in args)}]" if args else name


def _plain_key(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _origin(cls: type) -> type:
    """Return the class as it is written: pydantic makes `Page[Order]` a class of its own."""
    given = getattr(cls, "__pydantic_generic_metadata__", None) or {}
    return given.get("origin") or cls


def _kind(cls: type) -> TypeKind:
    document, model = library_class("beanie", "Document"), library_class("pydantic", "BaseModel")
    if issubclass(cls, Enum):
        return TypeKind.ENUM
    if document is not None and issubclass(cls, document):
        return TypeKind.MODEL
    plain = form_of(cls) is not None
    if plain or (model is not None and issubclass(cls, model)):
        return TypeKind.SCHEMA
    return TypeKind.EXTERNAL


def _library(name: str, project: Project) -> TypeRef:
    scalar = project.request.scalars.get(name)
    return TypeRef(TypeKind.SCALAR, scalar) if scalar else TypeRef(TypeKind.EXTERNAL, name)


@dataclass(slots=True)
class _Reading:
    """One annotation being read; `aliases` are the type aliases on the way here."""

    types: TypeConverter
    scope: Scope
    facts: Metadata
    aliases: tuple[Any, ...]
    variables: Mapping[Any, TypeRef] = field(default_factory=dict)

    def read(self, annotation: Any) -> TypeRef:
        if annotation is None or annotation is type(None):
            return NONE
        if annotation is Any or annotation is object:
            return ANY
        if isinstance(annotation, str | ForwardRef):
            return self._forward(annotation)
        if isinstance(annotation, TypeVar):
            return self._variable(annotation)
        if hasattr(annotation, "__supertype__"):  # NewType
            return self.read(annotation.__supertype__)
        if hasattr(annotation, "__value__"):  # `type X = …`
            return self._alias(annotation)
        origin = get_origin(annotation)
        if origin is not None:
            return self._generic(annotation, origin)
        if annotation is typing.Self and self.scope.owner is not None:
            return self.types.reference(self.scope.owner)
        return self._class(annotation)

    def _class(self, annotation: Any) -> TypeRef:
        if type(annotation).__name__ == "PydanticRecursiveRef" and self.scope.cls is not None:
            return self.types.reference(self.scope.cls)
        if not isinstance(annotation, type):
            return self._cannot_know(str(annotation))
        if "_indexed" in vars(annotation):  # Beanie's older spelling: `Indexed(str, unique=True)`
            self._index(vars(annotation)["_indexed"])
            return self.read(annotation.__mro__[1])
        container = self.types.project.request.containers.get(importable(annotation))
        return TypeRef(TypeKind(container)) if container else self.types.reference(annotation)

    def _generic(self, annotation: Any, origin: Any) -> TypeRef:
        args = get_args(annotation)
        if origin is Annotated:
            return self._annotated(args[0], annotation.__metadata__)
        if origin is Union or origin is types.UnionType:
            return self._union(args)
        if origin is Literal:
            values = (value.value if isinstance(value, Enum) else value for value in args)
            return TypeRef(TypeKind.LITERAL, values=tuple(values))
        if origin in _wrappers():
            return self.read(args[0])
        if hasattr(origin, "__value__"):
            return self._alias(origin)
        return self._generic_class(origin, args)

    def _generic_class(self, origin: Any, args: tuple[Any, ...]) -> TypeRef:
        for name, kind in (("Link", TypeKind.LINK), ("BackLink", TypeKind.BACKLINK)):
            if origin is library_class("beanie", name):
                return TypeRef(kind, args=(self._inside(args[0]),))
        if isinstance(origin, type):
            container = self.types.project.request.containers.get(importable(origin))
            if container:
                return self._container(TypeKind(container), args)
            if form_of(origin) is not None:
                return self.types.reference(origin, tuple(self._inside(arg) for arg in args))
        return self._class(origin)

    def _container(self, kind: TypeKind, args: tuple[Any, ...]) -> TypeRef:
        inner = tuple(self._inside(arg) for arg in args if arg is not Ellipsis)
        endless = kind is TypeKind.TUPLE and bool(args) and args[-1] is Ellipsis
        return TypeRef(TypeKind.LIST if endless else kind, args=inner)

    def _inside(self, annotation: Any) -> TypeRef:
        """Read what a container holds: its metadata says nothing about the container."""
        return replace(self, facts=Metadata()).read(annotation)

    def _union(self, args: tuple[Any, ...]) -> TypeRef:
        flat: list[TypeRef] = []
        found: list[Metadata] = []
        for arg in args:
            facts = Metadata()
            part = replace(self, facts=facts).read(arg)
            flat.extend(part.args if part.kind is TypeKind.UNION else (part,))
            if part.kind is not TypeKind.NONE:
                found.append(facts)
        if len(found) == 1:  # `PositiveInt | None`: the constraint is the field's
            self.facts.constraints.update(found[0].constraints)
        unique = tuple(dict.fromkeys(flat))
        return unique[0] if len(unique) == 1 else TypeRef(TypeKind.UNION, args=unique)

    def _annotated(self, inner: Any, metadata: Iterable[Any]) -> TypeRef:
        ref = self.read(inner)
        return self.with_metadata(ref, metadata)

    def with_metadata(self, ref: TypeRef, metadata: Iterable[Any]) -> TypeRef:
        """Return the type that metadata makes of `ref`; the rest goes to the facts."""
        decimal = _metadata_of_decimal()
        for item in metadata:
            if item in decimal:
                ref = TypeRef(TypeKind.SCALAR, "beanie.DecimalAnnotation")
            elif hasattr(item, "_indexed"):
                self._index(item._indexed)
            elif type(item).__name__ in _CONVERTING:
                self.facts.converted = True
            elif hasattr(item, "metadata"):  # a `Field(…)` inside
                ref = self.with_metadata(ref, item.metadata)
            else:
                self._constraints(item)
        return ref

    def _constraints(self, item: Any) -> None:
        for name in self.types.project.request.constraints:
            value = getattr(item, name, None)
            unbounded = name == "min_length" and value == 0 and type(item).__name__ == "Len"
            if value is not None and not unbounded:
                self.facts.constraints[name] = value

    def _index(self, indexed: tuple[Any, Mapping[str, Any]]) -> None:
        self.facts.indexed = True
        self.facts.unique |= indexed[1].get("unique") is True

    def _variable(self, variable: TypeVar) -> TypeRef:
        if variable in self.variables:
            return self.variables[variable]
        bound = getattr(variable, "__bound__", None)
        return ANY if bound is None else self.read(bound)

    def _alias(self, alias: Any) -> TypeRef:
        if any(alias is other for other in self.aliases):
            return ANY  # a type that holds itself, as JSON values do
        module = getattr(alias, "__module__", None) or self.scope.module
        inner = replace(self, scope=Scope(module), aliases=(*self.aliases, alias))
        return inner.read(alias.__value__)

    def _forward(self, annotation: str | ForwardRef) -> TypeRef:
        text = annotation if isinstance(annotation, str) else annotation.__forward_arg__
        if any(text == other for other in self.aliases):
            return ANY
        module = getattr(annotation, "__forward_module__", None) or self.scope.module
        try:
            found = evaluated(
                text, self.types.project, self.scope, getattr(module, "__name__", module)
            )
        except Exception:  # noqa: BLE001 - a text may evaluate to any error
            return self._cannot_know(text)
        inner = replace(self, aliases=(*self.aliases, text))
        return inner.read(found)

    def _cannot_know(self, text: str) -> TypeRef:
        self.types.unknown(text, self.scope)
        return TypeRef(TypeKind.UNKNOWN, text)


#: Validators that take other values than the type says; those after pydantic's own take these.
_CONVERTING = frozenset({"BeforeValidator", "PlainValidator", "WrapValidator"})


def _wrappers() -> tuple[Any, ...]:
    import typing_extensions as more  # pydantic needs it: it is there

    return (
        typing.Final,
        typing.Required,
        typing.NotRequired,
        more.Required,
        more.NotRequired,
        getattr(more, "ReadOnly", typing.Required),
    )


def _metadata_of_decimal() -> tuple[Any, ...]:
    annotation = library_class("beanie", "DecimalAnnotation")
    return tuple(getattr(annotation, "__metadata__", ()))
