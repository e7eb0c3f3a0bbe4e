"""A project as `compile` would leave it, in a folder of its own, driven through `./main`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

MAIN = """\
from run_cache.cli import main

main()
"""

CLI = """\
from pathlib import Path

from pulpo_base.project import Project, create_cli

PROJECT = Project(
    name="shop",
    root=Path(__file__).resolve().parent.parent,
    app="run_cache.generated_api:app",
    settings="run_cache.settings:settings",
    documents="run_cache.documents:DOCUMENTS",
    operations="run_cache.operations:OPERATIONS",
    flows="run_cache.flows:FLOWS",
    exit_code="shop:exit_code",
)

cli = create_cli(PROJECT)


def main() -> None:
    cli()
"""

SETTINGS = """\
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PULPO_")
    mongodb_url: str = ""
    mongodb_database: str = "shop"
    flow_pool: str = "shop"
    flow_pool_type: str = "process"
    flow_job_variables: dict[str, object] = {}
    flow_tag_limits: dict[str, int] = {}
    flow_result_storage: str = ""
    api_host: str = "127.0.0.1"
    api_port: int = API_PORT
    auth: str = "none"
    public_without_auth: bool = False


settings = Settings()
"""

API = """\
import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/database")
def database() -> dict[str, str]:
    return {"url": os.environ["PULPO_MONGODB_URL"], "name": os.environ["PULPO_MONGODB_DATABASE"]}
"""

SHOP = '''\
import asyncio

from beanie import Document
from pydantic import BaseModel, Field

from pulpo_base import datamodel, operation


@datamodel
class Order(Document):
    customer: str
    quantity: int


class Place(BaseModel):
    customer: str = Field(min_length=2)
    quantity: int = 1


class Placed(BaseModel):
    order_id: str
    customer: str


class Shipped(BaseModel):
    parcel: str


class OutOfStock(Exception):
    pass


def exit_code(error: BaseException) -> int:
    return 66 if isinstance(error, OutOfStock) else 1


@operation(name="orders.place", models_out=[Order])
async def place(data: Place) -> Placed:
    """Store an order.

    More about it.
    """
    order = await Order(customer=data.customer, quantity=data.quantity).insert()
    return Placed(order_id=str(order.id), customer=data.customer)


@operation(name="orders.ship", models_in=[Order])
async def ship(data: Placed) -> Shipped:
    order = await Order.get(data.order_id)
    if order.customer == "nobody":
        raise ValueError("nobody wants it")
    return Shipped(parcel=f"{order.quantity} for {order.customer}")


@operation(name="orders.count", models_in=[Order])
async def count() -> int:
    return await Order.count()


@operation(name="stock.take")
def take() -> int:
    raise OutOfStock("nothing is left\\nreally nothing")


@operation(name="stock.wait")
async def wait() -> None:
    print("waiting", flush=True)
    await asyncio.sleep(60)
'''

FLOWS = """\
from dataclasses import dataclass

from pydantic import BaseModel
from pulpo_base.flows import (
    Binding, BindingSource, EdgeReason, FlowEdge, FlowParameter, FlowPlan, FlowStep, OrderRule
)
from pulpo_base.specs import SourceLocation, TypeKind, TypeRef
from shop import Shipped

STR = TypeRef(TypeKind.SCALAR, "str")
INT = TypeRef(TypeKind.SCALAR, "int")


class Parameters(BaseModel):
    customer: str
    quantity: int = 1


class Results(BaseModel):
    ship: Shipped


@dataclass(frozen=True)
class FlowDefinition:
    plan: FlowPlan
    parameters: type[BaseModel]
    results: type[BaseModel]


