"""Stands where a generated project connects to its database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flows_sample.journal import journal


@asynccontextmanager
async def database() -> AsyncIterator[None]:
    journal.connections.append("open")
    try:
        yield
    finally:
        journal.connections.append("closed")
