from beanie import Document
from pulpo_base import datamodel, operation

model = datamodel
task = operation


@model
class Order(Document):
    total: int


@task(name="decorator_alias.pay", models_in=[Order], models_out=[Order])
async def pay() -> None:
    """Pay."""
