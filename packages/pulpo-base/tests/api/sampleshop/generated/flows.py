"""The flow `parcels`: its operations, its plan, and what those who run it are given."""

import asyncio

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from pulpo_base import operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowDefinition,
    FlowParameter,
    FlowPlan,
    FlowRuntime,
    FlowStep,
)
from pulpo_base.specs import TypeKind, TypeRef

NUMBER = TypeRef(TypeKind.SCALAR, "float")

#: What parcels weigh that are not taken; tests change it.
too_heavy = 30.0


class Pack(BaseModel):
    weight: float = Field(gt=0)


class Parcel(BaseModel):
    parcel: str


class Send(BaseModel):
    parcel: str
    weight: float
    seconds: float = 0


@operation(name="parcels.pack")
async def pack(data: Pack) -> Parcel:
    return Parcel(parcel=f"P-{data.weight:g}")


@operation(name="parcels.send")
async def send(data: Send) -> Parcel:
    await asyncio.sleep(data.seconds)
    if data.weight > too_heavy:
        raise HTTPException(409, "too heavy")
    return Parcel(parcel=data.parcel)


class Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    weight: float = Field(gt=0)
    seconds: float = 0


class Results(BaseModel):
    pack: Parcel
    send: Parcel


def parameter(name: str) -> Binding:
    return Binding(name, BindingSource.PARAMETER, NUMBER, name=name)


PLAN = FlowPlan(
    name="parcels",
    steps=(
        FlowStep("parcels.pack", bindings=(parameter("weight"),)),
        FlowStep(
            "parcels.send",
            after=("parcels.pack",),
            bindings=(
                Binding(
                    "parcel",
                    BindingSource.OUTPUT_FIELD,
                    TypeRef(TypeKind.SCALAR, "str"),
                    step="parcels.pack",
                    name="parcel",
                ),
                parameter("weight"),
                parameter("seconds"),
            ),
        ),
    ),
    parameters=(
        FlowParameter("weight", NUMBER),
        FlowParameter("seconds", NUMBER, required=False, default="0"),
    ),
    results=(("parcels.pack", NUMBER), ("parcels.send", NUMBER)),
)


def problem_of(error: BaseException) -> dict[str, object]:
    if isinstance(error, HTTPException):
        return {"status": error.status_code, "detail": error.detail}
    return {"status": 500}


RUNTIME = FlowRuntime(
    flows={"parcels": FlowDefinition(PLAN, Parameters, Results)},
    operations={"parcels.pack": pack, "parcels.send": send},
    problem=problem_of,
)
