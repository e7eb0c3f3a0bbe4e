"""The shop on a real database: its flows in the order of their plans, and what must be refused."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from beanie import PydanticObjectId
from bson import Decimal128
from pulpo_base import invoke
from pydantic import ValidationError
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from errors import OutOfStockError, ShopError, UnknownRecordError, WrongStateError
from models import (
    Category,
    Customer,
    DailyReport,
    Order,
    Payment,
    Product,
    Review,
    Shipment,
    StockMovement,
    Supplier,
)
from models.base import Address, id_of
from models.customer import Tier
from models.order import OrderStatus
from models.product import ProductStatus
from operations import catalog, orders, reports, reviews

BERLIN = Address(street="Lindenweg 1", city="Berlin", postal_code="10115", country="DE")


class Shop(NamedTuple):
    customer: Customer
    mug: Product
    tee: Product
    database: AsyncDatabase[dict[str, Any]]


@pytest.fixture
async def shop(database: AsyncDatabase[dict[str, Any]]) -> Shop:
    customer = await Customer(email="ada@example.org", name="Ada", address=BERLIN).insert()
    shelf = await Category(slug="home", title="Home").insert()
    mug = Product(sku="MUG-1", title="Mug", category=shelf, cost="4.10", price="9.99", stock=10)
    tee = Product(sku="TEE-1", title="Tee", category=shelf, cost="6.00", price="14.50", stock=3)
    return Shop(customer, await mug.insert(), await tee.insert(), database)


def lines(**quantities: int) -> list[dict[str, Any]]:
    return [{"sku": sku.replace("_", "-"), "quantity": n} for sku, n in quantities.items()]


async def placed(shop: Shop, **quantities: int) -> PydanticObjectId:
    answer = await invoke(
        orders.place, {"customer_id": str(id_of(shop.customer)), "lines": lines(**quantities)}
    )
    return PydanticObjectId(answer.order_id)


async def confirmed(order_id: PydanticObjectId) -> Any:
    """Run the subflow `orders.checkout` and return the quote."""
    reservation, quote = await asyncio.gather(
        invoke(orders.reserve_stock, {"order_id": order_id}),
        invoke(orders.price, {"order_id": order_id}),
    )
    await invoke(
        orders.confirm, {"order_id": order_id, "quote": quote, "pieces": reservation.pieces}
    )
    return quote


async def delivered(shop: Shop, **quantities: int) -> tuple[PydanticObjectId, Any]:
    """Run the flow `orders` and return the order's id and the receipt."""
    order_id = await placed(shop, **quantities)
    quote = await confirmed(order_id)
    paid = await invoke(orders.pay, {"order_id": order_id, "amount": quote.total})
    shipped, reward = await asyncio.gather(
        invoke(orders.ship, {"order_id": order_id, "carrier": "courier"}),
        invoke(
            orders.reward,
            {"customer_id": id_of(shop.customer), "payment_id": paid.payment_id},
        ),
    )
    receipt = await invoke(
        orders.receipt,
        {
            "order_id": order_id,
            "payment_id": paid.payment_id,
            "shipment_id": shipped.shipment_id,
            "reward": reward,
        },
    )
    return order_id, receipt


async def stored(model: type[Any], document_id: Any) -> Any:
    found = await model.get(document_id)
    assert found is not None
    return found


async def stock_of(product: Product) -> int:
    return int((await stored(Product, product.id)).stock)


async def test_an_order_goes_from_a_wish_to_a_parcel(shop: Shop) -> None:
    order_id, receipt = await delivered(shop, MUG_1=2, TEE_1=1)

    order = await stored(Order, order_id)
    assert order.status is OrderStatus.SHIPPED
    # 2 x 9.99 + 14.50, and 19 % of it: 6.5512.
    assert (order.subtotal, order.discount, order.tax, order.total) == (
        Decimal("34.48"),
        Decimal("0.00"),
        Decimal("6.55"),
        Decimal("41.03"),
    )
    assert (await stock_of(shop.mug), await stock_of(shop.tee)) == (8, 2)
    [payment] = await Payment.find({"order.$id": order_id}).to_list()
    assert (payment.amount, payment.method.value) == (Decimal("41.03"), "card")
    [shipment] = await Shipment.find({"order.$id": order_id}).to_list()
    assert shipment.tracking_code == f"COURIER-{order.number}"
    assert shipment.destination == BERLIN
    assert sorted(m.change for m in await StockMovement.find_all().to_list()) == [-2, -1]
    assert (await stored(Customer, shop.customer.id)).points == 41
    assert receipt.paid == Decimal("41.03")
    assert receipt.status is OrderStatus.SHIPPED
    assert "2 x Mug, 1 x Tee" in receipt.text
    assert "You earned 41 points" in receipt.text


