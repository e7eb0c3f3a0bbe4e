from beanie import DocumentWithSoftDelete
from pulpo_base import datamodel


@datamodel
class Order(DocumentWithSoftDelete):
    total: int
