"""Whether a value of one type may stand where another is wanted."""

from __future__ import annotations

from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import TypeKind, TypeRef

__all__ = ["is_assignable"]

#: Other names of a type, by its plain one.
_SAME = {"beanie.DecimalAnnotation": "decimal.Decimal"}

#: A type, and the wider types that take its values.
_WIDER = {
    "bool": {"int", "float"},
    "int": {"float"},
    "pydantic.EmailStr": {"str"},
    "beanie.PydanticObjectId": {"bson.ObjectId"},
    "pydantic.AwareDatetime": {"datetime.datetime"},
    "pydantic.FutureDate": {"datetime.date"},
    "pydantic.FutureDatetime": {"datetime.datetime"},
    "pydantic.NaiveDatetime": {"datetime.datetime"},
    "pydantic.PastDate": {"datetime.date"},
    "pydantic.PastDatetime": {"datetime.datetime"},
    "pydantic.HttpUrl": {"pydantic.AnyUrl", "pydantic.AnyHttpUrl"},
}

_CONTAINERS = {TypeKind.LIST, TypeKind.SET, TypeKind.TUPLE, TypeKind.DICT}
_RECORDS = {TypeKind.MODEL, TypeKind.SCHEMA}


def is_assignable(source: TypeRef, target: TypeRef, app: AppSpec) -> bool:
    """Return whether every value of `source` is one of `target`.

    What is unknown is assignable to `Any` only: a binding is never guessed.
    """
    if target.kind is TypeKind.ANY:
        return True
    if TypeKind.UNKNOWN in {source.kind, target.kind}:
        return False
    if source == target:
        return True
    if source.kind is TypeKind.UNION:
        return all(is_assignable(part, target, app) for part in source.args)
    if target.kind is TypeKind.UNION:
        return any(is_assignable(source, part, app) for part in target.args)
    if source.kind is TypeKind.LITERAL:
        return _literal(source, target)
    if target.kind is TypeKind.SCALAR:
        return _scalar(source, target, app)
    if source.kind in _CONTAINERS and source.kind is target.kind:
        return _arguments(source, target, app)
    if source.kind in _RECORDS and target.kind in _RECORDS:
        return target.name in _ancestors(source.name, app)
    return False


def _scalar(source: TypeRef, target: TypeRef, app: AppSpec) -> bool:
    """Return whether plain values, or members of an enumeration that are such, fit."""
    name, wanted = (_SAME.get(ref.name, ref.name) for ref in (source, target))
    if source.kind is TypeKind.ENUM:
        enum = app.enum(source.name)
        name = enum.mixin if enum else ""
    elif source.kind is not TypeKind.SCALAR:
        return False
    return bool(name) and (name == wanted or wanted in _WIDER.get(name, ()))


def _literal(source: TypeRef, target: TypeRef) -> bool:
    if target.kind is TypeKind.LITERAL:
        return set(source.values) <= set(target.values)
    names = {type(value).__name__ for value in source.values}
    return target.kind is TypeKind.SCALAR and names == {target.name}


def _arguments(source: TypeRef, target: TypeRef, app: AppSpec) -> bool:
    if not target.args:
        return True
    if len(source.args) != len(target.args):
        return False
    pairs = zip(source.args, target.args, strict=True)
    return all(is_assignable(one, other, app) for one, other in pairs)


def _ancestors(key: str, app: AppSpec) -> set[str]:
    found: set[str] = set()
    pending = [key]
    while pending:
        record = app.record(pending.pop())
        for base in record.bases if record else ():
            if base not in found:
                found.add(base)
                pending.append(base)
    return found
