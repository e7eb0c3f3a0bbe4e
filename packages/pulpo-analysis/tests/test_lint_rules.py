"""What each lint rule finds and, as important, what it leaves alone.

The pages under `docs/errors/` show the plain case of each code; here stand the others.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pulpo_analysis import Analysis
from pulpo_analysis.diagnostics.catalogue import CATALOGUE
from pulpo_analysis.validation.rule import Project
from pulpo_analysis.validation.rules import RULES
from pulpo_analysis.validation.words import is_plural, pascal_case, singular, words_of

MODELS = """
from __future__ import annotations

import datetime as dt
import uuid
from datetime import UTC, datetime
from enum import Enum
from decimal import Decimal
from typing import Annotated, ClassVar

from beanie import BackLink, Document, Indexed, Link, PydanticObjectId
from pulpo_base import DataModelBase, datamodel
from pydantic import BaseModel, BeforeValidator, Field, SecretStr


class Settings(BaseModel):
    theme: str = "light"
    keys: list[Annotated[str, Indexed(unique=True)]] = []


class Tag(BaseModel):
    label: Annotated[str, Indexed(unique=True)]


@datamodel
class Customer(Document):
    '''Somebody who buys.'''

    name: str
    orders: list[BackLink[Order]] = Field(
        default=[], json_schema_extra={"original_field": "custommer"}
    )
    unlinked: list[BackLink[Order]] = Field(default=[], json_schema_extra=EXTRA)


@datamodel
class Order(Document, DataModelBase):
    '''What a customer wants to have.'''

