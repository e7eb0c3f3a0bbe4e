"""Every operation of the project by its dotted name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from flows_sample import operations

OPERATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "trips.book.flight": operations.book_flight,
        "trips.book.hotel": operations.book_hotel,
        "trips.confirm": operations.confirm,
        "trips.notify": operations.notify,
        "trips.plan": operations.plan,
        "trips.weather": operations.Weather,
    }
)
