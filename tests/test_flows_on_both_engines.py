"""The shop's flows on the local engine and on a real Prefect: one plan, one result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Runs in a process of its own: the shop's packages must not meet those of another example.
_SCRIPT = '''
import asyncio, json, sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from run_cache.database import database
from run_cache.flows import FLOWS as LOCAL
from run_cache.operations import OPERATIONS
from models.category import Category
from models.customer import Customer
from models.product import Product
from pulpo_base.flows import build_results, run_plan


async def prepare():
    """Fill the database and return the parameters of the flow."""
    customer = await Customer(
        email="ada@example.org",
        name="Ada",
        address={"street": "Main 1", "city": "Berlin", "postal_code": "10435", "country": "DE"},
    ).insert()
    category = await Category(slug="kitchen", title="Kitchen").insert()
    product = Product(sku="MUG-1", title="Mug", category=category.id, price="9.99", stock=10)
    await product.insert()
    return {"customer_id": customer.id, "lines": [{"sku": "MUG-1", "quantity": 2}]}


async def on_local(parameters):
    flow = LOCAL["orders"]
    async with database():
        run = await run_plan(flow.plan, OPERATIONS, flow.parameters(**parameters))
        return build_results(flow.plan, run.outputs, flow.results)


async def on_prefect(parameters):
    from run_cache.prefect_flows import FLOWS

    return await FLOWS["orders"](**parameters)  # nobody is connected: the flow connects itself


async def facts():
    from models.order import Order

    async with database():
        product = await Product.find_one({"sku": "MUG-1"})
        order = await Order.find_one()
        return {"stock": product.stock, "status": order.status, "total": str(order.total)}


def main(engine):
    async def connected_prepare():
        async with database():
            return await prepare()

    parameters = asyncio.run(connected_prepare())
    results = asyncio.run(engine(parameters))
    plain = results.model_dump(mode="json")
    print(json.dumps({"results": plain, "facts": asyncio.run(facts())}))


if sys.argv[1] == "prefect":
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        main(on_prefect)
else:
    main(on_local)
'''


def _run(engine: str, shop: Path, tmp_path: Path, mongodb_url: str) -> dict[str, Any]:
    script = tmp_path / "run_flow.py"
    script.write_text(_SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script), engine],
        cwd=shop,
        env={
            **os.environ,
            "PULPO_MONGODB_URL": mongodb_url,
            "PULPO_MONGODB_DATABASE": f"flows_{engine}_{tmp_path.name}"[:60],
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "ERROR",
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.fixture(scope="module")
def answers(
    shop: Path, tmp_path_factory: pytest.TempPathFactory, mongodb_url: str
) -> dict[str, dict[str, Any]]:
    """What each engine returned, and what it left in the database."""
    return {
        engine: _run(engine, shop, tmp_path_factory.mktemp(engine), mongodb_url)
        for engine in ("local", "prefect")
    }


@pytest.mark.parametrize("engine", ["local", "prefect"])
def test_the_flow_does_its_work(answers: dict[str, dict[str, Any]], engine: str) -> None:
    answer = answers[engine]

    assert answer["facts"] == {"stock": 8, "status": "shipped", "total": "23.78"}
    assert answer["results"]["checkout_price"]["total"] == "23.78"
    assert answer["results"]["reward"]["points_earned"] == 23
    assert answer["results"]["receipt"]["status"] == "shipped"


def test_the_engines_agree(answers: dict[str, dict[str, Any]]) -> None:
    local, prefect = answers["local"]["results"], answers["prefect"]["results"]

    assert local.keys() == prefect.keys()
    assert _without_identities(local) == _without_identities(prefect)


def _without_identities(value: Any) -> Any:
    """Drop what differs from run to run: ids, times, and texts made of them."""
    dropped = ("_id", "_at", "number", "tracking_code", "text")
    if isinstance(value, dict):
        return {k: _without_identities(v) for k, v in value.items() if not k.endswith(dropped)}
    return value
