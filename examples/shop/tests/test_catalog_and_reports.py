"""The flows `catalog` and `reports` on a real database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pulpo_base import invoke

from errors import ShopError, UnknownRecordError, WrongStateError
from models import Category, Customer, DailyReport, Product, Review, Supplier
from models.base import id_of
from models.product import ProductStatus
from operations import reports, reviews
from operations.catalog import imports, prices, ratings

if TYPE_CHECKING:
    from conftest import Shop

FEED = """\
sku,title,category,supplier,cost,stock
PEN-1,Pen,office,ACME,1.15,100
PAD-1,Pad,office,ACME,2.50,40
FREE-1,Sticker,office,ACME,0.00,500
"""


async def imported(feed: str = FEED) -> Any:
    """Run the flow `catalog` up to the products and return the answer."""
    parsed, *_ = await asyncio.gather(
        invoke(imports.parse_feed, {"feed": feed}),
        invoke(imports.import_suppliers, {"suppliers": [{"code": "ACME", "name": "Acme"}]}),
        invoke(imports.import_categories, {"categories": [{"slug": "office", "title": "Office"}]}),
    )
    return await invoke(imports.import_products, {"products": parsed.rows})


async def test_a_feed_becomes_products_on_sale(shop: Shop) -> None:
    skus = (await imported()).skus
    assert skus == ["PEN-1", "PAD-1", "FREE-1"]
    assert (await invoke(prices.set_prices, {"skus": skus})).priced == 3
    assert (await invoke(ratings.refresh_ratings, {"skus": skus})).rated == 0
    answer = await invoke(prices.publish, {"skus": skus})
    assert (answer.published, answer.held_back) == (["PAD-1", "PEN-1"], ["FREE-1"])
    pen: Any = await Product.find_one({"sku": "PEN-1"}, fetch_links=True, nesting_depth=1)
    assert pen is not None
    assert (pen.price, pen.stock, pen.status) == (Decimal("1.61"), 100, ProductStatus.ACTIVE)
    assert (pen.category.slug, [supplier.code for supplier in pen.suppliers]) == (
        "office",
        ["ACME"],
    )


async def test_pricing_leaves_the_stock_alone(shop: Shop) -> None:
    order_ids = [await shop.placed(MUG_1=1) for _ in range(5)]
    await asyncio.gather(
        *(invoke(prices.set_prices, {"skus": ["MUG-1", "TEE-1"]}) for _ in range(3)),
        *(shop.confirmed(order_id) for order_id in order_ids),
    )
    assert await shop.stock() == (5, 3)
    assert (await shop.stored(Product, shop.mug.id)).price == Decimal("5.74")


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
        await invoke(imports.parse_feed, {"feed": feed})


async def test_products_of_unknown_suppliers_are_refused(shop: Shop) -> None:
    with pytest.raises(UnknownRecordError, match="unknown suppliers: NOONE"):
        await imported(FEED.replace("ACME,2.50", "NOONE,2.50"))
    assert await Product.count() == 2


async def test_buyers_review_once_and_ratings_follow(shop: Shop) -> None:
    review = {"customer_id": id_of(shop.customer), "sku": "MUG-1", "stars": 4}
    with pytest.raises(WrongStateError, match="only buyers review"):
        await invoke(reviews.add_review, review)
    await shop.delivered(MUG_1=1)
    await invoke(reviews.add_review, review)
    with pytest.raises(WrongStateError, match="already reviewed"):
        await invoke(reviews.add_review, review)
    other = await Customer(
        email="bob@example.org", name="Bob", address=shop.customer.address
    ).insert()
    await Review(product=shop.mug, customer=other, stars=5).insert()
    assert (await invoke(ratings.refresh_ratings, {"skus": ["MUG-1", "TEE-1"]})).rated == 1
    assert (await shop.stored(Product, shop.mug.id)).rating == 4.5


async def test_the_day_is_reported(shop: Shop) -> None:
    await shop.delivered(MUG_1=2, TEE_1=1)
    await shop.placed(MUG_1=5)  # not paid, so no sale
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
    kept = await shop.stored(DailyReport, first.report_id)
    # 8 mugs at 4.10 and 2 tees at 6.00.
    assert (kept.day, kept.revenue, kept.stock_value) == (today, Decimal("41.03"), Decimal("44.80"))


async def test_a_day_without_sales_has_a_report(shop: Shop) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    answer = await invoke(reports.sales, {"day": yesterday})
    assert (answer.orders, answer.revenue, answer.best_sellers) == (0, Decimal("0.00"), [])
