from beanie import Document
from pulpo_base import datamodel
from pydantic import confloat, conint, conlist, constr


@datamodel
class Order(Document):
    a: conint(gt=3)
    b: constr(min_length=1, max_length=9, pattern="^a")
    c: confloat(ge=0.5) = 1.0
    d: conlist(int, min_length=1)
