from enum import Enum

from beanie import Document
from pulpo_base import datamodel


class Labelled(str, Enum):
    @property
    def label(self) -> str:
        return self.name


class Colour(Labelled):
    RED = "red"
    BLUE = "blue"


@datamodel
class Car(Document):
    colour: Colour