async def test_money_is_stored_as_decimal(shop: Shop) -> None:
    order_id, _ = await delivered(shop, MUG_1=1)
    raw = await shop.database["orders"].find_one({"_id": order_id})
    assert raw is not None
    assert isinstance(raw["total"], Decimal128)
    assert isinstance(raw["lines"][0]["unit_price"], Decimal128)


async def test_links_lead_both_ways(shop: Shop) -> None:
    order_id, _ = await delivered(shop, MUG_1=1)
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
    await delivered(shop, MUG_1=2, TEE_1=1)
    customer = await stored(Customer, shop.customer.id)
    assert (customer.points, customer.tier) == (521, Tier.GOLD)

    quote = await confirmed(await placed(shop, MUG_1=2, TEE_1=1))
    # 5 % of 34.48 is 1.724; 19 % of 32.76 is 6.2244.
    assert (quote.discount, quote.tax, quote.total) == (
        Decimal("1.72"),
        Decimal("6.22"),
        Decimal("38.98"),
    )


async def test_two_wishes_for_one_product_are_one_line(shop: Shop) -> None:
    answer = await invoke(
        orders.place,
        {"customer_id": id_of(shop.customer), "lines": lines(MUG_1=1) + lines(MUG_1=2)},
    )
    order = await stored(Order, answer.order_id)
    assert [(line.sku, line.quantity) for line in order.lines] == [("MUG-1", 3)]


async def test_a_reservation_takes_everything_or_nothing(shop: Shop) -> None:
    order_id = await placed(shop, MUG_1=2, TEE_1=4)
    with pytest.raises(OutOfStockError, match="4 pieces of TEE-1") as caught:
        await invoke(orders.reserve_stock, {"order_id": order_id})
    assert caught.value.details == {"sku": "TEE-1", "wanted": 4}
    assert (await stock_of(shop.mug), await stock_of(shop.tee)) == (10, 3)
    assert await StockMovement.count() == 0


async def test_the_last_piece_goes_to_one_order_only(shop: Shop) -> None:
    wishes = [await placed(shop, TEE_1=2) for _ in range(3)]
    answers = await asyncio.gather(
        *(invoke(orders.reserve_stock, {"order_id": order_id}) for order_id in wishes),
        return_exceptions=True,
    )
    assert [type(answer).__name__ for answer in answers].count("Reservation") == 1
    assert sum(isinstance(answer, OutOfStockError) for answer in answers) == 2
    assert await stock_of(shop.tee) == 1


async def test_stock_is_reserved_once_for_an_order(shop: Shop) -> None:
    order_id = await placed(shop, MUG_1=2)
    await invoke(orders.reserve_stock, {"order_id": order_id})
    with pytest.raises(WrongStateError, match="already reserved"):
        await invoke(orders.reserve_stock, {"order_id": order_id})
    assert await stock_of(shop.mug) == 8


async def test_a_cancelled_order_gives_its_pieces_back(shop: Shop) -> None:
    order_id = await placed(shop, MUG_1=2, TEE_1=1)
    await confirmed(order_id)
    request = {"order_id": order_id, "reason": "changed my mind"}
    answer = await invoke(orders.cancel, request)
    assert answer.pieces_returned == 3
    assert (await stock_of(shop.mug), await stock_of(shop.tee)) == (10, 3)
    order = await stored(Order, order_id)
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, "changed my mind")
    with pytest.raises(WrongStateError, match="is cancelled; it must be placed or confirmed"):
        await invoke(orders.cancel, request)
    assert await stock_of(shop.mug) == 10


