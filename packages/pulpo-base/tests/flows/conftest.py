"""The sample project on the import path, a Prefect server, and both engines as one callable."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from flows_sample.flows.trips import Results
    from flows_sample.journal import Journal

    from pulpo_base.runs.working import Runs

    RunTrips = Callable[..., Awaitable[Results]]


@pytest.fixture
def journal() -> Iterator[Journal]:
    from flows_sample.journal import journal as shared

    shared.clear()
    yield shared
    shared.clear()


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A Prefect server on loopback with an empty database: what a flow run reports to."""
    pytest.importorskip("prefect", reason="the Prefect engine needs pulpo-base[flows]")
    from prefect import settings
    from prefect.testing.utilities import prefect_test_harness

    quiet = settings.temporary_settings(
        {
            settings.PREFECT_HOME: tmp_path_factory.mktemp("prefect"),
            settings.PREFECT_SERVER_ANALYTICS_ENABLED: False,
            settings.PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE: 200,
            settings.PREFECT_LOGGING_TO_API_ENABLED: False,
        }
    )
    with quiet, prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def prefect_engine(prefect_server: None) -> Iterator[None]:
    yield
    # What Prefect left open is found here, where the test's warning filter still holds.
    gc.collect()


async def run_locally(**parameters: Any) -> Results:
    from flows_sample.failures import is_retryable
    from flows_sample.flows.trips import PLAN, Parameters, Results
    from flows_sample.generated_operations import OPERATIONS

    from pulpo_base.flows import build_results, run_plan

    run = await run_plan(PLAN, OPERATIONS, Parameters(**parameters), is_retryable=is_retryable)
    return build_results(PLAN, run.outputs, Results)


async def run_on_prefect(**parameters: Any) -> Results:
    from flows_sample.prefect_flows import FLOWS

    results: Results = await FLOWS["trips"](**parameters)
    return results


@pytest.fixture(params=["local", "prefect"])
def run_trips(
    request: pytest.FixtureRequest, journal: Journal
) -> Callable[..., Awaitable[Results]]:
    """Run flow `trips` with parameters by name, once on each engine."""
    if request.param == "local":
        return run_locally
    request.getfixturevalue("prefect_engine")
    return run_on_prefect


@pytest.fixture
async def runs(mongodb_url: str, database_name: str) -> AsyncIterator[Runs]:
    """Return the runs of an application, in a database of their own."""
    from pymongo import AsyncMongoClient

    from pulpo_base.runs.working import background_runs

    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_url, tz_aware=True) as mongo,
        background_runs(mongo[database_name]) as found,
    ):
        yield found
