"""Modules made up by hypothesis, which Python can import: both discoveries say the same of them.

Many modules stand in one project, because each project costs a process. `PULPO_FUZZ=100` looks at
a hundred times as many.
"""

from __future__ import annotations

import keyword
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pulpo_analysis import AppSpec, analyse
from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.discovery.comparison import differences, normal_form
from pulpo_analysis.discovery.imported import ImportDiscovery
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.discovery.static import StaticDiscovery
from pulpo_base.serialisation import from_json, to_json

PROJECTS = 2 * int(os.environ.get("PULPO_FUZZ", "1"))
MODULES = 25
PREFIX = "prefix_of_module"

HEAD = """from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum, auto
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Generic, List, Literal
from typing import NamedTuple, Optional, Sequence, TypeVar, Union

import beanie
from beanie import Document, Indexed, Link, PydanticObjectId
from pulpo_base import OperationBase, datamodel, operation
from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, PositiveInt
from pydantic import StringConstraints, computed_field, conint, constr, field_validator
from typing_extensions import NotRequired, Required, TypedDict
import pulpo_base as pb

T = TypeVar("T")
TEXT, NUMBER = "a constant", 3
TEXTS = [TEXT, f"{TEXT}s", "b" + "c"]
"""

OWN = ["id", "class_", "größe", "ñ", "変数", "_private", "ﬁeld", "match", "type", "date", "Order"]
identifiers = st.one_of(st.sampled_from(OWN), st.text("abcxyzäß_1", min_size=1, max_size=5)).filter(
    lambda name: name.isidentifier() and not keyword.iskeyword(name) and "__" not in name
)
hostile = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(['"""', "'''", "\\", '"; DROP', "{{ x }}", "]]>", "`a`\n# b", "\r", " x ", ""]),
)
texts = st.one_of(hostile.map(ascii), hostile.map(repr), st.just("TEXT"))
scalars = st.sampled_from(
    [
        "int",
        "str",
        "float",
        "bool",
        "bytes",
        "date",
        "datetime",
        "Decimal",
        "EmailStr",
        "Any",
        "PositiveInt",
        "AwareDatetime",
        "PydanticObjectId",
        "None",
        "dict",
        "Literal['a', 1]",
    ]
)
constrained = st.sampled_from(
    [
        "Annotated[int, Field(gt=0, le=NUMBER)]",
        "Annotated[str, Field(max_length=9), 'x']",
        "Annotated[str, StringConstraints(pattern='^a')]",
        "conint(ge=1)",
        "constr(min_length=2)",
        "Annotated[int | None, Field(ge=0)]",
        "Annotated[list[int], Field(min_length=1)]",
    ]
)
FORMS = [
    "list[{}]",
    "set[{}]",
    "dict[str, {}]",
    "Optional[{}]",
    "{} | None",
    "Union[{}, int]",
    "tuple[{}, ...]",
    "tuple[int, {}]",
    "List[{}]",
    "Annotated[{}, 'said']",
    "Sequence[{}]",
]


@st.composite
def types(draw: st.DrawFn, *names: str) -> str:
    found = draw(st.one_of(scalars, constrained, st.sampled_from(names)))
    for form in draw(st.lists(st.sampled_from(FORMS), max_size=2)):
        found = form.format(found)
    return found


@st.composite
def enumerations(draw: st.DrawFn, name: str) -> str:
    base = draw(st.sampled_from(["Enum", "StrEnum", "IntEnum", "str, Enum", "int, Enum", "Flag"]))
    names = draw(st.lists(st.sampled_from(["A", "B", "größe", "x"]), unique=True, max_size=3))
    textual = base in {"StrEnum", "str, Enum"}
    values = texts if textual else st.sampled_from(["1", "2", "NUMBER", "True", "4"])
    if base != "str, Enum":
        values = st.one_of(values, st.just("auto()"))
    lines = [f"    {member} = {draw(values)}" for member in names]
    return "\n".join([f"class {name}({base}):", f"    {draw(hostile)!a}", *lines, ""])


@st.composite
def fields(draw: st.DrawFn, kinds: st.SearchStrategy[str], *, stored: bool) -> Iterator[str]:
    for name in draw(st.lists(identifiers, unique=True, max_size=4)):
        if name == "id" or (name == "Order" and not stored):
            continue
        annotation = draw(kinds)
        arguments = draw(
            st.lists(
                st.one_of(
                    texts.map("description={}".format),
                    st.sampled_from(["alias='other_" + name + "'", "title='t'", "frozen=True"]),
                ),
                max_size=2,
                unique_by=lambda text: text.partition("=")[0],
            )
        )
        value = draw(
            st.sampled_from(
                [
                    "",
                    " = None",
                    " = Field({})",
                    " = Field(default=None, {})",
                    " = Field(None, {})",
                    " = Field(default_factory=list, {})",
                    " = {text}",
                    " = Field(..., {})",
                ]
            )
        )
        if name.startswith("_"):
            value = ""  # private: pydantic takes no `Field` for it
        yield f"    {name}: {annotation}{value.format(', '.join(arguments), text=draw(texts))}"
        if draw(st.integers(0, 5)) == 0:
            yield f"    {draw(hostile)!a}"


