"""Waiting that ends when it is said to be over.

What talks to the database in a loop is asked to end and not cancelled: a driver that is cancelled
while it connects leaves its socket open, and `asyncio.wait_for` of Python 3.11, which it waits
with, forgets a cancellation that comes in the moment of an answer.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

__all__ = ["pause"]


async def pause(over: asyncio.Event, seconds: float) -> None:
    """Wait for so many seconds, or until it is over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)
