import typing as t

import beanie
from pulpo_base import datamodel

if t.TYPE_CHECKING:
    from .place import CrossPlace


@datamodel
class CrossVisit(beanie.Document):
    place: beanie.Link["CrossPlace"]
    again: t.Optional[beanie.Link["CrossPlace"]] = None