@st.composite
def settings_of(draw: st.DrawFn) -> list[str]:
    lines = draw(
        st.lists(
            st.sampled_from(
                [
                    "        use_revision = True",
                    "        is_root = True",
                    "        indexes = ['a', [('b', -1), 'c']]",
                    "        name = TEXT",
                    "        keep_nulls = False",
                ]
            ),
            unique=True,
            max_size=3,
        )
    )
    return ["    class Settings:", *lines] if lines else []


EXTRAS = [
    [],
    ["    model_config = ConfigDict(extra='allow')"],
    ["    model_config = {'extra': 'forbid', 'title': 'x'}"],
    ["    @computed_field", "    @property", "    def shown(self) -> list[str]: ..."],
    [
        "    @field_validator('*', mode='before')",
        "    @classmethod",
        "    def checked(cls, value): return value",
    ],
    ["    class Inner(BaseModel):", "        x: int = 1", "    inner: Inner | None = None"],
    [
        "    searchable_fields: ClassVar[list[str]] = TEXTS",
        "    sortable_fields: ClassVar = ('x',)",
    ],
    ["    if TYPE_CHECKING:", "        x: int", "    else:", "        y: str = 'a'"],
    ["    z: 'Later' = None", "    zs: list['Later'] | None = None"],
    ["    ClassBound: ClassVar[int] = 3", "    CONSTANT: Final = 3"],
]


@st.composite
def records(draw: st.DrawFn, name: str, bases: str, kinds: st.SearchStrategy[str]) -> str:
    stored = name.startswith("M")
    lines = [
        f"    {draw(hostile)!a}" if draw(st.booleans()) else "    pass",
        *draw(fields(kinds, stored=stored)),
        *draw(st.sampled_from([extra for extra in EXTRAS if stored or "searchable" not in extra])),
        *(draw(settings_of()) if stored else []),
    ]
    return "\n".join([f"class {name}({bases}):", *lines, ""])


#: How a class of plain records begins, what a field of it may be, and what its default may be.
PLAIN = [
    ("@dataclass\nclass {}:", "{}", ["", " = None", " = field(default_factory=list)"]),
    ("@dataclass(kw_only=True)\nclass {}:", "{}", ["", " = TEXT", " = field(default=NUMBER)"]),
    ("class {}(TypedDict):", "{}", [""]),
    ("class {}(TypedDict, total=False):", "Required[{}]", [""]),
    ("class {}(TypedDict):", "NotRequired[{}]", [""]),
    ("class {}(NamedTuple):", "{}", ["", " = None", " = NUMBER"]),
]


@st.composite
def plain_records(draw: st.DrawFn, name: str, kinds: st.SearchStrategy[str]) -> str:
    head, form, defaults = draw(st.sampled_from(PLAIN))
    names = draw(st.lists(identifiers, unique=True, min_size=1, max_size=4))
    lines = []
    # A field without a default cannot follow one with a default, so that one choice is for all.
    value = draw(st.sampled_from(defaults))
    for one in names:
        if one.startswith("_") or one == "Order":
            continue
        lines.append(f"    {one}: {form.format(draw(kinds))}{value}")
    lines = lines or [f"    x: int{value}"]
    return "\n".join([head.format(name), f"    {draw(hostile)!a}", *lines, ""])


DATAMODELS = [
    "@datamodel",
    "@datamodel()",
    "@pb.datamodel(name={text}, tags=TEXTS)",
    "@datamodel(description={text}, tags=[{text}, *TEXTS], ui_order=NUMBER)",
    "@model_of_ours",
    "@datamodel(indexes=[('a', 'b'), {{'fields': ['c'], 'unique': True}}], ui={{'icon': {text}}})",
    "@datamodel(relations=[{{'name': 'kin', 'target': 'Later'}}])",
]


@st.composite
def modules(draw: st.DrawFn) -> str:
    """Return a module whose declared names are its own, once `PREFIX` is replaced in them."""
    prefix = PREFIX
    schemas, documents = ["S0", "S1"], ["M0", "M1"]
    parts = [draw(enumerations("E0"))]
    plain = types("E0", "'S1'", "'Later'")
    parts.append(draw(records("S0", "BaseModel", plain)))
    parts.append(
        "class Page(BaseModel, Generic[T]):\n    items: list[T]\n    next: T | None = None"
    )
    plain_names = ["P0", "P1"]
    parts.append(draw(plain_records("P0", types("E0", "S0"))))
    parts.append(draw(plain_records("P1", types("E0", "P0", "'S1'"))))
    mixin = draw(records("Mixin", draw(st.sampled_from(["BaseModel", "S0"])), plain))
    base = draw(st.sampled_from(["BaseModel", "S0", "Mixin", "Page[S0]", "Page[int]"]))
    parts += [mixin, draw(records("S1", base, types("E0", "S0", "Page[S0]", "P0", "P1")))]
    links = types("Link['M1']", "Link['Later']", "list[Link['M1']]", "S0", "Page[S1]", "P1")
    parents = ["Document", "Document, Mixin", "Mixin, Document", "beanie.Document"]
    for index, name in enumerate(documents):
        chosen = draw(st.sampled_from([*parents, *(["M0"] if index else [])]))
        line = draw(st.sampled_from(DATAMODELS)).format(text=draw(texts))
        line = line.replace("@pb.datamodel(name=", f"@pb.datamodel(name='{prefix} {name}' + ")
        parts.append(f"{line}\n{draw(records(name, chosen, links))}")
    parts.append(
        "@datamodel(relations=[{'name': 'kin', 'target': M0}])\nclass Later(Document):\n"
        "    x: int = 1"
    )
    for index in range(draw(st.integers(0, 3))):
        parts.append(
            draw(operations(prefix, index, [*schemas, *documents, *plain_names, "Page[S0]"]))
        )
    future = "from __future__ import annotations\n" if draw(st.booleans()) else ""
    alias = "model_of_ours = datamodel(tags=['ours'])\n"
    return future + HEAD + alias + "\n\n" + "\n\n".join(parts)


