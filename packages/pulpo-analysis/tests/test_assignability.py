"""Which type takes the values of which."""

from __future__ import annotations

import pytest

from pulpo_analysis import AppSpec
from pulpo_analysis.dataflow.assignability import is_assignable
from pulpo_base.specs import EnumSpec, SchemaSpec, SourceLocation, TypeKind, TypeRef

PLACE = SourceLocation("m.py")
APP = AppSpec(
    "app",
    schemas=(
        SchemaSpec("Base", "m", "Base", PLACE, bases=("pydantic.BaseModel",)),
        SchemaSpec("Child", "m", "Child", PLACE, bases=("m.Base",)),
        SchemaSpec("Grandchild", "m", "Grandchild", PLACE, bases=("m.Child",)),
    ),
    enums=tuple(
        EnumSpec(name, "m", name, PLACE, (("A", None),), mixin)
        for name, mixin in (("Color", ""), ("Word", "str"), ("Number", "int"))
    ),
)


def _scalar(name: str) -> TypeRef:
    return TypeRef(TypeKind.SCALAR, name)


def _of(kind: TypeKind, *args: TypeRef) -> TypeRef:
    return TypeRef(kind, args=args)


def _schema(name: str) -> TypeRef:
    return TypeRef(TypeKind.SCHEMA, f"m.{name}")


INT, STR, FLOAT, BOOL = map(_scalar, ("int", "str", "float", "bool"))
ANY, NONE, UNKNOWN = TypeRef(TypeKind.ANY), TypeRef(TypeKind.NONE), TypeRef(TypeKind.UNKNOWN, "x")
ENUM, WORD, NUMBER = (TypeRef(TypeKind.ENUM, f"m.{name}") for name in ("Color", "Word", "Number"))


@pytest.mark.parametrize(
    ("source", "target", "wanted"),
    [
        (INT, INT, True),
        (INT, FLOAT, True),
        (BOOL, INT, True),
        (FLOAT, INT, False),
        (INT, STR, False),
        (INT, ANY, True),
        (UNKNOWN, ANY, True),
        (ANY, INT, False),
        (UNKNOWN, UNKNOWN, False),
        (NONE, INT, False),
        (INT, _of(TypeKind.UNION, INT, NONE), True),
        (_of(TypeKind.UNION, INT, NONE), INT, False),
        (_of(TypeKind.UNION, INT, NONE), _of(TypeKind.UNION, NONE, FLOAT, STR), True),
        (_scalar("beanie.DecimalAnnotation"), _scalar("decimal.Decimal"), True),
        (_scalar("decimal.Decimal"), _scalar("beanie.DecimalAnnotation"), True),
        (_scalar("pydantic.EmailStr"), STR, True),
        (STR, _scalar("pydantic.EmailStr"), False),
        (_schema("Grandchild"), _schema("Base"), True),
        (_schema("Base"), _schema("Child"), False),
        (_of(TypeKind.LIST, _schema("Child")), _of(TypeKind.LIST, _schema("Base")), True),
        (_of(TypeKind.LIST, INT), _of(TypeKind.LIST), True),
        (_of(TypeKind.LIST), _of(TypeKind.LIST, INT), False),
        (_of(TypeKind.LIST, INT), _of(TypeKind.SET, INT), False),
        (_of(TypeKind.DICT, STR, INT), _of(TypeKind.DICT, STR, FLOAT), True),
        (_of(TypeKind.TUPLE, INT, INT), _of(TypeKind.TUPLE, INT), False),
        (TypeRef(TypeKind.LITERAL, values=("a",)), STR, True),
        (TypeRef(TypeKind.LITERAL, values=("a", 1)), STR, False),
        (
            TypeRef(TypeKind.LITERAL, values=("a",)),
            TypeRef(TypeKind.LITERAL, values=("a", "b")),
            True,
        ),
        (STR, TypeRef(TypeKind.LITERAL, values=("a",)), False),
        (ENUM, ENUM, True),
        (ENUM, STR, False),
        (WORD, STR, True),
        (WORD, INT, False),
        (WORD, ENUM, False),
        (STR, WORD, False),
        (NUMBER, FLOAT, True),
        (NUMBER, BOOL, False),
        (_of(TypeKind.LIST, WORD), _of(TypeKind.LIST, STR), True),
        (TypeRef(TypeKind.ENUM, "m.Nobody"), STR, False),
    ],
    ids=str,
)
def test_is_assignable(source: TypeRef, target: TypeRef, wanted: bool) -> None:
    assert is_assignable(source, target, APP) is wanted
