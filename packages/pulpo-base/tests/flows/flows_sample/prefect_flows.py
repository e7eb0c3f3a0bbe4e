"""Every flow of the project as Prefect runs it, by dotted name."""

from collections.abc import Coroutine, Mapping
from types import MappingProxyType
from typing import Any

from prefect import Flow

from flows_sample.workflows.trips import trips

FLOWS: Mapping[str, Flow[..., Coroutine[Any, Any, Any]]] = MappingProxyType(
    {
        "trips": trips,
    }
)
