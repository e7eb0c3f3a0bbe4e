"""Flow `trips`: parameters, results and plan."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from flows_sample.operations import Confirmation, Flight, Forecast, Hotel, Plan
from pulpo_base.flows import Binding, BindingSource, FlowParameter, FlowPlan, FlowStep
from pulpo_base.specs import TypeKind, TypeRef


class Parameters(BaseModel):
    """What flow `trips` takes."""

    model_config = ConfigDict(extra="forbid")

    confirmed_at: datetime | None = None
    customer_id: str
    remark: str | None = None
    seats: Annotated[int, Field(ge=1)] = 1


class Results(BaseModel):
    """What flow `trips` returns."""

    plan: Plan
    book_flight: Flight
    book_hotel: Hotel
    weather: Forecast
    confirm: Confirmation


PLAN = FlowPlan(
    name="trips",
    steps=(
        FlowStep(
            operation="trips.plan",
            bindings=(
                Binding(
                    field="customer_id",
                    source=BindingSource.PARAMETER,
                    type=TypeRef(TypeKind.SCALAR, "str"),
                    name="customer_id",
                ),
                Binding(
                    field="seats",
                    source=BindingSource.PARAMETER,
                    type=TypeRef(TypeKind.SCALAR, "int"),
                    name="seats",
                ),
            ),
        ),
        FlowStep(
            operation="trips.book.flight",
            after=("trips.plan",),
            bindings=(
                Binding(
                    field="trip_id",
                    source=BindingSource.OUTPUT_FIELD,
                    type=TypeRef(TypeKind.SCALAR, "str"),
                    step="trips.plan",
                    name="trip_id",
                ),
                Binding(
                    field="seats",
                    source=BindingSource.PARAMETER,
                    type=TypeRef(TypeKind.SCALAR, "int"),
                    name="seats",
                ),
            ),
            retries=2,
            tags=("booking",),
        ),
        FlowStep(
            operation="trips.book.hotel",
            after=("trips.plan",),
            bindings=(
                Binding(
                    field="trip_id",
                    source=BindingSource.OUTPUT_FIELD,
                    type=TypeRef(TypeKind.SCALAR, "str"),
                    step="trips.plan",
                    name="trip_id",
                ),
            ),
            tags=("booking",),
        ),
        FlowStep(
            operation="trips.weather",
            after=("trips.plan",),
            bindings=(
                Binding(
                    field="city",
                    source=BindingSource.OUTPUT_FIELD,
                    type=TypeRef(TypeKind.SCALAR, "str"),
                    step="trips.plan",
                    name="city",
                ),
            ),
            timeout=1.0,
        ),
        FlowStep(
            operation="trips.confirm",
            after=(
                "trips.book.flight",
                "trips.book.hotel",
                "trips.weather",
            ),
            bindings=(
                Binding(
                    field="customer_id",
                    source=BindingSource.PARAMETER,
                    type=TypeRef(TypeKind.SCALAR, "str"),
                    name="customer_id",
                ),
                Binding(
                    field="flight",
                    source=BindingSource.WHOLE_OUTPUT,
                    type=TypeRef(TypeKind.SCHEMA, "flows_sample.operations.Flight"),
                    step="trips.book.flight",
                ),
                Binding(
                    field="hotel_code",
                    source=BindingSource.OUTPUT_FIELD,
                    type=TypeRef(TypeKind.SCALAR, "str"),
                    step="trips.book.hotel",
                    name="hotel_code",
                ),
                Binding(
                    field="summary",
                    source=BindingSource.OUTPUT_FIELD,
                    type=TypeRef(TypeKind.SCALAR, "str"),
                    step="trips.weather",
                    name="summary",
                ),
                Binding(
                    field="remark",
                    source=BindingSource.PARAMETER,
                    type=TypeRef(
                        TypeKind.UNION,
                        args=(
                            TypeRef(TypeKind.SCALAR, "str"),
                            TypeRef(TypeKind.NONE),
                        ),
                    ),
                    name="remark",
                ),
                Binding(
                    field="confirmed_at",
                    source=BindingSource.PARAMETER,
                    type=TypeRef(TypeKind.SCALAR, "datetime.datetime"),
                    name="confirmed_at",
                ),
            ),
        ),
        FlowStep(
            operation="trips.notify",
            after=("trips.confirm",),
        ),
    ),
    parameters=(
        FlowParameter(
            name="confirmed_at",
            type=TypeRef(TypeKind.SCALAR, "datetime.datetime"),
            required=False,
            origins=(("trips.confirm", "confirmed_at"),),
        ),
        FlowParameter(
            name="customer_id",
            type=TypeRef(TypeKind.SCALAR, "str"),
            origins=(
                ("trips.plan", "customer_id"),
                ("trips.confirm", "customer_id"),
            ),
        ),
        FlowParameter(
            name="remark",
            type=TypeRef(
                TypeKind.UNION,
                args=(
                    TypeRef(TypeKind.SCALAR, "str"),
                    TypeRef(TypeKind.NONE),
                ),
            ),
            required=False,
            default="None",
            origins=(("trips.confirm", "remark"),),
        ),
        FlowParameter(
            name="seats",
            type=TypeRef(TypeKind.SCALAR, "int"),
            required=False,
            default="1",
            constraints=(("ge", 1),),
            origins=(
                ("trips.plan", "seats"),
                ("trips.book.flight", "seats"),
            ),
        ),
    ),
    subflows=("trips.book",),
    results=(
        ("trips.plan", TypeRef(TypeKind.SCHEMA, "flows_sample.operations.Plan")),
        ("trips.book.flight", TypeRef(TypeKind.SCHEMA, "flows_sample.operations.Flight")),
        ("trips.book.hotel", TypeRef(TypeKind.SCHEMA, "flows_sample.operations.Hotel")),
        ("trips.weather", TypeRef(TypeKind.SCHEMA, "flows_sample.operations.Forecast")),
        ("trips.confirm", TypeRef(TypeKind.SCHEMA, "flows_sample.operations.Confirmation")),
    ),
)
