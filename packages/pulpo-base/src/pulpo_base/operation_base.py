"""`OperationBase`: an operation written as a class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

__all__ = ["OperationBase"]


class OperationBase(ABC):
    """Base of an operation written as a class; made anew, without arguments, for each call."""

    @abstractmethod
    async def run(self, input_model: Any) -> Any:
        """Execute the operation on a validated input and return its output."""
