from beanie import UpdateResponse
from pymongo.errors import DuplicateKeyError

from errors import OutOfStockError, WrongStateError
from models.base import id_of
from models.order import Order, OrderLine
from models.product import Product
from models.warehouse.stock_movement import MovementReason, StockMovement


async def reserve(order: Order) -> int:
    """Take all lines of an order off the shelf and return the number of pieces.

    Raises `OutOfStockError` or `WrongStateError`; what had been taken is back on the shelf then.
    """
    taken: list[StockMovement] = []
    try:
        for line in order.lines:
            taken.append(await _take(order, line))  # noqa: PERF401 - the list is needed on errors
    except (OutOfStockError, WrongStateError):
        for movement in taken:
            await Product.find_one({"_id": movement.product.ref.id}).update(
                {"$inc": {"stock": -movement.change}}
            )
            await movement.delete()
        raise
    return -sum(movement.change for movement in taken)


async def give_back(order: Order) -> int:
    """Put what is still reserved for an order back on the shelf and return the pieces."""
    movements = await StockMovement.find({"order.$id": id_of(order)}).to_list()
    returned = {m.product.ref.id for m in movements if m.reason is MovementReason.RETURNED}
    pieces = 0
    for movement in movements:
        if movement.product.ref.id in returned:
            continue
        await StockMovement(
            product=movement.product,
            order=movement.order,
            change=-movement.change,
            reason=MovementReason.RETURNED,
        ).insert()
        await Product.find_one({"_id": movement.product.ref.id}).update(
            {"$inc": {"stock": -movement.change}}
        )
        pieces -= movement.change
    return pieces


async def _take(order: Order, line: OrderLine) -> StockMovement:
    # The update checks and takes in one go, so that two orders never share the last piece.
    product = await Product.find_one({"sku": line.sku, "stock": {"$gte": line.quantity}}).update(
        {"$inc": {"stock": -line.quantity}}, response_type=UpdateResponse.NEW_DOCUMENT
    )
    if not isinstance(product, Product):
        raise OutOfStockError(
            f"Fewer than {line.quantity} pieces of {line.sku} are left; order fewer or wait.",
            {"sku": line.sku, "wanted": line.quantity},
        )
    movement = StockMovement(
        product=product.id, order=order.id, change=-line.quantity, reason=MovementReason.RESERVED
    )
    try:
        return await movement.insert()
    except DuplicateKeyError as error:
        await product.inc({"stock": line.quantity})
        raise WrongStateError(
            f"{line.sku} is already reserved for order {order.number}; cancel the order first."
        ) from error
