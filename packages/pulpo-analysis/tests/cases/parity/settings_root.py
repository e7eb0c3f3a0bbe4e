from beanie import Document
from pulpo_base import datamodel


@datamodel
class Vehicle(Document):
    wheels: int

    class Settings:
        name = "vehicles"
        is_root = True


@datamodel
class Car(Vehicle):
    doors: int


@datamodel
class Sports(Car):
    speed: int

    class Settings:
        name = "ignored"