PLAN = FlowPlan(
    name="orders",
    steps=(
        FlowStep("orders.place", bindings=(
            Binding("customer", BindingSource.PARAMETER, STR, name="customer"),
            Binding("quantity", BindingSource.PARAMETER, INT, name="quantity"),
        )),
        FlowStep("orders.ship", after=("orders.place",), bindings=(
            Binding("order_id", BindingSource.OUTPUT_FIELD, STR, "orders.place", "order_id"),
            Binding("customer", BindingSource.OUTPUT_FIELD, STR, "orders.place", "customer"),
        )),
    ),
    edges=(FlowEdge("orders.place", "orders.ship", (
        EdgeReason(OrderRule.CREATES, "Order", (SourceLocation("shop.py", 40),)),
    )),),
    parameters=(FlowParameter("customer", STR), FlowParameter("quantity", INT, False, "1")),
    results=(("orders.ship", TypeRef(TypeKind.SCHEMA, "shop.Shipped")),),
)
FLOWS = {"orders": FlowDefinition(PLAN, Parameters, Results)}
"""


SEVERAL = """\
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from run_cache.cli import cli

answers = []
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.run(arguments)
    answers.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(answers))
"""


@dataclass
class Answer:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shop:
    """A project on disk."""

    def __init__(self, root: Path, api_port: int) -> None:
        self.root = root
        self.api_port = api_port
        self.write("main", MAIN)
        self.write("shop.py", SHOP)
        self.write("run_cache/__init__.py", "")
        self.write("run_cache/cli.py", CLI)
        self.write("run_cache/settings.py", SETTINGS.replace("API_PORT", str(api_port)))
        self.write("run_cache/generated_api.py", API)
        self.write("run_cache/documents.py", "from shop import Order\n\nDOCUMENTS = (Order,)\n")
        self.write(
            "run_cache/operations.py",
            "import shop\n\nOPERATIONS = {\n"
            "    f.__pulpo__.name: f\n"
            "    for f in (shop.place, shop.ship, shop.count, shop.take, shop.wait)\n}\n",
        )
        self.write("run_cache/flows.py", FLOWS)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PULPO_", "PYTEST_"))}
        return {**kept, "COLUMNS": "200"}

    @contextmanager
    def begin(self, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """Start a command and leave it running; one that runs at the end of the block is killed."""
        with subprocess.Popen(
            [sys.executable, "main", *arguments],
            cwd=self.root,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as command:
            try:
                yield command
            finally:
                command.kill()

    def run(self, *arguments: str, **environment: str) -> Answer:
        """Run a command to its end."""
        with self.begin(*arguments, **environment) as command:
            # Longer than a service may take to start.
            out, err = command.communicate(timeout=180)
        return Answer(command.returncode, out, err)

    def ok(self, *arguments: str, **environment: str) -> Answer:
        """Run a command that must succeed."""
        answer = self.run(*arguments, **environment)
        assert answer.code == 0, (arguments, answer)
        return answer

    def run_all(self, *commands: tuple[str, ...]) -> list[Answer]:
        """Run commands that need no service one after the other in one process."""
        done = subprocess.run(
            [sys.executable, "-c", SEVERAL, json.dumps(commands)],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        return [Answer(*answer) for answer in json.loads(done.stdout)]

    @property
    def state(self) -> Path:
        return self.root / ".pulpo" / "services.json"

    def conditions(self) -> dict[str, str]:
        services = self.ok("status", "--json").json["services"]
        return {row["name"]: row["condition"] for row in services}

    def processes(self) -> dict[int, str]:
        """Every process that works in or on this project's folder: number and command."""
        found: dict[int, str] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                directory = str((folder / "cwd").readlink())
            except OSError:
                continue
            if command and (str(self.root) in command or directory == str(self.root)):
                found[int(folder.name)] = command
        return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def is_free() -> Callable[[int], bool]:
    """Return whether nobody answers on a port of this machine."""
    return _is_free


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Return a function that waits, a minute at most, until a condition holds."""

    def wait(condition: Callable[[], object]) -> None:
        assert _wait(condition, seconds=60), "it did not become true"

    return wait


def _wait(condition: Callable[[], object], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Return a project in a folder with a blank and an umlaut in its name; nothing runs yet."""
    yield from _project(tmp_path / "my shöp")


@pytest.fixture
def other_shop(tmp_path: Path) -> Iterator[Shop]:
    """Return a second project."""
    yield from _project(tmp_path / "other")


def _project(root: Path) -> Iterator[Shop]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    project = Shop(root, port)
    yield project
    if project.state.exists():
        project.run("down")
    _wait(lambda: not project.processes(), seconds=2)
    left = project.processes()
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == {}
