from pulpo_base import datamodel as stored
from pulpo_base import operation as step

__all__ = ["step", "stored"]
