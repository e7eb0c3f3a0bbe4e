from beanie import Document, Link
from pulpo_base import DataModelBase, datamodel

MORE = [{"name": "again", "target": "Owner"}]


@datamodel
class Owner(Document):
    name: str


@datamodel(relations=[{"name": "family", "target": "Owner", "cardinality": "many"}])
class Pet(Document, DataModelBase):
    owner: Link[Owner]

    @classmethod
    def relations(cls):
        """Relations by hand."""
        return [*MORE, {"name": "owner", "target": "Owner", "cardinality": "one"}]
