from pulpo_base import datamodel

from . import base
from .base import Stored as Kept


@datamodel
class First(Kept):
    x: int


@datamodel
class Second(base.Stored):
    at: str
