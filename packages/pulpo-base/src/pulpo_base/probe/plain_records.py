"""Dataclasses, typed dictionaries and named tuples, as objects: their fields and bases."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ForwardRef, Literal, get_args, get_origin

from pulpo_base.probe.names import Scope, evaluated
from pulpo_base.probe.project import Project
from pulpo_base.type_refs import TypeRef

__all__ = [
    "PlainField",
    "decorated",
    "form_of",
    "plain_bases",
    "plain_fields",
    "type_arguments",
]

Form = Literal["dataclass", "typed_dict", "named_tuple"]


@dataclasses.dataclass(frozen=True, slots=True)
class PlainField:
    """A field, the class that declares it, and what pydantic makes of it.

    One that a dataclass makes by itself (`init=False`) is not `taken`, one that it only takes
    (`InitVar`) is not `given`.
    """

    name: str
    owner: type
    info: Any
    taken: bool = True
    given: bool = True
    required: bool = True


def form_of(cls: type) -> Form | None:
    """Return what kind of record a class is, `None` for one that is none of them."""
    from typing_extensions import is_typeddict  # pydantic needs it: it is there

    if dataclasses.is_dataclass(cls):
        return "dataclass"
    if is_typeddict(cls):
        return "typed_dict"
    named = issubclass(cls, tuple) and hasattr(cls, "_fields")
    return "named_tuple" if named else None


def _written_bases(cls: type) -> tuple[Any, ...]:
    """Return the bases as they are written: a typed dictionary's own are `dict` alone."""
    return tuple(vars(cls).get("__orig_bases__", cls.__bases__))


def plain_bases(cls: type) -> tuple[Any, ...]:
    """Return the bases that are such records themselves."""
    homes = ((base, get_origin(base) or base) for base in _written_bases(cls))
    return tuple(base for base, home in homes if isinstance(home, type) and form_of(home))


def type_arguments(
    cls: type, args: tuple[TypeRef, ...], read: Callable[[Any, Mapping[Any, TypeRef]], TypeRef]
) -> dict[type, dict[Any, TypeRef]]:
    """Return what type variables stand for in a class and in each of its bases.

    Pydantic forgets those of the bases and takes any value there; type checkers do not.
    """
    own = dict(zip(getattr(cls, "__parameters__", ()), args, strict=False))
    found = {cls: own}
    for base in plain_bases(cls):
        inner = tuple(read(arg, own) for arg in get_args(base))
        found = {**type_arguments(get_origin(base) or base, inner, read), **found}
    return found


def decorated(cls: type) -> dict[str, Any]:
    """Return what pydantic's decorators say of methods, where pydantic has not collected it."""
    return {
        name: value.decorator_info
        for base in reversed(cls.__mro__)
        for name, value in vars(base).items()
        if hasattr(value, "decorator_info")
    }


def plain_fields(cls: type, project: Project) -> Iterator[PlainField]:
    """Yield the fields as pydantic takes them."""
    match form_of(cls):
        case "dataclass":
            yield from _of_dataclass(cls, project)
        case "typed_dict":
            yield from _of_typed_dict(cls, project)
        case "named_tuple":
            yield from _of_named_tuple(cls, project)


def _of_dataclass(cls: type, project: Project) -> Iterator[PlainField]:
    from pydantic.fields import FieldInfo

    fields: Mapping[str, Any] = vars(cls).get("__dataclass_fields__") or getattr(
        cls, "__dataclass_fields__", {}
    )
    for name, item in fields.items():
        kind = item._field_type.name
        if kind == "_FIELD_CLASSVAR":
            continue
        declaring = (base for base in cls.__mro__ if "__dataclass_fields__" in vars(base))
        owner = next((base for base in declaring if name in _annotations(base)), cls)
        annotation = _object(item.type, project, Scope(owner.__module__, owner))
        default = item.default if isinstance(item.default, FieldInfo) else item
        info = FieldInfo.from_annotated_attribute(annotation, default)
        if item.init or not info.is_required():
            yield PlainField(
                name,
                owner,
                info,
                taken=item.init,
                given=kind != "_FIELD_INITVAR",
                required=info.is_required(),
            )


def _of_typed_dict(cls: type, project: Project) -> Iterator[PlainField]:
    from pydantic.fields import FieldInfo

    required: frozenset[str] = getattr(cls, "__required_keys__", frozenset())
    for name, annotation in _annotations(cls).items():
        owner = _typed_dict_owner(cls, name, annotation)
        found = _object(annotation, project, Scope(owner.__module__, owner))
        info = FieldInfo.from_annotation(found)
        said = _said_required(annotation, project, Scope(owner.__module__, owner))
        yield PlainField(name, owner, info, required=name in required if said is None else said)


def _of_named_tuple(cls: type, project: Project) -> Iterator[PlainField]:
    from pydantic.fields import FieldInfo

    owner = next(base for base in cls.__mro__ if "_fields" in vars(base))
    annotations, defaults = _annotations(owner), getattr(owner, "_field_defaults", {})
    for name in getattr(owner, "_fields", ()):
        annotation = _object(annotations.get(name, Any), project, Scope(owner.__module__, owner))
        if name in defaults:
            info = FieldInfo.from_annotated_attribute(annotation, defaults[name])
        else:
            info = FieldInfo.from_annotation(annotation)
        yield PlainField(name, owner, info, required=info.is_required())


def _annotations(cls: type) -> Mapping[str, Any]:
    found: Mapping[str, Any] = vars(cls).get("__annotations__") or getattr(
        cls, "__annotations__", {}
    )
    return found


def _typed_dict_owner(cls: type, name: str, annotation: Any) -> type:
    """Return the class that declares a key: a typed dictionary holds those of its bases as well."""
    for base in _written_bases(cls):
        home = get_origin(base) or base
        if isinstance(home, type) and _annotations(home).get(name) is annotation:
            return _typed_dict_owner(home, name, annotation)
    return cls


def _object(annotation: Any, project: Project, scope: Scope) -> Any:
    """Return an annotation as an object, without the words that are about the field."""
    if isinstance(annotation, str | ForwardRef):
        text = annotation if isinstance(annotation, str) else annotation.__forward_arg__
        try:
            annotation = evaluated(text, project, scope, scope.module)
        except Exception:  # noqa: BLE001 - a text may evaluate to any error; who reads it says so
            return ForwardRef(text)
    if isinstance(annotation, dataclasses.InitVar):
        return _object(annotation.type, project, scope)
    if get_origin(annotation) in _words_about_keys():
        return _object(get_args(annotation)[0], project, scope)
    return annotation


def _said_required(annotation: Any, project: Project, scope: Scope) -> bool | None:
    """Return what an annotation says of its key: as text, Python itself does not see it."""
    if isinstance(annotation, ForwardRef):
        try:
            annotation = evaluated(annotation.__forward_arg__, project, scope, scope.module)
        except Exception:  # noqa: BLE001 - a text may evaluate to any error; who reads it says so
            return None
    origin, words = get_origin(annotation), _words_about_keys()
    if origin in words and words[origin] is None:
        return _said_required(get_args(annotation)[0], project, scope)
    return words.get(origin)


def _words_about_keys() -> dict[Any, bool | None]:
    """Return the forms that speak of a key, and whether it is required by them."""
    import typing

    import typing_extensions as more

    found: dict[Any, bool | None] = {}
    for home in (typing, more):
        found[getattr(home, "ReadOnly", home)] = None
        found |= {home.Required: True, home.NotRequired: False}
    return found
