from datetime import date

from beanie import PydanticObjectId
from pydantic import BaseModel, Field

from models.base import Money


class SalesOfDay(BaseModel):
    day: date


class BestSeller(BaseModel):
    sku: str
    pieces: int


class SalesReport(BaseModel):
    orders: int
    revenue: Money
    best_sellers: list[BestSeller]


class StockOfDay(BaseModel):
    low_stock_at: int = Field(default=5, ge=0)


class StockReport(BaseModel):
    pieces: int
    value: Money
    running_low: list[str]


class CustomersOfDay(BaseModel):
    day: date


class CustomersReport(BaseModel):
    new_customers: int
    buyers: int


class PublishReport(BaseModel):
    day: date
    sales: SalesReport
    stock: StockReport
    customers: CustomersReport


class PublishedReport(BaseModel):
    report_id: PydanticObjectId
    headline: str
