"""What is read past Beanie is answered as Beanie would have it; what cannot be, is not."""

import datetime as dt
import json
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from beanie import BackLink, DecimalAnnotation, Document, Indexed, Link
from bson import Decimal128, ObjectId
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
)

from pulpo_base.api.documents.representation import Representation, _is_as_declared
from pulpo_base.api.documents.store import Store, store_of
from pulpo_base.database import connected


class Colour(StrEnum):
    RED = "red"


class Part(BaseModel):
    size: int
    note: str = Field(default="", alias="remark")

    @field_validator("size")
    @classmethod
    def double(cls, value: int) -> int:
        return value * 2


class Maker(Document):
    title: str


class Plain(Document):
    code: Annotated[str, Indexed(unique=True)]
    price: DecimalAnnotation = Decimal("0.00")
    day: dt.date | None = None
    moment: Annotated[dt.datetime, AfterValidator(lambda moment: moment.replace(microsecond=0))]
    span: dt.timedelta = dt.timedelta(minutes=5)
    key: UUID = Field(default_factory=uuid4)
    colour: Colour = Colour.RED
    part: Part
    parts: list[Part] = Field(default_factory=list, serialization_alias="pieces")
    free: dict[str, Any] = Field(default_factory=dict)
    maker: Link[Maker] | None = None
    makers: list[Link[Maker]] = Field(default_factory=list)
    owned: list[BackLink[Maker]] = Field(
        default_factory=list, json_schema_extra={"original_field": "x"}
    )
    secret: SecretStr = SecretStr("s")
    hidden: str = Field(default="h", exclude=True)
    nick: str | None = Field(default=None, alias="nickName")
    _remembered: int = PrivateAttr(default=1)


async def both(values: dict[str, Any], document: type[Document] = Plain) -> tuple[Any, Any]:
    direct, beanie = Representation(document), Representation(document)
    vars(beanie).update(_direct=None, _direct_list=None)
    assert direct._direct is not None
    one, other = direct.json(values), beanie.json(values)
    assert json.loads(one) == direct.plain(values) == json.loads(direct.json_list([values]))[0]
    assert json.loads(other) == beanie.plain(values) == json.loads(beanie.json_list([values]))[0]
    return one, other


async def test_both_ways_answer_the_same(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, [Maker, Plain]):
        maker = await Maker(title="m").insert()
        moment = dt.datetime(2026, 5, 1, 12, 30, 5, 123456, dt.UTC)
        document = Plain(
            code="a",
            price=Decimal("9.90"),
            day=dt.date(2026, 5, 1),
            moment=moment,
            part=Part(size=1, remark="r"),
            parts=[Part(size=2)],
            free={"a": [1, {"b": moment}]},
            maker=maker,
            makers=[maker, maker],
            nickName="n",
        )
        await document.insert()
        store: Store[Plain] = store_of(Plain)
        stored = await store.find(document.id)
        assert stored is not None
        one, other = await both(stored.values)
        assert one == other
        answer = json.loads(one)
        assert (answer["price"], answer["maker"], answer["nickName"]) == (
            "9.90",
            str(maker.id),
            "n",
        )
        assert not {"_id", "hidden", "owned", "revision_id", "maker_id"} & answer.keys()
        sparse = {"_id": ObjectId(), "code": "b", "moment": moment, "part": {"size": 1}}
        for values in (
            {**sparse, "key": uuid4()},
            {**sparse, "key": uuid4(), "unknown": 1, "price": Decimal128("1.10")},
        ):
            one, other = await both(values)
            assert one == other


async def test_what_does_not_fit_is_left_to_beanie(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, [Maker, Plain]):
        assert store_of(Maker).representation._direct is not None
        with pytest.raises(ValueError, match="title"):
            store_of(Maker).representation.json({"_id": ObjectId()})
        with pytest.raises(ValueError, match="title"):
            store_of(Maker).representation.plain_list([{"_id": ObjectId()}])


class Parent(Document):
    class Settings:
        is_root = True


class Child(Parent):
    title: str = ""


async def test_what_has_a_say_is_made_by_beanie(mongodb_url: str, database_name: str) -> None:
    class Validated(Document):
        title: str = ""

        @field_validator("title")
        @classmethod
        def strip(cls, value: str) -> str:
            return value.strip()

    class Judged(Document):
        @model_validator(mode="after")
        def judge(self) -> "Judged":
            return self

    class Computed(Document):
        @computed_field  # type: ignore[prop-decorator]
        @property
        def label(self) -> str:
            return "x"

    class Serialized(Document):
        title: str = ""

        @field_serializer("title")
        def show(self, value: str) -> str:
            return value.upper()

    class Open(Document):
        model_config = ConfigDict(extra="allow")

    class Begun(Document):
        def model_post_init(self, context: Any, /) -> None:
            super().model_post_init(context)

    class Holder(BaseModel):
        maker: Link[Maker]

    class Holding(Document):
        holders: list[Holder] = Field(default_factory=list)

    class Heir(Validated):
        pass

    classes = [Validated, Judged, Computed, Serialized, Open, Begun, Holding, Heir]
    async with connected(mongodb_url, database_name, [Maker, Plain, Parent, Child, *classes]):
        for cls in (*classes, Parent, Child):
            assert not _is_as_declared(cls), cls
        assert _is_as_declared(Plain)
