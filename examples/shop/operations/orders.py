"""From a wish to a parcel. The names say where a step belongs, the models when it runs."""

import secrets

from beanie import PydanticObjectId, UpdateResponse
from beanie.operators import In
from pulpo_base import operation

from errors import UnknownRecordError, WrongStateError
from models.base import id_of, now
from models.customer import Customer
from models.order import Order, OrderLine, OrderStatus
from models.payment import Payment
from models.product import Product, ProductStatus
from models.warehouse.shipment import Shipment
from models.warehouse.stock_movement import StockMovement
from schemas.orders import (
    CancelledOrder,
    CancelOrder,
    Confirmation,
    ConfirmOrder,
    LineRequest,
    MakeReceipt,
    PaidOrder,
    PayOrder,
    PlacedOrder,
    PlaceOrder,
    PriceOrder,
    Quote,
    Receipt,
    Reservation,
    ReserveStock,
    Reward,
    RewardCustomer,
    ShipOrder,
    ShippedOrder,
)
from services.inventory import give_back, reserve
from services.pricing import points_for, price_of, tier_for


@operation(
    name="orders.place",
    category="sales",
    models_in=[Customer, Product],
    models_out=[Order],
    tags=["checkout"],
    timeout=10,
)
async def place(request: PlaceOrder) -> PlacedOrder:
    """Write down what a customer wants, at today's prices.

    Raises:
        UnknownRecordError: The customer or a product does not exist.
    """
    customer = await Customer.get(request.customer_id)
    if customer is None:
        raise UnknownRecordError(
            f"There is no customer {request.customer_id}; create one first.",
            {"customer_id": str(request.customer_id)},
        )
    order = Order(
        number=f"SO-{secrets.token_hex(4).upper()}",
        customer=customer,
        lines=await lines_of(request.lines),
        shipping_address=customer.address,
        placed_at=now(),
    )
    await order.insert()
    return PlacedOrder(order_id=id_of(order), number=order.number)


@operation(
    name="orders.checkout.reserve_stock",
    category="warehouse",
    models_in=[Order, Product],
    models_out=[Product, StockMovement],
    tags=["checkout"],
)
async def reserve_stock(request: ReserveStock) -> Reservation:
    """Take the ordered pieces off the shelf, all of them or none.

    Raises:
        OutOfStockError: Too few pieces of a product are left.
        UnknownRecordError: The order does not exist.
        WrongStateError: The order is not waiting for its stock.
    """
    order = await order_in(request.order_id, OrderStatus.PLACED)
    return Reservation(pieces=await reserve(order), reserved_at=now())


@operation(
    name="orders.checkout.price",
    category="sales",
    models_in=[Order, Customer],
    models_out=[],
    tags=["checkout"],
    retries=2,
)
async def price(request: PriceOrder) -> Quote:
    """Work out discount, tax and total, while the stock is being reserved.

    Raises:
        UnknownRecordError: The order or its customer does not exist.
        WrongStateError: The order is confirmed or cancelled already.
    """
    order = await order_in(request.order_id, OrderStatus.PLACED)
    customer = await customer_of(order)
    cost = price_of(order.lines, customer.tier, order.shipping_address.country)
    return Quote(subtotal=cost.subtotal, discount=cost.discount, tax=cost.tax, total=cost.total)


@operation(
    name="orders.checkout.confirm",
    category="sales",
    models_in=[Order],
    models_out=[Order],
    tags=["checkout"],
)
async def confirm(request: ConfirmOrder) -> Confirmation:
    """Promise the customer the reserved pieces at the price worked out.

    Raises:
        UnknownRecordError: The order does not exist.
        WrongStateError: The order is not waiting, or other pieces are reserved.
    """
    order = await order_in(request.order_id, OrderStatus.PLACED)
    wanted = sum(line.quantity for line in order.lines)
    if request.pieces != wanted:
        raise WrongStateError(
            f"{request.pieces} pieces are reserved for order {order.number}, not {wanted}; "
            "reserve its stock again.",
        )
    order.subtotal = request.quote.subtotal
    order.discount = request.quote.discount
    order.tax = request.quote.tax
    order.total = request.quote.total
    order.status = OrderStatus.CONFIRMED
    await order.save()
    return Confirmation(confirmed_at=order.updated_at)


@operation(
    name="orders.pay",
    category="sales",
    models_in=[Order],
    models_out=[Order, Payment],
    bind={"amount": "orders.checkout.price.total"},
    permissions=["orders:charge"],
    timeout=15,
)
async def pay(request: PayOrder) -> PaidOrder:
    """Take the customer's money; it must be exactly what the order costs.

    Raises:
        UnknownRecordError: The order does not exist.
        WrongStateError: The order is not confirmed, or costs another amount.
    """
    order = await order_in(request.order_id, OrderStatus.CONFIRMED)
    if request.amount != order.total:
        raise WrongStateError(
            f"Order {order.number} costs {order.total}, not {request.amount}; pay that amount.",
            {"total": str(order.total), "amount": str(request.amount)},
        )
    payment = Payment(
        reference=f"PAY-{order.number}",
        order=order,
        customer=order.customer,
        method=request.payment_method,
        amount=request.amount,
        paid_at=now(),
    )
    await payment.insert()
    order.status = OrderStatus.PAID
    await order.save()
    return PaidOrder(payment_id=id_of(payment))


