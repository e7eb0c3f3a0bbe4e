from beanie import Document
from pulpo_base import DataModelBase, datamodel


@datamodel(name="relations_by_class.Keeper")
class Keeper(Document):
    name: str


KEPT_BY = [{"name": "keeper", "target": Keeper}]


@datamodel(relations=KEPT_BY)
class Animal(Document, DataModelBase):
    name: str

    @classmethod
    def relations(cls):
        """Relations by hand."""
        return [{"name": "friends", "target": Keeper, "cardinality": "many"}]
