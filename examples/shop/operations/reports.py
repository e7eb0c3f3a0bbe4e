"""What happened on a day: three looks at the data at the same time, then one report."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from beanie import UpdateResponse
from beanie.operators import In
from pulpo_base import OperationBase, operation

from errors import ShopError
from models.base import id_of, now
from models.customer import Customer
from models.order import Order, OrderStatus
from models.product import Product, ProductStatus
from models.report import DailyReport
from schemas.reports import (
    BestSeller,
    CustomersOfDay,
    CustomersReport,
    PublishedReport,
    PublishReport,
    SalesOfDay,
    SalesReport,
    StockOfDay,
    StockReport,
)

SOLD = (OrderStatus.PAID, OrderStatus.SHIPPED)


@operation(
    name="reports.sales",
    category="reports",
    models_in=[Order],
    models_out=[],
    stage="collect",
    retries=2,
    timeout=30,
    tags=["daily"],
)
async def sales(request: SalesOfDay) -> SalesReport:
    """Add up what was paid for the orders of the day."""
    start, end = bounds(request.day)
    orders = await Order.find(
        In(Order.status, SOLD), Order.placed_at >= start, Order.placed_at < end
    ).to_list()
    pieces: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            pieces[line.sku] += line.quantity
    ranking = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))[:3]
    return SalesReport(
        orders=len(orders),
        revenue=sum((order.total for order in orders), Decimal("0.00")),
        best_sellers=[BestSeller(sku=sku, pieces=count) for sku, count in ranking],
    )


@operation(
    name="reports.stock",
    category="reports",
    models_in=[Product],
    models_out=[],
    stage="collect",
    retries=2,
    timeout=30,
    tags=["daily"],
)
async def stock(request: StockOfDay) -> StockReport:
    """Value the shelves at cost and name what runs low."""
    products = (
        await Product.find(Product.status == ProductStatus.ACTIVE).sort("+stock", "+sku").to_list()
    )
    return StockReport(
        pieces=sum(product.stock for product in products),
        value=sum((product.cost * product.stock for product in products), Decimal("0.00")),
        running_low=[product.sku for product in products if product.stock <= request.low_stock_at],
    )


@operation(
    name="reports.customers",
    category="reports",
    models_in=[Customer, Order],
    models_out=[],
    stage="collect",
    retries=2,
    timeout=30,
    tags=["daily"],
)
async def customers(request: CustomersOfDay) -> CustomersReport:
    """Count who came and who bought."""
    start, end = bounds(request.day)
    new = await Customer.find(Customer.created_at >= start, Customer.created_at < end).count()
    orders = await Order.find(
        In(Order.status, SOLD), Order.placed_at >= start, Order.placed_at < end
    ).to_list()
    return CustomersReport(
        new_customers=new, buyers=len({order.customer.ref.id for order in orders})
    )


@operation(
    name="reports.publish",
    category="reports",
    models_in=[],
    models_out=[DailyReport],
    stage="publish",
    permissions=["reports:publish"],
    tags=["daily"],
)
class Publish(OperationBase):
    """Put the looks together and keep them; the last report of a day counts.

    Raises:
        ShopError: The report was deleted while it was being written.
    """

    async def run(self, request: PublishReport) -> PublishedReport:
        facts = {
            "orders": request.sales.orders,
            "revenue": request.sales.revenue,
            "stock_value": request.stock.value,
            "new_customers": request.customers.new_customers,
            "headline": self.headline(request),
        }
        report = await DailyReport.find_one(DailyReport.day == request.day).upsert(
            {"$set": {**facts, "updated_at": now()}},
            on_insert=DailyReport(day=request.day, **facts),
            response_type=UpdateResponse.NEW_DOCUMENT,
        )
        if not isinstance(report, DailyReport):
            raise ShopError(f"The report of {request.day} was deleted meanwhile; publish it again.")
        return PublishedReport(report_id=id_of(report), headline=report.headline)

    def headline(self, request: PublishReport) -> str:
        best = request.sales.best_sellers
        sold = f"best seller {best[0].sku}" if best else "nothing sold"
        low = f", {len(request.stock.running_low)} running low" if request.stock.running_low else ""
        return f"{request.sales.orders} orders, {request.sales.revenue} taken, {sold}{low}"


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of the day, in UTC, and that of the next."""
    start = datetime.combine(day, time.min, tzinfo=UTC)
    return start, start + timedelta(days=1)
