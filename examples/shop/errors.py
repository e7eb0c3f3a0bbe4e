"""What can go wrong in the shop; each error says what to do about it."""

from typing import Any


class ShopError(ValueError):
    """An error that the caller can do something about."""

    def __init__(self, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details = details or {}


class UnknownRecordError(ShopError):
    """Something that was asked for does not exist."""


class OutOfStockError(ShopError):
    """Fewer pieces are on the shelf than were ordered."""


class WrongStateError(ShopError):
    """The record is in a state in which this cannot be done."""
