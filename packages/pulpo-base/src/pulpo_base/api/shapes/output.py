"""How documents leave over HTTP: `id` instead of `_id`, links as ids, what is private left out.

`read_model` is the shape of a document, `readable` the shape of any type that may hold one, and
`present` turns a value into its shape. Nothing is validated again: Beanie has done that.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast, get_origin

from beanie import Document, Link
from pydantic import BaseModel, ConfigDict, Field, RootModel, create_model, field_serializer
from pydantic.fields import FieldInfo

from pulpo_base.api.shapes.annotations import id_type, is_backlink, is_link, link_target, rewrite
from pulpo_base.database.completion import complete

__all__ = ["holds_documents", "present", "read_model", "readable"]

Converter = Callable[[Any], Any]

#: What a document's configuration says about JSON and types goes for its shape as well.
_KEPT_CONFIG = (
    "arbitrary_types_allowed",
    "json_encoders",
    "ser_json_bytes",
    "ser_json_inf_nan",
    "ser_json_temporal",
    "ser_json_timedelta",
    "use_enum_values",
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The model that stands for a class over HTTP, and how each field's value gets into it."""

    model: type[BaseModel]
    converters: tuple[tuple[str, Converter | None], ...]
    keeps_extra: bool

    def of(self, value: BaseModel) -> BaseModel:
        fields = {
            name: getattr(value, name) if convert is None else convert(getattr(value, name))
            for name, convert in self.converters
        }
        extra = (value.__pydantic_extra__ or {}) if self.keeps_extra else {}
        return self.model.model_construct(**fields, **extra)


def read_model(document: type[Document]) -> type[BaseModel]:
    """Return the model of a document in responses, called `<Document>Read`.

    It has the document's fields under their aliases and its computed fields; `id` is called so,
    a link is the id that it refers to. `revision_id`, back links and fields with `exclude=True`
    are left out. Raises `TypeError` where an annotation names no known document.
    """
    cls: type[BaseModel] = document
    return _shape(cls).model


def readable(annotation: Any) -> Any:
    """Return the annotation with each document, link and model that holds one replaced."""
    return rewrite(annotation, _readable_leaf)


def present(value: Any) -> Any:
    """Return the value in the shape that `readable` has for its type."""
    if isinstance(value, BaseModel):
        shape = _shape_if_needed(type(value))
        return value if shape is None else shape.of(value)
    if isinstance(value, list | tuple):
        return [present(item) for item in value]
    if isinstance(value, dict):
        return {key: present(item) for key, item in value.items()}
    return _ids(value) if isinstance(value, Link) else value


def _readable_leaf(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        shape = _shape_if_needed(annotation)
        return annotation if shape is None else shape.model
    return annotation


def _shape_if_needed(model: type[BaseModel]) -> _Shape | None:
    return _shape(model) if holds_documents(model) else None


@lru_cache(maxsize=4096)
def holds_documents(model: type[BaseModel], seen: frozenset[type[BaseModel]] = frozenset()) -> bool:
    """Return whether a model is a document or has one, or a link, in a field at any depth.

    `seen` are the models that are being looked into already.
    """
    if issubclass(model, Document):
        return True
    # A root model has no shape of its own: its one field is the whole value.
    if model in seen or issubclass(model, RootModel):
        return False
    complete(model)
    found = False

    def look(annotation: Any) -> Any:
        nonlocal found
        if get_origin(annotation) is Link:
            found = True
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found = found or holds_documents(annotation, seen | {model})
        return annotation

    for info in model.model_fields.values():
        rewrite(info.annotation, look)
    return found


@lru_cache(maxsize=4096)
def _shape(cls: type[BaseModel]) -> _Shape:
    complete(cls)
    fields: dict[str, Any] = {}
    converters: list[tuple[str, Converter | None]] = []
    for name, info in cls.model_fields.items():
        if info.exclude or is_backlink(info.annotation):
            continue
        fields[name] = _field(cls, name, info)
        converters.append((name, _converter(info.annotation, fields[name][0])))
    for name, computed in cls.model_computed_fields.items():
        returned = readable(computed.return_type)
        alias = computed.alias or name
        fields[name] = (
            returned,
            Field(alias=alias, title=computed.title, description=computed.description),
        )
        converters.append((name, present))
    keeps_extra = cls.model_config.get("extra") == "allow"
    config = ConfigDict(
        extra="allow" if keeps_extra else "ignore",
        protected_namespaces=(),
        json_schema_serialization_defaults_required=True,
    )
    config.update(
        cast("ConfigDict", {k: v for k, v in cls.model_config.items() if k in _KEPT_CONFIG})
    )
    suffix = "Read" if issubclass(cls, Document) else "Output"
    model = create_model(
        f"{cls.__name__}{suffix}",
        __config__=config,
        __doc__=cls.__doc__ if "__doc__" in vars(cls) else None,
        __module__=cls.__module__,
        __validators__=_serializers(cls, fields),
        **fields,
    )
    return _Shape(model, tuple(converters), keeps_extra)


def _field(cls: type[BaseModel], name: str, info: FieldInfo) -> tuple[Any, FieldInfo]:
    if name == "id" and issubclass(cls, Document):
        return id_type(cls), Field(description=info.description or "The id of the document.")

    def leaf(annotation: Any) -> Any:
        if get_origin(annotation) is Link:
            return id_type(link_target(annotation))
        return _readable_leaf(annotation)

    return rewrite(info.annotation, leaf), copy.copy(info)


def _converter(before: Any, after: Any) -> Converter | None:
    if after is before:
        return None
    return _ids if is_link(before) else present


def _ids(value: Any) -> Any:
    """Return the id of a link, fetched or not, and those of the links in a container."""
    match value:
        case Link():
            return value.ref.id
        case Document():
            return value.id
        case list() | tuple():
            return [_ids(item) for item in value]
        case dict():
            return {key: _ids(item) for key, item in value.items()}
    return value


def _serializers(cls: type[BaseModel], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the class' own `@field_serializer` functions for the fields that are kept."""
    found: dict[str, Any] = {}
    for name, decorator in cls.__pydantic_decorators__.field_serializers.items():
        names = [field for field in decorator.info.fields if field in fields or field == "*"]
        if names:
            mark = cast("Any", field_serializer)(
                *names,
                mode=decorator.info.mode,
                return_type=decorator.info.return_type,
                when_used=decorator.info.when_used,
                check_fields=False,
            )
            found[name] = mark(vars(decorator.func).get("__func__", decorator.func))
    return found
