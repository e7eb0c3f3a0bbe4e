"""Stored values as they are answered: past Beanie where it would change nothing about them.

A document that has its values as its fields declare them, and nothing else to say about them, is
read by a model that holds the declared fields only: its values are judged by the same rules and
leave in the same shape, and no document is made on the way. Documents with validators, computed
fields or serializers of their own, with children or open to unknown fields are made by Beanie.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from functools import cached_property
from inspect import getclosurevars
from typing import Annotated, Any, Generic, TypeVar, cast, get_origin

from beanie import Document, Link, PydanticObjectId
from beanie.odm.utils.parsing import parse_obj
from bson import DBRef, ObjectId
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    TypeAdapter,
    ValidationError,
    create_model,
)
from pydantic.fields import FieldInfo
from pydantic_core import core_schema, from_json, to_json

from pulpo_base.api.shapes.annotations import id_type, is_backlink, link_target, rewrite
from pulpo_base.api.shapes.output import holds_documents, present
from pulpo_base.database.completion import complete

__all__ = ["Representation"]

D = TypeVar("D", bound=Document)
Values = Mapping[str, Any]
Plain = dict[str, Any]

#: What a class may define to have a say in how it is read or shown.
_HOOKS = frozenset(
    (
        *("__init__", "__new__", "__iter__", "model_validate", "model_dump"),
        *("model_construct", "__get_pydantic_core_schema__", "__getattribute__", "parse_obj"),
    )
)
#: An ObjectId as it is stored: not made anew, and shown by pydantic's own code.
_StoredId = Annotated[
    ObjectId,
    GetPydanticSchema(
        lambda _source, _handler: core_schema.is_instance_schema(
            ObjectId, serialization=core_schema.to_string_ser_schema()
        )
    ),
]
#: Where pydantic's `model_post_init` is from, which every class with private attributes has.
_PYDANTIC = "pydantic._internal._model_construction"
_OF_THE_CLASS = ("title", "json_schema_extra", "alias_generator", "model_title_generator")


class Representation(Generic[D]):
    """The answers about the documents of one class, made of what is stored."""

    def __init__(self, document: type[D]) -> None:
        self.document = document

    def parsed(self, values: Values) -> D:
        """Return the document that is stored so."""
        return cast("D", parse_obj(self.document, dict(values)))

    def json(self, values: Values) -> bytes:
        """Return the answer about one document."""
        direct = self._direct
        if direct is not None:
            try:
                found = direct.__pydantic_validator__.validate_python(values)
            except ValidationError:
                pass  # Beanie decides what becomes of it
            else:
                return direct.__pydantic_serializer__.to_json(found, by_alias=True)
        shown = present(self.parsed(values))
        return cast("bytes", shown.__pydantic_serializer__.to_json(shown, by_alias=True))

    def json_list(self, rows: Sequence[Values]) -> bytes:
        """Return the answers about several as one JSON array."""
        if self._direct_list is not None:
            try:
                found = self._direct_list.validate_python(rows)
            except ValidationError:
                pass
            else:
                return self._direct_list.dump_json(found, by_alias=True)
        return to_json([present(self.parsed(values)) for values in rows], by_alias=True)

    def plain(self, values: Values) -> Plain:
        """Return the answer about one document as JSON values."""
        (found,) = self.plain_list([values])
        return found

    def plain_list(self, rows: Sequence[Values]) -> list[Plain]:
        """Return the answers about several as JSON values."""
        # Pydantic's own JSON values would have NaN in them, which is `null` in its JSON.
        return cast("list[Plain]", from_json(self.json_list(rows)))

    # Found out at the first answer: Beanie knows then which documents have children.
    @cached_property
    def _direct(self) -> type[BaseModel] | None:
        return _model(self.document) if _is_as_declared(self.document) else None

    @cached_property
    def _direct_list(self) -> TypeAdapter[Any] | None:
        if self._direct is None:
            return None
        # Values of fields that say nothing of their type (`Any`) are written as the list says.
        said = self.document.model_config.items()
        config = {key: item for key, item in said if key.startswith("ser_json_")}
        return TypeAdapter(
            list[self._direct],  # type: ignore[name-defined]
            config=cast("ConfigDict", config),
        )


def _is_as_declared(document: type[Document]) -> bool:
    """Return whether the stored values are all that there is to say about a document."""
    said = document.__pydantic_decorators__
    own = [cls for cls in document.__mro__ if cls not in Document.__mro__]
    return not (
        any(_HOOKS & vars(cls).keys() for cls in own)
        or any(_is_own(vars(cls).get("model_post_init")) for cls in own)
        or said.validators
        or said.field_validators
        or said.root_validators
        or said.field_serializers
        or said.model_serializers
        or said.computed_fields
        or said.model_validators.keys() - {"fill_back_refs"}  # Beanie's, for what is left out here
        or document.model_config.get("extra") == "allow"
        or document._inheritance_inited
        or document.get_settings().union_doc
        or any(_holds_others(info.annotation) for info in _stored_fields(document).values())
    )


def _is_own(post_init: Any) -> bool:
    """Return whether a `model_post_init` is the user's, and not only pydantic's wrapping."""
    while post_init is not None and post_init.__module__ == _PYDANTIC:
        post_init = getclosurevars(post_init).nonlocals.get("original_model_post_init")
    return post_init is not None


def _holds_others(annotation: Any) -> bool:
    """Return whether there is a model inside that has documents or links in it."""
    found = False

    def look(part: Any) -> Any:
        nonlocal found
        if get_origin(part) is Link:
            return None  # answered as an id; nothing of the document is looked at
        if isinstance(part, type) and issubclass(part, BaseModel):
            found = found or holds_documents(part)
        return part

    rewrite(annotation, look)
    return found


def _stored_fields(document: type[Document]) -> dict[str, FieldInfo]:
    return {
        name: info
        for name, info in document.model_fields.items()
        if not is_backlink(info.annotation)
    }


def _model(document: type[Document]) -> type[BaseModel]:
    """Return the model that reads the stored fields; it shows those that answers have."""
    complete(document)
    # An encoder of the class may be meant for its ids.
    as_stored = _id_of_link if document.model_config.get("json_encoders") else _stored_id
    fields: dict[str, Any] = {}
    for name, info in _stored_fields(document).items():
        if name == "id":
            annotation = rewrite(id_type(document), as_stored)
            fields[name] = (annotation, Field(validation_alias="_id"))
        else:
            fields[name] = (rewrite(info.annotation, as_stored), copy.copy(info))
    config = {key: item for key, item in document.model_config.items() if key not in _OF_THE_CLASS}
    return create_model(
        f"{document.__name__}Stored",
        __config__=cast("ConfigDict", {"extra": "ignore", **config, "protected_namespaces": ()}),
        __module__=document.__module__,
        **fields,
    )


def _stored_id(annotation: Any) -> Any:
    if annotation is PydanticObjectId:
        return _StoredId
    if get_origin(annotation) is Link:
        kind = rewrite(id_type(link_target(annotation)), _stored_id)
        return Annotated[kind, BeforeValidator(_referred)]
    return annotation


def _id_of_link(annotation: Any) -> Any:
    if get_origin(annotation) is Link:
        return Annotated[id_type(link_target(annotation)), BeforeValidator(_referred)]
    return annotation


def _referred(value: Any) -> Any:
    return value.id if isinstance(value, DBRef) else value
