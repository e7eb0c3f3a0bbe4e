from beanie import Document
from pulpo_base import datamodel

import namespace_package.other.shapes
from namespace_package.other import shapes as s


@datamodel
class Order(Document):
    a: s.Shape
    b: namespace_package.other.shapes.Shape | None = None
