"""What lint says of Beanie and pydantic, tried on the installed ones."""

from __future__ import annotations

import sys
import textwrap
import types
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import pytest
from beanie import BackLink, Document, Indexed, Link, init_beanie
from beanie.odm.utils.encoder import Encoder
from beanie.odm.utils.init import Initializer
from beanie.odm.utils.typing import get_index_attributes
from pydantic import BaseModel, Field, SecretStr, ValidationError
from pymongo import AsyncMongoClient
from pymongo.errors import DuplicateKeyError

from pulpo_base import DataModelBase
from pulpo_base.api.lists.allowed_fields import allowed_fields
from pulpo_base.database.completion import complete


class Claimed(Document):
    """A document with each marker that is spoken of."""

    marked: Annotated[str, Indexed(unique=True)]
    optional: Annotated[str | None, Indexed(unique=True)] = None
    extra: str = Field("x", json_schema_extra={"unique": True})
    listed: list[Annotated[str, Indexed(unique=True)]]
    link: Link[Document]
    secret: SecretStr
    silent: BackLink[Document]
    told: BackLink[Document] = Field(json_schema_extra={"original_field": "link"})
    wrong: BackLink[Document] = Field(json_schema_extra={"original_field": "nothing"})


@pytest.fixture
def module() -> Iterator[types.ModuleType]:
    """A module that names a plain model, and a document, of which it has neither."""
    code = """
        from beanie import Document

        class Waiting(Document):
            other: "Claimed"

        class Hopeless(Document):
            other: "Address"
    """
    made = types.ModuleType("claimed_late")
    sys.modules[made.__name__] = made
    exec(textwrap.dedent(code), made.__dict__)  # noqa: S102  # our own text, above
    yield made
    del sys.modules[made.__name__]


def test_plm015_a_back_link_without_its_other_end_stops_beanie() -> None:
    initializer = object.__new__(Initializer)
    fields = Claimed.model_fields
    with pytest.raises(ValidationError, match="lookup_field_name"):
        initializer.detect_link(fields["silent"], "silent")
    for name, field in (("told", "link"), ("wrong", "nothing")):
        found = initializer.detect_link(fields[name], name)
        assert found is not None
        assert found.lookup_field_name == field


def test_plm021_only_a_marker_around_the_whole_type_makes_an_index() -> None:
    fields = Claimed.model_fields
    indexed = {name for name, field in fields.items() if get_index_attributes(field)}
    assert indexed == {"marked", "optional"}


def test_plm016_a_document_is_completed_and_another_name_is_not(
    module: types.ModuleType,
) -> None:
    assert not module.Waiting.__pydantic_complete__
    complete(module.Waiting)
    assert module.Waiting.__pydantic_complete__
    with pytest.raises(TypeError, match="no imported document has that name"):
        complete(module.Hopeless)


def test_plm018_a_default_is_made_once_and_plo035_pydantic_copies_what_is_mutable() -> None:
    class Record(BaseModel):
        at: datetime = datetime.now()  # noqa: DTZ005
        names: list[str] = []

    first, second = Record(), Record()
    first.names.append("x")
    assert first.at is second.at
    assert second.names == []


def test_plm022_a_secret_is_masked_where_it_is_shown() -> None:
    class User(BaseModel):
        password: SecretStr

    assert User(password=SecretStr("hunter2")).model_dump_json() == '{"password":"**********"}'


def test_plm025_two_fields_of_one_name_get_one_value() -> None:
    class Record(BaseModel):
        a: int
        b: int = Field(alias="a")

    record = Record.model_validate({"a": 1})
    assert (record.a, record.b) == (1, 1)
    assert record.model_dump(by_alias=True) == {"a": 1}


def test_plm026_beanie_does_not_store_what_pydantic_leaves_out() -> None:
    class User(BaseModel):
        name: str
        password: str = Field(exclude=True)

    stored = Encoder(to_db=True).encode(User(name="Ada", password="hunter2"))
    assert stored == {"name": "Ada"}
    with pytest.raises(ValidationError, match="password"):
        User.model_validate(stored)


class Listed(Document, DataModelBase):
    """What lists may and may not use."""

    at: dict[str, int] = Field(default_factory=dict)
    tags: list[str] = Field(default_factory=list)
    age: int = 0
    name: str = ""


@pytest.mark.parametrize(
    ("hint", "refused", "offered"),
    [
        ("searchable_fields", "age", "tags"),
        ("sortable_fields", "tags", "age"),
        ("filterable_fields", "at", "tags"),
    ],
)
def test_plm027_the_api_refuses_what_no_list_can_use(
    hint: str, refused: str, offered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Listed, hint, [refused])
    with pytest.raises(ValueError, match=f"Listed.{hint}: '{refused}' is no"):
        allowed_fields(Listed)
    monkeypatch.setattr(Listed, hint, [offered])
    allowed_fields(Listed)


class Sparse(Document):
    """Beanie stores null where there is no value."""

    vat_id: Annotated[str | None, Indexed(unique=True, sparse=True)] = None


class Absent(Sparse):
    """Here it stores nothing."""

    class Settings:
        keep_nulls = False


async def test_plm029_a_unique_index_takes_null_for_a_value(mongodb_url: str) -> None:
    async with AsyncMongoClient[dict[str, Any]](mongodb_url) as client:
        await init_beanie(client["claims"], document_models=[Sparse, Absent])
        await Absent.insert_many([Absent(), Absent()])
        await Sparse().insert()
        with pytest.raises(DuplicateKeyError):
            await Sparse().insert()


def test_plo034_moments_with_and_without_a_zone_cannot_be_compared() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(TypeError):
        assert naive < naive.astimezone()
