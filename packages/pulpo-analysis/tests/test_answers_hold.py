"""Whatever was edited since, what is kept about files gives the discovery of a first look at them.

A project is edited at random: classes are renamed, files go and come; bases, re-exports, constants,
enumerations and helpers change in other files than those that use them; syntax breaks.
"""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.discovery.static import StaticDiscovery

#: The texts that each file may have, the first to begin with; `None` for no file.
TEXTS: dict[str, tuple[str | None, ...]] = {
    "shop/__init__.py": (
        "from shop.base import Base\n",
        "from shop.other_base import Base\n",
        "from shop.kinds import *\nfrom .base import Base as Base\n",
        "",
        None,
    ),
    "shop/base.py": (
        "from beanie import Document\nclass Base(Document):\n    owner: str = ''\n",
        "from beanie import Document\nclass Base(Document):\n    owner: int\n    at: Nowhere\n",
        "from pydantic import BaseModel\nclass Base(BaseModel):\n    owner: str\n",
        "from shop.models import Order\nclass Base(Order):\n    owner: str\n",
        "from beanie import Document\nclass Foundation(Document):\n    owner: str\n",
        "class Base(:\n",
        None,
    ),
    "shop/other_base.py": (
        None,
        "from beanie import Document\nclass Base(Document):\n    elsewhere: bool = True\n",
    ),
    "shop/kinds.py": (
        (
            "from enum import StrEnum\nNAME = 'orders.place'\nTAGS = ['a']\n"
            "class State(StrEnum):\n    OPEN = 'open'\n"
        ),
        (
            "from enum import IntEnum\nNAME = 'orders.put'\nTAGS = ['b', 'c']\n"
            "class State(IntEnum):\n    OPEN = 1\n    CLOSED = 2\n"
        ),
        "NAME = TAGS\nTAGS = [NAME]\nState = str\n",
        "",
        None,
    ),
    "shop/shapes.py": (
        (
            "from typing import Generic, TypeVar\n"
            "from pydantic import BaseModel\nT = TypeVar('T')\n"
            "class Line(BaseModel):\n    sku: int\n    deeper: 'Line | None' = None\n"
            "class Page(BaseModel, Generic[T]):\n    items: list[T]\n    first: T\n"
        ),
        (
            "from pydantic import BaseModel\nclass Line(BaseModel):\n    sku: str\n"
            "class Page(BaseModel):\n    items: list[Line]\n"
        ),
        "from shop.kinds import State as Line, State as Page\n",
        (
            "from typing import NamedTuple\nfrom shop.marks import record\n"
            "@record\nclass Line:\n    sku: int\n"
            "class Page(NamedTuple):\n    first: Line\n"
        ),
        None,
    ),
    "shop/models.py": (
        (
            "from beanie import Link\nfrom pulpo_base import datamodel\nfrom shop import Base\n"
            "from shop.kinds import TAGS, State\nfrom shop.shapes import Line\n"
            "@datamodel(tags=TAGS)\nclass Order(Base):\n    'An order.'\n"
            "    state: State = State.OPEN\n"
            "    lines: list[Line] = []\n"
            "@datamodel()\nclass Invoice(Order):\n    order: Link[Order]\n"
        ),
        (
            "from pulpo_base import datamodel\nfrom shop.base import *\n"
            "import shop.shapes as shapes\n"
            "@datamodel(name='Purchase')\nclass Order(Base):\n    line: shapes.Line\n"
        ),
        (
            "from pulpo_base import datamodel\nfrom beanie import Document\n"
            "@datamodel()\nclass Order(Document):\n    lines: list['shop.shapes.Line']\n"
        ),
        "@datamodel(\n",
        None,
    ),
    "shop/helpers.py": (
        (
            "from shop.models import Order\nclass Refused(Exception):\n    http_status = 409\n"
            "async def store(data):\n    order = Order(owner='')\n    await order.insert()\n"
            "    return order\n"
        ),
        (
            "from shop.models import Order\nclass Refused(ValueError):\n    http_status = 418\n"
            "async def store(data):\n    if not data:\n        raise Refused()\n"
            "    return await Order.find_one()\n"
        ),
        "async def store(data):\n    return data\n",
        "store = print\n",
        None,
    ),
    "shop/marks.py": (
        "from dataclasses import dataclass as record\nfrom pulpo_base import operation as task\n",
        (
            "from functools import partial\nfrom pulpo_base import operation\n"
            "task = partial(operation, category='sales')\n"
        ),
        "def task(**_):\n    return lambda function: function\n",
        None,
    ),
    "shop/work.py": (
        (
            "from shop.helpers import store\nfrom shop.kinds import NAME\n"
            "from shop.marks import task\nfrom shop.models import Order\n"
            "from shop.shapes import Line, Page\n"
            "@task(name=NAME)\nasync def place(data: Line) -> Page[Line]:\n    await store(data)\n"
            "@task(name='orders.read', models_in=[Order], after=[place])\n"
            "async def read(data: Line) -> Order:\n    return await Order.get(data.sku)\n"
        ),
        (
            "from pulpo_base import operation\nfrom shop import helpers, models\n"
            "@operation(name='orders.keep', models_out=[models.Order, models.Invoice])\n"
            "async def place() -> list[models.Order]:\n"
            "    try:\n        await helpers.store(None)\n"
            "    except helpers.Refused:\n        raise\n"
        ),
        (
            "from shop.later import work\nfrom pulpo_base import operation\n"
            "do = operation(name='work.do')(work)\n"
        ),
        None,
    ),
    "shop/later.py": (
        None,
        "from shop.models import Order\nasync def work() -> None:\n    await Order().delete()\n",
    ),
    # What is looked for and not there, until it is.
    "shop/extra.py": (
        (
            "from pulpo_base import datamodel\nfrom shop.nowhere import *\n"
            "@datamodel()\nclass Extra(Thing):\n    text: str\n"
        ),
        None,
    ),
    "shop/nowhere.py": (None, "from beanie import Document as Thing\n"),
    # A module besides the package, and one in the place of a library.
    "shop.py": (None, "from beanie import Document as Base\n"),
    "beanie.py": (None, "class Document: ...\nclass Link: ...\n"),
    "src/shop/__init__.py": (None, "from shop.base import Base\n"),
    "src/shop/models.py": (
        None,
        (
            "from pulpo_base import datamodel\nfrom beanie import Document\n"
            "@datamodel()\nclass Order(Document):\n    other: str\n"
        ),
    ),
}
CONFIG = DiscoveryConfig()


