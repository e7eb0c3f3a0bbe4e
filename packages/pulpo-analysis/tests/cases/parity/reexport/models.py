import reexport
from beanie import Document
from pulpo_base import datamodel
from reexport import Home, Level


@datamodel
class Person(Document):
    home: Home
    level: Level
    other: reexport.Address | None = None
