"""Documents of every kind of field that there is, and what may be stored in them."""

import datetime as dt
import itertools
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID, uuid4

from beanie import DecimalAnnotation, Document, Link, PydanticObjectId
from bson import DBRef, Decimal128, ObjectId
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from hypothesis import strategies as st
from pydantic import (
    AnyUrl,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    RootModel,
    SecretStr,
    WrapSerializer,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
)
from typing_extensions import TypedDict

from pulpo_base.api.shapes.annotations import is_link

Values = dict[str, Any]

#: How `connected` reads and writes.
OPTIONS: CodecOptions[Values] = CodecOptions(
    tz_aware=True, uuid_representation=UuidRepresentation.STANDARD
)
_COUNT = itertools.count()


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Form(Enum):
    ROUND = "round"
    SQUARE = 4


class Part(BaseModel):
    size: int
    note: str = Field(default="", alias="remark")
    at: dt.datetime | None = None


class Computing(BaseModel):
    size: float = 1.0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def twice(self) -> float:
        return self.size * 2


class Telling(BaseModel):
    size: int

    @field_serializer("size")
    def tell(self, value: int) -> str:
        return f"<{value}>"


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")


class Coded(BaseModel):
    model_config = ConfigDict(
        ser_json_bytes="base64", ser_json_timedelta="float", ser_json_inf_nan="strings"
    )
    raw: bytes = b""
    span: dt.timedelta = dt.timedelta()
    ratio: float = 0.0


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    bark: str = ""


class Typed(TypedDict, total=False):
    day: dt.date


class Pair(NamedTuple):
    left: int
    right: str


@dataclass
class Data:
    number: int = 0


Rows = RootModel[list[int]]


class Maker(Document):
    title: str = ""


class Factory(Document):
    id: UUID = Field(default_factory=uuid4)  # type: ignore[assignment]


words = st.text(st.characters(codec="utf-8"), max_size=8)
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4)
numbers = st.integers(-(2**63), 2**63 - 1)
floats = st.floats() | st.sampled_from((float("nan"), float("inf"), -0.0))
#: What MongoDB stores: milliseconds, in UTC. Its years are those of Python.
moments = st.datetimes(dt.datetime.min, dt.datetime(9999, 12, 30)).map(  # noqa: DTZ001, DTZ901
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
days = st.dates().map(dt.date.isoformat)
ids = st.binary(min_size=12, max_size=12).map(ObjectId)
decimals = st.decimals(allow_nan=False, places=3, min_value=-(10**9), max_value=10**9).map(
    Decimal128
)
parts = st.fixed_dictionaries({"size": numbers}, optional={"remark": words, "at": moments})
#: What any other program may have put into a field. Not null: Beanie makes a new id of that.
scalars = st.one_of(
    *(st.booleans(), numbers, floats, words, moments, decimals, st.uuids(), ids),
    st.binary(max_size=6),
    st.sampled_from(("1", "1.5", "true", "red", "2020-01-01", "PT5M", "5eb7cf5a86d9755df3a6c593")),
)
free = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2)
)

