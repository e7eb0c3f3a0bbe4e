from beanie import Document
from pulpo_base import datamodel

NAME = "orders_of_settings"


@datamodel
class Order(Document):
    class Settings:
        name = NAME


class Base(Document):
    class Settings:
        name = "bases"
        use_revision = True


@datamodel
class Inherits(Base):
    x: int


@datamodel
class Replaces(Base):
    class Settings:
        use_cache = True


@datamodel
class Extends(Base):
    class Settings(Base.Settings):
        keep_nulls = False
