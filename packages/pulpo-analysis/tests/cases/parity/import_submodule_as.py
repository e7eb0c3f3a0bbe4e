import pulpo_base.decorators as marks
from beanie import Document as Stored


@marks.datamodel(name="Renamed")
class Order(Stored):
    total: int = 0
