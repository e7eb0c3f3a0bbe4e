"""How documents come in over HTTP: the body models, and the one way through the document itself.

The body models describe what is accepted and appear in OpenAPI. They do not judge the values:
a document's own validators must see the values as they were sent, so the document class does.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar, get_origin

from beanie import Document, Link
from beanie.odm.utils.dump import get_dict
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    create_model,
)
from pydantic.fields import FieldInfo

from pulpo_base.api.documents.merge_patch import merged_fields
from pulpo_base.api.http.problems import Finding, invalid, invalid_body, not_storable, suggestion
from pulpo_base.api.shapes.annotations import (
    accepted_names,
    id_type,
    is_backlink,
    is_link,
    link_target,
    rewrite,
)
from pulpo_base.database.completion import complete
from pulpo_base.database.storable import is_storable

__all__ = ["Body"]

D = TypeVar("D", bound=Document)
Plain = dict[str, Any]


class Body(Generic[D]):
    """Reads the bodies that create, replace and patch one kind of document.

    Unknown names are refused unless the document's own configuration says `extra="allow"`.
    Links are given as ids. `id` is part of a creation only where the document requires one; it
    and fields with `frozen=True` (`fixed`) cannot be changed afterwards.
    `Create`, `Replace` and `Patch` are the models that describe the bodies.
    """

    def __init__(self, document: type[D]) -> None:
        complete(document)
        self.document = document
        self._open = document.model_config.get("extra") == "allow"
        self._fields = {
            name: info
            for name, info in document.model_fields.items()
            if name != "revision_id" and not is_backlink(info.annotation)
        }
        self._names = {
            key: name for name, info in self._fields.items() for key in accepted_names(name, info)
        }
        self._links: dict[str, TypeAdapter[Any]] = {
            name: TypeAdapter(self._as_sent(info.annotation))
            for name, info in self._fields.items()
            if is_link(info.annotation)
        }
        self.fixed = {name for name, info in self._fields.items() if info.frozen} | {"id"}
        self._changeable = self._fields.keys() - self.fixed
        id_is_given = document.model_fields["id"].is_required()
        self._creatable = self._fields.keys() - (set() if id_is_given else {"id"})
        self.Create = self._model("Create", self._creatable)
        self.Replace = self._model("Replace", self._changeable)
        self.Patch = self._model("Patch", self._changeable, partial=True)

    def new(self, body: Plain) -> D:
        """Return the document that a body describes, which has still to be judged.

        Raises `RequestValidationError`.
        """
        document = self._made(self._values(body, self._creatable))
        if not _is_part_of_a_path(document.id):
            message = "this cannot be part of a URL: give some text without a slash, no dots alone"
            raise invalid([("id_in_url", ("body", "id"), message)])
        return document

    def replacement(self, body: Plain) -> Plain:
        """Return the values by field that take the place of a document's, not yet judged.

        Raises `RequestValidationError` for unknown names and malformed links.
        """
        return self._values(body, self._changeable)

    def changes(self, body: Plain) -> Plain:
        """Return a merge patch (RFC 7396) by field; it is judged with the whole document.

        Raises `RequestValidationError` for unknown names and malformed links.
        """
        return self._values(body, self._changeable, partial=True)

    def patched(self, document: D, changes: Mapping[str, Any]) -> D:
        """Return the document with a merge patch in it, validated by its class."""
        return self.validated(merged_fields(document, changes))

    def validated(self, values: Mapping[str, Any]) -> D:
        """Return the document with these values, validated by its class.

        Raises `RequestValidationError` with the document's findings, or where the database
        cannot store a value.
        """
        document = self._made(values)
        self.judge(document)
        return document

    def judge(self, document: D) -> None:
        """Raise `RequestValidationError` where the database cannot store a value."""
        try:
            encoded = get_dict(document, to_db=True)
        except ArithmeticError as error:
            # A decimal of more than 34 digits; Beanie does not say of which field.
            raise invalid([not_storable(("body",))]) from error
        if is_storable(encoded):
            return
        raise invalid(
            not_storable(("body", name))
            for name, value in encoded.items()
            if not is_storable(value)
        )

    def _made(self, values: Mapping[str, Any]) -> D:
        try:
            document: D = self.document.model_validate(dict(values))
        except ValidationError as error:
            raise invalid_body(error) from error
        return document

    def shown_name(self, field: str) -> str:
        """Return the name that clients know a field by."""
        info = self._fields.get(field)
        return field if info is None or field == "id" else info.alias or field

    def stored_name(self, field: str) -> str:
        """Return the name under which the database keeps a field."""
        info = self._fields.get(field)
        return field if info is None else info.alias or field

    def _values(self, body: Plain, writable: set[str], *, partial: bool = False) -> Plain:
        """Return the body by field name, links as ids; what is not writable is refused."""
        values: Plain = {}
        findings: list[Finding] = []
        for key, value in body.items():
            name = self._names.get(key)
            if name is not None and name in writable:
                values[name] = value
            elif name is None and self._open:
                values[key] = value
            else:
                hint = suggestion(key, [k for k, name in self._names.items() if name in writable])
                message = (
                    f"the field {key!r} is not writable"
                    if name
                    else f"there is no field {key!r:.60}{hint}"
                )
                findings.append(("extra_forbidden", ("body", key), message))
        for name in self._links.keys() & values.keys():
            if partial and values[name] is None:
                continue
            try:
                values[name] = self._links[name].validate_python(values[name])
            except ValidationError as error:
                place = ("body", self._fields[name].alias or name)
                findings += [(e["type"], (*place, *e["loc"]), e["msg"]) for e in error.errors()]
        if findings:
            raise invalid(findings)
        return values

    def _as_sent(self, annotation: Any) -> Any:
        def leaf(part: Any) -> Any:
            if get_origin(part) is Link:
                return Annotated[id_type(link_target(part)), BeforeValidator(_given)]
            return part

        return rewrite(annotation, leaf)

    def _model(self, use: str, writable: set[str], *, partial: bool = False) -> type[BaseModel]:
        fields: dict[str, Any] = {}
        for name, info in self._fields.items():
            if name not in writable:
                continue
            annotation = id_type(self.document) if name == "id" else self._as_sent(info.annotation)
            if partial and not info.is_required():
                annotation = annotation | None  # takes the value out, so that the default applies
            fields[name] = (annotation, _described(name, info, partial=partial))
        config = ConfigDict(
            arbitrary_types_allowed=True,
            extra="allow" if self._open else "forbid",
            protected_namespaces=(),
        )
        return create_model(
            f"{self.document.__name__}{use}",
            __config__=config,
            __doc__=vars(self.document).get("__doc__"),
            __module__=self.document.__module__,
            **fields,
        )


def _is_part_of_a_path(key: Any) -> bool:
    # Servers read an encoded slash as a slash, clients resolve dots before they send a request.
    return not isinstance(key, str) or not ("/" in key or key in ("", ".", ".."))


def _given(value: Any) -> Any:
    # `ObjectId(None)` is a new id, so that a link to nothing would become one to nowhere.
    if value is None:
        raise ValueError("an id is needed")
    return value


def _described(name: str, info: FieldInfo, *, partial: bool) -> FieldInfo:
    """Return the field's facts for a body: `id` under its name, nothing required in a patch."""
    if name != "id" and not partial:
        return copy.copy(info)
    facts: dict[str, Any] = {
        "title": info.title,
        "description": info.description,
        "examples": info.examples,
        "alias": None if name == "id" else info.alias,
    }
    # A factory, because a default would appear in OpenAPI as what leaving the field out means.
    field: FieldInfo = Field(default_factory=lambda: None, **facts) if partial else Field(**facts)
    field.metadata = list(info.metadata)
    return field