"""


@pytest.fixture
def found(analysed: Callable[..., Analysis]) -> Callable[..., list[tuple[str, str]]]:
    """Return a function: fields of a model and code to `(code, subject)` of its findings."""

    def run(fields: str = "", code: str = "") -> list[tuple[str, str]]:
        body = "".join(f"    {line}\n" for line in fields.strip().splitlines())
        files = {"models.py": MODELS.lstrip() + body, "operations.py": code}
        analysis = analysed(files)
        lines = {path: text.splitlines() for path, text in files.items()}
        return [
            (item.code, lines[item.location.path][item.location.line - 1].strip())
            for item in analysis.diagnostics
            if item.location and item.code != "PLO005"
        ]

    return run


NO_NULLS = "\nclass Settings:\n        keep_nulls = False"
PARTIAL = "partialFilterExpression={'a': {'$gt': ''}}"
#: What the models above have to say for themselves: not what the tests are about.
KNOWN = {
    ("PLM015", "orders: list[BackLink[Order]] = Field("),
}


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        # ids of models
        ("customer_id: str | None = None", {"PLM010"}),
        ("customer_ids: list[PydanticObjectId] = []", {"PLM010"}),
        ("customer_id: int", set()),
        ("trace_id: str", set()),
        ("customer_idea: str", set()),
        # plurals
        ("customers: Link[Customer]", {"PLM011"}),
        ("settings: Settings", {"PLM021"}),
        ("status: str\naddress: str\nnotes: str\nbus: str", set()),
        ("points: int\ndays: float\nprices: dict[str, int]", set()),
        ("tag: list[Tag]", {"PLM012", "PLM021"}),
        ("label: list[str]\nhistory: list[str]\npath: list[str]\ndata: list[int]", {"PLM012"}),
        ("children: list[str]\npeople: list[str]", set()),
        # back links, see above, and links
        ("customer: Link[Customer]", set()),
        # moments
        ("at: datetime = datetime.now()", {"PLM017", "PLM018"}),
        ("at: datetime = Field(default_factory=dt.datetime.now)", {"PLM017"}),
        ("at: datetime = Field(default=datetime.now(UTC))", {"PLM018"}),
        ("at: datetime = Field(default_factory=lambda: datetime.now(UTC))", set()),
        ("at: datetime = Field(default_factory=lambda: datetime.now())", {"PLO034"}),
        ("key: uuid.UUID = Field(default_factory=uuid.uuid4)", set()),
        # indexes
        ("sortable_fields = ['a', 'id']\na: int\nb: int", {"PLM019"}),
        ("sortable_fields = ['a']\na: Annotated[int, Indexed()]", set()),
        ("filterable_fields = ['a', 'b']\na: Annotated[int, Indexed()]\nb: int", {"PLM019"}),
        ("filterable_fields = ['tags.label']\ntags: list[Tag]", {"PLM019", "PLM021"}),
        ("filterable_fields = ['a']\na: dict[str, int]", {"PLM019", "PLM027"}),
        ("filterable_fields = ['a']\na: Annotated[SecretStr, Indexed()]", {"PLM027"}),
        ("sortable_fields = ['a']\na: Annotated[list[int], Indexed()]", {"PLM027"}),
        ("searchable_fields = ['a']\na: int | None", {"PLM027"}),
        ("searchable_fields = ['tags']\ntags: list[Tag]", {"PLM021", "PLM027"}),
        ("searchable_fields = ['tags.lable']\ntags: list[Tag]", {"PLM021", "PLM027"}),
        ("searchable_fields = ['tags.label']\ntags: list[Tag]", {"PLM021"}),
        ("searchable_fields = ['a', 'b', 'c']\na: str\nb: list[str]\nc: str | None", set()),
        ("a: str = Field('x', json_schema_extra={'unique': True})", {"PLM021"}),
        ("a: list[Annotated[str, Indexed()]] = []", {"PLM021"}),
        # what is unique, and may be missing
        ("a: Annotated[str | None, Indexed(unique=True)] = None", {"PLM029"}),
        ("a: Annotated[str | None, Indexed(unique=True, sparse=True)]", {"PLM029"}),
        ("a: Annotated[str | None, Indexed(unique=True, sparse=True)]" + NO_NULLS, set()),
        ("a: Annotated[str | None, Indexed(unique=True)]" + NO_NULLS, {"PLM029"}),
        (f"a: Annotated[str | None, Indexed(unique=True, {PARTIAL})] = None", set()),
        ("a: Annotated[str, Indexed(unique=True)]", set()),
        ("a: Annotated[str | None, Indexed()] = None", set()),
        # decimals
        ("a: Decimal", {"PLM005"}),
        ("a: Annotated[Decimal, BeforeValidator(str)]", set()),
        # what has no place in BSON
        ("a: dt.time | None = None", {"PLM028"}),
        ("a: dict[str, list[dt.time]]", {"PLM028"}),
        ("a: Annotated[dt.time, BeforeValidator(str)]", set()),
        ("a: dt.time\nclass Settings:\n        bson_encoders = {dt.time: str}", set()),
        ("a: dt.timedelta\nb: dt.date\nc: bytes", set()),
        # without an annotation
        ("a = 1", {"PLD017"}),
        ("a = Field(1)", {"PLD017"}),
        ("a = [dt.date(2020, 1, 1)]\nb = dt.date(2020, 1, 1)\n_c = 1", {"PLD017"}),
        ("a: int\na = 1", set()),
        ("id: int = 1", set()),
        ("a = property(lambda self: 1)\nb = staticmethod(len)\nc = Tag", set()),
        ("a: ClassVar[int] = 1\nsearchable_fields = ()\nmodel_config = {}", set()),
        # what is left out
        ("a: int = Field(exclude=True)", {"PLM026"}),
        ("a: Annotated[int, Field(exclude=True)] = 0", {"PLM026"}),
        ("a: int = Field(exclude=False)", set()),
        ("token: str = Field('', exclude=True)", {"PLM026"}),
        # secrets
        ("password_hash: str", {"PLM022"}),
        ("password_changed_at: datetime", set()),
        ("api_keys: list[str] = []", {"PLM022"}),
        ("card_number: str", {"PLM022"}),
        ("token: str | None = None", {"PLM022"}),
        ("token: SecretStr\nsecret: SecretStr | None = None", set()),
        ("token_count: int\nkey: str\nsecretary: str\ncontinuation_token: str", set()),
        # spelling
        ("adress: str", {"PLM023"}),
        ("invoice_a: int\ninvoice_b: int\ninvoice_c: int\ninvocie_d: int", {"PLM023"}),
        ("quiet_a: int\nquiet_b: int\nquiet_c: int\nquite: int", set()),
        ("price_a: int\nprice_b: int\nprice_c: int\nprices: list[int] = []", set()),
        # JSON names
        ("a: int\nb: int = Field(alias='a')", {"PLM025"}),
        ("a: int = Field(alias='b')\nb: int = Field(alias='a')", set()),
    ],
    ids=lambda value: value.partition("\n")[0][:50] if isinstance(value, str) else "",
)
def test_fields(field: str, codes: set[str], found: Callable[..., list[tuple[str, str]]]) -> None:
    said = [item for item in found(field) if item not in KNOWN]
    assert {code for code, _ in said} == codes


def test_a_back_link_with_a_wrong_name_is_a_warning_and_one_that_cannot_be_known_is_none(
    found: Callable[..., list[tuple[str, str]]],
) -> None:
    assert {item for item in found("customer: Link[Customer]") if item in KNOWN} == {
        ("PLM015", "orders: list[BackLink[Order]] = Field(")
    }


OPERATIONS = """
import asyncio
import subprocess as sp
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import sleep as wait
from typing import ClassVar

import requests
from pulpo_base import OperationBase, operation
from pydantic import BaseModel


class Plain:
    names = []
    LIMITS = [1]
    shared: ClassVar[list[int]] = []


class Result(BaseModel):
    names: list[str] = []
    plain: "Plain | None" = None


@operation(name="things.collect")
async def collect() -> None:
    '''Fetch everything that is new.'''
    {body}
