"""How often a run that goes on is written to: seldom enough not to hold up its steps."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

__all__ = ["BREATH", "pause"]

#: Seconds between two writes of the same kind for one run: nobody looks more often, and a write
#: costs as much as a tenth of a short step of Prefect.
BREATH: Final = 0.2


async def pause(over: asyncio.Event, seconds: float) -> None:
    """Wait for so many seconds, or until it is over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)