#: Name: what a field is declared as, and values of it as they are stored.
KINDS: Mapping[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "text": (str, words),
    "number": (int, numbers),
    "limited": (Annotated[int, Field(ge=0, le=5)], st.integers(0, 5)),
    "float": (float, floats),
    "truth": (bool, st.booleans()),
    "bytes": (bytes, st.binary(max_size=6)),
    "decimal": (DecimalAnnotation, decimals),
    "decimal as text": (Decimal, st.sampled_from(("1.50", "-0", "1E+3"))),
    "moment": (dt.datetime, moments),
    "aware moment": (AwareDatetime, moments),
    "day": (dt.date, days),
    "time": (dt.time, st.times().map(dt.time.isoformat)),
    "span": (dt.timedelta, st.floats(-1e6, 1e6)),
    "uuid": (UUID, st.uuids()),
    "object id": (PydanticObjectId, ids),
    "text enum": (Colour, st.just("red")),
    "number enum": (Level, st.just(1)),
    "enum": (Form, st.sampled_from(("round", 4))),
    "literal": (Literal["a", 1], st.sampled_from(("a", 1))),
    "secret": (SecretStr, words),
    "address": (AnyUrl, st.just("http://example.org/a?b=c")),
    "host": (IPv4Address, st.just("127.0.0.1")),
    "path": (Path, st.just("a/b")),
    "pattern": (re.Pattern, st.just("a+")),
    "model": (Part, parts),
    "model that computes": (Computing, st.fixed_dictionaries({"size": floats})),
    "model that serializes": (Telling, st.fixed_dictionaries({"size": numbers})),
    "open model": (Open, st.dictionaries(names, floats, max_size=2)),
    "model with codes": (
        Coded,
        st.fixed_dictionaries({"raw": st.binary(max_size=4), "ratio": floats}),
    ),
    "models": (
        Annotated[Cat | Dog, Field(discriminator="kind")],
        st.sampled_from(({"kind": "cat"}, {"kind": "dog", "bark": "w"})),
    ),
    "root model": (Rows, st.lists(numbers, max_size=2)),
    "typed mapping": (Typed, st.fixed_dictionaries({}, optional={"day": days})),
    "tuple with names": (Pair, st.tuples(numbers, words).map(list)),
    "dataclass": (Data, st.fixed_dictionaries({}, optional={"number": numbers})),
    "union": (int | str | None, numbers | words | st.none()),
    "union of moments": (dt.datetime | float | str, moments | floats | words),
    "id or text": (PydanticObjectId | str, ids | words),
    "anything": (Any, free | st.none()),
    "mapping": (dict[str, Any], st.dictionaries(names, free, max_size=2)),
    "numbers": (dict[int, Decimal], st.just({"1": "1.5"})),
    "ids": (dict[PydanticObjectId, dt.datetime], st.dictionaries(ids.map(str), moments)),
    "enums": (dict[Colour, list[Part | None]], st.just({"red": [None, {"size": 1}]})),
    "list": (list[dt.datetime], st.lists(moments, max_size=2)),
    "set": (set[int], st.lists(numbers, max_size=2, unique=True)),
    "tuple": (tuple[float, ...], st.lists(floats, max_size=2)),
    "queue": (deque[str], st.lists(words, max_size=2)),
    "link": (Link[Maker], ids.map(lambda key: DBRef("Maker", key))),
    "link by uuid": (Link[Factory], st.uuids().map(lambda key: DBRef("Factory", key))),
    "links": (list[Link[Maker]], st.lists(ids.map(lambda key: DBRef("Maker", key)), max_size=2)),
    "links by name": (
        dict[str, Link[Maker]],
        st.dictionaries(names, ids.map(lambda key: DBRef("Maker", key)), max_size=2),
    ),
    "own serializer": (Annotated[int, PlainSerializer(lambda value: f"{value}!")], numbers),
    "wrapped serializer": (
        Annotated[float, WrapSerializer(lambda value, write: [write(value)])],
        floats,
    ),
}
#: What a class may say of all its fields.
CONFIGS: Mapping[str, ConfigDict] = {
    "bytes": ConfigDict(ser_json_bytes="base64"),
    "spans": ConfigDict(ser_json_timedelta="float"),
    "times": ConfigDict(ser_json_temporal="seconds"),
    "no numbers": ConfigDict(ser_json_inf_nan="strings"),
    "constants": ConfigDict(ser_json_inf_nan="constants"),
    "enums": ConfigDict(use_enum_values=True),
    "encoders": ConfigDict(json_encoders={dt.datetime: lambda at: at.year, Decimal: float}),
    "stripped": ConfigDict(str_strip_whitespace=True),
    "strict": ConfigDict(strict=True),
    "closed": ConfigDict(extra="forbid"),
    "open": ConfigDict(extra="allow"),
}
#: Configurations, and kinds of fields that they say something about, or might.
SAID = (
    *(("bytes", kind) for kind in ("bytes", "anything", "model with codes")),
    *(("spans", kind) for kind in ("span", "model with codes")),
    *(("times", kind) for kind in ("moment", "anything", "model")),
    *(("no numbers", kind) for kind in ("float", "anything", "model that computes")),
    *(("constants", kind) for kind in ("float", "anything")),
    *(("enums", kind) for kind in ("enum", "enums")),
    *(("encoders", kind) for kind in ("moment", "decimal", "object id", "model")),
    *(("stripped", "text"), ("strict", "float"), ("closed", "float"), ("closed", "link")),
    *(("open", "float"), ("open", "anything")),
)


class Computed(Document):
    @computed_field  # type: ignore[prop-decorator]
    @property
    def label(self) -> float:
        return float("nan")


class Judged(Document):
    @model_validator(mode="after")
    def judge(self) -> "Judged":
        return self


class Trimmed(Document):
    @field_validator("*")
    @classmethod
    def trim(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value


class Shouting(Document):
    @field_serializer("value", check_fields=False)
    def shout(self, value: Any) -> str:
        return str(value).upper()


def made(kind: str, base: type[Document] = Document, **config: Any) -> type[Document]:
    """Return a class of documents with fields of one kind, some called otherwise, some hidden."""
    annotation: Any = KINDS[kind][0]
    many: Any = list
    mapping: Any = dict
    fields: dict[str, Any] = {
        "value": annotation,
        "maybe": annotation | None,
        "many": many[annotation],
        "named": mapping[str, annotation],
        "hidden": int,
        "at_times": int,
    }
    values: dict[str, Any] = {
        "maybe": None,
        "many": Field(default_factory=list, alias="manyOf"),
        "named": Field(default_factory=dict, serialization_alias="byName"),
        "hidden": Field(default=1, exclude=True),
        "at_times": Field(default=1, exclude_if=lambda value: value == 1),
    }
    body = {"__module__": __name__, "__annotations__": fields, **values}
    return type(f"Made{next(_COUNT)}", (base,), {**body, "model_config": ConfigDict(**config)})  # type: ignore[typeddict-item]


def stored_values(kind: str) -> st.SearchStrategy[Values]:
    """Return documents as they are stored: most are as they are declared, others are not."""
    annotation, good = KINDS[kind]
    known = {
        "maybe": good | st.none(),
        "manyOf": st.lists(good, max_size=2),
        "named": st.dictionaries(names, good, max_size=2),
        "at_times": st.integers(0, 2),
        "hidden": st.integers(0, 2),
        "revision_id": st.uuids(),
    }
    proper = st.fixed_dictionaries({"_id": ids, "value": good}, optional=known)
    # A document in the place of a link has no id that could be shown.
    odd = scalars if is_link(annotation) else free
    strange = st.dictionaries(st.sampled_from(("value", *known, "other")), odd, max_size=1)
    return st.one_of(proper, proper, st.builds(lambda one, more: {**one, **more}, proper, strange))