"""


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("time.sleep(1)", {"PLO033"}),
        ("wait(1)", {"PLO033"}),
        ("await asyncio.sleep(1)", set()),
        ("await asyncio.to_thread(time.sleep, 1)", set()),
        ("await asyncio.to_thread(lambda: time.sleep(1))", set()),
        ("def slow():\n        time.sleep(1)\n    await asyncio.to_thread(slow)", set()),
        ("requests.get('x')", {"PLO033"}),
        ("sp.run(['x'])", {"PLO033"}),
        ("open('x').read()", {"PLO033"}),
        ("Path('x').read_text()", {"PLO033"}),
        ("from urllib.request import urlopen\n    urlopen('x')", {"PLO033"}),
        ("async def inner(time):\n        time.sleep(1)", set()),
        ("print(datetime.now())", {"PLO034"}),
        ("print(datetime.fromtimestamp(0))", {"PLO034"}),
        ("print(datetime.now(UTC), datetime.now(tz=UTC), datetime.fromtimestamp(0, UTC))", set()),
        ("print(datetime.now().astimezone(), datetime.now().replace(tzinfo=UTC))", set()),
        ("print(datetime.now().timestamp())", set()),
        ("def f(a=[], *, b={}, c=dict(), d=(), e=None): ...", {"PLO035"}),
        ("time.time(); requests.exceptions.HTTPError", set()),
    ],
)
def test_bodies(body: str, codes: set[str], found: Callable[..., list[tuple[str, str]]]) -> None:
    said = [
        code
        for code, line in found(code=OPERATIONS.replace("{body}", body).lstrip())
        if code.startswith("PLO") and line != "names = []"
    ]
    assert set(said) == codes


def test_classes_and_types_of_operations(found: Callable[..., list[tuple[str, str]]]) -> None:
    code = OPERATIONS.replace("{body}", "...") + (
        """

@operation(name="things.order")
class Collector(OperationBase):
    '''Collect what was missed.'''

    seen: list[str] = []
    kinds: ClassVar[list[str]] = []

    async def run(self, data: Result) -> Iterator[int]: ...


@operation(name="things.payment", schedule="every day")
def pay() -> Result:
    '''Pay.'''
    time.sleep(1)
"""
    )
    said = [item for item in found(code=code.lstrip()) if item not in KNOWN]
    assert sorted(said) == [
        ("PLG006", "def pay() -> Result:"),
        ("PLO030", "def pay() -> Result:"),
        ("PLO031", "class Collector(OperationBase):"),
        ("PLO031", 'plain: "Plain | None" = None'),
        ("PLO031", 'plain: "Plain | None" = None'),
        ("PLO032", "class Collector(OperationBase):"),
        ("PLO032", "def pay() -> Result:"),
        ("PLO035", "names = []"),
        ("PLO035", "seen: list[str] = []"),
        ("PLO036", "def pay() -> Result:"),
    ]


def test_what_completes_a_class_may_stand_in_another_file(
    analysed: Callable[..., Analysis],
) -> None:
    files = {
        "models/__init__.py": "from models.user import User\nUser.model_rebuild()\n",
        "models/kinds.py": "from pydantic import BaseModel\nclass Address(BaseModel): ...\n",
        "models/user.py": """
            from typing import TYPE_CHECKING

            from beanie import Document
            from pulpo_base import datamodel

            if TYPE_CHECKING:
                from models.kinds import Address

            @datamodel
            class User(Document):
                '''Somebody who may log in.'''

                home: "Address"
            """,
    }
    assert "PLM016" not in {item.code for item in analysed(files).diagnostics}
    files["models/__init__.py"] = ""
    assert "PLM016" in {item.code for item in analysed(files).diagnostics}


def test_every_rule_finds_its_own_code_only(example: object) -> None:
    from pathlib import Path

    from pulpo_analysis import analyse

    assert isinstance(example, Path)
    analysis = analyse(example)
    for rule in RULES:
        assert rule.code in CATALOGUE
        codes = {item.code for item in rule.judge(Project(analysis.app, analysis.flows))}
        assert codes <= {rule.code}
    assert [rule.code for rule in RULES] == sorted({rule.code for rule in RULES})


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("categories", "category"),
        ("boxes", "box"),
        ("addresses", "address"),
        ("orders", "order"),
        ("people", "person"),
        ("status", "status"),
        ("bus", "bus"),
        ("analysis", "analysis"),
        ("gas", "gas"),
    ],
)
def test_plurals(plural: str, one: str) -> None:
    assert singular(plural) == one
    assert is_plural(plural) == (plural != one)


def test_words() -> None:
    assert list(words_of("orders.HTTPServer_nameX2")) == ["orders", "http", "server", "name", "x"]


@pytest.mark.parametrize(
    ("name", "type_name"),
    [
        ("order_line", "OrderLine"),
        ("HTTPServer", "HttpServer"),
        ("S1", "S1"),
        ("v2_order", "V2Order"),
    ],
)
def test_names_of_types(name: str, type_name: str) -> None:
    assert pascal_case(name) == type_name


@pytest.mark.parametrize("word", ["opens", "closes", "starts", "expires"])
def test_what_a_thing_does_is_no_plural(word: str) -> None:
    assert not is_plural(word)
