"""How often a run that goes on is written to: seldom enough not to hold up its steps."""

from __future__ import annotations

from typing import Final

__all__ = ["BREATH"]

#: Seconds between two writes of the same kind for one run: nobody looks more often, and a write
#: costs as much as a tenth of a short step of Prefect.
BREATH: Final = 0.2
