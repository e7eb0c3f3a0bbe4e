"""Flow `trips` on Prefect: one task per operation, independent ones at the same time."""

from datetime import datetime
from typing import Annotated

from prefect import flow, task
from pydantic import Field

from flows_sample import operations
from flows_sample.database import database
from flows_sample.failures import is_retryable
from flows_sample.flows.trips import Results
from pulpo_base.flows.prefect import (
    StepGroup,
    given,
    retry_condition,
    retry_delays,
    run_operation,
)


@task(
    name="trips.plan",
    description="Choose where to go.",
    tags=["trips"],
    persist_result=False,
)
async def plan(data: operations.PlanInput) -> operations.Plan:
    output: operations.Plan = await run_operation(operations.plan, data)
    return output


@task(
    name="trips.book.flight",
    description="Book the seats.",
    tags=["trips", "trips.book", "booking"],
    retries=2,
    retry_delay_seconds=retry_delays(2),
    retry_condition_fn=retry_condition(is_retryable),
    persist_result=False,
)
async def book_flight(data: operations.FlightInput) -> operations.Flight:
    output: operations.Flight = await run_operation(operations.book_flight, data)
    return output


@task(
    name="trips.book.hotel",
    description="Book the room, by a library that blocks.",
    tags=["trips", "trips.book", "booking"],
    persist_result=False,
)
async def book_hotel(data: operations.HotelInput) -> operations.Hotel:
    output: operations.Hotel = await run_operation(operations.book_hotel, data)
    return output


@task(
    name="trips.weather",
    description="Ask for the weather there.",
    tags=["trips"],
    timeout_seconds=1.0,
    persist_result=False,
)
async def weather(data: operations.WeatherInput) -> operations.Forecast:
    output: operations.Forecast = await run_operation(operations.Weather, data)
    return output


@task(
    name="trips.confirm",
    description="Put all of it into words.",
    tags=["trips"],
    persist_result=False,
)
async def confirm(data: operations.ConfirmInput) -> operations.Confirmation:
    output: operations.Confirmation = await run_operation(operations.confirm, data)
    return output


@task(
    name="trips.notify",
    description="Tell the customer.",
    tags=["trips"],
    persist_result=False,
)
async def notify() -> None:
    await run_operation(operations.notify)


@flow(name="trips", validate_parameters=True, persist_result=False)
async def trips(
    *,
    confirmed_at: datetime | None = None,
    customer_id: str,
    remark: str | None = None,
    seats: Annotated[int, Field(ge=1)] = 1,
) -> Results:
    """Run flow `trips` and return the outputs of its steps."""
    async with database(), StepGroup("trips") as steps:

        async def run_plan() -> operations.Plan:
            return await plan(
                operations.PlanInput(
                    customer_id=customer_id,
                    seats=seats,
                )
            )

        plan_step = steps.start(operations.plan, run_plan())

        async def run_book_flight() -> operations.Flight:
            plan_output = await plan_step
            return await book_flight(
                operations.FlightInput(
                    trip_id=plan_output.trip_id,
                    seats=seats,
                )
            )

        book_flight_step = steps.start(operations.book_flight, run_book_flight())

        async def run_book_hotel() -> operations.Hotel:
            plan_output = await plan_step
            return await book_hotel(
                operations.HotelInput(
                    trip_id=plan_output.trip_id,
                )
            )

        book_hotel_step = steps.start(operations.book_hotel, run_book_hotel())

        async def run_weather() -> operations.Forecast:
            plan_output = await plan_step
            return await weather(
                operations.WeatherInput(
                    city=plan_output.city,
                )
            )

        weather_step = steps.start(operations.Weather, run_weather())

        async def run_confirm() -> operations.Confirmation:
            book_flight_output = await book_flight_step
            book_hotel_output = await book_hotel_step
            weather_output = await weather_step
            return await confirm(
                operations.ConfirmInput(
                    customer_id=customer_id,
                    flight=book_flight_output,
                    hotel_code=book_hotel_output.hotel_code,
                    summary=weather_output.summary,
                    **given(remark=remark, confirmed_at=confirmed_at),
                )
            )

        confirm_step = steps.start(operations.confirm, run_confirm())

        async def run_notify() -> None:
            await confirm_step
            await notify()

        steps.start(operations.notify, run_notify())

    return Results(
        plan=plan_step.result(),
        book_flight=book_flight_step.result(),
        book_hotel=book_hotel_step.result(),
        weather=weather_step.result(),
        confirm=confirm_step.result(),
    )
