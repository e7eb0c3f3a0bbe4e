"""Orders on a real database: the flow in the order of its plan, and what must be refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from beanie import PydanticObjectId
from bson import Decimal128
from pulpo_base import invoke
from pydantic import ValidationError
from pymongo.errors import DuplicateKeyError

from errors import OutOfStockError, UnknownRecordError, WrongStateError
from models import Category, Customer, Order, Payment, Product, Shipment, StockMovement
from models.base import id_of
from models.customer import Tier
from models.order import OrderStatus
from models.product import ProductStatus
from models.warehouse.stock_movement import MovementReason
from operations import orders

if TYPE_CHECKING:
    from conftest import Shop


async def test_an_order_goes_from_a_wish_to_a_parcel(shop: Shop) -> None:
    order_id, receipt = await shop.delivered(MUG_1=2, TEE_1=1)

    order = await shop.stored(Order, order_id)
    assert order.status is OrderStatus.SHIPPED
    # 2 x 9.99 + 14.50, and 19 % of it: 6.5512.
    assert (order.subtotal, order.discount, order.tax, order.total) == (
        Decimal("34.48"),
        Decimal("0.00"),
        Decimal("6.55"),
        Decimal("41.03"),
    )
    assert await shop.stock() == (8, 2)
    [payment] = await Payment.find({"order.$id": order_id}).to_list()
    assert (payment.amount, payment.method.value) == (Decimal("41.03"), "card")
    [shipment] = await Shipment.find({"order.$id": order_id}).to_list()
    assert shipment.tracking_code == f"COURIER-{order.number}"
    assert shipment.destination == shop.customer.address
    assert sorted(m.change for m in await StockMovement.find_all().to_list()) == [-2, -1]
    assert (await shop.stored(Customer, shop.customer.id)).points == 41
    assert receipt.paid == Decimal("41.03")
    assert receipt.status is OrderStatus.SHIPPED
    assert "2 x Mug, 1 x Tee" in receipt.text
    assert "You earned 41 points" in receipt.text


async def test_money_is_stored_as_decimal(shop: Shop) -> None:
    order_id, _ = await shop.delivered(MUG_1=1)
    raw = await shop.database["orders"].find_one({"_id": order_id})
    assert raw is not None
    assert isinstance(raw["total"], Decimal128)
    assert isinstance(raw["lines"][0]["unit_price"], Decimal128)


async def test_links_lead_both_ways(shop: Shop) -> None:
    order_id, _ = await shop.delivered(MUG_1=1)
    order: Any = await Order.get(order_id, fetch_links=True, nesting_depth=1)
    assert order is not None
    assert order.customer.name == "Ada"
    assert [payment.amount for payment in order.payments] == [order.total]
    assert [shipment.carrier for shipment in order.shipments] == ["courier"]
    customer: Any = await Customer.get(shop.customer.id, fetch_links=True, nesting_depth=1)
    assert customer is not None
    assert [order.id for order in customer.orders] == [order_id]
    shelf: Any = await Category.find_one({"slug": "home"}, fetch_links=True, nesting_depth=1)
    assert shelf is not None
    assert {product.sku for product in shelf.products} == {"MUG-1", "TEE-1"}


async def test_gold_customers_pay_less_and_points_make_gold(shop: Shop) -> None:
    shop.customer.points = 480
    await shop.customer.save()
    await shop.delivered(MUG_1=2, TEE_1=1)
    customer = await shop.stored(Customer, shop.customer.id)
    assert (customer.points, customer.tier) == (521, Tier.GOLD)

    quote = await shop.confirmed(await shop.placed(MUG_1=2, TEE_1=1))
    # 5 % of 34.48 is 1.724; 19 % of 32.76 is 6.2244.
    assert (quote.discount, quote.tax, quote.total) == (
        Decimal("1.72"),
        Decimal("6.22"),
        Decimal("38.98"),
    )


async def test_a_payment_is_rewarded_once(shop: Shop) -> None:
    order_id, _ = await shop.delivered(MUG_1=1)
    [payment] = await Payment.find({"order.$id": order_id}).to_list()
    with pytest.raises(WrongStateError, match="rewarded before"):
        await invoke(orders.reward, {"payment_id": payment.id})
    assert (await shop.stored(Customer, shop.customer.id)).points == 11


async def test_two_wishes_for_one_product_are_one_line(shop: Shop) -> None:
    answer = await invoke(
        orders.place,
        {
            "customer_id": id_of(shop.customer),
            "lines": [{"sku": "MUG-1", "quantity": 1}, {"sku": "MUG-1", "quantity": 2}],
        },
    )
    order = await shop.stored(Order, answer.order_id)
    assert [(line.sku, line.quantity) for line in order.lines] == [("MUG-1", 3)]


async def test_a_reservation_takes_everything_or_nothing(shop: Shop) -> None:
    order_id = await shop.placed(MUG_1=2, TEE_1=4)
    with pytest.raises(OutOfStockError, match="4 pieces of TEE-1") as caught:
        await invoke(orders.reserve_stock, {"order_id": order_id})
    assert caught.value.details == {"sku": "TEE-1", "wanted": 4}
    assert await shop.stock() == (10, 3)
    assert await StockMovement.count() == 0


async def test_the_last_piece_goes_to_one_order_only(shop: Shop) -> None:
    wishes = [await shop.placed(TEE_1=2) for _ in range(3)]
    answers = await asyncio.gather(
        *(invoke(orders.reserve_stock, {"order_id": order_id}) for order_id in wishes),
        return_exceptions=True,
    )
    assert [type(answer).__name__ for answer in answers].count("Reservation") == 1
    assert sum(isinstance(answer, OutOfStockError) for answer in answers) == 2
    assert await shop.stock() == (10, 1)


async def test_stock_is_reserved_once_for_an_order(shop: Shop) -> None:
    order_id = await shop.placed(MUG_1=2)
    await invoke(orders.reserve_stock, {"order_id": order_id})
    with pytest.raises(WrongStateError, match="already reserved"):
        await invoke(orders.reserve_stock, {"order_id": order_id})
    assert await shop.stock() == (8, 3)


async def test_a_cancelled_order_gives_its_pieces_back(shop: Shop) -> None:
    order_id = await shop.placed(MUG_1=2, TEE_1=1)
    await shop.confirmed(order_id)
    request = {"order_id": order_id, "reason": "changed my mind"}
    answer = await invoke(orders.cancel, request)
    assert answer.pieces_returned == 3
    assert await shop.stock() == (10, 3)
    order = await shop.stored(Order, order_id)
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, "changed my mind")
    with pytest.raises(WrongStateError, match="is cancelled; it must be placed or confirmed"):
        await invoke(orders.cancel, request)
    assert await shop.stock() == (10, 3)


async def test_a_cancellation_that_broke_off_is_completed(shop: Shop) -> None:
    order_id = await shop.placed(MUG_1=2, TEE_1=1)
    await shop.confirmed(order_id)
    await StockMovement(
        product=shop.mug.id, order=order_id, change=2, reason=MovementReason.RETURNED
    ).insert()
    await shop.mug.inc({Product.stock: 2})
    answer = await invoke(orders.cancel, {"order_id": order_id, "reason": "once more"})
    assert answer.pieces_returned == 1
    assert await shop.stock() == (10, 3)


async def test_a_paid_order_cannot_be_cancelled(shop: Shop) -> None:
    order_id, _ = await shop.delivered(MUG_1=1)
    with pytest.raises(WrongStateError, match="is shipped"):
        await invoke(orders.cancel, {"order_id": order_id, "reason": "too late"})


async def test_only_the_exact_amount_pays_an_order(shop: Shop) -> None:
    order_id = await shop.placed(MUG_1=1)
    await shop.confirmed(order_id)
    with pytest.raises(WrongStateError, match=r"costs 11\.89, not 11\.88"):
        await invoke(orders.pay, {"order_id": order_id, "amount": "11.88"})
    assert await Payment.count() == 0
    assert (await shop.stored(Order, order_id)).status is OrderStatus.CONFIRMED


async def test_what_was_not_reserved_is_not_confirmed(shop: Shop) -> None:
    order_id = await shop.placed(MUG_1=2)
    quote = await invoke(orders.price, {"order_id": order_id})
    with pytest.raises(WrongStateError, match="1 pieces are reserved"):
        await invoke(orders.confirm, {"order_id": order_id, "quote": quote, "pieces": 1})


async def test_steps_out_of_turn_are_refused(shop: Shop) -> None:
    order_id = await shop.placed(MUG_1=1)
    with pytest.raises(WrongStateError, match="is placed; it must be paid"):
        await invoke(orders.ship, {"order_id": order_id})
    with pytest.raises(WrongStateError, match="is placed; it must be confirmed"):
        await invoke(orders.pay, {"order_id": order_id, "amount": "1.00"})


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": []},
        {"lines": [{"sku": "MUG-1", "quantity": 0}]},
        {"lines": [{"quantity": 1}]},
        {"customer_id": "not-an-id"},
    ],
)
async def test_malformed_orders_are_refused(shop: Shop, changes: dict[str, Any]) -> None:
    request = {"customer_id": str(id_of(shop.customer)), "lines": [{"sku": "MUG-1", "quantity": 1}]}
    with pytest.raises(ValidationError):
        await invoke(orders.place, request | changes)
    assert await Order.count() == 0


async def test_unknown_customers_products_and_orders_are_named(shop: Shop) -> None:
    nobody = PydanticObjectId()
    with pytest.raises(UnknownRecordError, match=f"no customer {nobody}"):
        await invoke(
            orders.place, {"customer_id": nobody, "lines": [{"sku": "MUG-1", "quantity": 1}]}
        )
    with pytest.raises(UnknownRecordError, match="Not for sale: CUP-9") as caught:
        await shop.placed(MUG_1=1, CUP_9=1)
    assert caught.value.details == {"skus": ["CUP-9"]}
    with pytest.raises(UnknownRecordError, match=f"no order {nobody}"):
        await invoke(orders.price, {"order_id": nobody})


async def test_drafts_are_not_for_sale(shop: Shop) -> None:
    shop.mug.status = ProductStatus.DRAFT
    await shop.mug.save()
    with pytest.raises(UnknownRecordError, match="Not for sale: MUG-1"):
        await shop.placed(MUG_1=1)


async def test_unique_fields_are_unique(shop: Shop) -> None:
    with pytest.raises(DuplicateKeyError, match="email"):
        await Customer(email="ada@example.org", name="Eve", address=shop.customer.address).insert()
    with pytest.raises(DuplicateKeyError, match="sku"):
        await Product(sku="MUG-1", title="Other", category=shop.mug.category).insert()


async def test_timestamps_are_aware_and_move(shop: Shop) -> None:
    before = await shop.stored(Customer, shop.customer.id)
    assert before.created_at.utcoffset() == timedelta(0)
    await asyncio.sleep(0.005)
    before.name = "Ada L."
    await before.save()
    after = await shop.stored(Customer, shop.customer.id)
    assert after.created_at == before.created_at
    assert after.updated_at > after.created_at