@operation(
    name="orders.ship",
    category="warehouse",
    models_in=[Order],
    models_out=[Order, Shipment],
)
async def ship(request: ShipOrder) -> ShippedOrder:
    """Hand the parcel to the carrier.

    Raises:
        UnknownRecordError: The order does not exist.
        WrongStateError: The order is not paid.
    """
    order = await order_in(request.order_id, OrderStatus.PAID)
    shipment = Shipment(
        tracking_code=f"{request.carrier.upper()}-{order.number}",
        order=order,
        carrier=request.carrier,
        destination=order.shipping_address,
        shipped_at=now(),
    )
    await shipment.insert()
    order.status = OrderStatus.SHIPPED
    await order.save()
    return ShippedOrder(shipment_id=id_of(shipment), tracking_code=shipment.tracking_code)


@operation(
    name="orders.reward",
    category="sales",
    models_in=["Customer", "Payment"],
    models_out=["Customer", "Payment"],
)
async def reward(request: RewardCustomer) -> Reward:
    """Give the customer points for what was paid, while the parcel is being handed over.

    Raises:
        UnknownRecordError: The customer was deleted.
        WrongStateError: The payment is unknown, or was rewarded before.
    """
    # Claimed before it counts, so that a second call gives no points.
    payment = await Payment.find_one({"_id": request.payment_id, "rewarded_at": None}).update(
        {"$set": {"rewarded_at": now()}}, response_type=UpdateResponse.NEW_DOCUMENT
    )
    if not isinstance(payment, Payment):
        raise WrongStateError(
            f"Payment {request.payment_id} is unknown or was rewarded before.",
            {"payment_id": str(request.payment_id)},
        )
    earned = points_for(payment.amount)
    customer = await Customer.find_one({"_id": payment.customer.ref.id}).update(
        {"$inc": {"points": earned}}, response_type=UpdateResponse.NEW_DOCUMENT
    )
    if not isinstance(customer, Customer):
        raise UnknownRecordError(f"The customer of payment {payment.reference} was deleted.")
    await customer.set({"tier": tier_for(customer.points), "updated_at": now()})
    return Reward(points_earned=earned, tier=customer.tier)


@operation(
    name="orders.receipt",
    category="sales",
    models_in=[Order, Customer, Payment, Shipment],
    models_out=[],
    retries=2,
)
async def receipt(request: MakeReceipt) -> Receipt:
    """Write what the customer gets by mail.

    Raises:
        UnknownRecordError: The order, its payment or its shipment does not exist.
        WrongStateError: The order is not shipped.
    """
    order = await order_in(request.order_id, OrderStatus.SHIPPED)
    payment = await Payment.get(request.payment_id)
    shipment = await Shipment.get(request.shipment_id)
    if payment is None or shipment is None:
        raise UnknownRecordError(f"Order {order.number} lacks its payment or its shipment.")
    customer = await customer_of(order)
    goods = ", ".join(f"{line.quantity} x {line.title}" for line in order.lines)
    return Receipt(
        text=(
            f"Dear {customer.name}, we received {payment.amount} for {goods}. "
            f"Your parcel is {shipment.tracking_code}. "
            f"You earned {request.reward.points_earned} points."
        ),
        status=order.status,
        paid=payment.amount,
    )


@operation(
    name="orders.cancel",
    category="sales",
    models_in=[Order, Product, StockMovement],
    models_out=[Order, Product, StockMovement],
    permissions=["orders:cancel"],
    in_flow=False,
)
async def cancel(request: CancelOrder) -> CancelledOrder:
    """Call off an order that is not paid yet and put its pieces back on the shelf.

    Raises:
        UnknownRecordError: The order does not exist.
        WrongStateError: The order is paid already.
    """
    order = await order_in(request.order_id, OrderStatus.PLACED, OrderStatus.CONFIRMED)
    pieces = await give_back(order)
    order.status = OrderStatus.CANCELLED
    order.cancel_reason = request.reason
    await order.save()
    return CancelledOrder(pieces_returned=pieces)


async def order_in(order_id: PydanticObjectId, *allowed: OrderStatus) -> Order:
    """Return the order, if it is in one of the states."""
    order = await Order.get(order_id)
    if order is None:
        raise UnknownRecordError(
            f"There is no order {order_id}; place one first.", {"order_id": str(order_id)}
        )
    if order.status not in allowed:
        raise WrongStateError(
            f"Order {order.number} is {order.status}; it must be {' or '.join(allowed)} for this.",
            {"order_id": str(order_id), "status": order.status.value},
        )
    return order


async def customer_of(order: Order) -> Customer:
    customer = await order.customer.fetch()
    if not isinstance(customer, Customer):
        raise UnknownRecordError(f"The customer of order {order.number} was deleted.")
    return customer


async def lines_of(wanted: list[LineRequest]) -> list[OrderLine]:
    """Look the products up; two requests for one product become one line."""
    quantities: dict[str, int] = {}
    for line in wanted:
        quantities[line.sku] = quantities.get(line.sku, 0) + line.quantity
    products = await Product.find(
        In(Product.sku, list(quantities)), Product.status == ProductStatus.ACTIVE
    ).to_list()
    known = {product.sku: product for product in products}
    missing = [sku for sku in quantities if sku not in known]
    if missing:
        raise UnknownRecordError(
            f"Not for sale: {', '.join(missing)}; see GET /api/products for what is.",
            {"skus": missing},
        )
    return [
        OrderLine(sku=sku, title=known[sku].title, quantity=quantity, unit_price=known[sku].price)
        for sku, quantity in quantities.items()
    ]
