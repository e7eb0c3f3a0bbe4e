from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from models.base import cents
from models.customer import Tier
from models.order import OrderLine

TAX_PERCENT = {"AT": Decimal(20), "CH": Decimal("8.1"), "DE": Decimal(19), "FR": Decimal(20)}
DISCOUNT_PERCENT = {Tier.STANDARD: Decimal(0), Tier.GOLD: Decimal(5)}
GOLD_FROM_POINTS = 500


@dataclass(frozen=True, slots=True)
class Price:
    """What an order costs; `total = subtotal - discount + tax`, each exact to the cent."""

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


def price_of(lines: Iterable[OrderLine], tier: Tier, country: str) -> Price:
    """Add up the lines, take the tier's discount off, put the country's tax on top.

    Goods leave other countries than those of `TAX_PERCENT` untaxed, as exports do.
    """
    subtotal = sum((line.unit_price * line.quantity for line in lines), Decimal("0.00"))
    discount = cents(subtotal * DISCOUNT_PERCENT[tier] / 100)
    tax = cents((subtotal - discount) * TAX_PERCENT.get(country, Decimal(0)) / 100)
    return Price(subtotal, discount, tax, subtotal - discount + tax)


def points_for(amount: Decimal) -> int:
    """One point for each whole unit of money."""
    return int(amount)


def tier_for(points: int) -> Tier:
    return Tier.GOLD if points >= GOLD_FROM_POINTS else Tier.STANDARD
