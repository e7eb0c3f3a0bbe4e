"""The operations of the sample: `plan`, then three beside each other, a join, an end."""

from datetime import UTC, datetime
from decimal import Decimal

from pydantic import BaseModel, Field

from flows_sample.journal import journal
from pulpo_base import OperationBase, operation


class PlanInput(BaseModel):
    customer_id: str
    seats: int = Field(default=1, ge=1)


class Plan(BaseModel):
    trip_id: str
    city: str


class FlightInput(BaseModel):
    trip_id: str
    seats: int = Field(default=1, ge=1)


class Flight(BaseModel):
    flight_code: str
    price: Decimal


class HotelInput(BaseModel):
    trip_id: str


class Hotel(BaseModel):
    hotel_code: str


class WeatherInput(BaseModel):
    city: str


class Forecast(BaseModel):
    summary: str


class ConfirmInput(BaseModel):
    customer_id: str
    flight: Flight
    hotel_code: str
    summary: str
    remark: str | None = None
    confirmed_at: datetime = Field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))


class Confirmation(BaseModel):
    text: str
    total: Decimal
    confirmed_at: datetime
    fields_set: list[str]


@operation(name="trips.plan")
async def plan(data: PlanInput) -> Plan:
    """Choose where to go."""
    journal.inputs["trips.plan"] = data
    await journal.work("trips.plan", 0.05)
    return Plan(trip_id=f"trip-{data.customer_id}", city="Vigo")


@operation(name="trips.book.flight", retries=2, tags=["booking"])
async def book_flight(data: FlightInput) -> Flight:
    """Book the seats."""
    await journal.work("trips.book.flight", 0.3)
    return Flight(flight_code=f"{data.trip_id}/F{data.seats}", price=Decimal("99.50") * data.seats)


@operation(name="trips.book.hotel", tags=["booking"])
def book_hotel(data: HotelInput) -> Hotel:
    """Book the room, by a library that blocks."""
    journal.work_in_thread("trips.book.hotel", 0.3)
    return Hotel(hotel_code=f"{data.trip_id}/H")


@operation(name="trips.weather", timeout=1.0)
class Weather(OperationBase):
    """Ask for the weather there."""

    async def run(self, input_model: WeatherInput) -> Forecast:
        await journal.work("trips.weather", 0.3)
        return Forecast(summary=f"sun in {input_model.city}")


@operation(name="trips.confirm", after=["trips.weather"])
async def confirm(data: ConfirmInput) -> Confirmation:
    """Put all of it into words."""
    journal.inputs["trips.confirm"] = data
    await journal.work("trips.confirm", 0.05)
    return Confirmation(
        text=f"{data.flight.flight_code} {data.hotel_code} {data.summary} {data.remark}",
        total=data.flight.price,
        confirmed_at=data.confirmed_at,
        fields_set=sorted(data.model_fields_set),
    )


@operation(name="trips.notify", after=[confirm])
async def notify() -> None:
    """Tell the customer."""
    await journal.work("trips.notify", 0.05)
