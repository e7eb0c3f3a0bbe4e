"""What `from library import *` brings along, as far as declarations need it."""

from __future__ import annotations

__all__ = ["STARRED"]

#: Names by the library that exports them with a star.
STARRED: dict[str, frozenset[str]] = {
    library: frozenset(names.split())
    for library, names in {
        "beanie": (
            "BackLink DecimalAnnotation Document DocumentWithSoftDelete Granularity Indexed Link "
            "PydanticObjectId TimeSeriesConfig UnionDoc View"
        ),
        "datetime": "date datetime time timedelta timezone",
        "decimal": "Decimal",
        "enum": "Enum Flag IntEnum IntFlag StrEnum auto",
        "pulpo_base": "DataModelBase OperationBase datamodel operation",
        "pydantic": (
            "AnyHttpUrl AnyUrl AwareDatetime BaseModel BeforeValidator ConfigDict EmailStr Field "
            "HttpUrl NegativeFloat NegativeInt NonNegativeFloat NonNegativeInt PositiveFloat "
            "PositiveInt RootModel SecretBytes SecretStr StringConstraints computed_field conint "
            "constr field_validator model_validator"
        ),
        "typing": (
            "Annotated Any ClassVar Dict Final FrozenSet Generic List Literal Mapping NamedTuple "
            "NewType Optional Sequence Set Tuple Type TypeVar TypedDict Union"
        ),
    }.items()
}
