"""Every operation of the examples: on both engines, over the API, by command, one result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# A minute and more; packages/pulpo-base/tests/flows/test_engines_agree.py is the quick one.
pytestmark = pytest.mark.slow

# Run in a process of its own: the packages of one example must not meet those of another.
_WAYS = '''
import asyncio, contextlib, io, json, re, sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

import httpx
from prefect import flow
from pulpo_base import invoke
from pulpo_base.api import run_result
from pulpo_base.flows import FlowError, build_results, run_plan
from pulpo_base.flows.inputs import step_fields
from pulpo_base.flows.prefect_operations import recorded_operation
from pulpo_base.invocation import input_type, output_type
from pulpo_utils.problems import problem_from
from pydantic import TypeAdapter

from run_cache.cli import cli
from run_cache.database import database
from run_cache.flows import FLOWS as LOCAL
from run_cache.generated_api import app
from run_cache.operations import OPERATIONS
from run_cache.prefect_flows import FLOWS as PREFECT
from run_cache.runtime import RUNTIME
from run_cache.settings import settings
from scenario import ALONE, everything


class Failed(Exception):
    """An operation failed: which, and the code of its error."""


async def alone(name, call):
    """Call an operation that belongs to no flow."""
    try:
        output = await call
    except Exception as error:
        raise Failed(name, problem_from(error).code) from error
    return output.model_dump(mode="json")


async def on_local(name, parameters):
    async with database():
        if name not in LOCAL:
            return await alone(name, invoke(OPERATIONS[name], parameters))
        flow = LOCAL[name]
        try:
            run = await run_plan(flow.plan, OPERATIONS, flow.parameters(**parameters))
        except FlowError as error:
            raise Failed(error.operation, problem_from(error.__cause__).code) from error
        return build_results(flow.plan, run.outputs, flow.results).model_dump(mode="json")


@flow(persist_result=False)
async def operation_on_prefect(name, parameters):
    """As generated for an operation with `async_enabled`, of which the examples have none."""
    async with database() as connection:
        return await recorded_operation(
            OPERATIONS[name],
            parameters,
            name=name,
            runtime=RUNTIME,
            database=connection,
            result=run_result,
        )


async def on_prefect(name, parameters):
    if name not in LOCAL:
        return await alone(name, operation_on_prefect(name, parameters))
    try:
        results = await PREFECT[name](**parameters)  # the flow connects itself
    except FlowError as error:
        raise Failed(error.operation, problem_from(error.__cause__).code) from error
    return results.model_dump(mode="json")


async def step_by_step(name, parameters, call):
    """Call the operations of a flow one after another, as its plan binds them; or this one."""
    if name not in LOCAL:
        plain = input_type(OPERATIONS[name]).model_validate(parameters).model_dump(mode="json")
        return await call(name, plain)
    flow, outputs = LOCAL[name], {}
    given = flow.parameters(**parameters)
    taken = {key: getattr(given, key) for key in given.model_fields_set}
    for step in flow.plan.steps:
        function = OPERATIONS[step.operation]
        fields = step_fields(step, parameters=taken, outputs=outputs)
        plain = None  # it takes nothing
        if model := input_type(function):
            plain = model.model_validate(fields).model_dump(mode="json", exclude_unset=True)
        answer = await call(step.operation, plain)
        outputs[step.operation] = TypeAdapter(output_type(function)).validate_python(answer)
    return build_results(flow.plan, outputs, flow.results).model_dump(mode="json")


async def over_the_api(name, parameters):
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:

            async def call(operation, plain):
                answer = await client.post(f"/api/operations/{operation}", json=plain)
                if answer.is_error:
                    raise Failed(operation, answer.json()["code"])
                return answer.json()

            return await step_by_step(name, parameters, call)


async def by_command(name, parameters):
    def run(arguments):
        with (
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.redirect_stderr(io.StringIO()) as err,
        ):
            code = cli.run(arguments)
        return code, out.getvalue(), err.getvalue()

    async def call(operation, plain):
        given = [] if plain is None else ["--input", json.dumps(plain)]
        arguments = ["ops", "run", operation, *given, "--json"]
        code, text, said = await asyncio.to_thread(run, arguments)
        if code:
            raise Failed(operation, re.search(r"code: (\\S+)", said)[1])
        return json.loads(text)

    return await step_by_step(name, parameters, call)


async def failure(way, name, parameters):
    try:
        await way(name, parameters)
    except Failed as error:
        return list(error.args)
    return None


async def main():
    steps = {step.operation for flow in LOCAL.values() for step in flow.plan.steps}
    assert steps | ALONE == set(OPERATIONS), "each has its turn"
    answers = {}
    for way in (on_local, on_prefect, over_the_api, by_command):
        settings.mongodb_database = f"{sys.argv[1]}_{way.__name__}"
        answers[way.__name__] = await everything(way, failure)
    print(json.dumps(answers))


if __name__ == "__main__":
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=300):
        asyncio.run(main())
'''

_SHOP = '''
import datetime

from pulpo_base import invoke

from models.customer import Customer
from models.product import Product
from run_cache.database import database
from run_cache.operations import OPERATIONS

ALONE = {"reviews.add", "orders.cancel"}
FEED = "sku,title,category,supplier,cost,stock\\nMUG-1,Mug,kitchen,ACME,5.00,10\\n"
GOODS = {
    "feed": FEED,
    "suppliers": [{"code": "ACME", "name": "Acme"}],
    "categories": [{"slug": "kitchen", "title": "Kitchen"}],
    "markup_percent": 100,
}


async def everything(way, failure):
    """Go through flows and operations in one database, and then through failures."""
    answer = {"catalog": await way("catalog", GOODS)}
    async with database():
        customer = await Customer(
            email="ada@example.org",
            name="Ada",
            address={"street": "M 1", "city": "Berlin", "postal_code": "10435", "country": "DE"},
        ).insert()
    lines = [{"sku": "MUG-1", "quantity": 2}]
    answer["orders"] = await way("orders", {"customer_id": customer.id, "lines": lines})
    today = datetime.datetime.now(datetime.UTC).date()
    answer["reports"] = await way("reports", {"day": today})
    review = {"customer_id": customer.id, "sku": "MUG-1", "stars": 5, "text": "holds tea"}
    answer["review"] = await way("reviews.add", review)
    async with database():
        placed = await invoke(
            OPERATIONS["orders.place"], {"customer_id": customer.id, "lines": lines}
        )
    cancel = {"order_id": placed.order_id, "reason": "too late"}
    answer["cancel"] = await way("orders.cancel", cancel)
    unknown = {"customer_id": "0123456789abcdef01234567", "lines": lines}
    answer["failures"] = [
        await failure(way, "reviews.add", review),
        await failure(way, "orders.cancel", cancel),
        await failure(way, "orders", unknown),
        await failure(way, "catalog", {**GOODS, "feed": FEED.replace("10", "many")}),
    ]
    async with database():
        product = await Product.find_one({"sku": "MUG-1"})
        answer["stock"] = product.stock
    return answer
'''

_TODO = '''
from models.todo import Todo
from run_cache.database import database

ALONE = {"todos.complete"}


async def everything(way, failure):
    """Go through the flow and the operation beside it, and then through failures."""
    answer = {"todos": await way("todos", {"titles": ["Read the README", "Try the demo"]})}
    async with database():
        todo = await Todo.find_one({"title": "Try the demo"})
    answer["complete"] = await way("todos.complete", {"todo_id": todo.id})
    async with database():
        answer["done"] = [one.title async for one in Todo.find({"done": True})]
        await todo.delete()
    answer["failures"] = [
        await failure(way, "todos.complete", {"todo_id": todo.id}),
        await failure(way, "todos.complete", {"todo_id": "0123456789abcdef01234567"}),
    ]
    return answer
'''

_OTHER_WAYS = ("on_prefect", "over_the_api", "by_command")


def _answers(
    example: str, scenario: str, folder: Path, root: Path, mongodb_url: str
) -> dict[str, dict[str, Any]]:
    """Return what came of everything, by each way to call it."""
    script = folder / "run_flows.py"
    script.write_text(_WAYS)
    (folder / "scenario.py").write_text(scenario)
    done = subprocess.run(
        [sys.executable, str(script), f"parity_{example}"],
        cwd=root,
        env={
            **os.environ,
            "PULPO_MONGODB_URL": mongodb_url,
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "CRITICAL",
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    answer: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.fixture(scope="module")
def answers_of_the_shop(
    shop: Path, tmp_path_factory: pytest.TempPathFactory, mongodb_url: str
) -> dict[str, dict[str, Any]]:
    return _answers("shop", _SHOP, tmp_path_factory.mktemp("parity"), shop, mongodb_url)


def test_the_flows_do_their_work(answers_of_the_shop: dict[str, dict[str, Any]]) -> None:
    answer = answers_of_the_shop["on_local"]

    assert answer["catalog"]["publish"] == {"published": ["MUG-1"], "held_back": []}
    assert answer["orders"]["checkout_price"]["total"] == "23.80"
    assert answer["orders"]["receipt"]["status"] == "shipped"
    assert answer["reports"]["sales"]["orders"] == 1
    assert answer["stock"] == 8
    assert answer["cancel"] == {"pieces_returned": 0}
    assert [operation for operation, _ in answer["failures"]] == [
        "reviews.add",
        "orders.cancel",
        "orders.place",
        "catalog.parse_feed",
    ]


@pytest.mark.parametrize("way", _OTHER_WAYS)
def test_every_way_to_call_an_operation_of_the_shop_gives_the_same(
    answers_of_the_shop: dict[str, dict[str, Any]], way: str
) -> None:
    answers = answers_of_the_shop
    assert _without_identities(answers[way]) == _without_identities(answers["on_local"])


def test_every_way_to_call_an_operation_of_the_todos_gives_the_same(
    todo: Path, tmp_path: Path, mongodb_url: str
) -> None:
    answers = _answers("todo", _TODO, tmp_path, todo, mongodb_url)

    answer = answers["on_local"]
    assert answer["todos"]["progress"] == {"open": 2, "done": 0}
    assert (answer["complete"], answer["done"]) == ({"open": 1, "done": 1}, ["Try the demo"])
    assert answer["failures"] == [["todos.complete", "unknown_todo"]] * 2
    for way in _OTHER_WAYS:
        assert _without_identities(answers[way]) == _without_identities(answer), way


def _without_identities(value: Any) -> Any:
    """Drop what differs from run to run: ids, times, and texts made of them."""
    dropped = ("_id", "_ids", "_at", "number", "tracking_code", "text")
    if isinstance(value, dict):
        return {k: _without_identities(v) for k, v in value.items() if not k.endswith(dropped)}
    return value