async def test_a_paid_order_cannot_be_cancelled(shop: Shop) -> None:
    order_id, _ = await delivered(shop, MUG_1=1)
    with pytest.raises(WrongStateError, match="is shipped"):
        await invoke(orders.cancel, {"order_id": order_id, "reason": "too late"})


async def test_only_the_exact_amount_pays_an_order(shop: Shop) -> None:
    order_id = await placed(shop, MUG_1=1)
    await confirmed(order_id)
    with pytest.raises(WrongStateError, match=r"costs 11\.89, not 11\.88"):
        await invoke(orders.pay, {"order_id": order_id, "amount": "11.88"})
    assert await Payment.count() == 0
    assert (await stored(Order, order_id)).status is OrderStatus.CONFIRMED


async def test_what_was_not_reserved_is_not_confirmed(shop: Shop) -> None:
    order_id = await placed(shop, MUG_1=2)
    quote = await invoke(orders.price, {"order_id": order_id})
    with pytest.raises(WrongStateError, match="1 pieces are reserved"):
        await invoke(orders.confirm, {"order_id": order_id, "quote": quote, "pieces": 1})


async def test_steps_out_of_turn_are_refused(shop: Shop) -> None:
    order_id = await placed(shop, MUG_1=1)
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
    request = {"customer_id": str(id_of(shop.customer)), "lines": lines(MUG_1=1)}
    with pytest.raises(ValidationError):
        await invoke(orders.place, request | changes)
    assert await Order.count() == 0


async def test_unknown_customers_products_and_orders_are_named(shop: Shop) -> None:
    nobody = PydanticObjectId()
    with pytest.raises(UnknownRecordError, match=f"no customer {nobody}"):
        await invoke(orders.place, {"customer_id": nobody, "lines": lines(MUG_1=1)})
    with pytest.raises(UnknownRecordError, match="Not for sale: CUP-9") as caught:
        await placed(shop, MUG_1=1, CUP_9=1)
    assert caught.value.details == {"skus": ["CUP-9"]}
    with pytest.raises(UnknownRecordError, match=f"no order {nobody}"):
        await invoke(orders.price, {"order_id": nobody})


async def test_drafts_are_not_for_sale(shop: Shop) -> None:
    shop.mug.status = ProductStatus.DRAFT
    await shop.mug.save()
    with pytest.raises(UnknownRecordError, match="Not for sale: MUG-1"):
        await placed(shop, MUG_1=1)


async def test_unique_fields_are_unique(shop: Shop) -> None:
    with pytest.raises(DuplicateKeyError, match="email"):
        await Customer(email="ada@example.org", name="Eve", address=BERLIN).insert()
    with pytest.raises(DuplicateKeyError, match="sku"):
        await Product(sku="MUG-1", title="Other", category=shop.mug.category).insert()


async def test_timestamps_are_aware_and_move(shop: Shop) -> None:
    before = await stored(Customer, shop.customer.id)
    assert before.created_at.utcoffset() == timedelta(0)
    await asyncio.sleep(0.005)
    before.name = "Ada L."
    await before.save()
    after = await stored(Customer, shop.customer.id)
    assert after.created_at == before.created_at
    assert after.updated_at > after.created_at


FEED = """\
sku,title,category,supplier,cost,stock
PEN-1,Pen,office,ACME,1.15,100
PAD-1,Pad,office,ACME,2.50,40
FREE-1,Sticker,office,ACME,0.00,500
"""


async def imported(feed: str = FEED) -> Any:
    """Run the flow `catalog` up to the products and return the answer."""
    parsed, *_ = await asyncio.gather(
        invoke(catalog.parse_feed, {"feed": feed}),
        invoke(catalog.import_suppliers, {"suppliers": [{"code": "ACME", "name": "Acme"}]}),
        invoke(catalog.import_categories, {"categories": [{"slug": "office", "title": "Office"}]}),
    )
    return await invoke(catalog.import_products, {"products": parsed.rows})


