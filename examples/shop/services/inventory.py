from beanie import UpdateResponse
from beanie.operators import Inc
from errors import OutOfStock, WrongState
from models.base import id_of
from models.order import Order, OrderLine
from models.product import Product
from models.warehouse.stock_movement import MovementReason, StockMovement
from pymongo.errors import DuplicateKeyError


async def reserve(order: Order) -> int:
    """Take all lines of an order off the shelf and return the number of pieces.

    Raises `OutOfStock` or `WrongState`; what had been taken is back on the shelf then.
    """
    taken: list[StockMovement] = []
    try:
        for line in order.lines:
            taken.append(await _take(order, line))  # noqa: PERF401 - the list is needed on errors
    except (OutOfStock, WrongState):
        for movement in taken:
            await Product.find_one({"_id": movement.product.ref.id}).update(
                Inc({"stock": -movement.change})
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
            Inc({"stock": -movement.change})
        )
        pieces -= movement.change
    return pieces


async def _take(order: Order, line: OrderLine) -> StockMovement:
    # The update checks and takes in one go, so that two orders never share the last piece.
    product = await Product.find_one({"sku": line.sku, "stock": {"$gte": line.quantity}}).update(
        Inc({"stock": -line.quantity}), response_type=UpdateResponse.NEW_DOCUMENT
    )
    if product is None:
        raise OutOfStock(
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
        raise WrongState(
            f"{line.sku} is already reserved for order {order.number}; cancel the order first."
        ) from error
