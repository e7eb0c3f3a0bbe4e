from datetime import date
from typing import Annotated

from beanie import Document, Indexed
from pulpo_base import datamodel
from pydantic import Field

from models.base import Money, Timestamped


@datamodel(name="DailyReport", tags=["reports"])
class DailyReport(Timestamped, Document):
    """What happened on one day; a second report of the same day replaces the first."""

    day: Annotated[date, Indexed(unique=True)]
    orders: int = Field(ge=0)
    revenue: Money
    stock_value: Money
    new_customers: int = Field(ge=0)
    headline: str

    class Settings:
        name = "daily_reports"
