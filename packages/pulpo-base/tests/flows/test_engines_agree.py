"""One plan, two engines: the same results, order, errors and tries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from conftest import run_locally, run_on_prefect
from pulpo_base.flows import FlowError

if TYPE_CHECKING:
    from flows_sample.flows.trips import Results
    from flows_sample.journal import Journal

RunTrips = Callable[..., Awaitable["Results"]]

# When a flow run starts, Prefect asks its server for a default result storage with a client
# that it never closes (prefect.results._read_server_default_result_storage_block_id).
pytestmark = pytest.mark.filterwarnings(
    r"ignore:unclosed <socket\.socket .*raddr=\('127\.0\.0\.1':ResourceWarning"
)

BRANCHES = ("trips.book.flight", "trips.book.hotel", "trips.weather")


async def test_results_are_typed_and_complete(run_trips: RunTrips) -> None:
    results = await run_trips(
        customer_id="ada",
        seats=3,
        remark="window",
        confirmed_at=datetime(2026, 5, 1, tzinfo=UTC),
    )

    assert type(results).__name__ == "Results"
    assert results.plan.trip_id == "trip-ada"
    assert results.book_flight.price == Decimal("298.50")
    assert results.book_hotel.hotel_code == "trip-ada/H"
    assert results.confirm.text == "trip-ada/F3 trip-ada/H sun in Vigo window"
    assert results.confirm.confirmed_at == datetime(2026, 5, 1, tzinfo=UTC)


async def test_what_is_not_given_is_left_to_the_operations_own_default(
    run_trips: RunTrips,
) -> None:
    results = await run_trips(customer_id="ada")

    assert results.book_flight.flight_code == "trip-ada/F1"
    assert results.confirm.confirmed_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert results.confirm.fields_set == ["customer_id", "flight", "hotel_code", "summary"]


async def test_none_for_an_optional_parameter_is_not_given(run_trips: RunTrips) -> None:
    results = await run_trips(customer_id="ada", remark=None, confirmed_at=None)

    assert results.confirm.fields_set == ["customer_id", "flight", "hotel_code", "summary"]


async def test_branches_overlap_and_the_join_waits_for_all(
    run_trips: RunTrips, journal: Journal
) -> None:
    # Longer than Prefect's server needs to take note of a task on a busy machine.
    journal.delays |= {"trips.book.flight": 2.5, "trips.book.hotel": 2.5, "trips.weather": 0.6}

    await run_trips(customer_id="ada")

    spans = [journal.span(name) for name in BRANCHES]
    assert max(start for start, _ in spans) < min(end for _, end in spans)
    assert journal.span("trips.plan")[1] <= min(start for start, _ in spans)
    assert max(end for _, end in spans) <= journal.span("trips.confirm")[0]
    assert journal.span("trips.confirm")[1] <= journal.span("trips.notify")[0]


async def test_a_retryable_error_is_tried_again(run_trips: RunTrips, journal: Journal) -> None:
    journal.delays["trips.book.flight"] = 0.01
    journal.errors["trips.book.flight"] = [ConnectionError("one"), ConnectionError("two")]

    results = await run_trips(customer_id="ada")

    assert results.book_flight.flight_code == "trip-ada/F1"
    assert len(journal.calls["trips.book.flight"]) == 3
    starts = sorted(start for start, _ in journal.calls["trips.book.flight"])
    assert starts[1] - starts[0] >= 0.1
    assert starts[2] - starts[1] >= 0.2


async def test_the_last_try_ends_the_flow(run_trips: RunTrips, journal: Journal) -> None:
    journal.delays["trips.book.flight"] = 0.01
    journal.errors["trips.book.flight"] = [ConnectionError(f"line {n}\nmore") for n in range(4)]

    with pytest.raises(FlowError) as failure:
        await run_trips(customer_id="ada")

    assert type(failure.value.__cause__) is ConnectionError
    assert failure.value.attempts == len(journal.calls["trips.book.flight"]) == 3
    message = str(failure.value)
    assert message.startswith(
        "flow 'trips': operation 'trips.book.flight' failed after 3 tries: "
        "ConnectionError: line 2 ("
    )
    assert "operations.py:" in message
    assert "\n" not in message


async def test_an_error_that_will_not_get_better_is_not_tried_again(
    run_trips: RunTrips, journal: Journal
) -> None:
    from flows_sample.failures import SoldOutError

    journal.errors["trips.book.flight"] = [SoldOutError("no seats")]

    with pytest.raises(FlowError, match=r"trips.book.flight.*SoldOutError: no seats") as failure:
        await run_trips(customer_id="ada")

    assert type(failure.value.__cause__) is SoldOutError
    assert (failure.value.flow, failure.value.operation, failure.value.attempts) == (
        "trips",
        "trips.book.flight",
        1,
    )
    assert failure.value.unretried == "not tried again: SoldOutError is not retryable"


@pytest.mark.slow  # a busy machine lets the sibling finish first
async def test_a_failing_branch_cancels_its_siblings(run_trips: RunTrips, journal: Journal) -> None:
    from flows_sample.failures import SoldOutError

    journal.delays.update({"trips.book.flight": 0.05, "trips.weather": 0.9})
    journal.errors["trips.book.flight"] = [SoldOutError("no seats")]

    with pytest.raises(FlowError):
        await run_trips(customer_id="ada")
    await asyncio.sleep(1)

    assert "trips.weather" in journal.calls
    assert not journal.finished("trips.weather")
    assert "trips.confirm" not in journal.calls


async def test_a_try_that_takes_too_long_is_a_timeout(
    run_trips: RunTrips, journal: Journal
) -> None:
    journal.delays["trips.weather"] = 5

    with pytest.raises(FlowError) as failure:
        await run_trips(customer_id="ada")

    assert type(failure.value.__cause__) is TimeoutError
    assert "operation 'trips.weather' did not finish within 1 s" in str(failure.value)
    assert not journal.finished("trips.weather")


async def test_an_operation_that_cancels_itself_fails(
    run_trips: RunTrips, journal: Journal
) -> None:
    journal.errors["trips.plan"] = [asyncio.CancelledError()]

    async with asyncio.timeout(30):
        with pytest.raises(FlowError, match=r"'trips\.plan' failed: CancelledError") as failure:
            await run_trips(customer_id="ada")

    assert type(failure.value.__cause__) is asyncio.CancelledError


async def test_cancelling_the_flow_cancels_its_steps(run_trips: RunTrips, journal: Journal) -> None:
    journal.delays["trips.weather"] = 0.9
    running = asyncio.ensure_future(run_trips(customer_id="ada"))
    await journal.begun("trips.weather")
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.sleep(1)

    assert not journal.finished("trips.weather")
    assert "trips.confirm" not in journal.calls


async def test_runs_at_the_same_time_do_not_mix(run_trips: RunTrips, journal: Journal) -> None:
    journal.errors["trips.book.flight"] = [ConnectionError("one")]

    runs = await asyncio.gather(*(run_trips(customer_id=name) for name in ("ada", "bob")))

    assert [run.confirm.text.split()[0] for run in runs] == ["trip-ada/F1", "trip-bob/F1"]
    assert len(journal.calls["trips.book.flight"]) == 3


@pytest.mark.parametrize(
    "parameters",
    [{"customer_id": "ada", "seats": 0}, {"customer_id": "ada", "seats": "many"}, {}],
    ids=["out of range", "wrong type", "missing"],
)
async def test_parameters_are_checked_before_anything_runs(
    run_trips: RunTrips, journal: Journal, parameters: dict[str, Any]
) -> None:
    with pytest.raises(Exception, match=r"seats|customer_id"):  # each engine has its own class
        await run_trips(**parameters)

    assert journal.calls == {}
    assert journal.connections == []


async def test_prefect_shows_typed_parameters_and_their_limits() -> None:
    pytest.importorskip("prefect", reason="the Prefect engine needs pulpo-base[flows]")
    from flows_sample.prefect_flows import FLOWS

    schema = FLOWS["trips"].parameters
    assert schema.required == ["customer_id"]
    assert schema.properties["seats"]["type"] == "integer"
    assert (schema.properties["seats"]["minimum"], schema.properties["seats"]["default"]) == (1, 1)


async def test_the_prefect_flow_connects_to_the_database_around_its_steps(
    prefect_engine: None, journal: Journal
) -> None:
    from flows_sample.failures import SoldOutError
    from flows_sample.prefect_flows import FLOWS

    journal.errors["trips.plan"] = [SoldOutError("no")]
    with pytest.raises(FlowError):
        await FLOWS["trips"](customer_id="ada")

    assert journal.connections == ["open", "closed"]


#: Threads of this process: two processes would take seconds to start.
TWO_WORKERS = {"cluster_kwargs": {"n_workers": 2, "threads_per_worker": 4, "processes": False}}


async def run_on_dask(**parameters: Any) -> Any:
    from flows_sample.prefect_flows import FLOWS

    from pulpo_base.flows.task_runners import task_runner

    flow = FLOWS["trips"].with_options(task_runner=task_runner("dask", TWO_WORKERS))
    return await flow(**parameters)


async def outcome(run: Callable[..., Awaitable[Any]], journal: Journal, *errors: Exception) -> Any:
    """Return what a run returned or raised, and how often each operation was called."""
    journal.clear()
    journal.delays["trips.book.flight"] = 0.01
    journal.errors["trips.book.flight"] = list(errors)
    result: Any
    try:
        result = (await run(customer_id="ada", seats=2)).model_dump()
    except FlowError as error:
        result = (error.operation, type(error.__cause__), error.attempts)
        return result, len(journal.calls[error.operation])
    return result, {name: len(calls) for name, calls in journal.calls.items()}


# Dask's threads, and what they talk over, end after their cluster.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_results_error_classes_and_tries_are_the_same_everywhere(
    prefect_engine: None, journal: Journal
) -> None:
    from flows_sample.failures import SoldOutError

    pytest.importorskip("prefect_dask", reason="Dask needs pulpo-base[dask]")
    for errors in (
        [ConnectionError("one")],
        [ConnectionError(str(number)) for number in range(3)],
        [SoldOutError("no seats")],
    ):
        locally = await outcome(run_locally, journal, *errors)

        assert await outcome(run_on_prefect, journal, *errors) == locally
        assert await outcome(run_on_dask, journal, *errors) == locally
