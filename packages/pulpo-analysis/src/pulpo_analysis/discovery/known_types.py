"""The types of other libraries whose meaning Pulpo knows, by their importable names."""

from __future__ import annotations

from typing import Any

from pulpo_base.specs import TypeKind, TypeRef

__all__ = ["CONSTRAINED", "CONSTRAINING", "CONSTRAINTS", "CONTAINERS", "SCALARS", "SPECIAL"]


def _scalar(name: str) -> TypeRef:
    return TypeRef(TypeKind.SCALAR, name)


_BUILTIN_SCALARS = ("bool", "bytes", "complex", "float", "int", "str")

_LIBRARY_SCALARS = (
    "beanie.DecimalAnnotation",
    "beanie.PydanticObjectId",
    "bson.ObjectId",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "decimal.Decimal",
    "ipaddress.IPv4Address",
    "ipaddress.IPv6Address",
    "pathlib.Path",
    "pydantic.AnyHttpUrl",
    "pydantic.AnyUrl",
    "pydantic.AwareDatetime",
    "pydantic.EmailStr",
    "pydantic.FutureDate",
    "pydantic.FutureDatetime",
    "pydantic.HttpUrl",
    "pydantic.Json",
    "pydantic.NaiveDatetime",
    "pydantic.PastDate",
    "pydantic.PastDatetime",
    "pydantic.SecretBytes",
    "pydantic.SecretStr",
    "uuid.UUID",
)

#: Importable name to type. Several libraries re-export a name: each spelling means the first.
SCALARS: dict[str, TypeRef] = {
    **{f"builtins.{name}": _scalar(name) for name in _BUILTIN_SCALARS},
    **{name: _scalar(name) for name in _LIBRARY_SCALARS},
    "beanie.odm.custom_types.DecimalAnnotation": _scalar("beanie.DecimalAnnotation"),
    "beanie.odm.fields.PydanticObjectId": _scalar("beanie.PydanticObjectId"),
    "bson.objectid.ObjectId": _scalar("bson.ObjectId"),
    "pydantic.UUID4": _scalar("uuid.UUID"),
}

#: Pydantic's names for a constrained scalar.
CONSTRAINED: dict[str, tuple[TypeRef, dict[str, Any]]] = {
    "pydantic.NegativeFloat": (_scalar("float"), {"lt": 0}),
    "pydantic.NegativeInt": (_scalar("int"), {"lt": 0}),
    "pydantic.NonNegativeFloat": (_scalar("float"), {"ge": 0}),
    "pydantic.NonNegativeInt": (_scalar("int"), {"ge": 0}),
    "pydantic.NonPositiveFloat": (_scalar("float"), {"le": 0}),
    "pydantic.NonPositiveInt": (_scalar("int"), {"le": 0}),
    "pydantic.PositiveFloat": (_scalar("float"), {"gt": 0}),
    "pydantic.PositiveInt": (_scalar("int"), {"gt": 0}),
    "pydantic.StrictBool": (_scalar("bool"), {"strict": True}),
    "pydantic.StrictBytes": (_scalar("bytes"), {"strict": True}),
    "pydantic.StrictFloat": (_scalar("float"), {"strict": True}),
    "pydantic.StrictInt": (_scalar("int"), {"strict": True}),
    "pydantic.StrictStr": (_scalar("str"), {"strict": True}),
}

#: Pydantic's functions that make a constrained type; those that make a container take its items.
CONSTRAINING: dict[str, TypeRef | TypeKind] = {
    "pydantic.conbytes": _scalar("bytes"),
    "pydantic.condate": _scalar("datetime.date"),
    "pydantic.condecimal": _scalar("decimal.Decimal"),
    "pydantic.confloat": _scalar("float"),
    "pydantic.confrozenset": TypeKind.SET,
    "pydantic.conint": _scalar("int"),
    "pydantic.conlist": TypeKind.LIST,
    "pydantic.conset": TypeKind.SET,
    "pydantic.constr": _scalar("str"),
}

#: Generic containers; what is left out of the brackets means `Any`.
CONTAINERS: dict[str, TypeKind] = {
    "builtins.dict": TypeKind.DICT,
    "builtins.frozenset": TypeKind.SET,
    "builtins.list": TypeKind.LIST,
    "builtins.set": TypeKind.SET,
    "builtins.tuple": TypeKind.TUPLE,
    "collections.abc.Iterable": TypeKind.LIST,
    "collections.abc.Mapping": TypeKind.DICT,
    "collections.abc.MutableMapping": TypeKind.DICT,
    "collections.abc.Sequence": TypeKind.LIST,
    "collections.abc.Set": TypeKind.SET,
    "typing.Dict": TypeKind.DICT,
    "typing.FrozenSet": TypeKind.SET,
    "typing.Iterable": TypeKind.LIST,
    "typing.List": TypeKind.LIST,
    "typing.Mapping": TypeKind.DICT,
    "typing.Sequence": TypeKind.LIST,
    "typing.Set": TypeKind.SET,
    "collections.abc.MutableSequence": TypeKind.LIST,
    "collections.abc.MutableSet": TypeKind.SET,
    "collections.deque": TypeKind.LIST,
    "collections.defaultdict": TypeKind.DICT,
    "collections.OrderedDict": TypeKind.DICT,
    "typing.AbstractSet": TypeKind.SET,
    "typing.Deque": TypeKind.LIST,
    "typing.DefaultDict": TypeKind.DICT,
    "typing.MutableMapping": TypeKind.DICT,
    "typing.MutableSequence": TypeKind.LIST,
    "typing.MutableSet": TypeKind.SET,
    "typing.Tuple": TypeKind.TUPLE,
}

#: Names that change how their parameters are read.
SPECIAL: dict[str, str] = {
    **{
        f"{home}.{name}": name.lower()
        for home in ("typing", "typing_extensions")
        for name in (
            "Annotated",
            "Any",
            "ClassVar",
            "Final",
            "Literal",
            "Optional",
            "Union",
            "Required",
            "NotRequired",
            "ReadOnly",
            "Self",
        )
    },
    "builtins.None": "none",
    "builtins.object": "any",
    "dataclasses.InitVar": "initvar",
    "dataclasses.KW_ONLY": "classvar",
    "pydantic.JsonValue": "any",
    "beanie.Link": "link",
    "beanie.BackLink": "backlink",
    "beanie.Indexed": "indexed",
    "beanie.odm.fields.BackLink": "backlink",
    "beanie.odm.fields.Indexed": "indexed",
    "beanie.odm.fields.Link": "link",
}

#: Pydantic's constraints; a `Field` may carry other things, which are no constraints.
CONSTRAINTS = frozenset(
    [
        "decimal_places",
        "ge",
        "gt",
        "le",
        "lt",
        "max_digits",
        "max_length",
        "min_length",
        "multiple_of",
        "pattern",
        "strict",
    ]
)
