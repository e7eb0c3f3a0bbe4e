from ..shapes import Address
from .level import Level

__all__ = ["Address", "Level"]