async def test_a_feed_becomes_products_on_sale(shop: Shop) -> None:
    skus = (await imported()).skus
    assert skus == ["PEN-1", "PAD-1", "FREE-1"]
    assert (await invoke(catalog.set_prices, {"skus": skus})).priced == 3
    assert (await invoke(reviews.refresh_ratings, {"skus": skus})).rated == 0
    answer = await invoke(catalog.publish, {"skus": skus})
    assert (answer.published, answer.held_back) == (["PAD-1", "PEN-1"], ["FREE-1"])
    pen: Any = await Product.find_one({"sku": "PEN-1"}, fetch_links=True, nesting_depth=1)
    assert pen is not None
    assert (pen.price, pen.stock, pen.status) == (Decimal("1.61"), 100, ProductStatus.ACTIVE)
    assert (pen.category.slug, [supplier.code for supplier in pen.suppliers]) == (
        "office",
        ["ACME"],
    )


async def test_a_second_import_updates(shop: Shop) -> None:
    await imported()
    await imported(FEED.replace("1.15,100", "1.25,70"))
    [pen] = await Product.find({"sku": "PEN-1"}).to_list()
    assert (pen.cost, pen.stock) == (Decimal("1.25"), 70)
    assert (await Supplier.count(), await Category.count()) == (1, 2)


@pytest.mark.parametrize(
    ("feed", "message"),
    [
        ("sku,title\nA,B", "lacks the columns category, cost, stock, supplier"),
        (FEED.replace("1.15", "cheap"), "Row 1 of the feed: cost"),
        (FEED.replace("2.50,40", "2.50"), "Line 3 of the feed"),
    ],
)
async def test_broken_feeds_are_refused(feed: str, message: str) -> None:
    with pytest.raises(ShopError, match=message):
        await invoke(catalog.parse_feed, {"feed": feed})


async def test_products_of_unknown_suppliers_are_refused(shop: Shop) -> None:
    with pytest.raises(UnknownRecordError, match="unknown suppliers: NOONE"):
        await imported(FEED.replace("ACME,2.50", "NOONE,2.50"))
    assert await Product.count() == 2


async def test_buyers_review_once_and_ratings_follow(shop: Shop) -> None:
    review = {"customer_id": id_of(shop.customer), "sku": "MUG-1", "stars": 4}
    with pytest.raises(WrongStateError, match="only buyers review"):
        await invoke(reviews.add_review, review)
    await delivered(shop, MUG_1=1)
    await invoke(reviews.add_review, review)
    with pytest.raises(WrongStateError, match="already reviewed"):
        await invoke(reviews.add_review, review)
    other = await Customer(email="bob@example.org", name="Bob", address=BERLIN).insert()
    await Review(product=shop.mug, customer=other, stars=5).insert()
    assert (await invoke(reviews.refresh_ratings, {"skus": ["MUG-1", "TEE-1"]})).rated == 1
    assert (await stored(Product, shop.mug.id)).rating == 4.5


async def test_the_day_is_reported(shop: Shop) -> None:
    await delivered(shop, MUG_1=2, TEE_1=1)
    await placed(shop, MUG_1=5)  # not paid, so no sale
    today = datetime.now(UTC).date()

    async def report() -> Any:
        sales, stock, customers = await asyncio.gather(
            invoke(reports.sales, {"day": today}),
            invoke(reports.stock, {"low_stock_at": 2}),
            invoke(reports.customers, {"day": today.isoformat()}),
        )
        assert (customers.new_customers, customers.buyers) == (1, 1)
        return await invoke(
            reports.Publish,
            {"day": today, "sales": sales, "stock": stock, "customers": customers},
        )

    first, second = await report(), await report()
    assert first.report_id == second.report_id
    assert first.headline == "1 orders, 41.03 taken, best seller MUG-1, 1 running low"
    kept = await stored(DailyReport, first.report_id)
    # 8 mugs at 4.10 and 2 tees at 6.00.
    assert (kept.day, kept.revenue, kept.stock_value) == (today, Decimal("41.03"), Decimal("44.80"))


async def test_a_day_without_sales_has_a_report(shop: Shop) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    answer = await invoke(reports.sales, {"day": yesterday})
    assert (answer.orders, answer.revenue, answer.best_sellers) == (0, Decimal("0.00"), [])