def assert_holds(root: Path) -> None:
    """What is kept gives the very answer of a look at everything, and so does the next time."""
    warm = StaticDiscovery().discover(root, CONFIG)
    cold = StaticDiscovery(cached=False).discover(root, CONFIG)
    assert warm == cold
    assert repr(warm) == repr(cold)


def write(root: Path, path: str, text: str | None) -> None:
    """Give a file that text, or remove it."""
    file = root / path
    if text is None:
        file.unlink(missing_ok=True)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


class EditedProject(RuleBasedStateMachine):
    """A project under edits, discovered after each."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.root = Path(self.folder.name).resolve()

    @initialize()
    def begin(self) -> None:
        for path, texts in TEXTS.items():
            write(self.root, path, texts[0])

    @rule(path=st.sampled_from(sorted(TEXTS)), data=st.data())
    def edit(self, path: str, data: st.DataObject) -> None:
        write(self.root, path, data.draw(st.sampled_from(TEXTS[path])))

    @rule(path=st.sampled_from(sorted(TEXTS)), lines=st.integers(1, 3))
    def move_down(self, path: str, lines: int) -> None:
        if (self.root / path).exists():
            write(self.root, path, "\n" * lines + (self.root / path).read_text())

    @rule()
    def lose_an_entry(self) -> None:
        for entry in sorted((self.root / ".pulpo/cache/answers").glob("*"))[:1]:
            entry.write_bytes(entry.read_bytes()[:-9])

    @invariant()
    def holds(self) -> None:
        assert_holds(self.root)

    def teardown(self) -> None:
        self.folder.cleanup()


TestEditedProject = EditedProject.TestCase
TestEditedProject.settings = settings(
    max_examples=10,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("path", sorted(TEXTS))
def test_each_text_of_a_file_after_another(path: str, tmp_path: Path) -> None:
    for other, texts in TEXTS.items():
        write(tmp_path, other, texts[0])
    for text in (*TEXTS[path], *reversed(TEXTS[path])):
        write(tmp_path, path, text)
        assert_holds(tmp_path)


def test_a_module_that_comes_before_another_is_noticed(tmp_path: Path) -> None:
    for other, texts in TEXTS.items():
        write(tmp_path, other, texts[0])
    (tmp_path / "src").mkdir()
    assert_holds(tmp_path)
    write(tmp_path, "src/shop/models.py", TEXTS["src/shop/models.py"][1])
    assert_holds(tmp_path)


@pytest.mark.slow
def test_a_thousand_edits(tmp_path: Path) -> None:
    chosen = random.Random(5)  # noqa: S311 - no secret
    for _ in range(1000):
        path = chosen.choice(sorted(TEXTS))
        write(tmp_path, path, chosen.choice(TEXTS[path]))
        assert_holds(tmp_path)
