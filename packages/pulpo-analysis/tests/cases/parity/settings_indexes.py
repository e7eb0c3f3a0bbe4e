import pymongo
from beanie import Document
from pulpo_base import DataModelBase, datamodel
from pymongo import DESCENDING, IndexModel

COMMON = ["kind"]


@datamodel(indexes=["kind", ("kind", "at")])
class Event(Document, DataModelBase):
    kind: str
    at: int
    text: str
    where: list[float] = []

    class Settings:
        indexes = [
            *COMMON,
            "at",
            [("kind", pymongo.ASCENDING), ("at", DESCENDING)],
            [("text", pymongo.TEXT)],
            [("where", pymongo.GEOSPHERE)],
            IndexModel([("kind", 1)], unique=True, name="by_kind"),
            IndexModel("text"),
            IndexModel([("at", -1)], expireAfterSeconds=60),
        ]

    @classmethod
    def indexes(cls):
        return [{"fields": ["kind", "text"], "unique": True}]
