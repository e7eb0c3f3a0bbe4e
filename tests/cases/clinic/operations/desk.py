"""What the desk does."""

from decimal import Decimal

from beanie import PydanticObjectId
from models.animal import Animal
from models.visit import Treatment, Visit
from pulpo_base import operation
from pydantic import AwareDatetime, BaseModel, Field


class Bill(BaseModel):
    visit_id: PydanticObjectId
    discount: Decimal = Field(default=Decimal(0), ge=0, le=1)


class Billed(BaseModel):
    lines: list[str]
    amount: Decimal


class Plan(BaseModel):
    animal_id: PydanticObjectId
    at: AwareDatetime
    treatment: Treatment


class Planned(BaseModel):
    visit_id: PydanticObjectId


@operation(
    name="desk.plan", category="desk", models_in=[Animal], models_out=[Visit],
    permissions=["patients:write"],
)
async def plan(request: Plan) -> Planned:
    """Write down a visit that is to come."""
    animal = await Animal.get(request.animal_id)
    assert animal is not None
    visit = Visit(animal=animal, at=request.at, treatments=[request.treatment], fee=Decimal(0))
    await visit.insert()
    assert visit.id is not None
    return Planned(visit_id=visit.id)


@operation(name="desk.bill", category="desk", models_in=[Visit], models_out=[])
async def bill(request: Bill) -> Billed:
    """Add up what a visit cost."""
    visit = await Visit.get(request.visit_id)
    assert visit is not None
    return Billed(
        lines=[one.kind for one in visit.treatments], amount=visit.fee * (1 - request.discount)
    )


@operation(name="staff.count", category="staff", models_in=[], models_out=[], in_flow=False,
           permissions=["staff:read"])
async def count() -> int:
    """Say how many there are."""
    return 3
