"""What can go wrong in the shop; each error says what to do about it."""

from pulpo_utils.exceptions import ValidationError


class ShopError(ValidationError):
    """Something that the caller can put right."""


class UnknownRecordError(ShopError):
    """Something that was asked for does not exist."""

    code = "unknown_record"
    http_status = 404


class OutOfStockError(ShopError):
    """Fewer pieces are on the shelf than were ordered."""

    code = "out_of_stock"
    http_status = 409


class WrongStateError(ShopError):
    """The record is in a state in which this cannot be done."""

    code = "wrong_state"
    http_status = 409