@st.composite
def operations(draw: st.DrawFn, prefix: str, index: int, records_: list[str]) -> str:
    rest = f".task{index}"
    name = prefix + rest
    spelled = [repr(name), f"f{name!r}", f"{prefix!r} + {rest!r}"]
    arguments = [
        f"name={draw(st.sampled_from(spelled))}",
        *draw(
            st.lists(
                st.one_of(
                    texts.map("description={}".format),
                    texts.map("category={}".format),
                    st.just("tags=TEXTS"),
                    st.sampled_from(["models_in=[M0, 'M1']", "models_in=[]", "models_in=(M0,)"]),
                    st.sampled_from(["models_out=[M0]", "models_out=['M1', M0]"]),
                    st.sampled_from(["retries=NUMBER", "timeout=1.5", "stage=2", "in_flow=False"]),
                    st.sampled_from(["async_enabled=True", "outputs=S0", "schedule='0 1 * * *'"]),
                ),
                max_size=4,
                unique_by=lambda text: text.partition("=")[0],
            )
        ),
    ]
    call = f"operation({', '.join(arguments)})"
    take = draw(st.sampled_from(["", *(f"data: {kind}" for kind in records_), "data: 'S1'"]))
    give = draw(st.sampled_from(["", " -> None", *(f" -> {kind}" for kind in records_)]))
    give = draw(st.sampled_from([give, " -> list[S0]", " -> 'E0 | None'"]))
    doc = f"    {draw(hostile)!a}"
    kind = draw(st.sampled_from(["async def", "def"]))
    inside = take.replace("data", "self, data") if take else "self"
    more = f"{take}, way: int" if take else "way: int"
    forms = [
        f"@{call}\n{kind} op{index}({take}){give}:\n{doc}",
        f"@{call}\nclass Op{index}(OperationBase):\n{doc}\n    {kind} run({inside}){give}: ...",
        f"{kind} op{index}({take}){give}:\n{doc}\n{call}(op{index})",
        f"{kind} op{index}({take}){give}:\n{doc}\nkept{index} = {call}(op{index})",
        f"{kind} op{index}({more}){give}:\n{doc}\nkept{index} = {call}(partial(op{index}, way=1))",
        (
            f"our{index} = partial({call[:9]}, {call[10:-1]})\n@our{index}()\n"
            f"{kind} op{index}({take}){give}:\n{doc}"
        ),
        f"if NUMBER:\n    @{call}\n    {kind} op{index}({take}){give}: {doc}\n",
    ]
    return draw(st.sampled_from(forms))


def made_up(count: int) -> Iterator[dict[str, str]]:
    """Yield projects of made-up modules; each module is one example, so that none is too large."""
    found: list[str] = []

    @settings(
        deadline=None,
        max_examples=count * MODULES,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(modules())
    def collect(text: str) -> None:
        found.append(text)

    collect()
    for start in range(0, len(found), MODULES):
        texts = enumerate(found[start : start + MODULES])
        yield {f"m{at}.py": text.replace(PREFIX, f"m{at}") for at, text in texts}


def _specs(found: Discovered) -> list[Any]:
    return [*found.models, *found.schemas, *found.enums, *found.operations]


def test_both_discoveries_say_the_same_of_any_module() -> None:
    for files in made_up(PROJECTS):
        _check(files)


def _check(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        static = StaticDiscovery(cached=False).discover(root, DiscoveryConfig())
        imported = ImportDiscovery().discover(root, DiscoveryConfig(import_timeout=120))
        app = analyse(root, StaticDiscovery(cached=False)).app
    failed = {f.location.path for f in imported.diagnostics if f.code == "PLD009" and f.location}
    assert len(failed) < MODULES / 2, imported.diagnostics
    compared = differences(static, imported, partly=bool(failed))
    found = [one for one in compared if one.location.path not in failed]
    assert not found, f"{found}\n{files.get(found[0].location.path)}"
    for spec in map(normal_form, _specs(static)):
        assert from_json(type(spec), to_json(spec)) == spec
    assert from_json(AppSpec, to_json(app)) == app
